"""Labels of the form that are missed: needed ones, and those whose values were left behind."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.forms.model import Block, FieldsBlock, MatrixBlock, Required, TableBlock
from xlsx_eval.rules.findings import Place, those
from xlsx_eval.rules.registry import view

PARTS = ("field", "measure", "column")
NEEDED = frozenset(
    {"item", "amount", "voucher", "expected", "level2", "content", "target", "actual", "name"}
)
"""Columns of tables that other rules ask for."""


class _Gone(NamedTuple):
    """A label that was not found."""

    file: str
    section: str
    block: str
    part: str
    key: str


@view
def read_parts(
    projects: pd.DataFrame,
    funds: pd.DataFrame,
    execution: pd.DataFrame,
    expenditures: pd.DataFrame,
    goals: pd.DataFrame,
    indicators: pd.DataFrame,
    evaluators: pd.DataFrame,
) -> frozenset[tuple[str, str, str]]:
    """(file, frame, column or measure) of what has a cell in the form."""
    items = expenditures[expenditures["kind"] != "total"]  # 合计 stands in a column without label
    frames = {
        "projects": projects, "execution": execution, "expenditures": items,
        "goals": goals, "indicators": indicators, "evaluators": evaluators,
    }  # fmt: skip
    columns = {
        (file, name, column.removesuffix("_cell"))
        for name, frame in frames.items()
        for column in frame.columns
        if column.endswith("_cell")
        for file in frame.loc[frame[column].notna(), "file"].unique()
    }
    there = funds[funds["amount_cell"].notna()]
    measures = {
        (file, "funds", measure)
        for file, measure in zip(there["file"], there["measure"], strict=True)
    }
    return frozenset(columns | measures)


def missing_labels(
    labels: pd.DataFrame,
    places: pd.DataFrame,
    projects: pd.DataFrame,
    read_parts: frozenset[tuple[str, str, str]],
    forms: dict[str, Form],
) -> pd.DataFrame:
    """The rows of `labels` that are missed, with `left_at`, the place of the value left behind.

    What is only asked for by a notice is missed beside others of its block.
    """
    form_of = dict(zip(projects["file"], projects["form"], strict=True))
    found = labels[labels["cell"].notna()]
    blocks = set(zip(found["file"], found["block"], strict=True))
    headed = {*_pairs(found[found["part"] == "heading"]), *_obligatory(places)}
    gone = labels[labels["cell"].isna() & labels["part"].isin([*PARTS, "source"])]
    gone = gone.assign(
        left_at=[
            Place(sheet, left) if pd.notna(left) else None
            for sheet, left in zip(gone["sheet"], gone["left"], strict=True)
        ]
    )
    rows = [_Gone(*each) for each in gone[list(_Gone._fields)].itertuples(index=False)]
    asked = [_asked(row, forms[form_of[row.file]]) for row in rows]
    open_ = [
        (row.file, row.block) in blocks
        and not _read_otherwise(row, forms[form_of[row.file]], read_parts)
        for row in rows
    ]
    sure = [
        left is not None or ((row.file, row.section) in headed and must == "error")
        for row, left, must in zip(rows, gone["left_at"], asked, strict=True)
    ]
    told = {
        (row.file, row.block) for row, *both in zip(rows, open_, sure, strict=True) if all(both)
    }
    return those(
        gone,
        (
            free and (known or (must == "notice" and (row.file, row.block) in told))
            for row, free, known, must in zip(rows, open_, sure, asked, strict=True)
        ),
    )


def _pairs(labels: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(labels["file"], labels["section"], strict=True))


def _obligatory(places: pd.DataFrame) -> set[tuple[str, str]]:
    """(file, section) of those that must not be left out."""
    must = places[places["section"] & places["required"]]
    return set(zip(must["file"], must["place"], strict=True))


def _asked(row: _Gone, form: Form) -> Required:
    """How much a rule would miss what the label names."""
    match _block(form, row.block):
        case FieldsBlock(frame="projects", fields=fields):
            (field,) = (each for each in fields if each.key == row.key)
            return "error" if field.kind in {"score", "grade"} else field.required
        case MatrixBlock(measures=measures) if row.part == "measure":
            return next(each.required for each in measures if each.key == row.key)
        case TableBlock(columns=columns):
            summed = {each.key for each in columns if each.total_field}
            return "error" if row.key in NEEDED | summed else "no"
    return "no"


def parts_of(block: str, keys: tuple[str, ...], section: str, form: Form) -> str:
    """Where findings on what these labels name stand that have no cell: block, section or both.

    What stands beside a label belongs to its section, and so does a table's total.
    """
    match _block(form, block):
        case FieldsBlock():
            return section
        case TableBlock(columns=columns) if any(c.total_field and c.key in keys for c in columns):
            return f"{block} {section}"
    return block


def _read_otherwise(row: _Gone, form: Form, read_parts: frozenset[tuple[str, str, str]]) -> bool:
    """Whether the value has its cell all the same, or is a text whose absence is told elsewhere."""
    if row.part == "source":
        return False
    block = _block(form, row.block)
    beside = isinstance(block, MatrixBlock) and row.part == "column"
    frame = "execution" if beside else block.frame
    return frame == "narratives" or (row.file, frame, row.key) in read_parts


def _block(form: Form, key: str) -> Block:
    return next(block for _, block in form.blocks() if block.key == key)

"""The canonical frames: their names, columns and dtypes; submissions become frames.

Every value column `x` has `x_cell` beside it (`D13`), a parsed one also `x_text`, the text as it
stood. Blank is NA. Amounts, scores and quantities are exact decimals, amounts in 万元.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Protocol, TypeAlias

import pandas as pd
import pyarrow as pa

TEXT = pd.StringDtype()
DECIMAL = pd.ArrowDtype(pa.decimal128(24, 6))
DATE = pd.ArrowDtype(pa.date32())
NUMBER = pd.Int64Dtype()
FLAG = pd.BooleanDtype()

Dtype: TypeAlias = pd.StringDtype | pd.ArrowDtype | pd.Int64Dtype | pd.BooleanDtype


class Value(Protocol):
    """What a reader found: the parsed value, the text as it stood, and where."""

    @property
    def value(self) -> object: ...
    @property
    def text(self) -> str | None: ...
    @property
    def sheet(self) -> str | None: ...
    @property
    def cell(self) -> str | None: ...


class Submission(Protocol):
    """One workbook as read: per frame, rows of values (with a cell) and plain keys."""

    @property
    def file(self) -> str: ...
    @property
    def rows(self) -> Mapping[str, Sequence[Mapping[str, Any]]]: ...


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns of a frame: `keys` are plain, `values` have a cell, `parsed` ones also their text.

    `sheets`: the values of one row may lie on several sheets, so each has its own `x_sheet`.
    """

    keys: dict[str, Dtype] = field(default_factory=dict)
    values: dict[str, Dtype] = field(default_factory=dict)
    parsed: dict[str, Dtype] = field(default_factory=dict)
    sheets: bool = False

    def columns(self) -> dict[str, Dtype]:
        """Column → dtype, in order."""
        columns: dict[str, Dtype] = {"file": TEXT, **self.keys, "sheet": TEXT}
        for name, dtype in (self.values | self.parsed).items():
            columns[name] = dtype
            if name in self.parsed:
                columns[f"{name}_text"] = TEXT
            columns[f"{name}_cell"] = TEXT
            if self.sheets:
                columns[f"{name}_sheet"] = TEXT
        return columns


def _texts(*names: str) -> dict[str, Dtype]:
    return dict.fromkeys(names, TEXT)


LAYOUTS = {
    "projects": Layout(
        keys={"form": TEXT, "period_start": DATE, "period_end": DATE},
        values=_texts(
            "project_name", "project_unit", "department", "evaluation_type", "evaluation_method",
            "evaluation_body", "leader", "phone", "address", "postcode", "period", "preparer",
            "preparer_phone",
        ),
        parsed={"report_date": DATE, "score": DECIMAL, "grade": TEXT, "weight_total": DECIMAL},
        sheets=True,
    ),
    "funds": Layout(keys=_texts("measure", "source"), parsed={"amount": DECIMAL}),
    # what stands beside the funds: the execution rate as a fraction, its weight and points
    "execution": Layout(
        keys=_texts("source"),
        values=_texts("reason"),
        parsed={"rate": DECIMAL, "weight": DECIMAL, "points": DECIMAL},
    ),
    "expenditures": Layout(
        keys=_texts("kind"),
        values=_texts("item", "voucher", "note"),
        parsed={"amount": DECIMAL},
    ),
    "goals": Layout(values=_texts("expected", "actual")),
    "indicators": Layout(
        keys={
            "target_operator": TEXT, "target_value": DECIMAL, "target_upper": DECIMAL,
            "target_unit": TEXT, "actual_value": DECIMAL, "actual_unit": TEXT,
        },
        values=_texts(
            "level1", "level2", "content", "nature", "target", "unit", "actual", "reason"
        ),
        parsed={"weight": DECIMAL, "points": DECIMAL},
    ),
    "evaluators": Layout(values=_texts("name", "title", "unit")),
    "opinions": Layout(
        keys=_texts("role"), values=_texts("opinion", "signatory"), parsed={"date": DATE}
    ),
    "narratives": Layout(keys={"section": NUMBER}, values=_texts("heading", "text")),
    # where a part of the form begins: a section's heading, a table's title or header row
    "places": Layout(
        keys={
            "place": TEXT, "title": TEXT, "section": FLAG, "required": FLAG, "found": FLAG,
            "cell": TEXT,
        }
    ),
    # the labels the form was read by: as the form prints them, as they stand, how they were
    # matched; `left` is a value that lost its label. Of the sources, those that are no declared one
    "labels": Layout(
        keys=_texts("section", "block", "part", "key", "label", "text", "match", "cell", "left")
    ),
    # what else is to be known of cells that hold values; `stored` is text, number, date …, or
    # formula: one never calculated. `hidden_in` is rows 12:15, columns C:D, or * for the sheet
    "cells": Layout(
        keys={
            "cell": TEXT, "formula": TEXT, "error": TEXT, "hidden": FLAG, "hidden_in": TEXT,
            "stored": TEXT,
        }
    ),
}  # fmt: skip

FINDINGS = (
    "file", "project", "rule", "severity", "sheet", "cell", "related", "message", "expected",
    "actual",
)  # fmt: skip
SEVERITIES = ("error", "warning", "notice")

# what rules may be given beside a county's frames: who has to report, what was reported last year
ROSTER: dict[str, Dtype] = {
    "unit": TEXT, "project": TEXT, "budget": DECIMAL, "department": TEXT, "row": NUMBER,
}  # fmt: skip
PREVIOUS: dict[str, Dtype] = {
    "file": TEXT, "project_name": TEXT, "project_unit": TEXT, "report_date": DATE,
    "period_start": DATE, "period_end": DATE, "balance": DECIMAL,
}  # fmt: skip
MISSING: dict[str, Dtype] = {
    "unit": TEXT, "project": TEXT, "budget": DECIMAL, "department": TEXT, "remark": TEXT,
    "submitted_as": TEXT,
}  # fmt: skip

# what became of each indicator; `outcome` is one of OUTCOMES, `target` and `actual` as people say
# them (≥95%), `cell` that of the actual, else of the target, else of the content
ACHIEVEMENTS: dict[str, Dtype] = {
    "file": TEXT, "kind": TEXT, "level2": TEXT, "content": TEXT, "target": TEXT, "actual": TEXT,
    "reason": TEXT, "sheet": TEXT, "cell": TEXT, "outcome": TEXT,
}  # fmt: skip
OUTCOMES = ("attained", "missed", "unclear", "blank")


@dataclass(frozen=True)
class Frames(Mapping[str, pd.DataFrame]):
    """The canonical frames by name, as attributes and as a mapping."""

    projects: pd.DataFrame
    funds: pd.DataFrame
    execution: pd.DataFrame
    expenditures: pd.DataFrame
    goals: pd.DataFrame
    indicators: pd.DataFrame
    evaluators: pd.DataFrame
    opinions: pd.DataFrame
    narratives: pd.DataFrame
    places: pd.DataFrame
    labels: pd.DataFrame
    cells: pd.DataFrame

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in LAYOUTS:
            raise KeyError(name)
        frame: pd.DataFrame = getattr(self, name)
        return frame

    def __iter__(self) -> Iterator[str]:
        return (each.name for each in fields(self))

    def __len__(self) -> int:
        return len(fields(self))


def build_frames(submissions: Iterable[Submission]) -> Frames:
    """Submissions → the canonical frames, in the submissions' order."""
    submissions = list(submissions)
    return Frames(**{name: _build(name, layout, submissions) for name, layout in LAYOUTS.items()})


def table(records: Sequence[Mapping[str, object]], columns: Mapping[str, Dtype]) -> pd.DataFrame:
    """Records → a frame with those columns; what a record lacks is NA."""
    return pd.DataFrame(
        {
            column: pd.array([record.get(column) for record in records], dtype=dtype)
            for column, dtype in columns.items()
        }
    )


def _build(name: str, layout: Layout, submissions: list[Submission]) -> pd.DataFrame:
    records = [
        _record(submission.file, row, layout)
        for submission in submissions
        for row in submission.rows.get(name, ())
    ]
    return table(records, layout.columns())


def _record(file: str, row: Mapping[str, Any], layout: Layout) -> dict[str, object]:
    record: dict[str, object] = {"file": file, **{key: row.get(key) for key in layout.keys}}
    sheet = row.get("sheet")
    for name in (*layout.values, *layout.parsed):
        found: Value | None = row.get(name)
        if found is None:
            continue
        record |= {name: found.value, f"{name}_text": found.text, f"{name}_cell": found.cell}
        record[f"{name}_sheet"] = found.sheet
        sheet = sheet or found.sheet
    record["sheet"] = sheet
    return record


def verdict(errors: int, warnings: int) -> str:
    """退回修改 where a submission has an error, else 需核实 where a warning, else 通过."""
    if errors:
        return "退回修改"
    return "需核实" if warnings else "通过"

"""What stands for each field of a county's own rules in each workbook, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.forms.model import TableBlock
from xlsx_eval.rules.expenditure import detail_sums
from xlsx_eval.rules.findings import Place, flags, places
from xlsx_eval.rules.registry import view
from xlsx_eval.rules.settings import Settings
from xlsx_eval.values.names import person_names
from xlsx_eval.values.text import is_none_word


class Found(NamedTuple):
    """What stands for a field in one workbook, None where that is not known, and where."""

    value: Decimal | date | None
    places: tuple[Place, ...] = ()


UNKNOWN = Found(None)


@dataclass(frozen=True)
class FieldValues:
    """Field → file → what was found, put together when a rule first names the field."""

    rows: dict[str, pd.DataFrame]
    files: tuple[str, ...]
    known: dict[str, dict[str, Found]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> dict[str, Found]:
        if name not in self.known:
            frame, column, source = (*name.split("."), "")[:3]
            rows = self.rows[frame]
            if source:
                rows = rows[rows["source"] == source]
            self.known[name] = dict(_found(rows, column))
        return self.known[name]


def _found(rows: pd.DataFrame, column: str) -> Iterator[tuple[str, Found]]:
    for file, value, at in zip(rows["file"], rows[column], rows[f"{column}_at"], strict=True):
        found = tuple(each for each in _listed(at) if isinstance(each, Place))
        yield file, Found(None if pd.isna(value) else value, found)


def _listed(at: Any) -> tuple[Any, ...]:
    return at if isinstance(at, tuple) and not isinstance(at, Place) else (at,)


@view
def field_values(  # noqa: PLR0913, PLR0917 - a field may come from anywhere
    projects: pd.DataFrame,
    totals: pd.DataFrame,
    sources: pd.DataFrame,
    execution: pd.DataFrame,
    details: pd.DataFrame,
    items: pd.DataFrame,
    marks: pd.DataFrame,
    evaluators: pd.DataFrame,
    labels: pd.DataFrame,
    forms: dict[str, Form],
    settings: Settings,
) -> FieldValues:
    """The fields of a county's own rules: `field_values["funds.spent.total"][file]`."""
    there = _tables_found(projects, labels, forms)
    people = pd.Series([_people(name) for name in evaluators["name"]], evaluators.index, dtype=int)
    rate = execution[execution["source"] == "total"]
    return FieldValues(
        {
            "funds": pd.concat([totals.assign(source="total"), sources]),
            "execution": rate.assign(rate_at=places(rate, "rate_cell")),
            "expenditures": _expenditures(detail_sums(details, items), there["expenditures"]),
            "indicators": _counts(marks["file"], marks["has_content"], there["indicators"]),
            "evaluators": _counts(evaluators["file"], people, there["evaluators"]),
            "projects": _projects(projects),
            "settings": projects[["file"]].assign(year=settings.year, year_at=None),
        },
        tuple(projects["file"]),
    )


def _people(name: object) -> int:
    """How many people a cell of names stands for."""
    if not isinstance(name, str) or is_none_word(name):
        return 0
    return len(person_names(name)) or 1


def _projects(projects: pd.DataFrame) -> pd.DataFrame:
    period = places(projects, "period_cell", "period_sheet")
    own = {
        f"{column}_at": places(projects, f"{column}_cell", f"{column}_sheet")
        for column in ("score", "weight_total", "report_date")
    }
    return projects.assign(**own, period_start_at=period, period_end_at=period)


def _expenditures(sums: pd.DataFrame, there: frozenset[str]) -> pd.DataFrame:
    """`total` as stated, `sum` and `count` of the items where all of them are known.

    A table of two levels states each amount twice: the sum is known where both levels agree.
    """
    rows = pd.DataFrame({"file": sorted(there | set(sums["file"]))}, dtype="string")
    rows = rows.merge(sums, on="file", how="left")
    two_levels = rows["groups"].notna() & rows["leaves"].notna()
    whole = ~flags(rows["open"], bool)
    agreed = flags(rows["groups"] == rows["leaves"], bool)
    first = rows["total_at"].where(rows["total_at"].notna(), rows["last_at"])
    return rows.assign(
        sum=rows["sum"].mask(two_levels, rows["leaves"].where(agreed)).where(whole),
        sum_at=[
            (at, *(each if isinstance(each, tuple) else ()))
            for at, each in zip(first, rows["item_at"], strict=True)
        ],
        count=_numbers(rows["count"].fillna(0).where(whole & ~two_levels)),
        count_at=None,
    )


def _counts(files: pd.Series, counts: pd.Series, there: frozenset[str]) -> pd.DataFrame:
    """How many a workbook has, nought where it has the table and nothing in it."""
    counted = counts.groupby(files).sum()
    rows = pd.DataFrame({"file": sorted(there)}, dtype="string")
    return rows.assign(count=_numbers(rows["file"].map(counted).fillna(0)), count_at=None)


def _numbers(counts: pd.Series) -> pd.Series:
    numbers = [None if pd.isna(count) else Decimal(int(count)) for count in counts]
    return pd.Series(numbers, index=counts.index, dtype="object")


def _tables_found(
    projects: pd.DataFrame, labels: pd.DataFrame, forms: dict[str, Form]
) -> dict[str, frozenset[str]]:
    """Frame → the files in which the header of its table was found."""
    headers = labels[(labels["part"] == "column") & labels["match"].notna()]
    seen = set(zip(headers["file"], headers["block"], strict=True))
    tables = {
        name: [
            (block.frame, block.key) for _, block in form.blocks() if isinstance(block, TableBlock)
        ]
        for name, form in forms.items()
    }
    found = [
        (frame, file)
        for file, form in zip(projects["file"], projects["form"], strict=True)
        for frame, key in tables[form]
        if (file, key) in seen
    ]
    return {
        name: frozenset(file for frame, file in found if frame == name)
        for name in ("expenditures", "indicators", "evaluators")
    }

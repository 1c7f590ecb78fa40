"""What stands for each field of a county's own rules in each workbook, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
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


@dataclass(frozen=True)
class FieldValues:
    """Field → file → what was found, put together when a rule first names the field."""

    rows: dict[str, Callable[[], pd.DataFrame]]
    files: tuple[str, ...]
    known: dict[str, dict[str, Found]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> dict[str, Found]:
        if name not in self.known:
            frame, column, source = (*name.split("."), "")[:3]
            rows = self.rows[frame]()
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
    indicators: pd.DataFrame,
    evaluators: pd.DataFrame,
    labels: pd.DataFrame,
    forms: dict[str, Form],
    settings: Settings,
) -> FieldValues:
    """The fields of a county's own rules: `field_values["funds.spent.total"][file]`."""
    there = partial(_tables_found, projects, labels, forms)
    return FieldValues(
        {
            "funds": lambda: pd.concat([totals.assign(source="total"), sources]),
            "execution": lambda: _rates(execution),
            "expenditures": lambda: _expenditures(
                detail_sums(details, items), there("expenditures")
            ),
            "indicators": lambda: _counts(indicators, "content", _answers, there("indicators")),
            "evaluators": lambda: _counts(evaluators, "name", _people, there("evaluators")),
            "projects": lambda: _projects(projects),
            "settings": lambda: _year(projects, settings.year),
        },
        tuple(projects["file"]),
    )


def _year(projects: pd.DataFrame, year: int | None) -> pd.DataFrame:
    known = [None if year is None else Decimal(year)] * len(projects)
    return projects[["file"]].assign(
        year=pd.Series(known, projects.index, dtype="object"), year_at=None
    )


def _rates(execution: pd.DataFrame) -> pd.DataFrame:
    rows = execution[execution["source"] == "total"]
    return rows.assign(rate_at=places(rows, "rate_cell"))


def _answers(content: str) -> int:
    return int(not is_none_word(content))


def _people(name: str) -> int:
    """How many people a cell of names stands for."""
    return 0 if is_none_word(name) else len(person_names(name)) or 1


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


def _counts(
    frame: pd.DataFrame, column: str, count: Callable[[str], int], there: frozenset[str]
) -> pd.DataFrame:
    """How many a workbook has, nought where it has the table and nothing in it."""
    filled = frame.dropna(subset=[column])
    counts = pd.Series([count(text) for text in filled[column]], filled.index, dtype=int)
    counted = counts.groupby(filled["file"]).sum()
    rows = pd.DataFrame({"file": sorted(there)}, dtype="string")
    return rows.assign(count=_numbers(rows["file"].map(counted).fillna(0)), count_at=None)


def _numbers(counts: pd.Series) -> pd.Series:
    numbers = [None if pd.isna(count) else Decimal(int(count)) for count in counts]
    return pd.Series(numbers, index=counts.index, dtype="object")


def _tables_found(
    projects: pd.DataFrame, labels: pd.DataFrame, forms: dict[str, Form], frame: str
) -> frozenset[str]:
    """The files in which the header of a frame's table was found."""
    headers = labels[(labels["part"] == "column") & labels["match"].notna()]
    seen = set(zip(headers["file"], headers["block"], strict=True))
    tables = {
        (name, block.key)
        for name, form in forms.items()
        for _, block in form.blocks()
        if isinstance(block, TableBlock) and block.frame == frame
    }
    form_of = dict(zip(projects["file"], projects["form"], strict=True))
    return frozenset(file for file, key in seen if (form_of.get(file), key) in tables)

"""Views across submissions: whose project each reports, and which of several counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from xlsx_eval.rules.findings import places
from xlsx_eval.rules.registry import view
from xlsx_eval.values.project_names import ProjectName, project_name, unit_key

Row = dict[Hashable, Any]

NO_NAME = ProjectName("", "", None)


def identified(projects: pd.DataFrame) -> pd.DataFrame:
    """A row a submission: `file`, `name` and `unit` as typed, and what they are told apart by.

    `key`, `loose` and `name_year` are the project's name as `project_name` reads it, `unit_key`
    the unit's; `period_year` is that of a period within one year, `period_known` whether it can be
    read at all; `order` sorts files as people number them. What is not known is empty
    or None.
    """
    names = [project_name(text) if text else None for text in _texts(projects["project_name"])]
    known = [name or NO_NAME for name in names]
    years = [
        _year_of(start, end)
        for start, end in zip(projects["period_start"], projects["period_end"], strict=True)
    ]
    return pd.DataFrame(
        {
            "file": projects["file"],
            "name": _texts(projects["project_name"]),
            "unit": _texts(projects["project_unit"]),
            "key": [name.key for name in known],
            "loose": [name.loose for name in known],
            "name_year": pd.Series([name.year for name in known], projects.index, dtype=object),
            "period_year": pd.Series(years, projects.index, dtype=object),
            "period_known": projects["period_start"].notna(),
            "unit_key": [unit_key(text) for text in _texts(projects["project_unit"])],
            "report_date": projects["report_date"].astype(object),
            "order": [natural_order(str(file)) for file in projects["file"]],
        },
        index=projects.index,
    )


@view
def submitted(projects: pd.DataFrame) -> pd.DataFrame:
    """`identified` with `department_key` and `name_at`, the cell of the project's name."""
    return identified(projects).assign(
        department_key=[unit_key(text) for text in _texts(projects["department"])],
        name_at=places(projects, "project_name_cell", "project_name_sheet"),
    )


@view
def repeats(submitted: pd.DataFrame) -> pd.DataFrame:
    """A row a submission whose project is reported more than once.

    `counted` is the file that counts (of the latest report date, else the last by name), `other`
    the first other one, `copies` how many there are, and `by_date` whether the date decided.
    """
    rows = []
    for group in _same_projects(submitted):
        ordered = sorted(group, key=_age)
        last, before = ordered[-1], ordered[-2]
        by_date = _age(last)[0] > _age(before)[0]
        for each in ordered:
            other = last if each is not last else before
            rows.append(
                {"file": each["file"], "at": each.get("name_at"), "name": each["name"],
                 "counted": last["file"], "other": other["file"], "copies": len(ordered),
                 "by_date": by_date}
            )  # fmt: skip
    columns = ["file", "at", "name", "counted", "other", "copies", "by_date"]
    return pd.DataFrame(rows, columns=columns)


@view
def counting(submitted: pd.DataFrame, repeats: pd.DataFrame) -> pd.DataFrame:
    """`submitted` without the submissions that a later one of the same project replaces."""
    replaced = repeats[repeats["file"] != repeats["counted"]]["file"]
    return submitted[~submitted["file"].isin(replaced)]


def replaced_by(projects: pd.DataFrame) -> dict[str, str]:
    """File → the file that counts in its place, of submissions that were sent again."""
    found = repeats(submitted(projects))
    return {
        file: counted
        for file, counted in zip(found["file"], found["counted"], strict=True)
        if file != counted
    }


def _same_projects(submitted: pd.DataFrame) -> Iterator[list[Row]]:
    """The submissions of one project of one unit, where there are several.

    Where a unit reports a project for several years, one that tells no year stands alone.
    """
    projects: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in submitted.to_dict("records"):
        if row["key"] and row["unit_key"]:
            projects[row["unit_key"], row["key"]].append(row)
    for group in projects.values():
        told = [row["name_year"] or row["period_year"] for row in group]
        years = set(told) - {None}
        parts = [
            [row for row, own in zip(group, told, strict=True) if own == year]
            for year in sorted(years)
        ]
        yield from (part for part in (parts if len(years) > 1 else [group]) if len(part) > 1)


def _age(row: Row) -> tuple[str, tuple[tuple[int, str], ...]]:
    date = row["report_date"]
    return ("" if pd.isna(date) else date.isoformat(), row["order"])


def natural_order(file: str) -> tuple[tuple[int, str], ...]:
    """Sorts 表.xlsx before 表(2).xlsx before 表(10).xlsx."""
    parts = re.split(r"([0-9]+)", str(PurePosixPath(file).with_suffix("")))
    return tuple(
        (int(part), "") if part.isascii() and part.isdigit() else (0, part) for part in parts
    )


def _texts(column: pd.Series) -> list[str]:
    return [str(text).strip() if pd.notna(text) else "" for text in column]


def _year_of(start: Any, end: Any) -> int | None:
    if pd.isna(start) or pd.isna(end) or start.year != end.year:
        return None
    return int(start.year)

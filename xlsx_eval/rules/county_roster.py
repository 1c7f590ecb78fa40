"""C0xx 全县, against the roster (花名册): who was to report what, and with which budget."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import pandas as pd
from rapidfuzz import fuzz, process

from xlsx_eval.frames import MISSING, table
from xlsx_eval.rules.findings import nothing, report, together
from xlsx_eval.rules.registry import COMPLETENESS, rule, view
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.submissions import counting, repeats, submitted
from xlsx_eval.values.project_names import (
    ProjectName,
    distinguishing,
    may_be_same_unit,
    project_name,
    unit_key,
)
from xlsx_eval.values.text import compact

NEAR = 90  # per cent alike, from which another name is suggested

_same_unit = lru_cache(maxsize=100_000)(may_be_same_unit)


@dataclass(frozen=True, slots=True)
class Due:
    """A project of the roster; its budget's lines (one a source of money, say) taken together."""

    project: str
    unit: str
    department: str
    named: ProjectName
    unit_key: str
    department_key: str
    budgets: tuple[Decimal | None, ...]

    @property
    def budget(self) -> Decimal | None:
        """What its lines add up to (万元); None where one is not known."""
        known = [each for each in self.budgets if each is not None]
        return sum(known, Decimal(0)) if len(known) == len(self.budgets) else None


@dataclass(frozen=True, slots=True)
class Match:
    """A submission beside the roster: its projects there, or one that it may mean instead."""

    row: Any
    due: tuple[Due, ...] = ()
    elsewhere: Due | None = None
    near: Due | None = None


@view
def due(roster: pd.DataFrame) -> list[Due]:
    """The projects of the roster, in its order."""
    lines: dict[tuple[ProjectName, str, str], list[Any]] = defaultdict(list)
    for row in roster.itertuples(index=False):
        if named := project_name(row.project):
            keys = (unit_key(_text(row.unit)), unit_key(_text(row.department)))
            lines[named, *keys].append(row)
    return [
        Due(
            rows[0].project, _text(rows[0].unit), _text(rows[0].department),
            named, unit, department,
            tuple(None if pd.isna(row.budget) else Decimal(row.budget) for row in rows),
        )
        for (named, unit, department), rows in lines.items()
    ]  # fmt: skip


@view
def roster_matches(counting: pd.DataFrame, due: list[Due]) -> list[Match]:
    """Each submission that names its project, beside the roster; none where there is no roster.

    What stands in the roster is looked for by the whole name, then by the name without the words
    that lists add or leave out; only then under another unit or a name that is nearly the same,
    among the projects of which nothing has come.
    """
    if not due:
        return []
    index = _Index(due)
    rows = [row for row in counting.itertuples(index=False) if row.key]
    direct = [index.found(row) for row in rows]
    taken = {id(each) for found in direct for each in found}
    return [
        Match(row, found) if found else index.likely(row, taken)
        for row, found in zip(rows, direct, strict=True)
    ]


class _Index:
    """The roster's projects by name."""

    def __init__(self, due: Sequence[Due]) -> None:
        self.by_key: dict[str, list[Due]] = defaultdict(list)
        self.by_loose: dict[str, list[Due]] = defaultdict(list)
        for each in due:
            self.by_key[each.named.key].append(each)
            self.by_loose[each.named.loose].append(each)
        self.names = list(self.by_loose)

    def found(self, row: Any) -> tuple[Due, ...]:
        """The roster's projects that a submission surely means."""
        exact = _of_unit(row, _of_year(row, self.by_key.get(row.key, [])))
        if exact:
            return exact
        loose = _of_unit(row, _of_year(row, self.by_loose.get(row.loose, [])))
        return loose if len({each.named.key for each in loose}) == 1 else ()

    def likely(self, row: Any, taken: set[int]) -> Match:
        """A project of which nothing has come and that a submission may mean."""
        same_name = _of_year(row, self.by_loose.get(row.loose, []))
        free = [each for each in same_name if id(each) not in taken]
        if own := _of_unit(row, free):
            return Match(row, near=own[0])
        if free:
            return Match(row, elsewhere=free[0])
        alike = process.extract(
            row.loose, self.names, scorer=fuzz.ratio, score_cutoff=NEAR, limit=20
        )
        for name, _, _ in alike:
            if distinguishing(name) == distinguishing(row.loose):
                candidates = _of_unit(row, _of_year(row, self.by_loose[name]))
                if free := [each for each in candidates if id(each) not in taken]:
                    return Match(row, near=free[0])
        return Match(row)


def _of_year(row: Any, due: Sequence[Due]) -> list[Due]:
    return [
        each
        for each in due
        if row.name_year is None or each.named.year is None or each.named.year == row.name_year
    ]


def _of_unit(row: Any, due: Sequence[Due]) -> tuple[Due, ...]:
    """Those of the submission's unit; else those that may be, as units are abbreviated.

    A roster may name the department in the unit's place, and so may a submission.
    """
    same = [each for each in due if _is_of(row, each, str.__eq__)]
    return tuple(same or (each for each in due if _is_of(row, each, _same_unit)))


def _is_of(row: Any, due: Due, same: Any) -> bool:
    if not row.unit_key or not (due.unit_key or due.department_key):
        return True
    pairs = (
        (row.unit_key, due.unit_key),
        (row.department_key, due.unit_key),
        (row.unit_key, due.department_key),
    )
    return any(one and other and same(one, other) for one, other in pairs)


@rule(
    "C003",
    "not-in-roster",
    "项目不在花名册中",
    "warning",
    advice="请核对项目名称和项目单位，应与预算批复一致；确属花名册以外的项目，请说明。",
    basis=COMPLETENESS,
)
def not_in_roster(roster_matches: list[Match]) -> pd.DataFrame:
    """The project is not in the roster (silent without a roster).

    Names are compared without blanks, brackets, years and words like 项目, 专项, 资金 at the end;
    units without the county and in their short forms. Where the roster has the name under another
    unit, or one that is nearly the same, the finding says so.

    Why it matters: the name was changed, or a project is reported that has no budget.

    Fails: 农村公路养护项目, which the roster does not have.

    Passes: 2021年农村公路养护, where the roster has 农村公路养护项目.

    To correct: use the name and the unit of the budget's approval.

    检查：项目不在花名册中（没有花名册时不检查）。

    意义：项目名称与预算批复不一致，或报送了没有预算的项目。

    不通过：报送“农村公路养护项目”，花名册中没有。

    通过：报送“2021年农村公路养护”，花名册中为“农村公路养护项目”。
    """
    rows = [
        {
            "file": match.row.file, "at": match.row.name_at, "name": match.row.name,
            "unit": match.row.unit, "near": match.near, "elsewhere": match.elsewhere,
            "other": (match.near or match.elsewhere or match.row),
        }
        for match in roster_matches
        if not match.due
    ]  # fmt: skip
    if not rows:
        return nothing()
    found = pd.DataFrame(rows)
    near, elsewhere = found["near"].notna(), found["elsewhere"].notna()
    found["suggested"] = [getattr(each, "project", "") for each in found["other"]]
    found["owner"] = [each.unit for each in found["other"]]
    sentences = (
        (near, "花名册中没有项目“{name}”，有相近的项目“{suggested}”。", "{suggested}"),
        (
            elsewhere,
            "花名册中项目“{suggested}”的单位是“{owner}”，本表填报的项目单位是“{unit}”。",
            "{owner}：{suggested}",
        ),
        (~near & ~elsewhere, "花名册中没有项目“{name}”。", "花名册中的项目"),
    )
    return together(
        *(
            report(found[which], anchor="at", problem=problem, expected=expected, actual="{name}")
            for which, problem, expected in sentences
        )
    )


@rule(
    "C004",
    "not-submitted",
    "应报未报",
    "error",
    advice="请催报；已经报送的，请核对项目名称是否与花名册一致。",
    basis=COMPLETENESS,
)
def not_submitted() -> pd.DataFrame:
    """A project of the roster has no submission: listed in the summary only.

    It belongs to no file, so it stands on the summary's sheet 未报送 and in run.json, and not among
    the findings. A project that C003 found under another name or unit is listed there with a
    remark and does not count as missing.

    Why it matters: the county has to know whose report is still due.

    Fails: the roster has 农村公路养护项目, and no workbook reports it.

    Passes: every project of the roster is reported.

    To correct: ask the unit for the report.

    检查：花名册中的项目没有报送（只列入汇总的“未报送”表，不列入问题清单）。

    意义：及时催报。

    不通过：花名册中有“农村公路养护项目”，没有工作簿报送。

    通过：花名册中的项目都已报送。
    """
    return nothing()


def missing(
    projects: pd.DataFrame, roster: pd.DataFrame, rejected: Sequence[str] = ()
) -> pd.DataFrame:
    """The roster's projects without a submission, with the columns of `MISSING`.

    `submitted_as` is the file that probably reports it under another name or unit: then it is not
    missing, and the remark says so. `rejected` are files that could not be read.
    """
    known = submitted(projects)
    projects_due = due(roster)
    matches = roster_matches(counting(known, repeats(known)), projects_due)
    come = {id(each) for match in matches for each in match.due}
    otherwise: dict[int, Any] = {}
    for match in matches:
        if suggested := match.near or match.elsewhere:
            otherwise.setdefault(id(suggested), match.row)
    names = [(file, compact(str(PurePosixPath(file).with_suffix(""))).upper()) for file in rejected]
    return table(
        [
            {
                "unit": each.unit or None, "project": each.project, "budget": each.budget,
                "department": each.department or None,
                "submitted_as": other.file if other else None,
                "remark": _remark(each, other, names),
            }
            for each in projects_due
            if id(each) not in come
            for other in [otherwise.get(id(each))]
        ],
        MISSING,
    )  # fmt: skip


def _remark(due: Due, other: Any, rejected: Sequence[tuple[str, str]]) -> str:
    if other:
        unit = "" if other.unit_key == due.unit_key else f"（{other.unit}）"
        return f"“{other.file}”报送的项目“{other.name}”{unit}可能就是该项目，请核对名称和单位。"
    for file, name in rejected:
        if due.named.key in name or due.named.loose in name:
            return f"“{file}”未能读取，可能是该项目的自评报告。"
    return ""


@rule(
    "C005",
    "plan-differs-from-roster",
    "计划安排与花名册预算不一致",
    "error",
    advice="请核对预算批复；年中调整预算的，请说明调整的依据。",
    explained_by=("F104",),
)
def plan_differs_from_roster(
    roster_matches: list[Match], totals: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """The planned total is not the budget that the roster gives (silent where it gives none).

    A form that tells the first budget from the adjusted one passes with either. Several lines of
    the roster for one project are added up. Of a project that several workbooks share nothing is
    said: one more may be still to come.

    Why it matters: what was planned is what the budget approved.

    Fails: roster 220.2, planned 200.

    Passes: roster 220.2, planned 220.2.

    To correct: compare with the approved budget; explain an adjustment.

    检查：计划安排资金与花名册中的预算不一致（花名册没有预算数的不检查）。

    意义：计划数应为批复的预算数。

    不通过：花名册预算220.2万元，计划安排200万元。

    通过：花名册预算220.2万元，计划安排220.2万元。
    """
    stated = {row["file"]: row for row in totals.to_dict("records")}
    sharing: dict[int, int] = defaultdict(int)
    for match in roster_matches:
        for each in match.due:
            sharing[id(each)] += 1
    rows = []
    for match in roster_matches:
        own = stated.get(match.row.file)
        if own is None or pd.isna(own["planned"]) or len(match.due) != 1:
            continue
        (project,) = match.due
        if project.budget is None or sharing[id(project)] > 1:
            continue
        right = (project.budget, *project.budgets)
        said = [own[measure] for measure in ("planned", "initial") if pd.notna(own[measure])]
        if any(abs(s - r) <= settings.tolerance for s in said for r in right if r is not None):
            continue
        rows.append(
            own | {"budget": project.budget, "excess": abs(own["planned"] - project.budget)}
        )
    return report(
        pd.DataFrame(rows),
        anchor="planned_at",
        otherwise="funds",
        problem="计划安排{planned}万元，花名册中该项目的预算为{budget}万元，相差{excess}万元。",
        expected="{budget}万元",
        actual="{planned}万元",
    )


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)

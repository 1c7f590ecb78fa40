"""I306, I315: the goals and the kinds of indicators that a form asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.forms.model import Column, TableBlock
from xlsx_eval.rules.findings import Place, flags, places, report
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.values.text import compact, is_none_word

_KINDS = {
    "成本": "成本", "满意": "满意", "数量": "数量", "质量": "质量", "时效|进度|时限": "时效",
    "经济": "经济", "社会": "社会", "生态|环境": "生态", "可持续": "可持续", "效益|影响": "效益",
}  # fmt: skip
_BENEFITS = frozenset({"经济", "社会", "生态", "可持续", "效益"})
_COST = re.compile(r"(?:经济|社会|生态)?(?:环境)?成本")
_NAMED_HERE = re.compile(r"[:：].{2,}$")


@lru_cache(maxsize=1024)
def kinds_of(level1: str, level2: str) -> frozenset[str]:
    """What kinds of indicator a 二级指标 names, else its 一级指标; none where neither tells.

    Example: 服务对象满意度指标 is 满意, 经济成本指标 is 成本, 数量、质量指标 are two.
    """
    for name in (compact(level2), compact(level1)):
        plain = _COST.sub("成本", name)
        found = {kind for pattern, kind in _KINDS.items() if re.search(pattern, plain)}
        if found:
            return frozenset(found - {"效益"} or found)
    return frozenset()


def tables_of(forms: dict[str, Form], frame: str) -> Iterator[tuple[str, TableBlock]]:
    """(form, its table that a frame is read from)."""
    for name, form in forms.items():
        for _, block in form.blocks():
            if isinstance(block, TableBlock) and block.frame == frame:
                yield name, block


def _files_with(
    projects: pd.DataFrame, labels: pd.DataFrame, form: str, block: TableBlock
) -> list[str]:
    """The files of a form in which the header of a table was found."""
    read = labels[(labels["block"] == block.key) & (labels["part"] == "column")]
    found = set(read[read["cell"].notna()]["file"])
    return [file for file in projects[projects["form"] == form]["file"] if file in found]


@rule(
    "I306",
    "indicator-missing",
    "缺少必填指标",
    "warning",
    advice="请补充该项指标的内容、目标值和实际完成值。",
    basis=COMPLETENESS,
)
def indicator_missing(
    marks: pd.DataFrame,
    projects: pd.DataFrame,
    labels: pd.DataFrame,
    forms: dict[str, Form],
    settings: Settings,
) -> pd.DataFrame:
    """A required 二级指标 (`required_indicators`) has no content, or there is no 效益指标 at all.

    Asked for is what the form prints: one without 成本指标 needs none. Names that mean the same
    count (满意度指标). Where a unit names an indicator so that it can't be told which it is, the
    rule is silent.

    Why it matters: quantity, quality, timeliness, cost, benefit and satisfaction together show what
    the money achieved.

    Fails: 质量指标 without content. No content beside any 效益指标.

    Passes: the five required ones and 社会效益指标 have content.

    To correct: add the indicator with its content, target and actual.

    检查：必填的二级指标（数量、质量、时效、成本、服务对象满意度）没有内容，或者效益指标一项也没有填写。

    意义：数量、质量、时效、成本、效益和满意度合起来，才能说明资金取得了什么成效。

    不通过：质量指标没有填写指标内容；各项效益指标都没有填写。

    通过：五项必填指标和社会效益指标都有内容。
    """
    by_file = _by_file(marks)
    missing = [
        {"file": file, **each}
        for form, block in tables_of(forms, "indicators")
        for wanted in [_wanted(block, settings.required_indicators)]
        for file in _files_with(projects, labels, form, block)
        for each in _missing(by_file.get(file, []), wanted)
    ]
    return report(
        pd.DataFrame(missing, columns=["file", "at", "what", "said"], dtype="object"),
        anchor="at",
        otherwise="indicators",
        problem="{said}",
        expected="填写{what}",
        actual="空白",
    )


class _Stated(NamedTuple):
    """An indicator: its kinds, whether its content is given, whether anything else of it is."""

    kinds: frozenset[str]
    content: bool
    answered: bool
    at: Place | None


def _by_file(marks: pd.DataFrame) -> dict[str, list[_Stated]]:
    """File → its indicators.

    An indicator's content may stand behind the 二级指标 itself, or the form has no column for it.
    """
    answered = marks["has_target"] | marks["has_actual"]
    named_here = flags(marks["level2"], lambda text: bool(_NAMED_HERE.search(text)))
    content = marks["has_content"] | named_here | (marks["content_cell"].isna() & answered)
    levels = zip(marks["level1"].fillna(""), marks["level2"].fillna(""), strict=True)
    kinds = [kinds_of(level1, level2) for level1, level2 in levels]
    found: dict[str, list[_Stated]] = {}
    for file, *stated in zip(
        marks["file"], kinds, content, answered, places(marks, "level2_cell"), strict=True
    ):
        found.setdefault(file, []).append(_Stated(*stated))
    return found


def _wanted(block: TableBlock, required: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """What is required and the form prints: name → the kinds that answer it."""
    asked = {
        kind
        for group in block.groups
        for name in group.rows
        for kind in kinds_of(group.title, name)
    }
    wanted = {name: kinds_of("", name) for name in required}
    kept = {name: kinds for name, kinds in wanted.items() if kinds & asked}
    return kept | ({"效益指标": _BENEFITS} if asked & _BENEFITS else {})


def _missing(rows: list[_Stated], wanted: dict[str, frozenset[str]]) -> Iterator[dict[str, object]]:
    stated = [each.kinds for each in rows if each.content]
    if not all(stated):
        return  # one whose kind can't be told may be any of those that are missing
    for name, kinds in wanted.items():
        if any(kinds & each for each in stated):
            continue
        own = [each for each in rows if kinds & each.kinds]
        said = f"没有填写{name}。"
        if kinds == _BENEFITS:
            said = "效益指标一项也没有填写。"
        elif any(each.answered for each in own):
            said = f"{name}没有填写指标内容。"
        yield {"at": own[0].at if own else None, "what": name, "said": said}


@rule(
    "I315",
    "goal-missing",
    "预期目标或实际完成未填",
    "warning",
    advice="请概括写明预期目标和实际完成情况。",
    basis=COMPLETENESS,
)
def goal_missing(
    goals: pd.DataFrame, projects: pd.DataFrame, labels: pd.DataFrame, forms: dict[str, Form]
) -> pd.DataFrame:
    """预期目标 or 实际完成 is blank.

    Of several goals one may be answered for all: a column counts as blank when nothing stands in
    it, or when more than one of its rows is filled and this one is not.

    Why it matters: the goals are what the indicators and the conclusion are held against.

    Fails: 预期目标 stated, 实际完成 blank.

    Passes: both stated.

    To correct: say in short what was intended and what was done.

    检查：预期目标或实际完成空白。

    意义：总体目标是各项指标和评价结论的依据。

    不通过：填写了预期目标，实际完成空白。

    通过：预期目标和实际完成都已填写。
    """
    rows = goals.assign(
        expected_at=places(goals, "expected_cell"), actual_at=places(goals, "actual_cell")
    )
    by_file = dict(list(rows.groupby("file", sort=False)))
    missing = [
        {"file": file, "at": at, "what": what}
        for form, block in tables_of(forms, "goals")
        for file in _files_with(projects, labels, form, block)
        for at, what in _missing_goals(by_file.get(file), block.columns)
    ]
    return report(
        pd.DataFrame(missing, columns=["file", "at", "what"], dtype="object"),
        anchor="at",
        otherwise="goals",
        problem="“{what}”没有填写。",
        expected="填写{what}",
        actual="空白",
    )


def _missing_goals(
    rows: pd.DataFrame | None, columns: tuple[Column, ...]
) -> Iterator[tuple[Place | None, str]]:
    if rows is None:
        yield None, "和".join(column.label for column in columns)
        return
    filled = {
        column.key: flags(rows[column.key], lambda text: not is_none_word(text))
        for column in columns
    }
    if not any(each.any() for each in filled.values()):
        said = rows[[column.key for column in columns]].notna()
        if said.all(axis=None):
            return  # said not to apply
    for column in columns:
        own = filled[column.key]
        at = rows[f"{column.key}_at"]
        if not own.any():
            yield at.iloc[0], column.label
        elif own.sum() > 1:
            other = pd.concat(filled.values(), axis="columns").any(axis="columns")
            for place in at[~own & other]:
                yield place, column.label

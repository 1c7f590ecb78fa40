"""I301, I302, I306, I310, I315: whether goals and indicators are stated at all, and one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.forms.model import Column, TableBlock
from xlsx_eval.rules.findings import Place, certain, flags, once, places, report
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.values.lists import numbered_parts
from xlsx_eval.values.text import compact, is_none_word

_KINDS = {
    "成本": "成本", "满意": "满意", "数量": "数量", "质量": "质量", "时效|进度|时限": "时效",
    "经济": "经济", "社会": "社会", "生态|环境": "生态", "可持续": "可持续", "效益|影响": "效益",
}  # fmt: skip
_BENEFITS = {"经济", "社会", "生态", "可持续", "效益"}
_NAMED_HERE = re.compile(r"[:：].{2,}$")
_NOTHING = re.compile(r"(?:无|没有|零|未发生|未出现|0)[。]?")
_SEVERAL = re.compile(r"[;；\n、]|[%0-9\u4e00-\u9fff][,，]|\s[≥≤＞＜><]")


@rule(
    "I301",
    "target-missing",
    "指标缺少目标值",
    "warning",
    advice="请填写该指标的目标值；没有目标的指标请删去内容。",
    basis=COMPLETENESS,
)
def target_missing(marks: pd.DataFrame) -> pd.DataFrame:
    """An indicator has content or an actual and no target.

    A slash, a dash or 无 is no target; an indicator of which all is said not to apply needs none.

    Why it matters: without a target nobody can tell whether the indicator was met.

    Fails: 经济效益指标 有效节约会务成本, no target.

    Passes: 社会效益指标 ≥95%.

    To correct: fill in the target, or take the indicator out.

    检查：指标有内容或实际完成值，而没有目标值。

    意义：没有目标值，就无从判断指标是否完成。

    不通过：经济效益指标“有效节约会务成本”，目标值空白。

    通过：社会效益指标的目标值为≥95%。
    """
    rows = marks[(marks["has_content"] | marks["has_actual"]) & ~marks["has_target"]]
    return report(
        once(rows.assign(what=rows["content"].fillna(rows["actual"])), "target_at"),
        anchor="target_at",
        otherwise="indicators",
        related="content_at",
        problem="{name}“{what}”没有填写目标值。",
        expected="填写目标值",
        actual="空白",
    )


@rule(
    "I302",
    "actual-missing",
    "指标缺少完成值",
    "error",
    advice="请填写该指标的实际完成值。",
    basis=COMPLETENESS,
)
def actual_missing(marks: pd.DataFrame) -> pd.DataFrame:
    """An indicator has a target and no actual.

    无 answers a target such as 0起 or ≤3起: there was none.

    Why it matters: an indicator without its result can't be evaluated.

    Fails: target ≥95%, actual blank.

    Passes: target ≥95%, actual 98%.

    To correct: fill in what was achieved.

    检查：指标有目标值，而没有实际完成值。

    意义：没有完成值的指标无法评价。

    不通过：目标值≥95%，实际完成值空白。

    通过：目标值≥95%，实际完成值98%。
    """
    rows = marks[marks["has_target"] & ~marks["has_actual"]]
    few = certain(rows["target_operator"].isin(["<=", "<"]) | (rows["target_value"] == 0))
    none_is_one = few & certain(rows["target_unit"] != "万元")
    answered = none_is_one & flags(rows["actual"], lambda text: bool(_NOTHING.fullmatch(text)))
    return report(
        once(rows[~answered], "actual_at"),
        anchor="actual_at",
        otherwise="indicators",
        related="target_at",
        problem="{name}的目标值是“{wanted}”，没有填写实际完成值。",
        expected="填写实际完成值",
        actual="空白",
    )


@lru_cache(maxsize=1024)
def kind_of(level1: str, level2: str) -> str:
    """What kind of indicator a 二级指标 names, else its 一级指标; "" where neither tells.

    Example: 服务对象满意度指标 is 满意, 经济成本指标 is 成本, 可持续发展指标 is 可持续.
    """
    for name in (compact(level2), compact(level1)):
        for pattern, kind in _KINDS.items():
            if re.search(pattern, name):
                return kind
    return ""


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
    """An indicator: its kind, whether its content is given, whether anything else of it is."""

    kind: str
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
    kinds = [kind_of(level1, level2) for level1, level2 in levels]
    found: dict[str, list[_Stated]] = {}
    for file, *stated in zip(
        marks["file"], kinds, content, answered, places(marks, "level2_cell"), strict=True
    ):
        found.setdefault(file, []).append(_Stated(*stated))
    return found


def _wanted(block: TableBlock, required: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """What is required and the form prints: name → the kinds that answer it."""
    asked = {kind_of(group.title, name) for group in block.groups for name in group.rows}
    wanted = {name: frozenset({kind_of("", name)}) for name in required}
    kept = {name: kinds for name, kinds in wanted.items() if kinds <= asked}
    return kept | ({"效益指标": frozenset(_BENEFITS)} if asked & _BENEFITS else {})


def _missing(rows: list[_Stated], wanted: dict[str, frozenset[str]]) -> Iterator[dict[str, object]]:
    stated = {each.kind for each in rows if each.content}
    if "" in stated:
        return  # it may be any of those that are missing
    for name, kinds in wanted.items():
        if kinds & stated:
            continue
        own = [each for each in rows if each.kind in kinds]
        said = f"没有填写{name}。"
        if kinds == _BENEFITS:
            said = "效益指标一项也没有填写。"
        elif any(each.answered for each in own):
            said = f"{name}没有填写指标内容。"
        yield {"at": own[0].at if own else None, "what": name, "said": said}


@rule(
    "I310",
    "indicators-share-a-value",
    "多个指标共用一个值",
    "notice",
    advice="请一行填写一个指标，分别填写目标值和实际完成值。",
    basis=COMPLETENESS,
)
def indicators_share_a_value(marks: pd.DataFrame) -> pd.DataFrame:
    """One cell holds several numbered indicators, and one target or actual stands for all of them.

    A target that lists several values is silent, and so is one that counts what is listed.

    Why it matters: one value for several indicators doesn't tell which of them were met.

    Fails: 1、外网畅通 2、大厅设备正常, target 100%, actual 100%.

    Passes: 1、外网畅通 2、大厅设备正常, target 1、≥99% 2、100%.

    To correct: give each indicator a row of its own with its target and actual.

    检查：一格里列了几个编号的指标，却只有一个目标值或实际完成值。

    意义：几个指标合用一个值，看不出每个指标各自完成得怎样。

    不通过：指标内容“1、外网畅通 2、大厅设备正常”，目标值100%，实际完成值100%。

    通过：指标内容“1、外网畅通 2、大厅设备正常”，目标值“1、≥99% 2、100%”。
    """
    counts = [len(numbered_parts(text)) if pd.notna(text) else 0 for text in marks["content"]]
    count = pd.Series(counts, marks.index, dtype="int64")
    rows = marks.assign(count=count)[count > 1]
    counted = certain(rows["target_value"] == rows["count"]) & certain(rows["target_unit"] != "%")
    several = flags(rows["target"], lambda text: bool(_SEVERAL.search(text.strip())))
    one_target = rows["target_value"].notna()
    one_actual = rows["actual_value"].notna()
    said = one_target.map({True: "目标值", False: ""}) + one_actual.map(
        {True: "实际完成值", False: ""}
    )
    said = said.str.replace("值实", "值和实")
    return report(
        once(rows.assign(said=said)[(one_target | one_actual) & ~several & ~counted], "content_at"),
        anchor="content_at",
        otherwise="indicators",
        related=("target_at", "actual_at"),
        problem="{name}一格里列了{count}个指标，只填了一个{said}。",
        expected="逐个指标填写目标值和实际完成值",
        actual="{count}个指标，一个{said}",
    )


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

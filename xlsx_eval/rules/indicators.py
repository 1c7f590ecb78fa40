"""I301, I302, I310: whether each indicator has its target and its actual."""

from __future__ import annotations

import re

import pandas as pd

from xlsx_eval.rules.findings import certain, flags, once, report
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.values.lists import numbered_parts

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
    return report(
        once(rows[~answered_by_none(rows)], "actual_at"),
        anchor="actual_at",
        otherwise="indicators",
        related="target_at",
        problem="{name}的目标值是“{wanted}”，没有填写实际完成值。",
        expected="填写实际完成值",
        actual="空白",
    )


def answered_by_none(marks: pd.DataFrame) -> pd.Series:
    """Whether an actual such as 无 answers its target: 0起, ≤3起."""
    few = certain(marks["target_operator"].isin(["<=", "<"]) | (marks["target_value"] == 0))
    none_is_one = few & certain(marks["target_unit"] != "万元")
    return none_is_one & flags(marks["actual"], lambda text: bool(_NOTHING.fullmatch(text)))


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

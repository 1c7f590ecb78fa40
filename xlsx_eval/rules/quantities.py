"""I308, I309, I311: whether target and actual are figures that can be compared."""

from __future__ import annotations

import re
from decimal import Decimal

import pandas as pd

from xlsx_eval.rules.findings import flags, once, report, together
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.rules.wordings import MONEY, is_share_of_a_whole, is_time
from xlsx_eval.values.numerals import NUMERALS, plain_numerals
from xlsx_eval.values.quantities import parse_quantity
from xlsx_eval.values.text import compact
from xlsx_eval.values.units import measure_other_things

_MONEY_IS_NAMED = re.compile(r"[元圆¥￥]")
_FIGURE = re.compile(rf"[0-9{NUMERALS}半]")
_IDIOMS = re.compile(
    "进一步|统一|一致|一般|一定|第一|一流|一体|一直|一次性|唯一|十分|百姓|万无一失|千家万户|三公|四好|一线"
)
_WORDS = re.compile("[\u4e00-\u9fff]")
_ALL_OF_IT = re.compile("全(?![年县市省镇乡村国])|(?<!平)均|都|足额|百分之?百|圆满")
_IN_TIME = re.compile(
    "按时|按期|如期|及时|准时|提前|即时|当[日天月年]|期限内|时限内|[年季月]内|[年月]底|全年|长期|持续|常年|逾期"
)
_NONE_OF_IT = re.compile("无|未|没有|零")


@rule(
    "I308",
    "units-differ",
    "目标值与完成值单位不一致",
    "warning",
    advice="请用同一单位填写目标值和实际完成值。",
    basis=COMPLETENESS,
)
def units_differ(marks: pd.DataFrame) -> pd.DataFrame:
    """Target and actual are quantities in units of different things.

    Units that are one and the same (㎡ and 平方米), that convert (1年 and 12个月), or that may
    count the same things (个 and 家, 人 and 人次) do not differ. A number without a unit is silent.

    Why it matters: values in different units can't be compared, so nobody can tell whether the
    target was met.

    Fails: target 320公里, actual 98%. Target 320公里, actual 320里.

    Passes: target 320公里, actual 325km.

    To correct: state both in one unit.

    检查：目标值和实际完成值都是数量，而单位不是同一种。

    意义：单位不同无法比较，看不出目标是否完成。

    不通过：目标值320公里，实际完成值98%；目标值320公里，实际完成值320里。

    通过：目标值320公里，实际完成值325km。
    """
    rows = marks[marks["target_unit"].notna() & marks["actual_unit"].notna()]
    differ = [
        measure_other_things(target, actual)
        and all(
            unit != MONEY or _MONEY_IS_NAMED.search(text)  # 3万 may be 3万人
            for unit, text in ((target, wanted), (actual, reached))
        )
        for target, actual, wanted, reached in zip(
            rows["target_unit"], rows["actual_unit"], rows["wanted"], rows["reached"], strict=True
        )
    ]
    return report(
        once(rows[pd.Series(differ, rows.index, dtype=bool)], "actual_at"),
        anchor="actual_at",
        related="target_at",
        problem="{name}的目标值是“{wanted}”，实际完成值是“{reached}”，单位不一致。",
        expected="以“{target_unit}”为单位的数量",
        actual="{reached}",
    )


@rule(
    "I309",
    "quantity-answered-in-words",
    "数量指标以文字作答",
    "warning",
    advice="请填写实际完成的数值和单位。",
    basis=COMPLETENESS,
)
def quantity_answered_in_words(marks: pd.DataFrame) -> pd.DataFrame:
    """The target is a quantity, and the actual is words without a figure.

    Words that say the figure are an answer: 全部完成 of 100%, 按期完成 of a term, 未发生 of 0起 or
    ≤3起. So are words with a figure in them (超额完成，共43.5公里).

    Why it matters: 已完成 doesn't say how much was achieved, so nobody can tell whether the target
    was met.

    Fails: target ≥320公里, actual 已完成.

    Passes: target ≥320公里, actual 完成325公里. Target 12个月, actual 按期完成.

    To correct: state the figure achieved, with its unit.

    检查：目标值是数量，实际完成值只有文字，没有数字。

    意义：只写“已完成”，看不出完成了多少，无法判断目标是否完成。

    不通过：目标值≥320公里，实际完成值“已完成”。

    通过：目标值≥320公里，实际完成值“完成325公里”；目标值12个月，实际完成值“按期完成”。
    """
    rows = marks[marks["target_value"].notna() & marks["has_actual"]]
    rows = rows[flags(rows["reached"], _is_words) & ~flags(rows["nature"], lambda x: "定性" in x)]
    answered = [
        _say_the_figure(compact(text), operator, value, unit if pd.notna(unit) else "")
        for text, operator, value, unit in zip(
            rows["reached"], rows["target_operator"], rows["target_value"], rows["target_unit"],
            strict=True,
        )
    ]  # fmt: skip
    return report(
        once(rows[~pd.Series(answered, rows.index, dtype=bool)], "actual_at"),
        anchor="actual_at",
        related="target_at",
        problem="{name}的目标值是“{wanted}”，实际完成值“{reached}”只有文字，没有数值。",
        expected="可以与“{wanted}”比较的数值",
        actual="{reached}",
    )


def _is_words(text: str) -> bool:
    plain = _IDIOMS.sub("", plain_numerals(compact(text)))
    return bool(_WORDS.search(plain)) and not _FIGURE.search(plain) and not text.startswith("=")


def _say_the_figure(words: str, operator: str, value: Decimal, unit: str) -> bool:
    """Whether words say the figure that a target asks for."""
    if unit == "%" and operator in {">=", ">", "="} and _ALL_OF_IT.search(words):
        return True
    if is_time(unit) and _IN_TIME.search(words):
        return True
    few = value == 0 or (operator in {"<=", "<"} and unit != MONEY)
    return few and bool(_NONE_OF_IT.search(words))


@rule(
    "I311",
    "percentage-out-of-range",
    "百分比超出范围",
    "warning",
    advice="请核对百分比，应在0%至100%之间。",
    basis=COMPLETENESS,
)
def percentage_out_of_range(marks: pd.DataFrame) -> pd.DataFrame:
    """A share of a whole, such as satisfaction, completion or coverage, lies outside 0–100 %.

    By how much something grows is not bounded, and whatever is not surely a share of a whole is
    left alone.

    Why it matters: more than all of something can't be satisfied, finished or covered; the figure
    is a slip, or a growth that was called a rate of completion.

    Fails: 群众满意度 120%.

    Passes: 群众满意度 96%. 产值增长率 120%.

    To correct: check the figure.

    检查：满意度、完成率、合格率、覆盖率等百分比小于0%或大于100%；增长率不在其列。

    意义：部分不会多于全部，超出范围多半是填错。

    不通过：群众满意度120%。

    通过：群众满意度96%；产值增长率120%。
    """
    satisfaction = flags(marks["level2"], lambda text: "满意" in compact(text))
    named = marks["content"].fillna("") + satisfaction.map({True: "满意度", False: ""})
    return together(*(_out_of_range(marks, named, column, at) for column, at in _SHOWN))


_SHOWN = (("wanted", "target_at"), ("reached", "actual_at"))
_SAID = {"wanted": "目标值", "reached": "实际完成值"}


def _out_of_range(marks: pd.DataFrame, named: pd.Series, column: str, at: str) -> pd.DataFrame:
    rows = marks.assign(named=named, said=_SAID[column], stated=marks[column])
    rows = rows[flags(rows[column], lambda text: "%" in compact(text) or "百分之" in text)]
    outside = [
        _outside(text) and is_share_of_a_whole(name + text)
        for text, name in zip(rows["stated"], rows["named"], strict=True)
    ]
    return report(
        once(rows[pd.Series(outside, rows.index, dtype=bool)], at),
        anchor=at,
        related="content_at",
        problem="{name}的{said}是“{stated}”，不在0%至100%之间。",
        expected="0%至100%之间",
        actual="{stated}",
    )


def _outside(text: str) -> bool:
    quantity = parse_quantity(text)
    if quantity is None or quantity.unit != "%":
        return False
    return quantity.value < 0 or max(quantity.value, quantity.upper or quantity.value) > 100

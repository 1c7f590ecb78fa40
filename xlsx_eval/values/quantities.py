"""Quantities with an operator and a unit, as an indicator's target or actual value gives them."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsx_eval.values.amounts import read_amount
from xlsx_eval.values.numerals import NUMBER, read_chinese, read_number
from xlsx_eval.values.text import compact, compact_value, is_none_word
from xlsx_eval.values.units import sizes

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

_COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_WORDINGS = {
    ">=": "≥ ≧ ⩾ >= 大于等于 大于或等于 不少于 不低于 不小于 不得少于 不得低于 不能低于 至少",
    "<=": "≤ ≦ ⩽ <= 小于等于 小于或等于 不高于 不超过 不大于 不得高于 不得超过 不能超过 至多 最多",
    ">": "> 大于 高于 超过",
    "<": "< 小于 低于",
    "=": "= 等于",
    "within": "控制在",
}
_OPERATORS = {word: sign for sign, words in _WORDINGS.items() for word in words.split()}
_TAILS = {
    "及以上": ">=",
    "以上": ">=",
    "及以下": "<=",
    "以下": "<=",
    "以内": "<=",
    "之内": "<=",
    "内": "<=",
}
_LONGEST_FIRST = sorted(_OPERATORS, key=len, reverse=True)
_HAN = "[\u4e00-\u9fff]"
_QUANTITY = re.compile(
    rf"""
    (?P<share>(?:(?![不于超较比每同上去]){_HAN}){{0,12}}(?:率|满意度|占比|比例)(?:为|:)?)?
    (?:(?:全年|年度)?(?:共计?|累计|合计|总计)?(?:实际|已|应|须|需)?
       (?:完成|达到|达|实现|建成|新建|改造|培训|新增)?)
    (?P<operator>{"|".join(map(re.escape, _LONGEST_FIRST))})?
    (?P<body>[^()]+?)
    (?: (?:\(含\))? (?P<tail>{"|".join(_TAILS)})
        (?:(?<=内)(?:全部)?(?:完成|完工|竣工|建成|办结|拨付|到位))? )?
    [。;]?
    """,
    re.VERBOSE,
)
_STATED = re.compile("|".join(map(re.escape, _LONGEST_FIRST)))
_UNIT_SIGNS = str.maketrans({"㎡": "m²", "㎥": "m³"})
_UNIT_SIDE = rf"(?:{_HAN}{{1,8}}|[A-Za-z]{{1,6}}[²³]?|[%‰]|°C)"
_UNIT = rf"(?=.{{1,8}}$){_UNIT_SIDE}(?:/{_UNIT_SIDE})?"
_VALUE = re.compile(rf"(?P<number>[-−+]?{NUMBER})(?P<unit>{_UNIT})?")
_RANGE = re.compile(
    rf"(?P<low>{NUMBER})(?P<low_unit>[^-~0-9]{{1,8}}?)?(?:[-–—~〜∼]|至|到)(?P<high>{NUMBER}.{{1,8}})"
)
_DAYS = re.compile("(?<=[0-9])日$")  # 3日 is a date, 3日内 is three days
_PERCENT_IN_WORDS = re.compile(r"百分之(?P<number>.+)")
# Words around a value that are no part of a unit: 左右, 多人, 完成, 底前, 每 …
_NO_UNIT = re.compile(
    r"""
      (?!起$) .*[约余多几来左右前后内外上下以未已完成不无近达超底止起至到和及或每第].*
    | [月号点时] .* | 日(?!历天) .* | 年. .* | [十百千亿] | [A-Z]
    """,
    re.VERBOSE,
)
# 2022, 202203, 20220315, 2022.3 and 12.31 without a unit are dates as likely as numbers.
_DATE_LIKE = re.compile(
    r"""
      (?:19|20)[0-9]{2} (?:[0-9]{2}){0,2} (?:\.[0-9]+)?
    | (?:[1-9]|1[0-2]) \. (?:0?[1-9]|[12][0-9]|3[01])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its operator (>=, <=, =, >, <, between) and unit; money is in 万元.

    `upper` is the upper bound of "between", else None.
    """

    operator: str
    value: Decimal
    upper: Decimal | None
    unit: str | None


def parse_quantity(text: str) -> Quantity | None:
    """Return the one quantity a text consists of, or None.

    Amounts of money become 万元; another unit stays as written. A date, a year and anything that
    is only nearly a quantity (约200万元, 95%左右) is None.
    Example: `parse_quantity("≥95%")` is `Quantity(">=", Decimal(95), None, "%")`.
    """
    compacted = (compact_value(text) or "").translate(_UNIT_SIGNS)
    match = _QUANTITY.fullmatch(compacted)
    if match is None:
        return None
    body, stated, tail = match["body"], match["operator"], match["tail"]
    if tail and tail.endswith("内"):
        body = _DAYS.sub("天", body)
    sign = _sign(_OPERATORS.get(stated, ""), _TAILS.get(tail, ""))
    if sign is None or (not stated and _DATE_LIKE.fullmatch(body)):
        return None
    if read := _read_value(body):
        return None if match["share"] and read[1] != "%" else Quantity(sign, read[0], None, read[1])
    if tail or stated not in {None, "控制在"}:
        return None
    return None if match["share"] else _read_range(body)


def compose_quantity(text: str, nature: str | None, unit: str | None) -> str:
    """Return what three cells say together: 指标值 95, 指标性质 ≥ and 度量单位 % are `≥95%`.

    What the value says itself is not said twice. A bare number up to 1 beside % may be a fraction
    or per cent: it is returned as it is, without operator and unit.
    """
    body, sign, measure = text.strip(), compact(nature or ""), compact(unit or "")
    stated = _STATED.match(compact(body))
    number = read_number((compact_value(body) or "")[stated.end() if stated else 0 :])
    if number is not None and measure and not is_none_word(measure):
        if measure == "%" and 0 < number.copy_abs() <= 1:
            return body
        body += measure
    return sign + body if sign in _OPERATORS and not stated else body


def satisfies(actual: Quantity, target: Quantity) -> bool | None:
    """Tell whether an actual value meets its target.

    None where the units don't convert, or the actual is itself a bound (≥95%) and has no single
    value.
    """
    common = sizes(actual.unit, target.unit)
    if actual.operator != "=" or common is None:
        return None
    value, wanted = actual.value * common[0], target.value * common[1]
    if target.upper is not None:
        return wanted <= value <= target.upper * common[1]
    return _COMPARISONS[target.operator](value, wanted)


def _sign(stated: str, tail: str) -> str | None:
    """Combine the operator before a value with the words after it; None if they disagree."""
    if stated == "within":
        return None if tail == ">=" else "<="
    if stated and tail and stated != tail:
        return None
    return stated or tail or "="


def _read_value(body: str) -> tuple[Decimal, str | None] | None:
    """Read a value and its unit without operator."""
    amount = read_amount(body)
    if amount is not None and amount.unit is not None:
        return _checked(amount.value, "万元")
    if percent := _PERCENT_IN_WORDS.fullmatch(body):
        words = percent["number"]
        number = read_number(words)
        if number is None:
            number = read_chinese("一百" if words == "百" else words)
        return None if number is None else _checked(number, "%")
    match = _VALUE.fullmatch(body)
    number = read_number(match["number"]) if match else None
    if match is None or number is None:
        return None
    unit = match["unit"]
    if unit and (_NO_UNIT.fullmatch(unit) or (unit == "年" and number >= 1900)):
        return None
    return _checked(number, unit)


def _read_range(body: str) -> Quantity | None:
    """Read 90%-95% or 3-5天: the unit stands at the end, or alike at both numbers."""
    match = _RANGE.fullmatch(body)
    high = _read_value(match["high"]) if match else None
    if match is None or high is None:
        return None
    upper, unit = high
    written_unit = match["low_unit"] or re.sub(rf"^{NUMBER}", "", match["high"])
    low = _read_value(match["low"] + written_unit)
    if unit is None or low is None or low[1] != unit or low[0] > upper:
        return None
    return Quantity("between", low[0], upper, unit)


def _checked(value: Decimal, unit: str | None) -> tuple[Decimal, str | None] | None:
    if value.copy_abs() >= 10**12:
        return None
    exponent = value.normalize().as_tuple().exponent
    return (value, unit) if isinstance(exponent, int) and exponent >= -6 else None

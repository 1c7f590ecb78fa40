"""Amounts of money, in 万元."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from xlsx_eval.values.numerals import (
    NUMBER,
    NUMERALS,
    plain_numerals,
    read_chinese,
    read_number,
    read_python_number,
)
from xlsx_eval.values.text import MAX_LENGTH, compact_value, normalise

# Enough digits that no step of a reading rounds, whatever the caller's own context.
_EXACT = Context(prec=60)
_CENT = Decimal("0.000001")
_LIMIT = 10**12
_POWER = {"元": -4, "万元": 0, "亿元": 4}
_SCALES = {
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "千": 10**3,
    "百": 10**2,
    "十": 10,
}
_SCALE = "|".join(_SCALES)

_BLANK_GROUPS = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?:[ ][0-9]{3}){1,6}(?![0-9])")
_UNIT_IN_BRACKETS = re.compile(r"(?<=[0-9])\s*\((亿元|万元|元)\)$")
_LOOSE_SIGN = re.compile(r"\s*[-+−]\s")
_CURRENCY = re.compile(r"(?P<sign>[-+−]?)(?:人民币)?¥?(?P<rest>.+)")
_NEGATIVE = re.compile(r"\((?P<number>[0-9.,]+)(?P<inner>[元万亿]*)\)(?P<outer>[元万亿]*)")
_PLAIN = re.compile(
    rf"(?P<number>[-+−]?{NUMBER})(?:(?P<scale>[十百千]?)(?P<unit>[万亿]元?|元)整?)?"
)
_MIXED = re.compile(rf"(?:[1-9][0-9]{{0,7}}(?:{_SCALE})){{1,5}}(?:[1-9][0-9]{{0,3}})?元整?")
_MIXED_TERM = re.compile(rf"(?P<number>[0-9]+)(?P<scale>{_SCALE})?")
_CHINESE = re.compile(
    rf"""
    (?P<yuan>[{NUMERALS}点]+)
    (?P<named>元(?:零?(?P<jiao>[{NUMERALS}])角)?(?:零?(?P<fen>[{NUMERALS}])分)?)?
    整?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in 万元, and the unit its text states (元, 万元, 亿元, or None)."""

    value: Decimal
    unit: str | None


def parse_amount(value: str | float | Decimal, unit: str = "万元") -> Amount | None:
    """Return the amount a cell holds, in 万元 to 0.01 元 (half to even), below 10**12 万元.

    `unit` (元, 万元 or 亿元) holds where the text states none; a currency sign states none. Text
    around the amount, odd separators and "nothing here" answers give None.
    Example: `parse_amount("2,000,000元")` is `Amount(Decimal("200.000000"), "元")`.
    """
    amount = read_amount(value, unit)
    if amount is None:
        return None
    rounded = amount.value.quantize(_CENT, ROUND_HALF_EVEN, _EXACT)
    return Amount(rounded.copy_abs() if rounded.is_zero() else rounded, amount.unit)


def read_amount(value: str | float | Decimal, unit: str = "万元") -> Amount | None:
    """Return what `parse_amount` does, before it is rounded to 0.01 元."""
    if isinstance(value, str):
        return _read_text(value, unit)
    number = read_python_number(value)
    return None if number is None else _amount(number, unit, None)


def format_amount(value: Decimal) -> str:
    """Return an amount as plain text: no exponent, no trailing zeros, no negative zero.

    Example: `format_amount(Decimal("206.200000"))` is `"206.2"`.
    """
    if value.is_zero():
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _amount(number: Decimal, unit: str, stated: str | None) -> Amount | None:
    # Compared first: a number of any size can be compared, but not scaled.
    if number.copy_abs() >= _LIMIT * 10**4:
        return None
    value = number.scaleb(_POWER[unit], _EXACT)
    return Amount(value, stated) if value.copy_abs() < _LIMIT else None


def _read_text(text: str, unit: str) -> Amount | None:
    if len(text) > MAX_LENGTH:
        return None
    text = normalise(text)
    if _LOOSE_SIGN.match(text):
        return None
    joined = _BLANK_GROUPS.sub(lambda match: match[0].replace(" ", ""), text)
    compacted = compact_value(joined)
    if compacted is None:
        return None
    body = re.sub("正$", "整", compacted.replace("圆", "元"))
    body = "0" if body == "零" else _UNIT_IN_BRACKETS.sub(r"\1", body)
    if negative := _NEGATIVE.fullmatch(body):
        if negative["inner"] and negative["outer"]:
            return None
        body = f"-{negative['number']}{negative['inner']}{negative['outer']}"
    currency = _CURRENCY.fullmatch(body)
    if currency is None:
        return None
    rest = currency["sign"] + currency["rest"]
    return _read_plain(rest, unit) or _read_mixed(rest) or _read_chinese_amount(rest)


def _read_plain(text: str, unit: str) -> Amount | None:
    """Read 200, 2,000,000元, 1.2亿元, 3千元, 2百万元."""
    match = _PLAIN.fullmatch(text)
    number = read_number(match["number"]) if match else None
    if match is None or number is None:
        return None
    stated = None if match["unit"] is None else f"{match['unit'].removesuffix('元')}元"
    scale = _SCALES[match["scale"]] if match["scale"] else 1
    return _amount(_EXACT.multiply(number, Decimal(scale)), stated or unit, stated)


def _read_mixed(text: str) -> Amount | None:
    """Read 2万3千元, each part smaller than the scale of the part before it."""
    if _MIXED.fullmatch(text) is None:
        return None
    total, room = 0, 10**12
    for term in _MIXED_TERM.finditer(text):
        scale = _SCALES.get(term["scale"], 1)
        part = int(term["number"]) * scale
        if part >= room:
            return None
        total, room = total + part, scale
    return _amount(Decimal(total), "元", _named_unit(text))


def _read_chinese_amount(text: str) -> Amount | None:
    """Read 贰佰万元整, 二百零六万二千元 and amounts down to 角 and 分."""
    match = _CHINESE.fullmatch(plain_numerals(text))
    if match is None or not (match["named"] or match["yuan"][-1] in "万亿"):
        return None
    # The text as written: a formal 拾 without its digit has to be seen.
    yuan = read_chinese(text[: len(match["yuan"])])
    jiao, fen = (read_chinese(match[part] or "零") for part in ("jiao", "fen"))
    if yuan is None or jiao is None or fen is None or max(jiao, fen) > 9:
        return None
    cents = Decimal(int(jiao) * 10 + int(fen)).scaleb(-2, _EXACT)
    return _amount(_EXACT.add(yuan, cents), "元", _named_unit(match[0]))


def _named_unit(text: str) -> str:
    """Name the unit a text ends on: 万元 for 二百万元整, 元 for 二万三千元."""
    scale = text.removesuffix("整").removesuffix("元")[-1]
    return f"{scale}元" if scale in "万亿" else "元"

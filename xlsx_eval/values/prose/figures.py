"""Amounts of money and percentages inside a clause."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from xlsx_eval.values.numerals import NUMBER, NUMERALS, VARIANTS, read_chinese

_POWER = {"元": -4, "万元": 0, "万": 0, "亿元": 4, "亿": 4}
_NUMERAL = rf"[{NUMERALS}{VARIANTS}点]"
AMOUNT = (
    rf"(?:(?<![\d.A-Za-z~—–至-])(?P<number>-?{NUMBER})"
    r"(?P<unit>[万亿]元|元(?!/)|[万亿](?=$|[,、:;。)\n]))"
    rf"|(?<!{_NUMERAL})(?<![\d.几数上近约余多成来])(?P<numeral>(?=[^元]*[十百千拾佰仟点])"
    rf"{_NUMERAL}+)元(?!/))整?"
)
AMOUNTS = re.compile(AMOUNT)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value as a text gives it; `step` is one unit of its last digit. Amounts are in 万元."""

    value: Decimal
    step: Decimal

    def agrees(self, other: Decimal, tolerance: Decimal) -> bool:
        """Whether the text may mean the other value, rounded or cut off to the digits it gives.

        Of hundreds of 万元 nothing is cut off: 0.11亿元 is no 1170万元.
        """
        difference = abs(self.value - other)
        if self.step > 1:
            return difference <= self.step / 2
        return difference <= tolerance or difference < self.step


def amount_of(match: re.Match[str]) -> Figure | None:
    """The amount that a match of `AMOUNT` names, in 万元; None for numerals like 三四百万."""
    if numeral := match["numeral"]:
        return _numeral(numeral)
    return _figure(match["number"], _POWER[match["unit"]])


def amounts_in(text: str) -> list[Decimal]:
    """The amounts that a plain text names, in 万元."""
    figures = map(amount_of, AMOUNTS.finditer(text))
    return [figure.value for figure in figures if figure]


def percentage(number: str) -> Figure:
    """The figure of a percentage's number."""
    return _figure(number, 0)


def _numeral(text: str) -> Figure | None:
    value = read_chinese(text)
    if value is None:
        return None
    decimals = re.search(r"点([^万萬亿億]+)[万萬]$", text)
    whole = text[-1] in "万萬" and "点" not in text
    step = Decimal(1).scaleb(-len(decimals[1])) if decimals else Decimal(1 if whole else 0)
    return Figure(value.scaleb(-4), step)


def _figure(number: str, power: int) -> Figure:
    value = Decimal(number.replace(",", ""))
    exponent = value.as_tuple().exponent
    decimals = exponent if isinstance(exponent, int) else 0
    return Figure(value.scaleb(power), Decimal(1).scaleb(decimals + power))

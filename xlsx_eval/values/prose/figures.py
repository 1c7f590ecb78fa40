"""Amounts of money and percentages inside a clause."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from xlsx_eval.values.numerals import NUMBER

_POWER = {"元": -4, "万元": 0, "万": 0, "亿元": 4, "亿": 4}
AMOUNT = (
    rf"(?<![\d.A-Za-z~—–至-])(?P<number>-?{NUMBER})"
    r"(?P<unit>[万亿]元|元(?!/)|[万亿](?=$|[,、:;。)\n]))"
)
AMOUNTS = re.compile(AMOUNT)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value as a text gives it; `step` is one unit of its last digit. Amounts are in 万元."""

    value: Decimal
    step: Decimal

    def agrees(self, other: Decimal, tolerance: Decimal) -> bool:
        """Whether the text may mean the other value, rounded or cut off to the digits it gives."""
        difference = abs(self.value - other)
        return difference <= tolerance or difference < self.step


def amount_of(match: re.Match[str]) -> Figure:
    """The amount that a match of `AMOUNT` names, in 万元."""
    return _figure(match["number"], _POWER[match["unit"]])


def percentage(number: str) -> Figure:
    """The figure of a percentage's number."""
    return _figure(number, 0)


def _figure(number: str, power: int) -> Figure:
    value = Decimal(number.replace(",", ""))
    exponent = value.as_tuple().exponent
    decimals = exponent if isinstance(exponent, int) else 0
    return Figure(value.scaleb(power), Decimal(1).scaleb(decimals + power))

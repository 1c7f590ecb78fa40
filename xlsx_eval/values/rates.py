"""Shares such as an execution rate: 98.5%, 0.985 or, where per cent is asked for, 98.5."""

from __future__ import annotations

from decimal import Decimal

from xlsx_eval.values.numerals import read_number, read_python_number
from xlsx_eval.values.text import compact_value

SURELY_A_SHARE = Decimal("1.2")  # 120 %: nobody writes 1.2 for 1.2 %
SURELY_PER_CENT = Decimal(2)
_LIMIT = 10**4


def parse_rate(value: str | float | Decimal, *, per_cent: bool = False) -> Decimal | None:
    """Return a share as a fraction; `per_cent` says that the label asks for per cent.

    A bare number up to 1.2 is a fraction, one of 2 and more is per cent, between them is None. So
    is a bare 0.9 where per cent is asked for: it may be either.
    Example: `parse_rate("98.5%")`, `parse_rate(98.5)` and `parse_rate(0.985)` are all
    `Decimal("0.985")`; `parse_rate("0.9", per_cent=True)` is None.
    """
    stated = False
    if isinstance(value, str):
        text = compact_value(value) or ""
        stated = text.endswith("%")
        number = read_number(text.removesuffix("%"))
    else:
        number = read_python_number(value)
    if number is None or number.copy_abs() >= _LIMIT:
        return None
    size = number.copy_abs()
    if stated or size >= SURELY_PER_CENT or (per_cent and size > SURELY_A_SHARE):
        return round(number / 100, 6)
    return round(number, 6) if size <= SURELY_A_SHARE and (not per_cent or not size) else None

"""Scores of an evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval.values.numerals import read_chinese, read_number, read_python_number
from xlsx_eval.values.text import compact_value

if TYPE_CHECKING:
    from decimal import Decimal

_LIMIT = 10**6


def parse_score(value: str | float | Decimal) -> Decimal | None:
    """Return the points a cell gives, also outside 0-100: a rule reports those.

    A text is one number or Chinese numeral of two characters or more (a lone 一 is often a dash),
    with or without 分.
    Example: `parse_score("98.5 分")` is `Decimal("98.5")`; `parse_score("98/100")` is None.
    """
    if isinstance(value, str):
        text = (compact_value(value) or "").removesuffix("分")
        score = read_number(text)
        if score is None and len(text) > 1:
            score = read_chinese(text)
    else:
        score = read_python_number(value)
    if score is None or score.copy_abs() >= _LIMIT:
        return None
    return round(score, 6)  # a formula's mean has more decimals than any score

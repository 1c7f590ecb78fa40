"""Cell styles, as far as they change what is read: how a number shows in its cell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlsx_eval.reading.formats.assemble import Found
from xlsx_eval.reading.formats.dates import BUILT_IN_DATES, is_date_format, moment
from xlsx_eval.reading.formats.numbers import BUILT_IN, formatted
from xlsx_eval.reading.grid import plain_number, shown

NO_NUMBER = "#NUM!"
A_WHOLE_NUMBER = 1e15  # smaller ones show all their digits


@dataclass(frozen=True)
class Styles:
    """`formats`: number format → its code; `styles`: a cell's style → its number format."""

    formats: Mapping[int, str]
    styles: Sequence[int]
    since_1904: bool = False

    def number(self, number: float, style: int, formula: str | None = None) -> Found:
        """A number as it shows in a cell of that style."""
        if not math.isfinite(number):
            return Found(None, NO_NUMBER, formula, NO_NUMBER)
        code = self._telling.get(style)
        if code is None:
            return Found(number, _plain(number), formula)
        if is_date_format(code):
            raw = moment(number, code, since_1904=self.since_1904)
            raw = number if raw is None else raw
            return Found(raw, shown(raw), formula)
        return Found(number, formatted(number, code) or _plain(number), formula)

    @cached_property
    def _telling(self) -> dict[int, str]:
        """Style → number format, those that show more than the bare number."""
        codes = {**BUILT_IN_DATES, **BUILT_IN, **self.formats}
        used = ((style, codes.get(number)) for style, number in enumerate(self.styles))
        return {style: code for style, code in used if code and _tells_more(code)}


def _tells_more(code: str) -> bool:
    one = formatted(1, code)
    return is_date_format(code) or (one is not None and one.rstrip("0").rstrip(".") != "1")


def _plain(number: float) -> str:
    """As `plain_number`, which takes its time."""
    if number.is_integer() and abs(number) < A_WHOLE_NUMBER:
        return str(int(number))
    return plain_number(number)

"""One point in time as people write it: a year, a month or a day, perhaps abbreviated."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xlsx_eval.values.numerals import DIGITS, plain_numerals, read_digit_row, read_small

_YEAR = rf"(?P<year>[0-9{DIGITS}]{{4}})"
_MONTH = rf"(?P<month>[0-9]{{1,2}}|[{DIGITS}十]{{1,3}})"
_DAY = rf"(?P<day>[0-9]{{1,2}}|[{DIGITS}十]{{1,3}})"

_COMPLETE = (
    rf"{_YEAR}年度?",
    rf"(?:{_YEAR}年)?{_MONTH}月份?",
    rf"(?:{_YEAR}年)?{_MONTH}月{_DAY}[日号]",
    rf"{_DAY}日",
    r"(?P<year>[0-9]{4})(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?:(?P=sign)(?P<day>[0-9]{1,2}))?",
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})?",
)
_OPEN = (
    r"(?P<year>[0-9]{4})",
    rf"{_YEAR}年{_MONTH}",
    rf"{_YEAR}年{_MONTH}月{_DAY}",
    r"(?P<month>[0-9]{1,2})",
    r"(?P<month>[0-9]{1,2})(?P<sign>[./])(?P<day>[0-9]{1,2})",
)
_SHAPES = tuple(
    (re.compile(pattern), is_open)
    for patterns, is_open in ((_COMPLETE, False), (_OPEN, True))
    for pattern in patterns
)


@dataclass(frozen=True, slots=True)
class DatePoint:
    """The parts a text names.

    `sign` is what stands between them where that is not 年月日; `is_open` says that the text breaks
    off (2021年1, 2021), so that only what stands beside it can tell what it means.
    """

    year: int | None
    month: int | None
    day: int | None
    sign: str = ""
    is_open: bool = False

    @property
    def precision(self) -> str:
        """The smallest part named: "day", "month" or "year"."""
        if self.day is not None:
            return "day"
        return "year" if self.month is None else "month"


def read_point(text: str) -> DatePoint | None:
    """Return the point in time a compacted text names, its parts not yet checked for range.

    Example: `read_point("二〇二二年三月")` is `DatePoint(2022, 3, None)`.
    """
    if len(text) > 20:
        return None
    plain = plain_numerals(text).replace("年元月", "年1月")
    for shape, is_open in _SHAPES:
        if match := shape.fullmatch(plain):
            return _point(match.groupdict(), is_open=is_open)
    return None


def _point(parts: dict[str, str | None], *, is_open: bool) -> DatePoint | None:
    year, month, day = (parts.get(name) for name in ("year", "month", "day"))
    point = DatePoint(
        year=read_digit_row(year) if year else None,
        month=read_small(month) if month else None,
        day=read_small(day) if day else None,
        sign=parts.get("sign") or "",
        is_open=is_open,
    )
    read = (point.year, point.month, point.day)
    written = (year, month, day)
    is_whole = all((a is None) == (b is None) for a, b in zip(read, written, strict=True))
    return point if is_whole else None

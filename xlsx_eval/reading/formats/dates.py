"""Numbers in date formats: the day, the time or the duration that they show."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from xlsx_eval.reading.grid import Raw

_A_DATE = [*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)]
BUILT_IN_DATES = dict.fromkeys(_A_DATE, "yyyy/m/d") | {46: "[h]:mm:ss"}
"""Built-in formats that show a date or a time, those of the Chinese Excel (27-36, 50-58) too."""

_SILENT = re.compile(
    r'"[^"]*"?|\\.|[_*].|\[(?!(?:h+|m+|s+)\])[^\]]*\]|general|(?<=[s\]])\.0+', re.IGNORECASE
)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_SPEAKS_OF_TIME = re.compile(r"[ymdhs]|e(?![+-])|aaa", re.IGNORECASE)
_DIGIT = re.compile(r"[0#?]")

A_DAY = timedelta(days=1)
MILLISECOND = timedelta(milliseconds=1)
MIDNIGHT = datetime(1900, 1, 1)  # noqa: DTZ001 - a cell knows no time zone
LAST_DAY = 2_958_465  # 9999-12-31
FROM_1904 = 1462  # days between the two systems
NO_SUCH_DAY = 60  # 1900-02-29, which Excel takes for a day


@lru_cache(maxsize=1024)
def is_date_format(code: str) -> bool:
    """Whether a number format shows numbers as dates, times or durations (`m"月"d"日"`)."""
    spoken = _SILENT.sub("", code.split(";", maxsplit=1)[0])
    return bool(_SPEAKS_OF_TIME.search(spoken)) and not _DIGIT.search(spoken)


def moment(number: float, code: str, *, since_1904: bool = False) -> Raw:
    """What a number stands for in a date format; None where it is no such moment.

    A day has no time, a number below one has no day, and `[h]:mm` is a duration.
    """
    if not 0 <= number <= LAST_DAY:
        return None
    elapsed = timedelta(milliseconds=round(number * (A_DAY / MILLISECOND)))
    if _ELAPSED.search(code):
        return elapsed
    days, rest = divmod(elapsed, A_DAY)
    at = (MIDNIGHT + rest).time()
    if days == 0:
        return at
    serial = days + FROM_1904 if since_1904 else days
    if serial > LAST_DAY:
        return None
    first = date(1899, 12, 30) if serial >= NO_SUCH_DAY else date(1899, 12, 31)
    day = first + timedelta(days=serial)
    return day if at == time() else datetime.combine(day, at)

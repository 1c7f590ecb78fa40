"""Numbers in date formats: which formats those are, and what they make of a number."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from xlsx_eval.reading.formats.dates import is_date_format, moment
from xlsx_eval.reading.grid import Raw


@pytest.mark.parametrize(
    "code",
    [
        "yyyy-mm-dd", 'yyyy"年"m"月"d"日";@', '[$-804]yyyy"年"m"月"', "m/d/yy h:mm", "[h]:mm:ss",
        "mm:ss.0", "h:mm AM/PM", '上午/下午h"时"mm"分"', "aaaa", 'e"年"', "[DBNum1]yyyy年m月",
    ],
)  # fmt: skip
def test_date_formats(code: str) -> None:
    assert is_date_format(code)


@pytest.mark.parametrize(
    "code",
    [
        "General", "G/通用格式", "@", "0.00E+00", "#,##0.00",
        '0"日"', "[Red]0.00", "[DBNum2]General",
        '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "[$USD] 0.00", r"0\d", '"合计"', "",
    ],
)  # fmt: skip
def test_other_formats(code: str) -> None:
    assert not is_date_format(code)


@pytest.mark.parametrize(
    ("number", "code", "expected"),
    [
        (44270, "yyyy-mm-dd", date(2021, 3, 15)),
        (44270.75, "yyyy-mm-dd", datetime(2021, 3, 15, 18)),  # noqa: DTZ001
        (0.5, "h:mm", time(12)),
        (1.5, "[h]:mm", timedelta(hours=36)),
        (1, "yyyy-mm-dd", date(1900, 1, 1)),
        (59, "yyyy-mm-dd", date(1900, 2, 28)),
        (61, "yyyy-mm-dd", date(1900, 3, 1)),
        (2_958_465, "yyyy-mm-dd", date(9999, 12, 31)),
        (0.99999999999, "h:mm", date(1900, 1, 1)),
        (-1, "yyyy-mm-dd", None),
        (2_958_466, "yyyy-mm-dd", None),
        (float("nan"), "yyyy-mm-dd", None),
    ],
)
def test_moments(number: float, code: str, expected: Raw) -> None:
    assert moment(number, code) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(42808, date(2021, 3, 15)), (1, date(1904, 1, 2)), (2_958_000, None)]
)
def test_since_1904(number: float, expected: Raw) -> None:
    assert moment(number, "yyyy-mm-dd", since_1904=True) == expected

from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writing import ANY_TEXT, chinese, full_width

from xlsx_eval.values.dates import Period, parse_date, parse_period

DATES = st.dates(date(1990, 1, 1), date(2100, 12, 31))
YEAR_2021 = Period(date(2021, 1, 1), date(2021, 12, 31))


def in_numerals(day: date) -> str:
    year = str(day.year).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))
    month, of_month = (
        chinese(n).replace("一十", "十") if n < 20 else chinese(n) for n in (day.month, day.day)
    )
    return f"{year}年{month}月{of_month}日"


@pytest.mark.parametrize(
    "text",
    [
        *("2022年3月15日", "2022 年 3 月 15 日", "２０２２年０３月１５日", "2022年3月15号"),
        *("2022-03-15", "2022/3/15", "2022.3.15", "2022. 3. 15", "20220315"),
        *("二〇二二年三月十五日", "二零二二年三月十五日", "二0二二年三月一十五日"),
        *("2022年3月15日 星期二", "2022-03-15（周二）", "2022-03-15 00:00:00", "2022-03-15T00:00"),
    ],
)
def test_dates(text: str) -> None:
    assert date(2022, 3, 15) == parse_date(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "年 月 日", "2022年3月", "2022年", "3月15日", "2022年3月15", "22年3月15日", "无"),
        *("2022年2月30日", "2022-13-01", "2022年0月1日", "1989-12-31", "2101-01-01", "00000000"),
        *("2022-03-15 09:30", "2022-3/15", "202203", "2022年3月1 5日", "2022年三五月1日"),
        *("2022年3月15日前", "约2022年3月15日", "1. 2022年3月15日", "2022年3月15日2022年4月1日"),
        "2022年3月15日" + " " * 200,
    ],
)
def test_near_dates_stay_unread(text: str) -> None:
    assert parse_date(text) is None


def test_dates_of_the_workbook() -> None:
    assert date(2022, 3, 15) == parse_date(date(2022, 3, 15))
    assert date(2022, 3, 15) == parse_date(datetime.fromisoformat("2022-03-15T09:30"))
    assert parse_date(date(1900, 1, 1)) is None


@pytest.mark.parametrize(
    "text",
    [
        *("2021年1月-2021年12月", "2021年1月起至2021年12月止", "自2021年1月至2021年12月"),
        *(
            "2021 年 1 月 - 2021 年 12 月",
            "2021年1月——2021年12月",
            "２０２１年１月－２０２１年１２月",
        ),
        *("2021年1月到2021年12月", "2021年01月～12月", "2021年1-12月", "2021年1月至12月"),
        *("2021.01-2021.12", "2021.1-12", "2021/1 - 2021/12", "2021-01—2021-12", "202101-202112"),
        *("2021-01-2021-12", "2021-01至2021-12", "2021.1.1-2021.12.31", "2021.1.1-12.31"),
        *("2021/1/1～2021/12/31", "2021-01-01至2021-12-31", "2021-01-01-2021-12-31"),
        *("20210101-20211231", "2021年1月1日至12月31日", "2021年1月1日起，至2021年12月31日"),
        *("2021年1月1日-2021年12月31日止", "2021年", "2021年度", "2021年全年", "二〇二一年"),
        *(
            "二〇二一年一月至二〇二一年十二月",
            "2021年1月-2021年12月（12个月）",
            "2021年1月1日至12月",
        ),
        *("2021年1月一2021年12月", "2021年1月 一 12月", "2021年1月\n2021年12月"),
        *("2021年初-2021年底", "2021年初至年底", "2021年1月至2021年末", "2021年1月-当年12月"),
        *("2021年1月1日开始，2021年12月31日结束", "起：2021年1月 止：2021年12月"),
        *("开工时间：2021年1月；竣工时间：2021年12月", "2021年1月开工至2021年12月完工"),
    ],
)
def test_every_wording_of_the_year_2021(text: str) -> None:
    assert parse_period(text) == YEAR_2021


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2016年1月起至2016年12月止", date(2016, 1, 1), date(2016, 12, 31)),
        ("2021-2023年", date(2021, 1, 1), date(2023, 12, 31)),
        ("2021年至2023年", date(2021, 1, 1), date(2023, 12, 31)),
        ("2019年11月-2020年2月", date(2019, 11, 1), date(2020, 2, 29)),
        ("2021年3月5日至28日", date(2021, 3, 5), date(2021, 3, 28)),
        ("2021年3月1-31日", date(2021, 3, 1), date(2021, 3, 31)),
        ("2021年12月-2021年1月", date(2021, 12, 1), date(2021, 1, 31)),
        ("2021年11月至次年2月", date(2021, 11, 1), date(2022, 2, 28)),
    ],
)
def test_periods(text: str, start: date, end: date) -> None:
    assert Period(start, end) == parse_period(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "无", "2021", "2021年3月", "2021年3月15日", "2021-1-12", "2021年1月起", "2021年1月-"),
        *("1月-12月", "2021年1月-至今", "2021年1月-12", "2021年上半年", "2021年底"),
        *("2021年1月一", "2021年13月-2021年14月", "2021年2月1日-2021年2月30日"),
        *(
            "2021年1月-2021年12月（延期至2022年6月）",
            "2021年1月-2021年12月（暂定）",
            "一年",
            "12个月",
        ),
        *("2021年11月-2月", "2021年3月-2022年", "2021年-12月", "2021年1-3月15日", "1901-1912"),
        *("2021年1月-3月-5月", "2021.1.1 2021.12.31", "2021年1月1", "2021.1.1-31"),
        "2021年1月 -" + " " * 200 + "2021年12月",
    ],
)
def test_near_periods_stay_unread(text: str) -> None:
    assert parse_period(text) is None


def test_a_single_date_is_no_period() -> None:
    assert parse_period(date(2021, 1, 1)) is None


DAY_STYLES: dict[str, Callable[[date], str]] = {
    "年月日": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "spaced": lambda d: f"{d.year} 年 {d.month:02} 月 {d.day:02} 日",
    "dashes": lambda d: d.isoformat(),
    "slashes": lambda d: f"{d.year}/{d.month}/{d.day}",
    "dots": lambda d: f"{d.year}.{d.month}.{d.day}",
    "packed": lambda d: f"{d:%Y%m%d}",
    "numerals": in_numerals,
    "wide": lambda d: full_width(f"{d.year}.{d.month}.{d.day}"),
}
JOINERS = st.sampled_from(["-", "—", "——", "～", "~", "至", "到", " - ", "起至", "起，至"])


@given(DATES, st.sampled_from(sorted(DAY_STYLES)))
def test_written_dates_are_read_back(day: date, style: str) -> None:
    assert day == parse_date(DAY_STYLES[style](day))


@given(DATES, DATES, st.sampled_from(sorted(DAY_STYLES)), JOINERS)
def test_written_periods_are_read_back(start: date, end: date, style: str, joiner: str) -> None:
    text = DAY_STYLES[style](start) + joiner + DAY_STYLES[style](end)
    assert Period(start, end) == parse_period(text)


@given(DATES, DATES, JOINERS, st.sampled_from(["{:%Y}年{:%m}月", "{:%Y}.{:%m}", "{:%Y}{:%m}"]))
def test_written_months_are_read_back(start: date, end: date, joiner: str, style: str) -> None:
    period = parse_period(style.format(start, start) + joiner + style.format(end, end))
    assert period is not None
    assert start.replace(day=1) == period.start
    assert (end.year, end.month) == (period.end.year, period.end.month)
    assert period.end.day in {28, 29, 30, 31}


@given(ANY_TEXT)
def test_no_text_raises(text: str) -> None:
    day, period = parse_date(text), parse_period(text)
    assert day is None or 1990 <= day.year <= 2100
    assert period is None or 1990 <= period.start.year <= 2100


@pytest.mark.parametrize(
    "text", ["2021年元月-2021年12月", "自2021年1月起至2021年12月底止", "2021年1月-2021年12月底"]
)
def test_the_first_month_and_the_end_of_the_last_in_words(text: str) -> None:
    assert parse_period(text) == Period(date(2021, 1, 1), date(2021, 12, 31))

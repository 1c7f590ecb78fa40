"""Dates, and the periods a project ran."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime

from xlsx_eval.values.points import DatePoint, read_point
from xlsx_eval.values.text import MAX_LENGTH, compact_value, normalise

_TIME = re.compile(r"(?:\s+|T)0{1,2}:00(?::00(?:\.0{1,6})?)?\s*$")
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?$")
_BLANKS_AROUND_SIGN = re.compile(r"\s*([-/.~])\s*")
_OPENING = re.compile(r"^[自从由]")
_CLOSING = re.compile(r"(?<=月)底?为?止?$|为?止$")
_REMARK = re.compile(r"\((?P<remark>[^()]*)\)$")
# A remark that itself names a date or a change may contradict the period it follows.
_TELLING_REMARK = re.compile(r"[0-9]{4}|[0-9一二三四五六七八九十][月日号]|[延改变更推调暂拟预]")
# How people say a period besides naming two dates.
_START_OF_YEAR = re.compile(r"(?<=年)初")
_END_OF_YEAR = re.compile(r"(?<=年)[底末终]|(?<=[至到-])年[底末终]")
_SAME_YEAR = re.compile(r"[当同本]年(?=[0-9一二三四五六七八九十]{1,2}月)")
_NEXT_YEAR = re.compile(r"(?:次|翌|第二)年(?=[0-9元一二三四五六七八九十]{1,2}月)")
_FIRST_YEAR = re.compile(r"[0-9]{4}(?=[年./-])")
_LABEL = re.compile(
    r"(?:[起止]|(?:项目)?(?:开始|起始|启动|开工|结束|终止|完成|完工|竣工))(?:时间|日期)?[:：]"
)
_DONE = re.compile(r"(?:结束|完成|完工|竣工|结项|验收)$")
_TWO_DATES = re.compile(
    r"(?<=[年月日])(?:起|(?:开始|开工|动工|启动)(?:实施)?)?[,，;；、\s]+(?=[0-9]{4}年)"
    r"|(?<=[月日])\s*[一ー]{1,2}\s*(?=[0-9]{4}年|[0-9]{1,2}月)"  # typed for a dash
)

_WHOLE_YEAR = re.compile(r"(?P<year>.{4}年)(?:度|全年)?")
_JOINER = re.compile(r"(?:起|开?始|开工|动工|启动)?[,、]?(?:至|到|[-‐–—―−~〜∼]+)")


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both ends included; the end may precede the start."""

    start: date
    end: date


def parse_date(value: str | date | datetime) -> date | None:
    """Return the day a cell names, in the years 1990-2100, or None.

    A year, month and day are all needed; a weekday or a midnight time after them is passed over.
    Example: `parse_date("2022 年 3 月 15 日")` is `date(2022, 3, 15)`.
    """
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return day if 1990 <= day.year <= 2100 else None
    text = _plain(_TIME.sub("", normalise(value)) if len(value) <= MAX_LENGTH else value)
    point = read_point(_WEEKDAY.sub("", text)) if text else None
    if point is None or point.is_open or point.precision != "day":
        return None
    return _day(point.year, point.month, point.day)


def parse_period(value: str | date) -> Period | None:
    """Return the first and the last day of the period a cell names, or None.

    A month without a day begins on its first and ends on its last day; a year alone is the whole
    year. One date is not a period. An end before the start is returned as written.
    Example: `parse_period("2021年1-12月")` is `Period(date(2021, 1, 1), date(2021, 12, 31))`.
    """
    if not isinstance(value, str):
        return None
    text = _plain(_TWO_DATES.sub("-", _LABEL.sub("", value))) if len(value) <= MAX_LENGTH else None
    if text is None:
        return None
    if remark := _REMARK.search(text):
        if _TELLING_REMARK.search(remark["remark"]):
            return None
        text = text[: remark.start()]
    text = _CLOSING.sub("", _OPENING.sub("", _with_months(_DONE.sub("", text))))
    if whole_year := _WHOLE_YEAR.fullmatch(text):
        point = read_point(whole_year["year"])
        return _span(point, point) if point and point.precision == "year" else None
    periods = {
        period
        for joiner in _JOINER.finditer(text)
        if (period := _join(text[: joiner.start()], text[joiner.end() :]))
    }
    return periods.pop() if len(periods) == 1 else None


def _with_months(text: str) -> str:
    """年初, 年底, 当年 and 次年 as the months and years they stand for."""
    text = _END_OF_YEAR.sub("12月", _START_OF_YEAR.sub("1月", text))
    year = _FIRST_YEAR.search(text)
    return _NEXT_YEAR.sub(f"{int(year[0]) + 1}年", _SAME_YEAR.sub("", text)) if year else text


def _plain(text: str) -> str | None:
    """Compact a text in which blanks beside a date's signs (2022. 3. 15) are harmless."""
    if len(text) > MAX_LENGTH:
        return None
    return compact_value(_BLANKS_AROUND_SIGN.sub(r"\1", normalise(text)))


def _join(start_text: str, end_text: str) -> Period | None:
    start, end = read_point(start_text), read_point(end_text)
    if start is None or end is None or start.year is None:
        return None
    is_same_precision = start.precision == end.precision
    if (start.is_open or end.is_open or "year" in {start.precision, end.precision}) and (
        not is_same_precision
    ):
        return None
    if end.year is not None:
        return None if end.is_open and end.precision != "year" else _span(start, end)
    # 2021-1-12 is a date; 2021.1-12 is January to December.
    if end.is_open and start.sign not in {".", "/"}:
        return None
    if end.month is None and start.precision != "day":
        return None
    month = start.month if end.month is None else end.month
    period = _span(start, DatePoint(start.year, month, end.day))
    # The end's year is only inferred here: 11月-2月 may well run into the next year.
    return period if period and period.start <= period.end else None


def _span(start: DatePoint, end: DatePoint) -> Period | None:
    """From the first day of the start to the last day of the end."""
    last_month = end.month or 12
    first_day = _day(start.year, start.month or 1, start.day or 1)
    last_day = _day(end.year, last_month, 1)
    if first_day is None or last_day is None:
        return None
    day = end.day or calendar.monthrange(last_day.year, last_day.month)[1]
    last = _day(end.year, last_month, day)
    return Period(first_day, last) if last else None


def _day(year: int | None, month: int | None, day: int | None) -> date | None:
    if year is None or month is None or day is None or not 1990 <= year <= 2100:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None

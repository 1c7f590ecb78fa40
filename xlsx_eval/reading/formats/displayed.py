"""From what a cell shows to what it holds, and back."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from decimal import Decimal

from xlsx_eval.reading.formats.assemble import Found
from xlsx_eval.reading.formats.dates import is_date_format, moment
from xlsx_eval.reading.formats.numbers import formatted
from xlsx_eval.reading.grid import Raw, shown

NAMED_FORMATS = {
    "General Date": "yyyy/m/d h:mm",
    "Long Date": "yyyy/m/d",
    "Medium Date": "yyyy/m/d",
    "Short Date": "yyyy/m/d",
    "Long Time": "h:mm:ss",
    "Medium Time": "h:mm",
    "Short Time": "h:mm",
    "Percent": "0.00%",
}
"""Formats that Excel calls by a name in XML and web pages; others show the bare number."""

_EXACT_DIGITS = 15
_FLOAT = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_SHOWN_NUMBER = re.compile(r"-?\d+(?:,\d{3})*(?:\.(?P<decimals>\d+))?", re.ASCII)
_SCIENTIFIC = re.compile(r"[-+\d.,]+E[-+]?\d+", re.ASCII | re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]|\d[-/.]\d+[-/.]\d|\d:\d")
"""A letter, a date or a time."""
_ERROR = re.compile(r"#(?:REF|VALUE|NAME|NUM|NULL|DIV/0|SPILL|CALC)[!?]|#N/A|Err:\d{3}")


def as_float(text: str) -> float | None:
    """The number a file states: `1`, `-1.5`, `2E-3`; None for anything else."""
    text = text.strip()
    if len(text) > 400 or not _FLOAT.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def of_text(text: str, formula: str | None = None) -> Found:
    """The cell of a text; the name of an error is one, and no text leaves a formula uncalculated.

    Example: `of_text("#REF!")` is `Found(None, "#REF!", error="#REF!")`.
    """
    if not text and formula:
        return Found(None, formula, formula)
    if text[:1] in {"#", "E"} and _ERROR.fullmatch(text):
        return Found(None, text, formula, text)
    return Found(text, text, formula)


def of_value(raw: Raw, formula: str | None = None, text: str | None = None) -> Found:
    """The cell of a value; it shows `text`, or as a cell without a format does."""
    return Found(raw, shown(raw) if text is None else text, formula)


def of_number(
    number: float, code: str, formula: str | None = None, *, since_1904: bool = False
) -> Found:
    """The cell of a number under a format code (`0.0%`, `yyyy-mm-dd`) or a named format."""
    code = NAMED_FORMATS.get(code, code)
    if is_date_format(code):
        return of_value(_moment(number, code, since_1904=since_1904), formula)
    one = formatted(1, code)
    tells_more = one is not None and one.rstrip("0").rstrip(".") != "1"
    return of_value(number, formula, formatted(number, code) if tells_more else None)


def _moment(number: float, code: str, *, since_1904: bool) -> Raw:
    raw = moment(number, code, since_1904=since_1904)
    return number if raw is None else raw


def characters(points: float) -> float:
    """How many characters of the usual font a column shows, as Excel states its width."""
    return max(round((points * 4 / 3 - 5) / 7, 2), 0.0)


def on_whole_day(at: datetime) -> date | datetime:
    """The date alone where the time is midnight."""
    return at.date() if at.time() == time() else at


def of_shown_number(number: float, displayed: str, formula: str | None = None) -> Found:
    """The cell of a number, in full precision with what its display adds.

    A display that is not the number rounded is the value itself where it speaks of something
    else: a date, another unit. Examples: 0.98765 shown as `99%` shows as `98.765%`, 320.5 as
    `321公里` as `320.5公里`, 1234.5 as `1,234.50` as `1234.5`; 44201 as `2021年1月5日` is that
    text, and so is 2062000 as `206.2万元`.
    """
    if _says_all(displayed, number):
        return Found(number, displayed, formula)
    displayed = displayed.strip()
    if _ERROR.fullmatch(displayed):
        return of_text(displayed, formula)
    numbers = list(_SHOWN_NUMBER.finditer(displayed))
    if len(numbers) == 1 and (exact := _rounded_to(number, numbers[0])):
        before, after = displayed[: numbers[0].start()], displayed[numbers[0].end() :]
        return of_value(number, formula, f"{before}{exact}{after}" if before or after else None)
    if _WORDS.search(displayed) and not _SCIENTIFIC.fullmatch(displayed):
        return of_value(displayed, formula)
    return of_value(number, formula)


def _says_all(displayed: str, number: float) -> bool:
    """Whether the number shows as a cell without a format shows it: most do."""
    return (
        len(displayed) <= _EXACT_DIGITS
        and repr(number) in {displayed, f"{displayed}.0"}
        and "e" not in displayed
    )


def _rounded_to(number: float, match: re.Match[str]) -> str | None:
    """The number's own digits, at least as many as are shown; None where it isn't shown rounded."""
    percent = match.string[match.end() : match.end() + 1] in {"%", "％"}
    exact = Decimal(shown(number)) * (100 if percent else 1)
    value = Decimal(match[0].replace(",", ""))
    places = len(match["decimals"] or "")
    if abs(value - exact) > Decimal(5).scaleb(-places - 1):
        return None
    if not value and exact and not percent:
        return None  # a scaled number may show as 0 too
    whole, _, decimals = format(exact, "f").partition(".")
    decimals = decimals.rstrip("0").ljust(places, "0")
    return f"{whole}.{decimals}" if decimals else whole

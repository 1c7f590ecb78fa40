"""What stands in a cell of a web page: what it shows, and the value its attributes note."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlsx_eval.reading.formats.assemble import Found
from xlsx_eval.reading.formats.dates import is_date_format
from xlsx_eval.reading.formats.displayed import (
    NAMED_FORMATS,
    as_float,
    of_number,
    of_shown_number,
    of_text,
    of_value,
)

AS_TEXT = "@"
"""The number format of a text, whatever it looks like."""

_TYPED = {"x:str", "x:err", "x:bool", "data-t"}
_PLAIN = re.compile(r"-?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
_EXACT = 15  # digits a number can hold: a longer one is the number of something


def found_in(attributes: Mapping[str, str], text: str, code: str, *, since_1904: bool) -> Found:
    """The cell of a text that shows, with what Excel, LibreOffice and SheetJS note beside it.

    `code` is the cell's number format, or empty. A number that nothing is noted of shows as it is
    written.
    """
    formula = attributes.get("x:fmla")
    number = _number(attributes, text)
    if number is not None:
        if not text or is_date_format(NAMED_FORMATS.get(code, code)):
            return of_number(number, code, formula, since_1904=since_1904)
        return of_shown_number(number, text, formula)
    if code != AS_TEXT and _is_plain(text) and attributes.keys().isdisjoint(_TYPED):
        return of_value(as_float(text.replace(",", "")), formula, text)
    return _noted_other(attributes, text, formula) or of_text(text, formula)


def _noted_other(attributes: Mapping[str, str], text: str, formula: str | None) -> Found | None:
    """An error, a truth or a text that is noted as such."""
    if error := attributes.get("x:err"):
        return Found(None, error, formula, error)
    if truth := attributes.get("x:bool") or _of_type(attributes, "b"):
        return of_value(truth.lower() in {"true", "1"}, formula)
    if "x:str" in attributes:
        written = _noted(attributes, "x:str") or text
        return Found(written, written, formula)
    return None


def _number(attributes: Mapping[str, str], text: str) -> float | None:
    """The number that is noted; Excel notes none where the text says it in full."""
    if "x:num" in attributes:
        return as_float(_noted(attributes, "x:num") or text)
    return as_float(attributes.get("sdval") or _of_type(attributes, "n"))


def _noted(attributes: Mapping[str, str], name: str) -> str:
    """An attribute's value; XHTML repeats the name of one that has none."""
    value = attributes.get(name, "")
    return "" if value == name else value


def _of_type(attributes: Mapping[str, str], kind: str) -> str:
    return attributes.get("data-v", "") if attributes.get("data-t") == kind else ""


def _is_plain(text: str) -> bool:
    """Whether a text is a number and no more: not `001`, `0730-…`, `98%`, a bank account."""
    return bool(_PLAIN.fullmatch(text)) and sum(map(str.isdigit, text)) <= _EXACT

"""Texts that no spreadsheet program takes for a formula."""

from __future__ import annotations

import re

import pandas as pd

# what Excel, WPS and LibreOffice begin a formula with when they open a CSV file, full-width too
_FORMULA = re.compile(r"[\s\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
# a number stays one: -15.5, +3, -1,234.50, -15.4万元, -3%
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?(?:[%‰]|[\u4e00-\u9fff]{1,4})?")


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet program may calculate the text when it is typed or opened."""
    return bool(_FORMULA.match(text))


def harmless_csv(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet program would calculate it.

    Example: `=1+1` becomes `'=1+1`; `-15.5` and `-15.4万元` stay.
    """
    if begins_formula(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def harmless_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every text as `harmless_csv` has it; blanks stay blank."""
    return frame.apply(lambda column: column.map(harmless_csv, na_action="ignore"))

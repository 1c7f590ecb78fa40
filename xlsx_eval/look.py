"""The one look of everything we write: colours, fonts, words and the width of Chinese text.

Colours are RRGGBB. An annotated copy, the summary and the template share them, so that a red cell
means the same wherever a user meets it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FONT = "微软雅黑"
FONT_PRINT = "宋体"
FONT_TITLE = "黑体"

INK = "1F2937"
MUTED = "6B7280"
RULE = "BFC5CD"
HEADER = "1F4E78"
HEADER_INK = "FFFFFF"
LABEL = "EEF2F6"
INPUT = "FFFBE6"
COMPUTED = "E9EBEE"
BAND = "F7F9FB"
LINK = "0563C1"


@dataclass(frozen=True, slots=True)
class Mark:
    """How a severity or verdict is shown; `pale` is the fill of what it is compared with."""

    word: str
    fill: str
    ink: str
    pale: str


SEVERITIES = {
    "error": Mark("错误", "FFC7CE", "9C0006", "FFEEF1"),
    "warning": Mark("疑点", "FFE699", "7F6000", "FFF7E2"),
    "notice": Mark("提示", "DDEBF7", "1F4E78", "F0F7FD"),
}

VERDICTS = {
    "退回修改": SEVERITIES["error"],
    "需核实": SEVERITIES["warning"],
    "通过": Mark("通过", "E2EFDA", "375623", "F3F9EF"),
}

# what a reviewer may decide on a finding
DECISIONS = ("已更正", "已说明", "不予采纳", "待核实")

WHOLE_WORKBOOK = "整个工作簿"

LINE_POINTS = 15.5
TALLEST_ROW = 409.0
LONGEST_TEXT = 32_767

# control characters, halves of surrogate pairs and non-characters: no XML document may hold them
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def text_width(text: str) -> int:
    """Columns a line takes: a Chinese character counts two, any other one."""
    if text.isascii():
        return len(text)
    return sum(map(_char_width, text))


@cache
def _char_width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def line_count(text: str, width: float) -> int:
    """Lines the text takes in a cell `width` characters wide, at least one."""
    usable = max(width - 1, 1)
    if len(text) * 2 <= usable and text.isprintable():
        return 1
    return sum(max(1, math.ceil(text_width(line) / usable)) for line in text.splitlines() or [""])


def row_height(cells: Iterable[tuple[str, float]]) -> float:
    """Points a row needs to show every (text, column width) in full, as far as Excel allows.

    One column is kept in reserve: a line never begins with a punctuation mark.
    """
    lines = max((line_count(text, width - 1) for text, width in cells), default=1)
    return min(lines * LINE_POINTS + 5.5, TALLEST_ROW)


def plain(text: str) -> str:
    """Text as a cell may hold it: without forbidden characters, no longer than Excel allows."""
    text = _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) * 2 <= LONGEST_TEXT:
        return text
    units = text.encode("utf-16-le")[: LONGEST_TEXT * 2]
    return units.decode("utf-16-le", errors="ignore")


def cell_reference(sheet: str, cell: str) -> str:
    """Address as links write it: `'项目 支出'!C4`; always quoted, which is always valid."""
    return "'" + sheet.replace("'", "''") + "'!" + cell


def place(sheet: str | None, cell: str | None) -> str:
    """Address as people read it: `项目 支出!C4`."""
    if not sheet:
        return WHOLE_WORKBOOK
    return f"{sheet}!{cell}" if cell else sheet

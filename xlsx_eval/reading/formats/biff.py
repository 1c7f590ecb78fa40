"""What the records of .xls and .xlsb have in common: packed numbers, truths, errors, texts."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.formats.assemble import Found
from xlsx_eval.reading.formats.large import PartOfForm, Watch
from xlsx_eval.reading.grid import Grid, Workbook

__all__ = [
    "FORMULA",
    "MAX_TEXTS",
    "TOO_MANY_TEXTS",
    "UNCALCULATED",
    "PartOfForm",
    "Watch",
    "error",
    "packed_number",
    "truth",
    "workbook",
    "written",
]
NO_SHEETS = "工作簿里没有可以填写的工作表，请用模板填写后重新报送。"
MAX_TEXTS = 500_000  # different ones in a workbook
TOO_MANY_TEXTS = "文件的文字过多，请删去与自评表无关的内容后重新报送。"
FORMULA = "="  # what a formula says is not read, only that it is one
UNCALCULATED = Found(None, FORMULA, FORMULA)
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


def packed_number(bits: int) -> float:
    """An RK number: a whole number or the upper half of a float, maybe in hundredths."""
    if bits & 2:
        number = float(bits >> 2 if bits < 1 << 31 else (bits >> 2) - (1 << 30))
    else:
        (number,) = struct.unpack("<d", struct.pack("<II", 0, bits & ~3))
    return number / 100 if bits & 1 else number


def error(code: int, formula: str | None = None) -> Found:
    name = ERRORS.get(code, "#VALUE!")
    return Found(None, name, formula, name)


def truth(value: int, formula: str | None = None) -> Found:
    return Found(bool(value), "TRUE" if value else "FALSE", formula)


def written(text: str, formula: str | None = None) -> Found:
    return Found(text, text, formula)


def workbook(grids: Iterable[Grid]) -> Workbook:
    """Raises UnreadableWorkbook where there are none."""
    book = Workbook.of(grids)
    if not book.sheets:
        raise UnreadableWorkbook(NO_SHEETS)
    return book

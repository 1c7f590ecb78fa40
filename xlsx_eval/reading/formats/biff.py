"""What .xls and .xlsb have in common: packed numbers, truths, errors, and sheets too large."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass

from xlsx_eval.reading.formats.assemble import Found
from xlsx_eval.reading.formats.bounded import Budget, Sheet
from xlsx_eval.reading.limits import BYTES_A_CELL, Limits

PartOfForm = Callable[[list[str]], bool]
"""Texts at the beginning of a sheet → whether it belongs to the form."""

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
LIMITS = Limits()


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


def budget() -> Budget:
    return Budget(sheets=LIMITS.sheets, cells=LIMITS.megabytes * 1024 * 1024 // BYTES_A_CELL)


@dataclass
class Watch:
    """Sees to it that of a unit's own large list only the beginning is read."""

    sheet: Sheet
    part_of_form: PartOfForm | None
    most: float = LIMITS.large_sheet

    def has_seen_enough(self) -> bool:
        """Whether the sheet turned out to be such a list; what was found is cut down then."""
        found = self.sheet.found
        if len(found) <= self.most or self.part_of_form is None:
            return False
        self.most = math.inf
        rows = sorted({row for row, _ in found})[: LIMITS.head_rows]
        beginning = {place: each for place, each in found.items() if place[0] <= rows[-1]}
        if self.part_of_form([e.text for e in beginning.values() if isinstance(e.raw, str)]):
            return False
        self.sheet.budget.cells += len(found) - len(beginning)
        self.sheet.found = beginning
        self.sheet.merges.clear()
        return True

"""Addresses of cells and ranges as numbers, from 1."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_RANGE = re.compile(r"\$?([A-Z]{1,3})?\$?(\d{1,7})?(?::\$?([A-Z]{1,3})?\$?(\d{1,7})?)?")

Position = tuple[int, int]
"""Row and column."""


@dataclass(frozen=True, slots=True)
class Range:
    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, position: Position) -> bool:
        row, column = position
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"


def ranges(references: str) -> list[Range]:
    """`A1:B5 D4` → its ranges; what is none is left out."""
    found = []
    for reference in references.split():
        match = _RANGE.fullmatch(reference)
        if not match or not (match[1] or match[2]):
            continue
        left, top, right, bottom = match.groups()
        if ":" not in reference:
            right, bottom = left, top
        rows = sorted((int(top or 1), int(bottom or LAST_ROW)))
        columns = sorted(
            (column_number(left or "A"), column_number(right) if right else LAST_COLUMN)
        )
        found.append(Range(rows[0], columns[0], rows[1], columns[1]))
    return found

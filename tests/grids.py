"""Sheets as text: a row a line, cells between `|`; `<` merges with the left, `^` with above."""

from __future__ import annotations

import io
from collections.abc import Mapping

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet


def workbook(sheets: Mapping[str, str], *, at: str = "A1") -> bytes:
    r"""Sheet name → its text. Numbers become numbers, `\n` a line break; `at` is the first cell."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, text in sheets.items():
        sheet = book.create_sheet(name)
        origin = sheet[at]
        _write(sheet, text, origin.row - 1, origin.column - 1)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write(sheet: Worksheet, text: str, down: int, along: int) -> None:
    rows = [line.split("|") for line in text.strip("\n").split("\n")]
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            value = cell.strip(" ")
            if value and value not in "<^":
                sheet.cell(row + 1 + down, column + 1 + along).value = _typed(value)
    for row, column, bottom, right in _merges(rows):
        sheet.merge_cells(
            start_row=row + 1 + down,
            start_column=column + 1 + along,
            end_row=bottom + 1 + down,
            end_column=right + 1 + along,
        )


def _typed(value: str) -> str | float:
    try:
        return float(value) if not value.startswith("'") else value[1:]
    except ValueError:
        return value.replace("\\n", "\n")


def _merges(rows: list[list[str]]) -> list[tuple[int, int, int, int]]:
    def sign(row: int, column: int) -> str:
        inside = row < len(rows) and column < len(rows[row])
        return rows[row][column].strip() if inside else ""

    merges = []
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell.strip() in {"<", "^"}:
                continue
            right, bottom = column, row
            while sign(row, right + 1) == "<":
                right += 1
            while sign(bottom + 1, column) == "^":
                bottom += 1
            if (right, bottom) != (column, row):
                merges.append((row, column, bottom, right))
    return merges

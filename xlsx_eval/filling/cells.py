"""Cells of a template: those there are, what they say, and values put into them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText

from xlsx_eval import look

if TYPE_CHECKING:
    from openpyxl.worksheet.cell_range import CellRange
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | Decimal | dt.date | None

Rows = Mapping[int, Mapping[int, Cell]]


def rows_of(sheet: Worksheet) -> Rows:
    """The cells there are by row and column, in order; asking openpyxl for rows makes new ones."""
    rows: dict[int, dict[int, Cell]] = defaultdict(dict)
    for (row, column), cell in sorted(sheet._cells.items()):  # noqa: SLF001 - see above
        if isinstance(cell, Cell):
            rows[row][column] = cell
    return rows


def merges_of(sheet: Worksheet) -> Mapping[tuple[int, int], CellRange]:
    """Merged ranges by their top-left cell."""
    return {(each.min_row, each.min_col): each for each in sheet.merged_cells.ranges}


def text_of(cell: Cell | None) -> str:
    """What a cell says, if it is text."""
    value = cell.value if cell is not None and cell.data_type != "f" else None
    return str(value).strip() if isinstance(value, str | CellRichText) else ""


def is_blank(cell: Cell | None) -> bool:
    return cell is None or cell.value is None or str(cell.value).strip() == ""


def is_formula(cell: Cell | None) -> bool:
    return cell is not None and cell.data_type == "f"


def top_left(sheet: Worksheet, row: int, column: int) -> Cell | None:
    """The cell, or the one that shows what is merged over it."""
    cell = sheet.cell(row, column)
    if not isinstance(cell, MergedCell):
        return cell
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            first = sheet.cell(merged.min_row, merged.min_col)
            return first if isinstance(first, Cell) else None
    return None


def put(cell: Cell, value: Value, number_format: str = "") -> None:
    """Write a value; a text stays a text, whatever it begins with. Formulas are left alone."""
    if is_formula(cell):
        return
    if isinstance(value, str):
        text = look.plain(value)
        cell.value = text or None
        if text:
            cell.data_type = "s"
        return
    cell.value = float(value) if isinstance(value, Decimal) else value
    if number_format and cell.number_format == "General":
        cell.number_format = number_format

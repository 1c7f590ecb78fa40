"""Cells of a template: those there are, what they say, and values put into them."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from decimal import Decimal
from typing import TYPE_CHECKING

from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText

from xlsx_eval import look
from xlsx_eval.csv_text import begins_formula

if TYPE_CHECKING:
    from openpyxl.worksheet.cell_range import CellRange
    from openpyxl.worksheet.worksheet import Worksheet

RATE = "0.00%"

# what a program that reads the cell would take for an escaped character
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# what a number format shows as it stands: 0.00"%" is no percentage
_QUOTED = re.compile(r'"[^"]*"|\\.')

Value = str | int | Decimal | dt.date | None

AnyCell = Cell | MergedCell
Rows = Mapping[int, Mapping[int, Cell]]


def all_cells(sheet: Worksheet) -> dict[tuple[int, int], AnyCell]:
    """The cells there are; asking openpyxl for rows makes new ones up to the last."""
    return sheet._cells  # noqa: SLF001


def rows_of(sheet: Worksheet) -> Rows:
    """The cells by row and column, in order, but for those that another is merged over."""
    rows: dict[int, dict[int, Cell]] = defaultdict(dict)
    for (row, column), cell in sorted(all_cells(sheet).items()):
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


def is_formula(cell: AnyCell | None) -> bool:
    return cell is not None and cell.data_type == "f"


def copy_style(source: AnyCell, target: AnyCell) -> None:
    target._style = copy(source._style)  # type: ignore[union-attr] # noqa: SLF001 - no other way is quick


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
        cell.value = _ESCAPE.sub(r"_x005F\g<0>", text) or None
        if text:
            cell.data_type = "s"
        if begins_formula(text):
            cell.quotePrefix = True  # as if typed behind an apostrophe
        return
    cell.value = float(value) if isinstance(value, Decimal) else value
    if number_format and cell.number_format == "General":
        cell.number_format = number_format


def put_rate(cell: Cell, rate: Value, *, percent: bool = False) -> None:
    """Write a rate, 1.03, as 103.00%; as 103 where the title (`percent`) or the format says %."""
    if is_formula(cell) or not isinstance(rate, Decimal):
        put(cell, rate)
        return
    bare = _QUOTED.sub("", cell.number_format)
    if "%" not in bare and (percent or "%" in cell.number_format):
        put(cell, rate * 100, "0.00")
        return
    put(cell, rate)
    if "%" not in bare:
        cell.number_format = RATE

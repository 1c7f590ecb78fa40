"""Rows inserted into a sheet as Excel would: everything below moves, everything that points too.

openpyxl moves cells only, and slowly; here each is moved once.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from openpyxl.cell import Cell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.formula import ArrayFormula

from xlsx_eval.filling.cells import all_cells
from xlsx_eval.filling.drawings import move_drawings

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from xlsx_eval.filling.references import Insertion

LAST_ROW = 1_048_576


def insert(book: Workbook, insertion: Insertion) -> None:
    """Insert empty rows; formulas, names, formats, tables and the print area follow."""
    if insertion.count <= 0:
        return
    sheet = book[insertion.sheet]
    _move_cells(sheet, insertion)
    _move_heights(sheet, insertion)
    _move_merges(sheet, insertion)
    _move_formats(sheet, insertion)
    _move_areas(sheet, insertion)
    for each in book.worksheets:
        _rewrite_formulas(each, insertion)
        _rewrite_links(each, insertion)
        for name in each.defined_names.values():
            name.attr_text = _named(name.attr_text, insertion, each.title)
    for name in book.defined_names.values():
        name.attr_text = _named(name.attr_text, insertion, "")
    move_drawings(book, insertion)


def _move_cells(sheet: Worksheet, insertion: Insertion) -> None:
    cells = all_cells(sheet)
    for row, column in sorted((key for key in cells if key[0] >= insertion.at), reverse=True):
        cell = cells.pop((row, column))
        if insertion.row(row) > LAST_ROW:
            continue  # a format laid over whole columns
        cell.row = insertion.row(row)
        cells[cell.row, column] = cell
        if isinstance(cell, Cell) and cell.hyperlink:
            cell.hyperlink.ref = cell.coordinate


def _move_heights(sheet: Worksheet, insertion: Insertion) -> None:
    heights = sheet.row_dimensions
    for row in sorted((row for row in heights if row >= insertion.at), reverse=True):
        dimension = heights.pop(row)
        if insertion.row(row) <= LAST_ROW:
            dimension.index = insertion.row(row)
            heights[insertion.row(row)] = dimension


def _move_merges(sheet: Worksheet, insertion: Insertion) -> None:
    moved = []
    for merged in sheet.merged_cells.ranges:
        merged.min_row, merged.max_row = (
            insertion.row(merged.min_row), insertion.row(merged.max_row)
        )  # fmt: skip
        moved.append(merged)
    sheet.merged_cells = MultiCellRange(moved)


def _move_formats(sheet: Worksheet, insertion: Insertion) -> None:
    """Conditional formats and what cells may be filled with."""
    old = sheet.conditional_formatting
    sheet.conditional_formatting = ConditionalFormattingList()
    for formats in old:
        where = str(_grown(formats.sqref, insertion))
        for rule in formats.rules:
            rule.formula = [insertion.formula(f"={each}", sheet.title)[1:] for each in rule.formula]
            sheet.conditional_formatting.add(where, rule)
    for validation in sheet.data_validations.dataValidation:
        validation.sqref = _grown(validation.sqref, insertion)
        for side in ("formula1", "formula2"):
            text = getattr(validation, side)
            if text and not text.startswith('"'):
                setattr(validation, side, insertion.formula(f"={text}", sheet.title)[1:])


def _grown(ranges: MultiCellRange, insertion: Insertion) -> MultiCellRange:
    grown = []
    for each in ranges.ranges:
        top, bottom = insertion.row(each.min_row), insertion.bottom(each.min_row, each.max_row)
        bottom = min(bottom, LAST_ROW)
        grown.append(
            CellRange(min_row=top, max_row=bottom, min_col=each.min_col, max_col=each.max_col)
        )
    return MultiCellRange(grown)


def _move_areas(sheet: Worksheet, insertion: Insertion) -> None:
    """What is to be printed and filtered, Excel tables, page breaks."""
    if sheet.print_area:
        areas = [_area(each, insertion) for each in sheet.print_area.split(",")]
        sheet.print_area = ",".join(areas)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = _area(sheet.auto_filter.ref, insertion)
    for table in sheet.tables.values():
        table.ref = _area(table.ref, insertion)
        if table.autoFilter and table.autoFilter.ref:
            table.autoFilter.ref = _area(table.autoFilter.ref, insertion)
    for each in sheet.row_breaks.brk:
        each.id = insertion.row(each.id + 1) - 1  # it stands for the row above the break


def _area(reference: str, insertion: Insertion) -> str:
    return insertion.reference(reference.rpartition("!")[2], insertion.sheet)


def _rewrite_formulas(sheet: Worksheet, insertion: Insertion) -> None:
    here = sheet.title == insertion.sheet
    for cell in all_cells(sheet).values():
        if not isinstance(cell, Cell) or cell.data_type != "f":
            continue
        grow = not (here and insertion.within(cell.row))
        if isinstance(cell.value, str):
            cell.value = insertion.formula(cell.value, sheet.title, grow=grow)
        elif isinstance(cell.value, ArrayFormula):
            array = copy(cell.value)
            array.text = insertion.formula(array.text or "", sheet.title, grow=grow)
            if here:
                array.ref = insertion.reference(array.ref, sheet.title, grow=False)
            cell.value = array


def _rewrite_links(sheet: Worksheet, insertion: Insertion) -> None:
    """Links to places in the workbook, whether written as a place or as an address."""
    for cell in all_cells(sheet).values():
        link = cell.hyperlink if isinstance(cell, Cell) else None
        if link is None:
            continue
        if link.location and not link.target:
            link.location = insertion.reference(link.location, sheet.title)
        elif link.target and link.target.startswith("#"):
            link.target = "#" + insertion.reference(link.target[1:], sheet.title)


def _named(text: str, insertion: Insertion, sheet: str) -> str:
    return insertion.formula(f"={text}", sheet)[1:]

"""A row a project: the first row below the header is the pattern of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from decimal import Decimal
from typing import TYPE_CHECKING

from openpyxl.cell import Cell
from openpyxl.formula.translate import Translator
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange

from xlsx_eval.filling.cells import Value, is_blank, is_formula, put
from xlsx_eval.filling.words import IN_WAN, MONEY, RATES

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from xlsx_eval.filling.lists import ProjectList, Title

RATE = "0.0%"


def write_rows(
    sheet: Worksheet, listed: ProjectList, projects: Sequence[Mapping[str, Value]]
) -> None:
    """Fill the list's rows; where there were fewer, the new ones look like the first."""
    rows = range(listed.first, listed.first + max(len(projects), listed.spare))
    _clear_examples(sheet, listed)
    _repeat(sheet, listed, rows[listed.spare :])
    for row, project in zip(rows, projects, strict=False):
        for title in listed.titles:
            cell = sheet.cell(row, title.column)
            if isinstance(cell, Cell):
                put(cell, _value(project, title, listed), RATE if title.key in RATES else "")


def _value(project: Mapping[str, Value], title: Title, listed: ProjectList) -> Value:
    value = project.get(title.key)
    if title.key in MONEY and isinstance(value, Decimal):
        return value * IN_WAN[title.unit or listed.unit]
    return value


def _clear_examples(sheet: Worksheet, listed: ProjectList) -> None:
    """Take out what stands in the spare rows: examples, and numbers of rows not needed."""
    name = next(title.column for title in listed.titles if title.key == "name")
    known = {title.column for title in listed.titles}
    last = max(known)
    for row in range(listed.first, listed.first + listed.spare):
        example = not is_blank(sheet.cell(row, name))  # type: ignore[arg-type]
        for column in range(1, last + 1) if example else known:
            cell = sheet.cell(row, column)
            if isinstance(cell, Cell) and not is_formula(cell):
                cell.value = None


def _repeat(sheet: Worksheet, listed: ProjectList, rows: Sequence[int]) -> None:
    """Styles, formulas, merged cells and height of the pattern, on the rows that are new."""
    if not rows:
        return
    # without a row below the header, the next one down (a total's) is the nearest there is
    pattern = listed.first if listed.spare else rows[-1] + 1
    cells = [cell for cell in _row(sheet, pattern) if isinstance(cell, Cell) or cell.has_style]
    height = sheet.row_dimensions[pattern].height if pattern in sheet.row_dimensions else None
    for row in rows:
        for cell in cells:
            new = sheet.cell(row, cell.column)
            new._style = copy(cell._style)  # noqa: SLF001 - openpyxl has no other quick way
            if listed.spare and is_formula(cell) and isinstance(cell.value, str):
                here = f"{cell.column_letter}{row}"
                new.value = Translator(cell.value, cell.coordinate).translate_formula(here)
        if height is not None:
            sheet.row_dimensions[row].height = height
    merged = [
        each
        for each in sheet.merged_cells.ranges
        if each.min_row == each.max_row == pattern and listed.spare
    ]
    more = _across(merged, rows)
    if more:
        sheet.merged_cells = MultiCellRange([*sheet.merged_cells.ranges, *more])


def _row(sheet: Worksheet, row: int) -> list[Cell]:
    return [sheet.cell(row, column) for column in range(1, sheet.max_column + 1)]  # type: ignore[misc]


def _across(merged: Iterable[CellRange], rows: Iterable[int]) -> list[CellRange]:
    merged = list(merged)
    return [
        CellRange(min_row=row, max_row=row, min_col=each.min_col, max_col=each.max_col)
        for row in rows
        for each in merged
    ]

"""A row a project: the first row below the header is the pattern of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from openpyxl.cell import Cell, MergedCell
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange

from xlsx_eval.filling.cells import (
    AnyCell,
    Value,
    all_cells,
    copy_style,
    is_blank,
    is_formula,
    put,
    put_rate,
)
from xlsx_eval.filling.words import IN_WAN, MONEY, RATES

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from xlsx_eval.filling.lists import ProjectList, Title


def write_rows(
    sheet: Worksheet, listed: ProjectList, projects: Sequence[Mapping[str, Value]]
) -> None:
    """Fill the list's rows; where there were fewer, the new ones look like the first."""
    rows = range(listed.first, listed.first + max(len(projects), listed.spare))
    _split_merged(sheet, listed)
    _clear_examples(sheet, listed)
    _repeat(sheet, listed, rows[listed.spare :])
    for row, project in zip(rows, projects, strict=False):
        for title in listed.titles:
            cell = sheet.cell(row, title.column)
            if isinstance(cell, Cell):
                value = _value(project, title, listed)
                if title.key in RATES:
                    put_rate(cell, value, percent=title.percent)
                else:
                    put(cell, value)


def _value(project: Mapping[str, Value], title: Title, listed: ProjectList) -> Value:
    value = project.get(title.key)
    if title.key in MONEY and isinstance(value, Decimal):
        return value * IN_WAN[title.unit or listed.unit]
    return value


def _split_merged(sheet: Worksheet, listed: ProjectList) -> None:
    """Cells of examples that are merged over several rows are one a project again."""
    last = listed.first + listed.spare - 1
    for merged in list(sheet.merged_cells.ranges):
        if listed.first <= merged.min_row < merged.max_row <= last:
            sheet.unmerge_cells(str(merged))


def _clear_examples(sheet: Worksheet, listed: ProjectList) -> None:
    """Take out what stands in the spare rows: examples, and numbers of rows not needed."""
    name = next(title.column for title in listed.titles if title.key == "name")
    known = {title.column for title in listed.titles}
    left, right = min(known), max(known)
    cells = all_cells(sheet)
    # an example is as wide as the header, the bureau's own columns included
    while _is_title(cells.get((listed.first - 1, right + 1))):
        right += 1
    for row in range(listed.first, listed.first + listed.spare):
        example = not is_blank(sheet.cell(row, name))  # type: ignore[arg-type]
        for column in range(left, right + 1) if example else known:
            cell = sheet.cell(row, column)
            if isinstance(cell, Cell) and not is_formula(cell):
                cell.value = cell.hyperlink = None


def _is_title(cell: AnyCell | None) -> bool:
    return isinstance(cell, MergedCell) or (isinstance(cell, Cell) and not is_blank(cell))


def _repeat(sheet: Worksheet, listed: ProjectList, rows: Sequence[int]) -> None:
    """Styles, formulas, merged cells and height of the pattern, on the rows that are new."""
    if not rows:
        return
    # without a row below the header, the next one down (a total's) is the nearest there is
    pattern = listed.first if listed.spare else rows[-1] + 1
    cells = [(at[1], cell) for at, cell in all_cells(sheet).items() if at[0] == pattern]
    height = sheet.row_dimensions[pattern].height if pattern in sheet.row_dimensions else None
    for row in rows:
        for column, cell in cells:
            new = sheet.cell(row, column)
            copy_style(cell, new)
            if listed.spare and is_formula(cell):
                formula = Translator(str(cell.value), f"{get_column_letter(column)}{pattern}")
                new.value = formula.translate_formula(f"{get_column_letter(column)}{row}")
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


def _across(merged: Iterable[CellRange], rows: Iterable[int]) -> list[CellRange]:
    merged = list(merged)
    return [
        CellRange(min_row=row, max_row=row, min_col=each.min_col, max_col=each.max_col)
        for row in rows
        for each in merged
    ]

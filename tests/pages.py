"""Lists in a workbook of ours as people read them: below the row of their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def header(sheet: Worksheet, title: str) -> int:
    """The row, from 1, that has a cell with that title."""
    return next(
        number
        for number, row in enumerate(sheet.iter_rows(max_row=20, values_only=True), start=1)
        if title in row
    )


def records(sheet: Worksheet, title: str = "序号") -> list[dict[str, Any]]:
    """The rows below the titles, up to the first blank row."""
    first = header(sheet, title)
    titles = [str(cell.value) for cell in sheet[first]]
    found = []
    for row in sheet.iter_rows(min_row=first + 1, values_only=True):
        if all(value is None for value in row):
            break
        found.append(dict(zip(titles, row, strict=True)))
    return found


def columns(sheet: Worksheet, title: str, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of the list, a tuple a row."""
    return [tuple(record[name] for name in names) for record in records(sheet, title)]


def totals(sheet: Worksheet, title: str = "序号") -> dict[str, Any]:
    """Title → value in the row of totals, which stands above the titles."""
    row = header(sheet, title)
    return {
        str(cell.value): sheet.cell(row - 1, cell.column).value
        for cell in sheet[row]
        if cell.value is not None
    }


def cards(sheet: Worksheet) -> dict[str, Any]:
    """Label → value of the key figures: the value stands under its label."""
    return {
        str(cell.value): sheet.cell(number + 1, cell.column).value
        for number in (3, 6, 9, 12, 15)
        for cell in sheet[number]
        if cell.value is not None
    }


def links(sheet: Worksheet, title: str, name: str) -> list[str | None]:
    """Where the cells of a column lead to: a file, or a place in this workbook."""
    first = header(sheet, title)
    column = next(cell.column for cell in sheet[first] if cell.value == name)
    found: list[str | None] = []
    for row in range(first + 1, first + 1 + len(records(sheet, title))):
        link = sheet.cell(row, column).hyperlink
        found.append((link.target or link.location) if link else None)
    return found

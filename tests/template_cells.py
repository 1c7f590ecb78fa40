"""A template as its reader sees it: cells by their defined names, what may be entered, texts."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from xlsx_eval import look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.datavalidation import DataValidation


def opened(content: bytes, *, values: bool = False) -> Workbook:
    return load_workbook(BytesIO(content), data_only=values)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def part(content: bytes, name: str) -> str:
    return parts(content)[name].decode()


def first_sheet(book: Workbook) -> Worksheet:
    sheet = book[book.sheetnames[0]]
    assert isinstance(sheet, Worksheet)
    return sheet


def named(book: Workbook, name: str) -> Cell:
    """Return the first cell of a defined name."""
    ((sheet, area),) = book.defined_names[name].destinations
    cell = book[sheet][area.split(":")[0].replace("$", "")]
    assert isinstance(cell, Cell)
    return cell


def is_input(cell: Cell) -> bool:
    return not cell.protection.locked and cell.fill.fgColor.rgb == f"FF{look.INPUT}"


def validation(cell: Cell) -> DataValidation:
    """Return the one validation of the cell; Excel does not bear two."""
    sheet = cell.parent
    assert isinstance(sheet, Worksheet)
    found: list[DataValidation] = [
        rules for rules in sheet.data_validations.dataValidation if cell.coordinate in rules.sqref
    ]
    assert len(found) == 1
    return found[0]


def texts(sheet: Worksheet) -> Iterator[tuple[Cell, str]]:
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and cell.data_type == "s":
                yield cell, str(cell.value)

"""A template: read and looked through once before the run, filled in at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl.worksheet.cell_range import CellRange

from xlsx_eval.errors import UsageError
from xlsx_eval.filling import package
from xlsx_eval.filling.cells import Value, put, put_rate, rows_of, text_of, top_left
from xlsx_eval.filling.inserting import insert
from xlsx_eval.filling.lists import Kind, ProjectList, list_of
from xlsx_eval.filling.references import Insertion
from xlsx_eval.filling.rows import write_rows
from xlsx_eval.filling.words import IN_WAN, MONEY, RATES, figure_key, stated_unit

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.worksheet import Worksheet

Records = Sequence[Mapping[str, Value]]


@dataclass(frozen=True)
class Template:
    """The bureau's workbook; the file is only read."""

    path: Path
    data: bytes

    @property
    def suffix(self) -> str:
        """`.xlsm` where it holds macros, else `.xlsx`."""
        return ".xlsm" if package.has_macros(self.data) else ".xlsx"

    @property
    def left_out(self) -> tuple[str, ...]:
        """What it shows that the filled one will not: pictures, shapes …."""
        return package.left_out(self.data)

    def filled(self, figures: Mapping[str, Value], records: Mapping[Kind, Records]) -> bytes:
        """The workbook with the figures in its named cells and the records in its lists.

        Keys are those of `words.FIGURES` and `words.COLUMNS`, amounts in 万元, rates fractions. A
        figure that is not given leaves its cell as it is; None empties it. Formulas stay.
        """
        book = package.load(self.path, self.data)
        lists = _lists(book)
        for listed in lists:
            at = listed.first + listed.spare
            rows = records.get(listed.kind, ())
            more = max(len(rows) - listed.spare, 0)
            insert(book, Insertion(listed.sheet, listed.first, at, more))
            write_rows(book[listed.sheet], listed, rows)
        for key, cell, unit in _named_cells(book):
            if key in figures and not any(each.holds(cell, records) for each in lists):
                _write_figure(key, cell, unit, figures[key])
        return package.save(self.path, book)


def read_template(path: Path) -> Template:
    """The template's file. Raises UsageError where it can't be read or has nothing to fill in."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read the template {path}: {error.strerror}") from error
    book = package.load(path, data)
    found = bool(_lists(book)) or any(_named_cells(book))
    package.close(book)
    if not found:
        raise UsageError(
            f"the template {path} has nothing to fill in: give cells names such as 项目数 or "
            "planned (Formulas, Define Name), or a sheet a header row with 项目名称 and other "
            "known titles; docs/summary-template.md lists them"
        )
    return Template(path, data)


def _lists(book: Workbook) -> list[ProjectList]:
    return [found for sheet in book.worksheets if (found := list_of(sheet))]


def _named_cells(book: Workbook) -> Iterator[tuple[str, Cell, str]]:
    """The figure, cell and unit of money of each known name, the workbook's names first."""
    named = list(book.defined_names.items())
    for each in book.worksheets:
        named += each.defined_names.items()
    units: dict[str, str] = {}
    for name, defined in named:
        key = figure_key(name)
        where = _cell_of(book, defined) if key else None
        if key and where:
            sheet, cell = where
            if sheet.title not in units:
                units[sheet.title] = _unit_of(sheet)
            yield key, cell, units[sheet.title]


def _cell_of(book: Workbook, defined: DefinedName) -> tuple[Worksheet, Cell] | None:
    """The one cell (or merged cell) that a name stands for; a column of cells is none."""
    places = list(defined.destinations)
    if len(places) != 1 or places[0][0] not in book.sheetnames:
        return None
    sheet = book[places[0][0]]
    if sheet not in book.worksheets:
        return None
    try:
        left, top, right, bottom = CellRange(places[0][1]).bounds
    except ValueError:  # whole rows or columns
        return None
    cell = top_left(sheet, top, left)
    if (left, top) != (right, bottom) and top_left(sheet, bottom, right) is not cell:
        return None
    return (sheet, cell) if cell is not None else None


def _unit_of(sheet: Worksheet) -> str:
    """The unit of money that the sheet states, where it states only one; else 万元."""
    units = {
        unit
        for cells in rows_of(sheet).values()
        for cell in cells.values()
        if (unit := stated_unit(text_of(cell)))
    }
    return units.pop() if len(units) == 1 else "万元"


def _write_figure(key: str, cell: Cell, unit: str, value: Value) -> None:
    if key in MONEY and isinstance(value, Decimal):
        value *= IN_WAN[unit]
    if key in RATES:
        put_rate(cell, value)
    else:
        put(cell, value)

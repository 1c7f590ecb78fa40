"""The XML spreadsheets of Excel 2003 (SpreadsheetML), often named .xls."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.ours import REVIEW_SHEET
from xlsx_eval.reading.formats.assemble import DAMAGED, Found
from xlsx_eval.reading.formats.bounded import MAX_COLUMNS, Budget, Sheet
from xlsx_eval.reading.formats.displayed import (
    as_float,
    characters,
    of_number,
    of_text,
    of_value,
    on_whole_day,
)
from xlsx_eval.reading.formats.encodings import decoded, head
from xlsx_eval.reading.formats.large import PartOfForm, Watch
from xlsx_eval.reading.formats.xmlstream import Target, parse, pieces
from xlsx_eval.reading.grid import Workbook

_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{_NAMESPACE}}}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_ROOT = re.compile(r"<(?:\w+:)?Workbook\b")
_TRUE = {"1", "true"}
_NO_DAY = {date(1899, 12, 30), date(1899, 12, 31)}  # the day of a time of day


def looks_like(data: bytes) -> bool:
    """Whether a file is an XML spreadsheet: Office's own encodings, with or without a mark."""
    start = head(data)
    return start.startswith("<") and bool(_ROOT.search(start)) and _NAMESPACE in start


def read(data: bytes, part_of_form: PartOfForm | None = None) -> Workbook:
    """Bytes of an XML spreadsheet → its sheets, the review that we wrote ourselves apart.

    Of a sheet too large for a form only the beginning is read where `part_of_form` denies that it
    belongs to one. Raises UnreadableWorkbook with a Chinese sentence that says what the unit has
    to do.
    """
    target = _Spreadsheet(part_of_form)
    parse(pieces(decoded(data)), target, target.budget)
    book = Workbook.of(sheet.grid() for sheet in target.sheets)
    if not book.sheets:
        raise UnreadableWorkbook(DAMAGED)
    return book


@dataclass(slots=True)
class _Cell:
    """A cell as its elements tell; `kind` is the type of its data, if it has any."""

    attributes: dict[str, str]
    kind: str | None = None
    pieces: list[str] = field(default_factory=list)


class _Spreadsheet(Target):
    """Sheets out of the elements of the file."""

    def __init__(self, part_of_form: PartOfForm | None) -> None:
        self.sheets: list[Sheet] = []
        self.budget = Budget()
        self._part_of_form = part_of_form
        self._watch: Watch | None = None  # over the sheet, until enough of it was seen
        self._formats: dict[str, str] = {}
        self._style = ""
        self._table_style: str | None = None
        self._column_styles: dict[int, str] = {}
        self._row_style: str | None = None
        self._column = self._row = self._col = 0
        self._next_row = 0
        self._row_hidden = False
        self._cell: _Cell | None = None
        self._in_data = False
        self._skipped = 0
        self._visible: list[str] | None = None  # what a sheet's options say of it

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if self._skipped:
            self._skipped += 1
        elif self._cell is not None and not self._in_data and tag != f"{_SS}Data":
            self._skipped = 1  # a comment, a phonetic text
        elif begin := self._BEGINS.get(tag):
            begin(self, attributes)

    def finish(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif finish := self._ENDS.get(tag):
            finish(self)

    def write(self, text: str) -> None:
        if self._in_data and self._cell is not None:
            self.budget.take_text(len(text))
            self._cell.pieces.append(text)
        elif self._visible is not None:
            self.budget.take_text(len(text))
            self._visible.append(text)

    def _start_style(self, attributes: dict[str, str]) -> None:
        self._style = attributes.get(f"{_SS}ID", "")
        parent = self._formats.get(attributes.get(f"{_SS}Parent", "Default"))
        if parent:
            self._formats[self._style] = parent

    def _start_format(self, attributes: dict[str, str]) -> None:
        self._formats[self._style] = attributes.get(f"{_SS}Format", "General")

    def _start_sheet(self, attributes: dict[str, str]) -> None:
        self.budget.take_sheet()
        self.sheets.append(Sheet(attributes.get(f"{_SS}Name", ""), self.budget))
        self._watch = Watch(self.sheets[-1], self._part_of_form)
        self._column_styles = {}
        self._table_style = None
        self._column = self._next_row = 0

    def _start_name(self, attributes: dict[str, str]) -> None:
        """A name, of a sheet where it stands in one; ours marks the review that we wrote."""
        if self.sheets and attributes.get(f"{_SS}Name") == REVIEW_SHEET:
            self.sheets[-1].review = True

    def _start_table(self, attributes: dict[str, str]) -> None:
        self._table_style = attributes.get(f"{_SS}StyleID")
        self._column = _number(attributes, "LeftCell", 1) - 1
        self._next_row = _number(attributes, "TopCell", 1) - 1

    def _start_column(self, attributes: dict[str, str]) -> None:
        first = max(_number(attributes, "Index", self._column + 1) - 1, self._column)
        count = _number(attributes, "Span") + 1
        if attributes.get(f"{_SS}Hidden") in _TRUE and self.sheets:
            self.sheets[-1].hide_columns(first, count)
        points = as_float(attributes.get(f"{_SS}Width", ""))
        if points is not None and self.sheets:
            self.sheets[-1].set_width(first, count, characters(points))
        if style := attributes.get(f"{_SS}StyleID"):
            last = min(first + count, MAX_COLUMNS)
            self._column_styles.update(dict.fromkeys(range(first, last), style))
        self._column = first + count

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = _number(attributes, "Index", self._next_row + 1) - 1
        self._next_row = self._row + 1 + _number(attributes, "Span")
        self._col = 0
        self._row_style = attributes.get(f"{_SS}StyleID")
        self._row_hidden = attributes.get(f"{_SS}Hidden") in _TRUE

    def _end_row(self) -> None:
        if self._watch and self._watch.has_seen_enough():
            self._watch = None

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._col = _number(attributes, "Index", self._col + 1) - 1
        if self._watch:
            self._cell = _Cell(attributes)

    def _start_data(self, attributes: dict[str, str]) -> None:
        if self._cell is not None:
            self._cell.kind = attributes.get(f"{_SS}Type", "String")
            self._in_data = True

    def _end_data(self) -> None:
        self._in_data = False

    def _end_cell(self) -> None:
        cell, self._cell = self._cell, None
        if cell is None:
            return
        sheet = self.sheets[-1]
        across = _number(cell.attributes, "MergeAcross")
        down = _number(cell.attributes, "MergeDown")
        sheet.merge(self._row, self._col, self._row + down, self._col + across)
        found = _found(cell, self._format(cell))
        if found.text:
            sheet.put(self._row, self._col, found)
            if self._row_hidden:
                sheet.hidden_rows.add(self._row)
        self._col += 1 + across

    def _format(self, cell: _Cell) -> str:
        """The cell's number format: of its own style, else its row's, column's, table's."""
        style = (
            cell.attributes.get(f"{_SS}StyleID")
            or self._row_style
            or self._column_styles.get(self._col)
            or self._table_style
            or "Default"
        )
        return self._formats.get(style, "General")

    def _start_visible(self, _: dict[str, str]) -> None:
        self._visible = []

    def _end_visible(self) -> None:
        if self.sheets and "Hidden" in "".join(self._visible or ()):
            self.sheets[-1].hidden = True
        self._visible = None

    _BEGINS: ClassVar[dict[str, Callable[[_Spreadsheet, dict[str, str]], None]]] = {
        f"{_SS}Style": _start_style,
        f"{_SS}NumberFormat": _start_format,
        f"{_SS}Worksheet": _start_sheet,
        f"{_SS}NamedRange": _start_name,
        f"{_SS}Table": _start_table,
        f"{_SS}Column": _start_column,
        f"{_SS}Row": _start_row,
        f"{_SS}Cell": _start_cell,
        f"{_SS}Data": _start_data,
        f"{_EXCEL}Visible": _start_visible,
    }
    _ENDS: ClassVar[dict[str, Callable[[_Spreadsheet], None]]] = {
        f"{_SS}Row": _end_row,
        f"{_SS}Cell": _end_cell,
        f"{_SS}Data": _end_data,
        f"{_EXCEL}Visible": _end_visible,
    }


def _number(attributes: dict[str, str], name: str, default: int = 0) -> int:
    """A count or a place that the file states; raises ValueError where it is none."""
    return max(int(attributes.get(f"{_SS}{name}", default)), 0)


def _found(cell: _Cell, format_code: str) -> Found:
    """The value of a cell, by its type; its text where that is no such value."""
    text = "".join(cell.pieces)
    formula = cell.attributes.get(f"{_SS}Formula")
    found = None
    match cell.kind:
        case "Number" if (number := as_float(text)) is not None:
            found = of_number(number, format_code, formula)
        case "Boolean" if text.strip() in {"0", "1"}:
            found = of_value(text.strip() == "1", formula)
        case "DateTime":
            found = _moment(text, formula)
        case "Error" if text:
            found = Found(None, text, formula, text)
        case "String":
            found = Found(text, text, formula)
    return found or of_text(text, formula)


def _moment(text: str, formula: str | None) -> Found | None:
    """A date, or the time of day that stands on the day before all dates."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return of_value(at.time() if at.date() in _NO_DAY else on_whole_day(at), formula)

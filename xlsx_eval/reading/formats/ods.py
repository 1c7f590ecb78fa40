"""OpenDocument spreadsheets: .ods, and .fods, the same in one XML file."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from lzma import LZMAError
from typing import ClassVar

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.ours import REVIEW_SHEET
from xlsx_eval.reading.formats.assemble import DAMAGED, Found
from xlsx_eval.reading.formats.bounded import Budget, Sheet
from xlsx_eval.reading.formats.displayed import (
    as_float,
    characters,
    of_shown_number,
    of_text,
    of_value,
    on_whole_day,
)
from xlsx_eval.reading.formats.encodings import decoded, head
from xlsx_eval.reading.formats.large import PartOfForm, Watch
from xlsx_eval.reading.formats.numbers import formatted
from xlsx_eval.reading.formats.xmlstream import PIECE, Target, parse, pieces
from xlsx_eval.reading.grid import Workbook

_ODF = "{urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE, _TEXT, _STYLE = (
    f"{_ODF}{part}:1.0}}" for part in ("office", "table", "text", "style")
)
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_VALUE_TYPE = f"{_OFFICE}value-type"
_FORMULA = f"{_TABLE}formula"
_REPEATED = f"{_TABLE}number-columns-repeated"
_ACROSS = f"{_TABLE}number-columns-spanned"
_DOWN = f"{_TABLE}number-rows-spanned"
_LEFT_OUT = {f"{_TABLE}shapes", f"{_TABLE}dde-links", f"{_TABLE}tracked-changes", f"{_OFFICE}forms"}
_NOT_SHOWN = {f"{_TEXT}note", f"{_TEXT}ruby-text"}
_BLANKS = {f"{_TEXT}s": "\x01", f"{_TEXT}tab": "\x02", f"{_TEXT}line-break": "\x03"}
"""Blanks written as elements, by a sign that no XML holds."""
_WRITTEN = str.maketrans("\x01\x02\x03", " \t\n")
_SIGN = re.compile(r"[\x01-\x1f]")
_LAID_OUT = re.compile(r"[\t\r\n]")
_RUN = re.compile(r"[ \t\r\n]+")
_FORMULA_PREFIX = re.compile(r"^\w+:(?==)", re.ASCII)
_DURATION = re.compile(
    r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.ASCII
)
_LENGTH = re.compile(r"([\d.]{1,10})(cm|mm|in|pt)", re.ASCII)
_POINTS = {"cm": 72 / 2.54, "mm": 7.2 / 2.54, "in": 72, "pt": 1}
_CACHED = re.compile(r"'[^']*:/.*'#")  # a sheet of another file, kept by LibreOffice for its links
_ANY_DAY = datetime(2000, 1, 1)  # noqa: DTZ001 - a cell knows no time zone
_MANY_ROWS = 1000  # a blank merge repeated so often is decoration
_MANIFEST_BYTES = 4 * 1024 * 1024
_PASSWORD = "文件设置了打开密码，请取消密码后重新报送。"  # noqa: S105 - a sentence about one
_ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, LZMAError, OSError, EOFError, LookupError, ValueError,
    NotImplementedError,
)  # fmt: skip


def looks_like(data: bytes) -> bool:
    """Whether a file that is no zip archive is a flat OpenDocument spreadsheet."""
    start = head(data)
    return start.startswith("<") and "<office:document" in start and "opendocument.sp" in start


def read(data: bytes, part_of_form: PartOfForm | None = None) -> Workbook:
    """Bytes of an .ods or .fods file → its sheets, the review that we wrote ourselves apart.

    Of a sheet too large for a form only the beginning is read where `part_of_form` denies that it
    belongs to one. Raises UnreadableWorkbook with a Chinese sentence that says what the unit has
    to do.
    """
    content = _Content(part_of_form)
    source = _packed(data) if data.startswith(b"PK") else pieces(decoded(data))
    parse(source, content, content.budget)
    book = Workbook.of(sheet.grid() for sheet in content.sheets)
    if not book.sheets:
        raise UnreadableWorkbook(
            "文件里没有电子表格（可能是改了扩展名的文档），请报送 Excel 工作簿。"
        )
    return book


def _packed(data: bytes) -> Iterator[bytes]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        if _encrypted(archive):
            raise UnreadableWorkbook(_PASSWORD)
        with archive.open("content.xml") as stream:
            while piece := stream.read(PIECE):
                yield piece
    except _ZIP_FAULTS as error:
        raise UnreadableWorkbook(DAMAGED) from error


def _encrypted(archive: zipfile.ZipFile) -> bool:
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        return True
    if "META-INF/manifest.xml" not in archive.namelist():
        return False
    with archive.open("META-INF/manifest.xml") as stream:
        return b"encryption-data" in stream.read(_MANIFEST_BYTES)


@dataclass(slots=True)
class _Cell:
    """A cell as its element tells; `count` times the same one stands side by side."""

    attributes: dict[str, str]
    paragraphs: list[list[str]] = field(default_factory=list)
    col: int = 0
    count: int = 1
    found: Found | None = None

    @property
    def merged(self) -> bool:
        return _ACROSS in self.attributes or _DOWN in self.attributes

    def settle(self, col: int) -> None:
        """All of the element has been seen: it stands in this column."""
        self.col = col
        self.count = _count(self.attributes, _REPEATED)
        if self.paragraphs or _VALUE_TYPE in self.attributes or _FORMULA in self.attributes:
            found = _found(self.attributes, "\n".join(map(_plain, self.paragraphs)))
            self.found = found if found.text else None

    def put(self, row: int, sheet: Sheet) -> None:
        if self.merged:
            down, across = _count(self.attributes, _DOWN), _count(self.attributes, _ACROSS)
            sheet.merge(row, self.col, row + down - 1, self.col + across - 1)
        if self.found:
            for col in range(self.col, self.col + self.count):
                sheet.put(row, col, self.found)


def _plain(pieces: list[str]) -> str:
    """The text of a paragraph; where it was broken into lines of XML, blanks run together."""
    text = "".join(pieces)
    if not _SIGN.search(text):
        return text
    if _LAID_OUT.search(text):
        text = _RUN.sub(" ", text).strip(" ")
    return text.translate(_WRITTEN)


def _count(attributes: dict[str, str], name: str) -> int:
    """A number of repeats or cells; raises ValueError where it is none."""
    return max(int(attributes.get(name, 1)), 1)


def _collapsed(attributes: dict[str, str]) -> bool:
    return attributes.get(f"{_TABLE}visibility", "visible") != "visible"


def _found(attributes: dict[str, str], displayed: str) -> Found:
    """The value of a cell, by its type; its text where the file states no such value."""
    formula = attributes.get(_FORMULA)
    formula = _FORMULA_PREFIX.sub("", formula) if formula else None
    if attributes.get(_CALC_TYPE) == "error":
        error = displayed or "#VALUE!"
        return Found(None, error, formula, error)
    kind = attributes.get(_VALUE_TYPE)
    match kind:
        case "float" | "currency" | "percentage":
            found = _number(attributes.get(f"{_OFFICE}value", ""), displayed, kind, formula)
        case "date":
            found = _date(attributes.get(f"{_OFFICE}date-value", ""), formula)
        case "time":
            found = _time(attributes.get(f"{_OFFICE}time-value", ""), formula)
        case "boolean":
            found = of_value(attributes.get(f"{_OFFICE}boolean-value") == "true", formula)
        case "string":
            stored = attributes.get(f"{_OFFICE}string-value")
            return _string(displayed if displayed or stored is None else stored, formula)
        case _:
            found = None
    return found or of_text(displayed, formula)


def _string(text: str, formula: str | None) -> Found:
    """A text; a formula may well have come to none."""
    return of_text(text, formula) if text else Found("", "")


def _number(value: str, displayed: str, kind: str, formula: str | None) -> Found | None:
    number = as_float(value)
    if number is None:
        return None
    if displayed:
        return of_shown_number(number, displayed, formula)
    return of_value(number, formula, formatted(number, "0%") if kind == "percentage" else None)


def _date(value: str, formula: str | None) -> Found | None:
    try:
        return of_value(on_whole_day(datetime.fromisoformat(value)), formula)
    except ValueError:
        return None


def _time(value: str, formula: str | None) -> Found | None:
    match = _DURATION.fullmatch(value)
    if not match:
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups()[1:])
    try:
        past = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return None
    if match[1] or past >= timedelta(days=1):
        return of_value(-past if match[1] else past, formula)
    return of_value((_ANY_DAY + past).time(), formula)


class _Content(Target):
    """Sheets out of the elements of content.xml."""

    def __init__(self, part_of_form: PartOfForm | None) -> None:
        self.sheets: list[Sheet] = []
        self._spreadsheet = False
        self.budget = Budget()
        self._part_of_form = part_of_form
        self._watch: Watch | None = None  # over the sheet, until enough of it was seen
        self._hidden_styles: set[str] = set()
        self._widths: dict[str, float] = {}  # style of columns → characters
        self._style = ""
        self._skipped = 0  # how deep inside an element that is left out
        self._tables = 0
        self._row = 0
        self._column = 0
        self._cells: list[_Cell] = []
        self._col = 0
        self._row_attributes: dict[str, str] = {}
        self._cell: _Cell | None = None
        self._paragraphs = 0

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if self._skipped:
            self._skipped += 1
        elif self._cell is not None:
            self._start_inside(tag, attributes)
        elif begin := self._BEGINS.get(tag):
            begin(self, attributes)
        elif tag in _LEFT_OUT:
            self._skipped = 1

    def finish(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif finish := self._ENDS.get(tag):
            finish(self)

    def write(self, text: str) -> None:
        if self._paragraphs and not self._skipped and self._cell is not None:
            self.budget.take_text(len(text))
            self._cell.paragraphs[-1].append(text)

    def _start_inside(self, tag: str, attributes: dict[str, str]) -> None:
        """Inside a cell only its own text counts: no notes, pictures, tables."""
        if not tag.startswith(_TEXT) or tag in _NOT_SHOWN or self._cell is None:
            self._skipped = 1
        elif tag == f"{_TEXT}p":
            self._paragraphs += 1
            self._cell.paragraphs.append([])
        elif tag in _BLANKS and self._paragraphs:
            count = _count(attributes, f"{_TEXT}c")
            self.budget.take_text(count)
            self._cell.paragraphs[-1].append(_BLANKS[tag] * count)

    def _end_paragraph(self) -> None:
        self._paragraphs = max(self._paragraphs - 1, 0)

    def _start_spreadsheet(self, _: dict[str, str]) -> None:
        self._spreadsheet = True

    def _start_style(self, attributes: dict[str, str]) -> None:
        self._style = attributes.get(f"{_STYLE}name", "")

    def _start_table_style(self, attributes: dict[str, str]) -> None:
        if attributes.get(f"{_TABLE}display") == "false":
            self._hidden_styles.add(self._style)

    def _start_column_style(self, attributes: dict[str, str]) -> None:
        length = _LENGTH.fullmatch(attributes.get(f"{_STYLE}column-width", ""))
        if length and (number := as_float(length[1])) is not None:
            self._widths[self._style] = characters(number * _POINTS[length[2]])

    def _start_table(self, attributes: dict[str, str]) -> None:
        name = attributes.get(f"{_TABLE}name", "")
        if not self._spreadsheet or self._tables or _CACHED.match(name):
            self._skipped = 1
            return
        self.budget.take_sheet()
        self._tables = 1
        self._row = self._column = 0
        hidden = attributes.get(f"{_TABLE}style-name") in self._hidden_styles
        self.sheets.append(Sheet(name, self.budget, hidden))
        self._watch = Watch(self.sheets[-1], self._part_of_form)

    def _end_table(self) -> None:
        self._tables = 0
        self._watch = None

    def _start_name(self, attributes: dict[str, str]) -> None:
        """A name of the sheet's own; ours marks the review that we wrote."""
        if self._tables and attributes.get(f"{_TABLE}name") == REVIEW_SHEET:
            self.sheets[-1].review = True

    def _start_column(self, attributes: dict[str, str]) -> None:
        count = _count(attributes, _REPEATED)
        if self._tables and _collapsed(attributes):
            self.sheets[-1].hide_columns(self._column, count)
        width = self._widths.get(attributes.get(f"{_TABLE}style-name", ""))
        if self._tables and width is not None:
            self.sheets[-1].set_width(self._column, count, width)
        self._column += count

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._cells, self._col = [], 0
        self._row_attributes = attributes

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if self._watch:
            self._cell = _Cell(attributes)

    def _end_cell(self) -> None:
        cell, self._cell, self._paragraphs = self._cell, None, 0
        if cell is None:
            return
        cell.settle(self._col)
        if cell.found or cell.merged:
            self._cells.append(cell)
        self._col += cell.count

    def _end_row(self) -> None:
        count = _count(self._row_attributes, f"{_TABLE}number-rows-repeated")
        if self._cells and self._watch:
            self._put_row(count, self.sheets[-1])
            if self._watch.has_seen_enough():
                self._watch = None
        self._row += count
        self._cells = []

    def _put_row(self, count: int, sheet: Sheet) -> None:
        filled = sum(cell.count for cell in self._cells if cell.found)
        sheet.take_repeated(filled * count - sum(1 for cell in self._cells if cell.found))
        for row in range(self._row, self._row + (count if filled else min(count, _MANY_ROWS))):
            if _collapsed(self._row_attributes):
                sheet.hidden_rows.add(row)
            for cell in self._cells:
                cell.put(row, sheet)

    _BEGINS: ClassVar[dict[str, Callable[[_Content, dict[str, str]], None]]] = {
        f"{_OFFICE}spreadsheet": _start_spreadsheet,
        f"{_STYLE}style": _start_style,
        f"{_STYLE}table-properties": _start_table_style,
        f"{_STYLE}table-column-properties": _start_column_style,
        f"{_TABLE}table": _start_table,
        f"{_TABLE}named-range": _start_name,
        f"{_TABLE}table-column": _start_column,
        f"{_TABLE}table-row": _start_row,
        f"{_TABLE}table-cell": _start_cell,
        f"{_TABLE}covered-table-cell": _start_cell,
    }
    _ENDS: ClassVar[dict[str, Callable[[_Content], None]]] = {
        f"{_TEXT}p": _end_paragraph,
        f"{_TABLE}table": _end_table,
        f"{_TABLE}table-row": _end_row,
        f"{_TABLE}table-cell": _end_cell,
        f"{_TABLE}covered-table-cell": _end_cell,
    }

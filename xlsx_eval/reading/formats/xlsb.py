"""A binary workbook (.xlsb) → its sheets. Parts in a ZIP archive, records as in [MS-XLSB]."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.ours import REVIEW_SHEET
from xlsx_eval.reading.formats import archive
from xlsx_eval.reading.formats.archive import Archive
from xlsx_eval.reading.formats.assemble import DAMAGED, Found
from xlsx_eval.reading.formats.biff import (
    FORMULA,
    MAX_TEXTS,
    TOO_MANY_TEXTS,
    error,
    packed_number,
    truth,
    workbook,
    written,
)
from xlsx_eval.reading.formats.bounded import MAX_ROWS, Budget, Sheet
from xlsx_eval.reading.formats.large import PartOfForm, Watch
from xlsx_eval.reading.formats.ooxml.package import Package, Relation
from xlsx_eval.reading.formats.styles import Styles
from xlsx_eval.reading.grid import Grid, Workbook
from xlsx_eval.reading.limits import USUAL
from xlsx_eval.reading.limits import Budget as PackageBudget

WORKBOOK = "xl/workbook.bin"
FAULTS = (struct.error, LookupError, *archive.FAULTS)
TOO_LARGE = "文件解压后过大，请删去与自评表无关的工作表、行列和格式后重新报送。"
MAX_BYTES = 100 * 1024 * 1024  # unpacked, of all parts that are read
MAX_RECORDS = 5_000_000
NO_TEXT = 0xFFFFFFFF
SHORT = 11  # a cell that follows the last one is of a kind so much higher, and tells no column
LAST_SHORT = 18
_CELL = struct.Struct("<II")  # column, style and flags
_NUMBER = struct.Struct("<I")
_FLOAT = struct.Struct("<d")
_RANGE = struct.Struct("<IIII")


def read(data: bytes, part_of_form: PartOfForm | None = None) -> Workbook:
    """Bytes of an .xlsb → its worksheets, the review that we wrote ourselves apart.

    Of a sheet too large for a form only the beginning is read where `part_of_form` denies that
    it belongs to it. Raises UnreadableWorkbook with a Chinese sentence that says what to do.
    """
    try:
        book = Book(Parts(Package(Archive.of(data), PackageBudget(USUAL))))
        return workbook(_grids(book, part_of_form))
    except FAULTS as fault:
        raise UnreadableWorkbook(DAMAGED) from fault


def _grids(book: Book, part_of_form: PartOfForm | None) -> Iterator[Grid]:
    budget = Budget()
    for number, listed in enumerate(book.listed):
        relation = book.relations.get(listed.relation)
        if relation and relation.kind != "worksheet":
            continue
        budget.take_sheet()
        worksheet = Worksheet(
            book, Sheet(listed.name, budget, listed.hidden, number in book.reviews)
        )
        worksheet.read(book.relations[listed.relation].part, part_of_form)
        yield worksheet.sheet.grid()


@dataclass
class Parts:
    """The records of a package's parts, as many as one file may have."""

    package: Package
    bytes_left: int = MAX_BYTES
    records_left: int = MAX_RECORDS

    def records(self, part: str) -> Iterator[tuple[int, bytes]]:
        """Each record's kind and content; raises KeyError where there is no such part."""
        data = self._whole(part)
        at = 0
        while at < len(data):
            kind = data[at]
            at += 1
            if kind & 0x80:
                kind = kind & 0x7F | data[at] << 7
                at += 1
            size = shift = 0
            while True:
                size |= (data[at] & 0x7F) << shift
                shift += 7
                at += 1
                if data[at - 1] < 0x80 or shift == 28:
                    break
            if at + size > len(data):
                raise ValueError("no such record")
            self.records_left -= 1
            if not self.records_left:
                raise UnreadableWorkbook(TOO_LARGE)
            yield kind, data[at : at + size]
            at += size

    def _whole(self, part: str) -> bytes:
        pieces = []
        for piece in self.package.archive.pieces(part):
            self.bytes_left -= len(piece)
            if self.bytes_left < 0:
                raise UnreadableWorkbook(TOO_LARGE)
            pieces.append(piece)
        return b"".join(pieces)


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet as the workbook lists it."""

    name: str
    relation: str
    hidden: bool


@dataclass
class Book:
    """What the workbook says for all its sheets."""

    parts: Parts
    listed: list[Listed] = field(default_factory=list)
    reviews: set[int] = field(default_factory=set)
    since_1904: bool = False

    def __post_init__(self) -> None:
        for kind, content in self.parts.records(self._workbook):
            if reader := self._RECORDS.get(kind):
                reader(self, content)

    @cached_property
    def _workbook(self) -> str:
        documents = self.parts.package.relations("").values()
        parts = [each.part for each in documents if each.kind == "officedocument"]
        return next((part for part in parts if self.parts.package.has(part)), WORKBOOK)

    @cached_property
    def relations(self) -> dict[str, Relation]:
        return self.parts.package.relations(self._workbook)

    @cached_property
    def texts(self) -> list[Found]:
        texts: list[Found] = []
        for kind, content in self._records_of("sharedstrings"):
            if kind == 19:
                texts.append(written(_text(content, 1)))
            if len(texts) > MAX_TEXTS:
                raise UnreadableWorkbook(TOO_MANY_TEXTS)
        return texts

    @cached_property
    def styles(self) -> Styles:
        formats: dict[int, str] = {}
        styles: list[int] = []
        for_cells = False
        for kind, content in self._records_of("styles"):
            if kind == 44:
                formats[int.from_bytes(content[:2], "little")] = _text(content, 2)
            elif kind in {617, 618}:
                for_cells = kind == 617
            elif kind == 47 and for_cells:
                styles.append(int.from_bytes(content[2:4], "little"))
        return Styles(formats, styles, self.since_1904)

    def _records_of(self, kind: str) -> Iterator[tuple[int, bytes]]:
        """Records of the part that all sheets use; none where there is no such part."""
        for relation in self.relations.values():
            if relation.kind == kind:
                return self.parts.records(relation.part)
        return iter(())

    def _properties(self, content: bytes) -> None:
        self.since_1904 = bool(content[0] & 1)

    def _sheet(self, content: bytes) -> None:
        (state,) = _NUMBER.unpack_from(content)
        relation = _text(content, 8)
        name = _text(content, 12 + 2 * len(relation))
        self.listed.append(Listed(name, relation, bool(state & 3)))

    def _name(self, content: bytes) -> None:
        """A defined name; ours marks the sheet it belongs to."""
        (sheet,) = _NUMBER.unpack_from(content, 5)
        if _text(content, 9) == REVIEW_SHEET:
            self.reviews.add(sheet)

    _RECORDS: ClassVar[dict[int, Callable[[Book, bytes], None]]] = {
        39: _name,
        153: _properties,
        156: _sheet,
    }


@dataclass
class Worksheet:
    """The records of one sheet."""

    book: Book
    sheet: Sheet
    row: int = -1
    column: int = -1
    columns_told: int = 0

    def read(self, part: str, part_of_form: PartOfForm | None) -> None:
        watch = Watch(self.sheet, part_of_form)
        for kind, content in self.book.parts.records(part):
            if kind in self._CELLS:
                self.column, style = _CELL.unpack_from(content)
                self._put(kind, style & 0xFFFFFF, content[_CELL.size :])
            elif kind - SHORT in self._CELLS and kind <= LAST_SHORT:
                self.column += 1
                self._put(kind - SHORT, int.from_bytes(content[:3], "little"), content[4:])
            elif reader := self._RECORDS.get(kind):
                reader(self, content)
            if watch.has_seen_enough():
                return

    def _put(self, kind: int, style: int, value: bytes) -> None:
        if found := self._CELLS[kind](self, style, value):
            self.sheet.put(self.row, self.column, found)

    # ----------------------------------------------------------------------------------- cells

    def _blank(self, _style: int, _value: bytes) -> None:
        """Counts as a cell that the next one follows."""

    def _packed(self, style: int, value: bytes) -> Found:
        return self.book.styles.number(packed_number(_NUMBER.unpack_from(value)[0]), style)

    def _number(self, style: int, value: bytes) -> Found:
        return self.book.styles.number(_FLOAT.unpack_from(value)[0], style)

    def _number_of_formula(self, style: int, value: bytes) -> Found:
        return self.book.styles.number(_FLOAT.unpack_from(value)[0], style, FORMULA)

    def _error(self, _style: int, value: bytes) -> Found:
        return error(value[0])

    def _error_of_formula(self, _style: int, value: bytes) -> Found:
        return error(value[0], FORMULA)

    def _truth(self, _style: int, value: bytes) -> Found:
        return truth(value[0])

    def _truth_of_formula(self, _style: int, value: bytes) -> Found:
        return truth(value[0], FORMULA)

    def _shared_text(self, _style: int, value: bytes) -> Found:
        number: int = _NUMBER.unpack_from(value)[0]
        return self.book.texts[number]

    def _text(self, _style: int, value: bytes) -> Found:
        return written(_text(value))

    def _rich_text(self, _style: int, value: bytes) -> Found:
        return written(_text(value, 1))

    def _text_of_formula(self, _style: int, value: bytes) -> Found:
        return written(_text(value), FORMULA)

    # ----------------------------------------------------------------------------- other records

    def _row(self, content: bytes) -> None:
        (self.row,) = _NUMBER.unpack_from(content)
        self.column = -1
        if content[11] & 0x10 and self.row < MAX_ROWS:
            self.sheet.hidden_rows.add(self.row)

    def _columns(self, content: bytes) -> None:
        """Columns are told from left to right: each only once."""
        first, last, width = struct.unpack_from("<III", content)
        if first >= self.columns_told:
            self.sheet.take_columns(first, last + 1 - first, width, content[16] & 1)
        self.columns_told = last + 1

    def _merge(self, content: bytes) -> None:
        top, bottom, left, right = _RANGE.unpack_from(content)
        self.sheet.merge(top, left, bottom, right)

    _CELLS: ClassVar[dict[int, Callable[[Worksheet, int, bytes], Found | None]]] = {
        1: _blank,
        2: _packed,
        3: _error,
        4: _truth,
        5: _number,
        6: _text,
        7: _shared_text,
        8: _text_of_formula,
        9: _number_of_formula,
        10: _truth_of_formula,
        11: _error_of_formula,
        62: _rich_text,
    }
    _RECORDS: ClassVar[dict[int, Callable[[Worksheet, bytes], None]]] = {
        0: _row,
        60: _columns,
        176: _merge,
    }


def _text(content: bytes, at: int = 0) -> str:
    """The text at a place; its length stands before it."""
    (length,) = _NUMBER.unpack_from(content, at)
    if length == NO_TEXT:
        return ""
    characters = content[at + 4 : at + 4 + 2 * length]
    if len(characters) < 2 * length:
        raise ValueError("a text cut off")
    return characters.decode("utf-16-le", "replace")

"""A workbook of Excel 5.0 to 2003 (.xls, and .et of WPS) → its sheets. Records as in [MS-XLS].

The library for it, xlrd, refuses a workbook whose formula yields a rare character, and may take
any time and memory for a crafted one.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.ours import REVIEW_SHEET
from xlsx_eval.reading.formats.assemble import DAMAGED, Found
from xlsx_eval.reading.formats.biff import (
    FORMULA,
    MAX_TEXTS,
    TOO_MANY_TEXTS,
    UNCALCULATED,
    error,
    packed_number,
    truth,
    workbook,
    written,
)
from xlsx_eval.reading.formats.bounded import Budget, Sheet
from xlsx_eval.reading.formats.compound import SIGNATURE, CompoundFile
from xlsx_eval.reading.formats.large import PartOfForm, Watch
from xlsx_eval.reading.formats.styles import Styles
from xlsx_eval.reading.formats.unlocking import unlocked
from xlsx_eval.reading.grid import Grid, Workbook

PROTECTED = "文件设置了打开密码，请取消密码后重新报送。"
TOO_OLD = "文件是 Excel 4.0 以前的格式，请用 Excel 或 WPS 打开，核对后另存为 .xlsx 重新报送。"
NO_WORKBOOK = "文件不是 Excel 工作簿（可能是改了扩展名的其他文件），请报送 .xlsx 文件。"
FAULTS = (struct.error, LookupError, ValueError)

BOF, EOF, CONTINUE, PROTECTION = 0x809, 0x0A, 0x3C, 0x2F
OLDER = (0x009, 0x209, 0x409)  # how Excel 2 to 4 began
UNICODE = 0x600  # a version; in others texts are bytes
A_WORKSHEET = 0x10
LAST_COLUMN = 255
CODECS = {10_000: "mac_roman", 10_008: "gb2312", 32_768: "mac_roman", 32_769: "cp1252"}
UNSTATED = "cp936"
_HEADER = struct.Struct("<HH")
_PLACE = struct.Struct("<HHH")  # row, column, style
_NUMBER = struct.Struct("<HHHd")
_PACKED = struct.Struct("<HHHI")
_RESULT = struct.Struct("<HHH8s")
_RANGE = struct.Struct("<HHHH")

Record = tuple[int, bytes, int]
"""Kind, content, and where it ends in the stream."""


def read(data: bytes, part_of_form: PartOfForm | None = None) -> Workbook:
    """Bytes of an .xls → its worksheets, the review that we wrote ourselves apart.

    Of a sheet too large for a form only the beginning is read where `part_of_form` denies that
    it belongs to it. Raises UnreadableWorkbook with a Chinese sentence that says what to do.
    """
    try:
        in_container = data.startswith(SIGNATURE)
        stream = CompoundFile(data).stream("Workbook", "Book") if in_container else data
        if stream is None:
            raise UnreadableWorkbook(NO_WORKBOOK)
        if int.from_bytes(stream[:2], "little") in OLDER:
            raise UnreadableWorkbook(TOO_OLD)
        return workbook(_grids(Book.of(_readable(stream)), part_of_form))
    except FAULTS as fault:
        raise UnreadableWorkbook(DAMAGED) from fault


def _readable(stream: bytes) -> bytes:
    """The stream as it is, or decrypted where that takes no password of the unit's own."""
    for _, content, _ in _records(stream, 0, {PROTECTION}):
        plain = unlocked(stream, content)
        if plain is None:
            raise UnreadableWorkbook(PROTECTED)
        return plain
    return stream


def _grids(book: Book, part_of_form: PartOfForm | None) -> Iterator[Grid]:
    budget = Budget()
    unread = len(book.stream)
    for number, listed in enumerate(book.listed):
        if not listed.is_worksheet:
            continue
        budget.take_sheet()
        worksheet = Worksheet(
            book, Sheet(listed.name, budget, listed.hidden, number in book.reviews)
        )
        unread -= worksheet.read(listed.start, part_of_form)
        if unread < 0:
            raise ValueError("sheets overlap")
        if worksheet.is_one:
            yield worksheet.sheet.grid()


def _records(stream: bytes, start: int, kinds: Container[int]) -> Iterator[Record]:
    """Records of these kinds from a BOF to its EOF, without what is embedded between (charts)."""
    depth, end = 0, start
    while True:
        kind, size = _HEADER.unpack_from(stream, end)
        begin = end + _HEADER.size
        end = begin + size
        if end > len(stream) or (depth == 0 and kind != BOF):
            raise ValueError("no such record")
        if kind == BOF:
            depth += 1
        elif kind == EOF:
            depth -= 1
        if kind in kinds and depth == (0 if kind == EOF else 1):
            yield kind, stream[begin:end], end
        if depth == 0:
            return


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet as the workbook lists it."""

    name: str
    start: int
    hidden: bool
    is_worksheet: bool


@dataclass
class Book:
    """What the workbook says for all its sheets."""

    stream: bytes
    codec: str | None = None
    listed: list[Listed] = field(default_factory=list)
    texts: list[Found] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    format_of_style: list[int] = field(default_factory=list)
    since_1904: bool = False
    reviews: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, stream: bytes) -> Book:
        book = cls(stream)
        for kind, content, end in _records(stream, 0, cls._RECORDS):
            cls._RECORDS[kind](book, content, end)
        return book

    @cached_property
    def styles(self) -> Styles:
        return Styles(self.formats, self.format_of_style, self.since_1904)

    def text(self, content: bytes, end: int, width: int = 2) -> str:
        """The text that a record's content begins with; its length takes `width` bytes.

        `end` is where the record ends: long texts are continued in the next ones. Some programs
        write a length greater than the text.
        """
        pieces = self.pieces(content, end)
        length = pieces.number(width)
        if self.codec:
            return pieces.rest(length).decode(self.codec, "replace")
        return pieces.text(length, whole=False) if length else ""

    def pieces(self, content: bytes, end: int) -> Pieces:
        pieces = [content]
        while end + _HEADER.size <= len(self.stream):
            kind, size = _HEADER.unpack_from(self.stream, end)
            if kind != CONTINUE:
                break
            begin = end + _HEADER.size
            end = begin + size
            pieces.append(self.stream[begin:end])
        return Pieces(pieces)

    # ------------------------------------------------------------------------------- records

    def _begin(self, content: bytes, _: int) -> None:
        """Some programs write nothing but one sheet."""
        version, kind = struct.unpack_from("<HH", content)
        self.codec = None if version == UNICODE else UNSTATED
        if kind == A_WORKSHEET:
            self.listed.append(Listed("Sheet1", start=0, hidden=False, is_worksheet=True))

    def _code_page(self, content: bytes, _: int) -> None:
        if self.codec:
            number = int.from_bytes(content[:2], "little")
            self.codec = CODECS.get(number, f"cp{number}")

    def _date_system(self, content: bytes, _: int) -> None:
        self.since_1904 = content[:1] == b"\x01"

    def _sheet(self, content: bytes, end: int) -> None:
        start, state, kind = struct.unpack_from("<IBB", content)
        name = self.text(content[6:], end, width=1)
        self.listed.append(Listed(name, start, bool(state & 3), kind == 0))

    def _format(self, content: bytes, end: int) -> None:
        (number,) = struct.unpack_from("<H", content)
        self.formats[number] = self.text(content[2:], end, width=1 if self.codec else 2)

    def _style(self, content: bytes, _: int) -> None:
        _font, number = struct.unpack_from("<HH", content)
        self.format_of_style.append(number)

    def _shared_texts(self, content: bytes, end: int) -> None:
        pieces = self.pieces(content, end)
        _used, count = pieces.number(4), pieces.number(4)
        while len(self.texts) < count and not pieces.done:
            self.texts.append(written(pieces.text(pieces.number(2))))
            if len(self.texts) > MAX_TEXTS:
                raise UnreadableWorkbook(TOO_MANY_TEXTS)

    def _name(self, content: bytes, end: int) -> None:
        """A defined name; ours marks the sheet it belongs to."""
        length, sheet = content[3], int.from_bytes(content[8:10], "little")
        if self.codec is None and length == len(REVIEW_SHEET) and sheet:
            pieces = self.pieces(content[14:], end)
            if pieces.text(length) == REVIEW_SHEET:
                self.reviews.add(sheet - 1)

    _RECORDS: ClassVar[dict[int, Callable[[Book, bytes, int], None]]] = {
        BOF: _begin,
        0x18: _name,
        0x22: _date_system,
        0x42: _code_page,
        0x85: _sheet,
        0xE0: _style,
        0xFC: _shared_texts,
        0x41E: _format,
    }


@dataclass
class Worksheet:
    """The records of one sheet; `is_one` says that it turned out to be a worksheet."""

    book: Book
    sheet: Sheet
    is_one: bool = False
    waiting: tuple[int, int] | None = None

    def read(self, start: int, part_of_form: PartOfForm | None) -> int:
        """Returns how much of the stream was read."""
        watch = Watch(self.sheet, part_of_form)
        end = start
        for kind, content, end in _records(self.book.stream, start, self._RECORDS):
            self._RECORDS[kind](self, content, end)
            if watch.has_seen_enough():
                break
        return end - start

    def _begin(self, content: bytes, _: int) -> None:
        self.is_one = content[2:4] == A_WORKSHEET.to_bytes(2, "little")

    def _end(self, _content: bytes, _: int) -> None:
        """Is only known for where it stands."""

    def _number(self, content: bytes, _: int) -> None:
        row, column, style, number = _NUMBER.unpack_from(content)
        self.sheet.put(row, column, self.book.styles.number(number, style))

    def _packed(self, content: bytes, _: int) -> None:
        row, column, style, bits = _PACKED.unpack_from(content)
        self.sheet.put(row, column, self.book.styles.number(packed_number(bits), style))

    def _many_packed(self, content: bytes, _: int) -> None:
        row, first = struct.unpack_from("<HH", content)
        for column, (style, bits) in enumerate(struct.iter_unpack("<HI", content[4:-2]), first):
            self.sheet.put(row, column, self.book.styles.number(packed_number(bits), style))

    def _text(self, content: bytes, end: int) -> None:
        row, column, _style = _PLACE.unpack_from(content)
        self.sheet.put(row, column, written(self.book.text(content[6:], end)))

    def _shared_text(self, content: bytes, _: int) -> None:
        row, column, _style, number = _PACKED.unpack_from(content)
        self.sheet.put(row, column, self.book.texts[number])

    def _truth_or_error(self, content: bytes, _: int) -> None:
        row, column, _style, code, is_error = struct.unpack_from("<HHHBB", content)
        self.sheet.put(row, column, error(code) if is_error else truth(code))

    def _formula(self, content: bytes, _: int) -> None:
        row, column, style, result = _RESULT.unpack_from(content)
        self.waiting = None
        if result[6:] != b"\xff\xff":
            (number,) = struct.unpack("<d", result)
            found = self.book.styles.number(number, style, FORMULA)
        elif result[0] == 1:
            found = truth(result[2], FORMULA)
        elif result[0] == 2:
            found = error(result[2], FORMULA)
        elif result[0] == 3:
            found = written("", FORMULA)
        else:
            found, self.waiting = UNCALCULATED, (row, column)
        self.sheet.put(row, column, found)

    def _text_of_formula(self, content: bytes, end: int) -> None:
        if self.waiting:
            self.sheet.put(*self.waiting, written(self.book.text(content, end), FORMULA))
            self.waiting = None

    def _row(self, content: bytes, _: int) -> None:
        row, flags = struct.unpack_from("<H10xH", content)
        if flags & 0x20:
            self.sheet.hidden_rows.add(row)

    def _columns(self, content: bytes, _: int) -> None:
        first, last, width, flags = struct.unpack_from("<HHH2xH", content)
        count = min(last, LAST_COLUMN) + 1 - first
        self.sheet.take_columns(first, count, width, flags & 1)

    def _merges(self, content: bytes, _: int) -> None:
        (count,) = struct.unpack_from("<H", content)
        for top, bottom, left, right in _RANGE.iter_unpack(content[2 : 2 + 8 * count]):
            self.sheet.merge(top, left, bottom, right)

    _RECORDS: ClassVar[dict[int, Callable[[Worksheet, bytes, int], None]]] = {
        BOF: _begin,
        EOF: _end,
        0x06: _formula,
        0x7D: _columns,
        0xBD: _many_packed,
        0xD6: _text,
        0xE5: _merges,
        0xFD: _shared_text,
        0x203: _number,
        0x204: _text,
        0x205: _truth_or_error,
        0x206: _formula,
        0x207: _text_of_formula,
        0x208: _row,
        0x27E: _packed,
        0x406: _formula,
    }


@dataclass
class Pieces:
    """The contents of a record and of those that continue it, read from the start."""

    pieces: list[bytes]
    number_of_piece: int = 0
    at: int = 0

    @property
    def done(self) -> bool:
        last = len(self.pieces) - 1
        return self.number_of_piece == last and self.at >= len(self.pieces[last])

    def take(self, count: int) -> bytes:
        taken = self.pieces[self.number_of_piece][self.at : self.at + count]
        self.at += count
        while len(taken) < count:
            self.number_of_piece += 1
            self.at = count - len(taken)
            taken += self.pieces[self.number_of_piece][: self.at]
        return taken

    def rest(self, most: int) -> bytes:
        """The bytes to come, at most so many."""
        return b"".join(self.pieces)[self.at :][:most]

    def number(self, width: int) -> int:
        return int.from_bytes(self.take(width), "little")

    def text(self, length: int, *, whole: bool = True) -> str:
        """A text of so many characters, and what is said of its fonts and pronunciation.

        One that need not be `whole` may end early, with its record.
        """
        flags = self.number(1)
        fonts = self.number(2) if flags & 8 else 0
        spoken = self.number(4) if flags & 4 else 0
        text = self._characters(length, flags & 1, whole=whole)
        if whole:
            self.take(4 * fonts + spoken)
        return text

    def _characters(self, length: int, wide: int, *, whole: bool) -> str:
        """Characters of one or two bytes; each continuation says anew of how many."""
        parts = []
        while length and (whole or not self.done):
            if self.at >= len(self.pieces[self.number_of_piece]):
                self.number_of_piece, self.at = self.number_of_piece + 1, 0
                wide = self.number(1) & 1
            piece = self.pieces[self.number_of_piece]
            count = min(length, (len(piece) - self.at) >> wide)
            if not count:
                raise ValueError("half a character")
            part = piece[self.at : self.at + (count << wide)]
            parts.append(part if wide else part.decode("latin-1").encode("utf-16-le"))
            self.at += len(part)
            length -= count
        return b"".join(parts).decode("utf-16-le", "replace")

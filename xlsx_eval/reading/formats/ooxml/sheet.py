"""One sheet's XML → what stands in its cells, its merges and what is hidden, as it is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from xlsx_eval.reading.formats.assemble import MAX_MERGE_CELLS
from xlsx_eval.reading.formats.ooxml.contents import TRUE, Sheet
from xlsx_eval.reading.formats.ooxml.package import Package
from xlsx_eval.reading.formats.ooxml.parsing import Attributes, Listener
from xlsx_eval.reading.formats.ooxml.strings import LONGEST_TEXT, too_long
from xlsx_eval.reading.grid import Span

ROWS = 1_048_576
COLUMNS = 16_384
WIDEST_MERGE = 256  # of a title over a whole row, no more of the row is of use
MAX_MERGES = 50_000
MAX_MERGED = 200_000  # cells under all merges of a sheet
MANY_BLANKS = 100  # in a piece of the XML
DIGITS = "0123456789"
_BLANK_CELLS = re.compile(
    rb'(?:<(?:x:)?c r="[A-Z]++[0-9]++"(?: s="[0-9]+")? ?/>)+(?=<(?:x:)?c r="|</(?:x:)?row>)'
)
_BLANK_ROWS = re.compile(
    rb'(?:<(?:x:)?row r="[0-9]++"[^<>]*(?:/>|></(?:x:)?row>))+'
    rb'(?=<(?:x:)?row r="|</(?:x:)?sheetData)'
)

Place = tuple[int, int]


class Stored(NamedTuple):
    """A cell as its XML has it: `shared` is the number of a formula that several cells share."""

    kind: str
    style: str | None
    value: str
    formula: str | None = None
    shared: str | None = None


@dataclass
class Scan:
    """What was read of a sheet; `excess` names what it has more of than was asked for.

    `shared` has the formulas that several cells share: number → the first such cell, its formula.
    """

    cells: dict[Place, Stored] = field(default_factory=dict)
    merges: list[Span] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: bytearray = field(default_factory=lambda: bytearray(COLUMNS))
    shared: dict[str, tuple[Place, str]] = field(default_factory=dict)
    excess: str = ""


def scan(package: Package, sheet: Sheet, most: int) -> Scan:
    """The sheet, or its beginning where it has more than `most` filled cells or many merges.

    Raises UnreadableWorkbook where the part is damaged or costs too much.
    """
    listener = _Sheet(package, sheet.where, most)
    package.tell(listener, sheet.part, sheet.where, sift=without_blanks, to_the_end=False)
    return listener.scan


def without_blanks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The XML without cells and rows that only have a format, of which there may be millions.

    They are only taken out where the next cell or row states its place, so none is moved, and not
    where comments or raw text might hold what looks like them. In a short part it doesn't pay.
    """
    piece = next(pieces, b"")
    yield piece
    while b"<!" not in piece:
        piece = next(pieces, b"")
        if not piece:
            return
        if piece.count(b"/>") > MANY_BLANKS:
            piece = _BLANK_ROWS.sub(b"", _BLANK_CELLS.sub(b"", piece))
        yield piece
    yield from pieces


class _Sheet(Listener):
    def __init__(self, package: Package, where: str, most: int) -> None:
        super().__init__()
        self.scan = Scan()
        self._budget = package.budget
        self._where = where
        self._most = most
        self._merged = 0
        self._ranges = 0  # of columns
        self._row = -1
        self._row_hidden = False
        self._place = (-1, -1)
        self._kind = "n"
        self._style: str | None = None
        self._value = ""
        self._formula: str | None = None
        self._shared: str | None = None
        self._inline: list[str] = []
        self._pieces: list[str] = []  # of the text that is being told
        self._length = 0
        self._listening = False
        self._spoken = False  # whether a phonetic reading is being told
        self.starts.update(
            col=self._start_columns, row=self._start_row, c=self._start_cell, f=self._start_formula,
            v=self._start_text, t=self._start_inline, rPh=self._start_phonetic,
        )  # fmt: skip
        self.ends.update(
            c=self._end_cell, f=self._end_formula, v=self._end_value, t=self._end_inline,
            rPh=self._end_phonetic, sheetData=self._end_cells,
        )  # fmt: skip

    # ------------------------------------------------------------------------ rows and columns

    def _start_columns(self, attributes: Attributes) -> None:
        self._ranges += 1
        hidden = attributes.get("hidden") in TRUE or _is_zero(attributes.get("width"))
        if hidden and self._ranges <= COLUMNS:
            first = max(int(attributes.get("min", "1")), 1)
            last = min(int(attributes.get("max", "1")), COLUMNS)
            if first <= last:
                self.scan.hidden_columns[first - 1 : last] = b"\1" * (last - first + 1)

    def _start_row(self, attributes: Attributes) -> None:
        if len(self.scan.cells) >= self._most:
            self._give_up("内容")
            return
        number = attributes.get("r")
        self._row = int(number) - 1 if number else self._row + 1
        self._row_hidden = attributes.get("hidden") in TRUE or _is_zero(attributes.get("ht"))
        self._place = (self._row, -1)

    def _give_up(self, excess: str) -> None:
        self.scan.excess = excess
        self.done = True
        self.starts.clear()
        self.ends.clear()

    # ------------------------------------------------------------------------- text in a cell

    def text(self, text: str) -> None:
        if self._listening:
            self._pieces.append(text)
            self._length += len(text)
            if self._length > LONGEST_TEXT * 2:
                raise too_long(self._where)

    def _start_text(self, _: Attributes) -> None:
        self._listening = True
        self._pieces = []
        self._length = 0

    def _start_formula(self, attributes: Attributes) -> None:
        self._start_text(attributes)
        self._shared = attributes.get("si") if attributes.get("t") == "shared" else None

    def _start_inline(self, _: Attributes) -> None:
        self._listening = not self._spoken
        self._pieces = self._inline

    def _start_phonetic(self, _: Attributes) -> None:
        self._spoken = True

    def _end_phonetic(self) -> None:
        self._spoken = False

    def _end_inline(self) -> None:
        self._listening = False

    def _end_value(self) -> None:
        self._listening = False
        self._value = "".join(self._pieces)

    def _end_formula(self) -> None:
        self._listening = False
        self._formula = "".join(self._pieces)

    # ----------------------------------------------------------------------------------- cells

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        self._place = _place(reference) if reference else (self._row, self._place[1] + 1)
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s")
        self._value = ""
        self._formula = self._shared = None
        self._inline = []
        self._length = 0

    def _end_cell(self) -> None:
        value, kind, formula = self._value, self._kind, self._formula
        if self._inline and not value:
            value, kind = "".join(self._inline), "inlineStr"
        if not value and formula is None:
            return
        row, column = self._place
        if not (0 <= row < ROWS and column < COLUMNS):
            raise ValueError("no sheet has such a cell")
        self._budget.write(len(value) + len(formula or ""), self._where)
        self.scan.cells[row, column] = Stored(kind, self._style, value, formula, self._shared)
        if self._row_hidden:
            self.scan.hidden_rows.add(row)
        if self._shared is not None and formula:
            self.scan.shared[self._shared] = ((row, column), formula)

    # ---------------------------------------------------------------------------------- merges

    def _end_cells(self) -> None:
        self.starts.clear()  # further down, cells and rows are those of drawings
        self.ends.clear()
        self.starts["mergeCell"] = self._merge

    def _merge(self, attributes: Attributes) -> None:
        span = _span(attributes.get("ref", ""))
        if span is None:
            return
        self.scan.merges.append(span)
        self._merged += _size(span)
        if len(self.scan.merges) > MAX_MERGES or self._merged > MAX_MERGED:
            self._give_up("合并单元格")


@lru_cache(maxsize=4096)
def _column(letters: str) -> int:
    """D → 3; raises ValueError for what is no column."""
    column = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError("no column is called so")
        column = column * 26 + ord(letter) - ord("A") + 1
    if not 1 <= column <= COLUMNS:
        raise ValueError("no sheet has such a column")
    return column - 1


def _place(reference: str) -> Place:
    """D13 → (12, 3); raises ValueError for what is no place."""
    letters = reference.rstrip(DIGITS)
    return int(reference[len(letters) :]) - 1, _column(letters.upper())


def _span(reference: str) -> Span | None:
    """A merge, clipped to a sensible width; None for one that is too large or no range."""
    try:
        ends = [_place(end) for end in reference.replace("$", "").split(":")]
    except ValueError:
        return None
    rows, columns = [row for row, _ in ends], [column for _, column in ends]
    right = min(max(columns), min(columns) + WIDEST_MERGE - 1)
    span = Span(min(rows), min(columns), max(rows), right)
    return span if 1 < _size(span) <= MAX_MERGE_CELLS else None


def _size(span: Span) -> int:
    return (span.bottom - span.top + 1) * (span.right - span.left + 1)


def _is_zero(size: str | None) -> bool:
    """Whether a row's height or a column's width is stated to be none."""
    return size is not None and size.strip("0") in {"", "."}

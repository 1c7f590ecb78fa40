"""A workbook as a grid of non-blank cells that know their merges and their text as displayed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

Raw = str | float | int | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True, slots=True)
class Span:
    """A rectangle of cells, zero-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int

    def covers(self, row: int, col: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= col <= self.right


@dataclass(frozen=True, slots=True)
class Width:
    """Columns `first` to `last`, zero-based, that show so many characters of the usual font."""

    first: int
    last: int
    characters: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; its span is the merge it heads, or itself.

    `text` is what a person sees, or the formula where a formula was never calculated (`raw` is
    then None). `formula` begins with `=`; `error` is `#REF!` and the like (`raw` is then None);
    `hidden` says that its row or column is.
    """

    span: Span
    raw: Raw
    text: str
    formula: str | None = None
    error: str | None = None
    hidden: bool = False

    @property
    def row(self) -> int:
        return self.span.top

    @property
    def col(self) -> int:
        return self.span.left

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True)
class Grid:
    """A sheet: its non-blank cells by (row, column), its merges clipped to a sensible size.

    `widths` are those that its file states, of formats that are copied by rebuilding them;
    `review` says that we wrote the sheet ourselves.
    """

    name: str
    cells: dict[tuple[int, int], Cell]
    merges: tuple[Span, ...]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    widths: tuple[Width, ...] = ()
    review: bool = False

    def hidden_in(self, cell: Cell) -> str | None:
        """What a cell is hidden in: rows `12:15`, columns `C:D`, `*` for the whole sheet.

        A merged cell is seen where one of its rows and one of its columns is.
        """
        if self.hidden:
            return "*"
        span = cell.span
        rows = _stretch(range(span.top, span.bottom + 1), *self._lines[0])
        if rows:
            return f"{rows[0] + 1}:{rows[1] + 1}"
        columns = _stretch(range(span.left, span.right + 1), *self._lines[1])
        return ":".join(column_letters(each) for each in columns) if columns else None

    @cached_property
    def _lines(self) -> tuple[tuple[list[int], list[int]], tuple[list[int], list[int]]]:
        """Rows and columns with cells: the hidden and the visible ones, in order."""
        rows, columns = ({place[axis] for place in self.cells} for axis in (0, 1))
        return (
            (sorted(rows & self.hidden_rows), sorted(rows - self.hidden_rows)),
            (sorted(columns & self.hidden_columns), sorted(columns - self.hidden_columns)),
        )

    @cached_property
    def rows(self) -> dict[int, list[Cell]]:
        """Row → its cells from left to right, rows from top to bottom."""
        rows: dict[int, list[Cell]] = {}
        for (row, _), cell in sorted(self.cells.items(), key=lambda item: item[0]):
            rows.setdefault(row, []).append(cell)
        return rows

    @cached_property
    def _covered(self) -> dict[tuple[int, int], Span]:
        return {
            (row, col): span
            for span in self.merges
            for row in range(span.top, span.bottom + 1)
            for col in range(span.left, span.right + 1)
        }

    def span_at(self, row: int, col: int) -> Span:
        """The merge that covers a place, or the place itself."""
        return self._covered.get((row, col)) or Span(row, col, row, col)

    def at(self, row: int, col: int) -> Cell:
        """The cell that shows at a place: a merge's top-left one, blank where nothing stands."""
        span = self.span_at(row, col)
        return self.cells.get((span.top, span.left)) or Cell(span, None, "")

    def between(self, first: int, last: int) -> Iterator[Cell]:
        """Cells of the rows `first` to `last`, in reading order."""
        for row, cells in self.rows.items():
            if first <= row <= last:
                yield from cells


def _stretch(covered: range, hidden: list[int], visible: list[int]) -> tuple[int, int] | None:
    """First and last of the hidden lines that a visible one separates from no covered line.

    None where the covered lines begin in none of them, or go on in a visible one.
    """
    begin = bisect_left(hidden, covered.start)
    if begin == len(hidden) or hidden[begin] != covered.start:
        return None
    above, below = bisect_left(visible, covered.start), bisect_left(visible, covered.stop)
    if above != below:
        return None
    lower = visible[above - 1] if above else -1
    upper = visible[below] if below < len(visible) else hidden[-1] + 1
    between = hidden[bisect_left(hidden, lower) : bisect_left(hidden, upper)]
    return between[0], between[-1]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook's sheets; apart from them our own `reviews` of a marked copy.

    They speak of the form, not for it, and are read of formats that cannot be marked themselves.
    """

    sheets: tuple[Grid, ...]
    reviews: tuple[Grid, ...] = ()

    @classmethod
    def of(cls, grids: Iterable[Grid]) -> Workbook:
        sheets: list[Grid] = []
        reviews: list[Grid] = []
        for grid in grids:
            (reviews if grid.review else sheets).append(grid)
        return cls(tuple(sheets), tuple(reviews))


def address(row: int, col: int) -> str:
    """(12, 3) → D13."""
    return f"{column_letters(col)}{row + 1}"


def column_letters(col: int) -> str:
    """3 → D."""
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def position(address: str) -> tuple[int, int]:
    """D13 → (12, 3). Raises ValueError for what is no address."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(address)
    col = 0
    for letter in match[1]:
        col = col * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, col - 1


def shown(raw: Raw) -> str:
    """What a person sees of a value in a cell without a number format of its own."""
    match raw:
        case None:
            return ""
        case bool():
            return "TRUE" if raw else "FALSE"
        case float() | int():
            return plain_number(raw)
        case datetime() if raw.time() == time():
            return raw.date().isoformat()
    return str(raw)


def plain_number(number: float) -> str:
    """A number as Excel shows it: fifteen significant digits, no exponent."""
    exact = Decimal(format(number, ".15g"))
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text

"""Rows and cells of a worksheet, found in its bytes without reading all of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from xlsx_eval.annotation.ooxml.addresses import column_number
from xlsx_eval.annotation.ooxml.markup import ATTRIBUTES, Element, Markup, attributes

_COLUMN = re.compile(rb"""(?<=\s)r\s*=\s*["']\$?([A-Z]{1,3})\$?\d*["']""")


@dataclass(frozen=True, slots=True)
class Cell:
    """`start` to `opening_end` is what may take an attribute, `end` the end of the whole cell."""

    column: int
    start: int
    attributes_at: int
    opening_end: int
    end: int
    filled: bool
    given: bytes

    @property
    def attributes(self) -> dict[str, str]:
        return attributes(self.given)


@dataclass(frozen=True, slots=True)
class Row:
    """A row's tag lies from `start` to `inner`, its cells from `inner` to `outer`."""

    number: int
    start: int
    inner: int
    outer: int
    empty: bool
    attributes: dict[str, str]


class SheetData:
    """The element that holds the rows."""

    def __init__(self, markup: Markup, element: Element) -> None:
        self._shown, self._text, self.element = markup.shown, markup.text, element
        self.prefix = element.prefix
        self._known: dict[int, list[Cell]] = {}
        name = re.escape(self.prefix)
        self._quick = re.compile(b"<" + name + rb"row(?:\s+r=\"(\d+)\"|(?=[\s/>]))")
        self._row = re.compile(b"<" + name + rb"row(" + ATTRIBUTES + rb")\s*(/?)>")
        self._cell = re.compile(b"<" + name + rb"c(" + ATTRIBUTES + rb")\s*(/?)>")
        self._row_end, self._cell_end = b"</" + self.prefix + b"row", b"</" + self.prefix + b"c"

    def find(self, wanted: Collection[int]) -> tuple[dict[int, Row], dict[int, int]]:
        """Rows of these numbers, and for those that are missing the place where they belong."""
        found: dict[int, Row] = {}
        places: dict[int, int] = {}
        missing, waiting = sorted(wanted, reverse=True), 0
        number = 0
        for match in self._quick.finditer(self._shown, self.element.inner, self.element.outer):
            if match[1]:
                number = int(match[1])
            else:
                given = attributes(self._tag(match.start())[1]).get("r", "")
                number = int(given) if given.isdigit() else number + 1
            while missing and missing[-1] < number:
                places[missing.pop()] = match.start()
            if number in wanted and number not in found:
                found[number] = self._read(number, match.start())
                waiting += 1
        places.update(dict.fromkeys(missing, self.element.outer))
        for number in found:
            places.pop(number, None)
        return found, places

    def starts(self) -> Iterator[int]:
        """Where the rows begin."""
        found = self._quick.finditer(self._shown, self.element.inner, self.element.outer)
        return (match.start() for match in found)

    def _tag(self, start: int) -> re.Match[bytes]:
        match = self._row.match(self._shown, start)
        assert match is not None  # noqa: S101 – the part is well-formed
        return match

    def _read(self, number: int, start: int) -> Row:
        tag = self._tag(start)
        empty = bool(tag[2])
        outer = tag.end() if empty else self._shown.index(self._row_end, tag.end())
        return Row(number, start, tag.end(), outer, empty, attributes(tag[1]))

    def cells(self, row: Row) -> list[Cell]:
        """Cells in the order in which they stand."""
        if row.start not in self._known:
            cells, column = self._known.setdefault(row.start, []), 0
            for match in self._cell.finditer(self._shown, row.inner, row.outer):
                cells.append(self._read_cell(match, column + 1))
                column = cells[-1].column
        return self._known[row.start]

    def _read_cell(self, match: re.Match[bytes], implied: int) -> Cell:
        named = _COLUMN.search(match[1])
        column = column_number(named[1].decode()) if named else implied
        start, tag_end = match.span()
        if match[2]:
            return Cell(column, start, match.start(1), tag_end - 2, tag_end, False, match[1])
        closing = self._shown.index(self._cell_end, tag_end)
        end = self._shown.index(b">", closing) + 1
        filled = bool(self._text[tag_end:closing].strip())
        return Cell(column, start, match.start(1), tag_end - 1, end, filled, match[1])

    def styled(self, numbers: Collection[int]) -> Iterator[tuple[Cell, int]]:
        """Cells with one of these formats, each with its format's number."""
        for match in self._naming(b"c", numbers):
            tag = self._cell.match(self._shown, match.start())
            if tag is not None:
                yield self._read_cell(tag, 0), int(match[1])

    def styled_rows(self, numbers: Collection[int]) -> Iterator[tuple[int, int, int]]:
        """Formats of whole rows that are among these: start and end of the number, and it."""
        for match in self._naming(b"row", numbers):
            yield *match.span(1), int(match[1])

    def _naming(self, tag: bytes, numbers: Collection[int]) -> Iterator[re.Match[bytes]]:
        """Tags that name one of these formats."""
        any_of = b"|".join(b"%d" % number for number in numbers) or b"none"
        start = b"<" + re.escape(self.prefix) + tag
        quick = re.compile(start + rb"\s[^<>]*?(?<=\s)s\s*=\s*[\"'](" + any_of + rb")[\"']")
        return quick.finditer(self._shown, self.element.inner, self.element.outer)

    def rows_around(self, positions: Collection[int]) -> Iterator[tuple[Row, int]]:
        """Rows in which these positions lie, in order, each with its end."""
        starts, last = [*self.starts()] if positions else [], -1
        for position in sorted(positions):
            if position < last:
                continue
            row = self._read(0, starts[bisect_right(starts, position) - 1])
            last = self._shown.index(b">", row.outer) + 1
            yield row, last

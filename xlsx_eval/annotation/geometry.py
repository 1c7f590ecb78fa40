"""Where the comment of a cell stands: beside what its rows say, as large as its text."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING

from xlsx_eval.annotation.ooxml.addresses import LAST_COLUMN, LAST_ROW, Range
from xlsx_eval.annotation.ooxml.shapes import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xlsx_eval.annotation.ooxml.markup import Element
    from xlsx_eval.annotation.ooxml.rows import Row
    from xlsx_eval.annotation.ooxml.sheet import SheetPart

NEAR = 30  # rows that a comment may reach over
_FARTHEST = 700  # pixels from its cell: beyond that a comment is not seen as the cell's
_LOWEST = 300  # pixels below its cell
_NEIGHBOURS = 100  # comments placed before that may be in the way
_GAP = 14
_DIGIT, _PADDING = 7, 5  # pixels of a column width's unit, and what a column has besides
_COLUMN, _ROW = 64.0, 20.0
_PIXELS = 4 / 3  # a point


class Geometry:
    """Widths and heights of a sheet, rows as far as they are near a mark."""

    def __init__(self, sheet: SheetPart, rows: Iterable[int]) -> None:
        markup, root = sheet.markup, sheet.markup.root
        self._sheet = sheet
        usual = root.first("sheetFormatPr")
        given = markup.attributes(usual) if usual is not None else {}
        self._width = _number(given.get("defaultColWidth"), _pixels_of_width) or _COLUMN
        self._height = _number(given.get("defaultRowHeight"), _pixels_of_points) or _ROW
        self._columns = [
            (markup.number(each, "min"), markup.number(each, "max"), self._width_of(each))
            for each in sheet.columns()
        ]
        near = {row + step for row in rows for step in range(-1, NEAR)}
        self._rows = sheet.data.find(near)[0] if sheet.data is not None else {}
        self._placed: list[tuple[float, float, float, float]] = []
        self._last: dict[int, int] = {}
        self._heights = {number: self._height_of(row) for number, row in self._rows.items()}
        self._numbers = sorted(self._heights)
        self._sums = [*accumulate(self._heights[each] - self._height for each in self._numbers)]

    def _width_of(self, column: Element) -> float:
        attributes = self._sheet.markup.attributes(column)
        if attributes.get("hidden") in {"1", "true"}:
            return 0
        return _number(attributes.get("width"), _pixels_of_width) or self._width

    def _height_of(self, row: Row) -> float:
        if row.attributes.get("hidden") in {"1", "true"}:
            return 0
        return _number(row.attributes.get("ht"), _pixels_of_points) or self._height

    def width(self, column: int) -> float:
        for low, high, width in self._columns:
            if low <= column <= high:
                return width
        return self._width

    def height(self, row: int) -> float:
        return self._heights.get(row, self._height)

    def box(self, area: Range, size: tuple[int, int]) -> Box:
        """Place for a comment of this size on a cell or a merge, below those placed before."""
        width, height = size
        row, column = max(area.top - 1, 1), area.right + 1
        free = self._free_column(area.top, area.top + int(height // self._height) + 1)
        if column < free and sum(map(self.width, range(column, free))) <= _FARTHEST:
            column = free
        column = self._room(min(column, LAST_COLUMN), width, self.width, LAST_COLUMN)
        row = self._room(row, height, self.height, LAST_ROW)
        left = sum(map(self.width, range(1, column))) + _GAP
        above = self._above(row)
        top = self._below_others(left, left + width, above + _GAP / 2, height)
        while top - above > _LOWEST and column < LAST_COLUMN - NEAR:  # then beside the tall one
            near = self._placed[-_NEIGHBOURS:]
            right = min(other[2] for other in near if other[2] > left)
            while left <= right and column < LAST_COLUMN - NEAR:
                left += self.width(column)
                column += 1
            top = self._below_others(left, left + width, above + _GAP / 2, height)
        self._placed.append((left, top, left + width, top + height))
        first_row, down = _walk(row, top - above, self.height, LAST_ROW)
        last_row, bottom = _walk(first_row, down + height, self.height, LAST_ROW)
        last_column, right = _walk(column, _GAP + width, self.width, LAST_COLUMN)
        corners = (column - 1, _GAP, first_row - 1, down, last_column - 1, right,
                   last_row - 1, bottom)  # fmt: skip
        return Box(left, top, width, height, corners)

    def _above(self, row: int) -> float:
        """Pixels above a row."""
        known = bisect_left(self._numbers, row)
        return (row - 1) * self._height + (self._sums[known - 1] if known else 0)

    def _below_others(self, left: float, right: float, top: float, height: float) -> float:
        """Where a comment of this height covers none that was placed before."""
        near = sorted(self._placed[-_NEIGHBOURS:], key=lambda place: place[1])
        for other_left, other_top, other_right, bottom in near:
            beside = left < other_right and other_left < right
            if beside and top < bottom and other_top < top + height:
                top = bottom + _GAP / 2
        return top

    def _free_column(self, top: int, bottom: int) -> int:
        """First column right of everything that these rows say."""
        last = max(self._last_filled(number) for number in range(top - 1, bottom + 1))
        areas = [each for each in self._sheet.merges if each.top <= bottom and each.bottom >= top]
        return max(last, *(each.right for each in areas), 0) + 1

    def _last_filled(self, number: int) -> int:
        """Last column with a value in a row, 0 without one."""
        if number not in self._last:
            row, data = self._rows.get(number), self._sheet.data
            filled = data.cells(row) if row is not None and data is not None else ()
            self._last[number] = max((cell.column for cell in filled if cell.filled), default=0)
        return self._last[number]

    @staticmethod
    def _room(start: int, size: float, measure: Callable[[int], float], end: int) -> int:
        """The start, or the last before it from which there is room up to the sheet's end."""
        while start > 1 and end - start < NEAR:
            if sum(map(measure, range(start, end))) > size + _GAP:
                break
            start -= 1
        return start


def _walk(
    start: int, distance: float, measure: Callable[[int], float], end: int
) -> tuple[int, int]:
    """The column or row at a distance, and the pixels into it."""
    number = start
    while number < end and distance >= (size := measure(number)):
        distance -= size
        number += 1
    return number, int(distance)


def _pixels_of_width(width: float) -> float:
    return width * _DIGIT + _PADDING


def _pixels_of_points(points: float) -> float:
    return points * _PIXELS


def _number(text: str | None, convert: Callable[[float], float]) -> float:
    try:
        value = float(text or "")
    except ValueError:
        return 0
    return convert(value) if 0 < value < 10_000 else 0

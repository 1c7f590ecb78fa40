"""Where the comment of a cell stands: beside what its rows say, as large as its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval.annotation.ooxml.addresses import LAST_COLUMN, LAST_ROW, Range
from xlsx_eval.annotation.ooxml.shapes import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xlsx_eval.annotation.ooxml.rows import Row
    from xlsx_eval.annotation.ooxml.sheet import SheetPart

NEAR = 30  # rows that a comment may reach over
_FARTHEST = 700  # pixels from its cell: beyond that a comment is not seen as the cell's
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
        self._heights = {number: self._height_of(row) for number, row in self._rows.items()}

    def _width_of(self, column: object) -> float:
        attributes = self._sheet.markup.attributes(column)  # type: ignore[arg-type]
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
        """Place for a comment of this size on a cell, or on a merge."""
        width, height = size
        top = max(area.top - 1, 1)
        column = area.right + 1
        free = self._free_column(area.top, area.top + int(height // self._height) + 1)
        if column < free and sum(map(self.width, range(column, free))) <= _FARTHEST:
            column = free
        column = self._room(min(column, LAST_COLUMN), width, self.width)
        top = self._room(top, height, self.height)
        last_column, right = _walk(column, width + _GAP, self.width, LAST_COLUMN)
        last_row, bottom = _walk(top, height + _GAP / 2, self.height, LAST_ROW)
        return Box(
            sum(map(self.width, range(1, column))) + _GAP,
            (top - 1) * self._height + _GAP / 2,
            width,
            height,
            (column - 1, _GAP, top - 1, _GAP // 2, last_column - 1, right, last_row - 1, bottom),
        )

    def _free_column(self, top: int, bottom: int) -> int:
        """First column right of everything that these rows say."""
        data, last = self._sheet.data, 0
        for number in range(top - 1, bottom + 1):
            row = self._rows.get(number)
            if row is not None and data is not None:
                filled = (cell.column for cell in data.cells(row) if cell.filled)
                last = max(last, *filled, 0)
        areas = [each for each in self._sheet.merges if each.top <= bottom and each.bottom >= top]
        return max(last, *(each.right for each in areas), 0) + 1

    @staticmethod
    def _room(start: int, size: float, measure: Callable[[int], float]) -> int:
        """The start, or one before it from which there is room up to the sheet's end."""
        end = LAST_COLUMN if measure.__name__ == "width" else LAST_ROW
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

"""A workbook built anew from what was read: values, merges, widths, what is hidden."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter

from xlsx_eval import look
from xlsx_eval.reading.grid import Cell, Grid, Span, Workbook, shown

LONGEST_NAME = 31
USUAL_WIDTH = 8.43  # characters, of a column that says nothing
WIDEST = 255
WIDEST_GUESS = 30
A4 = 9
FIRST_YEAR = 1900
MOMENTS = {
    datetime: "yyyy-mm-dd hh:mm:ss",
    date: "yyyy-mm-dd",
    time: "hh:mm:ss",
    timedelta: "[h]:mm:ss",
}
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_PERCENT = re.compile(r"-?\d+(?:\.(\d+))?%")


def sheet_names(workbook: Workbook) -> dict[str, str]:
    """Name of each sheet → the name that Excel allows it, the same wherever it can be."""
    names: dict[str, str] = {}
    taken: set[str] = {"history"}  # Excel keeps that to itself
    for grid in workbook.sheets:
        name = _NO_NAME.sub("_", look.plain(grid.name)).strip("'")[:LONGEST_NAME] or "Sheet"
        free, number = name, 1
        while free.casefold() in taken:
            number += 1
            ending = f"({number})"
            free = name[: LONGEST_NAME - len(ending)] + ending
        taken.add(free.casefold())
        names[grid.name] = free
    return names


def rebuild(workbook: Workbook) -> bytes:
    """The bytes of an .xlsx with the workbook's values as they show; nothing becomes a formula."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    styles = _Styles(book)
    names = sheet_names(workbook)
    pages = [
        _Page(grid, book.add_worksheet(names[grid.name]), styles, _Columns.of(grid))
        for grid in workbook.sheets
    ]
    for page in pages:
        page.write()
    visible = [page for page in pages if not page.grid.hidden]
    if visible:
        visible[0].sheet.activate()
        visible[0].sheet.set_first_sheet()
        for page in pages:
            if page.grid.hidden:
                page.sheet.hide()
    book.close()
    return content.getvalue()


@dataclass
class _Styles:
    """Cell formats by number format and alignment, each made once."""

    book: Any
    made: dict[tuple[str, str], Any] = field(default_factory=dict)

    def of(self, number_format: str = "General", align: str = "") -> Any:
        key = (number_format, align)
        if key not in self.made:
            properties = {
                "font_name": look.FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True,
                "num_format": number_format,
            }  # fmt: skip
            self.made[key] = self.book.add_format(properties | ({"align": align} if align else {}))
        return self.made[key]


@dataclass(frozen=True)
class _Columns:
    """How wide the columns are, as far as anything stands in them."""

    widths: dict[int, float]
    last: int

    @classmethod
    def of(cls, grid: Grid) -> _Columns:
        last = max(
            (*(cell.span.right for cell in grid.cells.values()), *(s.right for s in grid.merges)),
            default=-1,
        )
        stated = {
            column: min(width.characters, WIDEST)
            for width in grid.widths
            for column in range(width.first, min(width.last, last) + 1)
        }
        return cls(stated or cls._guessed(grid.cells.values()), last)

    @staticmethod
    def _guessed(cells: Iterable[Cell]) -> dict[int, float]:
        """Wide enough for short texts; long ones are broken into lines."""
        guessed: dict[int, float] = {}
        for cell in cells:
            if cell.span.left == cell.span.right:
                longest = max(map(look.text_width, cell.text.splitlines()), default=0) + 2.0
                wide = min(max(longest, USUAL_WIDTH), WIDEST_GUESS)
                guessed[cell.col] = max(guessed.get(cell.col, 0), wide)
        return guessed

    def across(self, span: Span) -> float:
        return sum(self.widths.get(c, USUAL_WIDTH) for c in range(span.left, span.right + 1))


@dataclass
class _Page:
    grid: Grid
    sheet: Any
    styles: _Styles
    columns: _Columns

    def write(self) -> None:
        self._lay_out()
        for span in _apart(self.grid.merges):
            self.sheet.merge_range(
                span.top, span.left, span.bottom, span.right, "", self.styles.of()
            )
        for cell in self.grid.cells.values():
            self._put(cell)

    def _lay_out(self) -> None:
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.hide_gridlines(0)  # not even in print
        hidden = self.grid.hidden_columns
        for column in range(self.columns.last + 1):
            width = self.columns.widths.get(column)
            if width is not None or column in hidden:
                self.sheet.set_column(column, column, width, None, {"hidden": column in hidden})
        heights = self._heights()
        for row in self.grid.hidden_rows | heights.keys():
            away = {"hidden": row in self.grid.hidden_rows}
            self.sheet.set_row(row, heights.get(row), None, away)

    def _heights(self) -> dict[int, float]:
        """Of rows whose texts take more lines than one: not every program sees to them."""
        heights: dict[int, float] = {}
        for cell in self.grid.cells.values():
            rows = range(cell.span.top, cell.span.bottom + 1)
            lines = look.line_count(cell.text, self.columns.across(cell.span) - 1)
            needed = min(lines * look.LINE_POINTS / len(rows) + 5.5, look.TALLEST_ROW)
            for row in rows if lines > len(rows) else ():
                heights[row] = max(heights.get(row, 0), needed)
        return heights

    def _put(self, cell: Cell) -> None:
        """The value as it shows: text, number, date, time or truth."""
        place, text, raw = (cell.row, cell.col), look.plain(cell.text), cell.raw
        number_format = _format_of(cell)
        if number_format is None:
            merged_line = cell.span.left != cell.span.right and self._fits_one_line(cell)
            style = self.styles.of(align="center" if merged_line else "")
            self.sheet.write_string(*place, text, style)
        elif isinstance(raw, bool):
            self.sheet.write_boolean(*place, raw, self.styles.of())
        elif isinstance(raw, float | int):
            self.sheet.write_number(*place, raw, self.styles.of(number_format))
        else:
            self.sheet.write_datetime(*place, raw, self.styles.of(number_format, "left"))

    def _fits_one_line(self, cell: Cell) -> bool:
        return look.line_count(cell.text, self.columns.across(cell.span)) == 1


def _format_of(cell: Cell) -> str | None:
    """The number format in which the raw value shows as it did; None where only text can."""
    raw = cell.raw
    if isinstance(raw, float | int):
        return _number_format(raw, cell.text)
    if isinstance(raw, date) and raw.year < FIRST_YEAR:
        return None
    if isinstance(raw, timedelta) and raw < timedelta(0):
        return None
    return next((code for kind, code in MOMENTS.items() if isinstance(raw, kind)), None)


def _number_format(raw: float, text: str) -> str | None:
    if not math.isfinite(raw):
        return None
    if text == shown(raw):
        return "General"
    percent = _PERCENT.fullmatch(text)
    if percent and math.isclose(float(text[:-1]), raw * 100, rel_tol=1e-9, abs_tol=1e-9):
        return f"0.{'0' * len(percent[1])}%" if percent[1] else "0%"
    return None


def _apart(merges: Iterable[Span]) -> list[Span]:
    """The merges without those that cover a place which another one has: Excel refuses such."""
    kept: list[Span] = []
    taken: set[tuple[int, int]] = set()
    for span in merges:
        places = {
            (row, col)
            for row in range(span.top, span.bottom + 1)
            for col in range(span.left, span.right + 1)
        }
        if not places & taken:
            taken |= places
            kept.append(span)
    return kept

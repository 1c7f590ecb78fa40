"""Drawing a form on worksheets: areas, styles, row heights, and the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from xlsx_eval import look

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Style = Mapping[str, object]

# Not now(): the same facts must give the same bytes.
CREATED = datetime(2022, 1, 10)  # noqa: DTZ001 - a workbook's dates have no zone
A4 = 9
LOWEST_ROW = 22.0
# Points a text needs beyond its lines.
AIR = 5.5
FONT: Style = {"font_name": look.FONT_PRINT, "font_size": 11, "font_scheme": False}
BOXED: Style = {"border": 1, "valign": "vcenter", "text_wrap": True}
LABEL: Style = {**BOXED, "align": "center"}
CENTRED: Style = {**BOXED, "align": "center"}
LEFT: Style = {**BOXED, "align": "left"}
DATED: Style = {**CENTRED, "num_format": 'yyyy"年"m"月"d"日"'}
HEADING: Style = {"bold": True, "font_size": 13, "align": "left", "valign": "vcenter"}
TITLE: Style = {
    "bold": True,
    "font_name": look.FONT_TITLE,
    "font_size": 20,
    "align": "center",
    "valign": "vcenter",
}
LINE: Style = {"valign": "vcenter", "text_wrap": True}
RIGHT: Style = {**LINE, "align": "right"}
ISSUER: Style = {"font_size": 14, "align": "center", "valign": "vcenter"}
GUIDE: Style = {**LINE, "italic": True, "font_size": 10, "font_color": "#7F7F7F"}
NOTE: Style = {"font_size": 10, "font_color": "#C00000", "valign": "vcenter"}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and the result Excel stored with it."""

    expression: str
    result: float


Content = str | Decimal | int | float | date | Formula | None


class Place(NamedTuple):
    """A cell of a workbook."""

    sheet: str
    cell: str


class Area(NamedTuple):
    """Cells of a sheet, both ends included; rows and the form's own columns count from zero."""

    row: int
    column: int
    last_row: int
    last_column: int

    @property
    def single(self) -> bool:
        return (self.row, self.column) == (self.last_row, self.last_column)

    @property
    def first(self) -> Area:
        return Area(self.row, self.column, self.row, self.column)


class Book:
    """An .xlsx in the making."""

    def __init__(self, title: str) -> None:
        self._bytes = BytesIO()
        self._workbook = xlsxwriter.Workbook(self._bytes, {"in_memory": True})
        self._workbook.set_properties({"title": title, "created": CREATED})
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def sheet(self, name: str, widths: Sequence[float], row: int = 0, column: int = 0) -> Sheet:
        """A new sheet on which the form begins at `row` and `column`."""
        return Sheet(self, self._workbook.add_worksheet(name), widths, row, column)

    def style(self, style: Style) -> Format:
        key = tuple(sorted(style.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format({**FONT, **style})
        return self._formats[key]

    def close(self) -> bytes:
        self._workbook.close()
        return self._bytes.getvalue()


class Sheet:
    """`row` is where the next thing is drawn."""

    def __init__(
        self, book: Book, worksheet: Worksheet, widths: Sequence[float], row: int, column: int
    ) -> None:
        self._book = book
        self._worksheet = worksheet
        self._widths = widths
        self._column = column
        self._texts: list[tuple[Area, str]] = []
        self._heights: dict[int, float] = {}
        self.row = row
        for place, width in enumerate(widths):
            worksheet.set_column(column + place, column + place, width)

    @property
    def name(self) -> str:
        return str(self._worksheet.get_name())

    @property
    def columns(self) -> int:
        return len(self._widths)

    def whole_row(self) -> Area:
        """The current row over the form's whole width."""
        return Area(self.row, 0, self.row, self.columns - 1)

    def cell(self, row: int, column: int) -> str:
        """`D13` for a row and a column of the form."""
        return str(xl_rowcol_to_cell(row, self._column + column))

    def draw(self, area: Area, content: Content, style: Style, *, merged: bool = True) -> Place:
        """Write into the area, merged or into its first cell; return that cell."""
        chosen = self._book.style(style)
        top, left = area.row, self._column + area.column
        bottom, right = area.last_row, self._column + area.last_column
        if merged and not area.single:
            self._worksheet.merge_range(top, left, bottom, right, "", chosen)
        else:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    self._worksheet.write_blank(row, column, None, chosen)
        self._write(top, left, content, chosen)
        if isinstance(content, str) and style.get("text_wrap"):
            self._texts.append((area if merged else area.first, content))
        return Place(self.name, self.cell(area.row, area.column))

    def note(self, row: int, text: str) -> None:
        """Write beside the form, a column away from it."""
        style = self._book.style(NOTE)
        self._worksheet.write_string(row, self._column + self.columns + 1, text, style)

    def at_least(self, row: int, points: float) -> None:
        self._heights[row] = max(self._heights.get(row, LOWEST_ROW), points)

    def finish(self) -> None:
        """Make rows as tall as their texts need, and one page as wide as the form."""
        for area, text in sorted(self._texts, key=lambda each: each[0].last_row - each[0].row):
            self._fit(area, text)
        for row, points in self._heights.items():
            self._worksheet.set_row(row, min(points, look.TALLEST_ROW))
        self._worksheet.set_paper(A4)
        self._worksheet.fit_to_pages(1, 0)
        self._worksheet.set_margins(0.6, 0.6, 0.7, 0.7)
        self._worksheet.center_horizontally()
        self._worksheet.hide_gridlines(2)

    def _fit(self, area: Area, text: str) -> None:
        width = sum(self._widths[area.column : area.last_column + 1])
        rows = range(area.row, area.last_row + 1)
        needed = look.line_count(text, width) * look.LINE_POINTS + AIR
        missing = needed - sum(self._heights.get(row, LOWEST_ROW) for row in rows)
        for row in rows:
            points = self._heights.get(row, LOWEST_ROW) + max(missing, 0) / len(rows)
            self.at_least(row, points)

    def _write(self, row: int, column: int, content: Content, style: Format) -> None:
        match content:
            case None | "":
                pass
            case str():
                self._worksheet.write_string(row, column, content, style)
            case date():
                self._worksheet.write_datetime(row, column, content, style)
            case Formula():
                self._worksheet.write_formula(
                    row, column, content.expression, style, content.result
                )
            case _:
                self._worksheet.write_number(row, column, float(content), style)

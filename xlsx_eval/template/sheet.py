"""One printed sheet: cells with their names and prompts, row heights, page set-up."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from xlsx_eval import look
from xlsx_eval.template.entry import Entry, validation
from xlsx_eval.template.style import LINE, ROW, Properties, computed_amount, input_style

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from xlsxwriter.worksheet import Worksheet

    from xlsx_eval.template.book import Book
    from xlsx_eval.template.filled import Value

A4 = 9
A4_SHORT, A4_LONG = 595.0, 842.0
SIDE_MARGIN, TOP_MARGIN, BOTTOM_MARGIN = 0.6, 0.75, 0.75
INCH = 72.0
FOOTER = f'&C&"{look.FONT_PRINT},常规"&9第 &P 页 共 &N 页'
# Excel's limit for one row.
TALLEST_ROW = 409.0
# A blank row format with this font keeps a row that Excel fits by itself from getting cramped.
AUTOMATIC_FONT_SIZE = 14
AUTOMATIC_ROW = 18.75
ALLOWED = dict.fromkeys(
    ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows"), True
)


class Area(NamedTuple):
    """Cells of a sheet, counted from zero, both ends included."""

    row: int
    column: int
    last_row: int
    last_column: int

    @property
    def cell(self) -> str:
        return str(xl_rowcol_to_cell(self.row, self.column))

    @property
    def absolute(self) -> str:
        return str(xl_range_abs(self.row, self.column, self.last_row, self.last_column))

    @property
    def is_single(self) -> bool:
        return (self.row, self.column) == (self.last_row, self.last_column)


class Sheet:
    """`row` is where the next block begins; `unit` is what the form's amounts are in."""

    def __init__(
        self, book: Book, worksheet: Worksheet, widths: Sequence[float], unit: str
    ) -> None:
        self._book = book
        self._worksheet = worksheet
        self._widths = widths
        self._heights: dict[int, float] = {}
        self._automatic: dict[int, Literal["locked", "unlocked"]] = {}
        self._chunks: list[int] = []
        self.row = 0
        self.unit = unit
        for column, width in enumerate(widths):
            worksheet.set_column(column, column, width)

    @property
    def name(self) -> str:
        return str(self._worksheet.get_name())

    @property
    def last_column(self) -> int:
        return len(self._widths) - 1

    # --------------------------------------------------------------------------------- cells

    def write(self, area: Area, value: Value | None, style: Properties) -> None:
        """Put the value into the area, merged where it is more than one cell."""
        cell_format = self._book.format(style)
        row, column = area.row, area.column
        if not area.is_single:
            self._worksheet.merge_range(*area, "", cell_format)
        match value:
            case None | "":
                self._worksheet.write_blank(row, column, None, cell_format)
            case str():
                self._worksheet.write_string(row, column, value, cell_format)
            case date():
                self._worksheet.write_datetime(row, column, value, cell_format)
            case _:
                self._worksheet.write_number(row, column, value, cell_format)

    def label(self, area: Area, text: str, style: Properties) -> None:
        self.write(area, text, style)
        self.fit(area, text)

    def enter(self, area: Area, entry: Entry, style: Properties | None = None) -> None:
        """Write an input cell with its prompt, its limits and its name."""
        value = _dated(entry.value) if entry.kind == "date" else entry.value
        self.write(area, value, {**input_style(entry.kind), **(style or {})})
        if isinstance(value, str):
            self.fit(area, value)
        self.guard(Area(area.row, area.column, area.row, area.column), entry)
        if entry.name:
            self.define(entry.name, Area(area.row, area.column, area.row, area.column))

    def guard(self, area: Area, entry: Entry) -> None:
        """One data validation for all cells of the area."""
        rules = validation(entry)
        if rules:
            self._worksheet.data_validation(*area, rules)

    def compute(self, area: Area, formula: str, cached: Decimal | None, name: str) -> None:
        """Write a locked formula; `cached` is its result now, None where it shows nothing."""
        cell_format = self._book.format(computed_amount())
        shown = "" if cached is None else float(cached)
        self._worksheet.write_formula(area.row, area.column, formula, cell_format, shown)
        self.define(name, area)

    def define(self, name: str, area: Area) -> None:
        self._book.define(name, self.name, area)

    # --------------------------------------------------------------------------------- rows

    def at_least(self, row: int, points: float) -> None:
        self._heights[row] = max(self._heights.get(row, 0.0), min(points, TALLEST_ROW))

    def fit(self, area: Area, text: str, line: float = LINE) -> None:
        """Make the area's rows tall enough for the wrapped text, each taking its share."""
        width = sum(self._widths[area.column : area.last_column + 1])
        rows = range(area.row, area.last_row + 1)
        needed = look.line_count(text, width) * line + LINE / 2
        missing = needed - sum(self._height(row) for row in rows)
        if missing > 0:
            for row in rows:
                self.at_least(row, self._height(row) + missing / len(rows))

    def automatic(self, row: int, *, deletable: bool) -> None:
        """Let Excel fit the row while people type; a deletable row is unlocked to its very end."""
        self._automatic[row] = "unlocked" if deletable else "locked"

    def _height(self, row: int) -> float:
        minimum = AUTOMATIC_ROW if row in self._automatic else ROW
        return max(self._heights.get(row, 0.0), minimum)

    def chunk(self) -> None:
        """From here to the next chunk is better not torn apart by a page's end."""
        self._chunks.append(self.row)

    # --------------------------------------------------------------------------------- page

    def finish(self, *, repeat: int | None = None) -> None:
        """Set heights, page and protection; `repeat` is a header printed on the next pages too."""
        for row in range(self.row):
            self._set_row(row)
        self._set_page()
        if repeat is not None:
            self._worksheet.repeat_rows(repeat)
        self._worksheet.hide_gridlines(2)
        self._worksheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self._worksheet.protect("", ALLOWED)

    def _set_row(self, row: int) -> None:
        state = self._automatic.get(row)
        if state is None:
            self._worksheet.set_row(row, self._height(row))
            return
        open_row = {"font_size": AUTOMATIC_FONT_SIZE, "locked": state == "locked"}
        fitted = self._heights.get(row, 0.0)
        height = fitted if fitted > AUTOMATIC_ROW else None
        self._worksheet.set_row(row, height, self._book.format(open_row))

    def _set_page(self) -> None:
        worksheet = self._worksheet
        worksheet.set_paper(A4)
        worksheet.set_portrait()
        worksheet.fit_to_pages(1, 0)
        worksheet.set_margins(SIDE_MARGIN, SIDE_MARGIN, TOP_MARGIN, BOTTOM_MARGIN)
        worksheet.center_horizontally()
        worksheet.print_area(0, 0, self.row - 1, self.last_column)
        worksheet.set_footer(FOOTER, {"margin": 0.4})
        breaks = self._page_breaks()
        if breaks:
            worksheet.set_h_pagebreaks(breaks)

    def _page_breaks(self) -> list[int]:
        """First rows of new pages, so that no chunk is torn that would fit on one page."""
        room = self._page_height()
        breaks: list[int] = []
        top = 0
        for start, end in pairwise([*self._chunks, self.row]):
            if start > top and self._span_height(top, end) > room:
                breaks.append(start)
                top = start
        return breaks

    def _span_height(self, first: int, end: int) -> float:
        return sum(self._height(row) for row in range(first, end))

    def _page_height(self) -> float:
        """Points of rows that fit on a page once the columns are shrunk to its width."""
        pixels = sum(width * 8 + 5 for width in self._widths)
        printable_width = A4_SHORT - 2 * SIDE_MARGIN * INCH
        scale = min(1.0, printable_width / (pixels * 0.75))
        return (A4_LONG - (TOP_MARGIN + BOTTOM_MARGIN) * INCH) / scale


def _dated(value: Value | None) -> Value | None:
    """Turn an ISO date written as text into a date; other text stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value

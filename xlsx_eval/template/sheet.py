"""One sheet: cells with their names and prompts, row heights, protection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from xlsx_eval import look
from xlsx_eval.template.breaking import broken
from xlsx_eval.template.entry import Entry, validation
from xlsx_eval.template.page import Page, set_up_page
from xlsx_eval.template.style import INDENT, LINE, ROW, Properties, input_style

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from xlsxwriter.worksheet import Worksheet

    from xlsx_eval.template.book import Book
    from xlsx_eval.template.filled import Value

# Excel's limit for one row.
TALLEST_ROW = 409.0
ALLOWED = dict.fromkeys(
    ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows"), True
)


@dataclass(frozen=True, slots=True)
class Spacing:
    """Points a text needs beyond its lines, and the rows that Excel fits by itself.

    A row format with a font larger than the cells' keeps such a row from getting cramped; it comes
    out about so tall. Where columns are `narrow`, labels break between words, not where their
    cell ends, and a text that just fits into a line is given no second one.
    """

    air: float = 3.0
    automatic_font_size: int = 13
    automatic_row: float = 18.0
    narrow: bool = False

    def lines(self, text: str, width: float, indent: int) -> int:
        """Return how many lines the text may take in a cell."""
        if not self.narrow:
            return look.line_count(text, width - INDENT)
        usable = width - indent
        return sum(
            1 if look.text_width(line) <= usable else look.line_count(line, usable)
            for line in text.splitlines() or [""]
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
    def first(self) -> Area:
        """The cell that holds the value of a merged area."""
        return Area(self.row, self.column, self.row, self.column)

    @property
    def is_single(self) -> bool:
        return (self.row, self.column) == (self.last_row, self.last_column)


class Sheet:
    """`row` is where the next block begins, `lowest_row` the height of a row in points."""

    def __init__(self, book: Book, worksheet: Worksheet, widths: Sequence[float]) -> None:
        self._book = book
        self._worksheet = worksheet
        self._widths = widths
        self._heights: dict[int, float] = {}
        self._automatic: set[int] = set()
        self._open: set[int] = set()
        self._chunks: list[int] = []
        self.row = 0
        self.lowest_row = ROW
        self.spacing = Spacing()
        for column, width in enumerate(widths):
            worksheet.set_column(column, column, width)

    @property
    def unit(self) -> str:
        """What the form's amounts are in."""
        return self._book.unit

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
        if self.spacing.narrow:
            text = broken(text, self._width(area))
        self.write(area, text, style)
        self._fit(area, text, style)

    def enter(
        self,
        area: Area,
        entry: Entry,
        style: Properties = MappingProxyType({}),
        *,
        guarded: bool = True,
    ) -> None:
        """Write an input cell with its name and, if `guarded`, with its own validation."""
        value = _dated(entry.value) if entry.kind == "date" else entry.value
        style = {**input_style(entry.kind), **style}
        self.write(area, value, style)
        if isinstance(value, str):
            self._fit(area, value, style)
        if guarded:
            self.guard(area.first, entry)
        if entry.name:
            self.define(entry.name, area.first)

    def guard(self, area: Area, entry: Entry) -> None:
        """One data validation for all cells of the area."""
        rules = validation(entry)
        if rules:
            self._worksheet.data_validation(*area, rules)

    def compute(
        self, area: Area, formula: str, cached: Decimal | None, name: str, style: Properties
    ) -> None:
        """Write a locked formula; `cached` is its result now, None where it shows nothing."""
        cell_format = self._book.format(style)
        shown = "" if cached is None else float(cached)
        if not area.is_single:
            self._worksheet.merge_range(*area, "", cell_format)
        self._worksheet.write_formula(area.row, area.column, formula, cell_format, shown)
        self.define(name, area.first)

    def define(self, name: str, area: Area) -> None:
        self._book.define(name, self.name, area)

    # --------------------------------------------------------------------------------- rows

    def at_least(self, row: int, points: float) -> None:
        self._heights[row] = max(self._heights.get(row, 0.0), min(points, TALLEST_ROW))

    def level(self, first: int, last: int) -> None:
        """Make the rows as tall as the tallest of them."""
        tallest = max(self._height(row) for row in range(first, last + 1))
        for row in range(first, last + 1):
            self.at_least(row, tallest)

    def automatic(self, row: int) -> None:
        """Let Excel fit the row while people type; it can do so for cells that are not merged."""
        self._automatic.add(row)

    def deletable(self, row: int) -> None:
        """Unlock the row to its very end: Excel deletes no row with a locked cell."""
        self._open.add(row)

    def chunk(self) -> None:
        """From here to the next chunk is better not torn apart by a page's end."""
        self._chunks.append(self.row)

    def _fit(self, area: Area, text: str, style: Properties) -> None:
        """Make the area's rows tall enough for the wrapped text, each taking its share."""
        rows = range(area.row, area.last_row + 1)
        indent = style.get("indent", 0)
        lines = self.spacing.lines(text, self._width(area), int(str(indent)))
        needed = lines * LINE + self.spacing.air
        missing = needed - sum(self._height(row) for row in rows)
        if missing > 0:
            for row in rows:
                self.at_least(row, self._height(row) + missing / len(rows))

    def _width(self, area: Area) -> float:
        return sum(self._widths[area.column : area.last_column + 1])

    def _height(self, row: int) -> float:
        minimum = self.spacing.automatic_row if row in self._automatic else self.lowest_row
        return max(self._heights.get(row, 0.0), minimum)

    # --------------------------------------------------------------------------------- whole

    def finish(
        self, *, repeat: int | None = None, single_page: bool = False, squeeze: float = 1.0
    ) -> None:
        """Set heights, page and protection; `repeat` is a header printed on the next pages too.

        What is longer than a page, but no more than `squeeze` pages, is shrunk to one.
        """
        for row in range(self.row):
            self._set_row(row)
        heights = [self._height(row) for row in range(self.row)]
        page = Page(self._widths, heights, self._chunks)
        single = single_page or 1.0 < page.length <= squeeze
        set_up_page(self._worksheet, page, single=single)
        if repeat is not None:
            self._worksheet.repeat_rows(repeat)
        self._worksheet.hide_gridlines(2)
        self._worksheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self._worksheet.protect("", ALLOWED)

    def freeze_above(self, row: int) -> None:
        self._worksheet.freeze_panes(row, 0)

    def _set_row(self, row: int) -> None:
        height: float | None = self._height(row)
        properties: dict[str, object] = {}
        if row in self._open:
            properties["locked"] = False
        if row in self._automatic:
            properties["font_size"] = self.spacing.automatic_font_size
            height = height if self._height(row) > self.spacing.automatic_row else None
        row_format = self._book.format(properties) if properties else None
        self._worksheet.set_row(row, height, row_format)


def _dated(value: Value | None) -> Value | None:
    """Turn an ISO date written as text into a date; other text stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value

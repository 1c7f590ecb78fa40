"""Where the cells of an HTML table stand: rows, columns, and cells that reach over several."""

from __future__ import annotations

from dataclasses import dataclass

from xlsx_eval.reading.formats.assemble import Found
from xlsx_eval.reading.formats.bounded import MAX_COLUMNS, MAX_ROWS, Sheet
from xlsx_eval.reading.formats.displayed import of_text

WIDEST = 1000  # columns: as browsers have it


@dataclass(slots=True)
class Place:
    """Where a cell begins and how far it reaches; `merged` unless it only takes up room.

    `row` moves down as tables within the cell are laid out, `width` is what they need.
    """

    row: int
    col: int
    across: int = 1
    down: int = 1
    merged: bool = True
    width: int = 0


class Table:
    """A table that begins in the row `top` of a sheet and grows as its tags come."""

    def __init__(self, sheet: Sheet, top: int) -> None:
        self.sheet = sheet
        self._row = self._deepest = top - 1
        self._col = 0
        self._in_row = False
        self._hidden = False
        self._columns = 0
        self._reaching: list[Place] = []
        self._taken: set[int] = set()

    @property
    def bottom(self) -> int:
        """Its last row so far."""
        return max(self._row, self._deepest)

    def start_column(self, count: int, *, hidden: bool) -> None:
        """Columns are declared, which may be hidden."""
        if hidden:
            self.sheet.hide_columns(self._columns, max(count, 1))
        self._columns += max(count, 1)

    def start_row(self, *, hidden: bool = False) -> None:
        self._row = self.bottom + 1
        self._col = 0
        self._in_row, self._hidden = True, hidden
        self._end_reaching(self._row)
        reached = [range(p.col, min(p.col + p.across, MAX_COLUMNS)) for p in self._reaching]
        self.sheet.budget.take_reached(sum(map(len, reached)))
        self._taken = {col for columns in reached for col in columns}

    def end_row(self) -> None:
        self._in_row = False

    def end_group(self) -> None:
        """A head, body or foot ends: no cell reaches beyond it."""
        self.end_row()
        self._end_reaching(self._row + MAX_ROWS)

    def _end_reaching(self, row: int) -> None:
        """Merge what doesn't reach into this row."""
        for place in self._reaching:
            if place.row + place.down <= row and place.merged:
                last = min(place.row + place.down - 1, self._row)
                self.sheet.merge(place.row, place.col, last, place.col + place.across - 1)
        self._reaching = [p for p in self._reaching if p.row + p.down > row]

    def start_cell(self, across: int, down: int, *, merged: bool) -> Place:
        """The place of the row's next cell; `down` 0 reaches to the end of the group."""
        if not self._in_row:
            self.start_row()
        while self._col in self._taken:
            self._col += 1
        return Place(self._row, self._col, min(max(across, 1), WIDEST), down or MAX_ROWS, merged)

    def end_cell(self, place: Place, found: Found) -> None:
        if found.text:
            self._put(place.row, place.col, found)
            self._deepest = max(self._deepest, place.row)
        self._col = place.col + max(place.across, place.width)
        if place.width:
            return  # the cell of a layout
        if place.down > 1:
            self._reaching.append(place)
        elif place.across > 1 and place.merged:
            self.sheet.merge(place.row, place.col, place.row, place.col + place.across - 1)

    def lay_out(self, place: Place, before: str, inner: Sheet) -> None:
        """A table stands in a cell, below a text: its cells take places of their own."""
        if before:
            self._put(place.row, place.col, of_text(before))
            place.row += 1
        for (row, col), found in inner.found.items():
            self._put(place.row + row, place.col + col, found)
            if row in inner.hidden_rows:
                self.sheet.hidden_rows.add(place.row + row)
        for span in inner.merges:
            self.sheet.merge(
                place.row + span.top,
                place.col + span.left,
                place.row + span.bottom,
                place.col + span.right,
            )
        corners = [*inner.found, *((span.bottom, span.right) for span in inner.merges)]
        place.width = max(place.width, 1 + max(col for _, col in corners))
        place.row += 1 + max(row for row, _ in corners)
        self._deepest = max(self._deepest, place.row - 1)

    def _put(self, row: int, col: int, found: Found) -> None:
        self.sheet.put(row, col, found)
        if self._hidden:
            self.sheet.hidden_rows.add(row)

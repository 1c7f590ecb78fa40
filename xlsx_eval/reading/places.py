"""Where a label may stand, told by the exact labels around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from xlsx_eval.forms.model import Form, TableBlock
from xlsx_eval.reading.grid import Cell
from xlsx_eval.reading.labels import Hit, Ref, numbering

if TYPE_CHECKING:
    from xlsx_eval.reading.pages import Page

NEAR = 2  # rows between labels of a block
LONGEST_BLOCK = 8  # rows between labels in the same column of a matrix
HEADER = 2  # so many columns of a table in a row are its header


class Part(NamedTuple):
    """A part of the form, whatever it is called."""

    section: str
    block: str
    part: str
    key: str


def part_of(ref: Ref) -> Part:
    return Part(ref.section, ref.block, ref.part, ref.key)


class Places:
    """A page's exact labels, asked whether a part's label may stand in a cell.

    `wordy` are the (block, field) whose value may be any words.
    """

    def __init__(self, page: Page, form: Form, wordy: frozenset[tuple[str, str]]) -> None:
        self._page = page
        self._wordy = wordy
        self._columns = {
            block.key: len(block.columns)
            for _, block in form.blocks()
            if isinstance(block, TableBlock)
        }

    @cached_property
    def named(self) -> frozenset[Part]:
        """The parts that an exact label names.

        One that is also called so, but would stand elsewhere, is not named by it.
        """
        started = {
            Part(name, "", "heading", name)
            for _, hit, name in self._page.starts
            if hit.numbered != "bracketed"  # a text's heading, where a section's is not found
        }
        parts = {part_of(ref) for hit in self._page.hits for ref in self._meanings(hit)}
        return frozenset(started | {part for part in parts if part.part != "heading"})

    def _meanings(self, hit: Hit) -> tuple[Ref, ...]:
        if len(hit.refs) == 1:
            return hit.refs
        parts = (ref for ref in hit.refs if ref.part != "heading")
        at_home = tuple(ref for ref in parts if self.at_home(ref, hit.cell))
        return self.likeliest(at_home, hit.cell) or hit.refs

    def likeliest(self, refs: tuple[Ref, ...], cell: Cell) -> tuple[Ref, ...]:
        """Of what a label may mean: parts of a block, and best of the section it stands in."""
        parts = tuple(ref for ref in refs if ref.part != "heading")
        section = self._page.section_at(cell.row)
        return tuple(ref for ref in parts if ref.section == section) or parts or refs

    def may_stand(self, ref: Ref, cell: Cell) -> bool:
        """Whether the label of a part (but a table's column) may stand in the cell."""
        return self.at_home(ref, cell) and (ref.part == "heading" or not self._answers(cell))

    def lacks_column(self, ref: Ref, cell: Cell) -> bool:
        """Whether the cell is in a row of column labels in which this one is not yet named."""
        return self.at_home(ref, cell) and part_of(ref) not in self._named_in_row(cell)

    @property
    def lack_columns(self) -> bool:
        """Whether a header of a table is without one of its columns."""
        return any(
            len(self._in_row(row)[block]) < columns
            for row in self._by_row
            for block, columns in self._columns.items()
            if self._heads_columns(block, row)
        )

    def named_beside(self, ref: Ref, meant: tuple[Ref, ...], cell: Cell) -> bool:
        """Whether a label, if it is not one of the columns meant, is named in the row as well."""
        columns = all(each.part == "column" and each.block == ref.block for each in meant)
        return columns and part_of(ref) in self._named_in_row(cell)

    # ------------------------------------------------------------------------------ at home

    def at_home(self, ref: Ref, cell: Cell) -> bool:
        """Whether the labels around a cell are those among which the part's label stands."""
        match ref.part:
            case "heading":
                return self._heads_section(ref, cell)
            case "column" if ref.block in self._columns:
                return any(self._heads_columns(ref.block, row) for row in _rows(cell))
            case "measure" | "column" | "source":
                return self._in_line(ref, cell)
            case "field":
                return self._among_fields(ref, cell)
            case "title":
                return self._near(ref, cell, {"column"})
        own = self._page.section_at(cell.row) == ref.section
        return own or self._near(ref, cell, {"opinion", "signature"})

    def _heads_columns(self, block: str, row: int) -> bool:
        """Whether a row is the header of a table."""
        needed = min(HEADER, self._columns[block] - 1)
        return block in self._leaders(row) and len(self._in_row(row)[block]) >= needed

    def _in_row(self, row: int) -> dict[str, set[Part]]:
        """Block → its columns and measures that are named in a row."""
        return self._by_row.get(row, {})

    @cached_property
    def _by_row(self) -> dict[int, dict[str, set[Part]]]:
        rows: dict[int, dict[str, set[Part]]] = defaultdict(lambda: defaultdict(set))
        for hit in self._page.hits:
            for row in _rows(hit.cell) if hit.rest is None else ():
                for ref in hit.refs:
                    if ref.part in {"column", "measure"}:
                        rows[row][ref.block].add(part_of(ref))
        return {row: defaultdict(set, blocks) for row, blocks in rows.items()}

    def _leaders(self, row: int) -> set[str]:
        """The blocks of which the most columns and measures are named in a row."""
        blocks = self._in_row(row)
        most = max(map(len, blocks.values()), default=0)
        return {block for block, parts in blocks.items() if len(parts) == most}

    def _named_in_row(self, cell: Cell) -> set[Part]:
        return {
            part for row in _rows(cell) for parts in self._in_row(row).values() for part in parts
        }

    def _is_header(self, row: int, but: str) -> bool:
        """Whether a row heads a table that is not the block `but`."""
        return any(
            len(self._in_row(row)[block]) >= HEADER and block in self._columns
            for block in self._leaders(row) - {but}
        )

    def _in_line(self, ref: Ref, cell: Cell) -> bool:
        """Whether other measures (sources) of the block stand in the cell's row or column."""
        part = "source" if ref.part == "source" else "measure"
        if any(self._is_header(row, ref.block) for row in _rows(cell)):
            return False
        section = self._page.section_at(cell.row)
        return any(
            hit.cell.row == cell.row
            or (
                hit.cell.col == cell.col
                and abs(hit.cell.row - cell.row) <= LONGEST_BLOCK
                and self._page.section_at(hit.cell.row) == section
                and not self._is_header(hit.cell.row, ref.block)
            )
            for hit in self._others(ref)
            if any(each.part == part and each.block == ref.block for each in hit.refs)
        )

    def _among_fields(self, ref: Ref, cell: Cell) -> bool:
        if any(self._is_header(row, ref.block) for row in _rows(cell)):
            return False
        return self._page.section_at(cell.row) == ref.section or any(
            abs(hit.cell.row - cell.row) <= NEAR
            and {each.block for each in hit.refs if each.part == "field"} == {ref.block}
            for hit in self._others(ref)
        )

    def _near(self, ref: Ref, cell: Cell, parts: set[str]) -> bool:
        return any(
            abs(hit.cell.row - cell.row) <= NEAR
            and any(each.block == ref.block and each.part in parts for each in hit.refs)
            for hit in self._others(ref)
        )

    def _others(self, ref: Ref) -> Iterator[Hit]:
        """The labels that name something else."""
        part = part_of(ref)
        return (hit for hit in self._page.hits if part not in map(part_of, hit.refs))

    # ----------------------------------------------------------------------------- headings

    def _heads_section(self, ref: Ref, cell: Cell) -> bool:
        """Whether the section's labels, two at least, stand below the cell and none above it."""
        if self._page.grid.rows[cell.row][0] != cell or numbering(cell.text) == "bracketed":
            return False
        starts = [row for row, _, _ in self._page.starts]
        first = max((row for row in starts if row <= cell.row), default=0)
        end = min((row for row in starts if row > cell.row), default=self._page.last_row + 1)
        own = [
            (hit.cell.row, part_of(each))
            for hit in self._page.hits
            if first <= hit.cell.row < end
            for each in self._meanings(hit)
            if each.section == ref.section and each.part != "heading"
        ]
        below = {part for row, part in own if row >= cell.row}
        return len(below) > 1 and len(own) == sum(row >= cell.row for row, _ in own)

    # ------------------------------------------------------------------------------- values

    def _answers(self, cell: Cell) -> bool:
        """Whether the cell is where an exact label has its value: right of it, else below it."""
        grid = self._page.grid
        left = grid.at(cell.row, cell.col - 1) if cell.col else None
        if left and self._asks_for_words(left):
            below = grid.at(left.span.bottom + 1, left.col)
            return below.blank or self._page.is_label(below)
        above = grid.at(cell.row - 1, cell.col) if cell.row else None
        if not above or not self._asks_for_words(above) or above.col != cell.col:
            return False
        beside = grid.at(above.row, above.span.right + 1)
        return self._page.is_label(beside) or above.span.right >= self._page.right_edge

    def _asks_for_words(self, cell: Cell) -> bool:
        return any(
            (ref.block, ref.key) in self._wordy
            for hit in self._page.labelled.get((cell.row, cell.col), ())
            if hit.rest is None
            for ref in hit.refs
            if ref.part == "field"
        )


def _rows(cell: Cell) -> range:
    return range(cell.span.top, cell.span.bottom + 1)

"""Tables: a header row found by its column labels, and the rows below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from xlsx_eval.forms.model import Column, TableBlock
from xlsx_eval.reading.cells import Slot, Value, as_amount, as_date, as_text
from xlsx_eval.reading.grid import Cell
from xlsx_eval.reading.labels import Hit, label_key, label_unit
from xlsx_eval.reading.pages import Page

Row = dict[str, Slot]


@dataclass(frozen=True)
class Table:
    """A table found: the columns' labels, the first row below the header and the last row."""

    page: Page
    block: TableBlock
    header: dict[str, Hit]
    first: int
    last: int

    @property
    def heading(self) -> Cell:
        return min((hit.cell for hit in self.header.values()), key=lambda cell: cell.col)


def find_table(pages: list[Page], section: str, block: TableBlock) -> Table | None:
    """The table's header row with the most columns, best within its own section."""
    best: tuple[tuple[bool, int, bool], Page, int, dict[str, Hit]] | None = None
    for page in pages:
        for row, header in _header_rows(page, block).items():
            own = page.section_at(row) == section
            printed = all(_is_printed(hit, block) for hit in header.values())
            weight = (own, len(header), printed)
            if len(header) >= _needed(block) and (best is None or weight > best[0]):
                best = (weight, page, row, header)
    if best is None:
        return None
    _, page, row, header = best
    first = max(hit.cell.span.bottom for hit in header.values()) + 1
    return Table(page, block, header, first, _last_row(page, block, first))


def _needed(block: TableBlock) -> int:
    return max(2, (len(block.columns) + 1) // 2)


def _is_printed(hit: Hit, block: TableBlock) -> bool:
    return any(ref.printed for ref in hit.refs_of("column", block.key))


def _header_rows(page: Page, block: TableBlock) -> dict[int, dict[str, Hit]]:
    """Row → the block's column labels that stand in it, each cell for one column."""
    rows: dict[int, dict[str, Hit]] = defaultdict(dict)
    for hit in page.hits:
        if hit.rest is not None:
            continue
        for ref in hit.refs_of("column", block.key):
            for row in range(hit.cell.span.top, hit.cell.span.bottom + 1):
                rows[row].setdefault(ref.key, hit)
    return rows


def _last_row(page: Page, block: TableBlock, first: int) -> int:
    """The row before whatever follows the table: a heading, another block's labels, the end."""
    end = min(
        (row for row in _rows_of_others(page, block) if row >= first), default=page.last_row + 1
    )
    return end - 1


def _rows_of_others(page: Page, block: TableBlock) -> Iterator[int]:
    by_row: dict[int, list[Hit]] = defaultdict(list)
    for hit in page.hits:
        by_row[hit.cell.row].append(hit)
    starts = {row for row, _, _ in page.starts}
    for row, hits in by_row.items():
        own = sum(1 for hit in hits if any(True for _ in hit.refs_of("column", block.key)))
        if row in starts or (own < 2 and _belongs_elsewhere(hits, block, page)):
            yield row


def _belongs_elsewhere(hits: list[Hit], block: TableBlock, page: Page) -> bool:
    """Whether a row's labels are another block's: sure ones, or several at once."""
    section = page.section_at(hits[0].cell.row)
    columns: dict[str, set[str]] = defaultdict(set)
    for hit in hits:
        for ref in hit.refs:
            if ref.part in {"title", "opinion", "signature"} and ref.block != block.key:
                return True
            if ref.part == "field" and (
                ref.printed or ref.section == section or hit.rest is not None
            ):
                return True
            if ref.part in {"column", "measure"} and ref.block != block.key:
                columns[ref.block].add(ref.key)
    return any(len(keys) > 1 for keys in columns.values())


def table_rows(table: Table) -> Iterator[tuple[int, Row]]:
    """The table's rows that are not blank: row number → column → slot."""
    for row in range(table.first, table.last + 1):
        slots = {
            column.key: _slot(table, table.header[column.key], row)
            for column in table.block.columns
            if column.key in table.header
        }
        if any(not slot.blank for slot in slots.values()) and not _repeats_header(table, row):
            yield row, slots


def _slot(table: Table, label: Hit, row: int) -> Slot:
    """The cell of a column in a row: the first filled one below the label.

    A cell merged from further left belongs to the column it begins in, and here where it begins
    in none.
    """
    span = label.cell.span
    shown = [table.page.grid.at(row, col) for col in range(span.left, span.right + 1)]
    cells = [cell for cell in shown if cell.col >= span.left or not _begins_in_column(table, cell)]
    cell = next((cell for cell in cells if not cell.blank), cells[0] if cells else None)
    return Slot(table.page, cell, cell.text) if cell else Slot(table.page, shown[0], "")


def _begins_in_column(table: Table, cell: Cell) -> bool:
    spans = (hit.cell.span for hit in table.header.values())
    return any(span.left <= cell.col <= span.right for span in spans)


def _repeats_header(table: Table, row: int) -> bool:
    labels = [
        hit
        for hit in table.page.hits
        if hit.cell.row == row and any(True for _ in hit.refs_of("column", table.block.key))
    ]
    return len(labels) >= _needed(table.block)


def parsed(table: Table, column: Column, slot: Slot, unit: str) -> Value:
    """The slot's value as the column's kind says."""
    if column.kind == "amount":
        stated = label_unit(table.header[column.key].cell.text) or unit
        return slot.value(partial(as_amount, unit=stated, none_is_zero=column.none_is_zero))
    return slot.value(as_date if column.kind == "date" else as_text)


def unit_of(table: Table, default: str) -> str:
    """The unit of money stated above the table (`单位：元`), else the form's."""
    return table.page.unit_stated(table.first - 4, table.first) or default


def is_word(text: str, words: frozenset[str]) -> bool:
    return label_key(text) in words

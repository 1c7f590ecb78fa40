"""Tables: a header row found by its column labels, and the rows below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from xlsx_eval.forms.model import Column, TableBlock
from xlsx_eval.reading.cells import Slot, Value, as_amount, as_date, as_points, as_rate, as_text
from xlsx_eval.reading.grid import Cell, Span
from xlsx_eval.reading.labels import Hit, label_key, label_unit, without_remark
from xlsx_eval.reading.pages import Page
from xlsx_eval.values.text import compact

Row = dict[str, Slot]

ENOUGH_COLUMNS = 3  # so many labels in a row are a header, whatever stands between them


@dataclass(frozen=True)
class Table:
    """A table found: the columns' labels, the first row below the header and the last row."""

    page: Page
    section: str
    block: TableBlock
    header: dict[str, Hit]
    first: int
    last: int

    def holds(self, page: Page, row: int) -> bool:
        """Whether a row is the table's, header included: its labels are no fields'."""
        return (
            page is self.page and min(h.cell.row for h in self.header.values()) <= row <= self.last
        )

    @property
    def heading(self) -> Cell:
        return min((hit.cell for hit in self.header.values()), key=lambda cell: cell.col)


def find_table(pages: list[Page], section: str, block: TableBlock) -> Table | None:
    """The table's header row: in its own section, else where most of the form stands."""
    found = [
        ((page.section_at(row) == section, len(header), page.weight, -number, -row), page, header)
        for number, page in enumerate(pages)
        for row, header in _header_rows(page, block).items()
        if len(header) >= _needed(block)
        and (not _values_between(page, row, header) or _heads_columns(page, row, header, block))
    ]
    if not found:
        return None
    _, page, header = max(found, key=lambda each: each[0])
    first = max(hit.cell.span.bottom for hit in header.values()) + 1
    table = Table(page, section, block, header, first, page.last_row)
    return replace(table, last=_last_row(table))


def side_by_side(table: Table) -> list[Table]:
    """The table, and those whose header repeats its labels further right in the same row."""
    right = max(hit.cell.col for hit in table.header.values())
    row = table.heading.row
    beside: list[dict[str, Hit]] = []
    for hit in table.page.hits:
        if hit.rest is not None or hit.cell.row != row or hit.cell.col <= right:
            continue
        for ref in hit.refs_of("column", table.block.key):
            header = next((each for each in beside if ref.key not in each), None)
            if header is None:
                beside.append(header := {})
            header[ref.key] = hit
            break
    whole = (header for header in beside if len(header) == len(table.header))
    return [table, *(replace(table, header=header) for header in whole)]


def _values_between(page: Page, row: int, header: dict[str, Hit]) -> bool:
    """Whether values stand between the labels of a row: then they are pairs and head no columns."""
    last = max(hit.cell.col for hit in header.values())
    beside = (page.grid.at(row, hit.cell.span.right + 1) for hit in header.values())
    return (
        any(not cell.blank and not page.is_label(cell) and cell.col < last for cell in beside)
        and len(header) < ENOUGH_COLUMNS
    )


def _heads_columns(page: Page, row: int, header: dict[str, Hit], block: TableBlock) -> bool:
    """Whether what stands between the labels is one that was altered: values stand below them.

    Of pairs the last label's value stands right of it, and labels stand below labels.
    """
    if len(header) == len([column for column in block.columns if column.printed]):
        return False
    first, *_, last = sorted((hit.cell for hit in header.values()), key=lambda cell: cell.col)
    below = max(first.span.bottom, last.span.bottom) + 1
    right = (page.grid.at(each, last.span.right + 1) for each in (row, below))
    under = [page.grid.at(below, cell.col) for cell in (first, last)]
    return all(cell.blank for cell in right) and all(
        (cell.row, cell.col) == (below, label.col) and not cell.blank and not page.is_label(cell)
        for cell, label in zip(under, (first, last), strict=True)
    )


def _needed(block: TableBlock) -> int:
    return max(2, (len(block.columns) + 1) // 2)


def _header_rows(page: Page, block: TableBlock) -> dict[int, dict[str, Hit]]:
    """Row → the block's column labels that stand in it, each cell for one column."""
    rows: dict[int, dict[str, Hit]] = defaultdict(dict)
    for hit in page.hits:
        if hit.rest is not None:
            continue
        for ref in hit.refs_of("column", block.key):
            for row in range(hit.cell.span.top, hit.cell.span.bottom + 1):
                if ref.key not in rows[row] or (ref.printed and not _printed(rows[row][ref.key])):
                    rows[row][ref.key] = hit
    return rows


def _printed(hit: Hit) -> bool:
    return any(ref.printed for ref in hit.refs_of("column"))


def _last_row(table: Table) -> int:
    """The row before whatever follows the table.

    A heading, another table, an opinion or several labels in a row surely end it. One label alone
    ends it only below the total: an item may be called 联系电话 or 其他.
    """
    below = {row: hits for row, hits in _hits_by_row(table).items() if row >= table.first}
    sure = {row for row, hits in below.items() if _ends_surely(table, row, hits)}
    end = min(sure, default=table.page.last_row + 1)
    totals = [row for row, hits in below.items() if row < end and _names_total(table, hits)]
    if totals and any(column.total_field for column in table.block.columns):
        return totals[0]
    perhaps = {
        row
        for row, hits in below.items()
        if row > max(totals, default=table.first - 1) and _ends_perhaps(table, hits)
    }
    return min({end, *perhaps}) - 1


def _hits_by_row(table: Table) -> dict[int, list[Hit]]:
    """Row → its labels in or left of the table's first column: those that can end the table."""
    edge = min((hit.cell.span for hit in table.header.values()), key=lambda span: span.left).right
    by_row: dict[int, list[Hit]] = defaultdict(list)
    for hit in table.page.hits:
        if hit.cell.col <= edge:
            by_row[hit.cell.row].append(hit)
    for hit in table.page.hits:
        if hit.cell.col > edge and hit.cell.row in by_row:
            by_row[hit.cell.row].append(hit)
    return by_row


def _ends_surely(table: Table, row: int, hits: list[Hit]) -> bool:
    block = table.block.key
    if any(row == start for start, _, _ in table.page.starts):
        return True
    if sum(1 for hit in hits if any(True for _ in hit.refs_of("column", block))) > 1:
        return False  # the header again, after a page break
    columns: dict[str, set[str]] = defaultdict(set)
    fields = 0
    for hit in hits:
        fields += any(ref.part == "field" for ref in hit.refs)
        for ref in hit.refs:
            if ref.block != block and ref.part in {"title", "opinion", "signature"}:
                return True
            if ref.block != block and ref.part in {"column", "measure"}:
                columns[ref.block].add(ref.key)
    return fields > 1 or any(len(keys) > 1 for keys in columns.values())


def _names_total(table: Table, hits: list[Hit]) -> bool:
    return any(True for hit in hits for _ in hit.refs_of("sum", table.block.key))


def _ends_perhaps(table: Table, hits: list[Hit]) -> bool:
    """Whether a row begins with a field's label: as printed, of this section, or with its value."""
    return any(
        ref.part == "field"
        and (ref.printed or ref.section == table.section or hit.rest is not None)
        for hit in hits
        for ref in hit.refs
    )


def table_rows(table: Table) -> Iterator[tuple[int, Row]]:
    """The table's rows that are not blank: row number → column → slot.

    A row of cells that are merged over several rows of the sheet is one.
    """
    for row in range(table.first, table.last + 1):
        slots = row_at(table, row)
        begins_here = any(not slot.blank and slot.cell.row == row for slot in slots.values())
        if begins_here and not _repeats_header(table, row):
            yield row, slots


def row_at(table: Table, row: int) -> Row:
    """The cells of a row of the sheet under the table's columns."""
    return {
        column.key: _slot(table, table.header[column.key], row)
        for column in table.block.columns
        if column.key in table.header
    }


def _slot(table: Table, label: Hit, row: int) -> Slot:
    """The cell of a column in a row: the first filled one below the label.

    A merged cell belongs to the column it begins in, else to the first one it covers.
    """
    span = label.cell.span
    shown = [table.page.grid.at(row, col) for col in range(span.left, span.right + 1)]
    cells = [cell for cell in shown if cell.col >= span.left or _first_covered(table, cell, span)]
    cell = next((cell for cell in cells if not cell.blank), cells[0] if cells else None)
    return Slot(table.page, cell, cell.text) if cell else Slot(table.page, shown[0], "")


def _first_covered(table: Table, cell: Cell, span: Span) -> bool:
    """Whether no column further left begins under the cell or holds its beginning."""
    spans = (hit.cell.span for hit in table.header.values())
    return not any(
        other.left < span.left and other.right >= cell.col for other in spans if other != span
    )


def _repeats_header(table: Table, row: int) -> bool:
    labels = [
        hit
        for hit in table.page.hits
        if hit.cell.row == row and any(True for _ in hit.refs_of("column", table.block.key))
    ]
    return len(labels) >= _needed(table.block)


def parsed(column: Column, slot: Slot, label: str, unit: str = "") -> Value:
    """The slot's value as the column's kind says; `label` is the column's as it stands."""
    match column.kind:
        case "amount":
            stated = label_unit(label) or unit
            return slot.value(partial(as_amount, unit=stated, none_is_zero=column.none_is_zero))
        case "points":
            return slot.value(as_points)
        case "rate":
            return slot.value(partial(as_rate, per_cent=asks_for_per_cent(label)))
        case "date":
            return slot.value(as_date)
    return slot.value(as_text)


def asks_for_per_cent(label: str) -> bool:
    return "%" in compact(label)


def unit_of(table: Table, default: str) -> str:
    """The unit of money stated above the table (`单位：元`), else the form's."""
    return table.page.unit_stated(table.first - 4, table.first) or default


def is_word(text: str, words: frozenset[str]) -> bool:
    return label_key(text) in words or label_key(without_remark(text)) in words

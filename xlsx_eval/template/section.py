"""A section on its sheet: the heading, then its blocks on one grid of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from xlsx_eval.forms.model import (
    Block,
    FieldsBlock,
    MatrixBlock,
    NarrativesBlock,
    OpinionsBlock,
    Section,
    TableBlock,
)
from xlsx_eval.template.fields import fields_widths, write_fields
from xlsx_eval.template.grid import Grid, lay_out
from xlsx_eval.template.matrix import matrix_widths, write_matrix
from xlsx_eval.template.narratives import NARRATIVES_WIDTHS, write_narratives
from xlsx_eval.template.opinions import OPINIONS_WIDTHS, write_opinions
from xlsx_eval.template.sheet import Area, Sheet
from xlsx_eval.template.style import SECTION, UNIT
from xlsx_eval.template.table import table_widths, write_table

if TYPE_CHECKING:
    from xlsx_eval.template.book import Book
    from xlsx_eval.template.filled import Filled

HEADING_ROW = 34.0
# A header further down would leave no room to scroll when frozen.
LAST_FROZEN = 1


def write_section(book: Book, section: Section, filled: Filled) -> None:
    grid = _grid(section)
    sheet = book.sheet(section.sheet, grid.widths)
    _heading(sheet, section)
    headers: dict[int, int] = {}
    for block in section.blocks:
        start = sheet.row
        sheet.chunk()
        _write(sheet, block, grid, filled)
        if isinstance(block, TableBlock):
            headers[sheet.row - start] = start
    repeat = headers[max(headers)] if headers else None
    if repeat is not None and repeat <= LAST_FROZEN:
        sheet.freeze_above(repeat + 1)
    sheet.finish(repeat=repeat)


def _grid(section: Section) -> Grid:
    """Tables lay down the columns, the one with most of them first; other blocks follow them."""
    widths = {block.key: _widths(block) for block in section.blocks}
    tabular = {b.key for b in section.blocks if isinstance(b, TableBlock | MatrixBlock)}
    order = sorted(widths, key=lambda key: (key not in tabular, -len(widths[key])))
    return lay_out({key: widths[key] for key in order})


def _widths(block: Block) -> tuple[float, ...]:
    match block:
        case FieldsBlock():
            return fields_widths(block)
        case MatrixBlock():
            return matrix_widths(block)
        case TableBlock():
            return table_widths(block)
        case OpinionsBlock():
            return OPINIONS_WIDTHS
        case NarrativesBlock():
            return NARRATIVES_WIDTHS
        case _:
            assert_never(block)


def _write(sheet: Sheet, block: Block, grid: Grid, filled: Filled) -> None:
    spans = grid.spans[block.key]
    match block:
        case FieldsBlock():
            write_fields(sheet, block, spans, filled)
        case MatrixBlock():
            write_matrix(sheet, block, spans, filled)
        case TableBlock():
            write_table(sheet, block, spans, filled)
        case OpinionsBlock():
            write_opinions(sheet, block, spans, filled)
        case NarrativesBlock():
            write_narratives(sheet, block, spans, filled)
        case _:
            assert_never(block)


def _heading(sheet: Sheet, section: Section) -> None:
    """Write the title, and on the right the unit of a table's amounts: no label there tells it."""
    amounts = any(
        column.kind == "amount"
        for block in section.blocks
        if isinstance(block, TableBlock)
        for column in block.columns
    )
    sheet.at_least(sheet.row, HEADING_ROW)
    sheet.write(Area(sheet.row, 0, sheet.row, 0), section.title, SECTION)
    if amounts:
        last = Area(sheet.row, sheet.last_column, sheet.row, sheet.last_column)
        sheet.write(last, f"金额单位：{sheet.unit}", UNIT)
    sheet.row += 1

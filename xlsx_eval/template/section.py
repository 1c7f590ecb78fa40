"""A section on its sheet: the heading, then its blocks on one grid of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval.forms.model import MatrixBlock, Section, TableBlock
from xlsx_eval.template.blocks import block_widths, write_block
from xlsx_eval.template.grid import Grid, lay_out
from xlsx_eval.template.sheet import Area
from xlsx_eval.template.style import SECTION, UNIT

if TYPE_CHECKING:
    from xlsx_eval.template.book import Book
    from xlsx_eval.template.filled import Filled
    from xlsx_eval.template.sheet import Sheet

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
        write_block(sheet, block, grid.spans[block.key], filled)
        if isinstance(block, TableBlock):
            headers[sheet.row - start] = start
    repeat = headers[max(headers)] if headers else None
    if repeat is not None and repeat <= LAST_FROZEN:
        sheet.freeze_above(repeat + 1)
    sheet.finish(repeat=repeat)


def _grid(section: Section) -> Grid:
    """Tables lay down the columns, the one with most of them first; other blocks follow them."""
    widths = {block.key: block_widths(block) for block in section.blocks}
    tabular = {b.key for b in section.blocks if isinstance(b, TableBlock | MatrixBlock)}
    order = sorted(widths, key=lambda key: (key not in tabular, -len(widths[key])))
    return lay_out({key: widths[key] for key in order})


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

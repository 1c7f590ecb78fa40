"""A form that is one table on one sheet: each section's heading to the left of what it heads."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.forms.model import FieldsBlock, MatrixBlock, TableBlock
from xlsx_eval.template.blocks import block_widths, write_block
from xlsx_eval.template.breaking import width_for
from xlsx_eval.template.budget import write_budget
from xlsx_eval.template.entry import Entry
from xlsx_eval.template.fields import is_signature, write_fields, write_signatures
from xlsx_eval.template.grid import Span, cover
from xlsx_eval.template.sheet import Area, Sheet, Spacing
from xlsx_eval.template.style import HEADER
from xlsx_eval.template.table import write_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsx_eval.forms import Form
    from xlsx_eval.forms.model import Block, Section
    from xlsx_eval.template.book import Book
    from xlsx_eval.template.filled import Filled
    from xlsx_eval.template.style import Properties

# Characters across the sheet: in print on upright A4 still easy to read.
WIDTH = 104.0
HEADING_WIDTH, LABEL_WIDTH, NARROWEST = 8.0, 22.0, 7.0
SPACING = Spacing(air=8.0, automatic_font_size=16, automatic_row=21.0, narrow=True)
# Pages' worth of rows that are still legible on one page.
SQUEEZE = 1.12
TITLE_ROW, YEAR_ROW = 45.0, 24.0
TITLE: Properties = {
    "font_name": look.FONT_TITLE,
    "font_size": 20,
    "bold": True,
    "align": "center",
    "valign": "vcenter",
}
# An input without the tint of one, which would be a bar across the page.
YEAR: Properties = {"align": "center", "valign": "vcenter", "locked": False}


@dataclass(frozen=True, slots=True)
class _Part:
    """A block; a `headed` one stands to the right of its section's heading."""

    section: Section
    block: Block
    headed: bool


@dataclass(frozen=True, slots=True)
class _Drawing:
    """The sheet with its columns, and column key → the points that a total adds from above it."""

    sheet: Sheet
    columns: Sequence[float]
    filled: Filled
    counted: dict[str, Area]


def write_one_table(book: Book, form: Form, sections: Sequence[Section], filled: Filled) -> None:
    parts = [part for section in sections for part in _parts(form, section)]
    columns = _columns(parts)
    sheet = book.sheet(sections[0].sheet, columns)
    sheet.spacing = SPACING
    drawing = _Drawing(sheet, columns, filled, {})
    _title(drawing, form)
    main, header = max(parts, key=lambda part: _room(part.block)), None
    for section, of_section in groupby(parts, key=lambda part: part.section):
        start = end = sheet.row
        for part in of_section:
            if part is main and isinstance(part.block, TableBlock):
                # Where the form needs a second page, it begins here; a third repeats the header.
                sheet.chunk()
                header = sheet.row
            _draw(drawing, part, last=part is parts[-1])
            if part.headed:
                end = sheet.row - _has_total(part.block)
        if end > start:
            sheet.label(Area(start, 0, end - 1, 0), section.title, HEADER)
    sheet.finish(repeat=header, squeeze=SQUEEZE)


def _parts(form: Form, section: Section) -> Iterator[_Part]:
    """Yield the blocks; a total ends what the heading stands beside."""
    headed = section.title != form.title
    for block in section.blocks:
        yield _Part(section, block, headed)
        headed = headed and not _has_total(block)


def _has_total(block: Block) -> bool:
    return isinstance(block, TableBlock) and block.total is not None


def _room(block: Block) -> int:
    """Return the rows of a table."""
    if not isinstance(block, TableBlock):
        return 0
    return block.rows * (sum(len(group.rows) for group in block.groups) or 1)


def _columns(parts: Sequence[_Part]) -> tuple[float, ...]:
    """Return the widths of the heading's column and those of the block with the most columns."""
    block = max((part.block for part in parts), key=lambda block: len(_widths(block)))
    titles = _title_widths(block)
    others = _widths(block)[len(titles) :]
    scale = (WIDTH - HEADING_WIDTH - sum(titles)) / sum(others)
    return (
        HEADING_WIDTH,
        *titles,
        *(round(max(width * scale, NARROWEST), 1) for width in others),
    )


def _title_widths(block: Block) -> tuple[float, ...]:
    """Return what a table's printed columns take so that no title breaks."""
    if not isinstance(block, TableBlock) or not block.groups or block.title:
        return ()
    first = (group.title for group in block.groups)
    second = (title for group in block.groups for title in group.rows)
    return tuple(round(width_for(max(map(len, titles))), 1) for titles in (first, second))


def _widths(block: Block) -> tuple[float, ...]:
    """Return what the block's columns want; labels of texts and of titled tables are alike."""
    if isinstance(block, FieldsBlock):
        return (LABEL_WIDTH, WIDTH / block.pairs - LABEL_WIDTH) * block.pairs
    widths = block_widths(block)
    if isinstance(block, TableBlock) and block.title:
        return (LABEL_WIDTH, *widths[1:])
    return widths


def _spans(drawing: _Drawing, part: _Part) -> tuple[Span, ...]:
    left = 1 if part.headed else 0
    spans = cover(drawing.columns[left:], _widths(part.block))
    return tuple(Span(span.first + left, span.last + left) for span in spans)


def _title(drawing: _Drawing, form: Form) -> None:
    sheet, year = drawing.sheet, drawing.filled.fiscal_year
    sheet.at_least(sheet.row, TITLE_ROW)
    sheet.write(Area(sheet.row, 0, sheet.row, sheet.last_column), form.title, TITLE)
    sheet.row += 1
    year_row = Area(sheet.row, 0, sheet.row, sheet.last_column)
    sheet.at_least(sheet.row, YEAR_ROW)
    sheet.write(year_row, f"（{year or '　　　　'}年度）", YEAR)
    sheet.guard(year_row.first, Entry("text", "年度", "填写预算年度，例如：（2021年度）"))
    sheet.define("fiscal_year", year_row.first)
    sheet.row += 1


def _draw(drawing: _Drawing, part: _Part, *, last: bool) -> None:
    sheet, filled, block = drawing.sheet, drawing.filled, part.block
    spans = _spans(drawing, part)
    match block:
        case MatrixBlock() if block.columns:
            told = sheet.unit in part.section.title
            points = write_budget(sheet, block, spans, filled, tell_unit=not told)
            drawing.counted.update(points)
        case TableBlock():
            write_table(sheet, block, spans, filled, left=0, counted=drawing.counted)
        case FieldsBlock() if last and not part.headed and is_signature(block):
            write_signatures(sheet, block, spans, filled)
        case FieldsBlock():
            write_fields(sheet, block, spans, filled, first_alone=True)
        case _:
            write_block(sheet, block, spans, filled)

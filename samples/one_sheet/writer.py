"""The whole workbook: cover, sections in the layout's order, notes beside them, further sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from one_sheet.blocks import write_fields, write_funds, write_narratives, write_opinions
from one_sheet.desk import Desk, Facts
from one_sheet.layout import ExtraSheet, Labels, Layout
from one_sheet.paper import CENTRED, GUIDE, HEADING, ISSUER, RIGHT, TITLE, Book, Place, Sheet
from one_sheet.tables import write_table
from xlsx_eval.forms.model import (
    Block,
    FieldsBlock,
    Form,
    MatrixBlock,
    NarrativesBlock,
    OpinionsBlock,
    Section,
    TableBlock,
)
from xlsx_eval.template.filled import refuse_unknown

# Wide enough for 其中：中央财政 beside an amount, and for 项目产出指标 in one line.
LABEL_WIDTH, VALUE_WIDTH = 15.0, 13.0
EXTRA_WIDTH = 16.0
FEWEST_COLUMNS = 8
TITLE_HEIGHT, HEADING_HEIGHT, ISSUER_HEIGHT = 48.0, 30.0, 36.0
COVER_TITLE_HEIGHT, COVER_ROW_HEIGHT = 120.0, 42.0


@dataclass(frozen=True, slots=True)
class Written:
    """A workbook's bytes, and the cell each value went to.

    Keys: `fields.leader`, `funds.spent.total`, `expenditures.0.voucher`,
    `expenditures.total.amount`, `indicators.3.actual`, `evaluators.1.name`,
    `opinions.unit.date`, `narratives.5`, `narratives.5.heading`, `sections.performance`.
    """

    data: bytes
    places: Mapping[str, Place]


def write_one_sheet(form: Form, facts: Facts, layout: Layout) -> bytes:
    """The facts on the bent form; amounts are in the form's unit (万元)."""
    return written(form, facts, layout).data


def places(form: Form, facts: Facts, layout: Layout) -> Mapping[str, Place]:
    """Where `write_one_sheet` puts each value: its key → sheet and cell."""
    return written(form, facts, layout).places


def written(form: Form, facts: Facts, layout: Layout) -> Written:
    """The workbook together with its places.

    The same arguments give the same bytes. Raises ValueError for a value the form has no place
    for, an undeclared wording, or an unknown section.
    """
    refuse_unknown(form, facts.filled)
    sections = _sections(form, layout)
    labels = Labels(form, layout)
    book = Book(form.title)
    for extra in layout.extra_sheets:
        if extra.first:
            _write_extra(book, extra)
    desk = Desk(facts, layout, labels, form.unit, _first_sheet(book, form, layout))
    _write_cover(desk, book, form)
    for number, section in enumerate(sections):
        _write_section(desk, section, layout.notes[number : number + 1])
        desk.sheet.row += layout.gap
    desk.sheet.finish()
    for extra in layout.extra_sheets:
        if not extra.first:
            _write_extra(book, extra)
    return Written(book.close(), desk.places)


def _sections(form: Form, layout: Layout) -> list[Section]:
    """The sections to write but for the cover, in the layout's order."""
    known = {section.key: section for section in form.sections}
    unknown = {*layout.order, *layout.omitted} - known.keys()
    if unknown:
        raise ValueError(f"the form has no section {', '.join(sorted(unknown))}")
    order = [*layout.order, *(key for key in known if key not in layout.order)]
    return [
        known[key] for key in order if key not in layout.omitted and known[key].title != form.title
    ]


# --------------------------------------------------------------------------------------- sheets


def _first_sheet(book: Book, form: Form, layout: Layout) -> Sheet:
    if layout.cover == "sheet":
        return book.sheet(layout.cover_sheet, _widths(form))
    return _main_sheet(book, form, layout)


def _main_sheet(book: Book, form: Form, layout: Layout) -> Sheet:
    return book.sheet(layout.sheet, _widths(form), layout.row, layout.column)


def _widths(form: Form) -> list[float]:
    """Label and value columns by turns, as many as the funds and the widest table need."""
    needed = [FEWEST_COLUMNS]
    for _, block in form.blocks():
        if isinstance(block, MatrixBlock):
            needed.append(2 * len(block.measures))
        if isinstance(block, TableBlock):
            needed.append(len(block.columns) + bool(block.title))
    return [VALUE_WIDTH if place % 2 else LABEL_WIDTH for place in range(max(needed))]


def _write_extra(book: Book, extra: ExtraSheet) -> None:
    sheet = book.sheet(extra.name, [EXTRA_WIDTH] * max(map(len, extra.rows)))
    for row in extra.rows:
        for column, content in enumerate(row):
            area = sheet.whole_row()._replace(column=column, last_column=column)
            sheet.draw(area, content, CENTRED)
        sheet.row += 1
    sheet.finish()


# -------------------------------------------------------------------------------------- sections


def _write_cover(desk: Desk, book: Book, form: Form) -> None:
    cover = next((each for each in form.sections if each.title == form.title), None)
    if cover is None or desk.layout.cover == "none":
        return
    alone = desk.layout.cover == "sheet"
    title = desk.sheet.draw(desk.row(), desk.labels.heading(f"sections.{cover.key}"), TITLE)
    desk.places[f"sections.{cover.key}"] = title
    desk.sheet.at_least(desk.sheet.row, COVER_TITLE_HEIGHT if alone else TITLE_HEIGHT)
    desk.sheet.row += 1
    first = desk.sheet.row
    for block in cover.blocks:
        if isinstance(block, FieldsBlock):
            write_fields(desk, block, pairs=1)
    for row in range(first, desk.sheet.row) if alone else ():
        desk.sheet.at_least(row, COVER_ROW_HEIGHT)
    if form.issuer:
        desk.sheet.draw(desk.row(), desk.labels.typeset(form.issuer), ISSUER)
        desk.sheet.at_least(desk.sheet.row, ISSUER_HEIGHT)
        desk.sheet.row += 1
    desk.sheet.row += desk.layout.gap
    if alone:
        desk.sheet.finish()
        desk.sheet = _main_sheet(book, form, desk.layout)


def _write_section(desk: Desk, section: Section, notes: tuple[str, ...]) -> None:
    heading = desk.labels.heading(f"sections.{section.key}")
    desk.places[f"sections.{section.key}"] = desk.label(desk.row(), heading, HEADING)
    desk.sheet.at_least(desk.sheet.row, HEADING_HEIGHT)
    desk.sheet.row += 1
    for note in notes:
        desk.sheet.note(desk.sheet.row, note)
    for line in section.guide if desk.layout.guidance else ():
        desk.sheet.draw(desk.row(), desk.labels.typeset(line), GUIDE)
        desk.sheet.row += 1
    if desk.layout.unit_above_table and _has_amounts(section):
        desk.sheet.draw(desk.row(), desk.labels.typeset(f"单位：{desk.unit}"), RIGHT)
        desk.sheet.row += 1
    for block in section.blocks:
        _write_block(desk, block)


def _has_amounts(section: Section) -> bool:
    return any(
        column.kind == "amount"
        for block in section.blocks
        if isinstance(block, TableBlock)
        for column in block.columns
    )


def _write_block(desk: Desk, block: Block) -> None:
    match block:
        case FieldsBlock():
            write_fields(desk, block, block.pairs)
        case MatrixBlock():
            write_funds(desk, block)
        case TableBlock():
            write_table(desk, block)
        case OpinionsBlock():
            write_opinions(desk, block)
        case NarrativesBlock():
            write_narratives(desk, block)
        case _:
            assert_never(block)

"""Label and value pairs beside one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.template.entry import Entry
from xlsx_eval.template.sheet import Area, Sheet
from xlsx_eval.template.style import CENTRED, HEADER, LABEL, TALL_ROW, Properties

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsx_eval.forms.model import FieldsBlock, FormField
    from xlsx_eval.template.filled import Filled
    from xlsx_eval.template.grid import Span

NARROWEST_LABEL = 15
PAIR_WIDTH = 48.0
# A text of two hundred characters over most of the page.
TEXT_ROW = 80.0
TEXT: Properties = {"valign": "vcenter"}
SIGNATURE: Properties = {**CENTRED, "border": 0, "bottom": 1}
SIGNATURE_LABEL: Properties = {**LABEL, "border": 0, "align": "right"}


def fields_widths(block: FieldsBlock) -> tuple[float, ...]:
    longest = max(look.text_width(field.label) for field in block.fields)
    label = max(NARROWEST_LABEL, longest + 2)
    value = max(PAIR_WIDTH * 2 / block.pairs - label, label)
    return (label, value) * block.pairs


def field_entry(field: FormField, filled: Filled) -> Entry:
    return Entry(
        kind="long_text" if field.section else field.kind,
        title=field.label,
        prompt=field.prompt,
        options=field.options,
        name=field.key,
        value=filled.fields.get(field.key, field.default or None),
    )


def write_fields(
    sheet: Sheet,
    block: FieldsBlock,
    spans: Sequence[Span],
    filled: Filled,
    *,
    first_alone: bool = False,
) -> None:
    """Write the pairs line by line; an odd one is last, or stands alone in the first line."""
    for line in _lines(block, first_alone=first_alone):
        for place, field in enumerate(line):
            label, value = spans[2 * place], spans[2 * place + 1]
            # The last pair of a line takes what is left of its row.
            end = spans[-1].last if field is line[-1] else value.last
            row = sheet.row
            sheet.at_least(row, TEXT_ROW if field.section else TALL_ROW)
            sheet.label(
                Area(row, label.first, row, label.last),
                field.label,
                HEADER if field.section else LABEL,
            )
            style = TEXT if field.section else CENTRED
            sheet.enter(Area(row, value.first, row, end), field_entry(field, filled), style)
        sheet.row += 1


def _lines(block: FieldsBlock, *, first_alone: bool) -> Iterator[Sequence[FormField]]:
    start = len(block.fields) % block.pairs if first_alone else 0
    if start:
        yield block.fields[:start]
    for first in range(start, len(block.fields), block.pairs):
        yield block.fields[first : first + block.pairs]


def is_signature(block: FieldsBlock) -> bool:
    """Whether the block says who signs the form, and when."""
    return all(field.kind in {"person", "phone", "date"} for field in block.fields)


def write_signatures(
    sheet: Sheet, block: FieldsBlock, spans: Sequence[Span], filled: Filled
) -> None:
    """Write the pairs on lines below the form, outside of its frame."""
    for line in _lines(block, first_alone=False):
        for place, field in enumerate(line):
            label, value = spans[2 * place], spans[2 * place + 1]
            row = sheet.row
            sheet.at_least(row, TALL_ROW)
            sheet.label(
                Area(row, label.first, row, label.last), f"{field.label}：", SIGNATURE_LABEL
            )
            sheet.enter(
                Area(row, value.first, row, value.last), field_entry(field, filled), SIGNATURE
            )
        sheet.row += 1

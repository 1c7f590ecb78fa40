"""Label and value pairs beside one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.template.entry import Entry
from xlsx_eval.template.sheet import Area, Sheet
from xlsx_eval.template.style import CENTRED, LABEL, TALL_ROW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsx_eval.forms.model import FieldsBlock, FormField
    from xlsx_eval.template.filled import Filled
    from xlsx_eval.template.grid import Span

NARROWEST_LABEL = 15
PAIR_WIDTH = 48.0


def fields_widths(block: FieldsBlock) -> tuple[float, ...]:
    longest = max(look.text_width(field.label) for field in block.fields)
    label = max(NARROWEST_LABEL, longest + 2)
    value = max(PAIR_WIDTH * 2 / block.pairs - label, label)
    return (label, value) * block.pairs


def field_entry(field: FormField, filled: Filled) -> Entry:
    return Entry(
        kind=field.kind,
        title=field.label,
        prompt=field.prompt,
        options=field.options,
        name=field.key,
        value=filled.fields.get(field.key, field.default or None),
    )


def write_fields(sheet: Sheet, block: FieldsBlock, spans: Sequence[Span], filled: Filled) -> None:
    for start in range(0, len(block.fields), block.pairs):
        line = block.fields[start : start + block.pairs]
        for place, field in enumerate(line):
            label, value = spans[2 * place], spans[2 * place + 1]
            # The last pair of the block takes what is left of its row.
            end = spans[-1].last if field is line[-1] else value.last
            row = sheet.row
            sheet.at_least(row, TALL_ROW)
            sheet.label(Area(row, label.first, row, label.last), field.label, LABEL)
            sheet.enter(Area(row, value.first, row, end), field_entry(field, filled), CENTRED)
        sheet.row += 1

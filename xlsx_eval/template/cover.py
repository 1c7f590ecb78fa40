"""The cover: the form's title, its first fields as a centred list, the issuing bureau."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.forms.model import FieldsBlock, FormField, Section
from xlsx_eval.template.fields import field_entry
from xlsx_eval.template.sheet import Area, Sheet

if TYPE_CHECKING:
    from xlsx_eval.forms import Form
    from xlsx_eval.template.book import Book
    from xlsx_eval.template.filled import Filled
    from xlsx_eval.template.style import Properties

# Margin, label, gap, value, margin, in characters.
WIDTHS = (9.0, 16.0, 2.0, 52.0, 9.0)
LABEL_COLUMN, VALUE_COLUMN = 1, 3
ABOVE_TITLE, TITLE_ROW, BELOW_TITLE, FIELD_ROW, ABOVE_ISSUER, ISSUER_ROW = 84, 96, 72, 44, 96, 40
TITLE: Properties = {
    "font_name": look.FONT_TITLE,
    "font_size": 28,
    "bold": True,
    "align": "center",
    "valign": "vcenter",
}
# Spread over the column, as on printed covers: labels of any length end on one line.
LABEL: Properties = {
    "font_size": 15,
    "bold": True,
    "align": "distributed",
    "valign": "vcenter",
}
VALUE: Properties = {
    "font_size": 14,
    "align": "center",
    "indent": 0,
    "valign": "vcenter",
    "border": 0,
    "bottom": 1,
}
ISSUER: Properties = {"font_size": 16, "bold": True, "align": "center", "valign": "vcenter"}


def write_cover(book: Book, form: Form, section: Section, filled: Filled) -> None:
    sheet = book.sheet(section.sheet, WIDTHS)
    _line(sheet, ABOVE_TITLE)
    _line(sheet, TITLE_ROW, section.title, TITLE)
    _line(sheet, BELOW_TITLE)
    for block in section.blocks:
        if isinstance(block, FieldsBlock):
            for field in block.fields:
                _field(sheet, field, filled)
    _line(sheet, ABOVE_ISSUER)
    _line(sheet, ISSUER_ROW, form.issuer, ISSUER)
    sheet.finish(single_page=True)


def _line(sheet: Sheet, height: float, text: str = "", style: Properties | None = None) -> None:
    if style:
        sheet.write(Area(sheet.row, 0, sheet.row, sheet.last_column), text, style)
    sheet.at_least(sheet.row, height)
    sheet.row += 1


def _field(sheet: Sheet, field: FormField, filled: Filled) -> None:
    row = sheet.row
    sheet.write(Area(row, LABEL_COLUMN, row, LABEL_COLUMN), field.label, LABEL)
    value = Area(row, VALUE_COLUMN, row, VALUE_COLUMN)
    sheet.enter(value, field_entry(field, filled), VALUE)
    _line(sheet, FIELD_ROW)

"""The official workbook, blank or prefilled, drawn from the declared form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval.template.book import Book
from xlsx_eval.template.cover import write_cover
from xlsx_eval.template.filled import Filled, Opinion, refuse_unknown
from xlsx_eval.template.guide import write_guide
from xlsx_eval.template.section import write_section

if TYPE_CHECKING:
    from xlsx_eval.forms import Form

__all__ = ["Filled", "Opinion", "build_template"]


def build_template(form: Form, filled: Filled | None = None) -> bytes:
    """Form → the bytes of its .xlsx template; with `filled`, its inputs hold those values.

    The same form and values give the same bytes. Amounts are in the form's unit (万元).
    Raises ValueError where `filled` names something the form does not have, and FormError where
    a declared key can't be a name in Excel.
    """
    values = filled or Filled()
    refuse_unknown(form, values)
    book = Book(form)
    write_guide(book, form)
    for section in form.sections:
        if section.title == form.title:
            write_cover(book, form, section, values)
        else:
            write_section(book, section, values)
    book.identify(form)
    return book.close()

"""The official workbook, blank or prefilled, drawn from the declared form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval.template.book import Book
from xlsx_eval.template.cover import write_cover
from xlsx_eval.template.filled import Filled, Opinion, refuse_unknown
from xlsx_eval.template.guide import has_guide, write_guide
from xlsx_eval.template.one_table import write_one_table
from xlsx_eval.template.plan import is_one_table, printed, sheets
from xlsx_eval.template.section import write_section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsx_eval.forms import Form
    from xlsx_eval.forms.model import Section

__all__ = ["Filled", "Opinion", "build_template"]


def build_template(form: Form, filled: Filled | None = None) -> bytes:
    """Form → the bytes of its .xlsx template; with `filled`, its inputs hold those values.

    The same form and values give the same bytes. Amounts are in the form's unit (万元).
    Sections that share a sheet become one table. Raises ValueError where `filled` names something
    the template does not have, and FormError for a declaration that can't be drawn: a key that
    can't be a name in Excel, a rate of nothing.
    """
    form, values = printed(form), filled or Filled()
    refuse_unknown(form, values)
    book = Book(form)
    if has_guide(form):
        write_guide(book, form)
    for sections in sheets(form).values():
        _write_sheet(book, form, sections, values)
    book.identify(form)
    return book.close()


def _write_sheet(book: Book, form: Form, sections: Sequence[Section], filled: Filled) -> None:
    first = sections[0]
    if is_one_table(sections):
        write_one_table(book, form, sections, filled)
    elif first.title == form.title:
        write_cover(book, form, first, filled)
    else:
        write_section(book, first, filled)

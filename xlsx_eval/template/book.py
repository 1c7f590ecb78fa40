"""The workbook: formats, defined names, identity."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import xlsxwriter

from xlsx_eval import look
from xlsx_eval.errors import FormError
from xlsx_eval.template.sheet import Area, Sheet
from xlsx_eval.template.style import SIZE, Properties

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from xlsx_eval.forms import Form

IDENTITY_SHEET = "_xlsx_eval"
# Not now(): the same form must give the same bytes.
CREATED = datetime(2022, 1, 1, tzinfo=UTC).replace(tzinfo=None)
# Excel's own default column in 宋体 at 11 points, and a default row that is not cramped.
COLUMN_PIXELS, ROW_PIXELS = 72, 24
# No theme font instead; the character set leads computers without 宋体 to another Chinese font.
FONT: Properties = {
    "font_name": look.FONT_PRINT,
    "font_size": SIZE,
    "font_scheme": False,
    "font_family": 3,
    "font_charset": 134,
}
# What Excel would read as a cell (`ab12`, `r1c1`) can't be a name.
_CELL_LIKE = re.compile(r"[a-z]{1,3}\d+|r\d*(c\d*)?|c\d*", re.IGNORECASE)


class Book:
    """An .xlsx in the making; its sheets draw themselves through it."""

    def __init__(self, form: Form) -> None:
        self._bytes = BytesIO()
        self._workbook = xlsxwriter.Workbook(self._bytes, _options())
        self._workbook.set_properties({"title": form.title, "created": CREATED})
        self._workbook.set_custom_property("form", form.form, "text")
        self._workbook.set_custom_property("version", form.version, "text")
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self.unit = form.unit
        self._names: set[str] = set()

    def sheet(self, name: str, widths: Sequence[float]) -> Sheet:
        worksheet: Worksheet = self._workbook.add_worksheet(name)
        return Sheet(self, worksheet, widths)

    def format(self, properties: Properties) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format({**FONT, **properties})
        return self._formats[key]

    def define(self, name: str, sheet: str, area: Area) -> None:
        """Give the area a workbook-wide name. Raises FormError for one Excel can't take."""
        if _CELL_LIKE.fullmatch(name):
            raise FormError(f"the key {name!r} reads like a cell; Excel can't take it as a name")
        if name in self._names:
            raise FormError(f"two parts of the form are called {name!r}")
        self._names.add(name)
        self._workbook.define_name(name, f"='{sheet}'!{area.absolute}")

    def identify(self, form: Form) -> None:
        """Say on a sheet nobody sees which form this is, in which version."""
        worksheet = self._workbook.add_worksheet(IDENTITY_SHEET)
        worksheet.write_column("A1", ["form", "version"])
        worksheet.write_column("B1", [form.form, form.version])
        worksheet.very_hidden()

    def close(self) -> bytes:
        self._workbook.close()
        return self._bytes.getvalue()


def _options() -> dict[str, object]:
    """Return new options for each workbook, because XlsxWriter writes into what it is given."""
    return {
        "in_memory": True,
        # Column widths count characters of this font; in 宋体 a Chinese character takes two.
        "default_format_properties": dict(FONT),
        "default_column_width": COLUMN_PIXELS,
        "default_row_height": ROW_PIXELS,
    }

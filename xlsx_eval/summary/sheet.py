"""A worksheet of the county workbook: texts stay texts, every sheet is set up alike."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

from xlsx_eval import look
from xlsx_eval.summary.links import MOST_LINKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xlsxwriter

    from xlsx_eval.summary.style import Styles

_A4 = 9

Number = int | Decimal


class Sheet:
    """A worksheet; rows and columns count from 0."""

    def __init__(self, book: xlsxwriter.Workbook, styles: Styles, name: str) -> None:
        self.name = name
        self.book = book
        self.styles = styles
        self.page = book.add_worksheet(name)
        self._links = 0
        self.page.hide_gridlines(2)
        self.page.set_paper(_A4)
        self.page.set_footer(f"&C&9{name}　第 &P 页，共 &N 页")

    def columns(self, widths: Mapping[str, float]) -> None:
        for column, width in enumerate(widths.values()):
            self.page.set_column(column, column, width)

    def wide_list(self, header: int, columns: Mapping[str, float], frozen: int = 0) -> None:
        """Landscape list: header row that stays on screen and repeats in print."""
        self.columns(columns)
        self.page.set_landscape()
        self.page.fit_to_pages(1, 0)
        self.page.center_horizontally()
        self.page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.page.repeat_rows(header)
        self.page.freeze_panes(header + 1, frozen)
        self.page.set_row(header, 24)
        for column, title in enumerate(columns):
            self.text(header, column, title, "header")

    def title(self, text: str, columns: int) -> None:
        self.page.set_row(0, 34)
        self.merged(0, 0, columns, text, "title")

    def sentence(self, row: int, columns: int, text: str) -> None:
        """Words that stand where a list or chart would, when there is nothing to show."""
        self.page.set_row(row, 42)
        self.merged(row, 0, columns, text, "sentence")

    def text(
        self, row: int, column: int, text: str, style: str = "text", mark: look.Mark | None = None
    ) -> None:
        text = look.plain(text)
        if text:
            self.page.write_string(row, column, text, self.styles(style, mark))
        else:
            self.page.write_blank(row, column, None, self.styles(style, mark))

    def merged(
        self,
        row: int,
        column: int,
        columns: int,
        text: str,
        style: str,
        mark: look.Mark | None = None,
    ) -> None:
        if columns > 1:
            last = column + columns - 1
            self.page.merge_range(row, column, row, last, "", self.styles(style, mark))
        self.text(row, column, text, style, mark)

    def number(
        self,
        row: int,
        column: int,
        value: Number | None,
        style: str,
        mark: look.Mark | None = None,
    ) -> None:
        if value is None:
            self.page.write_blank(row, column, None, self.styles(style, mark))
        else:
            self.page.write_number(row, column, float(value), self.styles(style, mark))

    def formula(
        self, row: int, column: int, formula: str, value: Number | None, style: str
    ) -> None:
        """Write a formula and the value it gives, for viewers that don't calculate."""
        stored = "" if value is None else float(value)
        self.page.write_formula(row, column, formula, self.styles(style), stored)

    def link(self, row: int, column: int, address: str | None, text: str) -> None:
        """Text as a link; as plain text without an address or past Excel's limit of links."""
        text = look.plain(text)
        if address is None or not text or self._links >= MOST_LINKS:
            self.text(row, column, text)
            return
        self._links += 1
        self.page.write_url(row, column, address, self.styles("link"), text)

    def choice(self, first_row: int, last_row: int, column: int) -> None:
        self.page.data_validation(
            first_row, column, last_row, column,
            {
                "validate": "list",
                "source": list(look.DECISIONS),
                "error_title": "审核决定",
                "error_message": f"请从下拉列表中选择：{'、'.join(look.DECISIONS)}。",
            },
        )  # fmt: skip

    def range(self, first_row: int, last_row: int, column: int) -> str:
        """`F5:F16`."""
        letter = xl_col_to_name(column)
        return f"{letter}{first_row + 1}:{letter}{last_row + 1}"

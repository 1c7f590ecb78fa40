"""A worksheet of the county workbook: texts stay texts, every sheet is set up alike.

Rows are written from the top down: what is written goes to disk row by row, so that a county of
any size takes little memory.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

from xlsx_eval import look
from xlsx_eval.csv_text import begins_formula
from xlsx_eval.summary import style
from xlsx_eval.summary.links import MOST_LINKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import xlsxwriter

    from xlsx_eval.summary.style import Styles

_A4 = 9
_LONGEST_HEADER = 80  # of the 255 that Excel allows, each & counting twice

Number = int | Decimal


class Sheet:
    """A worksheet; rows and columns count from 0. `heading` is what its pages have on top."""

    def __init__(self, book: xlsxwriter.Workbook, styles: Styles, name: str, heading: str) -> None:
        self.name = name
        self.book = book
        self.styles = styles
        self.page = book.add_worksheet(name)
        self._links = 0
        self.page.hide_gridlines(2)
        self.page.set_paper(_A4)
        font = f'&9&"{look.FONT},Regular"'
        told = heading[:_LONGEST_HEADER].replace("&", "&&")
        self.page.set_header(f"&L{font}{told}&R{font}单位：万元", {"margin": 0.3})
        self.page.set_footer(f"&C{font}{name}　第 &P 页，共 &N 页", {"margin": 0.3})

    # ------------------------------------------------------------------------------------ page

    def columns(self, widths: Mapping[str, float]) -> None:
        for column, width in enumerate(widths.values()):
            self.page.set_column(column, column, width)

    def wide_list(
        self, header: int, columns: Mapping[str, float], frozen: int = 0, printed: int = 0
    ) -> None:
        """Landscape list: columns, and a header row that stays on screen and repeats in print.

        `printed`: how many of the columns are printed, if not all.
        """
        self.columns(columns)
        self.page.set_landscape()
        self.page.fit_to_pages(1, 0)
        self.page.center_horizontally()
        self.page.set_margins(left=0.4, right=0.4, top=0.65, bottom=0.65)
        self.page.repeat_rows(header)
        self.page.freeze_panes(header + 1, frozen)
        self._printed = printed or len(columns)

    def header(self, row: int, titles: Iterable[str], height: float = 24) -> None:
        self.page.set_row(row, height)
        for column, title in enumerate(titles):
            self.text(row, column, title, "header")

    def print_to(self, last: int) -> None:
        """The print area: down to that row, the printed columns."""
        self.page.print_area(0, 0, last, self._printed - 1)

    def title(self, text: str, columns: int) -> None:
        self.page.set_row(0, 34)
        self.merged(0, 0, columns, text, "title")

    def note(self, text: str, widths: Sequence[float]) -> None:
        """Words below the title, in as many lines as they need, then the unit of the amounts."""
        *wide, _ = widths
        self.page.set_row(1, look.row_height([(text, sum(wide))]))
        self.merged(1, 0, len(wide), text, "note wrapped")
        self.text(1, len(wide), "单位：万元", "note right")

    def sentence(self, row: int, columns: int, text: str) -> None:
        """Words that stand where a list or chart would, when there is nothing to show."""
        self.page.set_row(row, 42)
        self.merged(row, 0, columns, text, "sentence")

    # ----------------------------------------------------------------------------------- cells

    def text(
        self, row: int, column: int, text: str, style: str = "text", mark: look.Mark | None = None
    ) -> None:
        text = _plain(text)
        shown = self.styles(style, mark, quoted=begins_formula(text))
        if _is_markup(text):
            pieces = (text[0], shown, text[1:])
            _in_order(self.page.write_rich_string(row, column, *pieces, shown))
        elif text:
            _in_order(self.page.write_string(row, column, text, shown))
        else:
            _in_order(self.page.write_blank(row, column, None, self.styles(style, mark)))

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
            _in_order(self.page.write_blank(row, column, None, self.styles(style, mark)))
        else:
            _in_order(self.page.write_number(row, column, float(value), self.styles(style, mark)))

    def formula(
        self,
        row: int,
        column: int,
        formula: str,
        value: Number | str | None,
        style: str,
        mark: look.Mark | None = None,
    ) -> None:
        """Write a formula and the value it gives, for viewers that don't calculate."""
        stored = value if isinstance(value, str) else "" if value is None else float(value)
        _in_order(self.page.write_formula(row, column, formula, self.styles(style, mark), stored))

    def link(
        self, row: int, column: int, address: str | None, text: str, style: str = "link"
    ) -> None:
        """Text as a link; as plain text without an address or past Excel's limit of links."""
        text = _plain(text)
        plain = {"link": "text", "link centred": "centred"}[style]
        if address is None or not text or _is_markup(text) or self._links >= MOST_LINKS:
            self.text(row, column, text, plain)
            return
        self._links += 1
        shown = self.styles(style, quoted=begins_formula(text))
        _in_order(self.page.write_url(row, column, address, shown, text))

    # ---------------------------------------------------------------------------------- extras

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

    def bars(self, first_row: int, last_row: int, column: int, *, whole: bool = False) -> None:
        """Quiet bars behind the numbers; `whole`: full at 100 %."""
        # those of Excel 2007: the later ones' extension makes other programs complain
        bar: dict[str, object] = {
            "type": "data_bar", "bar_color": style.DATA_BAR, "min_type": "num", "min_value": 0,
        }  # fmt: skip
        if whole:
            bar |= {"max_type": "num", "max_value": 1}
        self.page.conditional_format(first_row, column, last_row, column, bar)

    def reddened(self, first_row: int, last_row: int, column: int, condition: str) -> None:
        """Red where the condition, a formula for the first row, holds."""
        self.page.conditional_format(
            first_row, column, last_row, column,
            {"type": "formula", "criteria": condition, "format": self.styles("overspent")},
        )  # fmt: skip

    def range(self, first_row: int, last_row: int, column: int) -> str:
        """`F5:F16`."""
        letter = xl_col_to_name(column)
        return f"{letter}{first_row + 1}:{letter}{last_row + 1}"


@lru_cache(maxsize=10_000)
def _plain(text: str) -> str:
    return look.plain(text)


def _is_markup(text: str) -> bool:
    """Whether XlsxWriter would take the text for its own, and pass it on as it is."""
    return text.startswith("<r>") and text.endswith("</r>")


def _in_order(code: int) -> None:
    """A row that has gone to disk takes no more cells: writing it again is a mistake of ours."""
    if code < 0:
        raise AssertionError("the rows of a sheet are written from the top down")

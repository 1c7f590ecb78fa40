"""A letter as a printable workbook: the same bytes for the same letter."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import xlsxwriter

from xlsx_eval import look
from xlsx_eval.csv_text import begins_formula
from xlsx_eval.letters.letter import DATE_TO_FILL_IN, NO_UNIT, Letter, Office, chinese_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsxwriter.format import Format

    from xlsx_eval.letters.letter import Item

SHEET = "整改通知"
COLUMNS = {
    "序号": 6, "项目": 24, "级别": 8, "位置": 20, "问题": 42, "处理要求": 34, "整改情况": 24,
}  # fmt: skip
TITLE, UNIT, TEXT, DEADLINE, HEADER, FIRST = range(6)
LAST = len(COLUMNS) - 1
SIGNING = (
    "上述问题已逐条整改。　　单位负责人（签字）：　　　　　　　　经办人：　　　　　　　　"
    "联系电话：　　　　　　　　　　（单位盖章）　　　　年　　月　　日"
)

# a workbook that told when it was written would differ from run to run
_CREATED = dt.datetime(2020, 1, 1)  # noqa: DTZ001 - XlsxWriter takes local time
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_A4 = 9
_LONGEST_FOOTER_NAME = 60
_LONGEST_PROJECT = 120  # of a text that somebody pasted into the field, the beginning will do
_SCALE = 1.15  # the letter's words are a little larger than the table's

_WORDS = {
    "font_name": look.FONT, "font_size": 10, "font_color": "#" + look.INK, "valign": "vcenter",
    "text_wrap": True,
}  # fmt: skip
_BOXED = _WORDS | {"border": 1, "border_color": "#" + look.RULE}
_LABEL = _BOXED | {"bold": True, "align": "center", "bg_color": "#" + look.LABEL}
_STYLES: dict[str, dict[str, Any]] = {
    "title": _WORDS | {"font_size": 18, "bold": True, "align": "center"},
    "unit": _WORDS | {"font_size": 12, "bold": True},
    "words": _WORDS | {"font_size": 11, "valign": "top"},
    "right": _WORDS | {"font_size": 11, "align": "right", "text_wrap": False},
    "label": _LABEL,
    "header": _LABEL | {"font_color": "#" + look.HEADER_INK, "bg_color": "#" + look.HEADER},
    "text": _BOXED,
    "centred": _BOXED | {"align": "center"},
    "input": _BOXED | {"bg_color": "#" + look.INPUT},
    "deadline": _BOXED | {"bg_color": "#" + look.INPUT, "bold": True, "font_size": 11},
}


def write_letter(letter: Letter, office: Office) -> bytes:
    """Letter → workbook with one sheet 整改通知, A4 across, as many pages long as it needs."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, _OPTIONS)
    book.set_properties(
        {"title": f"{office.title}（{letter.unit or NO_UNIT}）", "created": _CREATED}
    )
    page = _Page(book)
    page.set_up(letter.unit or NO_UNIT)
    page.head(letter, office)
    page.table(letter.items)
    page.foot(FIRST + len(letter.items), office)
    book.close()
    return content.getvalue()


class _Page:
    """The letter's sheet; rows and columns count from 0."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.page = book.add_worksheet(SHEET)
        self.formats: dict[tuple[str, look.Mark | None, bool], Format] = {}

    def set_up(self, unit: str) -> None:
        page = self.page
        for column, width in enumerate(COLUMNS.values()):
            page.set_column(column, column, width)
        page.hide_gridlines(2)
        page.set_paper(_A4)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.center_horizontally()
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        page.repeat_rows(HEADER)
        name = look.plain(unit)[:_LONGEST_FOOTER_NAME].replace("&", "&&").replace("\n", " ")
        page.set_footer(f"&L&9{name}&R&9第 &P 页，共 &N 页")

    def head(self, letter: Letter, office: Office) -> None:
        width = sum(COLUMNS.values()) / _SCALE
        self.merged(TITLE, 0, LAST, office.title, "title", 40)
        unit = f"致：{letter.unit or NO_UNIT}"
        self.merged(UNIT, 0, LAST, unit, "unit", look.row_height([(unit, width)]) * _SCALE + 4)
        text = f"　　{letter.text(office)}"
        self.merged(TEXT, 0, LAST, text, "words", look.row_height([(text, width)]) * _SCALE + 8)
        self.merged(DEADLINE, 0, 1, "整改期限", "label", 26)
        self.merged(DEADLINE, 2, 4, office.deadline or DATE_TO_FILL_IN, "deadline")

    def table(self, items: Iterable[Item]) -> None:
        self.page.set_row(HEADER, 24)
        for column, title in enumerate(COLUMNS):
            self.text(HEADER, column, title, "header")
        for number, item in enumerate(items, start=1):
            self._item(FIRST + number - 1, number, item)

    def _item(self, row: int, number: int, item: Item) -> None:
        project = look.plain(item.project)
        if len(project) > _LONGEST_PROJECT:
            project = project[:_LONGEST_PROJECT] + "…"
        texts = {
            "项目": project, "位置": item.place, "问题": item.problem, "处理要求": item.advice,
        }  # fmt: skip
        height = look.row_height((text, COLUMNS[column]) for column, text in texts.items())
        self.page.set_row(row, max(height, 30))
        self.page.write_number(row, 0, number, self.style("centred"))
        self.text(row, 2, item.mark.word, "centred", item.mark)
        for column, title in enumerate(COLUMNS):
            if title in texts:
                self.text(row, column, texts[title], "text")
        self.text(row, LAST, "", "input")

    def foot(self, row: int, office: Office) -> None:
        self.merged(row, 0, LAST, "", "right", 10)
        bureau = office.bureau or "＿" * 14  # a line to write on
        self.merged(row + 1, 0, LAST, f"{bureau}（盖章）", "right", 24)
        self.merged(row + 2, 0, LAST, chinese_date(office.day), "right", 24)
        self.merged(row + 3, 0, LAST, "", "right", 10)
        self.merged(row + 4, 0, 1, "单位回执", "label", 44)
        self.merged(row + 4, 2, LAST, SIGNING, "text")

    def text(
        self, row: int, column: int, text: str, style: str, mark: look.Mark | None = None
    ) -> None:
        text = look.plain(text)
        if text:
            shown = self.style(style, mark, quoted=begins_formula(text))
            self.page.write_string(row, column, text, shown)
        else:
            self.page.write_blank(row, column, None, self.style(style, mark))

    def merged(
        self, row: int, first: int, last: int, text: str, style: str, height: float | None = None
    ) -> None:
        if height is not None:
            self.page.set_row(row, min(height, look.TALLEST_ROW))
        self.page.merge_range(row, first, row, last, "", self.style(style))
        self.text(row, first, text, style)

    def style(self, name: str, mark: look.Mark | None = None, *, quoted: bool = False) -> Format:
        """A `quoted` text stays a text also when somebody edits its cell."""
        key = (name, mark, quoted)
        if key not in self.formats:
            tint = {"bg_color": f"#{mark.fill}", "font_color": f"#{mark.ink}"} if mark else {}
            more = {"quote_prefix": True} if quoted else {}
            self.formats[key] = self.book.add_format(_STYLES[name] | tint | more)
        return self.formats[key]

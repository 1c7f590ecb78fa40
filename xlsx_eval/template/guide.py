"""填报说明: what the tints mean, general rules, and each section's guide.

Readers recognise a form's labels by their text, so no cell here is a label alone or begins with
one and a colon: names of the form stand in 【】 or “”, within a sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.forms.model import NarrativesBlock, Section
from xlsx_eval.template.narratives import NUMERALS
from xlsx_eval.template.sheet import Area, Sheet
from xlsx_eval.template.style import CENTRED, COMPUTED, HEADER, INPUT, LABEL, Properties

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsx_eval.forms import Form
    from xlsx_eval.template.book import Book

SHEET = "填报说明"
WIDTHS = (24.0, 78.0)
TITLE: Properties = {
    "font_name": look.FONT_TITLE,
    "font_size": 18,
    "bold": True,
    "align": "center",
    "valign": "vcenter",
}
HEADING: Properties = {
    "font_name": look.FONT_TITLE,
    "font_size": 13,
    "bold": True,
    "valign": "vcenter",
}
TEXT: Properties = {**LABEL, "align": "left", "indent": 1}
TITLE_ROW, HEADING_ROW, LOWEST_ROW = 45.0, 32.0, 22.0

LEGEND: tuple[tuple[str, Properties, str], ...] = (
    (
        "浅黄色单元格",
        {**INPUT, **CENTRED, "locked": True},
        "由单位填写。选中单元格会显示填写提示。",
    ),
    ("灰色单元格", {**COMPUTED, "align": "center"}, "由表格自动计算，不用填写。"),
    ("白色单元格", LABEL, "表格的固定文字，请勿改动，以便财政部门汇总。"),
)
RULES = (
    "按工作表顺序填写，一个项目填一份工作簿。没有的内容留空，不要填“无”或“/”占位。",
    "金额只填数字，不写“万元”“元”；日期按 2022-3-15 的样式填写；电话、邮编、凭证号照实填写。",
    "行数不够时，在表格中间选中一整行，右键“插入”；多余的空行留着不填。请勿移动、合并或拆分单元格。",
    "文字较多时，可拖动左侧行号的下边线加大行高，使打印时文字完整。单元格内换行按 Alt+Enter。",
    "工作表的保护没有密码，只为防止误改固定文字，不影响填写。",
    "各工作表已设为 A4 纸、一页宽，可直接打印；需要签字的地方打印后手写。",
    "填好后仍以 .xlsx 格式保存报送，不要删除或改名工作表。",
)


def has_guide(form: Form) -> bool:
    return any(section.guide or any(_narrative_lines(section)) for section in form.sections)


def write_guide(book: Book, form: Form) -> None:
    sheet = book.sheet(SHEET, WIDTHS)
    sheet.lowest_row = LOWEST_ROW
    _line(sheet, f"《{form.title}》填报说明", TITLE, TITLE_ROW)
    _line(sheet, "1. 颜色", HEADING, HEADING_ROW)
    for name, style, meaning in LEGEND:
        _pair(sheet, name, style, meaning)
    _line(sheet, "2. 填写要求", HEADING, HEADING_ROW)
    for number, rule in enumerate(RULES, start=1):
        _rule(sheet, f"（{number}）{rule}")
    _line(sheet, "3. 各部分的填写", HEADING, HEADING_ROW)
    _pair(sheet, "部分", HEADER, "填写说明", HEADER)
    for section in form.sections:
        _section(sheet, section)
    sheet.finish(single_page=True)


def _line(sheet: Sheet, text: str, style: Properties, height: float) -> None:
    sheet.write(Area(sheet.row, 0, sheet.row, sheet.last_column), text, style)
    sheet.at_least(sheet.row, height)
    sheet.row += 1


def _rule(sheet: Sheet, text: str) -> None:
    area = Area(sheet.row, 0, sheet.row, sheet.last_column)
    sheet.label(area, text, TEXT)
    sheet.row += 1


def _pair(
    sheet: Sheet, name: str, name_style: Properties, text: str, text_style: Properties = TEXT
) -> None:
    sheet.label(Area(sheet.row, 0, sheet.row, 0), name, name_style)
    sheet.label(Area(sheet.row, 1, sheet.row, 1), text, text_style)
    sheet.row += 1


def _section(sheet: Sheet, section: Section) -> None:
    start = sheet.row
    lines: Sequence[str] = [*section.guide, *_narrative_lines(section)]
    for line in lines:
        sheet.label(Area(sheet.row, 1, sheet.row, 1), line, TEXT)
        sheet.row += 1
    if lines:
        area = Area(start, 0, sheet.row - 1, 0)
        sheet.label(area, f"工作表【{section.sheet}】", LABEL)


def _narrative_lines(section: Section) -> Iterator[str]:
    for block in section.blocks:
        if isinstance(block, NarrativesBlock):
            for text in block.texts:
                yield f"（{NUMERALS[text.section - 1]}）【{text.heading}】写明{text.guide}"

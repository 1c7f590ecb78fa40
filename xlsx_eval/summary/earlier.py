"""以往审核意见: what people typed beside findings that are no longer made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.summary.decisions import DECISION, FILE, MESSAGE, PLACE, REMARK, RULE, TITLE

if TYPE_CHECKING:
    from xlsx_eval.summary.county import County
    from xlsx_eval.summary.decisions import Decision
    from xlsx_eval.summary.sheet import Sheet

NAME = "以往审核意见"
COLUMNS = {
    "序号": 7, RULE: 8, TITLE: 20, FILE: 34, PLACE: 20, MESSAGE: 56, DECISION: 12, REMARK: 30,
}  # fmt: skip
NOTE = (
    "上一次汇总表中填写过审核决定或备注、本次不再出现的问题；"
    "问题再次出现时，填写的内容会回到问题清单。"
)

HEADER = 2
FIRST = 3


def write(sheet: Sheet, county: County) -> None:
    sheet.wide_list(HEADER, COLUMNS)
    sheet.title(county.title(NAME), len(COLUMNS))
    sheet.text(1, 0, NOTE, "note")
    sheet.header(HEADER, COLUMNS)
    left = county.answers.left
    for row, decision in enumerate(left, start=FIRST):
        _decision(sheet, row, decision)
    last = FIRST + len(left) - 1
    sheet.page.autofilter(HEADER, 0, last, len(COLUMNS) - 1)
    sheet.print_to(last)


def _decision(sheet: Sheet, row: int, decision: Decision) -> None:
    texts = {
        RULE: decision.rule,
        TITLE: decision.title,
        FILE: decision.file,
        PLACE: decision.place,
        MESSAGE: decision.message,
        DECISION: decision.decision,
        REMARK: decision.remark,
    }
    sheet.page.set_row(row, look.row_height((text, COLUMNS[name]) for name, text in texts.items()))
    sheet.number(row, 0, row - FIRST + 1, "centred")
    for column, (name, text) in enumerate(texts.items(), start=1):
        sheet.text(row, column, text, "input" if name in {DECISION, REMARK} else "text")

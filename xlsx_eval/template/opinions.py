"""Opinions: for each role a text, and below it signature and date on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval.template.entry import DATE_PROMPT, Entry
from xlsx_eval.template.filled import Filled, Opinion
from xlsx_eval.template.sheet import Area, Sheet
from xlsx_eval.template.style import LABEL, Properties

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsx_eval.forms.model import OpinionsBlock, Role
    from xlsx_eval.template.grid import Span

# Label, signature label, signature, date label, date, in characters.
OPINIONS_WIDTHS = (16.0, 24.0, 16.0, 8.0, 16.0)
OPINION_ROW, SIGNATURE_ROW = 78.0, 34.0
# Signature and date stand on one line, without rules between them.
_OPEN: Properties = {"border": 0, "bottom": 1}
_OPEN_LABEL: Properties = {**LABEL, **_OPEN, "align": "right"}
_CLOSED: Properties = {**_OPEN, "right": 1}


def write_opinions(
    sheet: Sheet, block: OpinionsBlock, spans: Sequence[Span], filled: Filled
) -> None:
    for role in block.roles:
        sheet.chunk()
        _opinion(sheet, role, spans, filled.opinions.get(role.key, Opinion()))


def _opinion(sheet: Sheet, role: Role, spans: Sequence[Span], opinion: Opinion) -> None:
    row = sheet.row
    label, signature_label, signature, date_label, date = spans
    sheet.at_least(row, OPINION_ROW)
    sheet.at_least(row + 1, SIGNATURE_ROW)
    sheet.label(Area(row, label.first, row + 1, label.last), role.title, LABEL)
    text = Area(row, signature_label.first, row, date.last)
    sheet.enter(
        text,
        Entry(
            "long_text",
            role.title,
            "写明意见；打印后在下方签字并注明日期",
            name=f"opinion_{role.key}",
            value=opinion.opinion,
        ),
    )
    row += 1
    sheet.label(_on(row, signature_label), f"{role.signature}：", _OPEN_LABEL)
    signatory = Entry(
        "person",
        "签字",
        "打印后手写签字；用电子表报送的，填写签字人姓名",
        name=f"signatory_{role.key}",
        value=opinion.signatory,
    )
    sheet.enter(_on(row, signature), signatory, _OPEN)
    sheet.label(_on(row, date_label), "日期：", _OPEN_LABEL)
    dated = Entry(
        "date", "日期", DATE_PROMPT, name=f"opinion_date_{role.key}", value=opinion.date or None
    )
    sheet.enter(_on(row, date), dated, _CLOSED)
    sheet.row = row + 1


def _on(row: int, span: Span) -> Area:
    return Area(row, span.first, row, span.last)

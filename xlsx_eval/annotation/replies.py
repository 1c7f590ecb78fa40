"""What people typed into the sheet 审核意见 of an earlier annotated copy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.annotation import own_sheet, package
from xlsx_eval.annotation.page import DECISION, PROBLEM, REPLY
from xlsx_eval.annotation.review import Answer, position
from xlsx_eval.errors import UnreadableWorkbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

_NEEDED = ("规则", "位置", REPLY, DECISION)
_CODE = re.compile(r"[A-Z]\d{3}(?!\w)")


def read_replies(annotated: bytes) -> tuple[Answer, ...]:
    """What people typed into 单位说明 and 处理意见, findings that nobody answered left out.

    Sheet and cell are empty where the finding has none. An unreadable workbook, or one without
    our sheet, has no replies: the caller goes on without.
    """
    if not own_sheet.may_be_in(annotated):
        return ()
    try:
        book = package.load(annotated, values=True)
    except UnreadableWorkbook:
        return ()
    return tuple(
        answer
        for sheet in own_sheet.ours(book)
        for answer in _rows(sheet)
        if answer.reply or answer.decision
    )


def _rows(sheet: Worksheet) -> Iterator[Answer]:
    columns: dict[str, int] | None = None
    for row in sheet.iter_rows(values_only=True):
        texts = ["" if value is None else str(value) for value in row]
        if columns is None:
            columns = _header(texts)
            continue
        rule, place, reply, decision = (texts[columns[title]] for title in _NEEDED)
        problem = texts[texts_at] if (texts_at := columns.get(PROBLEM)) is not None else ""
        if code := _CODE.match(rule):
            sheet_name, cell = _address(place)
            yield Answer(code[0], sheet_name, cell, problem, reply.strip(), decision.strip())


def _header(texts: list[str]) -> dict[str, int] | None:
    """Where the columns stand, by their titles: people move columns and insert rows."""
    if not set(_NEEDED) <= set(texts):
        return None
    return {title: texts.index(title) for title in (*_NEEDED, PROBLEM) if title in texts}


def _address(address: str) -> tuple[str, str]:
    if address == look.WHOLE_WORKBOOK:
        return "", ""
    sheet, mark, cell = address.rpartition("!")
    return (sheet, cell) if mark and position(cell) else (address, "")

"""What people typed into the sheet 审核意见 of an earlier annotated copy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.annotation import own_sheet, package
from xlsx_eval.annotation.page import DECISION, REPLY
from xlsx_eval.annotation.review import position
from xlsx_eval.errors import UnreadableWorkbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

_NEEDED = ("规则", "位置", REPLY, DECISION)
_CODE = re.compile(r"[A-Z]\d{3}(?!\w)")

Key = tuple[str, str, str]
Reply = tuple[str, str]


def read_replies(annotated: bytes) -> dict[Key, Reply]:
    """(rule, sheet, cell) → (单位说明, 处理意见), findings that nobody answered left out.

    Sheet and cell are empty where the finding has none. An unreadable workbook, or one without
    our sheet, has no replies: the caller goes on without.
    """
    if not own_sheet.may_be_in(annotated):
        return {}
    try:
        book = package.load(annotated, values=True)
    except UnreadableWorkbook:
        return {}
    return {
        key: reply for sheet in own_sheet.ours(book) for key, reply in _rows(sheet) if any(reply)
    }


def _rows(sheet: Worksheet) -> Iterator[tuple[Key, Reply]]:
    columns: dict[str, int] | None = None
    for row in sheet.iter_rows(values_only=True):
        texts = ["" if value is None else str(value) for value in row]
        if columns is None:
            columns = _header(texts)
            continue
        rule, place, reply, decision = (texts[columns[title]] for title in _NEEDED)
        if code := _CODE.match(rule):
            yield (code[0], *_address(place)), (reply.strip(), decision.strip())


def _header(texts: list[str]) -> dict[str, int] | None:
    """Where the columns stand, by their titles: people move columns and insert rows."""
    if not set(_NEEDED) <= set(texts):
        return None
    return {title: texts.index(title) for title in _NEEDED}


def _address(address: str) -> tuple[str, str]:
    if address == look.WHOLE_WORKBOOK:
        return "", ""
    sheet, mark, cell = address.rpartition("!")
    return (sheet, cell) if mark and position(cell) else (address, "")

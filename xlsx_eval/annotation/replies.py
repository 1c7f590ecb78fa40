"""What people typed into the sheet 审核意见 of an earlier annotated copy."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.annotation.ooxml.package import Package
from xlsx_eval.annotation.ooxml.texts import sheet_texts
from xlsx_eval.annotation.ooxml.workbook import WorkbookPart
from xlsx_eval.annotation.page import DECISION, PROBLEM, REPLY, stated
from xlsx_eval.annotation.review import Answer, position
from xlsx_eval.annotation.stripping import review_sheets
from xlsx_eval.errors import UnreadableWorkbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NEEDED = ("规则", "位置", REPLY, DECISION)
_CODE = re.compile(r"[A-Z]\d{3}(?!\w)")


def read_replies(annotated: bytes) -> tuple[Answer, ...]:
    """What people typed into 单位说明 and 处理意见: an answer a finding, also where both are blank.

    Sheet and cell are empty where the finding has none. An unreadable workbook, or one without
    our sheet, has no replies: the caller goes on without.
    """
    try:
        book = WorkbookPart(Package(annotated))
        sheets = [sheet_texts(book, sheet.part) for sheet in review_sheets(book) if sheet.part]
    except UnreadableWorkbook:
        return ()
    return tuple(answer for rows in sheets for answer in answers_in(rows))


def answers_in(rows: Iterable[Mapping[int, str]]) -> tuple[Answer, ...]:
    """The answers in a sheet 审核意见, from its rows' texts by column.

    What stands in a row without a finding goes on the answer above it.
    """
    columns: dict[str, int] | None = None
    answers: list[Answer] = []
    for row in rows:
        if columns is None:
            columns = _header(row)
            continue
        rule, place, reply, decision = (row.get(columns[title], "") for title in _NEEDED)
        problem = row.get(columns[PROBLEM], "") if PROBLEM in columns else ""
        if code := _CODE.match(rule.strip()):
            sheet, cell = _address(place)
            answers.append(
                Answer(code[0], sheet, cell, stated(problem), reply.strip(), decision.strip())
            )
        elif answers and reply.strip():
            above = f"{answers[-1].reply}\n{reply.strip()}".strip()
            answers[-1] = replace(answers[-1], reply=above)
    return tuple(answers)


def _header(row: Mapping[int, str]) -> dict[str, int] | None:
    """Where the columns stand, by their titles: people move columns, and add to titles."""
    columns: dict[str, int] = {}
    for column, text in row.items():
        shown = "".join(text.split())
        title = next((each for each in (*_NEEDED, PROBLEM) if shown.startswith(each)), None)
        if title is not None:
            columns.setdefault(title, column)
    return columns if set(_NEEDED) <= set(columns) else None


def _address(address: str) -> tuple[str, str]:
    if address == look.WHOLE_WORKBOOK:
        return "", ""
    sheet, mark, cell = address.rpartition("!")
    return (sheet, cell) if mark and position(cell) else (address, "")

"""处理情况: every file of the inbox, also the ones that could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.summary.links import copy_link
from xlsx_eval.summary.places import Listing

if TYPE_CHECKING:
    from xlsx_eval.summary.county import County
    from xlsx_eval.summary.records import File
    from xlsx_eval.summary.sheet import Sheet

NAME = "处理情况"
COLUMNS = {
    "文件": 50, "状态": 12, "原因": 44, "错误": 8, "疑点": 8, "提示": 8, "结论": 12, "批注副本": 10,
    "SHA-256": 58,
}  # fmt: skip
CHECKED = "已检查"
UNREAD = "未能读取"
EMPTY = "没有文件。"

HEADER = 2
FIRST = 3
STATUS = 1


def listing(county: County) -> Listing:
    return Listing(NAME, len(county.listed), FIRST)


def write(sheet: Sheet, county: County) -> None:
    sheet.wide_list(HEADER, COLUMNS, frozen=1)
    sheet.title(county.title(NAME), len(COLUMNS))
    checked = len(county.submissions)
    note = (
        f"共 {len(county.listed):,} 个文件：{CHECKED} {checked:,} 个，"
        f"{UNREAD} {county.unread:,} 个。"
        "SHA-256 是文件内容的校验值，用来确认文件没有改动。"
    )
    sheet.text(1, 0, note, "note")
    sheet.header(HEADER, COLUMNS)
    if not county.listed:
        sheet.sentence(FIRST, len(COLUMNS), EMPTY)
        return
    for row, file in enumerate(county.listed, start=FIRST):
        _file(sheet, row, file)
    last = FIRST + len(county.listed) - 1
    sheet.page.autofilter(HEADER, 0, last, len(COLUMNS) - 1)
    sheet.print_to(last)


def _file(sheet: Sheet, row: int, file: File) -> None:
    height = look.row_height(
        [(file.file, COLUMNS["文件"]), (file.reason, COLUMNS["原因"]), (file.sha256, 70)]
    )
    sheet.page.set_row(row, height)
    sheet.text(row, 0, file.file)
    sheet.text(
        row,
        STATUS,
        CHECKED if file.checked else UNREAD,
        "centred",
        None if file.checked else look.SEVERITIES["error"],
    )
    sheet.text(row, 2, file.reason)
    for column, count in enumerate((file.errors, file.warnings, file.notices), start=3):
        sheet.number(row, column, count if file.checked else None, "count")
    sheet.text(row, 6, file.verdict, "centred", look.VERDICTS.get(file.verdict))
    copy = copy_link(file.annotated)
    sheet.link(row, 7, copy, "打开" if copy else "", "link centred")
    sheet.text(row, 8, file.sha256, "code")

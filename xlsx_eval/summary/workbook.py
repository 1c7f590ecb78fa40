"""The county workbook: its sheets in order, the same bytes for the same county."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import xlsxwriter

from xlsx_eval.summary import files, missing, overview, problems, projects
from xlsx_eval.summary.sheet import Sheet
from xlsx_eval.summary.style import Styles

if TYPE_CHECKING:
    from xlsx_eval.summary.county import County

# a workbook that told when it was written would differ from run to run
_CREATED = dt.datetime(2020, 1, 1)  # noqa: DTZ001 - XlsxWriter takes local time

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

_SHEETS = (overview, projects, missing, problems, files)


def write_summary(county: County) -> bytes:
    """County → workbook: 总览, 项目汇总表, with a roster 未报送, 问题清单, 处理情况.

    Amounts are in 万元.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, _OPTIONS)
    book.set_properties({"title": county.title("汇总"), "created": _CREATED})
    styles = Styles(book)
    for room in _SHEETS:
        if room is missing and county.absent is None:
            continue
        room.write(Sheet(book, styles, room.NAME), county)
    book.close()
    return content.getvalue()

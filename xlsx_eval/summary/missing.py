"""未报送: the projects of the roster of which no report came, with whom to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.summary.places import Listing, exactly
from xlsx_eval.summary.records import total

if TYPE_CHECKING:
    from xlsx_eval.summary.county import Absent, County
    from xlsx_eval.summary.records import Missing
    from xlsx_eval.summary.sheet import Sheet

NAME = "未报送"
COLUMNS = {
    "序号": 7, "主管部门": 24, "项目单位": 28, "项目名称": 42, "预算（万元）": 14, "状态": 12,
    "备注": 46,
}  # fmt: skip
MISSING = "未报送"
OTHERWISE = "名称待核对"
NOTHING_MISSING = "花名册中的项目均已报送。"

HEADER = 2
BUDGET, STATUS = (list(COLUMNS).index(title) for title in ("预算（万元）", "状态"))
FIRST = 3


def counted(absent: Absent) -> str:
    """A formula for how many projects of the list nobody reported, under whatever name."""
    return Listing(NAME, len(absent.listed), FIRST).counted([(STATUS, exactly(MISSING))])


def write(sheet: Sheet, county: County) -> None:
    absent = county.absent
    if absent is None:
        return
    sheet.wide_list(HEADER, COLUMNS)
    sheet.title(county.title("未报送项目"), len(COLUMNS))
    note = f"花名册共 {absent.expected:,} 个项目，未报送 {absent.count:,} 个。"
    if absent.otherwise:
        note += (
            f"另有 {absent.otherwise:,} 个可能已用其他名称报送，请核对："
            f"状态为“{OTHERWISE}”，计为已报送，预算合计包括这些项目。"
        )
    sheet.text(1, 0, note, "note")
    sheet.header(HEADER, COLUMNS)
    if not absent.listed:
        sheet.sentence(FIRST, len(COLUMNS), NOTHING_MISSING)
        return
    for row, missing in enumerate(absent.listed, start=FIRST):
        _missing(sheet, row, missing)
    last = FIRST + len(absent.listed) - 1
    _total(sheet, absent, last)
    sheet.page.autofilter(HEADER, 0, last, len(COLUMNS) - 1)
    sheet.print_to(last + 1)


def _total(sheet: Sheet, absent: Absent, last: int) -> None:
    """Below the list and its filter: the budgets of the rows that are shown."""
    sheet.page.set_row(last + 1, 24)
    for column in range(len(COLUMNS)):
        sheet.text(last + 1, column, "", "total")
    sheet.merged(last + 1, 0, BUDGET, "预算合计（随筛选变化）", "total")
    value = total(row.budget for row in absent.listed) or 0
    formula = f"=SUBTOTAL(109,{sheet.range(FIRST, last, BUDGET)})"
    sheet.formula(last + 1, BUDGET, formula, value, "total money")


def _missing(sheet: Sheet, row: int, missing: Missing) -> None:
    texts = {
        "主管部门": missing.department,
        "项目单位": missing.unit,
        "项目名称": missing.project,
        "备注": missing.remark,
    }
    sheet.page.set_row(
        row, look.row_height((text, COLUMNS[column]) for column, text in texts.items())
    )
    sheet.number(row, 0, row - FIRST + 1, "centred")
    columns = list(COLUMNS)
    for title, text in texts.items():
        sheet.text(row, columns.index(title), text)
    sheet.number(row, BUDGET, missing.budget, "money")
    word, mark = (OTHERWISE, "warning") if missing.submitted_as else (MISSING, "error")
    sheet.text(row, STATUS, word, "centred", look.SEVERITIES[mark])

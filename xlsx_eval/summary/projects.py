"""项目汇总表: a row a checked submission, the totals above the header, clear of the filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

from xlsx_eval import look
from xlsx_eval.summary.county import MEASURES, County, Project, mean, rate, total
from xlsx_eval.summary.links import copy_link

if TYPE_CHECKING:
    from decimal import Decimal

    from xlsx_eval.summary.sheet import Sheet

NAME = "项目汇总表"
COLUMNS = {
    "序号": 6, "主管部门": 21, "项目单位": 23, "项目名称": 34, "计划安排": 13, "实际到位": 13,
    "实际支出": 13, "结余": 13, "资金到位率": 11, "预算执行率": 11, "得分": 9, "等次": 8,
    "错误": 7, "疑点": 7, "提示": 7, "审核结论": 11,
}  # fmt: skip
NOT_FILLED = "（未填写）"
EMPTY = "没有可汇总的项目。"
REPEATED = "重复报送（已有同一项目的另一份，未计入合计）"
REPEATED_NOTE = "以报告日期较晚的一份为准，日期相同或未填的以文件名靠后的为准，见问题清单。"

TOTALS = 2
HEADER = 3
FIRST = 4
AMOUNTS = {measure: 4 + order for order, measure in enumerate(MEASURES)}
RECEIVED_RATE, EXECUTION_RATE, SCORE, GRADE = 8, 9, 10, 11
COUNTS = {"errors": 12, "warnings": 13, "notices": 14}
VERDICT = 15

# Hidden columns with the part and the whole of each rate, blank where either is: so that totals of
# rates take in only projects that state both.
HELPER_TITLES = ("到位率：到位", "到位率：计划", "执行率：支出", "执行率：基数")
HELPERS = {RECEIVED_RATE: (16, 17), EXECUTION_RATE: (18, 19)}


def write(sheet: Sheet, county: County) -> None:
    sheet.title(county.title(NAME), len(COLUMNS))
    sheet.wide_list(HEADER, COLUMNS, frozen=4)
    _notes(sheet, county)
    if not county.projects:
        sheet.sentence(FIRST, len(COLUMNS), EMPTY)
        return
    last = FIRST + len(county.projects) - 1
    _totals(sheet, county.projects, last)
    for number, project in enumerate(county.projects, start=1):
        _project(sheet, FIRST + number - 1, project, number)
    sheet.page.autofilter(HEADER, 0, last, len(COLUMNS) - 1)
    _redden_overspending(sheet, last)
    _list_repeated(sheet, county, last + 2)
    for column, title in enumerate(HELPER_TITLES, start=VERDICT + 1):
        sheet.text(HEADER, column, title, "header")
    sheet.page.set_column(VERDICT + 1, VERDICT + 4, None, None, {"hidden": True})


def _list_repeated(sheet: Sheet, county: County, row: int) -> None:
    """Below the list and clear of its totals: what a later submission replaces."""
    if not county.repeated:
        return
    sheet.merged(row, 0, len(COLUMNS), REPEATED, "total")
    for order, project in enumerate(county.repeated, start=1):
        _project(sheet, row + order, project, order)
    sheet.text(row + len(county.repeated) + 1, 0, REPEATED_NOTE, "note")


def _measures(project: Project, column: int) -> tuple[str, str]:
    """资金到位率 = 实际到位 / 计划安排, 预算执行率 = 实际支出 / 实际到位, or else / 计划安排."""
    return ("received", "planned") if column == RECEIVED_RATE else ("spent", project.base)


def rate_parts(project: Project, column: int) -> tuple[Decimal | None, Decimal | None]:
    """The part and the whole of a rate, neither where one is unknown."""
    part, whole = (getattr(project, measure) for measure in _measures(project, column))
    return (None, None) if part is None or whole is None else (part, whole)


def _notes(sheet: Sheet, county: County) -> None:
    notes = ["金额为各单位填报数；红字：实际支出大于实际到位。", *county.remarks()]
    if any(project.base == "planned" for project in county.projects):
        notes.append("没有“实际到位”栏的自评表，预算执行率按计划安排（全年预算）计算。")
    sheet.text(1, 0, "".join(notes), "note")
    sheet.text(1, len(COLUMNS) - 1, "单位：万元", "note right")


def _totals(sheet: Sheet, projects: list[Project], last: int) -> None:
    sheet.page.set_row(TOTALS, 24)
    for column in range(len(COLUMNS)):
        sheet.text(TOTALS, column, "", "total")
    sheet.merged(TOTALS, 0, 4, "合计（随筛选变化）", "total")
    sums: dict[str, Decimal | None] = {}
    for measure, column in AMOUNTS.items():
        sums[measure] = total(getattr(project, measure) for project in projects)
        formula = f"=SUBTOTAL(109,{sheet.range(FIRST, last, column)})"
        sheet.formula(TOTALS, column, formula, sums[measure] or 0, "total money")
    for column, helpers in HELPERS.items():
        parts = [rate_parts(project, column) for project in projects]
        value = rate(*(total(each) for each in zip(*parts, strict=True)))
        part, whole = (f"SUBTOTAL(109,{sheet.range(FIRST, last, helper)})" for helper in helpers)
        formula = f'=IF({whole}<=0,"",{part}/{whole})'
        sheet.formula(TOTALS, column, formula, value, "total rate")
    scores = sheet.range(FIRST, last, SCORE)
    sheet.formula(
        TOTALS,
        SCORE,
        f'=IF(SUBTOTAL(102,{scores})=0,"",SUBTOTAL(101,{scores}))',
        mean(project.score for project in projects),
        "total score",
    )
    for name, column in COUNTS.items():
        formula = f"=SUBTOTAL(109,{sheet.range(FIRST, last, column)})"
        count = sum(getattr(project.file, name) for project in projects)
        sheet.formula(TOTALS, column, formula, count, "total count")


def _rate(sheet: Sheet, row: int, project: Project, column: int) -> None:
    names = (xl_col_to_name(AMOUNTS[measure]) for measure in _measures(project, column))
    part, whole = (f"{name}{row + 1}" for name in names)
    parts = rate_parts(project, column)
    formula = f'=IF(OR({part}="",N({whole})<=0),"",{part}/{whole})'
    sheet.formula(row, column, formula, rate(*parts), "rate")
    for helper, cell, value in zip(HELPERS[column], (part, whole), parts, strict=True):
        known = f'=IF(AND(ISNUMBER({part}),ISNUMBER({whole})),{cell},"")'
        sheet.formula(row, helper, known, value, "money")


def _project(sheet: Sheet, row: int, project: Project, number: int) -> None:
    name = project.name or NOT_FILLED
    texts = (project.department, project.unit, name)
    sheet.page.set_row(row, look.row_height(zip(texts, list(COLUMNS.values())[1:4], strict=True)))
    sheet.number(row, 0, number, "centred")
    sheet.text(row, 1, project.department)
    sheet.text(row, 2, project.unit or NOT_FILLED)
    sheet.link(row, 3, copy_link(project.file.annotated), name)
    for measure, column in AMOUNTS.items():
        sheet.number(row, column, getattr(project, measure), "money")
    for column in HELPERS:
        _rate(sheet, row, project, column)
    sheet.number(row, SCORE, project.score, "score")
    sheet.text(row, GRADE, project.file.grade, "centred")
    for count, column in COUNTS.items():
        sheet.number(row, column, getattr(project.file, count), "count")
    verdict = project.file.verdict
    sheet.text(row, VERDICT, verdict, "centred", look.VERDICTS.get(verdict))


def _redden_overspending(sheet: Sheet, last: int) -> None:
    received, spent = (xl_col_to_name(AMOUNTS[measure]) for measure in ("received", "spent"))
    row = FIRST + 1
    sheet.page.conditional_format(
        FIRST,
        AMOUNTS["spent"],
        last,
        AMOUNTS["spent"],
        {
            "type": "formula",
            # 0.01 万元 is the tolerance of the rules; rounding takes off what binary floats add
            "criteria": f"=AND(ISNUMBER(${received}{row}),"
            f"ROUND(N(${spent}{row})-N(${received}{row}),6)>0.01)",
            "format": sheet.styles("overspent"),
        },
    )

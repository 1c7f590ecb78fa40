"""项目汇总表: a row a checked submission, the totals above the header, clear of the filter.

Behind the printed columns stand hidden ones that the other sheets' formulas add up, and, folded
away, the amounts by source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

from xlsx_eval import look
from xlsx_eval.summary import problems
from xlsx_eval.summary.links import copy_link
from xlsx_eval.summary.places import Listing, Part
from xlsx_eval.summary.records import EXECUTED, MEASURES, RATES, RECEIVED, mean, rate_sums, total
from xlsx_eval.summary.records import rate as rate_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from xlsx_eval.summary.county import County
    from xlsx_eval.summary.records import Project
    from xlsx_eval.summary.sheet import Sheet

NAME = "项目汇总表"
COLUMNS = {
    "序号": 6, "主管部门": 28, "项目单位": 27, "项目名称": 38, "计划安排": 13, "实际到位": 13,
    "实际支出": 13, "结余": 13, "资金到位率": 10.5, "预算执行率": 10.5, "得分": 8, "等次": 7,
    "错误": 6, "疑点": 6, "提示": 6, "审核结论": 10, "批注副本": 10, "问题": 10,
}  # fmt: skip
NOT_FILLED = "（未填写）"
EMPTY = "没有可汇总的项目。"
REPEATED = "重复报送（已有同一项目的另一份，未计入合计）"
REPEATED_NOTE = "以报告日期较晚的一份为准，日期相同或未填的以文件名靠后的为准，见问题清单。"
RED = "红字：实际支出大于实际到位（自评表没有该栏的，大于计划安排）。"

TOTALS = 2
HEADER = 3
FIRST = 4
AMOUNTS = {measure: 4 + order for order, measure in enumerate(MEASURES)}
RATE_COLUMNS = {RECEIVED: 8, EXECUTED: 9}
SCORE, GRADE = 10, 11
COUNTS = {"errors": 12, "warnings": 13, "notices": 14}
VERDICT, COPY, FINDINGS = 15, 16, 17
PRINTED = VERDICT + 1

# Hidden: which department and unit (their numbers, for names could be patterns), whether 预算执行率
# divides by the plan, and the part and the whole of each rate, blank where either is, so that
# totals of rates take in only projects that state both.
DEPARTMENT, UNIT, BY_PLAN = 18, 19, 20
HELPERS = {RECEIVED: (21, 22), EXECUTED: (23, 24)}
HELPER_TITLES = (
    "部门序号", "单位序号", "按计划计算执行率", "到位率：到位", "到位率：计划", "执行率：支出",
    "执行率：基数",
)  # fmt: skip
SOURCES = 25

MEASURE_NAMES = {
    "initial": "年初预算", "planned": "计划安排", "received": "实际到位", "spent": "实际支出",
    "balance": "结余",
}  # fmt: skip
SOURCE_NAMES = {
    "total": "合计", "central": "中央", "province": "省级", "city": "市级", "county": "县级",
    "fiscal": "财政拨款", "carry_over": "上年结转", "special": "财政专户", "unit": "单位资金",
    "other": "其他",
}  # fmt: skip


def listing(county: County) -> Listing:
    return Listing(NAME, len(county.projects), FIRST)


def repeated(county: County) -> Part:
    """The submissions that don't count, below the list and a line that tells what they are."""
    return Part(NAME, 0, len(county.repeated), FIRST + len(county.projects) + 2)


def source_columns(county: County) -> dict[tuple[str, str], int]:
    """(measure, source) → its column, in the order of the names."""
    measures, sources = list(MEASURE_NAMES), list(SOURCE_NAMES)
    ordered = sorted(county.sources, key=lambda key: (_rank(measures, key[0]), key[0],
                                                      _rank(sources, key[1]), key[1]))  # fmt: skip
    return {key: SOURCES + order for order, key in enumerate(ordered)}


def _rank(names: list[str], name: str) -> int:
    return names.index(name) if name in names else len(names)


def source_title(measure: str, source: str) -> str:
    return f"{MEASURE_NAMES.get(measure, measure)}：{SOURCE_NAMES.get(source, source)}"


def write(sheet: Sheet, county: County) -> None:
    sources = source_columns(county)
    sheet.wide_list(HEADER, COLUMNS, frozen=4, printed=PRINTED)
    sheet.page.set_column(DEPARTMENT, SOURCES - 1, 12, None, {"hidden": True})
    if sources:
        last_source = SOURCES + len(sources) - 1
        folded = {"level": 1, "hidden": True}
        sheet.page.set_column(SOURCES, last_source, 13, None, folded)
        sheet.page.set_column(last_source + 1, last_source + 1, 3, None, {"collapsed": True})
    sheet.title(county.title(NAME), PRINTED)
    _notes(sheet, county, folded=bool(sources))
    if not county.projects:
        sheet.header(HEADER, COLUMNS)
        sheet.sentence(FIRST, PRINTED, EMPTY)
        return
    last = FIRST + len(county.projects) - 1
    _totals(sheet, county, last, sources)
    titles = [*COLUMNS, *HELPER_TITLES, *(source_title(*key) for key in sources)]
    sheet.header(HEADER, titles)
    findings = problems.blocks(county)
    for number, project in enumerate(county.projects, start=1):
        _project(sheet, FIRST + number - 1, county, project, number, findings)
        _sources(sheet, FIRST + number - 1, project, sources)
    sheet.page.autofilter(HEADER, 0, last, len(titles) - 1)
    _colour(sheet, last)
    sheet.print_to(_list_repeated(sheet, county, last, findings))


def _list_repeated(sheet: Sheet, county: County, last: int, findings: Mapping[str, str]) -> int:
    """Below the list and clear of its totals: what a later submission replaces; the last row."""
    if not county.repeated:
        return last
    part = repeated(county)
    sheet.merged(part.first - 1, 0, PRINTED, REPEATED, "total")
    for number, project in enumerate(county.repeated, start=1):
        _project(sheet, part.first + number - 1, county, project, number, findings)
    sheet.text(part.last + 1, 0, REPEATED_NOTE, "note")
    return part.last + 1


def _notes(sheet: Sheet, county: County, *, folded: bool) -> None:
    notes = [f"金额为各单位填报数；{RED}", *county.remarks(), county.remark_on_findings()]
    if folded:
        notes.append("点击右侧列上方的“+”展开分资金来源的金额。")
    sheet.note("".join(notes), list(COLUMNS.values())[:PRINTED])


def _totals(
    sheet: Sheet, county: County, last: int, sources: Mapping[tuple[str, str], int]
) -> None:
    listed = county.projects
    sheet.page.set_row(TOTALS, 24)
    for column in range(PRINTED):
        sheet.text(TOTALS, column, "", "total")
    sheet.merged(TOTALS, 0, 4, "合计（随筛选变化）", "total")
    sums = {
        column: total(project.amount(measure) for project in listed)
        for measure, column in AMOUNTS.items()
    } | {
        column: total(project.sources.get(key) for project in listed)
        for key, column in sources.items()
    }
    for column, value in sums.items():
        formula = f"=SUBTOTAL(109,{sheet.range(FIRST, last, column)})"
        sheet.formula(TOTALS, column, formula, value or 0, "total money")
    for which, column in RATE_COLUMNS.items():
        part, whole = (f"SUBTOTAL(109,{sheet.range(FIRST, last, each)})" for each in HELPERS[which])
        formula = f'=IF({whole}<=0,"",ROUND({part}/{whole},6))'
        sheet.formula(TOTALS, column, formula, rate_of(*rate_sums(listed, which)), "total rate")
    scores = sheet.range(FIRST, last, SCORE)
    sheet.formula(
        TOTALS,
        SCORE,
        f'=IF(SUBTOTAL(102,{scores})=0,"",SUBTOTAL(101,{scores}))',
        mean(project.score for project in listed),
        "total score",
    )
    for name, column in COUNTS.items():
        formula = f"=SUBTOTAL(109,{sheet.range(FIRST, last, column)})"
        count = sum(getattr(project.file, name) for project in listed)
        sheet.formula(TOTALS, column, formula, count, "total count")


def _rate(sheet: Sheet, row: int, project: Project, which: str) -> None:
    measures = ("received", "planned") if which == RECEIVED else ("spent", project.base)
    names = (xl_col_to_name(AMOUNTS[measure]) for measure in measures)
    part, whole = (f"{name}{row + 1}" for name in names)
    parts = project.rate_parts(which)
    formula = f'=IF(OR({part}="",N({whole})<=0),"",ROUND({part}/{whole},6))'
    sheet.formula(row, RATE_COLUMNS[which], formula, rate_of(*parts), "rate")
    for helper, cell, value in zip(HELPERS[which], (part, whole), parts, strict=True):
        known = f'=IF(AND(ISNUMBER({part}),ISNUMBER({whole})),{cell},"")'
        sheet.formula(row, helper, known, value, "helper")


def _project(
    sheet: Sheet,
    row: int,
    county: County,
    project: Project,
    number: int,
    findings: Mapping[str, str],
) -> None:
    file = project.file
    texts = (project.department or NOT_FILLED, project.unit or NOT_FILLED,
             project.name or NOT_FILLED)  # fmt: skip
    sheet.page.set_row(row, look.row_height(zip(texts, list(COLUMNS.values())[1:4], strict=True)))
    sheet.number(row, 0, number, "centred")
    for column, text in enumerate(texts, start=1):
        sheet.text(row, column, text)
    for measure, column in AMOUNTS.items():
        sheet.number(row, column, project.amount(measure), "money")
    for which in RATES:
        _rate(sheet, row, project, which)
    sheet.number(row, SCORE, project.score, "score")
    sheet.text(row, GRADE, file.grade, "centred")
    for count, column in COUNTS.items():
        sheet.number(row, column, getattr(file, count), "count")
    sheet.text(row, VERDICT, file.verdict, "centred", look.VERDICTS.get(file.verdict))
    copy = copy_link(file.annotated)
    sheet.link(row, COPY, copy, "打开" if copy else "", "link centred")
    block = findings.get(file.file)
    sheet.link(row, FINDINGS, f"internal:{block}" if block else None, "查看" if block else "",
               "link centred")  # fmt: skip
    counted = file.file in county.unit_numbers
    if counted:
        sheet.number(row, DEPARTMENT, county.department_numbers[project.department], "helper count")
        sheet.number(row, UNIT, county.unit_numbers[file.file], "helper count")
        sheet.number(row, BY_PLAN, int(project.base == "planned"), "helper count")


def _sources(
    sheet: Sheet, row: int, project: Project, sources: Mapping[tuple[str, str], int]
) -> None:
    for key, column in sources.items():
        amount: Decimal | None = project.sources.get(key)
        if amount is not None:
            sheet.number(row, column, amount, "money")


def _colour(sheet: Sheet, last: int) -> None:
    part, whole = (f"${xl_col_to_name(column)}{FIRST + 1}" for column in HELPERS[EXECUTED])
    # 0.01 万元 is the tolerance of the rules; rounding takes off what binary floats add
    overspent = f"AND(ISNUMBER({whole}),ROUND(N({part})-N({whole}),6)>0.01)"
    for column in (AMOUNTS["spent"], RATE_COLUMNS[EXECUTED]):
        sheet.reddened(FIRST, last, column, overspent)
    balance = f"${xl_col_to_name(AMOUNTS['balance'])}{FIRST + 1}"
    sheet.reddened(FIRST, last, AMOUNTS["balance"], f"N({balance})<0")

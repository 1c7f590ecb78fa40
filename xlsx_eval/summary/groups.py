"""部门汇总 and 单位汇总: what the projects of each department and unit add up to.

The formulas add up 项目汇总表 by the groups' numbers: names that units type could be patterns.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

from xlsx_eval import look
from xlsx_eval.summary import projects
from xlsx_eval.summary.places import Listing, exactly
from xlsx_eval.summary.projects import NOT_FILLED, RED
from xlsx_eval.summary.records import EXECUTED, MEASURES, RECEIVED, mean, rate, rate_sums, total

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsx_eval.summary.county import County
    from xlsx_eval.summary.records import Group, Project
    from xlsx_eval.summary.sheet import Number, Sheet

TOTALS = 2
HEADER = 3
FIRST = 4

DEPARTMENT, UNIT, PROJECTS = 1, 2, 3
AMOUNTS = {measure: 4 + order for order, measure in enumerate(MEASURES)}
RATE_COLUMNS = {RECEIVED: 8, EXECUTED: 9}
SCORE = 10
COUNTS = {"errors": 11, "warnings": 12, "notices": 13}
VERDICTS = {"通过": 14, "需核实": 15, "退回修改": 16}
PRINTED = 17

# hidden: parts and wholes of the rates, scores and how many there are, a unit's department, and 1
# where it is the unit's only row or the first of those it has under several departments
HELPERS = {RECEIVED: (17, 18), EXECUTED: (19, 20)}
SCORES, SCORED, OF_DEPARTMENT, NEW = 21, 22, 23, 24
HELPER_TITLES = (
    "到位率：到位", "到位率：计划", "执行率：支出", "执行率：基数", "得分合计", "有得分的项目",
    "部门序号", "首次出现",
)  # fmt: skip

_FIGURES = {
    "项目数": 8, "计划安排": 14, "实际到位": 14, "实际支出": 14, "结余": 13, "资金到位率": 11,
    "预算执行率": 11, "平均得分": 10, "错误": 7, "疑点": 7, "提示": 7, "通过": 8, "需核实": 8,
    "退回修改": 9,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """A sheet of groups: the column of 项目汇总表 that tells whose a project is."""

    name: str
    columns: Mapping[str, float]
    of: int

    def groups(self, county: County) -> list[Group]:
        return county.units if self is UNITS else county.departments

    def listing(self, county: County) -> Listing:
        return Listing(self.name, len(self.groups(county)), FIRST)


DEPARTMENTS = Level(
    "部门汇总", {"序号": 6, "主管部门": 34, "单位数": 8} | _FIGURES, projects.DEPARTMENT
)
UNITS = Level("单位汇总", {"序号": 6, "主管部门": 28, "项目单位": 28} | _FIGURES, projects.UNIT)


def write(sheet: Sheet, county: County, level: Level) -> None:
    sheet.wide_list(HEADER, level.columns, frozen=UNIT + 1 if level is UNITS else UNIT,
                    printed=PRINTED)  # fmt: skip
    sheet.page.set_column(PRINTED, NEW, 12, None, {"hidden": True})
    sheet.title(county.title(level.name), PRINTED)
    again = sum(bool(group.unit) for group in county.units) - len(county.units_once)
    shared = [_SHARED.format(count=again)] if again else []
    notes = [_NOTE, *shared, *county.remarks(repeated=False)]
    sheet.note("".join(notes), list(level.columns.values()))
    groups = level.groups(county)
    if not groups:
        sheet.header(HEADER, level.columns)
        sheet.sentence(FIRST, PRINTED, projects.EMPTY)
        return
    last = FIRST + len(groups) - 1
    _totals(sheet, county, level, last)
    sheet.header(HEADER, [*level.columns, *HELPER_TITLES])
    for row, group in enumerate(groups, start=FIRST):
        _group(sheet, row, county, level, group)
    sheet.page.autofilter(HEADER, 0, last, NEW)
    _colour(sheet, last)
    sheet.print_to(last)


_NOTE = f"按项目汇总表计算；比率只计算两项金额都已填写的项目；{RED}"


_SHARED = "有单位分属几个主管部门，在各部门分别列示，单位数因此多计 {count} 个。"


def _figures(members: tuple[Project, ...] | list[Project]) -> dict[int, Decimal | int]:
    """Column → what the projects add up to, of the columns that add up."""
    scores = [project.score for project in members if project.score is not None]
    figures: dict[int, Decimal | int] = {PROJECTS: len(members)}
    for measure, column in AMOUNTS.items():
        figures[column] = total(project.amount(measure) for project in members) or Decimal(0)
    for name, column in COUNTS.items():
        figures[column] = sum(getattr(project.file, name) for project in members)
    for verdict, column in VERDICTS.items():
        figures[column] = sum(project.file.verdict == verdict for project in members)
    for which, columns in HELPERS.items():
        figures |= dict(zip(columns, rate_sums(members, which), strict=True))
    return figures | {SCORES: total(scores) or Decimal(0), SCORED: len(scores)}


def _style(column: int) -> str:
    if column >= PRINTED:
        return "helper"
    return "sum" if column in AMOUNTS.values() else "few"


def _totals(sheet: Sheet, county: County, level: Level, last: int) -> None:
    sheet.page.set_row(TOTALS, 24)
    first_figure = PROJECTS if level is UNITS else UNIT
    sheet.merged(TOTALS, 0, first_figure, "合计（随筛选变化）", "total")
    figures = _figures(county.projects)
    if level is DEPARTMENTS:
        figures[UNIT] = sum(bool(group.unit) for group in county.units)
    for column, value in figures.items():
        formula = f"=SUBTOTAL(109,{sheet.range(FIRST, last, column)})"
        sheet.formula(TOTALS, column, formula, value, f"total {_style(column)}")
    names = {column: f"{xl_col_to_name(column)}{TOTALS + 1}" for column in range(OF_DEPARTMENT)}
    _rates(sheet, TOTALS, names, county.projects, "total ")


def _rates(
    sheet: Sheet, row: int, names: dict[int, str], members: tuple[Project, ...] | list[Project],
    prefix: str = "",
) -> None:  # fmt: skip
    """The rates and the mean score of a row, from the hidden columns beside them."""
    for which, column in RATE_COLUMNS.items():
        part, whole = (names[helper] for helper in HELPERS[which])
        formula = f'=IF({whole}<=0,"",ROUND({part}/{whole},6))'
        value = rate(*rate_sums(members, which))
        sheet.formula(row, column, formula, value, f"{prefix}rate")
    formula = f'=IF({names[SCORED]}=0,"",{names[SCORES]}/{names[SCORED]})'
    value = mean(project.score for project in members)
    sheet.formula(row, SCORE, formula, value, f"{prefix}score")


def _group(sheet: Sheet, row: int, county: County, level: Level, group: Group) -> None:
    ledger = projects.listing(county)
    own = (level.of, f"$A{row + 1}")
    texts = [group.department or NOT_FILLED]
    if level is UNITS:
        texts.append(group.unit or NOT_FILLED)
    widths = list(level.columns.values())[1:]
    sheet.page.set_row(row, look.row_height(zip(texts, widths, strict=False)))
    sheet.number(row, 0, group.number, "centred")
    for column, text in enumerate(texts, start=DEPARTMENT):
        sheet.text(row, column, text)
    figures = _figures(group.projects)
    formulas = {
        PROJECTS: ledger.counted([own]),
        SCORES: ledger.summed(projects.SCORE, [own]),
        SCORED: ledger.counted([own, (projects.SCORE, '">-1000000"')]),
    }
    summed = {AMOUNTS[measure]: projects.AMOUNTS[measure] for measure in MEASURES}
    summed |= {COUNTS[name]: projects.COUNTS[name] for name in COUNTS}
    for which, columns in HELPERS.items():
        summed |= dict(zip(columns, projects.HELPERS[which], strict=True))
    formulas |= {column: ledger.summed(source, [own]) for column, source in summed.items()}
    formulas |= {
        column: ledger.counted([own, (projects.VERDICT, exactly(verdict))])
        for verdict, column in VERDICTS.items()
    }
    for column, formula in formulas.items():
        sheet.formula(row, column, f"={formula}", figures[column], _style(column))
    names = {column: f"{xl_col_to_name(column)}{row + 1}" for column in range(OF_DEPARTMENT)}
    _rates(sheet, row, names, group.projects)
    if level is UNITS:
        number = county.department_numbers.get(group.department) if group.unit else None
        sheet.number(row, OF_DEPARTMENT, number, "helper count")
        new = group.unit and all(
            each.unit != group.unit for each in county.units[: group.number - 1]
        )
        sheet.number(row, NEW, int(bool(new)), "helper count")
    else:
        units = UNITS.listing(county).counted([(OF_DEPARTMENT, f"$A{row + 1}")])
        sheet.formula(row, UNIT, f"={units}", _units(county, group), "count")


def _units(county: County, group: Group) -> Number:
    return sum(bool(each.unit) and each.department == group.department for each in county.units)


def _colour(sheet: Sheet, last: int) -> None:
    row = FIRST + 1
    part, whole = (f"${xl_col_to_name(column)}{row}" for column in HELPERS[EXECUTED])
    for column in (AMOUNTS["spent"], RATE_COLUMNS[EXECUTED]):
        sheet.reddened(FIRST, last, column, f"ROUND({part}-{whole},6)>0.01")
    balance = f"${xl_col_to_name(AMOUNTS['balance'])}{row}"
    sheet.reddened(FIRST, last, AMOUNTS["balance"], f"ROUND({balance},6)<0")
    sheet.bars(FIRST, last, AMOUNTS["planned"])
    sheet.bars(FIRST, last, RATE_COLUMNS[EXECUTED], whole=True)

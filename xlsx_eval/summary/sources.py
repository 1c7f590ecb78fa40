"""资金来源汇总: where the money comes from, of the county and of each department.

No formula reads another row of the sheet: people sort it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

from xlsx_eval import look
from xlsx_eval.summary import projects
from xlsx_eval.summary.projects import MEASURE_NAMES, NOT_FILLED, RED, SOURCE_NAMES
from xlsx_eval.summary.records import EXECUTED, RATES, RECEIVED, rate, rate_sums, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsx_eval.summary.county import County
    from xlsx_eval.summary.records import Project
    from xlsx_eval.summary.sheet import Sheet

NAME = "资金来源汇总"
WHOLE_COUNTY = "全县"
UNNAMED = "未分来源"
SUM = "合计"
_NOTE = "按项目汇总表中各来源的金额计算，合计为各单位填报的合计数；"
_EXPLAINED = "“未分来源”是合计与各来源之和的差额；比率只计算两项金额都已填写的项目。"
NUMERIC = '">-1000000000000"'
HELPER_TITLES = ("到位率：到位", "到位率：计划", "执行率：支出", "执行率：基数", "计划合计")

HEADER = 2
FIRST = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns of the sheet: what measures there are decides them."""

    measures: tuple[str, ...]

    @property
    def columns(self) -> dict[str, float]:
        return {
            "主管部门": 32, "资金来源": 14, **{MEASURE_NAMES[each]: 15 for each in self.measures},
            "占计划安排": 12, "资金到位率": 12, "预算执行率": 12,
        }  # fmt: skip

    @property
    def amounts(self) -> dict[str, int]:
        return {measure: 2 + order for order, measure in enumerate(self.measures)}

    @property
    def share(self) -> int:
        return 2 + len(self.measures)

    @property
    def rates(self) -> dict[str, int]:
        return {RECEIVED: self.share + 1, EXECUTED: self.share + 2}

    @property
    def helpers(self) -> dict[str, tuple[int, int]]:
        """Hidden: the part and the whole of each rate."""
        first = self.share + 3
        return {RECEIVED: (first, first + 1), EXECUTED: (first + 2, first + 3)}

    @property
    def whole(self) -> int:
        """Hidden: the plan of the county or department, of which 占计划安排 is the share."""
        return self.share + 3 + len(HELPER_TITLES) - 1


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of the county (number 0) or of a department: the sum, its sources, the rest."""

    name: str
    number: int
    members: Sequence[Project]
    sources: tuple[str, ...]

    @property
    def conditions(self) -> list[tuple[int, str]]:
        return [(projects.DEPARTMENT, str(self.number))] if self.number else []


def layout_of(county: County) -> Layout:
    stated = {measure for measure, _ in county.sources}
    known = [measure for measure in MEASURE_NAMES if measure != "initial" or measure in stated]
    return Layout(tuple(known))


def write(sheet: Sheet, county: County) -> None:
    layout = layout_of(county)
    columns = layout.columns
    sheet.wide_list(HEADER, columns, frozen=2)
    sheet.page.set_column(len(columns), layout.whole, 12, None, {"hidden": True})
    sheet.title(county.title(NAME), len(columns))
    sheet.note(_NOTE + _EXPLAINED + RED + _initial(county), list(columns.values()))
    if not county.projects:
        sheet.header(HEADER, columns)
        sheet.sentence(FIRST, len(columns), projects.EMPTY)
        return
    sheet.header(HEADER, [*columns, *HELPER_TITLES])
    row = FIRST
    for block in _blocks(county):
        row = _block(sheet, row, county, layout, block)
    sheet.page.autofilter(HEADER, 0, row - 1, layout.whole)
    part, whole = (f"${xl_col_to_name(column)}{FIRST + 1}" for column in layout.helpers[EXECUTED])
    for column in (layout.amounts["spent"], layout.rates[EXECUTED]):
        sheet.reddened(FIRST, row - 1, column, f"ROUND({part}-{whole},6)>0.01")
    sheet.bars(FIRST, row - 1, layout.share, whole=True)
    sheet.print_to(row - 1)


def _initial(county: County) -> str:
    """年初预算 adds up fewer projects than the columns beside it."""
    stated = sum(
        any(measure == "initial" for measure, _ in project.sources) for project in county.projects
    )
    if stated in {0, len(county.projects)}:
        return ""
    return f"年初预算只有 {stated} 个项目的自评表填写，其余未计入。"


def _blocks(county: County) -> list[Block]:
    groups = [(WHOLE_COUNTY, 0, tuple(county.projects))]
    groups += [
        (group.department or NOT_FILLED, group.number, group.projects)
        for group in county.departments
    ]
    return [Block(name, number, members, _sources_of(members)) for name, number, members in groups]


def _sources_of(members: Sequence[Project]) -> tuple[str, ...]:
    """The sources of which a project states an amount, in the order of their names."""
    names = list(SOURCE_NAMES)
    stated = {source for project in members for _, source in project.sources} - {"total"}
    return tuple(sorted(stated, key=lambda each: names.index(each) if each in names else 99))


def _block(sheet: Sheet, row: int, county: County, layout: Layout, block: Block) -> int:
    """The block's rows; the row after them."""
    end = row
    for source in ("total", *block.sources):
        _line(sheet, end, county, layout, block, source)
        end += 1
    if block.sources and _rest(layout, block):
        _rest_line(sheet, end, county, layout, block)
        end += 1
    return end


def _line(
    sheet: Sheet, row: int, county: County, layout: Layout, block: Block, source: str
) -> None:
    """One source of a block, or its sum (`total`)."""
    prefix = "total " if source == "total" else ""
    sheet.page.set_row(row, look.row_height([(block.name, 32)]))
    sheet.text(row, 0, block.name, "total left" if prefix else "text")
    sheet.text(row, 1, SUM if prefix else SOURCE_NAMES.get(source, source),
               "total" if prefix else "centred")  # fmt: skip
    for measure, column in layout.amounts.items():
        value = total(project.amount(measure, source) for project in block.members)
        told = _ledger_columns(county).get((measure, source))
        formula = "0" if told is None else _summed(county, block, told)
        sheet.formula(row, column, f"={formula}", value or 0, f"{prefix}sum")
    planned, all_planned = (
        f"{xl_col_to_name(column)}{row + 1}" for column in (layout.amounts["planned"], layout.whole)
    )
    whole = total(project.planned for project in block.members) or Decimal(0)
    part = total(project.amount("planned", source) for project in block.members) or Decimal(0)
    formula = f'=IF({all_planned}<=0,"",ROUND({planned}/{all_planned},6))'
    sheet.formula(row, layout.share, formula, rate(part, whole), f"{prefix}rate")
    formula = _summed(county, block, projects.AMOUNTS["planned"])
    sheet.formula(row, layout.whole, f"={formula}", whole, f"{prefix}helper")
    for which in RATES:
        _rate(sheet, row, county, layout, block, source, which)


def _rate(
    sheet: Sheet, row: int, county: County, layout: Layout, block: Block, source: str, which: str
) -> None:
    prefix = "total " if source == "total" else ""
    sums = rate_sums(block.members, which, source)
    names = []
    for part, (helper, value) in enumerate(zip(layout.helpers[which], sums, strict=True)):
        if source == "total":
            formula = _summed(county, block, projects.HELPERS[which][part])
        else:
            formula = _both_known(county, block, source, which, part)
        sheet.formula(row, helper, f"={formula}", value, f"{prefix}helper")
        names.append(f"{xl_col_to_name(helper)}{row + 1}")
    part_name, whole_name = names
    formula = f'=IF({whole_name}<=0,"",ROUND({part_name}/{whole_name},6))'
    sheet.formula(row, layout.rates[which], formula, rate(*sums), f"{prefix}rate")


def _summed(county: County, block: Block, column: int) -> str:
    """A column of 项目汇总表, added up over the block's projects."""
    ledger = projects.listing(county)
    if block.number:
        return ledger.summed(column, block.conditions)
    return f"SUM({ledger.range(column)})"


def _both_known(county: County, block: Block, source: str, which: str, part: int) -> str:
    """The part (0) or the whole (1) of a source's rate over the projects that state both."""
    ledger, columns = projects.listing(county), _ledger_columns(county)
    pairs = {"received_rate": [("received", "planned", None)]}.get(
        which, [("spent", "received", 0), ("spent", "planned", 1)]
    )
    terms = []
    for *measures, by_plan in pairs:
        own = [columns.get((measure, source)) for measure in measures]
        if None in own:
            continue
        conditions = [*block.conditions, *((each, NUMERIC) for each in own if each is not None)]
        if by_plan is not None:
            conditions.append((projects.BY_PLAN, str(by_plan)))
        column = own[part]
        if column is not None:
            terms.append(ledger.summed(column, conditions))
    return "+".join(terms) or "0"


def _ledger_columns(county: County) -> dict[tuple[str, str], int]:
    """(measure, source) → its column in 项目汇总表."""
    totals = {(measure, "total"): column for measure, column in projects.AMOUNTS.items()}
    return projects.source_columns(county) | totals


def _rest(layout: Layout, block: Block) -> bool:
    return any(_left(block, measure) for measure in layout.measures)


def _left(block: Block, measure: str) -> Decimal:
    """What the sources of a measure leave of its total."""
    whole = total(project.amount(measure) for project in block.members)
    named = (
        total(project.amount(measure, source) for project in block.members)
        for source in block.sources
    )
    return (whole or Decimal(0)) - sum((each or Decimal(0) for each in named), Decimal(0))


def _rest_line(sheet: Sheet, row: int, county: County, layout: Layout, block: Block) -> None:
    columns = _ledger_columns(county)
    sheet.page.set_row(row, look.row_height([(block.name, 32)]))
    sheet.text(row, 0, block.name)
    sheet.text(row, 1, UNNAMED, "centred")
    for measure, column in layout.amounts.items():
        told = [columns.get((measure, source)) for source in ("total", *block.sources)]
        whole, *named = ("0" if each is None else _summed(county, block, each) for each in told)
        formula = f"=ROUND({whole}-SUM({','.join(named)}),6)"
        sheet.formula(row, column, formula, _left(block, measure), "sum")
    for column in (layout.share, *layout.rates.values()):
        sheet.text(row, column, "")

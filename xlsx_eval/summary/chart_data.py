"""图表数据: the figures that the charts show, each a formula over the lists."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

from xlsx_eval.summary import indicator_list as details
from xlsx_eval.summary import problems, projects
from xlsx_eval.summary.county import NO_GRADE
from xlsx_eval.summary.places import exactly
from xlsx_eval.summary.projects import NOT_FILLED
from xlsx_eval.summary.records import EXECUTED, rate, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsx_eval.summary.county import County
    from xlsx_eval.summary.sheet import Number, Sheet

NAME = "图表数据"
MOST_DEPARTMENTS = 10
COMMONEST = 10
OTHER_DEPARTMENTS = "其他部门"
LABEL_LENGTH = 16

BANDS: tuple[tuple[str, str, str], ...] = (
    ("50%以下", "", "0.5"), ("50%～80%", "0.5", "0.8"), ("80%～90%", "0.8", "0.9"),
    ("90%～100%", "0.9", "1"), ("100%", "1", "1"), ("超过100%", "1", ""),
)  # fmt: skip
NO_RATE = "无法计算"
_NOTE = "“总览”和“指标完成情况”中图表所用的数据，由公式从各表计算，请勿删除本表。"

FIRST = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A label, and the formulas of its figures with their values."""

    label: str
    figures: tuple[tuple[str, Number], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The figures behind a chart: headings, rows, and the row its headings stand in."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    row: int
    style: str = "count"

    @property
    def first(self) -> int:
        return self.row + 1

    @property
    def last(self) -> int:
        return self.row + len(self.rows)

    @property
    def labels(self) -> list[str]:
        return [row.label for row in self.rows]

    def values(self, column: int) -> list[float]:
        return [float(row.figures[column][1]) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Tables:
    departments: Table
    grades: Table
    execution: Table
    commonest: Table
    kinds: Table

    @property
    def all(self) -> tuple[Table, ...]:
        return (self.departments, self.grades, self.execution, self.commonest, self.kinds)


def tables_of(county: County) -> Tables:
    """The tables one below the other, a line of air between them."""
    outcomes = [outcome.word for outcome in details.OUTCOMES.values()]
    contents: list[tuple[str, tuple[str, ...], Sequence[Row], str]] = [
        ("各部门资金（万元）", ("主管部门", "计划安排", "实际支出"), _departments(county), "money"),
        ("等次分布", ("等次", "项目数"), _grades(county), "count"),
        ("预算执行率分布", ("预算执行率", "项目数"), _execution(county), "count"),
        ("最常见问题", ("问题", "条数"), _commonest(county), "count"),
        ("各类指标完成情况", ("类别", *outcomes), _kinds(county), "count"),
    ]
    tables, row = [], FIRST
    for title, headings, rows, style in contents:
        tables.append(Table(title, headings, tuple(rows), row, style))
        row += len(rows) + 3
    return Tables(*tables)


def write(sheet: Sheet, county: County) -> None:
    sheet.columns({"": 40, "1": 16, "2": 16, "3": 16, "4": 16})
    sheet.page.set_portrait()
    sheet.page.fit_to_pages(1, 0)
    sheet.title(county.title(NAME), 5)
    sheet.text(
        1, 0, "“总览”和“指标完成情况”中图表所用的数据，由公式从各表计算，请勿删除本表。", "note"
    )
    for table in tables_of(county).all:
        sheet.text(table.row - 1, 0, table.title, "note")
        for column, heading in enumerate(table.headings):
            sheet.text(table.row, column, heading, "header")
        for number, row in enumerate(table.rows, start=table.first):
            sheet.text(number, 0, row.label)
            for column, (formula, value) in enumerate(row.figures, start=1):
                sheet.formula(number, column, f"={formula}", value, table.style)


def _departments(county: County) -> list[Row]:
    """The largest departments, and the others together."""
    shown = county.departments[:MOST_DEPARTMENTS]
    if len(county.departments) == MOST_DEPARTMENTS + 1:
        shown = county.departments
    ledger = projects.listing(county)
    rows = []
    for group in shown:
        own = (projects.DEPARTMENT, str(group.number))
        figures = tuple(
            (
                ledger.summed(projects.AMOUNTS[measure], [own]),
                total(project.amount(measure) for project in group.projects) or Decimal(0),
            )
            for measure in ("planned", "spent")
        )
        rows.append(Row(_short(group.department or NOT_FILLED), figures))
    if len(shown) < len(county.departments):
        rows.append(Row(OTHER_DEPARTMENTS, tuple(_others(county, len(shown)))))
    return rows


def _others(county: County, shown: int) -> list[tuple[str, Number]]:
    """What the departments that are not shown plan and spend: the county's less the shown."""
    ledger = projects.listing(county)
    figures: list[tuple[str, Number]] = []
    for order, measure in enumerate(("planned", "spent"), start=1):
        letter = xl_col_to_name(order)
        above = f"SUM({letter}{FIRST + 2}:{letter}{FIRST + 1 + shown})"
        whole = f"SUM({ledger.range(projects.AMOUNTS[measure])})"
        value = total(
            project.amount(measure)
            for group in county.departments[shown:]
            for project in group.projects
        )
        figures.append((f"ROUND({whole}-{above},6)", value or Decimal(0)))
    return figures


def _grades(county: County) -> list[Row]:
    if not county.projects:
        return []
    listed = projects.listing(county)
    rows = [
        Row(grade, ((listed.counted([(projects.GRADE, exactly(grade))]), count),))
        for grade, count in county.graded()
        if grade != NO_GRADE
    ]
    blank = dict(county.graded())[NO_GRADE]
    formula = f"COUNTBLANK({listed.range(projects.GRADE)})"
    return [*rows, Row(NO_GRADE, ((formula, blank),))]


def _execution(county: County) -> list[Row]:
    """How many projects have an execution rate within each band, the lower bound included."""
    if not county.projects:
        return []
    listed = projects.listing(county)
    column = projects.RATE_COLUMNS[EXECUTED]
    rates = [rate(*project.rate_parts(EXECUTED)) for project in county.projects]
    counts = Counter(NO_RATE if each is None else band_of(each) for each in rates)
    rows = []
    for label, low, high in BANDS:
        if low == high:
            conditions = [(column, f'"={low}"')]
        else:
            lower = [(column, f'">{"" if low == "1" else "="}{low}"')] if low else []
            conditions = lower + ([(column, f'"<{high}"')] if high else [])
        rows.append(Row(label, ((listed.counted(conditions), counts[label]),)))
    cells = listed.range(column)
    rows.append(Row(NO_RATE, ((f"ROWS({cells})-COUNT({cells})", counts[NO_RATE]),)))
    return rows


def band_of(value: Decimal) -> str:
    """The band of an execution rate; exactly 100 % is one of its own."""
    for label, low, high in BANDS:
        if low == high:
            if value == Decimal(low):
                return label
        elif (not low or value >= Decimal(low)) and (not high or value < Decimal(high)):
            return label
    raise AssertionError(f"no band for {value}")


def _commonest(county: County) -> list[Row]:
    listed = problems.listing(county)
    return [
        Row(
            _short(f"{rule} {name}".rstrip()),
            ((listed.counted([(problems.CODE, exactly(rule))]), count),),
        )
        for rule, name, count in county.commonest()[:COMMONEST]
    ]


def _kinds(county: County) -> list[Row]:
    listed = details.listing(county)
    rows = []
    for kind, members in details.by_kind(county).items():
        counts = Counter(indicator.outcome for indicator in members)
        own = (details.KIND, exactly(kind))
        figures = [
            (listed.counted([own, (details.OUTCOME, exactly(mark.word))]), counts[outcome])
            for outcome, mark in details.OUTCOMES.items()
        ]
        rows.append(Row(kind, tuple(figures)))
    return rows


def _short(label: str) -> str:
    """A label that fits beside a bar."""
    return label if len(label) <= LABEL_LENGTH else label[: LABEL_LENGTH - 1] + "…"

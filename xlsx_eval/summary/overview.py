"""总览: one A4 page of key figures and charts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name

from xlsx_eval import look
from xlsx_eval.summary import projects, style
from xlsx_eval.summary.county import Absent, County, mean, rate, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsx_eval.summary.sheet import Number, Sheet

NAME = "总览"
COMMONEST = 10
NO_VALUE = "—"

_COLUMNS = 12
_COLUMN_WIDTH = 8.3
_COLUMN_PIXELS = 63
_ROW_PIXELS = 20
_CHART_ROWS = (14, 18)

_AMOUNTS = {
    "planned": "计划安排资金", "received": "实际到位资金", "spent": "实际支出", "balance": "结余",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """A key figure; with a formula its value is what the formula gives."""

    label: str
    value: Number | None
    style: str = "card count"
    formula: str = ""
    mark: look.Mark | None = None

    @property
    def tint(self) -> look.Mark | None:
        """The colour calls for attention, so nothing to count is not coloured."""
        return self.mark if self.value else None


@dataclass(frozen=True, slots=True)
class Table:
    """The figures behind a chart: heading, rows, and the columns of label and number."""

    heading: tuple[str, str]
    rows: Sequence[tuple[str, int]]
    column: int
    columns: int


def write(sheet: Sheet, county: County) -> None:
    sheet.page.set_column(0, _COLUMNS - 1, _COLUMN_WIDTH)
    sheet.page.set_portrait()
    sheet.page.fit_to_pages(1, 1)
    sheet.page.center_horizontally()
    sheet.page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.title(county.title("汇总"), _COLUMNS)
    notes = ["金额单位：万元，为各单位填报数。", *county.remarks()]
    sheet.page.set_row(1, look.row_height([("".join(notes), _COLUMNS * _COLUMN_WIDTH)]))
    sheet.merged(1, 0, _COLUMNS, "".join(notes), "note wrapped")
    _cards(sheet, 2, _amount_cards(county))
    _cards(sheet, 5, _project_cards(county))
    _cards(sheet, 8, _finding_cards(county))
    if county.absent:
        _cards(sheet, 11, _roster_cards(county.absent))
    if not county.projects:
        sheet.sentence(_first_chart(county), _COLUMNS, projects.EMPTY)
    if county.projects or county.problems:
        _charts(sheet, county)


def _cards(sheet: Sheet, row: int, cards: Sequence[Card]) -> None:
    """Cards in a row across the page, label above value, then a little air."""
    width = _COLUMNS // len(cards)
    sheet.page.set_row(row, 20)
    sheet.page.set_row(row + 1, 30)
    sheet.page.set_row(row + 2, 8)
    for order, card in enumerate(cards):
        column = order * width
        sheet.merged(row, column, width, card.label, "card label", card.tint)
        _card_value(sheet, row + 1, column, width, card)


def _card_value(sheet: Sheet, row: int, column: int, width: int, card: Card) -> None:
    if card.value is None:
        sheet.merged(row, column, width, NO_VALUE, "card value")
        return
    sheet.merged(row, column, width, "", card.style, card.tint)
    if card.formula:
        sheet.formula(row, column, card.formula, card.value, card.style)
    else:
        sheet.number(row, column, card.value, card.style, card.tint)


def _amount_cards(county: County) -> list[Card]:
    return [
        Card(
            label,
            total(getattr(project, measure) for project in county.projects),
            "card money",
            f"=SUM({_listed(county, projects.AMOUNTS[measure])})",
        )
        for measure, label in _AMOUNTS.items()
    ]


def _project_cards(county: County) -> list[Card]:
    return [
        Card("项目数", len(county.projects)),
        Card("单位数", county.units),
        _rate_card(county, "资金到位率", projects.RECEIVED_RATE),
        _rate_card(county, "预算执行率", projects.EXECUTION_RATE),
        Card(
            "平均得分",
            mean(project.score for project in county.projects),
            "card score",
            f"=AVERAGE({_listed(county, projects.SCORE)})",
        ),
        Card("未能读取（份）", county.unread),
    ]


def _rate_card(county: County, label: str, column: int) -> Card:
    parts = [projects.rate_parts(project, column) for project in county.projects]
    part, whole = (total(each) for each in zip(*parts, strict=True)) if parts else (None, None)
    ranges = [f"SUM({_listed(county, helper)})" for helper in projects.HELPERS[column]]
    return Card(label, rate(part, whole), "card rate", f"={ranges[0]}/{ranges[1]}")


def _finding_cards(county: County) -> list[Card]:
    verdicts = [
        Card(f"{verdict}（项目）", county.verdicts[verdict], mark=look.VERDICTS[verdict])
        for verdict in ("通过", "需核实", "退回修改")
    ]
    findings = [
        Card(f"{shown.word}（条）", county.severities[severity], mark=shown)
        for severity, shown in look.SEVERITIES.items()
    ]
    return verdicts + findings


def _roster_cards(absent: Absent) -> list[Card]:
    come = absent.expected - absent.count
    return [
        Card("花名册项目数", absent.expected),
        Card("已报送（项目）", come),
        Card("未报送（项目）", absent.count, mark=look.SEVERITIES["error"]),
        Card("报送率", rate(Decimal(come), Decimal(absent.expected)), "card rate"),
    ]


def _first_chart(county: County) -> int:
    """The row below the cards."""
    return 14 if county.absent else 11


def _listed(county: County, column: int) -> str:
    """Column of 项目汇总表, without its totals."""
    letter = xl_col_to_name(column)
    first = projects.FIRST + 1
    return f"'{projects.NAME}'!{letter}{first}:{letter}{projects.FIRST + len(county.projects)}"


def _charts(sheet: Sheet, county: County) -> None:
    """Charts, and the figures they show in small tables below them."""
    grades = Table(("等次", "项目数"), county.graded(), 0, 2)
    verdicts = Table(
        ("审核结论", "项目数"), [(word, county.verdicts[word]) for word in style.VERDICT_BARS], 3, 2
    )
    commonest = Table(("最常见问题", "条数"), county.commonest(COMMONEST), 6, 5)
    first = _first_chart(county)
    tables = first + sum(_CHART_ROWS) + 1
    half = _COLUMNS // 2
    if county.projects:
        chart = _columns_chart(sheet, grades, tables, "等次分布", "等次")
        _place(sheet, chart, first, 0, 0, half)
        chart = _columns_chart(sheet, verdicts, tables, "审核结论", "审核结论")
        _place(sheet, chart, first, 0, half, half)
    if commonest.rows:
        _place(sheet, _bar_chart(sheet, commonest, tables), first, 1, 0, _COLUMNS)
    sheet.text(tables - 1, 0, "图表数据", "note")
    for table in (grades, verdicts, commonest):
        if table.rows:
            _table(sheet, table, tables)


def _place(sheet: Sheet, chart: Any, first: int, order: int, column: int, columns: int) -> None:
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": "#" + look.RULE}})
    offset = 4 if column else 0
    width = columns * _COLUMN_PIXELS - (0 if columns == _COLUMNS else 4)
    chart.set_size({"width": width, "height": _CHART_ROWS[order] * _ROW_PIXELS - 10})
    row = first + sum(_CHART_ROWS[:order])
    sheet.page.insert_chart(row, column, chart, {"x_offset": offset, "object_position": 1})


def _columns_chart(sheet: Sheet, table: Table, row: int, title: str, axis: str) -> Any:
    chart = sheet.book.add_chart({"type": "column"})
    colours = [style.VERDICT_BARS.get(label, style.BAR) for label, _ in table.rows]
    chart.add_series(
        _series(sheet, table, row)
        | {"gap": 90, "points": [{"fill": {"color": colour}} for colour in colours]}
    )
    chart.set_title(style.chart_title(title))
    chart.set_x_axis(style.chart_axis(axis))
    chart.set_y_axis(_counting_axis("项目数", table))
    return chart


def _bar_chart(sheet: Sheet, table: Table, row: int) -> Any:
    chart = sheet.book.add_chart({"type": "bar"})
    chart.add_series(_series(sheet, table, row) | {"gap": 45, "fill": {"color": style.BAR}})
    chart.set_title(style.chart_title("最常见问题"))
    # a bar chart lists from the bottom: reversed, the most frequent stands on top
    chart.set_y_axis(style.chart_axis("规则", reverse=True))
    chart.set_x_axis(_counting_axis("条数", table) | {"label_position": "high"})
    return chart


def _counting_axis(name: str, table: Table) -> dict[str, Any]:
    grid = {"visible": True, "line": {"color": "#" + look.COMPUTED}}
    axis = style.chart_axis(name, major_gridlines=grid, num_format="0", min=0)
    axis |= {"line": {"none": True}, "major_tick_mark": "none"}
    largest = max(count for _, count in table.rows)
    return axis | {"major_unit": 1} if largest < 10 else axis  # no half projects on the axis


def _series(sheet: Sheet, table: Table, row: int) -> dict[str, Any]:
    first, last = row + 1, row + len(table.rows)
    number = table.column + table.columns - 1
    return {
        "name": table.heading[1],
        "categories": [sheet.name, first, table.column, last, table.column],
        "values": [sheet.name, first, number, last, number],
        "data_labels": {"value": True, "font": style.chart_font()},
    }


def _table(sheet: Sheet, table: Table, row: int) -> None:
    label, number = table.heading
    labels = table.columns - 1
    sheet.merged(row, table.column, labels, label, "header")
    sheet.text(row, table.column + labels, number, "header")
    for order, (text, count) in enumerate(table.rows, start=1):
        sheet.merged(row + order, table.column, labels, text, "text")
        sheet.number(row + order, table.column + labels, count, "count")

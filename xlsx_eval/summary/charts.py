"""The charts of 总览 and 指标完成情况, over the figures of 图表数据."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsx_eval import look
from xlsx_eval.summary import chart_data, style

if TYPE_CHECKING:
    from xlsx_eval.summary.chart_data import Table
    from xlsx_eval.summary.sheet import Sheet

_LABELS = {"value": True, "font": style.chart_font(8)}
_FAR_MORE = 2
KINDS_TITLE = "各类指标完成情况"
_GRADE_BARS = ("#2E75B6", "#7FB3D5", "#E0B84C", "#C8605A")
_EXECUTION_BARS = ("#C8605A", "#E0B84C", "#BDD7EE", "#7FB3D5", "#2E75B6", "#9C0006", "#BFC5CD")


def funds_by_department(sheet: Sheet, table: Table) -> Any:
    title = "各部门资金（万元）"
    if len(table.rows) > 1 and table.labels[-1] == chart_data.OTHER_DEPARTMENTS:
        *largest, others = table.values(0)
        if others > _FAR_MORE * max(largest):  # beside it the others would be no more than lines
            table = replace(table, rows=table.rows[:-1])
            title = f"各部门资金（万元，计划最多的 {len(table.rows)} 个部门）"
    chart = sheet.book.add_chart({"type": "bar"})
    for column, colour in ((0, style.SPENT_BAR), (1, style.BAR)):
        chart.add_series(
            _series(table, column) | {"gap": 45, "overlap": -5, "fill": {"color": colour}}
        )
    chart.set_y_axis(style.chart_axis(reverse=True))
    chart.set_x_axis(style.amount_axis(below=True))
    return _finished(chart, title, legend=True)


def grades(sheet: Sheet, table: Table) -> Any:
    colours = [*_GRADE_BARS[: len(table.rows) - 1]]
    colours += [style.BAR] * (len(table.rows) - 1 - len(colours))
    return _columns(sheet, table, "等次分布（项目数）", [*colours, "#BFC5CD"])


def execution_rates(sheet: Sheet, table: Table) -> Any:
    return _columns(sheet, table, "预算执行率分布（项目数）", list(_EXECUTION_BARS))


def commonest_problems(sheet: Sheet, table: Table) -> Any:
    chart = sheet.book.add_chart({"type": "bar"})
    chart.add_series(
        _series(table, 0) | {"gap": 45, "fill": {"color": style.BAR}, "data_labels": _LABELS}
    )
    # a bar chart lists from the bottom: reversed, the most frequent stands on top
    chart.set_y_axis(style.chart_axis(reverse=True))
    chart.set_x_axis(style.counting_axis(int(max(table.values(0))), below=True))
    return _finished(chart, "最常见问题（条数）")


def outcomes_by_kind(sheet: Sheet, table: Table) -> Any:
    """The kinds of indicators, and what became of them, as stacked bars."""
    chart = sheet.book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, colour in enumerate(style.OUTCOME_BARS.values()):
        chart.add_series(_series(table, column) | {"gap": 40, "fill": {"color": colour}})
    chart.set_y_axis(style.chart_axis(reverse=True))
    largest = max(sum(int(value) for _, value in row.figures) for row in table.rows)
    chart.set_x_axis(style.counting_axis(largest, below=True))
    return _finished(chart, KINDS_TITLE, legend=True)


def _columns(sheet: Sheet, table: Table, title: str, colours: list[str]) -> Any:
    chart = sheet.book.add_chart({"type": "column"})
    points = [{"fill": {"color": colour}} for colour in colours]
    chart.add_series(_series(table, 0) | {"gap": 60, "points": points, "data_labels": _LABELS})
    chart.set_x_axis(style.chart_axis())
    chart.set_y_axis(style.counting_axis(int(max(table.values(0)))))
    return _finished(chart, title)


def _finished(chart: Any, title: str, *, legend: bool = False) -> Any:
    chart.set_title(style.chart_title(title))
    chart.set_legend(
        {"position": "bottom", "font": style.chart_font(8)} if legend else {"none": True}
    )
    chart.set_chartarea({"border": {"color": "#" + look.RULE}})
    return chart


def _series(table: Table, column: int) -> dict[str, Any]:
    return {
        "name": table.headings[column + 1],
        "categories": [chart_data.NAME, table.first, 0, table.last, 0],
        "values": [chart_data.NAME, table.first, column + 1, table.last, column + 1],
        # the rows are on disk by now: what a viewer that doesn't calculate shows
        "categories_data": table.labels,
        "values_data": table.values(column),
    }

"""总览: one A4 page of key figures and charts, for the head of the bureau to read and sign."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_rowcol_to_cell

from xlsx_eval import look
from xlsx_eval.summary import (
    chart_data,
    charts,
    files,
    groups,
    indicator_list,
    indicators,
    missing,
    problems,
    projects,
)
from xlsx_eval.summary.county import NO_GRADE
from xlsx_eval.summary.places import exactly
from xlsx_eval.summary.records import EXECUTED, RECEIVED, mean, rate, rate_sums, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsx_eval.summary.county import County
    from xlsx_eval.summary.sheet import Number, Sheet

NAME = "总览"
NO_VALUE = "—"

_COLUMNS = 60  # narrow ones, so that four, five or six cards are equally wide
_COLUMN_PIXELS = 13
_EDGE = 2  # pixels that keep a chart's frame on the page
_WIDTH = 100.0  # characters across the page
_MOST_CARDS = 12
_ROW_PIXELS = 20
_CARDS = 2
_REPORTED = _CARDS + 4 * 3 + 1  # the figures of what came
_UPPER, _LOWER = 24, 17  # rows that the charts take

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


def write(sheet: Sheet, county: County) -> None:
    sheet.page.set_column_pixels(0, _COLUMNS - 1, _COLUMN_PIXELS)
    sheet.page.set_portrait()
    sheet.page.fit_to_pages(1, 1)
    sheet.page.center_horizontally()
    sheet.page.set_margins(left=0.5, right=0.5, top=0.65, bottom=0.65)
    sheet.title(county.title("汇总"), _COLUMNS)
    notes = ["金额单位：万元，为各单位填报数。", *county.remarks(), county.remark_on_findings()]
    if county.absent and county.absent.otherwise:
        notes.append(f"{county.absent.otherwise} 个可能已用其他名称报送的项目计为已报送。")
    sheet.page.set_row(1, look.row_height([("".join(notes), _WIDTH)]))
    sheet.merged(1, 0, _COLUMNS, "".join(notes), "note wrapped")
    rows = (_amount_cards, _project_cards, _grade_cards, _finding_cards, _report_cards)
    row = _CARDS
    for cards in (make(county) for make in rows):
        _cards(sheet, row, cards)
        row += 3
    if not county.projects:
        sheet.sentence(row, _COLUMNS, projects.EMPTY)
        row += 1
    row = _charts(sheet, county, row)
    _legend(sheet, row)
    _signatures(sheet, row + 2)
    sheet.page.print_area(0, 0, row + 2, _COLUMNS - 1)


# ------------------------------------------------------------------------------------ key figures


def _cards(sheet: Sheet, row: int, cards: Sequence[Card]) -> None:
    """Cards in a row across the page, label above value, then a little air."""
    starts = [order * _COLUMNS // len(cards) for order in range(len(cards) + 1)]
    places = [(start, stop - start) for start, stop in pairwise(starts)]
    sheet.page.set_row(row, 18)
    sheet.page.set_row(row + 1, 27)
    sheet.page.set_row(row + 2, 7)
    for (column, width), card in zip(places, cards, strict=True):
        sheet.merged(row, column, width, card.label, "card label", card.tint)
    for (column, width), card in zip(places, cards, strict=True):
        _card_value(sheet, row + 1, column, width, card)


def _card_value(sheet: Sheet, row: int, column: int, width: int, card: Card) -> None:
    if card.value is None:
        sheet.merged(row, column, width, NO_VALUE, "card value")
        return
    sheet.merged(row, column, width, "", card.style, card.tint)
    if card.formula:
        sheet.formula(row, column, f"={card.formula}", card.value, card.style, card.tint)
    else:
        sheet.number(row, column, card.value, card.style, card.tint)


def _amount_cards(county: County) -> list[Card]:
    listed = projects.listing(county)
    return [
        Card(
            label,
            total(project.amount(measure) for project in county.projects),
            "card money",
            f"SUM({listed.range(projects.AMOUNTS[measure])})" if county.projects else "",
        )
        for measure, label in _AMOUNTS.items()
    ]


def _project_cards(county: County) -> list[Card]:
    listed = projects.listing(county)
    if not county.projects:
        names = ("资金到位率", "预算执行率", "平均得分", "指标完成率")
        return [Card("项目数", 0), Card("单位数", 0), *(Card(name, None) for name in names)]
    scores = listed.range(projects.SCORE)
    units = groups.UNITS.listing(county).range(groups.NEW)
    attained = indicators.attained(county.indicators)
    return [
        Card("项目数", len(county.projects), formula=f"ROWS({listed.range(0)})"),
        Card("单位数", len(county.units_once), formula=f"SUM({units})"),
        _rate_card(county, "资金到位率", RECEIVED),
        _rate_card(county, "预算执行率", EXECUTED),
        Card(
            "平均得分",
            mean(project.score for project in county.projects),
            "card score",
            f"AVERAGE({scores})",
        ),
        Card("指标完成率", attained, "card rate", _attained_formula(county)),
    ]


def _attained_formula(county: County) -> str:
    cells = indicator_list.listing(county)
    known, missed = (
        cells.counted([(indicator_list.OUTCOME, exactly(indicator_list.OUTCOMES[outcome].word))])
        for outcome in ("attained", "missed")
    )
    return f"ROUND(({known})/({known}+{missed}),6)"


def _rate_card(county: County, label: str, which: str) -> Card:
    listed = projects.listing(county)
    part, whole = (f"SUM({listed.range(helper)})" for helper in projects.HELPERS[which])
    value = rate(*rate_sums(county.projects, which))
    return Card(label, value, "card rate", f"ROUND({part}/{whole},6)")


def _grade_cards(county: County) -> list[Card]:
    """How many projects have each grade, no more grades than fit."""
    listed = projects.listing(county)
    cards = []
    for grade, count in county.graded()[-_MOST_CARDS:]:
        formula = ""
        if county.projects and grade == NO_GRADE:
            formula = f"COUNTBLANK({listed.range(projects.GRADE)})"
        elif county.projects:
            formula = listed.counted([(projects.GRADE, exactly(grade))])
        cards.append(Card(f"{grade}（项目）", count, formula=formula))
    return cards


def _finding_cards(county: County) -> list[Card]:
    listed, found = projects.listing(county), problems.listing(county)
    verdicts = [
        Card(
            f"{verdict}（项目）",
            county.verdicts[verdict],
            formula=listed.counted([(projects.VERDICT, exactly(verdict))]),
            mark=look.VERDICTS[verdict],
        )
        for verdict in ("通过", "需核实", "退回修改")
    ]
    findings = [
        Card(
            f"{shown.word}（条）",
            county.severities[severity],
            formula=found.counted([(problems.SEVERITY, exactly(shown.word))]),
            mark=shown,
        )
        for severity, shown in look.SEVERITIES.items()
    ]
    return verdicts + findings


def _report_cards(county: County) -> list[Card]:
    """What came and what did not, with a roster against it."""
    listed = files.listing(county)
    status = {
        word: listed.counted([(files.STATUS, exactly(word))])
        for word in (files.CHECKED, files.UNREAD)
    }
    received = Card("收到文件（份）", len(county.listed), formula="+".join(status.values()))
    error, warning = look.SEVERITIES["error"], look.SEVERITIES["warning"]
    unread = Card("未能读取（份）", county.unread, formula=status[files.UNREAD], mark=error)
    absent = county.absent
    if absent is None:
        checked = Card("已检查（份）", len(county.submissions), formula=status[files.CHECKED])
        again = projects.repeated(county)
        repeated = Card(
            "重复报送（份）",
            len(county.repeated),
            formula=f"ROWS({again.range(0)})" if county.repeated else "",
            mark=warning,
        )
        return [received, checked, unread, repeated]
    come = absent.expected - absent.count
    due_cell, come_cell, missing_cell = (
        xl_rowcol_to_cell(_REPORTED, order * _COLUMNS // 6) for order in (2, 3, 4)
    )
    return [
        received,
        unread,
        Card("花名册项目数", absent.expected),
        Card("已报送（项目）", come, formula=f"{due_cell}-{missing_cell}"),
        Card("未报送（项目）", absent.count, formula=missing.counted(absent), mark=error),
        Card(
            "报送率",
            rate(Decimal(come), Decimal(absent.expected)),
            "card rate",
            f"ROUND({come_cell}/{due_cell},6)",
        ),
    ]


# ----------------------------------------------------------------------------------------- charts


def _charts(sheet: Sheet, county: County, row: int) -> int:
    """The charts from a row on; the row below them."""
    tables = chart_data.tables_of(county)
    wide, narrow = 35, 25
    if county.projects:
        upper = _UPPER * _ROW_PIXELS - 8
        half = (upper - 8) // 2
        chart = charts.funds_by_department(sheet, tables.departments)
        _place(sheet, chart, "各部门的计划安排和实际支出", row, 0, wide, upper)
        chart = charts.grades(sheet, tables.grades)
        _place(sheet, chart, "各等次的项目数", row, wide, narrow, half)
        chart = charts.execution_rates(sheet, tables.execution)
        _place(sheet, chart, "各档预算执行率的项目数", row, wide, narrow, half, half + 8)
        row += _UPPER
    if county.problems:
        chart = charts.commonest_problems(sheet, tables.commonest)
        _place(sheet, chart, "最常见问题的条数", row, 0, _COLUMNS, _LOWER * _ROW_PIXELS - 8)
        row += _LOWER
    return row


def _place(
    sheet: Sheet,
    chart: Any,
    told: str,
    row: int,
    column: int,
    columns: int,
    height: int,
    below: int = 0,
) -> None:
    """Put a chart on the page; `told` is what it shows, for those who can't see it."""
    offset = 8 if column else 0
    chart.set_size({"width": columns * _COLUMN_PIXELS - offset - _EDGE, "height": height})
    place = {"x_offset": offset, "y_offset": below, "object_position": 1, "description": told}
    sheet.page.insert_chart(row, column, chart, place)


# ------------------------------------------------------------------------------ legend, signatures


def _legend(sheet: Sheet, row: int) -> None:
    """What the colours mean, on every sheet and in the annotated copies."""
    words = {"error": "错误：须更正", "warning": "疑点：须核实", "notice": "提示：供参考"}
    sixth = _COLUMNS // 6
    sheet.merged(row, 0, sixth, "图例", "legend")
    column = sixth
    for severity, word in words.items():
        sheet.merged(row, column, sixth, word, "legend", look.SEVERITIES[severity])
        column += sixth
    sheet.merged(row, column, sixth, "红字：超支", "legend overspent")
    sheet.merged(row, column + sixth, sixth, "由审核人填写", "legend input")
    sheet.page.set_row(row, 20)


def _signatures(sheet: Sheet, row: int) -> None:
    sheet.page.set_row(row, 26)
    for column, words in (
        (0, "汇总人："),
        (15, "审核人："),
        (30, "负责人（签字）："),
        (50, "日期："),
    ):
        sheet.text(row, column, words, "signature")

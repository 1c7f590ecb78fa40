"""指标完成情况: how many indicators were attained, by kind and by department."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

from xlsx_eval import look
from xlsx_eval.summary import chart_data, charts
from xlsx_eval.summary import indicator_list as details
from xlsx_eval.summary.places import exactly
from xlsx_eval.summary.projects import NOT_FILLED
from xlsx_eval.summary.records import rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsx_eval.summary.county import County
    from xlsx_eval.summary.records import Indicator
    from xlsx_eval.summary.sheet import Sheet

NAME = "指标完成情况"
COLUMNS = {
    "范围": 12, "类别": 36, "指标数": 10, "达到": 10, "未达到": 10, "无法判断": 10, "未填全": 10,
    "完成率": 12,
}  # fmt: skip
BY_KIND, BY_DEPARTMENT, ALL = "按指标类别", "按主管部门", "全县"
EMPTY = "没有可汇总的指标。"
_NOTE = (
    "完成率＝达到÷（达到＋未达到）。定性指标、单位不一致等无法由程序判断的，"
    "以及目标值或完成值未填写的，不计入完成率。明细见“指标明细”。"
)

HEADER = 2
FIRST = 3
COUNT, RATE = 2, 7
OUTCOMES = {outcome: 3 + order for order, outcome in enumerate(details.OUTCOMES)}
_CHART_COLUMN, _CHART_COLUMNS, _CHART_ROWS = 9, 8, 15
_PRINTED = _CHART_COLUMN + _CHART_COLUMNS


@dataclass(frozen=True, slots=True)
class Line:
    """A row: whose indicators it counts, and by which criteria of 指标明细."""

    scope: str
    name: str
    conditions: tuple[tuple[int, str], ...]
    members: Sequence[Indicator]
    bold: bool = False


def write(sheet: Sheet, county: County) -> None:
    sheet.wide_list(HEADER, COLUMNS, frozen=2, printed=_PRINTED)
    sheet.page.set_column(len(COLUMNS), len(COLUMNS), 2)
    sheet.page.set_column(_CHART_COLUMN, _PRINTED - 1, 9)
    sheet.title(county.title(NAME), _PRINTED)
    sheet.text(1, 0, _NOTE, "note")
    lines = _lines(county)
    if not county.indicators:
        sheet.header(HEADER, COLUMNS)
        sheet.sentence(FIRST, len(COLUMNS), EMPTY)
        return
    _chart(sheet, county)
    sheet.header(HEADER, COLUMNS)
    last = FIRST + len(lines) - 1
    for row, line in enumerate(lines, start=FIRST):
        _line(sheet, row, county, line)
    sheet.page.autofilter(HEADER, 0, last, len(COLUMNS) - 1)
    sheet.bars(FIRST, last, RATE, whole=True)
    sheet.print_to(max(last, FIRST + _CHART_ROWS - 1))


def _lines(county: County) -> list[Line]:
    """The county, then every kind there is, then every department, the largest plan first."""
    departments: dict[str, list[Indicator]] = {}
    for indicator in county.indicators:
        departments.setdefault(indicator.project.department, []).append(indicator)
    return [
        Line(ALL, "合计", (), county.indicators, bold=True),
        *(
            Line(BY_KIND, kind, ((details.KIND, exactly(kind)),), members)
            for kind, members in details.by_kind(county).items()
        ),
        *(
            Line(
                BY_DEPARTMENT,
                group.department or NOT_FILLED,
                ((details.DEPARTMENT, str(group.number)),),
                departments[group.department],
            )
            for group in county.departments
            if group.department in departments
        ),
    ]


def attained(members: Sequence[Indicator]) -> Decimal | None:
    """The share of those indicators that can be told."""
    counts = Counter(indicator.outcome for indicator in members)
    known = counts["attained"] + counts["missed"]
    return rate(Decimal(counts["attained"]), Decimal(known))


def rate_formula(row: int) -> str:
    """完成率 of a row of this sheet, without the sign of equality."""
    known, missed = (
        f"{xl_col_to_name(OUTCOMES[outcome])}{row + 1}" for outcome in ("attained", "missed")
    )
    return f'IF({known}+{missed}=0,"",ROUND({known}/({known}+{missed}),6))'


def _line(sheet: Sheet, row: int, county: County, line: Line) -> None:
    prefix = "total " if line.bold else ""
    listed = details.listing(county)
    sheet.page.set_row(row, look.row_height([(line.name, COLUMNS["类别"])]))
    sheet.text(row, 0, line.scope, "total" if line.bold else "centred")
    sheet.text(row, 1, line.name, "total left" if line.bold else "text")
    counts = Counter(indicator.outcome for indicator in line.members)
    for outcome, column in OUTCOMES.items():
        word = exactly(details.OUTCOMES[outcome].word)
        formula = listed.counted([*line.conditions, (details.OUTCOME, word)])
        sheet.formula(row, column, f"={formula}", counts[outcome], f"{prefix}count")
    first, last = (xl_col_to_name(column) for column in (OUTCOMES["attained"], OUTCOMES["blank"]))
    formula = f"=SUM({first}{row + 1}:{last}{row + 1})"
    sheet.formula(row, COUNT, formula, len(line.members), f"{prefix}count")
    sheet.formula(row, RATE, f"={rate_formula(row)}", attained(line.members), f"{prefix}rate")


def _chart(sheet: Sheet, county: County) -> None:
    """The kinds and their outcomes, beside the list: over figures that nobody sorts."""
    chart = charts.outcomes_by_kind(sheet, chart_data.tables_of(county).kinds)
    chart.set_size({"width": _CHART_COLUMNS * 68 - 8, "height": _CHART_ROWS * 28})
    sheet.page.insert_chart(
        HEADER, _CHART_COLUMN, chart, {"object_position": 3, "description": charts.KINDS_TITLE}
    )

"""指标明细: every indicator of the projects that count, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.summary.links import MOST_LINKS, copy_link
from xlsx_eval.summary.places import Listing
from xlsx_eval.summary.projects import NOT_FILLED

if TYPE_CHECKING:
    from xlsx_eval.summary.county import County
    from xlsx_eval.summary.places import Part
    from xlsx_eval.summary.records import Indicator
    from xlsx_eval.summary.sheet import Sheet

NAME = "指标明细"
COLUMNS = {
    "序号": 7, "主管部门": 20, "项目单位": 20, "项目名称": 26, "指标类别": 15, "指标内容": 32,
    "目标值": 18, "实际完成值": 18, "完成情况": 11, "偏差原因": 26, "位置": 18,
}  # fmt: skip
OUTCOMES = {
    "attained": replace(look.VERDICTS["通过"], word="达到"),
    "missed": replace(look.SEVERITIES["error"], word="未达到"),
    "unclear": look.Mark("无法判断", look.COMPUTED, look.INK, look.BAND),
    "blank": replace(look.SEVERITIES["warning"], word="未填全"),
}

KINDS = (
    "数量指标", "质量指标", "时效指标", "成本指标", "经济效益指标", "社会效益指标", "生态效益指标",
    "可持续影响指标", "满意度指标", "其他指标",
)  # fmt: skip

HEADER = 2
FIRST = 3
KIND, OUTCOME = 4, 8
DEPARTMENT = len(COLUMNS)
"""Hidden: the number of the department, for formulas to count by."""


def listing(county: County) -> Listing:
    return Listing(NAME, len(county.indicators), FIRST)


def by_kind(county: County) -> dict[str, list[Indicator]]:
    """The indicators of each kind that there is, in the order of the form."""
    kinds: dict[str, list[Indicator]] = {kind: [] for kind in KINDS}
    for indicator in county.indicators:
        kinds.setdefault(indicator.kind, []).append(indicator)
    return {kind: members for kind, members in kinds.items() if members}


def write(sheet: Sheet, county: County, part: Part) -> None:
    sheet.wide_list(HEADER, COLUMNS)
    sheet.page.set_column(DEPARTMENT, DEPARTMENT, 10, None, {"hidden": True})
    sheet.title(county.title(NAME), len(COLUMNS))
    note = f"共 {len(county.indicators):,} 个指标。点击“位置”打开带批注的工作簿，直接跳到该单元格。"
    listed = listing(county).parts
    if len(listed) > 1:
        note += (
            f"受工作表行数限制分为 {len(listed)} 张表，本表是第 {listed.index(part) + 1} 张："
            f"第 {part.start + 1:,}～{part.stop:,} 个。"
        )
    if part.stop - part.start > MOST_LINKS:
        note += f"受链接数限制，只有前 {MOST_LINKS:,} 个可点击。"
    sheet.text(1, 0, note, "note")
    sheet.header(HEADER, [*COLUMNS, "部门序号"])
    for order in range(part.start, part.stop):
        _indicator(sheet, FIRST + order - part.start, county, order)
    sheet.page.autofilter(HEADER, 0, part.last, DEPARTMENT)
    sheet.print_to(part.last)


def _indicator(sheet: Sheet, row: int, county: County, order: int) -> None:
    indicator: Indicator = county.indicators[order]
    project = indicator.project
    texts = {
        "主管部门": project.department or NOT_FILLED,
        "项目单位": project.unit or NOT_FILLED,
        "项目名称": project.name or NOT_FILLED,
        "指标类别": indicator.kind,
        "指标内容": indicator.content or indicator.level2,
        "目标值": indicator.target,
        "实际完成值": indicator.actual,
        "偏差原因": indicator.reason,
    }
    sheet.page.set_row(row, look.row_height((text, COLUMNS[name]) for name, text in texts.items()))
    sheet.number(row, 0, order + 1, "centred")
    mark = OUTCOMES[indicator.outcome]
    for column, name in enumerate(COLUMNS):
        if name in texts:
            sheet.text(row, column, texts[name])
    sheet.text(row, OUTCOME, mark.word, "centred", mark)
    address = copy_link(project.file.annotated, indicator.sheet, indicator.cell)
    sheet.link(row, len(COLUMNS) - 1, address, look.place(indicator.sheet, indicator.cell))
    sheet.number(row, DEPARTMENT, county.department_numbers[project.department], "helper count")

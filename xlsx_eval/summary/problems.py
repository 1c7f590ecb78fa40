"""问题清单: every finding, with a link to the very cell in the marked copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.summary.decisions import (
    DECISION,
    FILE,
    MESSAGE,
    PLACE,
    REMARK,
    RULE,
    TITLE,
    place_of,
)
from xlsx_eval.summary.links import MOST_LINKS, copy_link
from xlsx_eval.summary.places import Listing

if TYPE_CHECKING:
    from xlsx_eval.summary.county import County
    from xlsx_eval.summary.places import Part
    from xlsx_eval.summary.records import Problem
    from xlsx_eval.summary.sheet import Sheet

NAME = "问题清单"
COLUMNS = {
    "序号": 7, "级别": 7, RULE: 7, TITLE: 17, "主管部门": 18, "项目单位": 18, "项目名称": 22,
    FILE: 24, PLACE: 17, MESSAGE: 46, "应为": 14, "实为": 14, DECISION: 11, REMARK: 18,
}  # fmt: skip
NOTHING_FOUND = "没有发现问题。"

HEADER = 2
FIRST = 3
_TITLES = list(COLUMNS)
_STYLES = {RULE: "centred", DECISION: "input", REMARK: "input"}
SEVERITY, CODE = 1, 2
DECIDED = _TITLES.index(DECISION)
DEPARTMENT = len(COLUMNS)
"""Hidden: the number of the department, for formulas to count by."""


def listing(county: County) -> Listing:
    return Listing(NAME, len(county.problems), FIRST)


def blocks(county: County) -> dict[str, str]:
    """File → the rows of its findings, as a link's target."""
    starts: dict[str, int] = {}
    counts: dict[str, int] = {}
    for order, problem in enumerate(county.problems):
        starts.setdefault(problem.file, order)
        counts[problem.file] = counts.get(problem.file, 0) + 1
    listed = listing(county)
    return {
        file: listed.block(start, start + counts[file], len(COLUMNS))
        for file, start in starts.items()
    }


def write(sheet: Sheet, county: County, part: Part) -> None:
    sheet.wide_list(HEADER, COLUMNS, printed=len(COLUMNS))
    sheet.page.set_column(DEPARTMENT, DEPARTMENT, 10, None, {"hidden": True})
    sheet.title(county.title(NAME), len(COLUMNS))
    last = max(part.last, FIRST)
    _note(sheet, county, part, last)
    sheet.header(HEADER, [*COLUMNS, "部门序号"] if county.problems else COLUMNS)
    if not county.problems:
        sheet.sentence(FIRST, len(COLUMNS), NOTHING_FOUND)
        return
    for order in range(part.start, part.stop):
        _problem(sheet, FIRST + order - part.start, county, order)
    sheet.choice(FIRST, last, DECIDED)
    sheet.page.autofilter(HEADER, 0, last, DEPARTMENT)
    sheet.print_to(last)


def _note(sheet: Sheet, county: County, part: Part, last: int) -> None:
    found = len(county.problems)
    note = f"共 {found:,} 条。点击“位置”打开带批注的工作簿，直接跳到该单元格。"
    listed = listing(county).parts
    if len(listed) > 1:
        number = listed.index(part) + 1
        note += (
            f"受工作表行数限制分为 {len(listed)} 张表，本表是第 {number} 张："
            f"第 {part.start + 1:,}～{part.stop:,} 条。"
        )
    if part.stop - part.start > MOST_LINKS:
        note += f"受链接数限制，只有前 {MOST_LINKS:,} 条可点击。"
    note += "浅黄色两栏由审核人填写，下次运行时保留。"
    sheet.text(1, 0, note, "note")
    if county.problems:
        here = part.stop - part.start
        decided = sum(
            bool(answer.decision)
            for order, answer in county.answers.by_order.items()
            if part.start <= order < part.stop
        )
        sheet.formula(
            1,
            len(COLUMNS) - 1,
            f'="筛选出 "&SUBTOTAL(103,{sheet.range(FIRST, last, 0)})&" 条，已审核 "'
            f'&COUNTA({sheet.range(FIRST, last, DECIDED)})&" / {here} 条"',
            f"筛选出 {here} 条，已审核 {decided} / {here} 条",
            "note right",
        )


def _problem(sheet: Sheet, row: int, county: County, order: int) -> None:
    problem: Problem = county.problems[order]
    severity = look.SEVERITIES[problem.severity]
    answer = county.answers.by_order.get(order)
    place = place_of(problem)
    texts = {
        RULE: problem.rule,
        TITLE: problem.name,
        "主管部门": problem.department,
        "项目单位": problem.unit,
        "项目名称": problem.project,
        FILE: problem.file,
        PLACE: place,
        MESSAGE: problem.message,
        "应为": problem.expected,
        "实为": problem.actual,
        DECISION: answer.decision if answer else "",
        REMARK: answer.remark if answer else "",
    }
    sheet.page.set_row(
        row, look.row_height((text, COLUMNS[column]) for column, text in texts.items())
    )
    sheet.number(row, 0, order + 1, "centred")
    sheet.text(row, SEVERITY, severity.word, "centred", severity)
    for column, title in enumerate(_TITLES):
        if title == PLACE:
            address = copy_link(problem.annotated, problem.sheet, problem.cell)
            sheet.link(row, column, address, place)
        elif title in texts:
            sheet.text(row, column, texts[title], _STYLES.get(title, "text"))
    number = county.department_numbers.get(problem.department, 0) if problem.file else 0
    sheet.number(row, DEPARTMENT, number, "helper count")

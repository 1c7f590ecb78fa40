"""问题清单: every finding, with a link to the very cell in the marked copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.summary.links import copy_link

if TYPE_CHECKING:
    from xlsx_eval.summary.county import County, Problem
    from xlsx_eval.summary.sheet import Sheet

NAME = "问题清单"
COLUMNS = {
    "序号": 7, "级别": 8, "规则": 20, "项目名称": 22, "文件": 26, "位置": 18, "问题与处理": 48,
    "应为": 14, "实为": 14, "审核决定": 11, "备注": 14,
}  # fmt: skip
NOTHING_FOUND = "没有发现问题。"

HEADER = 2
FIRST = 3
MOST_ROWS = 1_048_576 - FIRST
DECISION = list(COLUMNS).index("审核决定")


def write(sheet: Sheet, county: County) -> None:
    sheet.title(county.title(NAME), len(COLUMNS))
    sheet.wide_list(HEADER, COLUMNS)
    shown = county.problems[:MOST_ROWS]
    _note(sheet, len(county.problems), len(shown))
    if not shown:
        sheet.sentence(FIRST, len(COLUMNS), NOTHING_FOUND)
        return
    for row, problem in enumerate(shown, start=FIRST):
        _problem(sheet, row, problem)
    last = FIRST + len(shown) - 1
    sheet.choice(FIRST, last, DECISION)
    sheet.page.autofilter(HEADER, 0, last, len(COLUMNS) - 1)


def _note(sheet: Sheet, found: int, shown: int) -> None:
    note = f"共 {found:,} 条。点击“位置”打开带批注的工作簿，直接跳到该单元格。"
    if shown < found:
        note += f"受工作表行数限制，只列出前 {shown:,} 条，其余见 findings.csv。"
    sheet.text(1, 0, note, "note")


def _problem(sheet: Sheet, row: int, problem: Problem) -> None:
    severity = look.SEVERITIES[problem.severity]
    place = look.place(problem.sheet, problem.cell) if problem.file else ""
    texts = {
        "规则": f"{problem.rule} {problem.name}".rstrip(),
        "项目名称": problem.project,
        "文件": problem.file,
        "位置": place,
        "问题与处理": problem.message,
        "应为": problem.expected,
        "实为": problem.actual,
    }
    sheet.page.set_row(
        row, look.row_height((text, COLUMNS[column]) for column, text in texts.items())
    )
    sheet.number(row, 0, row - FIRST + 1, "centred")
    sheet.text(row, 1, severity.word, "centred", severity)
    for column, title in enumerate(COLUMNS):
        if title == "位置":
            sheet.link(
                row, column, copy_link(problem.annotated, problem.sheet, problem.cell), place
            )
        elif title in texts:
            sheet.text(row, column, texts[title])
    sheet.text(row, DECISION, "", "input")
    sheet.text(row, DECISION + 1, "", "input")

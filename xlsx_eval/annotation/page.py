"""The sheet 审核意见 as a plan: which text stands where and how it looks, whoever writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.annotation.review import Mark, Review, position

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME = "审核意见"
TITLE = "绩效自评审核意见"
NOTHING_FOUND = "本表未发现问题。"
NOT_FILLED = "（未填写）"

COLUMNS = {
    "序号": 6, "级别": 7, "规则": 16, "位置": 20, "问题": 38, "应为": 13, "实为": 13,
    "处理建议": 28, "单位说明": 22, "处理意见": 11,
}  # fmt: skip
PROBLEM = "问题"
REPLY = "单位说明"
DECISION = "处理意见"

_WHAT_NOW = {
    "退回修改": "请更正错误，确有原因的在“单位说明”栏写明，再重新报送。",
    "需核实": "请核实疑点，并在“单位说明”栏写明情况。",
    "通过": "没有错误和疑点。",
}
_HELP = (
    "点击“位置”跳到有关单元格，该单元格的批注写有同样的意见；底色红为错误，黄为疑点，蓝为提示。"
    "“单位说明”由项目单位填写，“处理意见”由审核人员选择。"
)
_RELATED = re.compile(r"(?:'((?:[^']|'')+)'|([^';!]+))!([A-Z]{1,3}\d+)")
_RELATED_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks; sizes in points, colours RRGGBB."""

    size: float = 10
    bold: bool = False
    ink: str = look.INK
    fill: str | None = None
    horizontal: str = "left"
    wrap: bool = True
    border: bool = True
    underline: bool = False


_PLAIN = Style(border=False)
_TITLE = Style(size=16, bold=True, horizontal="center", border=False)
_LABEL = Style(bold=True, fill=look.LABEL, horizontal="center")
_HELP_LINE = Style(size=9, ink=look.MUTED, border=False)
_HEADER = Style(bold=True, ink=look.HEADER_INK, fill=look.HEADER, horizontal="center")
_TEXT = Style()
_CENTRED = Style(horizontal="center")
_LINK = Style(ink=look.LINK, underline=True)
_INPUT = Style(fill=look.INPUT)
_CHOICE = Style(fill=look.INPUT, horizontal="center")


@dataclass(frozen=True, slots=True)
class Cell:
    """A text or number at row and column, over so many columns; `link` is an internal address."""

    row: int
    column: int
    value: str | int
    style: Style
    columns: int = 1
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The whole sheet; `header` is the table's header row, None where there is no table."""

    cells: tuple[Cell, ...]
    heights: dict[int, float]
    header: int | None
    last_row: int

    @property
    def widths(self) -> list[int]:
        return list(COLUMNS.values())

    def rows_of_findings(self) -> range:
        """Table's rows, without header and signature."""
        return range(self.header + 1, self.last_row - 1) if self.header else range(0)


def compose(review: Review, sheets: Sequence[str]) -> Page:
    """Sheet for a review of a workbook with these worksheets."""
    cells = [*_head(review)]
    heights = {1: 34.0, 2: 24.0, 3: 24.0, 4: 21.0}
    heights[2] = max(heights[2], look.row_height([(review.project, 55), (review.unit, 70)]))
    marks = review.ordered(sheets)
    if marks:
        header: int | None = 5
        heights[5] = 24.0
        cells += _help()
        cells += [Cell(5, column, title, _HEADER) for column, title in enumerate(COLUMNS, start=1)]
        for number, mark in enumerate(marks, start=1):
            row = list(_finding(5 + number, number, mark, sheets))
            cells += row
            heights[5 + number] = _height(row)
        last = 5 + len(marks) + 2
    else:
        header = None
        cells.append(Cell(5, 1, NOTHING_FOUND, replace(_PLAIN, size=12), columns=len(COLUMNS)))
        heights[5] = 36.0
        last = 7
    cells.append(_signature(last))
    heights[last] = 30.0
    return Page(tuple(cells), heights, header, last)


def _head(review: Review) -> Iterator[Cell]:
    verdict = look.VERDICTS.get(review.verdict, look.SEVERITIES["notice"])
    badge = Style(size=12, bold=True, ink=verdict.ink, fill=verdict.fill, horizontal="center")
    yield Cell(1, 1, TITLE, _TITLE, columns=len(COLUMNS))
    yield Cell(2, 1, "项目名称", _LABEL, columns=2)
    yield Cell(2, 3, review.project or NOT_FILLED, _TEXT, columns=3)
    yield Cell(2, 6, "项目单位", _LABEL)
    yield Cell(2, 7, review.unit or NOT_FILLED, _TEXT, columns=4)
    yield Cell(3, 1, "审核结论", _LABEL, columns=2)
    yield Cell(3, 3, review.verdict, badge)
    yield Cell(3, 4, _WHAT_NOW.get(review.verdict, ""), _TEXT, columns=2)
    yield Cell(3, 6, "问题数", _LABEL)
    yield Cell(3, 7, _counts(review), _TEXT, columns=4)


def _counts(review: Review) -> str:
    return "　　".join(
        f"{shown.word} {review.count(severity)} 项" for severity, shown in look.SEVERITIES.items()
    )


def _help() -> Iterator[Cell]:
    yield Cell(4, 1, _HELP, _HELP_LINE, columns=len(COLUMNS))


def _finding(row: int, number: int, mark: Mark, sheets: Sequence[str]) -> Iterator[Cell]:
    shown = look.SEVERITIES[mark.severity]
    severity = replace(_CENTRED, bold=True, ink=shown.ink, fill=shown.fill)
    link = _link(mark, sheets)
    values: tuple[tuple[str | int, Style], ...] = (
        (number, _CENTRED),
        (shown.word, severity),
        (f"{mark.rule} {mark.name}", _TEXT),
        (look.place(mark.sheet, mark.cell), _LINK if link else _TEXT),
        (_problem(mark), _TEXT),
        (mark.expected, _TEXT),
        (mark.actual, _TEXT),
        (mark.advice, _TEXT),
        (mark.reply, _INPUT),
        (mark.decision, _CHOICE),
    )
    for column, (value, style) in enumerate(values, start=1):
        yield Cell(row, column, value, style, link=link if column == 4 else None)


def _link(mark: Mark, sheets: Sequence[str]) -> str | None:
    if mark.sheet is None or mark.sheet not in sheets:
        return None
    cell = mark.cell if mark.cell and position(mark.cell) else "A1"
    return look.cell_reference(mark.sheet, cell)


def _problem(mark: Mark) -> str:
    """Problem; under it the cells compared with."""
    compared = [_beside(mark, *found) for found in _RELATED.findall(mark.related)]
    if not compared:
        return mark.problem
    more = f"等{len(compared)}处" if len(compared) > _RELATED_SHOWN else ""
    return f"{mark.problem}\n对照：{'、'.join(compared[:_RELATED_SHOWN])}{more}"


def _beside(mark: Mark, quoted: str, bare: str, cell: str) -> str:
    sheet = quoted.replace("''", "'") or bare
    return cell if sheet == mark.sheet else f"{sheet}!{cell}"


def _height(row: Sequence[Cell]) -> float:
    return look.row_height(zip((str(cell.value) for cell in row), COLUMNS.values(), strict=True))


def _signature(row: int) -> Cell:
    text = "审核人：________________　　　　日期：________________"
    return Cell(row, 1, text, replace(_PLAIN, horizontal="right"), columns=len(COLUMNS))

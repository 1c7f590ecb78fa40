"""The sheet 审核意见 as a plan: which text stands where and how it looks, whoever writes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.annotation.review import Answer, Mark, Review, position

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
    "点击“位置”跳到有关单元格，该单元格的批注写有同样的意见；底色红为错误，黄为疑点，蓝为提示，"
    "浅色的是对照的单元格。“单位说明”由项目单位填写，“处理意见”由审核人员选择。"
)
_EARLIER = "下列问题已不再提出，此前填写的内容保留在此："
_COMPARED = "对照："
_SIGNED = "原文件带有数字签名；加入审核意见后签名失效，以原文件为准。"
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
_GONE = Style(ink=look.MUTED)
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
    """The whole sheet; `header` is the table's header row, None where there is no table.

    `answers` are the rows in which people answer.
    """

    cells: tuple[Cell, ...]
    heights: dict[int, float]
    header: int | None
    answers: range

    @property
    def widths(self) -> list[int]:
        return list(COLUMNS.values())


def compose(review: Review, sheets: Sequence[str], *, signed: bool = False) -> Page:
    """Sheet for a review of a workbook with these worksheets, which may bear a signature."""
    heights = {1: 34.0, 2: 24.0, 3: 24.0, 4: 21.0}
    heights[2] = max(heights[2], look.row_height([(review.project, 55), (review.unit, 70)]))
    rows = [list(_head(review))]
    table = bool(review.marks or review.earlier)
    if table:
        rows.append([Cell(4, 1, _HELP, _HELP_LINE, columns=len(COLUMNS))])
        rows.append([Cell(5, at, title, _HEADER) for at, title in enumerate(COLUMNS, start=1)])
        heights[5] = 24.0
    else:
        rows.append([Cell(5, 1, NOTHING_FOUND, replace(_PLAIN, size=12), columns=len(COLUMNS))])
        heights[5] = 36.0
    at = 6
    for number, mark in enumerate(review.ordered(sheets), start=1):
        rows.append(list(_finding(at, number, mark, sheets)))
        heights[at] = _height(rows[-1])
        at += 1
    if review.earlier:
        rows.append([Cell(at, 1, _EARLIER, _HELP_LINE, columns=len(COLUMNS))])
        heights[at] = 21.0
        at += 1
        for answer in review.earlier:
            rows.append(list(_kept(at, answer)))
            heights[at] = _height(rows[-1])
            at += 1
    answers = range(6, at) if table else range(0)
    for note in filter(None, (review.note, _SIGNED if signed else "")):
        rows.append([Cell(at, 1, f"注：{note}", _HELP_LINE, columns=len(COLUMNS))])
        heights[at] = look.row_height([(note, sum(COLUMNS.values()) - 6)])
        at += 1
    rows.append([_signature(at + 1)])
    heights[at + 1] = 30.0
    return Page(tuple(chain(*rows)), heights, 5 if table else None, answers)


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


def _kept(row: int, answer: Answer) -> Iterator[Cell]:
    """An answer whose finding is no longer made."""
    place = look.place(answer.sheet or None, answer.cell or None)
    values: tuple[tuple[str, Style], ...] = (
        ("", _CENTRED), ("", _CENTRED), (answer.rule, _GONE), (place, _GONE),
        (answer.problem, _GONE), ("", _GONE), ("", _GONE), ("", _GONE),
        (answer.reply, _INPUT), (answer.decision, _CHOICE),
    )  # fmt: skip
    for column, (value, style) in enumerate(values, start=1):
        yield Cell(row, column, value, style)


def _problem(mark: Mark) -> str:
    """Problem; under it the cells compared with."""
    compared = [cell if sheet == mark.sheet else f"{sheet}!{cell}" for sheet, cell in mark.compared]
    if not compared:
        return mark.problem
    more = f"等{len(compared)}处" if len(compared) > _RELATED_SHOWN else ""
    return f"{mark.problem}\n{_COMPARED}{'、'.join(compared[:_RELATED_SHOWN])}{more}"


def stated(problem: str) -> str:
    """Problem as it was told, without the cells compared with."""
    return problem.partition(f"\n{_COMPARED}")[0].strip()


def _height(row: Sequence[Cell]) -> float:
    return look.row_height(zip((str(cell.value) for cell in row), COLUMNS.values(), strict=True))


def _signature(row: int) -> Cell:
    text = "审核人：________________　　　　日期：________________"
    return Cell(row, 1, text, replace(_PLAIN, horizontal="right"), columns=len(COLUMNS))

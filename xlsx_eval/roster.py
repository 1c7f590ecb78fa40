"""The roster (花名册): a workbook that lists the projects of which a report is due → a frame."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median

import pandas as pd

from xlsx_eval.errors import UnreadableWorkbook, UsageError
from xlsx_eval.frames import ROSTER, table
from xlsx_eval.reading import Limits
from xlsx_eval.reading.files import open_workbook
from xlsx_eval.reading.grid import Cell, Grid
from xlsx_eval.values.amounts import parse_amount
from xlsx_eval.values.text import compact, is_none_word

HEAD_ROWS = 40  # filled rows of a sheet among which its header is looked for
YUAN_FROM = 10_000  # 万元; where no unit is stated, a county's usual project is no 亿元

# by rank: the first wording that a sheet has is the column
WORDINGS = {
    "project": (
        "项目名称", "预算项目名称", "项目全称", "评价项目名称", "自评项目名称", "绩效项目名称",
        "二级项目名称", "具体项目名称", "项目", "预算项目", "评价项目", "自评项目", "二级项目",
        "具体项目", "项目名", "专项名称",
    ),
    "unit": (
        "项目单位", "项目实施单位", "实施单位", "项目单位名称", "预算单位", "预算单位名称",
        "基层预算单位", "二级预算单位", "单位名称", "单位", "填报单位", "报送单位", "申报单位",
        "用款单位", "资金使用单位", "使用单位", "项目承担单位", "承担单位", "执行单位", "建设单位",
        "责任单位", "项目责任单位",
    ),
    "department": (
        "主管部门", "项目主管部门", "主管部门名称", "业务主管部门", "主管预算部门", "归口部门",
        "归口管理部门", "主管单位", "一级预算单位", "部门名称", "预算部门", "部门", "责任部门",
    ),
    "budget": (
        "全年预算数", "调整后预算数", "调整预算数", "调整后预算", "全年预算", "预算数", "预算金额",
        "预算", "预算资金", "项目预算", "项目预算数", "项目预算金额", "预算安排", "预算安排数",
        "预算安排金额", "预算安排资金", "年度预算", "年度预算数", "年初预算数", "年初预算",
        "年初预算金额", "预算批复数", "预算批复金额", "批复金额", "批复预算", "批复预算数",
        "批复数", "批复资金", "计划安排资金", "计划安排", "计划资金", "计划数", "计划金额",
        "安排资金", "资金安排", "安排金额", "下达金额", "下达资金", "下达预算", "资金总额",
        "项目资金", "项目资金总额", "项目金额", "预算总额", "资金", "金额",
    ),
}  # fmt: skip
SUMS = ("合计", "小计", "总计", "总额", "金额")

_UNIT = re.compile(r"(?:单位|金额单位|计量单位)[:：]?(?:人民币)?(?P<unit>亿元|万元|元)")
_IN_HEADER = re.compile(
    r"[(（\[](?:单位[:：]?)?(?:人民币)?(?P<unit>亿元|万元|元)[)）\]]|(?P<bare>万元)$"
)
_BRACKETS = re.compile(r"[(（\[].*?[)）\]]")
_YEAR = re.compile(r"(20[0-9]{2})年?度?")
_NO_LETTERS = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]")
_TOTAL = re.compile(r".{0,20}(?:合计|总计|小计|共计)(?:数|金额|资金)?[:：]?")
_GROUP = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}(?:[)）]|[、.．])")
_NUMBERING = re.compile(rf"^(?:{_GROUP.pattern}|[(（]?[0-9]{{1,3}}(?:[)）、]|[.．](?![0-9])))\s*")
_NOTE = re.compile(r"(?:备?注|说明|填表说明|填报人|填表人|制表人?|审核人?|负责人|联系电话)[:：]")


@dataclass(frozen=True)
class _List:
    """A sheet's list: the column of each part, the row its data begin in, the amounts' unit."""

    grid: Grid
    columns: dict[str, int]
    first: int
    unit: str | None


def read_roster(path: Path, limits: Limits | None = None, year: int | None = None) -> pd.DataFrame:
    """A roster's file → a row a project, with the columns of `ROSTER`; budgets in 万元.

    The list may be on any sheet, below a title, in any format that submissions may have. Several
    sheets with the same columns are one roster, unless their names tell years apart. Amounts are
    in the unit that the header or the title states, else in 万元, or in 元 where most of them
    would be hundreds of millions. Raises UsageError where it can't be read or has no project
    column.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read the roster {path}: {error.strerror}") from error
    try:
        sheets = open_workbook(data, limits or Limits()).sheets
    except UnreadableWorkbook as error:
        raise UsageError(f"cannot read the roster {path}: {error}") from error
    lists = [found for grid in sheets if (found := _list_of(grid, year))]
    if not lists:
        raise UsageError(
            f"the roster {path} has no list of projects: no sheet has a column 项目名称 "
            f"in a header row within its first {HEAD_ROWS} filled rows"
        )
    records = [record for each in _chosen(lists, year) for record in _records(each)]
    if not records:
        raise UsageError(f"the roster {path} lists no project below its header")
    return table(records, ROSTER).drop_duplicates(
        ["unit", "project", "budget", "department"], ignore_index=True
    )


# --------------------------------------------------------------------------------------- header


def _list_of(grid: Grid, year: int | None) -> _List | None:
    """The list of a sheet, by the header row that has the most columns of a roster."""
    best: _List | None = None
    for row in list(grid.rows)[:HEAD_ROWS]:
        found = _header(grid, row, year)
        if found and (best is None or len(found.columns) > len(best.columns)):
            best = found
    return best


def _header(grid: Grid, row: int, year: int | None) -> _List | None:
    cells = [cell for cell in grid.rows[row] if not cell.blank]
    labels = {cell: _label(cell.text, year) for cell in cells}
    heads: dict[str, Cell] = {}
    for part, wordings in WORDINGS.items():
        ranked = [
            (wordings.index(label), cell.col, cell)
            for cell, label in labels.items()
            if label in wordings
        ]
        if ranked:
            heads[part] = min(ranked, key=lambda each: each[:2])[2]
    if "project" not in heads or (len(heads) == 1 and labels[heads["project"]] == "项目"):
        return None
    columns = {part: cell.col for part, cell in heads.items()}
    if "budget" in heads:
        columns["budget"] = _amount_column(grid, heads["budget"])
    first = 1 + max(cell.span.bottom for cell in heads.values())
    return _List(grid, columns, first, _unit_of(grid, row, heads.get("budget"), columns))


def _label(text: str, year: int | None) -> str:
    """A header's words: no unit in brackets, no signs; of another year's amounts nothing."""
    plain = _BRACKETS.sub("", compact(text))
    plain = _NO_LETTERS.sub("", plain.removesuffix("万元"))
    stated = _YEAR.match(plain)
    if stated and year and int(stated[1]) != year:
        return ""
    return plain[stated.end() :] if stated else plain


def _amount_column(grid: Grid, head: Cell) -> int:
    """The column of the amounts: below a heading over several columns, that of their sum."""
    for col in range(head.span.left, head.span.right + 1):
        below = grid.at(head.span.bottom + 1, col)
        if head.span.right > head.span.left and _label(below.text, None) in SUMS:
            return below.col
    return head.col


def _unit_of(grid: Grid, row: int, head: Cell | None, columns: dict[str, int]) -> str | None:
    """The unit that the amounts' heading states, else the title above."""
    if head is None:
        return None
    below = grid.at(head.span.bottom + 1, columns["budget"])
    for text in (head.text, below.text if isinstance(below.raw, str) else ""):
        if stated := _IN_HEADER.search(compact(text)):
            return stated["unit"] or stated["bare"]
    for cell in grid.between(0, row):
        if stated := _UNIT.search(compact(cell.text)):
            return stated["unit"]
    return None


def _chosen(lists: list[_List], year: int | None) -> list[_List]:
    """The lists that make up the roster: of the year, shown, with as many columns as the best."""
    years = {each.grid.name: _YEAR.search(each.grid.name) for each in lists}
    if len({match[1] for match in years.values() if match}) > 1:
        dated = [each for each in lists if (match := years[each.grid.name])
                 and (year is None or int(match[1]) == year)]  # fmt: skip
        lists = (dated or lists)[: None if year and dated else 1]
    shown = [each for each in lists if not each.grid.hidden] or lists
    most = max(len(each.columns) for each in shown)
    return [each for each in shown if len(each.columns) == most]


# ----------------------------------------------------------------------------------------- rows


def _records(listed: _List) -> list[dict[str, object]]:
    rows = list(_projects(listed))
    unit = listed.unit or _likely_unit(listed, [row for row, _ in rows])
    return [texts | {"row": row + 1, "budget": _budget(listed, row, unit)} for row, texts in rows]


def _projects(listed: _List) -> Iterator[tuple[int, dict[str, object]]]:
    """The rows that name a project; a unit or department written once holds for those below.

    一、教育局 in the column of projects heads a group, unless all rows are numbered like that.
    """
    rows = [(row, texts) for row, texts in _filled(listed) if texts["project"]]
    heads = {row for row, texts in rows if _heads_a_group(listed, row, texts)}
    group = None
    for row, texts in rows:
        project = str(texts["project"])
        if row in heads and len(heads) < len(rows):
            group = _NUMBERING.sub("", project)
            continue
        yield (
            row,
            {
                "project": _NUMBERING.sub("", project),
                "unit": texts["unit"] or texts["department"] or group,
                "department": texts["department"],
            },
        )


def _filled(listed: _List) -> Iterator[tuple[int, dict[str, str | None]]]:
    """The rows below the header but for totals and headers again, units filled down."""
    unit = department = None
    for row, cells in listed.grid.rows.items():
        if row < listed.first or _is_total(cells[0].text) or _goes_on(listed, row):
            continue
        project, own_unit, own_department = (
            _text(listed, row, part) for part in ("project", "unit", "department")
        )
        if any(map(_is_total, (project, own_unit, own_department))):
            continue
        if project and _label(project, None) in WORDINGS["project"]:
            continue
        if own_department and own_department != department:
            department, unit = own_department, None
        unit = own_unit or unit
        yield row, {"project": project, "unit": unit, "department": department}


def _is_total(text: str | None) -> bool:
    return bool(text and _TOTAL.fullmatch(compact(text)))


def _goes_on(listed: _List, row: int) -> bool:
    """Whether project and budget are merged with the row above: one project over several rows."""
    columns = (listed.columns.get(part) for part in ("project", "budget"))
    return all(listed.grid.span_at(row, col).top < row for col in columns if col is not None)


def _heads_a_group(listed: _List, row: int, texts: dict[str, str | None]) -> bool:
    first = listed.grid.rows[row][0]
    counted = first.col < listed.columns["project"] and compact(first.text).isdigit()
    return bool(_GROUP.match(texts["project"] or "")) and not texts["unit"] and not counted


def _text(listed: _List, row: int, part: str) -> str | None:
    """The text of a row in a part's column; of a note across the columns nothing."""
    col = listed.columns.get(part)
    if col is None:
        return None
    cell = listed.grid.at(row, col)
    others = [each for each in listed.columns.values() if each != col]
    across = any(cell.span.left <= each <= cell.span.right for each in others)
    text = " ".join(cell.text.split())
    if across or not text or is_none_word(text) or _NOTE.match(compact(text)):
        return None
    return text


def _budget(listed: _List, row: int, unit: str) -> Decimal | None:
    """The amount in 万元; one that is merged over several projects is none's own."""
    col = listed.columns.get("budget")
    if col is None:
        return None
    cell, project = (listed.grid.at(row, each) for each in (col, listed.columns["project"]))
    if cell.span.top < project.span.top or cell.span.bottom > project.span.bottom:
        return None
    raw = cell.text if "元" in cell.text else cell.raw
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    amount = parse_amount(raw, unit)
    return amount.value if amount else None


def _likely_unit(listed: _List, rows: list[int]) -> str:
    amounts = [amount for row in rows if (amount := _budget(listed, row, "万元"))]
    return "元" if amounts and median(amounts) >= YUAN_FROM else "万元"

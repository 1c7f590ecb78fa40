"""The lists of a template: the header row of known titles, and the rows below it for projects."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from openpyxl.worksheet.cell_range import CellRange

from xlsx_eval.filling.cells import Rows, is_blank, is_formula, merges_of, rows_of, text_of
from xlsx_eval.filling.words import column_key, says_percent, stated_unit, unit_in_title

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.table import Table
    from openpyxl.worksheet.worksheet import Worksheet

    Merges = Mapping[tuple[int, int], CellRange]

_TOTAL = re.compile(r"^[\s全本县总]*(?:合\s*计|总\s*计|小\s*计|共\s*计|平\s*均)")
_REMARK = re.compile(
    r"^(?:备?注|说明|填表|填报|制表|汇总|审核|复核|负责|单位|分管|经办|联系|日期|审批|盖章)[^:：]{0,12}[:：]"
)


_SUBTITLE = re.compile(
    r"(?:合计|小计|总计|总额|金额|资金总额|其中|中央|省|市|县|财政|自筹|其他|上年|单位)"
)
_SUM = re.compile(r"(?:合计|小计|总计|总额|金额|资金总额)")
_MISSING = re.compile("未报|未交|缺报")
_ROSTER = re.compile("花名册|名册|名录")
_MISSING_HAS = {"name", "number", "unit", "department", "planned", "remark"}
_NO_FACT = {"name", "number", "file", "remark"}

Kind = Literal["projects", "missing"]


@dataclass(frozen=True)
class Title:
    """A header's cell: the key of its column, how usual its wording is, its unit of money, or %."""

    column: int
    key: str
    rank: int
    unit: str | None
    percent: bool


@dataclass(frozen=True)
class ProjectList:
    """Where projects go on a sheet: `first` is the row below the header, then `spare` rows."""

    sheet: str
    titles: tuple[Title, ...]
    first: int
    spare: int
    unit: str
    """The unit of money where a column's title states none."""
    kind: Kind = "projects"
    """`missing`: its sheet's name or heading says that it lists who has not reported."""

    def holds(self, cell: Cell, records: Mapping[Kind, Sequence[object]]) -> bool:
        """Whether a cell is one of a project, once the records are written."""
        rows = max(self.spare, len(records.get(self.kind, ())))
        return (
            cell.parent.title == self.sheet
            and self.first <= cell.row < self.first + rows
            and cell.column in {title.column for title in self.titles}
        )


def list_of(sheet: Worksheet) -> ProjectList | None:
    """The list of a sheet: an Excel table with known headers, else the best header row.

    None where there is none, and on a sheet that holds the roster.
    """
    if _ROSTER.search(sheet.title):
        return None
    rows = rows_of(sheet)
    merges = merges_of(sheet)
    titles = _titles_by_row(rows, merges)
    for table in sheet.tables.values():
        if found := _of_table(sheet.title, table, rows, titles):
            return found
    headers = [_header(rows, merges, row, titles) for row, each in titles.items() if "name" in each]
    headers = [header for header in headers if _is_header(header[1])]
    if not headers:
        return None
    last, shown = max(headers, key=lambda header: (len(header[1]), -header[0]))
    kind = _kind(sheet.title, rows, last, shown)
    shown = _fit_for(kind, shown)
    columns = [each.column for each in shown.values()]
    name = shown["name"].column
    first = last + 1 + _totals_on_top(rows, last + 1, name, columns)
    spare = _spare(rows, merges, first, name, columns)
    return ProjectList(sheet.title, _in_order(shown), first, spare, _unit(rows, last), kind)


def _fit_for(kind: Kind, titles: Mapping[str, Title]) -> Mapping[str, Title]:
    """The titles without 备注, which of a project that has reported is the bureau's own."""
    return {key: each for key, each in titles.items() if key != "remark" or kind == "missing"}


def _titles_by_row(rows: Rows, merges: Merges) -> dict[int, dict[str, Title]]:
    """Known titles by key, by the lowest row that their cells reach down to."""
    titles: dict[int, dict[str, Title]] = defaultdict(dict)
    for row, cells in rows.items():
        for column, cell in cells.items():
            text = text_of(cell)
            known = column_key(text) if text else None
            if known is None:
                continue
            key, rank = known
            bottom, own = _own_column(rows, merges.get((row, column)), row, column)
            here = titles[bottom]
            if own and (key not in here or rank < here[key].rank):
                here[key] = Title(own, key, rank, unit_in_title(text), says_percent(text))
    return titles


def _own_column(
    rows: Rows, merged: CellRange | None, row: int, column: int
) -> tuple[int, int | None]:
    """The lowest row and the column of a title; of a group of columns, that of their sum."""
    if merged is None:
        return row, column
    inside = _below(rows, merged)
    if merged.min_col == merged.max_col or not any(map(_SUBTITLE.match, inside.values())):
        return merged.max_row, column
    return merged.max_row + 1, next((each for each in inside if _SUM.match(inside[each])), None)


def _below(rows: Rows, merged: CellRange) -> dict[int, str]:
    """The texts right below a merged title, by column."""
    return {
        column: text
        for column, cell in rows.get(merged.max_row + 1, {}).items()
        if merged.min_col <= column <= merged.max_col and (text := text_of(cell))
    }


def _header(
    rows: Rows, merges: Merges, row: int, titles: Mapping[int, Mapping[str, Title]]
) -> tuple[int, Mapping[str, Title]]:
    """The last row and the titles of a header whose names stand in `row`.

    The row below still belongs to it where it has titles for a group of columns.
    """
    below = rows.get(row + 1, {})
    grouped = is_blank(below.get(titles[row]["name"].column)) and any(
        top == row == each.max_row and each.min_col < each.max_col and _below(rows, each)
        for (top, _), each in merges.items()
    )
    return (row + 1, {**titles.get(row + 1, {}), **titles[row]}) if grouped else (row, titles[row])


def _kind(sheet: str, rows: Rows, header: int, titles: Mapping[str, Title]) -> Kind:
    """What a list holds, by its sheet's name and what stands above its header."""
    texts = [sheet]
    texts += [text_of(cell) for row in rows if row < header for cell in rows[row].values()]
    told = any(_MISSING.search(text[:60]) for text in texts)
    return "missing" if told and titles.keys() <= _MISSING_HAS else "projects"


def _is_header(titles: Mapping[str, Title]) -> bool:
    """A column of names, and enough beside it to be no label of a single project."""
    if "name" not in titles or not titles.keys() - _NO_FACT:
        return False
    columns = sorted(each.column for each in titles.values())
    return len(columns) > 2 or (len(columns) == 2 and columns[1] - columns[0] == 1)


def _of_table(
    sheet: str, table: Table, rows: Rows, titles: Mapping[int, Mapping[str, Title]]
) -> ProjectList | None:
    left, header, right, bottom = CellRange(table.ref).bounds
    if table.headerRowCount == 0:
        return None
    inside = {
        key: each for key, each in titles.get(header, {}).items() if left <= each.column <= right
    }
    if "name" not in inside or len(inside) < 2:
        return None
    spare = bottom - header - (table.totalsRowCount or 0)
    unit, kind = _unit(rows, header), _kind(sheet, rows, header, inside)
    return ProjectList(sheet, _in_order(_fit_for(kind, inside)), header + 1, spare, unit, kind)


def _in_order(titles: Mapping[str, Title]) -> tuple[Title, ...]:
    return tuple(sorted(titles.values(), key=lambda each: each.column))


def _unit(rows: Rows, header: int) -> str:
    """The unit of money stated last above the header's end; 万元 where none is."""
    stated = [
        unit
        for row, cells in rows.items()
        if row <= header
        for cell in cells.values()
        if (unit := stated_unit(text_of(cell)))
    ]
    return stated[-1] if stated else "万元"


def _totals_on_top(rows: Rows, first: int, name: int, columns: list[int]) -> bool:
    """Whether the row below the header is the total of the rows that follow."""
    top, next_one = rows.get(first, {}), rows.get(first + 1, {})
    return (
        any(_TOTAL.match(text_of(cell)) for cell in top.values())
        and _framed(next_one, columns)
        and _takes_project(next_one, name, columns)
    )


def _spare(rows: Rows, merges: Merges, first: int, name: int, columns: list[int]) -> int:
    """Rows below the header that stand there for projects: blank ones, and examples."""
    framed = _framed(rows.get(first, {}), columns)
    across = {row for (row, _), each in merges.items() if _covers(each, columns)}
    row = first
    while row not in across and _takes_project(rows.get(row, {}), name, columns):
        cells = rows.get(row, {})
        filled = any(not is_blank(cells.get(column)) for column in columns)
        # blank rows go on as long as they look like the first one
        if row > first and not filled and not (framed and _framed(cells, columns)):
            break
        row += 1
    return row - first


def _takes_project(cells: Mapping[int, Cell], name: int, columns: list[int]) -> bool:
    texts = [text for text in map(text_of, cells.values()) if text]
    if any(_TOTAL.match(text) or _REMARK.match(text) for text in texts):
        return False
    if not is_blank(cells.get(name)):
        return True
    others = [cells.get(column) for column in columns]
    return all(is_blank(cell) or is_formula(cell) or not text_of(cell) for cell in others)


def _covers(merged: CellRange, columns: list[int]) -> bool:
    return sum(merged.min_col <= column <= merged.max_col for column in columns) > 1


def _framed(cells: Mapping[int, Cell], columns: list[int]) -> bool:
    sides = [cells[column].border for column in columns if column in cells]
    return any(
        side is not None and side.style
        for border in sides
        for side in (border.left, border.right, border.top, border.bottom)
    )

"""The lists of a template: the header row of known titles, and the rows below it for projects."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.worksheet.cell_range import CellRange

from xlsx_eval.filling.cells import Rows, is_blank, is_formula, merges_of, rows_of, text_of
from xlsx_eval.filling.words import column_key, stated_unit, unit_in_title

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.table import Table
    from openpyxl.worksheet.worksheet import Worksheet

    Merges = Mapping[tuple[int, int], CellRange]

_TOTAL = re.compile(r"^[\s全本县总]*(?:合\s*计|总\s*计|小\s*计|共\s*计|平\s*均)")
_REMARK = re.compile(
    r"^(?:备?注|说明|填表|填报|制表|汇总|审核|复核|负责|单位|分管|经办|联系|日期|审批|盖章)[^:：]{0,12}[:：]"
)


@dataclass(frozen=True)
class Title:
    """A header's cell: the key of its column, how usual its wording is, and its unit of money."""

    column: int
    key: str
    rank: int
    unit: str | None


@dataclass(frozen=True)
class ProjectList:
    """Where projects go on a sheet: `first` is the row below the header, then `spare` rows."""

    sheet: str
    titles: tuple[Title, ...]
    first: int
    spare: int
    unit: str
    """The unit of money where a column's title states none."""


def list_of(sheet: Worksheet) -> ProjectList | None:
    """The list of a sheet: an Excel table with known headers, else the best header row."""
    rows = rows_of(sheet)
    merges = merges_of(sheet)
    titles = _titles_by_row(rows, merges)
    for table in sheet.tables.values():
        if found := _of_table(sheet.title, table, rows, titles):
            return found
    candidates = [row for row, each in titles.items() if _is_header(each)]
    if not candidates:
        return None
    header = max(candidates, key=lambda row: (len(titles[row]), -row))
    shown = titles[header]
    below = titles.get(header + 1, {})
    if len(below.keys() - shown.keys()) > 1 and "name" not in below:  # a header of two rows
        shown, header = below | shown, header + 1
    columns = [each.column for each in shown.values()]
    first = header + 1
    spare = _spare(rows, merges, first, shown["name"].column, columns)
    return ProjectList(sheet.title, _in_order(shown), first, spare, _unit(rows, header))


def _titles_by_row(rows: Rows, merges: Merges) -> dict[int, dict[str, Title]]:
    """Known titles by key, by the lowest row that their cells reach down to."""
    titles: dict[int, dict[str, Title]] = defaultdict(dict)
    for row, cells in rows.items():
        for column, cell in cells.items():
            text = text_of(cell)
            known = column_key(text) if text else None
            if known is None:
                continue
            merged = merges.get((row, column))
            here = titles[merged.max_row if merged else row]
            key, rank = known
            if key not in here or rank < here[key].rank:
                here[key] = Title(column, key, rank, unit_in_title(text))
    return titles


def _is_header(titles: Mapping[str, Title]) -> bool:
    """A column of names, and enough beside it to be no label of a single project."""
    if "name" not in titles:
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
    return ProjectList(sheet, _in_order(inside), header + 1, spare, _unit(rows, header))


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

"""A table: a header row, rows to fill in, printed groups in its first columns, a total."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import dropwhile
from types import MappingProxyType
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

from xlsx_eval.template.entry import Entry
from xlsx_eval.template.filled import TOTAL, Filled, Row
from xlsx_eval.template.rounding import rounded
from xlsx_eval.template.sheet import Area, Sheet
from xlsx_eval.template.style import (
    CENTRED,
    HEADER,
    LABEL,
    PLACES,
    computed_amount,
    computed_points,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsx_eval.forms.model import Column, TableBlock, Total
    from xlsx_eval.template.grid import Span

TITLE_WIDTH = 10.0
# The two printed columns of a grouped table: 一级指标, 二级指标.
GROUP_COLUMNS = 2
# A table of one row asks for a text: give it the room of some lines.
SINGLE_ROW = 100.0
# Texts in columns up to this width are short values, which look better centred.
NARROW = 24


@dataclass(frozen=True, slots=True)
class _Place:
    """A table on its sheet: where it begins and the columns it covers."""

    block: TableBlock
    columns: Mapping[str, Span]
    header: int

    @property
    def first_row(self) -> int:
        return self.header + 1

    def cell(self, row: int, column: Column) -> Area:
        span = self.columns[column.key]
        return Area(row, span.first, row, span.last)


def table_widths(block: TableBlock) -> tuple[float, ...]:
    title = (TITLE_WIDTH,) if block.title else ()
    return (*title, *(float(column.width) for column in block.columns))


def write_table(
    sheet: Sheet,
    block: TableBlock,
    spans: Sequence[Span],
    filled: Filled,
    *,
    left: int | None = None,
    counted: Mapping[str, Area] = MappingProxyType({}),
) -> None:
    """Draw the table at the sheet's row. A longer list of values than `rows` gets its rows.

    The total begins at the sheet's column `left`, else with the table. counted: column key → a
    cell elsewhere that its total adds.
    """
    title = spans[0] if block.title else None
    columns = spans[1:] if block.title else spans
    keys = (column.key for column in block.columns)
    place = _Place(block, dict(zip(keys, columns, strict=True)), sheet.row)
    for column in block.columns:
        sheet.label(place.cell(place.header, column), column.label, HEADER)
    rows = _grouped_rows(place, sheet, filled) if block.groups else _plain_rows(block, filled)
    entered = block.columns[GROUP_COLUMNS:] if block.groups else block.columns
    sheet.row = place.first_row
    for values in rows:
        _item(sheet, place, entered, values)
    _name_and_guard(sheet, place, entered)
    if title:
        area = Area(place.header, title.first, sheet.row - 1, title.last)
        sheet.label(area, block.title, HEADER)
    if block.total:
        start = spans[0].first if left is None else left
        _total_label(sheet, place, block.total, start)
        for column in _after_label(block):
            _total(sheet, place, column, _counted_values(column, rows, counted, filled), counted)
        sheet.row += 1


def _plain_rows(block: TableBlock, filled: Filled) -> list[Row]:
    values = filled.tables.get(block.key, ())
    blank: list[Row] = [{}] * max(0, block.rows - len(values))
    return [*values, *blank]


def _grouped_rows(place: _Place, sheet: Sheet, filled: Filled) -> list[Row]:
    """Return the rows of all groups in their printed order, having written the groups' cells."""
    level1, level2 = place.block.columns[:GROUP_COLUMNS]
    rows: list[Row] = []
    for group in place.block.groups:
        group_start = place.first_row + len(rows)
        for title in group.rows:
            start = place.first_row + len(rows)
            values = [
                row
                for row in filled.tables.get(place.block.key, ())
                if (row[level1.key], row[level2.key]) == (group.title, title)
            ]
            blank: list[Row] = [{}] * max(0, place.block.rows - len(values))
            rows += [*values, *blank]
            end = place.first_row + len(rows) - 1
            span = place.columns[level2.key]
            sheet.write(Area(start, span.first, end, span.last), title, LABEL)
        span = place.columns[level1.key]
        end = place.first_row + len(rows) - 1
        sheet.write(Area(group_start, span.first, end, span.last), group.title, LABEL)
    return rows


def _item(sheet: Sheet, place: _Place, columns: Sequence[Column], values: Row) -> None:
    row = sheet.row
    if place.block.rows == 1 and not place.block.groups:
        sheet.at_least(row, SINGLE_ROW)
    elif place.block.groups:
        sheet.automatic(row)
    else:
        sheet.deletable(row)
        if all(place.cell(row, column).is_single for column in columns):
            sheet.automatic(row)
    for column in columns:
        style = CENTRED if column.kind == "text" and column.width <= NARROW else {}
        entry = Entry(column.kind, column.label, value=values.get(column.key))
        sheet.enter(place.cell(row, column), entry, style, guarded=False)
    sheet.row += 1


def _name_and_guard(sheet: Sheet, place: _Place, columns: Sequence[Column]) -> None:
    """One name and one validation for each column, over all its rows."""
    for column in columns:
        span = place.columns[column.key]
        area = Area(place.first_row, span.first, sheet.row - 1, span.first)
        # Red-letter vouchers are negative: an amount of a table warns, but can be kept.
        entry = Entry(column.kind, column.label, column.prompt, lenient=column.kind == "amount")
        sheet.guard(area, entry)
        sheet.define(f"{place.block.key}_{column.key}", area)


def _is_summed(column: Column) -> bool:
    return column.kind == "amount" or column.total_field is not None


def _after_label(block: TableBlock) -> Sequence[Column]:
    """Return the columns from the first with a sum on; the total's label covers those before."""
    return tuple(dropwhile(lambda column: not _is_summed(column), block.columns))


def _total_label(sheet: Sheet, place: _Place, total: Total, left: int) -> None:
    after = _after_label(place.block)
    columns = place.columns
    end = columns[after[0].key].first - 1 if after else max(span.last for span in columns.values())
    sheet.label(Area(sheet.row, left, sheet.row, end), total.label, HEADER)


def _total(
    sheet: Sheet,
    place: _Place,
    column: Column,
    values: Sequence[Decimal],
    counted: Mapping[str, Area],
) -> None:
    area = place.cell(sheet.row, column)
    if not _is_summed(column):
        sheet.write(area, None, LABEL)
        return
    name = column.total_field or f"{place.block.key}_{TOTAL}"
    cached = rounded(sum(values, Decimal(0)), PLACES) if values else None
    style = computed_amount() if column.kind == "amount" else computed_points()
    formula = _sum_above(area, place.header, counted.get(column.key))
    sheet.compute(area, formula, cached, name, style)


def _counted_values(
    column: Column, rows: Sequence[Row], counted: Mapping[str, Area], filled: Filled
) -> list[Decimal]:
    """Return what SUM adds up: numbers, no text."""
    values = [row.get(column.key) for row in rows]
    if column.key in counted:
        values.append(filled.execution.get((TOTAL, column.key)))
    return [Decimal(str(value)) for value in values if isinstance(value, Decimal | int | float)]


def _sum_above(area: Area, header: int, counted: Area | None) -> str:
    """Sum from the header down to the row above, so that a row inserted last counts too."""
    column = xl_col_to_name(area.column, col_abs=True)
    top = area._replace(row=header, last_row=header).cell
    items = f"{top}:INDEX({column}:{column},ROW()-1)"
    if counted:
        items += f",{counted.cell}"
    return f'=IF(COUNT({items})=0,"",ROUND(SUM({items}),{PLACES}))'

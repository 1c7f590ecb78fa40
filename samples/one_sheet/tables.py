"""Tables: a header, rows, printed groups in the first columns, a total; also in continuation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from one_sheet.desk import Desk, spans
from one_sheet.paper import CENTRED, LABEL, LEFT, Area, Content, Formula, Place
from xlsx_eval.forms.model import Column, TableBlock
from xlsx_eval.template.filled import Row, Value

TITLE_WEIGHT = 10.0
# The printed columns of a grouped table: 一级指标, 二级指标.
GROUP_COLUMNS = 2
# Texts in columns up to this width are short values, which look better centred.
NARROW = 24
HEADER = {**LABEL, "bold": True}
LEFT_BY_NATURE = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table to come: `number` is its row among the facts, None where it is blank."""

    values: Row
    number: int | None = None
    levels: tuple[str, ...] = ()


@dataclass
class Table:
    """A table being written; `lines` are the rows of the sheet that hold its lines."""

    desk: Desk
    block: TableBlock
    columns: Mapping[str, tuple[int, int]]
    lines: list[tuple[int, Line]] = field(default_factory=list)
    segment: int = 0
    segments: list[int] = field(default_factory=list)

    @property
    def entered(self) -> tuple[Column, ...]:
        return self.block.columns[GROUP_COLUMNS:] if self.block.groups else self.block.columns

    def area(self, column: Column, row: int | None = None, last_row: int | None = None) -> Area:
        row = self.desk.sheet.row if row is None else row
        first, last = self.columns[column.key]
        return Area(row, first, row if last_row is None else last_row, last)


def write_table(desk: Desk, block: TableBlock) -> None:
    """Draw the table at the sheet's row."""
    weights = [float(column.width) for column in block.columns]
    places = spans([*([TITLE_WEIGHT] if block.title else []), *weights], desk.sheet.columns)
    titled = places[0] if block.title else None
    keys = [column.key for column in block.columns]
    table = Table(desk, block, dict(zip(keys, places[len(places) - len(keys) :], strict=True)))
    start = desk.sheet.row
    _header(table)
    for count, line in enumerate(_lines(desk, block)):
        _interrupt(table, count)
        _line(table, line)
    _levels(table)
    if titled:
        area = Area(start, titled[0], desk.sheet.row - 1, titled[1])
        desk.label(area, desk.labels.plain(block.key), HEADER)
    if block.total:
        _total(table)


def _lines(desk: Desk, block: TableBlock) -> Iterator[Line]:
    rows = [Line(values, number) for number, values in enumerate(_rows(desk, block))]
    if not block.groups:
        yield from rows
        return
    level1, level2 = (column.key for column in block.columns[:GROUP_COLUMNS])
    for group in block.groups:
        for title in group.rows:
            own = [each for each in rows if _in(each.values, {level1: group.title, level2: title})]
            shown = (desk.labels.label(f"{block.key}.{group.title}"), title)
            for line in own or [Line({})]:
                yield Line(line.values, line.number, shown)


def _rows(desk: Desk, block: TableBlock) -> Sequence[Row]:
    return desk.facts.filled.tables.get(block.key, ())


def _in(values: Row, levels: Mapping[str, str]) -> bool:
    return all(values.get(key) == title for key, title in levels.items())


def _interrupt(table: Table, count: int) -> None:
    """Before a line: a blank row, or the header again as on a new page."""
    layout = table.desk.layout
    if count and layout.blank_row_every and count % layout.blank_row_every == 0:
        for column in table.entered:
            table.desk.label(table.area(column), "")
        table.desk.sheet.row += 1
    if count and layout.repeat_header_after and count % layout.repeat_header_after == 0:
        table.segment += 1
        _header(table)


def _header(table: Table) -> None:
    desk = table.desk
    for column in table.block.columns:
        label = desk.labels.label(f"{table.block.key}.{column.key}")
        if column.kind == "amount" and desk.layout.unit_in_label:
            label += desk.labels.typeset(f"\n（{desk.unit}）")
        desk.label(table.area(column), label, HEADER)
    desk.sheet.row += 1


def _line(table: Table, line: Line) -> None:
    desk = table.desk
    for column in table.entered:
        content = _content(desk, column, line.values.get(column.key))
        style = LEFT if column.width >= LEFT_BY_NATURE else CENTRED
        if line.number is None:
            desk.label(table.area(column), "")
        else:
            key = f"{table.block.key}.{line.number}.{column.key}"
            desk.value(key, table.area(column), content, style)
    table.lines.append((desk.sheet.row, line))
    table.segments.append(table.segment)
    desk.sheet.row += 1


def _content(desk: Desk, column: Column, value: Value | None) -> Content:
    if column.kind == "amount":
        return desk.amount(value)
    return desk.dated(value) if column.kind == "date" else value


# -------------------------------------------------------------------------------------- levels


def _levels(table: Table) -> None:
    """Write the printed first columns beside the lines, in runs of the same title."""
    if not table.block.groups:
        return
    located = [
        (segment, row, line)
        for segment, (row, line) in zip(table.segments, table.lines, strict=True)
    ]
    for depth, column in enumerate(table.block.columns[:GROUP_COLUMNS]):
        runs = groupby(located, key=lambda each: (each[0], each[2].levels[: depth + 1]))
        for (_, titles), run in runs:
            _level(table, column, titles[depth], [(row, line) for _, row, line in run])


def _level(table: Table, column: Column, title: str, run: Sequence[tuple[int, Line]]) -> None:
    style = table.desk.layout.levels
    first, last = run[0][0], run[-1][0]
    if style == "merged":
        place = table.desk.sheet.draw(table.area(column, first, last), title, LABEL)
        shown = dict.fromkeys((row for row, _ in run), place)
    else:
        shown = _one_by_one(table, column, title, range(first, last + 1), repeated=style != "blank")
    for row, line in run:
        if line.number is not None:
            table.desk.places[f"{table.block.key}.{line.number}.{column.key}"] = shown[row]


def _one_by_one(
    table: Table, column: Column, title: str, rows: range, *, repeated: bool
) -> dict[int, Place]:
    """Write the title into the first of the rows or into all; row → the cell that says it."""
    drawn = {
        row: table.desk.sheet.draw(
            table.area(column, row), title if repeated or row == rows[0] else "", LABEL
        )
        for row in rows
    }
    return drawn if repeated else dict.fromkeys(rows, drawn[rows[0]])


# --------------------------------------------------------------------------------------- total


def _total(table: Table) -> None:
    desk, key = table.desk, f"{table.block.key}.total"
    first, *others = table.block.columns
    desk.places[f"{key}.{first.key}"] = desk.label(table.area(first), desk.labels.label(key))
    for column in others:
        content = _sum(table, column) if column.kind == "amount" else None
        desk.value(f"{key}.{column.key}", table.area(column), content)
    desk.sheet.row += 1


def _sum(table: Table, column: Column) -> Content:
    stated = table.desk.facts.totals.get(table.block.key)
    if stated is not None:
        return table.desk.amount(stated)
    amounts = [line.values.get(column.key) for _, line in table.lines]
    numbers = [each for each in amounts if isinstance(each, Decimal)]
    if not numbers:
        return None
    if table.desk.layout.formulas and table.desk.layout.amounts == "number":
        top = table.desk.sheet.cell(table.lines[0][0], table.columns[column.key][0])
        bottom = table.desk.sheet.cell(table.desk.sheet.row - 1, table.columns[column.key][0])
        return Formula(f"=SUM({top}:{bottom})", sum(map(float, numbers)))
    return table.desk.amount(sum(numbers, Decimal(0)))

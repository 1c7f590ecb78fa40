"""The form's tables row by row: expenditures with their total, goals, indicators, evaluators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from xlsx_eval.forms.model import Form, TableBlock
from xlsx_eval.reading.cells import NOWHERE, Slot, Value, as_text, can_be
from xlsx_eval.reading.grid import address
from xlsx_eval.reading.labels import label_key
from xlsx_eval.reading.tables import (
    Row,
    Table,
    is_word,
    parsed,
    row_at,
    side_by_side,
    table_rows,
    unit_of,
)
from xlsx_eval.values.quantities import Quantity, compose_quantity, parse_quantity
from xlsx_eval.values.text import compact

Record = dict[str, Any]

_SIGNED = re.compile(
    "(?:制表|填表|填报|编制|审核|复核|经办|财务负责|单位负责)人?员?(?:[(（]签[字章][)）])?(?:[:：]|$)"
)

_PLACEHOLDER = re.compile(r"指标\d*[:.、]?|[.…·]+")
_REMARK = re.compile(r"^(?:注|备注|说明|填表说明|填报说明)(?:\d*[:.、]|\()")
FIRST_COLUMNS = ("item", "level1", "level2", "content")
_SUBTOTALS = frozenset({"小计", "本页小计", "本页合计", "分项小计", "指标小计"})


def read_plain(table: Table, form: Form) -> list[Record]:
    """Rows of a table as they stand; remarks below the table are no rows."""
    unit = unit_of(table, form.unit)
    return [_values(table, row, unit) for _, row in table_rows(table) if not _is_remark(row)]


def read_evaluators(table: Table, form: Form) -> list[Record]:
    """Rows of the table and of what stands beside it: 姓名 | 职务 | 单位 | 姓名 | 职务 | 单位."""
    return [row for each in side_by_side(table) for row in read_plain(each, form)]


def read_goals(table: Table, form: Form) -> list[Record]:
    """The goals; where none is stated one row of blanks, which know their cells."""
    rows = read_plain(table, form)
    if rows or table.first > table.last:
        return rows
    blank = row_at(table, table.first)
    return [_values(table, blank, form.unit)] if all(each.blank for each in blank.values()) else []


def read_expenditures(table: Table, form: Form) -> list[Record]:
    """Items and total. A row whose amount is merged with the one above continues that item."""
    unit = unit_of(table, form.unit)
    totals = _words(table.block)
    rows: list[Record] = []
    total_seen = False
    for number, row in table_rows(table):
        if _is_remark(row) or _is_signed(row) or _names(table, number, row, _SUBTOTALS):
            continue
        is_total = bool(_names(table, number, row, totals))
        if total_seen and not is_total and not _has_amount(row):
            continue  # remarks stand below the total
        if rows and not is_total and _continues(number, row):
            rows[-1]["item"] = _joined(rows[-1]["item"], row["item"])
            continue
        values = _values(table, row, unit)
        if is_total and (label := _names(table, number, row, totals)):
            values["item"] = label.value(as_text)
        rows.append({"kind": "total" if is_total else "item", **values})
        total_seen = total_seen or is_total
    return rows


def read_indicators(table: Table, form: Form) -> list[Record]:
    """Indicators, with the merged or left out 一级 and 二级指标 filled down.

    A 二级指标 without any indicator gives one row that has nothing but its levels.
    """
    unit = unit_of(table, form.unit)
    totals = _words(table.block)
    rows: list[Record] = []
    level1, level2 = NOWHERE, NOWHERE
    for number, row in table_rows(table):
        if rows and (_names(table, number, row, totals) or _is_score(row)):
            break
        if _is_remark(row) or _names(table, number, row, _SUBTOTALS):
            continue
        values = _values(table, row, unit)
        if _PLACEHOLDER.fullmatch(compact(row["content"].text if "content" in row else "")):
            values["content"] = replace(values["content"], value=None, text=None)
        first, second = values.get("level1", NOWHERE), values.get("level2", NOWHERE)
        if first.value:
            level2 = level2 if _same(first, level1) else NOWHERE
            level1 = first
        level2 = second if second.value else level2
        rows.append({**values, "level1": level1, "level2": level2})
    return [_with_quantities(row) for row in _without_spare_rows(rows)]


def read_totals(table: Table) -> dict[str, Value]:
    """Field of the project → what the table's total says of it; blank values know their cell."""
    summed = [column for column in table.block.columns if column.total_field]
    for number, row in table_rows(table) if summed else ():
        if _names(table, number, row, _words(table.block)):
            return {
                column.total_field or "": parsed(
                    column, row[column.key], table.header[column.key].cell.text
                )
                for column in summed
                if column.key in row
            }
    return {}


def _words(block: TableBlock) -> frozenset[str]:
    if block.total is None:
        return frozenset()
    return frozenset(label_key(word) for word in (block.total.label, *block.total.wordings))


def _names(table: Table, number: int, row: Row, words: frozenset[str]) -> Slot | None:
    """The cell of a row that says one of the words: in the first column, or left of the table."""
    if not words:
        return None
    for key in FIRST_COLUMNS:
        if key in row and is_word(row[key].text, words):
            return row[key]
    left = min(hit.cell.col for hit in table.header.values())
    for cell in table.page.grid.rows.get(number, ()):
        if cell.col <= left and is_word(cell.text, words):
            return Slot(table.page, cell, cell.text)
    return None


def _values(table: Table, row: Row, unit: str) -> dict[str, Value]:
    return {
        column.key: parsed(column, row[column.key], table.header[column.key].cell.text, unit)
        for column in table.block.columns
        if column.key in row
    }


def _is_remark(row: Row) -> bool:
    """Whether a row holds nothing but a remark: `注：…`, or one text across all columns."""
    filled = {(slot.cell.row, slot.cell.col): slot for slot in row.values() if not slot.blank}
    if len(filled) != 1:
        return False
    (slot,) = filled.values()
    across = len(row) > 2 and all(each.cell == slot.cell for each in row.values())
    return across or bool(_REMARK.match(compact(slot.text)))


def _is_score(row: Row) -> bool:
    """Whether a row is no indicator but a score below them: one label over the levels, a number."""
    level1, level2, content = (row.get(key) for key in ("level1", "level2", "content"))
    if not (level1 and level2 and content) or level1.cell.span != level2.cell.span:
        return False
    others = (row[key] for key in row.keys() - {"level1", "level2", "content"})
    alone = all(each.blank or each.cell == content.cell for each in others)
    return alone and can_be("score", content) and content.cell != level1.cell


def _is_signed(row: Row) -> bool:
    """Whether a row holds only who drew the table up and checked it (`制表：李二`, 复核人 张三)."""
    texts = [compact(slot.text) for slot in row.values() if not slot.blank]
    return bool(texts) and bool(_SIGNED.match(texts[0])) and not _has_amount(row)


def _has_amount(row: Row) -> bool:
    slot = row.get("amount")
    return slot is not None and can_be("amount", slot) and not slot.blank


def _continues(number: int, row: Row) -> bool:
    amount, item = row.get("amount"), row.get("item")
    return bool(amount and item and amount.cell.row < number and not amount.blank)


def _joined(above: Value, slot: Slot) -> Value:
    if slot.blank or address(slot.cell.row, slot.cell.col) == above.cell:
        return above
    text = f"{above.text or ''}\n{slot.text}".strip()
    return replace(above, value=text, text=text)


def _same(one: Value, other: Value) -> bool:
    return label_key(str(one.value)) == label_key(str(other.value or ""))


def _without_spare_rows(rows: list[Record]) -> Iterator[Record]:
    """Rows but for the blank ones beside other rows of the same 二级指标."""
    answered = {_levels(row) for row in rows if _answered(row)}
    kept: set[tuple[str, str]] = set()
    for row in rows:
        levels = _levels(row)
        if _answered(row) or (levels not in answered and levels not in kept and levels[1]):
            kept.add(levels)
            yield row


def _levels(row: Record) -> tuple[str, str]:
    return label_key(row["level1"].text or ""), label_key(row["level2"].text or "")


def _answered(row: Record) -> bool:
    columns = ("content", "target", "actual", "weight", "points")
    return any(row.get(key, NOWHERE).text for key in columns)


def _with_quantities(row: Record) -> Record:
    target = _quantity(row, "target", row.get("nature", NOWHERE).text)
    actual = _quantity(row, "actual")
    if target:
        row |= {
            "target_operator": target.operator,
            "target_value": target.value,
            "target_upper": target.upper,
            "target_unit": target.unit,
        }
    if actual and actual.operator == "=":
        row |= {"actual_value": actual.value, "actual_unit": actual.unit}
    return row


def _quantity(row: Record, key: str, nature: str | None = None) -> Quantity | None:
    text = row.get(key, NOWHERE).text
    unit = row.get("unit", NOWHERE).text
    return parse_quantity(compose_quantity(text, nature, unit)) if text else None

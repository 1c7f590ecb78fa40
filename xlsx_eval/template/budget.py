"""The budget and how it was carried out: measures and what is said of them as columns.

A row is a source. The rate is computed; its weight and points stand in the row of the total alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from xlsx_eval.errors import FormError
from xlsx_eval.template.entry import Entry
from xlsx_eval.template.filled import TOTAL, Filled
from xlsx_eval.template.matrix import source_label, write_amounts
from xlsx_eval.template.rounding import rounded
from xlsx_eval.template.sheet import Area, Sheet
from xlsx_eval.template.style import HEADER, LABEL, computed_rate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsx_eval.forms.model import Column, Labelled, MatrixBlock
    from xlsx_eval.template.grid import Span

LABEL_WIDTH, AMOUNT_WIDTH = 18.0, 13.0
# What the rate is the quotient of.
BUDGET, EXECUTED = "planned", "spent"
# 99.38% is worth 0.9938: what is stored is what is shown.
RATE_PLACES = 4
NOT_ASKED = "—"


@dataclass(frozen=True, slots=True)
class _Budget:
    """The block with its columns on the sheet: label, measures, what stands beside them."""

    block: MatrixBlock
    spans: Sequence[Span]
    filled: Filled
    first_row: int

    @property
    def _beside(self) -> int:
        return 1 + len(self.block.measures)

    def label(self, row: int) -> Area:
        return _on(row, self.spans[0])

    def amounts(self, row: int) -> dict[str, Area]:
        spans = self.spans[1 : self._beside]
        keys = (measure.key for measure in self.block.measures)
        return {key: _on(row, span) for key, span in zip(keys, spans, strict=True)}

    def columns(self, row: int) -> dict[str, Area]:
        spans = self.spans[self._beside :]
        keys = (column.key for column in self.block.columns)
        return {key: _on(row, span) for key, span in zip(keys, spans, strict=True)}

    def name(self, column: Column, source: str) -> str:
        return f"{self.block.key}_{column.key}_{source}"


def budget_widths(block: MatrixBlock) -> tuple[float, ...]:
    beside = (float(column.width) for column in block.columns)
    return (LABEL_WIDTH, *(AMOUNT_WIDTH for _ in block.measures), *beside)


def write_budget(
    sheet: Sheet,
    block: MatrixBlock,
    spans: Sequence[Span],
    filled: Filled,
    *,
    tell_unit: bool = True,
) -> Mapping[str, Area]:
    """Draw the table at the sheet's row; its corner may tell the unit of the amounts.

    Returns column key → where its weight or points stand, which a total adds. Raises FormError
    where a rate is asked for, but not what it is the quotient of.
    """
    budget = _Budget(block, spans, filled, sheet.row + 1)
    _header(sheet, budget, f"金额单位：{sheet.unit}" if tell_unit else "")
    for source in (None, *block.sources):
        _row(sheet, budget, source)
    sheet.level(budget.first_row, sheet.row - 1)
    for column in block.columns:
        if column.kind == "text":
            _text(sheet, budget, column)
    cells = budget.columns(budget.first_row)
    return {each.key: cells[each.key] for each in block.columns if each.kind == "points"}


def _header(sheet: Sheet, budget: _Budget, corner: str) -> None:
    amounts, columns = budget.amounts(sheet.row), budget.columns(sheet.row)
    sheet.label(budget.label(sheet.row), corner, LABEL)
    for measure in budget.block.measures:
        sheet.label(amounts[measure.key], measure.label, HEADER)
    for column in budget.block.columns:
        sheet.label(columns[column.key], column.label, HEADER)
    sheet.row += 1


def _row(sheet: Sheet, budget: _Budget, source: Labelled | None) -> None:
    block = budget.block
    label = source_label(block, source) if source else block.total_label
    sheet.label(budget.label(sheet.row), label, LABEL)
    write_amounts(sheet, block, budget.amounts(sheet.row), source, budget.filled)
    cells = budget.columns(sheet.row)
    for column in block.columns:
        match column.kind:
            case "rate":
                _rate(sheet, budget, column, source.key if source else TOTAL)
            case "text":
                pass
            case _ if source:
                sheet.write(cells[column.key], NOT_ASKED, LABEL)
            case _:
                sheet.enter(cells[column.key], _entry(budget, column))
    sheet.row += 1


def _text(sheet: Sheet, budget: _Budget, column: Column) -> None:
    """Write one cell beside all the sources: a reason needs the room, and is given once."""
    first = budget.columns(budget.first_row)[column.key]
    sheet.enter(first._replace(last_row=sheet.row - 1), _entry(budget, column))


def _entry(budget: _Budget, column: Column) -> Entry:
    return Entry(
        column.kind,
        column.label,
        column.prompt,
        name=budget.name(column, TOTAL),
        value=budget.filled.execution.get((TOTAL, column.key)),
    )


def _rate(sheet: Sheet, budget: _Budget, column: Column, source: str) -> None:
    amounts = budget.amounts(sheet.row)
    if not {BUDGET, EXECUTED} <= amounts.keys():
        raise FormError(f"{column.label}: a rate needs the measures {BUDGET!r} and {EXECUTED!r}")
    planned, spent = amounts[BUDGET].cell, amounts[EXECUTED].cell
    sheet.compute(
        budget.columns(sheet.row)[column.key],
        f'=IF(OR(N({planned})=0,COUNT({spent})=0),"",ROUND({spent}/{planned},{RATE_PLACES}))',
        _quotient(budget.filled, source),
        budget.name(column, source),
        computed_rate(),
    )


def _quotient(filled: Filled, source: str) -> Decimal | None:
    planned, spent = (filled.funds.get((measure, source)) for measure in (BUDGET, EXECUTED))
    return rounded(spent / planned, RATE_PLACES) if planned and spent is not None else None


def _on(row: int, span: Span) -> Area:
    return Area(row, span.first, row, span.last)

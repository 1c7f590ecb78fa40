"""The funds: each measure a label column and a value column, a row for each source."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from xlsx_eval.template.entry import Entry
from xlsx_eval.template.filled import TOTAL, Filled
from xlsx_eval.template.rounding import rounded
from xlsx_eval.template.sheet import Area, Sheet
from xlsx_eval.template.style import LABEL, LINE, PLACES, TALL_ROW, computed_amount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsx_eval.forms.model import Labelled, MatrixBlock, Measure
    from xlsx_eval.template.grid import Span

LABEL_WIDTH, VALUE_WIDTH = 15.5, 10.0


@dataclass(frozen=True, slots=True)
class _Matrix:
    """The block with its columns on the sheet: label and value of each measure in turn."""

    block: MatrixBlock
    spans: Sequence[Span]

    def label(self, row: int, place: int) -> Area:
        return Area(row, self.spans[2 * place].first, row, self.spans[2 * place].last)

    def values(self, row: int) -> dict[str, Area]:
        return {
            measure.key: Area(row, span.first, row, span.last)
            for measure, span in zip(self.block.measures, self.spans[1::2], strict=True)
        }


def matrix_widths(block: MatrixBlock) -> tuple[float, ...]:
    return (LABEL_WIDTH, VALUE_WIDTH) * len(block.measures)


def write_matrix(sheet: Sheet, block: MatrixBlock, spans: Sequence[Span], filled: Filled) -> None:
    matrix = _Matrix(block, spans)
    sheet.at_least(sheet.row, TALL_ROW + LINE / 2)
    for place, measure in enumerate(block.measures):
        sheet.label(matrix.label(sheet.row, place), f"{measure.label}\n({sheet.unit})", LABEL)
    write_amounts(sheet, block, matrix.values(sheet.row), None, filled)
    sheet.row += 1
    for source in block.sources:
        sheet.at_least(sheet.row, TALL_ROW)
        for place in range(len(block.measures)):
            sheet.label(matrix.label(sheet.row, place), source_label(block, source), LABEL)
        write_amounts(sheet, block, matrix.values(sheet.row), source, filled)
        sheet.row += 1


def source_label(block: MatrixBlock, source: Labelled) -> str:
    return f"其中：{source.label}" if source is block.sources[0] else source.label


def write_amounts(
    sheet: Sheet,
    block: MatrixBlock,
    cells: Mapping[str, Area],
    source: Labelled | None,
    filled: Filled,
) -> None:
    """Write what the measures amount to from one source, or in all; `cells`: measure key → cell."""
    source_key = source.key if source else TOTAL
    for measure in block.measures:
        area = cells[measure.key]
        name = f"{block.key}_{measure.key}_{source_key}"
        if measure.minuend and measure.subtrahend:
            minuend, subtrahend = cells[measure.minuend].cell, cells[measure.subtrahend].cell
            formula = _difference_formula(minuend, subtrahend)
            cached = _difference(measure, source_key, filled)
            sheet.compute(area, formula, cached, name, computed_amount())
            continue
        title = f"{measure.label}·{source.label}" if source else measure.label
        prompt = (source.prompt if source else "") or measure.prompt
        amount = filled.funds.get((measure.key, source_key))
        sheet.enter(area, Entry("amount", title, prompt, name=name, value=amount))


def _difference_formula(minuend: str, subtrahend: str) -> str:
    """Write the formula so that it stays empty while both cells are."""
    return f'=IF(COUNT({minuend},{subtrahend})=0,"",ROUND({minuend}-{subtrahend},{PLACES}))'


def _difference(measure: Measure, source_key: str, filled: Filled) -> Decimal | None:
    keys = (measure.minuend or "", source_key), (measure.subtrahend or "", source_key)
    if not any(key in filled.funds for key in keys):
        return None
    minuend, subtrahend = (filled.funds.get(key, Decimal(0)) for key in keys)
    return rounded(minuend - subtrahend, PLACES)

"""The funds: each measure a label column and a value column, a row for each source."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from xlsx_eval.template.entry import Entry
from xlsx_eval.template.filled import TOTAL, Filled
from xlsx_eval.template.sheet import Area, Sheet
from xlsx_eval.template.style import LABEL, LINE, PLACES, TALL_ROW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsx_eval.forms.model import Labelled, MatrixBlock, Measure
    from xlsx_eval.template.grid import Span

LABEL_WIDTH, VALUE_WIDTH = 15.5, 10.0


@dataclass(frozen=True, slots=True)
class _Matrix:
    """The block with its columns on the sheet: label and value of each measure in turn."""

    block: MatrixBlock
    spans: Sequence[Span]
    filled: Filled

    def label(self, row: int, place: int) -> Area:
        return Area(row, self.spans[2 * place].first, row, self.spans[2 * place].last)

    def value(self, row: int, measure_key: str | None) -> Area:
        place = [measure.key for measure in self.block.measures].index(measure_key or "")
        return Area(row, self.spans[2 * place + 1].first, row, self.spans[2 * place + 1].last)


def matrix_widths(block: MatrixBlock) -> tuple[float, ...]:
    return (LABEL_WIDTH, VALUE_WIDTH) * len(block.measures)


def write_matrix(sheet: Sheet, block: MatrixBlock, spans: Sequence[Span], filled: Filled) -> None:
    matrix = _Matrix(block, spans, filled)
    sheet.at_least(sheet.row, TALL_ROW + LINE / 2)
    for place, measure in enumerate(block.measures):
        sheet.label(matrix.label(sheet.row, place), f"{measure.label}\n({sheet.unit})", LABEL)
        _amount(sheet, matrix, measure, None)
    sheet.row += 1
    for source in block.sources:
        label = f"其中：{source.label}" if source is block.sources[0] else source.label
        sheet.at_least(sheet.row, TALL_ROW)
        for place, measure in enumerate(block.measures):
            sheet.label(matrix.label(sheet.row, place), label, LABEL)
            _amount(sheet, matrix, measure, source)
        sheet.row += 1


def _amount(sheet: Sheet, matrix: _Matrix, measure: Measure, source: Labelled | None) -> None:
    source_key = source.key if source else TOTAL
    area = matrix.value(sheet.row, measure.key)
    name = f"{matrix.block.key}_{measure.key}_{source_key}"
    if measure.minuend:
        minuend = matrix.value(sheet.row, measure.minuend).cell
        subtrahend = matrix.value(sheet.row, measure.subtrahend).cell
        cached = _difference(measure, source_key, matrix.filled)
        sheet.compute(area, _difference_formula(minuend, subtrahend), cached, name)
        return
    title = f"{measure.label}·{source.label}" if source else measure.label
    prompt = (source.prompt if source else "") or measure.prompt
    amount = matrix.filled.funds.get((measure.key, source_key))
    sheet.enter(area, Entry("amount", title, prompt, name=name, value=amount))


def _difference_formula(minuend: str, subtrahend: str) -> str:
    """Write the formula so that it stays empty while both cells are."""
    return f'=IF(COUNT({minuend},{subtrahend})=0,"",ROUND({minuend}-{subtrahend},{PLACES}))'


def _difference(measure: Measure, source_key: str, filled: Filled) -> Decimal | None:
    keys = (measure.minuend or "", source_key), (measure.subtrahend or "", source_key)
    if not any(key in filled.funds for key in keys):
        return None
    minuend, subtrahend = (filled.funds.get(key, Decimal(0)) for key in keys)
    return round(minuend - subtrahend, PLACES)

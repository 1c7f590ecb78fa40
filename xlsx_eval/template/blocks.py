"""Each kind of block by its own module: the widths it wants, and how it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from xlsx_eval.forms.model import (
    Block,
    FieldsBlock,
    MatrixBlock,
    NarrativesBlock,
    OpinionsBlock,
    TableBlock,
)
from xlsx_eval.template.budget import budget_widths, write_budget
from xlsx_eval.template.fields import fields_widths, write_fields
from xlsx_eval.template.matrix import matrix_widths, write_matrix
from xlsx_eval.template.narratives import NARRATIVES_WIDTHS, write_narratives
from xlsx_eval.template.opinions import OPINIONS_WIDTHS, write_opinions
from xlsx_eval.template.table import table_widths, write_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsx_eval.template.filled import Filled
    from xlsx_eval.template.grid import Span
    from xlsx_eval.template.sheet import Sheet


def block_widths(block: Block) -> tuple[float, ...]:
    """Characters that each of the block's columns wants."""
    match block:
        case FieldsBlock():
            return fields_widths(block)
        case MatrixBlock():
            return budget_widths(block) if block.columns else matrix_widths(block)
        case TableBlock():
            return table_widths(block)
        case OpinionsBlock():
            return OPINIONS_WIDTHS
        case NarrativesBlock():
            return NARRATIVES_WIDTHS
        case _:
            assert_never(block)


def write_block(sheet: Sheet, block: Block, spans: Sequence[Span], filled: Filled) -> None:
    match block:
        case FieldsBlock():
            write_fields(sheet, block, spans, filled)
        case MatrixBlock() if block.columns:
            write_budget(sheet, block, spans, filled)
        case MatrixBlock():
            write_matrix(sheet, block, spans, filled)
        case TableBlock():
            write_table(sheet, block, spans, filled)
        case OpinionsBlock():
            write_opinions(sheet, block, spans, filled)
        case NarrativesBlock():
            write_narratives(sheet, block, spans, filled)
        case _:
            assert_never(block)

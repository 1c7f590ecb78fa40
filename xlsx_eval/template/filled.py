"""What a prefilled form holds: plain values under the form's own keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from xlsx_eval.forms.model import (
    FieldsBlock,
    MatrixBlock,
    NarrativesBlock,
    OpinionsBlock,
    TableBlock,
)
from xlsx_eval.template.plan import is_one_table, sheets

if TYPE_CHECKING:
    from xlsx_eval.forms import Form

Value = str | Decimal | int | float | date
Row = Mapping[str, Value]
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Opinion:
    """One role's opinion; `date` as `2022-03-15` becomes a date, anything else stays text."""

    opinion: str = ""
    signatory: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """Values for the inputs; what is left out stays blank or keeps the declared default.

    fields: field key → value, also of a field that asks for a text. funds: (measure key, source
    key or "total") → amount in the form's unit, no computed measure. execution: ("total", key of a
    column beside the measures) → weight, points or reason; a rate is computed. tables: block key →
    rows, each column key → value; a grouped table's rows carry its first two columns, a total is
    computed. opinions: role key → opinion. narratives: section number → text. fiscal_year: the
    year under the title of a form that is one table.
    """

    fields: Mapping[str, Value] = field(default_factory=dict)
    funds: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    execution: Mapping[tuple[str, str], Value] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    opinions: Mapping[str, Opinion] = field(default_factory=dict)
    narratives: Mapping[int, str] = field(default_factory=dict)
    fiscal_year: int | None = None


def refuse_unknown(form: Form, filled: Filled) -> None:
    """Raise ValueError for a value the form has no place for: it would be lost silently."""
    blocks = [block for _, block in form.blocks()]
    tables = {block.key: block for block in blocks if isinstance(block, TableBlock)}
    matrices = [block for block in blocks if isinstance(block, MatrixBlock)]
    fields = (field.key for b in blocks if isinstance(b, FieldsBlock) for field in b.fields)
    roles = (role for b in blocks if isinstance(b, OpinionsBlock) for role in b.roles)
    texts = (text for b in blocks if isinstance(b, NarrativesBlock) for text in b.texts)
    _refuse("field", filled.fields, fields)
    _refuse("funds", filled.funds, (key for matrix in matrices for key in _amount_keys(matrix)))
    columns = (
        (TOTAL, column.key) for m in matrices for column in m.columns if column.kind != "rate"
    )
    _refuse("execution", filled.execution, columns)
    _refuse("table", filled.tables, tables)
    _refuse("opinion", filled.opinions, (role.key for role in roles))
    _refuse("narrative", filled.narratives, (text.section for text in texts))
    if filled.fiscal_year and not any(map(is_one_table, sheets(form).values())):
        _refuse("fiscal year", [filled.fiscal_year], ())
    for key, rows in filled.tables.items():
        _refuse_rows(tables[key], rows)


def _amount_keys(matrix: MatrixBlock) -> Iterable[tuple[str, str]]:
    for measure in matrix.measures:
        if measure.minuend is None:
            for source in (TOTAL, *(source.key for source in matrix.sources)):
                yield measure.key, source


def _refuse_rows(table: TableBlock, rows: Sequence[Row]) -> None:
    columns = [column.key for column in table.columns]
    groups = {(group.title, title) for group in table.groups for title in group.rows}
    for row in rows:
        _refuse(f"column of table {table.key!r}", row, columns)
        if groups:
            place = (row.get(columns[0]), row.get(columns[1]))
            _refuse(f"group of table {table.key!r}", [place], groups)


def _refuse(what: str, given: Iterable[object], known: Iterable[object]) -> None:
    unknown = sorted(map(str, set(given) - set(known)))
    if unknown:
        raise ValueError(f"the form has no {what} to fill in: {', '.join(unknown)}")

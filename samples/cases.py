"""The sample county's facts: one TOML file a workbook, read into what the writers take."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from one_sheet import Facts, Layout
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from xlsx_eval.forms import DEFAULT_FORM, Form, load_form
from xlsx_eval.forms.model import MatrixBlock
from xlsx_eval.template import Filled, Opinion

HERE = Path(__file__).parent
FACTS = HERE / "facts"
INBOX = HERE / "inbox"

Kind = Literal["template", "one_sheet", "truncated", "plain_text"]
Fact = Decimal | int | date | str


class Expected(BaseModel):
    """A finding that the workbook must give."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    sheet: str
    cell: str


class Written(BaseModel):
    """A facts file as its author writes it; `layout` is checked against `Layout`.

    kind: in the template, on one sheet, cut off in the middle of the file, or plain text that
    only bears the name of a workbook. execution: source → column beside the measures → value.
    typed: name of a cell of the template → the number that somebody typed over its formula.
    rejected: what the refusal of a bad file must say.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    kind: Kind
    form: str = DEFAULT_FORM
    fiscal_year: int | None = None
    layout: dict[str, Any] = Field(default_factory=dict)
    fields: dict[str, Fact] = Field(default_factory=dict)
    funds: dict[str, dict[str, Decimal | int | str]] = Field(default_factory=dict)
    execution: dict[str, dict[str, Fact]] = Field(default_factory=dict)
    typed: dict[str, Decimal] = Field(default_factory=dict)
    tables: dict[str, list[dict[str, Fact]]] = Field(default_factory=dict)
    totals: dict[str, Fact] = Field(default_factory=dict)
    opinions: dict[str, dict[str, str]] = Field(default_factory=dict)
    narratives: dict[int, str] = Field(default_factory=dict)
    text: str = ""
    rejected: str = ""
    findings: tuple[Expected, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One workbook of the sample county: where it lies, what is in it, what must be found."""

    name: str
    file: str
    kind: Kind
    form: Form
    facts: Facts
    layout: Layout
    typed: Mapping[str, Decimal]
    text: str
    rejected: str
    findings: tuple[Expected, ...]

    @property
    def path(self) -> Path:
        return INBOX / self.file


def all_cases() -> list[Case]:
    """Every facts file, in order."""
    return [read_case(path) for path in sorted(FACTS.glob("*.toml"))]


def read_case(path: Path) -> Case:
    """A facts file → its case. Raises ValueError naming what the file says wrongly."""
    stated = Written.model_validate(tomllib.loads(path.read_text("utf-8"), parse_float=Decimal))
    return Case(
        name=path.stem,
        file=stated.file,
        kind=stated.kind,
        form=load_form(stated.form),
        facts=_facts(stated),
        layout=_layout(stated.layout),
        typed=stated.typed,
        text=stated.text,
        rejected=stated.rejected,
        findings=stated.findings,
    )


def _layout(stated: Mapping[str, Any]) -> Layout:
    unknown = stated.keys() - {each.name for each in fields_of(Layout)}
    if unknown:
        raise ValueError(f"a layout has no {', '.join(sorted(unknown))}")
    return TypeAdapter(Layout).validate_python(stated)


def _facts(stated: Written) -> Facts:
    amounts = {
        (measure, source): Decimal(value) if isinstance(value, int) else value
        for measure, sources in stated.funds.items()
        for source, value in sources.items()
    }
    computed = _computed_measures(load_form(stated.form))
    filled = {
        place: value
        for place, value in amounts.items()
        if isinstance(value, Decimal) and place[0] not in computed
    }
    tables = {
        table: [{key: _number(value) for key, value in row.items()} for row in rows]
        for table, rows in stated.tables.items()
    }
    return Facts(
        Filled(
            fields=stated.fields,
            funds=filled,
            execution={
                (source, column): _number(value)
                for source, columns in stated.execution.items()
                for column, value in columns.items()
            },
            tables=tables,
            opinions={role: Opinion(**parts) for role, parts in stated.opinions.items()},
            narratives={number: text.strip() for number, text in stated.narratives.items()},
            fiscal_year=stated.fiscal_year,
        ),
        funds={place: value for place, value in amounts.items() if place not in filled},
        totals={table: _number(value) for table, value in stated.totals.items()},
    )


def _computed_measures(form: Form) -> set[str]:
    return {
        measure.key
        for _, block in form.blocks()
        if isinstance(block, MatrixBlock)
        for measure in block.measures
        if measure.minuend
    }


def _number(value: Fact) -> Fact:
    return Decimal(value) if isinstance(value, int) else value

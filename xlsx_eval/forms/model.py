"""The form as data: what a declaration in TOML may say.

A declared form drives the reader, the blank template and the documentation alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from xlsx_eval.forms.columns import MEASURES, PROJECT_FIELDS, SOURCES, TABLE_COLUMNS

Kind = Literal[
    "text", "amount", "date", "period", "phone", "postcode", "person", "choice", "score", "grade",
    "points", "rate",
]  # fmt: skip
"""`points`: a weight or points; `rate`: a share such as 执行率."""

Required = Literal["error", "notice", "no"]
Part = Literal[
    "heading", "field", "measure", "source", "sum", "column", "title", "opinion", "signature",
    "text",
]  # fmt: skip
"""What a label may name: a section's heading, or a part of a block."""

Labels = Iterator[tuple[Part, str, tuple[str, ...]]]
"""(part, key, wordings with the printed one first)."""

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]


class Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Labelled(Declared):
    """Something recognised by its label: `label` as printed, `wordings` as people write it.

    What is not `printed` is read where a unit's form has it, and left out of the template.
    """

    key: Key
    label: Text
    wordings: tuple[Text, ...] = Field(default=(), strict=False)
    prompt: str = ""
    printed: bool = True

    @property
    def accepted(self) -> tuple[str, ...]:
        return (self.label, *self.wordings)


class FormField(Labelled):
    """A label and its value; one of the narratives names the `section` of the text."""

    kind: Kind
    section: int | None = Field(default=None, ge=1)
    required: Required = "no"
    options: tuple[Text, ...] = Field(default=(), strict=False)
    default: str = ""


class Measure(Labelled):
    """A column of the funds matrix; a computed one is `minuend` less `subtrahend`."""

    required: Required = "no"
    minuend: Key | None = None
    subtrahend: Key | None = None


class Column(Labelled):
    """A column of a table; `total_field` is the project's field that the total of it is."""

    kind: Kind
    total_field: Key | None = None
    width: int = Field(ge=4, le=120)
    fill_down: bool = False
    none_is_zero: bool = False


class Total(Declared):
    """A table's last row."""

    label: Text
    wordings: tuple[Text, ...] = Field(default=(), strict=False)


class Group(Declared):
    """Printed first columns of a table: one 一级指标 and its 二级指标."""

    title: Text
    wordings: tuple[Text, ...] = Field(default=(), strict=False)
    rows: tuple[Text, ...] = Field(strict=False)


class Role(Declared):
    key: Key
    title: Text
    signature: Text
    wordings: tuple[Text, ...] = Field(default=(), strict=False)
    signature_wordings: tuple[Text, ...] = Field(default=(), strict=False)


class NarrativeText(Declared):
    section: int = Field(ge=1)
    heading: Text
    wordings: tuple[Text, ...] = Field(default=(), strict=False)
    guide: str = ""


class FieldsBlock(Declared):
    """Label and value pairs; `pairs` is how many the template puts beside one another."""

    kind: Literal["fields"]
    key: Key
    frame: Literal["projects", "narratives"]
    fields: tuple[FormField, ...] = Field(min_length=1, strict=False)
    pairs: int = Field(default=2, ge=1, le=3)

    def labels(self) -> Labels:
        for field in self.fields:
            yield "field", field.key, field.accepted

    @model_validator(mode="after")
    def _texts_have_a_section(self) -> Self:
        for field in self.fields:
            if (field.section is not None) != (self.frame == "narratives"):
                raise ValueError(f"field {field.key!r}: a section is named by narratives, and only")
        if self.frame == "projects":
            _refuse_unknown("field", (field.key for field in self.fields), PROJECT_FIELDS)
        return self


class MatrixBlock(Declared):
    """Measures by sources; `columns` stand beside the measures: 执行率, 分值, 得分, 原因."""

    kind: Literal["matrix"]
    key: Key
    frame: Literal["funds"]
    measures: tuple[Measure, ...] = Field(min_length=1, strict=False)
    sources: tuple[Labelled, ...] = Field(min_length=1, strict=False)
    columns: tuple[Column, ...] = Field(default=(), strict=False)
    total_label: str = ""
    total_wordings: tuple[Text, ...] = Field(default=(), strict=False)

    def labels(self) -> Labels:
        for measure in self.measures:
            yield "measure", measure.key, measure.accepted
        for source in self.sources:
            yield "source", source.key, source.accepted
        for column in self.columns:
            yield "column", column.key, column.accepted
        labels = (self.total_label, *self.total_wordings)
        yield "sum", "total", tuple(label for label in labels if label)

    @model_validator(mode="after")
    def _computed_from_measures(self) -> Self:
        known = {measure.key for measure in self.measures}
        for measure in self.measures:
            operands = {measure.minuend, measure.subtrahend} - {None}
            if len(operands) == 1 or not operands <= known:
                raise ValueError(f"measure {measure.key!r}: minuend and subtrahend name measures")
        _refuse_unknown("measure", known, MEASURES)
        _refuse_unknown("source", (source.key for source in self.sources), SOURCES)
        columns = (column.key for column in self.columns)
        _refuse_unknown("column", columns, TABLE_COLUMNS["execution"])
        return self


class TableBlock(Declared):
    """A table; `rows` is the room the template gives, per 二级指标 where it has groups."""

    kind: Literal["table"]
    key: Key
    frame: Literal["expenditures", "goals", "indicators", "evaluators"]
    title: str = ""
    wordings: tuple[Text, ...] = Field(default=(), strict=False)
    rows: int = Field(ge=1, le=1000)
    columns: tuple[Column, ...] = Field(min_length=2, strict=False)
    total: Total | None = None
    groups: tuple[Group, ...] = Field(default=(), strict=False)

    def labels(self) -> Labels:
        if self.title:
            yield "title", self.key, (self.title, *self.wordings)
        for column in self.columns:
            yield "column", column.key, column.accepted
        if self.total:
            yield "sum", "total", (self.total.label, *self.total.wordings)

    @model_validator(mode="after")
    def _columns_of_the_frame(self) -> Self:
        columns = (column.key for column in self.columns)
        _refuse_unknown("column", columns, TABLE_COLUMNS[self.frame])
        totals = (column.total_field for column in self.columns if column.total_field)
        _refuse_unknown("total_field", totals, PROJECT_FIELDS)
        return self


class OpinionsBlock(Declared):
    kind: Literal["opinions"]
    key: Key
    frame: Literal["opinions"]
    roles: tuple[Role, ...] = Field(min_length=1, strict=False)

    def labels(self) -> Labels:
        for role in self.roles:
            yield "opinion", role.key, (role.title, *role.wordings)
            yield "signature", role.key, (role.signature, *role.signature_wordings)


class NarrativesBlock(Declared):
    kind: Literal["narratives"]
    key: Key
    frame: Literal["narratives"]
    texts: tuple[NarrativeText, ...] = Field(min_length=1, strict=False)

    def labels(self) -> Labels:
        for text in self.texts:
            yield "text", str(text.section), (text.heading, *text.wordings)


Block = Annotated[
    FieldsBlock | MatrixBlock | TableBlock | OpinionsBlock | NarrativesBlock,
    Field(discriminator="kind"),
]


class Section(Declared):
    """A part of the form under one heading, on one sheet of the template."""

    key: Key
    title: Text
    sheet: Annotated[str, Field(min_length=1, max_length=31, pattern=r"^[^\[\]:*?/\\']+$")]
    wordings: tuple[Text, ...] = Field(default=(), strict=False)
    optional: bool = False
    guide: tuple[Text, ...] = Field(default=(), strict=False)
    blocks: tuple[Block, ...] = Field(min_length=1, strict=False)


class Form(Declared):
    """A whole form: `form` is the declaration's file name without ending, `issuer` prints it."""

    form: Key
    version: Text
    title: Text
    issuer: str = ""
    unit: Literal["元", "万元", "亿元"]
    sections: tuple[Section, ...] = Field(min_length=1, strict=False)

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        _refuse_repeats("section", (section.key for section in self.sections))
        _refuse_repeats("block", (block.key for _, block in self.blocks()))
        _refuse_repeats("field", (field.key for _, field in self.fields()))
        for _, block in self.blocks():
            parts = (f"{part} {key}" for part, key, _ in block.labels())
            _refuse_repeats(f"label of block {block.key!r}", parts)
        return self

    def blocks(self) -> Iterator[tuple[Section, Block]]:
        """Each block with its section, in the form's order."""
        for section in self.sections:
            for block in section.blocks:
                yield section, block

    def fields(self) -> Iterator[tuple[Section, FormField]]:
        """Each label-value field of the project with its section, in the form's order."""
        for section, block in self.blocks():
            if isinstance(block, FieldsBlock) and block.frame == "projects":
                for field in block.fields:
                    yield section, field

    def asks_for(self, key: str) -> bool:
        """Whether the form has a field of the project, of its own or as a table's total."""
        totals = (
            column.total_field
            for _, block in self.blocks()
            if isinstance(block, TableBlock)
            for column in block.columns
        )
        return any(field.key == key for _, field in self.fields()) or key in totals


def _refuse_unknown(what: str, keys: Iterable[str], known: frozenset[str]) -> None:
    for key in keys:
        if key not in known:
            raise ValueError(f"no {what} {key!r}; there is: {', '.join(sorted(known))}")


def _refuse_repeats(what: str, keys: Iterable[str]) -> None:
    repeated = [key for key, count in Counter(keys).items() if count > 1]
    if repeated:
        raise ValueError(f"{what} declared twice: {', '.join(repeated)}")

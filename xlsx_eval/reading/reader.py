"""The declared form walked over a workbook's pages: fields, tables, texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from xlsx_eval.forms.model import (
    FieldsBlock,
    Form,
    FormField,
    MatrixBlock,
    NarrativesBlock,
    OpinionsBlock,
    Section,
    TableBlock,
)
from xlsx_eval.reading.cells import (
    NOWHERE,
    Slot,
    Value,
    as_choice,
    as_date,
    as_grade,
    as_period,
    as_postcode,
    as_score,
    as_text,
    slot_at,
    slot_of,
)
from xlsx_eval.reading.details import (
    read_evaluators,
    read_expenditures,
    read_goals,
    read_indicators,
    read_plain,
    read_totals,
)
from xlsx_eval.reading.funds import matrix_labels, read_execution, read_funds
from xlsx_eval.reading.grid import Cell, address
from xlsx_eval.reading.labels import Hit
from xlsx_eval.reading.narratives import read_narratives
from xlsx_eval.reading.opinions import read_opinions
from xlsx_eval.reading.pages import Page
from xlsx_eval.reading.slots import slots_of
from xlsx_eval.reading.tables import Table, find_table

Record = dict[str, Any]
READERS: dict[str, Callable[[Table, Form], list[Record]]] = {
    "evaluators": read_evaluators,
    "expenditures": read_expenditures,
    "goals": read_goals,
    "indicators": read_indicators,
}
NEAR = 2  # rows


@dataclass
class Reader:
    """Walks the declared form over the pages; remembers what it read by.

    `rows` per frame; `heads`, where each block begins; `named`, the label of each field.
    """

    form: Form
    pages: list[Page]
    rows: dict[str, list[Record]] = field(default_factory=dict)
    heads: dict[str, tuple[str, str]] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    taken: set[tuple[str, Hit]] = field(default_factory=set)
    named: dict[str, tuple[Page, Hit]] = field(default_factory=dict)

    def read(self) -> dict[str, list[Record]]:
        project: Record = {"form": self.form.form}
        for section, block in self.form.blocks():
            if isinstance(block, TableBlock) and (
                table := find_table(self.pages, section.key, block)
            ):
                self.tables[block.key] = table
        for section, block in self.form.blocks():
            match block:
                case FieldsBlock(frame="narratives"):
                    self.rows.setdefault("narratives", []).extend(self._texts(section, block))
                case FieldsBlock():
                    project |= self._fields(section, block)
                case MatrixBlock():
                    self.rows[block.frame] = read_funds(self.pages, block, self.form)
                    self.rows["execution"] = read_execution(self.pages, block)
                    self._note_head(block.key, *self._first_measure(block))
                case TableBlock():
                    self.rows[block.frame] = self._table(section, block)
                    project |= {
                        key: value
                        for key, value in self._totals(block).items()
                        if value.text or not project.get(key, NOWHERE).text
                    }
                case OpinionsBlock():
                    end = {b.key for b in section.blocks if isinstance(b, FieldsBlock)}
                    self.rows[block.frame] = read_opinions(self.pages, section.key, block, end)
                case NarrativesBlock():
                    self.rows[block.frame] = read_narratives(self.pages, section.key, block)
        self.rows["projects"] = [project]
        return self.rows

    # ------------------------------------------------------------------------------- fields

    def _fields(self, section: Section, block: FieldsBlock) -> Record:
        values: Record = {declared.key: NOWHERE for declared in block.fields}
        named = [
            (declared, *found)
            for declared in block.fields
            if (found := self._label_of(section, block, declared))
        ]
        for (declared, _, _), slot in zip(named, slots_of(named), strict=True):
            values[declared.key] = slot.value(_parser(declared))
            if declared.kind == "period" and (period := as_period(slot)):
                values |= {"period_start": period[0], "period_end": period[1]}
        return values

    def _texts(self, section: Section, block: FieldsBlock) -> list[Record]:
        """Texts beside their labels, as rows of the narratives."""
        rows = []
        for declared in block.fields:
            found = self._label_of(section, block, declared)
            row: Record = {"section": declared.section}
            if found:
                page, hit = found
                where = (page.grid.name, address(hit.cell.row, hit.cell.col))
                row["heading"] = Value(declared.label, hit.cell.text, *where)
                row["text"] = slot_of(page, hit, declared.kind).value(as_text)
            rows.append(row)
        return rows

    def _label_of(
        self, section: Section, block: FieldsBlock, declared: FormField
    ) -> tuple[Page, Hit] | None:
        """The field's label: in its own section, else where no other section claims it."""
        candidates = [
            (self._rank(page, hit, section, declared.key), number, order, page, hit)
            for number, page in enumerate(self.pages)
            for order, hit in enumerate(page.hits)
            if any(ref.key == declared.key for ref in hit.refs_of("field", block.key))
            and (page.grid.name, hit) not in self.taken
            and not any(table.holds(page, hit.cell.row) for table in self.tables.values())
            and not (declared.kind == "score" and hit.rest is None and _in_a_table(hit))
            and self._may_be(page, hit, section, block)
        ]
        if not candidates:
            return None
        _, _, _, page, hit = min(candidates, key=lambda each: each[:3])
        self.named[declared.key] = (page, hit)
        self.taken.add((page.grid.name, hit))
        return page, hit

    def _rank(self, page: Page, hit: Hit, section: Section, key: str) -> tuple[int, int, int]:
        """Own section first; else where most of the form stands, best outside other sections."""
        here = page.section_at(hit.cell.row)
        printed = 0 if any(ref.printed and ref.key == key for ref in hit.refs) else 1
        if here == section.key:
            return 0, 0, printed
        return 1, -page.weight, printed + (0 if here is None else 2)

    def _may_be(self, page: Page, hit: Hit, section: Section, block: FieldsBlock) -> bool:
        """Whether a label in another section that knows it too still belongs to this block.

        It does where a label that only this block knows stands within two rows.
        """
        here = page.section_at(hit.cell.row)
        claimed = here not in {section.key, None} and any(
            ref.section == here and ref.part == "field" for ref in hit.refs
        )
        return not claimed or any(
            abs(other.cell.row - hit.cell.row) <= NEAR
            for other in page.hits
            if {ref.block for ref in other.refs if ref.part == "field"} == {block.key}
        )

    # ------------------------------------------------------------------------------- tables

    def _table(self, section: Section, block: TableBlock) -> list[Record]:
        table = self.tables.get(block.key)
        if table is None:
            return self._beside_labels(section, block)
        titled = self._first_label(block.key, "title")
        self._note_head(block.key, *(titled if titled[1] else (table.page, table.heading)))
        return READERS.get(block.frame, read_plain)(table, self.form)

    def _totals(self, block: TableBlock) -> Record:
        table = self.tables.get(block.key)
        return dict(read_totals(table)) if table else {}

    def _beside_labels(self, section: Section, block: TableBlock) -> list[Record]:
        """A table of one row whose labels stand left of their values, not above them."""
        if block.rows > 1:
            return []
        row: Record = {}
        for page in self.pages:
            for hit in page.hits:
                for ref in hit.refs_of("column", block.key):
                    beside = slot_at(page, hit.cell.row, hit.cell.span.right + 1)
                    own = page.section_at(hit.cell.row) in {section.key, None}
                    if ref.printed and own and not page.is_label(beside.cell):
                        row.setdefault(ref.key, beside.value(as_text))
                        self.heads.setdefault(
                            block.key, (page.grid.name, address(hit.cell.row, hit.cell.col))
                        )
        return [row] if any(value.text for value in row.values()) else []

    # ------------------------------------------------------------------------------- places

    def _first_label(self, block: str, part: str) -> tuple[Page | None, Cell | None]:
        for page in self.pages:
            for hit in page.hits:
                if any(ref.part == part and ref.block == block for ref in hit.refs):
                    return page, hit.cell
        return None, None

    def _first_measure(self, block: MatrixBlock) -> tuple[Page | None, Cell | None]:
        """The first of the matrix's measures; one alone that heads a table's column is none."""
        for part, _, page, hit in matrix_labels(self.pages, block):
            if part == "measure":
                return page, hit.cell
        for page in self.pages:
            for hit in page.hits:
                tabled = any(table.holds(page, hit.cell.row) for table in self.tables.values())
                if not tabled and any(True for _ in hit.refs_of("measure", block.key)):
                    return page, hit.cell
        return None, None

    def _note_head(self, key: str, page: Page | None, cell: Cell | None) -> None:
        if page and cell:
            self.heads[key] = (page.grid.name, address(cell.row, cell.col))


def _in_a_table(hit: Hit) -> bool:
    """Whether a label may as well head a column or a total: 自评得分."""
    return any(ref.part in {"column", "sum"} for ref in hit.refs)


def _parser(declared: FormField) -> Callable[[Slot], object]:
    match declared.kind:
        case "date":
            return as_date
        case "postcode":
            return as_postcode
        case "score":
            return as_score
        case "choice":
            return partial(as_choice, options=declared.options)
        case "grade":
            return partial(as_grade, options=declared.options)
    return as_text

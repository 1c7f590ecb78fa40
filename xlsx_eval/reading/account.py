"""The account of a reading: where the parts of the form begin, by which labels they were read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from types import NoneType

from xlsx_eval.forms.model import (
    Block,
    FieldsBlock,
    Labelled,
    MatrixBlock,
    NarrativesBlock,
    OpinionsBlock,
    Part,
    Section,
    TableBlock,
)
from xlsx_eval.reading.cells import NOWHERE, Value
from xlsx_eval.reading.funds import matrix_labels
from xlsx_eval.reading.grid import address, position
from xlsx_eval.reading.labels import Hit
from xlsx_eval.reading.pages import Page
from xlsx_eval.reading.reader import Reader, Record

_STORED = {str: "text", int: "number", float: "number", bool: "truth", NoneType: None}


def places(reader: Reader) -> list[Record]:
    """A row a section and a row a table of the form: where it begins, blank where it is absent."""
    return [
        {"section": True, **_place(s.key, s.title, s, _section_place(reader, s))}
        for s in reader.form.sections
    ] + _table_places(reader)


def _section_place(reader: Reader, section: Section) -> tuple[str, str] | None:
    """Where a section begins: its heading, else the first of its parts that was found."""
    for page in reader.pages:
        for _, hit, name in page.starts:
            if name == section.key:
                return page.grid.name, address(hit.cell.row, hit.cell.col)
    return _first_part(reader, section)


def _first_part(reader: Reader, section: Section) -> tuple[str, str] | None:
    project = reader.rows["projects"][0]
    for block in section.blocks:
        if block.key in reader.heads:
            return reader.heads[block.key]
        found: list[Value] = []
        if isinstance(block, FieldsBlock):
            found = [project.get(declared.key, NOWHERE) for declared in block.fields]
        elif isinstance(block, NarrativesBlock | OpinionsBlock):
            found = [
                value
                for row in reader.rows[block.frame]
                for value in row.values()
                if isinstance(value, Value)
            ]
        for value in found:
            if value.sheet and value.cell:
                return value.sheet, value.cell
    return None


def _table_places(reader: Reader) -> list[Record]:
    """Where each table begins: its title or header row, else its section's heading."""
    return [
        {
            "section": False,
            **_place(
                block.key,
                getattr(block, "title", "") or section.title,
                section,
                reader.heads.get(block.key) or _section_place(reader, section),
            ),
        }
        for section, block in reader.form.blocks()
        if isinstance(block, TableBlock | MatrixBlock) and block.key != section.key
    ]


def _place(key: str, title: str, section: Section, place: tuple[str, str] | None) -> Record:
    sheet, cell = place or (None, None)
    return {
        "place": key,
        "title": title,
        "required": not section.optional,
        "found": place is not None,
        "sheet": sheet,
        "cell": cell,
    }


def labels(reader: Reader) -> Iterator[Record]:
    """Each part the form declares with the label it was read by, blank where there is none."""
    used = {(block, part, key): found for block, part, key, found in _used(reader)}
    for section in reader.form.sections:
        yield _label(section, "", "heading", section.key, section.title, used)
    for section, block in reader.form.blocks():
        for part, key, wordings in block.labels():
            asked = (block.key, part, key) in used or key not in _unprinted(block)
            if part in {"field", "measure", "column"} and asked:
                yield _label(section, block.key, part, key, wordings[0], used)


def _unprinted(block: Block) -> set[str]:
    """Keys of what a unit's form need not have."""
    parts: tuple[Labelled, ...] = ()
    if isinstance(block, FieldsBlock):
        parts = block.fields
    elif isinstance(block, MatrixBlock):
        parts = (*block.measures, *block.columns)
    return {part.key for part in parts if not part.printed}


def _used(reader: Reader) -> Iterator[tuple[str, Part, str, tuple[Page, Hit]]]:
    for page in reader.pages:
        for _, hit, section in page.starts:
            yield "", "heading", section, (page, hit)
    for _, block in reader.form.blocks():
        if isinstance(block, FieldsBlock):
            keys = [declared.key for declared in block.fields if declared.key in reader.named]
            yield from ((block.key, "field", key, reader.named[key]) for key in keys)
        elif isinstance(block, MatrixBlock):
            for part, key, page, hit in matrix_labels(reader.pages, block):
                yield block.key, part, key, (page, hit)
        elif table := reader.tables.get(block.key):
            for key, hit in table.header.items():
                yield block.key, "column", key, (table.page, hit)


def notable_cells(reader: Reader) -> Iterator[Record]:
    """Cells of values that are computed, hidden or in error, or hold a number as text."""
    grids = {page.grid.name: page.grid for page in reader.pages}
    seen: set[tuple[str, str]] = set()
    for value in (v for rows in reader.rows.values() for row in rows for v in row.values()):
        if not isinstance(value, Value) or not value.sheet or not value.cell:
            continue
        place = (value.sheet, value.cell)
        cell = grids[value.sheet].cells.get(position(value.cell))
        if cell is None or place in seen:
            continue
        seen.add(place)
        hidden = cell.hidden or grids[value.sheet].hidden
        as_text = isinstance(value.value, Decimal) and isinstance(cell.raw, str)
        if cell.formula or cell.error or hidden or as_text:
            yield {
                "sheet": value.sheet,
                "cell": value.cell,
                "formula": cell.formula,
                "error": cell.error,
                "hidden": hidden,
                "stored": _STORED.get(type(cell.raw), "date"),
            }


def _label(
    section: Section,
    block: str,
    part: Part,
    key: str,
    printed: str,
    used: dict[tuple[str, Part, str], tuple[Page, Hit]],
) -> Record:
    row: Record = {"section": section.key, "block": block, "part": part, "key": key}
    row["label"] = printed
    if found := used.get((block, part, key)):
        page, hit = found
        row["text"] = hit.cell.text
        row["match"] = hit.match
        row["sheet"], row["cell"] = page.grid.name, address(hit.cell.row, hit.cell.col)
    return row

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
from xlsx_eval.reading.funds import matrix_labels, unnamed_sources
from xlsx_eval.reading.grid import Cell, address, position
from xlsx_eval.reading.labels import Hit
from xlsx_eval.reading.left_behind import (
    Claimed,
    left_columns,
    left_fields,
    left_measures,
    sheet_and_cell,
)
from xlsx_eval.reading.pages import Page
from xlsx_eval.reading.reader import Reader, Record
from xlsx_eval.values.text import is_none_word

Used = dict[tuple[str, Part, str], tuple[Page, Hit]]
"""(block, part, key) → the label it was read by."""

Label = tuple[str, Part, str, tuple[Page, Hit]]

PRINTED = frozenset({"level1", "level2", "heading", "total"})
"""Columns whose values the template prints: hidden they take nothing with them."""

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
    """Each part the form declares with the label it was read by, blank where there is none.

    `left` is a value that stands where the missing label's must.
    """
    used = {(block, part, key): found for block, part, key, found in _used(reader)}
    claimed = Claimed.of(v for rows in reader.rows.values() for row in rows for v in row.values())
    for section in reader.form.sections:
        yield _label(section, "", "heading", section.key, section.title, used, {})
    for section, block in reader.form.blocks():
        left = _left(reader, block, used, claimed)
        for part, key, wordings in block.labels():
            asked = (block.key, part, key) in used or key not in _unprinted(block)
            if part in {"field", "measure", "column"} and asked:
                yield _label(section, block.key, part, key, wordings[0], used, left)
    for section, block in reader.form.blocks():
        if isinstance(block, MatrixBlock):
            yield from _own_sources(reader, section, block)


def _left(
    reader: Reader, block: Block, used: Used, claimed: Claimed
) -> dict[str, tuple[Page, Cell]]:
    """Key of a part of the block without label → the value that was left behind."""
    found = {
        key: place
        for (of, part, key), place in used.items()
        if of == block.key and part != "source"
    }
    if not found:
        return {}
    match block:
        case FieldsBlock():
            return left_fields(block, found, claimed)
        case TableBlock() if table := reader.tables.get(block.key):
            return left_columns(block, found, range(table.first, table.last + 1), claimed)
        case MatrixBlock():
            page, hit = next(iter(found.values()))
            rows = range(hit.cell.row + 1, page.end_of_section(hit.cell.row) + 1)
            below = left_columns(block, found, rows, claimed)
            return left_measures(block, found, claimed) | below
    return {}


def _own_sources(reader: Reader, section: Section, block: MatrixBlock) -> Iterator[Record]:
    """The rows of amounts among the sources that have another label than the form's, or none."""
    rows = list(unnamed_sources(reader.pages, block))
    known = {row["source"] for row in reader.rows[block.frame] if row["amount"].sheet}
    gone = [each.label for each in block.sources if each.printed and each.key not in known]
    bare = [label for _, label, _ in rows if label.blank]
    names = iter(gone if len(gone) == len(bare) else ["资金来源"] * len(bare))
    for page, label, amount in rows:
        row: Record = {"section": section.key, "block": block.key, "part": "source"}
        row["sheet"], row["left"] = page.grid.name, address(amount.row, amount.col)
        if label.blank:
            row["label"] = next(names)
        else:
            row["text"], row["cell"] = label.text, address(label.row, label.col)
        yield row


def _unprinted(block: Block) -> set[str]:
    """Keys of what a unit's form need not have."""
    parts: tuple[Labelled, ...] = ()
    if isinstance(block, FieldsBlock):
        parts = block.fields
    elif isinstance(block, MatrixBlock):
        parts = (*block.measures, *block.columns)
    return {part.key for part in parts if not part.printed}


def _used(reader: Reader) -> Iterator[Label]:
    for page in reader.pages:
        for _, hit, name in page.starts:
            yield "", "heading", name, (page, hit)
    for section, block in reader.form.blocks():
        match block:
            case FieldsBlock():
                yield from _named(reader, section, block)
            case MatrixBlock():
                for part, key, page, hit in matrix_labels(reader.pages, block):
                    yield block.key, part, key, (page, hit)
            case TableBlock():
                yield from _header(reader, section, block)


def _named(reader: Reader, section: Section, block: FieldsBlock) -> Iterator[Label]:
    """The fields' labels; where none was read, those that can name nothing else."""
    keys = [declared.key for declared in block.fields if declared.key in reader.named]
    for key in keys:
        yield block.key, "field", key, reader.named[key]
    for page in reader.pages if not keys else ():
        for hit in page.hits:
            here = page.section_at(hit.cell.row) == section.key
            if here and {ref.block for ref in hit.refs} == {block.key}:
                yield block.key, "field", hit.refs[0].key, (page, hit)


def _header(reader: Reader, section: Section, block: TableBlock) -> Iterator[Label]:
    """The columns' labels; where too few head a table, those beside its title."""
    if table := reader.tables.get(block.key):
        for key, hit in table.header.items():
            yield block.key, "column", key, (table.page, hit)
        return
    for page in reader.pages:
        titles = {hit.cell.row for hit in page.hits for _ in hit.refs_of("title", block.key)}
        titles |= {row for row, _, name in page.starts if name == section.key == block.key}
        for hit in page.hits:
            for ref in hit.refs_of("column", block.key):
                if hit.cell.row in titles:
                    yield block.key, "column", ref.key, (page, hit)


def notable_cells(reader: Reader) -> Iterator[Record]:
    """Cells of values that are computed, hidden or in error, or hold a number as text."""
    grids = {page.grid.name: page.grid for page in reader.pages}
    seen: set[tuple[str, str]] = set()
    for column, value in _values(reader):
        place = (value.sheet or "", value.cell or "")
        cell = grids[place[0]].cells.get(position(place[1])) if all(place) else None
        if cell is None or place in seen:
            continue
        seen.add(place)
        away = None if column in PRINTED or _says_nothing(cell) else grids[place[0]].hidden_in(cell)
        as_text = (
            isinstance(value.value, Decimal)
            and isinstance(cell.raw, str)
            and value.text == cell.text  # not what stands behind a label in its cell
        )
        if cell.formula or cell.error or away or as_text:
            yield {
                "sheet": value.sheet,
                "cell": value.cell,
                "formula": cell.formula,
                "error": cell.error,
                "hidden": away is not None,
                "hidden_in": away,
                "stored": _stored(cell),
            }


def _values(reader: Reader) -> Iterator[tuple[str, Value]]:
    """Each value with its column; the word for a total is one that is printed."""
    for rows in reader.rows.values():
        for row in rows:
            for column, value in row.items():
                if isinstance(value, Value):
                    is_word = column == "item" and row.get("kind") == "total"
                    yield "total" if is_word else column, value


def _says_nothing(cell: Cell) -> bool:
    """Whether a cell is blank to the eye, holds a dash, or a formula that comes to nothing."""
    return cell.blank or is_none_word(cell.text) or (cell.formula is not None and cell.raw == 0)


def _stored(cell: Cell) -> str | None:
    if cell.raw is None and cell.error is None and cell.text.startswith("="):
        return "formula"
    return _STORED.get(type(cell.raw), "date")


def _label(
    section: Section,
    block: str,
    part: Part,
    key: str,
    printed: str,
    used: Used,
    left: dict[str, tuple[Page, Cell]],
) -> Record:
    row: Record = {"section": section.key, "block": block, "part": part, "key": key}
    row["label"] = printed
    if found := used.get((block, part, key)):
        page, hit = found
        row["text"] = hit.cell.text
        row["match"] = hit.match
        row["sheet"], row["cell"] = page.grid.name, address(hit.cell.row, hit.cell.col)
    elif key in left:
        row["sheet"], row["left"] = sheet_and_cell(left[key])
    return row

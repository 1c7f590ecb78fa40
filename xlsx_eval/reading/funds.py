"""The funds matrix: measures by sources, however it is laid out, and what stands beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from xlsx_eval.forms.model import Form, MatrixBlock, Part
from xlsx_eval.reading.cells import NOWHERE, Slot, Value, as_amount, slot_at, slot_of
from xlsx_eval.reading.grid import Cell
from xlsx_eval.reading.labels import Hit, label_unit, stated_unit
from xlsx_eval.reading.pages import Page
from xlsx_eval.reading.tables import parsed

TOTAL = "total"
Place = tuple[str, str]


def read_funds(pages: list[Page], block: MatrixBlock, form: Form) -> list[dict[str, object]]:
    """Rows of the funds frame: every declared measure from every source, blank where not filled.

    A measure or source that the form need not have gives rows only where it stands.
    """
    page = _page_of(pages, block)
    slots = dict(_slots(page, block)) if page else {}
    units = _units(page, block, form) if page else {}
    sources = [source.key for source in block.sources if source.printed or _has(slots, source.key)]
    return [
        {
            "measure": measure.key,
            "source": source,
            "amount": _amount(slots.get((measure.key, source)), units.get(measure.key, form.unit)),
        }
        for measure in block.measures
        if measure.printed or (measure.key, TOTAL) in slots
        for source in (TOTAL, *sources)
    ]


def read_execution(pages: list[Page], block: MatrixBlock) -> list[dict[str, object]]:
    """Rows of the execution frame: what the columns beside the measures say of each source."""
    page = _page_of(pages, block)
    if page is None:
        return []
    measures = _measures(page, block)
    sources = dict(reversed(_sources(page, block, measures)))
    columns = _columns(page, block, measures)
    rows = [
        {"source": source, **_beside(page, block, columns, sources[source])}
        for source in (TOTAL, *(source.key for source in block.sources))
        if source in sources
    ]
    return rows if columns else []


def matrix_labels(pages: list[Page], block: MatrixBlock) -> Iterator[tuple[Part, str, Page, Hit]]:
    """(part, key, page, label) of the measures, and the columns beside them, that were found."""
    page = _page_of(pages, block)
    if page is None:
        return
    measures = _measures(page, block)
    for key, hit in measures.items():
        yield "measure", key, page, hit
    for key, hit in _columns(page, block, measures).items():
        yield "column", key, page, hit


def unnamed_sources(pages: list[Page], block: MatrixBlock) -> Iterator[tuple[Page, Cell, Cell]]:
    """(page, the label's cell, an amount) of rows among the sources that are none of the form's.

    The label is blank where it was deleted. Only where the sources stand below one another.
    """
    page = _page_of(pages, block)
    if page is None:
        return
    slots = dict(_slots(page, block))
    sources = {
        (measure, source): slot for (measure, source), slot in slots.items() if source != TOTAL
    }
    if not sources or _in_one_row(_sources(page, block, _measures(page, block))):
        return
    rows = {slot.cell.row for slot in slots.values()}
    columns = sorted({slot.cell.col for slot in sources.values()})
    last = max(slot.cell.row for slot in sources.values())
    for row in range(min(rows), page.end_of_section(min(rows)) + 1):
        if row in rows:
            continue
        if any(hit.cell.row == row for hit in page.hits):
            break
        amounts = [_amount_in(page, row, col) for col in columns]
        found = next((cell for cell in amounts if cell), None)
        if found:
            yield page, _label_left_of(page, found, columns), found
        elif row > last:
            break


def _amount_in(page: Page, row: int, col: int) -> Cell | None:
    cell = page.grid.at(row, col)
    slot = Slot(page, cell, cell.text)
    return cell if cell.row == row and as_amount(slot) is not None else None


def _label_left_of(page: Page, amount: Cell, columns: list[int]) -> Cell:
    """The nearest text left of an amount, up to the next column of amounts; else a blank cell."""
    before = max((col for col in columns if col < amount.col), default=-1)
    cells = [page.grid.at(amount.row, col) for col in range(amount.col - 1, before, -1)]
    return next((cell for cell in cells if not cell.blank), cells[0] if cells else amount)


def _beside(
    page: Page, block: MatrixBlock, columns: dict[str, Hit], source: Hit
) -> dict[str, Value]:
    """What the columns say of one source; they head columns, or rows where the sources do."""
    declared = {column.key: column for column in block.columns}
    values = {}
    for key, label in columns.items():
        across = label.cell.row < source.cell.row
        row, col = (source if across else label).cell.row, (label if across else source).cell.col
        slot = slot_at(page, row, col)
        begins_here = slot.cell.row == row or declared[key].kind == "text"
        values[key] = parsed(declared[key], slot, label.cell.text) if begins_here else NOWHERE
    return values


def _columns(page: Page, block: MatrixBlock, measures: dict[str, Hit]) -> dict[str, Hit]:
    """The columns' labels: beside the measures' labels in their header, or else below them."""
    rows = {hit.cell.row for hit in measures.values()}
    if len(rows) == 1:
        first, last = min(rows) - 1, max(hit.cell.span.bottom for hit in measures.values()) + 1
        beside = [hit for hit in page.hits if first <= hit.cell.row <= last]
    else:
        cols = {hit.cell.col for hit in measures.values()}
        beside = [hit for hit in page.hits if hit.cell.col in cols]
    return {ref.key: hit for hit in reversed(beside) for ref in hit.refs_of("column", block.key)}


def _has(slots: dict[Place, Slot], source: str) -> bool:
    return any(of == source for _, of in slots)


def _amount(slot: Slot | None, unit: str) -> Value:
    return slot.value(lambda found: as_amount(found, unit)) if slot else NOWHERE


def _page_of(pages: list[Page], block: MatrixBlock) -> Page | None:
    """The sheet with the most measures and sources; None where less than two measures stand."""

    def weight(page: Page) -> tuple[int, int]:
        measures = {ref.key for hit in page.hits for ref in hit.refs_of("measure", block.key)}
        sources = {ref.key for hit in page.hits for ref in hit.refs_of("source", block.key)}
        return (len(measures) if len(measures) > 1 else 0, len(sources))

    best = max(pages, key=weight, default=None)
    return best if best and weight(best)[0] else None


def _units(page: Page, block: MatrixBlock, form: Form) -> dict[str, str]:
    """Measure → the unit its label states, or the one stated above the matrix."""
    measures = _measures(page, block)
    first = min(hit.cell.row for hit in measures.values())
    stated = _unit_beside(page, measures) or page.unit_stated(first - 3, first) or form.unit
    return {key: label_unit(hit.cell.text) or stated for key, hit in measures.items()}


def _unit_beside(page: Page, measures: dict[str, Hit]) -> str | None:
    """The unit that a label left of the measures states: `项目资金（元）`."""
    row, col = min((hit.cell.row, hit.cell.col) for hit in measures.values())
    left = (page.grid.at(row, each) for each in range(col))
    return next(
        (unit for cell in left if (unit := label_unit(cell.text) or stated_unit(cell.text))), None
    )


def _measures(page: Page, block: MatrixBlock) -> dict[str, Hit]:
    """Measure → its label: those that share a row, else those that stand below one another."""
    by_row: dict[int, dict[str, Hit]] = defaultdict(dict)
    for hit in page.hits:
        for ref in hit.refs_of("measure", block.key):
            for row in range(hit.cell.span.top, hit.cell.span.bottom + 1):
                by_row[row].setdefault(ref.key, hit)
    beside = max(by_row.values(), key=len)
    if len(beside) > 1:
        first = min(hit.cell.row for hit in beside.values())
        halves = [
            found
            for row, found in sorted(by_row.items())
            if first < row <= page.end_of_section(first)
            and len(found) > 1
            and not _is_header_of_another(page, row)
        ]
        return {key: hit for found in (*reversed(halves), beside) for key, hit in found.items()}
    by_col: dict[int, dict[str, Hit]] = defaultdict(dict)
    for found in by_row.values():
        for key, hit in found.items():
            by_col[hit.cell.col].setdefault(key, hit)
    return max(by_col.values(), key=len)


def _is_header_of_another(page: Page, row: int) -> bool:
    """Whether a row heads a table: it holds several printed column labels."""
    columns = [
        hit
        for hit in page.hits
        if hit.cell.row == row and any(ref.printed for ref in hit.refs_of("column"))
    ]
    return len(columns) > 1


def _slots(page: Page, block: MatrixBlock) -> Iterator[tuple[Place, Slot]]:
    measures = _measures(page, block)
    sources = _sources(page, block, measures)
    if _in_one_row(sources):
        yield from _measures_down(page, measures, sources)
    elif sources and max(hit.cell.col for _, hit in sources) < _first_col(measures):
        yield from _measures_along(page, measures, sources)
    else:
        yield from _pairs(page, measures, sources)


def _sources(page: Page, block: MatrixBlock, measures: dict[str, Hit]) -> list[tuple[str, Hit]]:
    """The source labels (and words for the total) around the measures, in reading order."""
    first = min(hit.cell.row for hit in measures.values())
    last = page.end_of_section(first)
    own = {ref.section for hit in measures.values() for ref in hit.refs_of("measure", block.key)}
    table = min(
        (
            hit.cell.row
            for hit in page.hits
            if hit.cell.row > first and _heads_other(hit, block, own)
        ),
        default=last + 1,
    )
    return [
        (ref.key, hit)
        for hit in page.hits
        if first - 2 <= hit.cell.row <= min(last, table - 1)
        for ref in (*hit.refs_of("source", block.key), *hit.refs_of("sum", block.key))
    ]


def _heads_other(hit: Hit, block: MatrixBlock, own: set[str]) -> bool:
    """Whether a label heads something else; the section's own heading may stand in every row."""
    return any(
        ref.part == "title"
        or (ref.part == "heading" and ref.section not in own)
        or (ref.part == "column" and ref.printed)
        for ref in hit.refs
        if ref.block != block.key
    ) and not any(ref.block == block.key for ref in hit.refs)


def _in_one_row(sources: list[tuple[str, Hit]]) -> bool:
    by_row: dict[int, set[str]] = defaultdict(set)
    for key, hit in sources:
        by_row[hit.cell.row].add(key)
    return any(len(keys) > 2 for keys in by_row.values())


def _first_col(measures: dict[str, Hit]) -> int:
    return min(hit.cell.col for hit in measures.values())


def _measures_along(
    page: Page, measures: dict[str, Hit], sources: list[tuple[str, Hit]]
) -> Iterator[tuple[Place, Slot]]:
    """One column of sources, measures heading the columns beside it."""
    below = [(key, hit) for key, hit in sources if hit.cell.row > _last_row(measures)]
    for key, label in measures.items():
        for source, hit in below:
            yield (key, source), slot_at(page, hit.cell.row, label.cell.col)
        if all(source != TOTAL for source, _ in below):
            yield (key, TOTAL), slot_at(page, label.cell.span.bottom + 1, label.cell.col)


def _last_row(measures: dict[str, Hit]) -> int:
    return max(hit.cell.row for hit in measures.values())


def _measures_down(
    page: Page, measures: dict[str, Hit], sources: list[tuple[str, Hit]]
) -> Iterator[tuple[Place, Slot]]:
    """One row of sources, measures heading the rows below it."""
    for key, label in measures.items():
        for source, hit in sources:
            yield (key, source), slot_at(page, label.cell.row, hit.cell.col)
        if all(source != TOTAL for source, _ in sources):
            yield (key, TOTAL), slot_of(page, label, "amount")


def _pairs(
    page: Page, measures: dict[str, Hit], sources: list[tuple[str, Hit]]
) -> Iterator[tuple[Place, Slot]]:
    """The official layout: each measure a column of labels, its values beside them."""
    reach = _reach(measures)
    owned = [(_owner(hit, measures, reach), source, hit) for source, hit in sources]
    rows = {hit.cell.row: source for source, hit in reversed(sources)}
    for key, label in measures.items():
        own = {source: hit for owner, source, hit in reversed(owned) if owner == key}
        total = slot_of(page, label, "amount")
        if total.blank and TOTAL in own:
            total = slot_of(page, own[TOTAL], "amount")
        yield (key, TOTAL), total
        labelled = {hit.cell.row for hit in own.values()}
        for source, hit in own.items():
            if source != TOTAL:
                yield (key, source), slot_of(page, hit, "amount")
        for row, source in rows.items():
            unlabelled = row not in labelled and row > label.cell.row
            if unlabelled and source not in {TOTAL, *own}:
                yield (key, source), slot_at(page, row, total.cell.col)


def _reach(measures: dict[str, Hit]) -> dict[str, tuple[int, int]]:
    """Measure → first and last column of its pairs: up to the next measure of the same row."""
    reach = {}
    for key, hit in measures.items():
        later = [
            other.cell.col
            for other in measures.values()
            if other.cell.row == hit.cell.row and other.cell.col > hit.cell.col
        ]
        reach[key] = (hit.cell.col, min(later, default=1 << 14) - 1)
    return reach


def _owner(hit: Hit, measures: dict[str, Hit], reach: dict[str, tuple[int, int]]) -> str | None:
    """The measure a source label belongs to: the last one above it within its columns."""
    above = [
        (measures[key].cell.row, key)
        for key, (first, last) in reach.items()
        if first <= hit.cell.col <= last and measures[key].cell.row < hit.cell.row
    ]
    return max(above)[1] if above else None

"""Values left behind: filled cells that stand where a value must, and whose label is gone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from xlsx_eval.forms.model import Column, FieldsBlock, MatrixBlock, Measure, TableBlock
from xlsx_eval.reading.cells import Slot, Value, can_be, cell_below
from xlsx_eval.reading.grid import Cell, address, position
from xlsx_eval.reading.labels import Hit
from xlsx_eval.values.text import compact

if TYPE_CHECKING:
    from xlsx_eval.reading.pages import Page

Found = dict[str, tuple["Page", Hit]]
"""Key of a part → the label it was read by."""

BEYOND = 2  # rows above and below a block's labels in which another one may have stood
LONGEST_LABEL = 20
_BODY = re.compile(
    r".{2,}(?:局|厅|委|办|院|校|站|所|中心|公司|中学|小学|社区|街道办?|政府|协会|集团)"
)
_SAYS = {"title": re.compile("职|岗|称"), "unit": re.compile("单位|部门|机构|科室|地址")}
STRICT = frozenset({"phone", "postcode", "date", "period", "score", "grade", "amount"})


@dataclass(frozen=True)
class Claimed:
    """The cells that values were read from, by sheet."""

    cells: frozenset[tuple[str, int, int]]

    @classmethod
    def of(cls, values: Iterable[object]) -> Claimed:
        return cls(
            frozenset(
                (value.sheet, *position(value.cell))
                for value in values
                if isinstance(value, Value) and value.sheet and value.cell
            )
        )

    def holds(self, page: Page, cell: Cell) -> bool:
        return (page.grid.name, cell.row, cell.col) in self.cells

    def leaves(self, page: Page, cell: Cell) -> bool:
        """Whether a filled cell of the form is neither a label nor was read."""
        return not (
            cell.blank
            or cell.col > page.right_edge
            or page.is_label(cell)
            or self.holds(page, cell)
        )


def left_fields(block: FieldsBlock, found: Found, claimed: Claimed) -> dict[str, tuple[Page, Cell]]:
    """Field whose label is gone → the value that stands beside its place.

    Where some other text stands in the label's place it may be a unit's own: only a field that has
    to be filled in is taken for it.
    """
    missing = [field for field in block.fields if field.key not in found]
    labels = list(found.values())
    left = list(_left(labels, claimed)) if missing else []
    matched: dict[str, tuple[Page, Cell]] = {}
    for page, cell, bare, inside in left:
        likely = [
            field
            for field in missing
            if field.key not in matched
            and (bare or field.required != "no")
            and (inside or field.kind in STRICT)
            and can_be(field.kind, Slot(page, cell, cell.text))
        ]
        if likely:
            best = min(likely, key=lambda field: field.kind not in STRICT)
            matched[best.key] = (page, cell)
    return matched


class Left(NamedTuple):
    """A value left behind, whether no text at all stands in its label's place, and between others.

    What stands above or below all labels of a block may be no part of it.
    """

    page: Page
    cell: Cell
    bare: bool
    inside: bool = True


def _left(labels: Sequence[tuple[Page, Hit]], claimed: Claimed) -> Iterator[Left]:
    """What was left behind beside the labels of a block, or below them, in reading order."""
    seen: set[tuple[str, int, int]] = set()
    for page in {id(page): page for page, _ in labels}.values():
        hits = [hit for on, hit in labels if on is page]
        below = _with_values_below(page, hits, claimed)
        for row in _rows(page, hits):
            both = _under(page, row, below, claimed) if below else _beside(page, row, hits, claimed)
            for left in both:
                place = (page.grid.name, left.cell.row, left.cell.col)
                if place not in seen:
                    seen.add(place)
                    yield left


def _with_values_below(page: Page, hits: Sequence[Hit], claimed: Claimed) -> list[Hit]:
    """The labels whose values were read from below; none where some stand elsewhere."""
    under = [(hit, cell_below(page, hit.cell)) for hit in hits]
    read = [cell for _, cell in under if cell and claimed.holds(page, cell)]
    all_below = len(read) == len(hits) and not all(cell.blank for cell in read)
    return list(hits) if all_below else []


def _under(page: Page, row: int, hits: Sequence[Hit], claimed: Claimed) -> Iterator[Left]:
    """What stands below the place of a label, in the columns of the others."""
    rows = {hit.cell.row for hit in hits}
    for col in sorted({hit.cell.col for hit in hits}):
        label = page.grid.at(row, col)
        ours = (label.row, label.col) == (row, col) and len(label.text) <= LONGEST_LABEL
        if not ours or page.is_label(label) or claimed.holds(page, label):
            continue
        value = cell_below(page, label)
        if value and claimed.leaves(page, value):
            yield Left(page, value, label.blank, inside=min(rows) <= row <= max(rows))


def _beside(page: Page, row: int, hits: Sequence[Hit], claimed: Claimed) -> Iterator[Left]:
    """What stands beside the place of a label."""
    for cell, bare in (
        *_in_columns(page, row, hits, claimed),
        *_behind(page, row, hits, claimed),
    ):
        yield Left(page, cell, bare)


def _rows(page: Page, hits: Sequence[Hit]) -> list[int]:
    rows = [hit.cell.row for hit in hits]
    here = {page.section_at(row) for row in rows}
    around = range(max(0, min(rows) - BEYOND), max(rows) + BEYOND + 1)
    return [row for row in around if page.section_at(row) in here]


def _in_columns(
    page: Page, row: int, hits: Sequence[Hit], claimed: Claimed
) -> Iterator[tuple[Cell, bool]]:
    """What stands where the values do of labels further up or down."""
    for label in sorted({hit.cell.col for hit in hits if hit.rest is None}):
        cell = page.grid.at(row, label)
        if cell.row != row or page.is_label(cell) or claimed.holds(page, cell):
            continue
        if len(cell.text) > LONGEST_LABEL:
            continue
        for value in _value_columns(page, label, hits, claimed):
            found = page.grid.at(row, value)
            if (found.row, found.col) == (row, value) and claimed.leaves(page, found):
                yield found, cell.blank


def _value_columns(page: Page, label: int, hits: Sequence[Hit], claimed: Claimed) -> list[int]:
    """The columns in which the values of the labels of one column were read."""
    columns = set()
    for hit in hits:
        if hit.cell.col == label:
            cells = (c for c in page.grid.rows.get(hit.cell.row, ()) if c.col > hit.cell.span.right)
            if (value := next(cells, None)) and claimed.holds(page, value):
                columns.add(value.col)
    return sorted(columns)


def _behind(
    page: Page, row: int, hits: Sequence[Hit], claimed: Claimed
) -> Iterator[tuple[Cell, bool]]:
    """What stands in a row of the block with the place of a label free before it.

    That is right of a value that was read, or left of all labels.
    """
    if not any(hit.cell.row == row for hit in hits):
        return
    cells = page.grid.rows.get(row, [])
    if cells and cells[0].col > 0 and claimed.leaves(page, cells[0]):
        yield cells[0], True
    for before, cell in pairwise(cells):
        free = before.span.right + 1 < cell.col
        if free and claimed.holds(page, before) and claimed.leaves(page, cell):
            yield cell, True


def left_columns(
    block: TableBlock | MatrixBlock, found: Found, rows: range, claimed: Claimed
) -> dict[str, tuple[Page, Cell]]:
    """Column (or measure) whose label is gone → the first value below its place.

    The place is free, or some other text stands in it: between its neighbours, or above what
    tells of itself which column it belongs to.
    """
    declared: list[Column | Measure] = [*block.columns]
    if isinstance(block, MatrixBlock):
        declared = [*block.measures, *block.columns]
    matched: dict[str, tuple[Page, Cell]] = {}
    for number, column in enumerate(declared):
        if column.key in found or not column.printed:
            continue
        before = [found[each.key] for each in declared[:number] if each.key in found]
        after = [found[each.key] for each in declared[number + 1 :] if each.key in found]
        page, hit = (before[-1:] or after[:1])[0]
        first = before[-1][1].cell.span.right + 1 if before else 0
        last = after[0][1].cell.col - 1 if after else page.right_edge
        taken = {(cell.row, cell.col) for _, cell in matched.values()}
        for col in range(first, last + 1):
            value = _below(page, col, rows, claimed)
            head = page.grid.at(hit.cell.row, col)
            told = bool(before and after) or _tells(column.key, value)
            told = told and not _says_so(column.key, head)
            if not _may_head(page, head, altered=told):
                continue
            kind = column.kind if isinstance(column, Column) else "amount"
            if (
                value
                and can_be(kind, Slot(page, value, value.text))
                and (value.row, value.col) not in taken
            ):
                matched[column.key] = (page, value)
                break
    return matched


def _tells(key: str, value: Cell | None) -> bool:
    """Whether a value can stand in one column only: a body is the unit of an evaluator."""
    return key == "unit" and value is not None and bool(_BODY.fullmatch(compact(value.text)))


def _says_so(key: str, head: Cell) -> bool:
    """Whether a column of people is called otherwise, but what it should be: 职级, 所在部门."""
    return key in _SAYS and bool(_SAYS[key].search(compact(head.text)))


def _may_head(page: Page, cell: Cell, *, altered: bool) -> bool:
    if cell.blank:
        return True
    return altered and not page.is_label(cell) and len(cell.text) <= LONGEST_LABEL


def _below(page: Page, col: int, rows: range, claimed: Claimed) -> Cell | None:
    """The first value in a column, None where there is none."""
    cells = (page.grid.at(row, col) for row in rows)
    return next((cell for cell in cells if cell.col == col and claimed.leaves(page, cell)), None)


def left_measures(
    block: MatrixBlock, found: Found, claimed: Claimed
) -> dict[str, tuple[Page, Cell]]:
    """Measure whose label is gone → the value beside its place, in the row of the others."""
    missing = [measure for measure in block.measures if measure.key not in found]
    left = _beside_measures(found, claimed) if missing else []
    return dict(zip((measure.key for measure in missing if measure.printed), left, strict=False))


def _beside_measures(found: Found, claimed: Claimed) -> list[tuple[Page, Cell]]:
    labels = [(page, hit) for page, hit in found.values()]
    rows = sorted({hit.cell.row for _, hit in labels})
    page, hits = labels[0][0], [hit for _, hit in labels]
    return [
        (page, cell)
        for row in rows
        for cell in (*(cell for cell, _ in _behind(page, row, hits, claimed)),
                     *_behind_other_texts(page, row, claimed))
        if can_be("amount", Slot(page, cell, cell.text))
    ]  # fmt: skip


def _behind_other_texts(page: Page, row: int, claimed: Claimed) -> Iterator[Cell]:
    """What stands beside some other text, right of a value that was read."""
    cells = page.grid.rows.get(row, [])
    for before, label, cell in zip(cells, cells[1:], cells[2:], strict=False):
        touching = before.span.right + 1 == label.col and label.span.right + 1 == cell.col
        both = claimed.leaves(page, label) and claimed.leaves(page, cell)
        if touching and both and claimed.holds(page, before):
            yield cell


def sheet_and_cell(place: tuple[Page, Cell]) -> tuple[str, str]:
    page, cell = place
    return page.grid.name, address(cell.row, cell.col)

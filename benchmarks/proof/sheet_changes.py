"""Two versions of a worksheet: what differs beyond the marks that were to be added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proof.changes import difference, fresh, in_order, remove, shown
from proof.package import (
    areas,
    cells,
    child,
    children,
    descendants,
    drop,
    essence,
    inside,
    local,
    name_of,
    rows,
)
from proof.targets import relation_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proof.package import Element

    Where = tuple[int, int]

SHEET_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData",
    "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter",
    "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr",
    "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties",
    "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing",
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip


def sheet_changes(before: Element, after: Element, marked: set[Where]) -> Iterator[str]:
    """Beyond styles of marked cells, added empty ones, a drawing of comments, our conditions."""
    if in_order(before, SHEET_ORDER) and not in_order(after, SHEET_ORDER):
        yield f"elements out of order: {[local(each) for each in after]}"
    if not [*ascending(before)]:
        yield from ascending(after)
    old, new = fresh(before), fresh(after)
    for tree in (old, new):
        for view in descendants(tree, "sheetView"):
            drop(view, "tabSelected")
    yield from _dimension(old, new)
    if relation_to(old, "legacyDrawing") is None:
        remove(children(new, "legacyDrawing"))
    yield from _conditions(old, new, marked)
    yield from _added_cells(old, new, marked)
    if found := difference(old, new):
        yield found


def ascending(tree: Element) -> Iterator[str]:
    """Rows and cells that stand before an earlier one, or twice."""
    numbers = [number for number, _ in rows(tree)]
    columns = [[column for column, _ in cells(number, row)] for number, row in rows(tree)]
    if any(found != sorted(set(found)) for found in (numbers, *columns)):
        yield "rows or cells out of order, or there twice"


def _dimension(old: Element, new: Element) -> Iterator[str]:
    before, after = child(old, "dimension"), child(new, "dimension")
    if before is None or after is None:
        return
    (small,), (large,) = areas(before.get("ref", "A1")), areas(after.get("ref", "A1"))
    if not (inside(small[:2], large) and inside(small[2:], large)):
        yield f"dimension {before.get('ref')} → {after.get('ref')}"
    after.set("ref", before.get("ref", "A1"))


def _conditions(old: Element, new: Element, marked: set[Where]) -> Iterator[str]:
    there = [essence(each) for each in children(old, "conditionalFormatting")]
    for each in children(new, "conditionalFormatting"):
        if there and essence(each) == there[0]:
            there.pop(0)
            continue
        boxes = areas(each.get("sqref", ""))
        if all(box[:2] == box[2:] and box[:2] in marked for box in boxes):
            remove([each])
        else:
            yield f"conditional format of {each.get('sqref')} is neither theirs nor ours"


def _added_cells(old: Element, new: Element, marked: set[Where]) -> Iterator[str]:
    there: dict[int, set[int]] = {}
    for number, row in rows(old):
        there.setdefault(number, set()).update(_name_cells(number, row, marked))
    for number, row in rows(new):
        _name_cells(number, row, marked)
        for column, cell in cells(number, row):
            if column not in there.get(number, set()):
                yield from _added_cell((number, column), cell, row, marked)
                remove([cell])
        if number not in there:
            if set(row.attrib) - {"r"} or len(row):
                yield f"added row {number}: {shown(row)}"
            remove([row])
    for tree in (old, new):
        _blank_space_apart(child(tree, "sheetData"))


def _added_cell(where: Where, cell: Element, row: Element, marked: set[Where]) -> Iterator[str]:
    if where not in marked or any(map(local, cell)) or set(cell.attrib) - {"r"}:
        yield f"added cell {name_of(*where)}: {shown(cell)}"
    if cell.tag.rpartition("}")[0] != row.tag.rpartition("}")[0]:
        yield f"{name_of(*where)} has another namespace than its row"


def _blank_space_apart(data: Element | None) -> None:
    """`<row></row>` and `<row/>` are the same, also with a line between."""
    for element in [] if data is None else [data, *data]:
        if not len(element) and not (element.text or "").strip():
            element.text = None


def _name_cells(number: int, row: Element, marked: set[Where]) -> list[int]:
    """Say the implied addresses, forget spans and the styles of marked cells."""
    columns = []
    row.set("r", str(number))
    drop(row, "spans")
    for column, cell in cells(number, row):
        columns.append(column)
        cell.set("r", name_of(number, column))
        if (number, column) in marked:
            drop(cell, "s")
    return columns

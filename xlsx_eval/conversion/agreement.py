"""Whether a converted workbook says what the original does, cell for cell."""

from __future__ import annotations

import math
from collections.abc import Collection

from xlsx_eval.reading.grid import Cell, Grid, Raw, Workbook, position

Place = tuple[int, int]
RELATIVE = 1e-12  # numbers are written with fifteen digits or more


def agrees(
    original: Workbook, converted: Workbook, pointed: Collection[tuple[str, str]] = ()
) -> bool:
    """Whether every cell of the original stands in the converted workbook with the same value.

    What a formula yields may differ, for it may have been calculated again, but not in the cells
    that findings are about: those `pointed` at, as (sheet, cell). They also have to be as blank
    and as merged as they were. Sheets that the original's reader passes over may have been added.
    """
    sheets = {grid.name: grid for grid in converted.sheets}
    names = [grid.name for grid in original.sheets]
    if [name for name in sheets if name in names] != names:
        return False
    places: dict[str, set[Place]] = {name: set() for name in names}
    for sheet, cell in pointed:
        if sheet in places:
            places[sheet].add(position(cell))
    return all(
        _sheet_agrees(grid, sheets[grid.name], places[grid.name]) for grid in original.sheets
    )


def _sheet_agrees(original: Grid, converted: Grid, pointed: Collection[Place]) -> bool:
    for row, col in pointed:
        before, after = original.at(row, col), converted.at(row, col)
        if (before.row, before.col) != (after.row, after.col) or before.blank != after.blank:
            return False
    heads = {(cell.row, cell.col) for cell in (original.at(*place) for place in pointed)}
    return all(
        (cell.formula is not None and place not in heads)
        or ((other := converted.cells.get(place)) is not None and _same(cell, other))
        for place, cell in original.cells.items()
    )


def _same(one: Cell, other: Cell) -> bool:
    if one.formula is not None and one.raw is None and one.error is None:
        return True  # never calculated: whatever it yields now
    if one.error or other.error:
        return bool(one.error and other.error)
    before, after = _number(one.raw), _number(other.raw)
    if before is not None and after is not None:
        return math.isclose(before, after, rel_tol=RELATIVE, abs_tol=RELATIVE)
    return one.raw == other.raw or one.text.split() == other.text.split()


def _number(raw: Raw) -> float | None:
    return raw if isinstance(raw, float | int) and not isinstance(raw, bool) else None

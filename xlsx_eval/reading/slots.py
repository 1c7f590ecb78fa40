"""Where the values of a block's fields stand, each seen beside what its neighbours do.

A value that can be read is found without looking around. One that is blank or unreadable is not:
its cell is the one right of the label, below it, or the label's own, as the others of the block
have theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from xlsx_eval.forms.model import FormField
from xlsx_eval.reading.cells import Slot, can_be, cell_below, slot_of
from xlsx_eval.reading.labels import Hit
from xlsx_eval.reading.pages import Page

Named = tuple[FormField, Page, Hit]
"""A field with its label."""

Side = Literal["beside", "below", "behind"]
A_HABIT = 2  # values below their labels


def slots_of(named: Sequence[Named]) -> list[Slot]:
    """The fields' slots, in order."""
    slots = [slot_of(page, hit, field.kind) for field, page, hit in named]
    filled = [(hit, slot) for (_, _, hit), slot in zip(named, slots, strict=True) if not slot.blank]
    sides = Counter(_side(hit, slot) for hit, slot in filled)
    if sides["below"] >= A_HABIT and sides["below"] > sides["beside"]:
        return _below(named, slots)
    behind = sides["behind"] > sides["beside"] + sides["below"]
    return [
        _in_own_cell(each, slot, behind=behind) for each, slot in zip(named, slots, strict=True)
    ]


def _side(hit: Hit, slot: Slot) -> Side:
    if slot.cell is hit.cell:
        return "behind"
    return "below" if slot.cell.row > hit.cell.span.bottom else "beside"


def _below(named: Sequence[Named], slots: Sequence[Slot]) -> list[Slot]:
    """The slots of fields whose values stand below their labels, readable or not.

    What stands beside the block is a note where the value is below all the same.
    """
    read = {(s.page.grid.name, s.cell.row, s.cell.col) for s in slots if not s.blank}
    edge = max(hit.cell.span.right for _, _, hit in named)
    return [_or_below(each, slot, read, edge) for each, slot in zip(named, slots, strict=True)]


def _or_below(named: Named, slot: Slot, read: set[tuple[str, int, int]], edge: int) -> Slot:
    field, page, hit = named
    below = cell_below(page, hit.cell)
    if below is None or hit.rest or (page.grid.name, below.row, below.col) in read:
        return slot
    under = Slot(page, below, below.text)
    beyond = slot.cell.row == hit.cell.row and slot.cell.col > edge
    note = beyond and not under.blank and can_be(field.kind, under)
    return under if slot.blank or note else slot


def _in_own_cell(named: Named, slot: Slot, *, behind: bool) -> Slot:
    """The slot; a blank one is the label's own cell where the value was to follow its colon.

    It was where those of other labels do, or where no cell of the form is free right of it.
    """
    _, page, hit = named
    colon = hit.rest is not None or hit.cell.text.rstrip().endswith((":", "："))
    if not slot.blank or not colon:
        return slot
    right = page.grid.at(hit.cell.row, hit.cell.span.right + 1)
    free = right.blank and right.col <= page.right_edge
    return Slot(page, hit.cell, "") if behind or not free else slot

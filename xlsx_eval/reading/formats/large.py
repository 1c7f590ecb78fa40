"""Sheets too large for a form: units' own lists, of which only the beginning is read."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from xlsx_eval.reading.formats.bounded import Sheet
from xlsx_eval.reading.limits import USUAL

PartOfForm = Callable[[list[str]], bool]
"""Texts at the beginning of a sheet → whether it belongs to the form."""


@dataclass
class Watch:
    """Over a sheet while it is read, so that no more of a unit's own list is read than tells it."""

    sheet: Sheet
    part_of_form: PartOfForm | None
    most: float = USUAL.large_sheet

    def has_seen_enough(self) -> bool:
        """Whether the sheet turned out to be such a list; what was found is cut down then."""
        found = self.sheet.found
        if len(found) <= self.most or self.part_of_form is None:
            return False
        self.most = math.inf
        rows = sorted({row for row, _ in found})[: USUAL.head_rows]
        beginning = {place: each for place, each in found.items() if place[0] <= rows[-1]}
        if self.part_of_form([e.text for e in beginning.values() if isinstance(e.raw, str)]):
            return False
        self.sheet.budget.cells += len(found) - len(beginning)
        self.sheet.found = beginning
        self.sheet.merges.clear()
        return True

"""Which of the known forms a workbook is, and whether a large sheet is part of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from xlsx_eval.forms.model import Form
from xlsx_eval.reading.grid import Grid
from xlsx_eval.reading.labels import Ref, find_labels, label_index, label_key

ENOUGH_COLUMNS = 3
ENOUGH_LABELS = 3


def recognise(sheets: Sequence[Grid], forms: Sequence[Form]) -> Form:
    """The form most of whose labels stand in the workbook; of equals the first."""
    return max(forms, key=lambda form: _found(sheets, form)) if len(forms) > 1 else forms[0]


def _found(sheets: Sequence[Grid], form: Form) -> int:
    """How many parts of the form are named; one that reads as printed counts twice."""
    best: dict[tuple[str, str, str], int] = {}
    for grid in sheets:
        for hit in find_labels(grid, form):
            for ref in hit.refs:
                part = (ref.block, ref.part, ref.key)
                best[part] = max(best.get(part, 1), 2 if ref.printed else 1)
    return sum(best.values())


def belongs_to(forms: Sequence[Form], texts: Iterable[str]) -> bool:
    """Whether the texts of a large sheet's first rows are a form's and not a unit's own list."""
    keys = {label_key(text) for text in texts if len(text) <= 60}
    return any(_is_part(label_index(form), keys) for form in forms)


def _is_part(index: dict[str, tuple[Ref, ...]], keys: set[str]) -> bool:
    columns: dict[str, set[str]] = defaultdict(set)
    others: set[tuple[str, str]] = set()
    for key in keys:
        for ref in index.get(key, ()):
            if ref.part == "heading" and ref.printed:
                return True
            if ref.part == "column" and ref.printed:
                columns[ref.block].add(ref.key)
            elif ref.part in {"field", "measure"}:
                others.add((ref.block, ref.key))
    return len(others) >= ENOUGH_LABELS or any(
        len(found) >= ENOUGH_COLUMNS for found in columns.values()
    )

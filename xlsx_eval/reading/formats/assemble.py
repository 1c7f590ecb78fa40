"""What a format's reader found, put together as a grid."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from xlsx_eval.reading.grid import Cell, Grid, Raw, Span, Width

DAMAGED = "文件已损坏，无法打开，请重新导出或重新报送。"
MAX_MERGE_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in one cell: its value, how it shows, and what else is known of it."""

    raw: Raw
    text: str
    formula: str | None = None
    error: str | None = None


def assemble(
    name: str,
    found: Mapping[tuple[int, int], Found],
    merges: Iterable[Span] = (),
    *,
    hidden_rows: Collection[int] = frozenset(),
    hidden_columns: Collection[int] = frozenset(),
    hidden: bool = False,
    widths: Iterable[Width] = (),
    review: bool = False,
) -> Grid:
    """The grid of one sheet: blank cells and what lies under a merge left out.

    Merges larger than any form has are dropped: whole columns or rows merged say nothing.
    """
    kept = tuple(
        span
        for span in merges
        if (span.bottom - span.top + 1) * (span.right - span.left + 1) <= MAX_MERGE_CELLS
    )
    heads = {(span.top, span.left): span for span in kept}
    covered = {
        (row, col)
        for span in kept
        for row in range(span.top, span.bottom + 1)
        for col in range(span.left, span.right + 1)
    } - heads.keys()
    cells = {}
    for place, each in found.items():
        if place in covered or not each.text:
            continue
        row, col = place
        away = row in hidden_rows or col in hidden_columns
        span = heads.get(place) or Span(row, col, row, col)
        cells[place] = Cell(span, each.raw, each.text, each.formula, each.error, away)
    away_rows, away_columns = frozenset(hidden_rows), frozenset(hidden_columns)
    return Grid(name, cells, kept, hidden, away_rows, away_columns, tuple(widths), review)

"""The columns of a sheet: the borders its blocks want, brought together on one grid."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import log
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Borders nearer than this many characters become one: slivers of columns are hard to work with.
SNAP = 8.0


class Span(NamedTuple):
    """Sheet columns that one column of a block covers, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Widths of the sheet's columns in characters, and each block's spans over them."""

    widths: tuple[float, ...]
    spans: Mapping[str, tuple[Span, ...]]

    @property
    def last_column(self) -> int:
        return len(self.widths) - 1

    def width(self, span: Span) -> float:
        return sum(self.widths[span.first : span.last + 1])


def lay_out(wanted: Mapping[str, Sequence[float]]) -> Grid:
    """Block key → the widths it wants, the most important block first → the grid of its sheet.

    All blocks are stretched to the widest one. A block's border goes to one that is there already
    where it is near, so a table that comes first keeps its cells in single columns.
    """
    width = max(sum(widths) for widths in wanted.values())
    stops: set[float] = {0.0, width}
    borders: dict[str, list[float]] = {}
    for key, widths in wanted.items():
        borders[key] = _place(widths, width, stops)
        stops.update(borders[key])
    ordered = sorted(stops)
    spans = {
        key: tuple(
            Span(ordered.index(left), ordered.index(right) - 1) for left, right in pairwise(edges)
        )
        for key, edges in borders.items()
    }
    return Grid(tuple(right - left for left, right in pairwise(ordered)), spans)


def cover(columns: Sequence[float], wanted: Sequence[float]) -> tuple[Span, ...]:
    """Share the columns out among parts that want these widths, at least one each, as they are.

    No column is split: Excel fits a row by itself only to cells that are not merged. Widths are
    compared by their ratio, so that a narrow part does not pay for a wide one.
    """
    scale = sum(columns) / sum(wanted)
    # Number of columns shared out → the cost so far, and the parts' spans.
    best: dict[int, tuple[float, tuple[Span, ...]]] = {0: (0.0, ())}
    for place, part in enumerate(wanted):
        after: dict[int, tuple[float, tuple[Span, ...]]] = {}
        left = len(wanted) - place - 1
        for first, (cost, spans) in best.items():
            for end in range(first + 1, len(columns) - left + 1):
                misfit = log(sum(columns[first:end]) / (part * scale)) ** 2
                option = cost + misfit, (*spans, Span(first, end - 1))
                after[end] = min(after.get(end, option), option)
        best = after
    return best[len(columns)][1]


def _place(widths: Sequence[float], width: float, stops: set[float]) -> list[float]:
    """Return the block's borders, left edge and right edge included."""
    scale = width / sum(widths)
    edges = [0.0]
    for ideal in list(accumulate(part * scale for part in widths))[:-1]:
        free = [stop for stop in stops if edges[-1] < stop < width and abs(stop - ideal) <= SNAP]
        edges.append(min(free, key=lambda stop: abs(stop - ideal)) if free else round(ideal, 1))
    return [*edges, width]

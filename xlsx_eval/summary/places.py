"""Where the rows of the lists stand: on which sheet, and the ranges that formulas read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

if TYPE_CHECKING:
    from collections.abc import Sequence

LAST_ROW = 1_048_576
"""Rows that a worksheet may have."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet's share of a list: items from `start` up to `stop`, the first in row `first`."""

    sheet: str
    start: int
    stop: int
    first: int

    @property
    def last(self) -> int:
        return self.first + self.stop - self.start - 1

    def range(self, column: int) -> str:
        letter = xl_col_to_name(column)
        return f"'{self.sheet}'!${letter}${self.first + 1}:${letter}${self.last + 1}"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of `count` items from row `first` (from 0) on, on as many sheets as it takes."""

    name: str
    count: int
    first: int

    @property
    def parts(self) -> list[Part]:
        """At least one, which may be empty."""
        most = LAST_ROW - self.first
        starts = range(0, max(self.count, 1), most)
        return [
            Part(
                self.name if not start else f"{self.name}({number})",
                start,
                min(start + most, self.count),
                self.first,
            )
            for number, start in enumerate(starts, start=1)
        ]

    def ranges(self, column: int) -> list[str]:
        """The list's cells in a column, one range a sheet; none if it is empty."""
        return [part.range(column) for part in self.parts if part.stop > part.start]

    def range(self, column: int) -> str:
        """The cells of a list that is known to be on one sheet and not empty."""
        (only,) = self.ranges(column)
        return only

    def block(self, start: int, stop: int, columns: int) -> str:
        """Items as a link's target, `'问题清单'!A4:N9`, as far as they are on the first's sheet."""
        part = next(part for part in self.parts if part.start <= start < part.stop)
        first = part.first + start - part.start
        last = part.first + min(stop, part.stop) - part.start - 1
        return f"'{part.sheet}'!A{first + 1}:{xl_col_to_name(columns - 1)}{last + 1}"

    def counted(self, conditions: Sequence[tuple[int, str]]) -> str:
        """COUNTIFS over all sheets of the list: (column, criterion as a formula writes it)."""
        return self._summed("COUNTIFS", [], conditions)

    def summed(self, column: int, conditions: Sequence[tuple[int, str]]) -> str:
        """SUMIFS over all sheets of the list."""
        return self._summed("SUMIFS", [column], conditions)

    def _summed(
        self, function: str, columns: list[int], conditions: Sequence[tuple[int, str]]
    ) -> str:
        values = [self.ranges(column) for column in columns]
        tested = [(self.ranges(column), criterion) for column, criterion in conditions]
        terms = []
        for number, part in enumerate(self.parts):
            if part.stop <= part.start:
                continue
            arguments = [ranges[number] for ranges in values]
            for ranges, criterion in tested:
                arguments += [ranges[number], criterion]
            terms.append(f"{function}({','.join(arguments)})")
        return "+".join(terms) or "0"


def exactly(text: str) -> str:
    """A criterion that only that text meets: no wildcard, no comparison."""
    for sign in "~*?":
        text = text.replace(sign, f"~{sign}")
    escaped = text.replace('"', '""')
    return f'"={escaped}"'

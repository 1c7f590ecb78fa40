"""What is to be said about one submission."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.annotation.ooxml.addresses import LAST_COLUMN, LAST_ROW, column_number

if TYPE_CHECKING:
    from collections.abc import Sequence

_RANKS = {severity: rank for rank, severity in enumerate(look.SEVERITIES)}
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_RELATED = re.compile(r"(?:'((?:[^']|'')+)'|([^';!]+))!([A-Z]{1,3}\d+)")


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding, the sentences about it, and what people have answered so far."""

    rule: str
    name: str
    severity: str
    sheet: str | None
    cell: str | None
    related: str
    problem: str
    advice: str
    basis: str
    expected: str
    actual: str
    reply: str = ""
    decision: str = ""

    @property
    def rank(self) -> int:
        """0 for an error, 1 for a warning, 2 for a notice."""
        return _RANKS[self.severity]

    @property
    def compared(self) -> list[tuple[str, str]]:
        """Sheet and cell of each related cell."""
        found = _RELATED.findall(self.related)
        return [(quoted.replace("''", "'") or bare, cell) for quoted, bare, cell in found]


@dataclass(frozen=True, slots=True)
class Answer:
    """What people typed beside one finding of an earlier copy; empty texts where there is none."""

    rule: str
    sheet: str
    cell: str
    problem: str
    reply: str
    decision: str


@dataclass(frozen=True, slots=True)
class Review:
    """The findings of one submission and its verdict: 通过, 需核实 or 退回修改.

    `earlier` are answers to findings that are no longer made, `note` is one sentence about the
    copy itself: that it was made from another format.
    """

    project: str
    unit: str
    verdict: str
    marks: tuple[Mark, ...] = ()
    earlier: tuple[Answer, ...] = ()
    note: str = ""

    def count(self, severity: str) -> int:
        return sum(mark.severity == severity for mark in self.marks)

    def ordered(self, sheets: Sequence[str]) -> list[Mark]:
        """Errors first, then by the workbook's sheets and by row and column."""
        return sorted(self.marks, key=lambda mark: (mark.rank, *_where(mark, sheets)))


def _where(mark: Mark, sheets: Sequence[str]) -> tuple[int, int, int]:
    sheet = sheets.index(mark.sheet) if mark.sheet in sheets else len(sheets)
    return (sheet, *(position(mark.cell) or (0, 0)))


def position(cell: str | None) -> tuple[int, int] | None:
    """`D13` → (13, 4); None for what is no cell of a worksheet."""
    match = _CELL.fullmatch(cell or "")
    if match is None:
        return None
    column = column_number(match[1])
    row = int(match[2])
    return (row, column) if row <= LAST_ROW and column <= LAST_COLUMN else None

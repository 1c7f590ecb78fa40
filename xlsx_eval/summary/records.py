"""A row of what the county workbook lists: a file, a project, a finding.

Amounts are in 万元 and exact decimals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MEASURES = ("planned", "received", "spent", "balance")
RECEIVED, EXECUTED = "received_rate", "execution_rate"
RATES = (RECEIVED, EXECUTED)
"""资金到位率 = 实际到位 / 计划安排, 预算执行率 = 实际支出 / 实际到位, or else / 计划安排."""

_DIGITS = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class File:
    """A file of the inbox; `annotated` is the marked copy's path relative to the summary."""

    file: str
    sha256: str
    checked: bool
    reason: str
    annotated: str
    errors: int
    warnings: int
    notices: int
    verdict: str
    grade: str


@dataclass(frozen=True, slots=True)
class Project:
    """A checked submission: amounts are the form's totals as reported, None where blank."""

    file: File
    department: str
    unit: str
    name: str
    planned: Decimal | None
    received: Decimal | None
    spent: Decimal | None
    balance: Decimal | None
    score: Decimal | None
    base: str = "received"
    """What 预算执行率 divides by: `planned` where the form doesn't ask for money received."""
    sources: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    """(measure, source) → amount, where one is filled in."""
    guessed: bool = False
    """Whether `department` is that of the unit's other projects, as this one tells none."""

    def amount(self, measure: str, source: str = "total") -> Decimal | None:
        if source != "total" or measure not in MEASURES:
            return self.sources.get((measure, source))
        amount: Decimal | None = getattr(self, measure)
        return amount

    def rate_parts(
        self, which: str, source: str = "total"
    ) -> tuple[Decimal | None, Decimal | None]:
        """The part and the whole of a rate, neither where one is unknown."""
        measures = ("received", "planned") if which == RECEIVED else ("spent", self.base)
        part, whole = (self.amount(measure, source) for measure in measures)
        return (None, None) if part is None or whole is None else (part, whole)


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding; `annotated` as in its file, empty where it belongs to no file."""

    file: str
    annotated: str
    department: str
    unit: str
    project: str
    rule: str
    name: str
    severity: str
    sheet: str
    cell: str
    message: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of a project that counts; `outcome` is attained, missed, unclear or blank."""

    project: Project
    kind: str
    level2: str
    content: str
    target: str
    actual: str
    reason: str
    sheet: str
    cell: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A project of the roster without a submission, or with one under another name."""

    unit: str
    project: str
    budget: Decimal | None
    department: str
    remark: str
    submitted_as: str


@dataclass(frozen=True, slots=True)
class Group:
    """Projects of one unit or department; `number` is its row in the list of them, from 1."""

    number: int
    department: str
    unit: str
    projects: tuple[Project, ...]


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Exact sum of the amounts there are; None where there is none."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def rate(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Part of whole to six decimals, as the workbook's formulas round; None where there is none."""
    if part is None or whole is None or whole <= 0:
        return None
    return (part / whole).quantize(_DIGITS, ROUND_HALF_UP)


def rate_sums(
    projects: Iterable[Project], which: str, source: str = "total"
) -> tuple[Decimal, Decimal]:
    """The part and the whole of a rate over the projects that state both."""
    parts = [project.rate_parts(which, source) for project in projects]
    part, whole = (total(each) for each in zip(*parts, strict=True)) if parts else (None, None)
    return part or Decimal(0), whole or Decimal(0)


def mean(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) / len(known) if known else None

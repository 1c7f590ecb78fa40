"""The results of many workbooks as Markdown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from proof.checks import CHECKS
from proof.targets import KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from proof.checks import Outcome, Problem

OFFICE = "LibreOffice converts it and shows the fills and the comments"
MANY = 60  # a line for each workbook up to so many
INTRODUCTION = (
    "What `python benchmarks/fidelity.py FOLDER` says: each workbook is annotated, and the copy "
    "compared with its original by an eye of its own."
)


@dataclass
class Table:
    """The results as Markdown."""

    folder: Path
    found: dict[Path, Outcome] = field(default_factory=dict)

    @property
    def failures(self) -> list[tuple[str, Problem]]:
        return [
            (self._name(path), problem)
            for path, outcome in self.found.items()
            for problem in outcome.problems
        ]

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def text(self) -> str:
        parts = [
            "# Fidelity of annotated copies",
            INTRODUCTION,
            self._summary(),
            self._checks(),
            self._kinds(),
        ]
        if len(self.found) <= MANY:
            parts.append(self._workbooks())
        parts += [self._refusals(), self._failures()]
        return "\n\n".join(part for part in parts if part) + "\n"

    def _summary(self) -> str:
        refused = sum(bool(outcome.refused) for outcome in self.found.values())
        same = sum(outcome.same_bytes for outcome in self.found.values())
        taken = len(self.found) - refused
        return (
            f"{len(self.found)} workbooks: {taken} annotated, {refused} refused (no workbooks, "
            f"broken or with a password); {len({name for name, _ in self.failures})} with a "
            f"failure. Annotated twice, {same} of {taken} are the same to the byte."
        )

    def _checks(self) -> str:
        made = Counter(check for outcome in self.found.values() for check in outcome.made)
        failed = Counter(
            check
            for outcome in self.found.values()
            for check in {problem.check for problem in outcome.problems}
        )
        names = CHECKS | ({"office": OFFICE} if made["office"] else {})
        lines = [
            f"| {check} | {meaning} | {made[check]} | {failed[check]} |"
            for check, meaning in names.items()
        ]
        return "\n".join(
            ["| check | says | workbooks | failed |", "| --- | --- | --: | --: |", *lines]
        )

    def _kinds(self) -> str:
        cells: Counter[str] = Counter()
        for outcome in self.found.values():
            cells += outcome.kinds
        return "Cells marked: " + ", ".join(f"{cells[kind]} {kind}" for kind in KINDS) + "."

    def _workbooks(self) -> str:
        lines = [
            f"| {self._name(path)} | {outcome.kinds.total()} | {self._verdict(outcome)} |"
            for path, outcome in self.found.items()
        ]
        return "\n".join(["| workbook | cells marked | result |", "| --- | --: | --- |", *lines])

    def _verdict(self, outcome: Outcome) -> str:
        if outcome.problems:
            return "fails: " + ", ".join(sorted({problem.check for problem in outcome.problems}))
        return "refused" if outcome.refused else "passes"

    def _refusals(self) -> str:
        lines = [
            f"- {self._name(path)}: {outcome.refused}"
            for path, outcome in self.found.items()
            if outcome.refused
        ]
        return "\n".join(["Refused:", "", *lines]) if lines else ""

    def _failures(self) -> str:
        lines = [f"- {name}: {problem.check}: `{problem.text}`" for name, problem in self.failures]
        return "\n".join(["Failures:", "", *lines]) if lines else "No check failed."

"""What the county workbook tells: frames and findings as the rows that its sheets list.

Amounts are in 万元 and stay exact decimals here; only the writer makes them floats.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from xlsx_eval import look

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xlsx_eval.frames import Frames

MEASURES = ("planned", "received", "spent", "balance")
GRADES = ("优", "良", "中", "差")
NO_GRADE = "未评定"


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


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding; `annotated` as in its file, empty where it belongs to no file."""

    file: str
    annotated: str
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
class Missing:
    """A project of the roster without a submission, or with one under another name."""

    unit: str
    project: str
    budget: Decimal | None
    department: str
    remark: str
    submitted_as: str


@dataclass(frozen=True, eq=False)
class Absent:
    """How many projects the roster lists, and those without a submission (columns MISSING)."""

    expected: int
    missing: pd.DataFrame

    @cached_property
    def listed(self) -> list[Missing]:
        """The projects of which nothing came, then those that came under another name."""
        rows = [
            Missing(
                _text(row["unit"]), _text(row["project"]), _amount(row["budget"]),
                _text(row["department"]), _text(row["remark"]), _text(row["submitted_as"]),
            )
            for row in self.missing.to_dict("records")
        ]  # fmt: skip
        return sorted(rows, key=lambda row: bool(row.submitted_as))

    @property
    def count(self) -> int:
        return sum(not row.submitted_as for row in self.listed)


@dataclass(frozen=True)
class County:
    """A county's frames, findings (columns FINDINGS), files, and the rules' Chinese names.

    `replaced`: file → the file that counts in its place. `absent` is None without a roster.
    `grades` are those a project may have, the best first.
    """

    name: str
    year: str
    frames: Frames
    findings: pd.DataFrame
    files: pd.DataFrame
    rules: Mapping[str, str]
    grades: tuple[str, ...] = GRADES
    replaced: Mapping[str, str] = field(default_factory=dict)
    absent: Absent | None = None

    def title(self, what: str) -> str:
        """`云溪县2021年度项目绩效自评汇总`."""
        year = self.year.removesuffix("年度").removesuffix("年")
        return f"{self.name}{f'{year}年度' if year else ''}项目绩效自评{what}"

    @cached_property
    def listed(self) -> list[File]:
        """Every file, in the given order."""
        return [_file(row) for row in self.files.to_dict("records")]

    @cached_property
    def submissions(self) -> list[Project]:
        """The checked submissions, in the order of the files."""
        facts = _by_file(self.frames.projects)
        totals = _totals(self.frames.funds)
        return [
            _project(file, facts.get(file.file, {}), totals) for file in self.listed if file.checked
        ]

    @cached_property
    def projects(self) -> list[Project]:
        """The submissions that count."""
        return [each for each in self.submissions if each.file.file not in self.replaced]

    @cached_property
    def repeated(self) -> list[Project]:
        """The submissions in whose place a later one of the same project counts."""
        return [each for each in self.submissions if each.file.file in self.replaced]

    @cached_property
    def problems(self) -> list[Problem]:
        """Every finding, by file in the given order, then by severity."""
        files = {file.file: file for file in self.listed}
        orders = {name: order for order, name in enumerate(files)}
        severities = list(look.SEVERITIES)
        problems = [_problem(row, files, self.rules) for row in self.findings.to_dict("records")]
        return sorted(
            problems,
            key=lambda each: (
                orders.get(each.file, len(orders)),
                severities.index(each.severity),
            ),
        )

    @cached_property
    def severities(self) -> Counter[str]:
        return Counter(problem.severity for problem in self.problems)

    @cached_property
    def verdicts(self) -> Counter[str]:
        return Counter(project.file.verdict for project in self.projects)

    @property
    def unread(self) -> int:
        return sum(not file.checked for file in self.listed)

    @property
    def units(self) -> int:
        return len({project.unit for project in self.projects} - {""})

    def graded(self) -> list[tuple[str, int]]:
        """Grade → projects: every grade, and 未评定 where there is one."""
        counts = Counter(project.file.grade or NO_GRADE for project in self.projects)
        shown = [(grade, counts[grade]) for grade in self.grades]
        return [*shown, (NO_GRADE, counts[NO_GRADE])] if counts[NO_GRADE] else shown

    def commonest(self, most: int) -> list[tuple[str, int]]:
        """Rule with its name → findings, the most frequent first."""
        counts = Counter(f"{each.rule} {each.name}".rstrip() for each in self.problems)
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]

    def remarks(self) -> list[str]:
        """Sentences that a reader of the totals has to know about them."""
        blank = sum(
            any(getattr(project, each) is None for each in ("planned", project.base, "spent"))
            for project in self.projects
        )
        remarks = []
        if blank:
            remarks.append(f"{blank} 个项目的金额未填全，空白处未计入合计。")
        if self.repeated:
            remarks.append(f"{len(self.repeated)} 份工作簿疑似重复报送，列在表末，未计入合计。")
        return remarks


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Exact sum of the amounts there are; None where there is none."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def rate(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Part of whole; None where it can't be computed."""
    if part is None or whole is None or whole <= 0:
        return None
    return part / whole


def mean(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) / len(known) if known else None


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _number(value: Any) -> int:
    return 0 if pd.isna(value) else int(value)


def _amount(value: Any) -> Decimal | None:
    return None if pd.isna(value) else Decimal(value)


def _file(row: Mapping[Any, Any]) -> File:
    return File(
        file=_text(row["file"]),
        sha256=_text(row["sha256"]),
        checked=row["status"] == "checked",
        reason=_text(row["reason"]),
        annotated=_text(row["annotated"]),
        errors=_number(row["errors"]),
        warnings=_number(row["warnings"]),
        notices=_number(row["notices"]),
        verdict=_text(row["verdict"]),
        grade=_text(row["grade"]),
    )


def _by_file(projects: pd.DataFrame) -> dict[str, Mapping[Any, Any]]:
    columns = ["file", "department", "project_unit", "project_name", "score"]
    rows = projects[columns].drop_duplicates("file").to_dict("records")
    return {str(row["file"]): row for row in rows}


def _totals(funds: pd.DataFrame) -> dict[tuple[str, str], Decimal | None]:
    """(file, measure) → the total that the form states."""
    stated = funds[funds["source"] == "total"].drop_duplicates(["file", "measure"])
    return {
        (str(file), str(measure)): _amount(amount)
        for file, measure, amount in zip(
            stated["file"], stated["measure"], stated["amount"], strict=True
        )
    }


def _project(
    file: File, facts: Mapping[Any, Any], totals: Mapping[tuple[str, str], Decimal | None]
) -> Project:
    return Project(
        file=file,
        department=_text(facts.get("department")),
        unit=_text(facts.get("project_unit")).strip(),
        name=_text(facts.get("project_name")),
        planned=totals.get((file.file, "planned")),
        received=totals.get((file.file, "received")),
        spent=totals.get((file.file, "spent")),
        balance=totals.get((file.file, "balance")),
        score=_amount(facts.get("score")),
        base="received" if (file.file, "received") in totals else "planned",
    )


def _problem(
    row: Mapping[Any, Any], files: Mapping[str, File], rules: Mapping[str, str]
) -> Problem:
    name = _text(row["file"])
    rule = _text(row["rule"])
    return Problem(
        file=name,
        annotated=files[name].annotated if name in files else "",
        project=_text(row["project"]),
        rule=rule,
        name=rules.get(rule, ""),
        severity=_text(row["severity"]),
        sheet=_text(row["sheet"]),
        cell=_text(row["cell"]),
        message=_text(row["message"]),
        expected=_text(row["expected"]),
        actual=_text(row["actual"]),
    )

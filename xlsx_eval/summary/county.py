"""What the county workbook tells: frames and findings as the rows that its sheets list.

Amounts are in 万元 and stay exact decimals here; only the writer makes them floats.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.summary import extract
from xlsx_eval.summary.decisions import Decision, Decisions

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsx_eval.frames import Frames
    from xlsx_eval.summary.records import File, Group, Indicator, Missing, Problem, Project

GRADES = ("优", "良", "中", "差")
NO_GRADE = "未评定"


@dataclass(frozen=True, eq=False)
class Absent:
    """How many projects the roster lists, and those without a submission (columns MISSING)."""

    expected: int
    missing: pd.DataFrame

    @cached_property
    def listed(self) -> list[Missing]:
        """The projects of which nothing came, then those that came under another name."""
        return extract.missing_of(self.missing)

    @property
    def count(self) -> int:
        return sum(not row.submitted_as for row in self.listed)

    @property
    def otherwise(self) -> int:
        """Those that may have come under another name: they count as reported."""
        return len(self.listed) - self.count


@dataclass(frozen=True)
class County:
    """A county's frames, findings (columns FINDINGS), files, and the rules' Chinese names.

    `replaced`: file → the file that counts in its place. `absent` is None without a roster.
    `grades` are those a project may have, the best first. `achievements` (columns ACHIEVEMENTS)
    tells what became of the indicators, `decisions` what people typed into the summary before.
    `unit_names`: what a unit or department is called in one workbook → in the whole county.
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
    achievements: pd.DataFrame | None = None
    decisions: tuple[Decision, ...] = ()
    unit_names: Mapping[str, str] = field(default_factory=dict)

    def title(self, what: str) -> str:
        """`云溪县2021年度项目绩效自评汇总`."""
        year = self.year.removesuffix("年度").removesuffix("年")
        return f"{self.name}{f'{year}年度' if year else ''}项目绩效自评{what}"

    @cached_property
    def listed(self) -> list[File]:
        """Every file, in the given order."""
        return extract.files_of(self.files)

    @cached_property
    def submissions(self) -> list[Project]:
        """The checked submissions, in the order of the files."""
        return extract.submissions_of(self.listed, self.frames, self.unit_names)

    @cached_property
    def projects(self) -> list[Project]:
        """The submissions that count."""
        return [each for each in self.submissions if each.file.file not in self.replaced]

    @cached_property
    def repeated(self) -> list[Project]:
        """The submissions in whose place a later one of the same project counts."""
        return [each for each in self.submissions if each.file.file in self.replaced]

    @cached_property
    def departments(self) -> list[Group]:
        """The departments, the largest plan first."""
        return extract.departments_of(self.projects)

    @cached_property
    def units(self) -> list[Group]:
        """The units, by department."""
        return extract.units_of(self.projects)

    @cached_property
    def units_once(self) -> frozenset[int]:
        """The number of each unit's first group: it may have one under each of some departments."""
        first = {group.unit: group.number for group in reversed(self.units) if group.unit}
        return frozenset(first.values())

    @cached_property
    def department_numbers(self) -> dict[str, int]:
        """Department's name → its number in `departments`."""
        return {group.department: group.number for group in self.departments}

    @cached_property
    def unit_numbers(self) -> dict[str, int]:
        """File → its unit's number in `units`."""
        return {
            project.file.file: group.number for group in self.units for project in group.projects
        }

    @cached_property
    def problems(self) -> list[Problem]:
        """Every finding, by file in the given order, then by severity."""
        files = {file.file: file for file in self.listed}
        orders = {name: order for order, name in enumerate(files)}
        severities = {severity: order for order, severity in enumerate(look.SEVERITIES)}
        submissions = {project.file.file: project for project in self.submissions}
        problems = extract.problems_of(self.findings, files, submissions, self.rules)
        return sorted(
            problems,
            key=lambda each: (orders.get(each.file, len(orders)), severities[each.severity]),
        )

    @cached_property
    def answers(self) -> Decisions:
        """What people typed beside the findings of the summary before, beside these findings."""
        return Decisions.of(self.decisions, self.problems)

    @cached_property
    def indicators(self) -> list[Indicator]:
        """The indicators of the projects that count."""
        if self.achievements is None:
            return []
        projects = {project.file.file: project for project in self.projects}
        return extract.indicators_of(self.achievements, projects)

    @cached_property
    def severities(self) -> Counter[str]:
        return Counter(problem.severity for problem in self.problems)

    @cached_property
    def verdicts(self) -> Counter[str]:
        return Counter(project.file.verdict for project in self.projects)

    @cached_property
    def sources(self) -> list[tuple[str, str]]:
        """The (measure, source) pairs of which some project states an amount."""
        return sorted({key for project in self.projects for key in project.sources})

    @property
    def unread(self) -> int:
        return sum(not file.checked for file in self.listed)

    def graded(self) -> list[tuple[str, int]]:
        """Grade → projects: every grade, and 未评定."""
        counts = Counter(project.file.grade or NO_GRADE for project in self.projects)
        return [(grade, counts[grade]) for grade in (*self.grades, NO_GRADE)]

    def commonest(self) -> list[tuple[str, str, int]]:
        """Rules with their names and how many findings they have, the most frequent first."""
        counts = Counter((each.rule, each.name) for each in self.problems)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [(rule, name, count) for (rule, name), count in ordered]

    def remarks(self, *, repeated: bool = True) -> list[str]:
        """Sentences that a reader of the totals has to know about them."""
        guessed = sum(project.guessed for project in self.projects)
        blank = sum(
            any(project.amount(each) is None for each in ("planned", project.base, "spent"))
            for project in self.projects
        )
        planned = sum(project.base == "planned" for project in self.projects)
        remarks = []
        if blank:
            remarks.append(f"{blank} 个项目的金额未填全，空白处未计入合计。")
        if planned:
            remarks.append(
                f"{planned} 个项目的自评表没有“实际到位”栏，执行率按计划安排（全年预算）计算。"
            )
        if guessed:
            remarks.append(f"{guessed} 个项目未填写主管部门，归入该单位其他项目所填的主管部门。")
        if repeated and self.repeated:
            remarks.append(
                f"{len(self.repeated)} 份工作簿疑似重复报送，列在项目汇总表末，未计入合计。"
            )
        return remarks

    def remark_on_findings(self) -> str:
        """Why there are more findings than 项目汇总表 adds up; empty where there are not."""
        counted = {project.file.file for project in self.projects}
        others = sum(problem.file not in counted for problem in self.problems)
        if not others:
            return ""
        return (
            f"错误、疑点、提示：总览按问题清单计，比项目汇总表的合计多 {others} 条，"
            "属于重复报送的工作簿或未报送的项目。"
        )

"""Counties made up for the tests: through the canonical frames, as the pipeline would."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from xlsx_eval.frames import ACHIEVEMENTS, FINDINGS, build_frames, table, verdict
from xlsx_eval.summary import County, write_summary

RULES = {
    "F101": "实际支出大于实际到位",
    "F102": "结余与到位、支出不符",
    "F108": "资金未足额到位",
    "F109": "预算执行率偏低",
    "D202": "明细合计与实际支出不一致",
    "D204": "缺少会计凭证号",
    "I303": "指标未达到目标",
    "I306": "缺少必填指标",
    "S403": "评价等次与得分不符",
    "P501": "评价人员不足三人",
    "P506": "意见未签字或未署日期",
    "N702": "文字过短",
    "C001": "重复报送",
    "C004": "应报未报",
}


@dataclass(frozen=True)
class Value:
    value: object
    text: str | None = None
    sheet: str | None = "一、项目基本情况"
    cell: str | None = "C4"


@dataclass(frozen=True)
class Submission:
    file: str
    rows: Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Report:
    """What a unit reports; amounts in 万元, planned, received, spent, balance."""

    name: str | None
    unit: str | None
    department: str | None
    amounts: Sequence[str | None]
    score: str | None
    grade: str | None
    findings: Sequence[tuple[str, str]] = ()  # (rule, severity)
    file: str = ""
    message: str = "实际支出大于实际到位资金，请核对到位资金和支出数，确有垫付的说明资金来源。"
    sheet: str = "一、项目基本情况"
    sources: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (measure, source)
    indicators: Sequence[tuple[str, str]] = ()  # (kind, outcome)
    asks_for: Sequence[str] = ("planned", "received", "spent", "balance")


MakeCounty = Callable[..., County]


def submission(report: Report, file: str) -> Submission:
    facts = {
        "project_name": report.name, "project_unit": report.unit, "department": report.department,
    }  # fmt: skip
    project = {name: Value(text) for name, text in facts.items() if text is not None}
    if report.score is not None:
        project["score"] = Value(Decimal(report.score))
    amounts = dict(zip(report.asks_for, report.amounts, strict=True))
    told = {(measure, "total"): amount for measure, amount in amounts.items()}
    told |= dict(report.sources)
    funds: list[dict[str, Any]] = [
        {"measure": measure, "source": source, "amount": Value(_decimal(amount))}
        for (measure, source), amount in told.items()
    ]
    return Submission(file, {"projects": [project], "funds": funds})


def _decimal(amount: str | None) -> Decimal | None:
    return None if amount is None else Decimal(amount)


def county(
    reports: Sequence[Report],
    rejected: Sequence[tuple[str, str]] = (),
    name: str = "云溪县",
    year: str = "2021",
    extra_findings: Sequence[Mapping[str, Any]] = (),
) -> County:
    names = [report.file or f"报送/{number:04}.xlsx" for number, report in enumerate(reports, 1)]
    findings: list[Mapping[str, Any]] = []
    files: list[dict[str, Any]] = []
    for file, report in zip(names, reports, strict=True):
        findings += [
            {
                "file": file, "project": report.name, "rule": rule, "severity": severity,
                "sheet": report.sheet, "cell": "D13", "related": "", "message": report.message,
                "expected": "不大于180", "actual": "195.5",
            }
            for rule, severity in report.findings
        ]  # fmt: skip
        severities = [severity for _, severity in report.findings]
        errors, warnings = severities.count("error"), severities.count("warning")
        files.append(
            {
                "file": file, "sha256": "ab12" * 16, "status": "checked", "reason": None,
                "annotated": f"annotated/{file}", "errors": errors, "warnings": warnings,
                "notices": severities.count("notice"), "verdict": verdict(errors, warnings),
                "grade": report.grade,
            }
        )  # fmt: skip
    for file, reason in rejected:
        files.append({"file": file, "sha256": "cd34" * 16, "status": "rejected", "reason": reason})
    columns = [
        "file", "sha256", "status", "reason", "annotated", "errors", "warnings", "notices",
        "verdict", "grade",
    ]  # fmt: skip
    frames = build_frames(submission(*pair) for pair in zip(reports, names, strict=True))
    indicators = [
        {
            "file": file, "kind": kind, "level2": kind, "content": f"{kind}内容", "target": "≥95%",
            "actual": "97%", "sheet": report.sheet, "cell": "F17", "outcome": outcome,
        }
        for file, report in zip(names, reports, strict=True)
        for kind, outcome in report.indicators
    ]  # fmt: skip
    return County(
        name=name,
        year=year,
        frames=frames,
        findings=pd.DataFrame([*findings, *extra_findings], columns=list(FINDINGS), dtype="string"),
        files=pd.DataFrame(files, columns=columns).convert_dtypes(),
        rules=RULES,
        achievements=table(indicators, ACHIEVEMENTS),
    )


UNITS = {
    "县住房和城乡建设局": "县住房和城乡建设局",
    "县第三中学": "县教育体育局",
    "县人民医院": "县卫生健康局",
    "长塘镇人民政府": "县财政局",
    "县农业农村事务中心": "县农业农村局",
}
PROJECTS = (
    "城区背街小巷改造工程", "义务教育薄弱环节改善与能力提升项目", "村级卫生室标准化建设",
    "高标准农田建设项目（第二批）", "农村饮水安全巩固提升工程及水质监测能力建设",
)  # fmt: skip
SCORES = (("96.5", "优"), ("88", "良"), ("92.25", "优"), ("74", "中"), ("55", "差"), (None, None))


def reports(count: int) -> list[Report]:
    codes = list(RULES)[:12]
    units = list(UNITS.items())
    made = []
    for number in range(count):
        unit, department = units[number % 5]
        planned = Decimal(number % 37 + 1) * Decimal("12.34")
        spent = planned + (Decimal("1.5") if number % 7 == 3 else Decimal("-0.1") * (number % 5))
        score, grade = SCORES[number % 6]
        some = [
            (codes[(number * 3 + each) % 12], ("error", "warning", "notice")[(number + each) % 3])
            for each in range(0 if number % 4 == 0 else 1 + number % 21)
        ]
        made.append(
            Report(
                name=f"{PROJECTS[number % 5]}{number // 5 + 1}期",
                unit=unit,
                department=department,
                amounts=[str(planned), str(planned), str(spent), str(planned - spent)],
                score=score,
                grade=grade,
                findings=some,
                file=f"{unit}/2021年度 绩效自评表 {number + 1:03}.xlsx",
            )
        )
    return made


@pytest.fixture(scope="session")
def make_report() -> Callable[..., Report]:
    return Report


@pytest.fixture(scope="session")
def make_county() -> MakeCounty:
    return county


@pytest.fixture(scope="session")
def make_reports() -> Callable[[int], list[Report]]:
    """So many reports of five units, with about eight findings each."""
    return reports


@pytest.fixture(scope="session")
def three_opened(three_projects: County, opened: Callable[[bytes], Workbook]) -> Workbook:
    """The workbook of three projects, with its formulas; not to be changed."""
    return opened(write_summary(three_projects))


@pytest.fixture(scope="session")
def three_stored(three_projects: County, stored: Callable[[bytes], Workbook]) -> Workbook:
    """The workbook of three projects, with the formulas' stored values; not to be changed."""
    return stored(write_summary(three_projects))


@pytest.fixture(scope="session")
def three_projects() -> County:
    """County whose figures the tests write out."""
    return county(
        [
            Report(
                "城区背街小巷改造", "县住建局", "县住建局", ("200", "180.1", "195.5", "-15.4"),
                "92.5", "优", [("F108", "notice"), ("F101", "error"), ("D204", "warning")],
                sources={
                    ("planned", "central"): "50", ("planned", "county"): "150",
                    ("received", "central"): "50", ("received", "county"): "130.1",
                    ("spent", "central"): "60", ("spent", "county"): "135.5",
                },
                indicators=[
                    ("数量指标", "attained"), ("数量指标", "missed"), ("成本指标", "blank"),
                ],
            ),
            Report(
                "卫生室建设", "县医院", "县卫健局", ("100.1", "100.2", "0.3", "99.9"),
                "81", "良", [("D204", "warning")],
                sources={("planned", "county"): "99", ("spent", "county"): "0.3"},
                indicators=[("数量指标", "attained"), ("质量指标", "unclear")],
            ),
            Report("饮水安全", "县住建局", None, (None, "50", "49.7", None), None, None),
        ],
        rejected=[("报送/坏文件.xlsx", "文件已加密，请取消密码后重新报送。")],
    )  # fmt: skip


@pytest.fixture(scope="session")
def opened() -> Callable[[bytes], Workbook]:
    return lambda content: load_workbook(io.BytesIO(content))


@pytest.fixture(scope="session")
def stored() -> Callable[[bytes], Workbook]:
    """Workbook with the formulas' stored values."""
    return lambda content: load_workbook(io.BytesIO(content), data_only=True)

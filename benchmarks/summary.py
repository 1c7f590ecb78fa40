"""How long the county workbook takes, and the most memory that the whole process had.

    python benchmarks/summary.py [PROJECTS] [FINDINGS]

A made-up county of PROJECTS (10,000) with FINDINGS (100,000) and twelve indicators a project; 60 s
and 1 GiB are the limits that were set.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import click
import pandas as pd

from xlsx_eval.frames import FINDINGS, Frames, build_frames, verdict
from xlsx_eval.rules.achievements import achievements
from xlsx_eval.summary import County, read_decisions, write_summary

Result = TypeVar("Result")

DEPARTMENTS = 60
UNITS = 900
SOURCES = ("total", "central", "province", "city", "county", "other")
SEVERITIES = ("error", "warning", "notice")
CODES = [f"{family}{number}" for family in "BDFINPST" for number in range(101, 109)]
INDICATORS = (
    ("产出指标", "数量指标", "改造里程", ">=", "12.5", "公里"),
    ("产出指标", "数量指标", "培训人数", ">=", "320", "人"),
    ("产出指标", "质量指标", "验收合格率", "=", "100", "%"),
    ("产出指标", "时效指标", "按期完工率", "=", "100", "%"),
    ("产出指标", "成本指标", "项目总成本", "<=", "80", "万元"),
    ("效益指标", "经济效益指标", "带动务工人数", ">=", "60", "人"),
    ("效益指标", "社会效益指标", "服务覆盖率", ">=", "95", "%"),
    ("效益指标", "社会效益指标", "政策知晓率", ">=", "90", "%"),
    ("效益指标", "生态效益指标", "污水处理率", ">=", "85", "%"),
    ("效益指标", "可持续影响指标", "管护协议签订率", "=", "100", "%"),
    ("满意度指标", "服务对象满意度指标", "群众满意度", ">=", "90", "%"),
    ("满意度指标", "服务对象满意度指标", "企业满意度", ">=", "88", "%"),
)


@dataclass(frozen=True)
class Value:
    value: object
    text: str | None = None
    sheet: str | None = "一、项目基本情况"
    cell: str | None = "D13"


@dataclass(frozen=True)
class Submission:
    file: str
    rows: dict[str, list[dict[str, Any]]]


def submissions(projects: int) -> Iterator[Submission]:
    for number in range(projects):
        unit = number % UNITS
        facts = {
            "project_name": Value(f"农村公路养护及安全生命防护工程（第{number + 1}期）"),
            "project_unit": Value(f"县第{unit + 1}公共服务中心"),
            "department": Value(f"县第{unit % DEPARTMENTS + 1}行业主管局"),
            "score": Value(Decimal(70 + number % 30)),
        }
        yield Submission(
            f"第{unit % DEPARTMENTS + 1}局/绩效自评报告 {number + 1:05}.xlsx",
            {
                "projects": [facts],
                "funds": list(funds(number)),
                "indicators": [indicator(number, each) for each in INDICATORS],
            },
        )


def funds(number: int) -> Iterator[dict[str, Any]]:
    planned = Decimal(number % 500 + 10) + Decimal("0.34")
    amounts = {
        "planned": planned,
        "received": planned - number % 3,
        "spent": planned - number % 5,
        "balance": Decimal(number % 5 - number % 3),
    }
    for measure, amount in amounts.items():
        for source in SOURCES:
            told = {"total": amount, "county": amount - 5, "province": Decimal(5)}.get(source)
            yield {
                "measure": measure,
                "source": source,
                "amount": Value(told) if told is not None else None,
            }


def indicator(number: int, declared: tuple[str, ...]) -> dict[str, Any]:
    level1, level2, content, sign, target, unit = declared
    actual = Decimal(target) - (1 if number % 11 == 0 else 0)
    return {
        "level1": Value(level1),
        "level2": Value(level2),
        "content": Value(content),
        "target": Value(f"{sign}{target}{unit}"),
        "actual": Value(f"{actual}{unit}"),
        "target_operator": sign,
        "target_value": Decimal(target),
        "target_unit": unit,
        "actual_value": actual,
        "actual_unit": unit,
    }


def findings_of(frames: Frames, count: int) -> pd.DataFrame:
    files = frames.projects["file"].tolist()
    names = frames.projects["project_name"].tolist()
    records = [
        (
            files[number % len(files)],
            names[number % len(files)],
            CODES[number % len(CODES)],
            SEVERITIES[number % 3],
            "二、项目支出情况",
            f"D{number % 60 + 4}",
            "",
            (
                f"实际支出{number % 900}.5万元，大于实际到位{number % 900}万元，超出0.5万元。"
                "请核对到位资金和支出数；确有垫付的，请说明资金来源。"
            ),
            f"不超过{number % 900}万元",
            f"{number % 900}.5万元",
        )
        for number in range(count)
    ]
    return pd.DataFrame(records, columns=list(FINDINGS), dtype="string")


def files_of(frames: Frames, findings: pd.DataFrame) -> pd.DataFrame:
    counts = findings.groupby(["file", "severity"]).size().unstack(fill_value=0)
    names = frames.projects["file"].tolist()
    told = counts.reindex(names, fill_value=0)
    errors, warnings, notices = (told[severity].tolist() for severity in SEVERITIES)
    return pd.DataFrame(
        {
            "file": names,
            "sha256": "ab12" * 16,
            "status": "checked",
            "reason": None,
            "annotated": [f"annotated/{name}" for name in names],
            "errors": errors,
            "warnings": warnings,
            "notices": notices,
            "verdict": [verdict(*each) for each in zip(errors, warnings, strict=True)],
            "grade": [("优", "良", "中")[number % 3] for number in range(len(names))],
        }
    )


def peak() -> float:
    """MiB, of this process; getrusage counts in KiB on Linux."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(name: str, work: Callable[[], Result]) -> Result:
    """Seconds on the wall and of the processor, the latter whatever else the machine does."""
    start, used = time.perf_counter(), time.process_time()
    result = work()
    took, used = time.perf_counter() - start, time.process_time() - used
    click.echo(f"{name:<16}{took:6.1f} s  cpu {used:6.1f} s  {peak():6.0f} MiB")
    return result


def main() -> None:
    projects, count = (int(each) for each in [*sys.argv[1:], "10000", "100000"][:2])
    frames = build_frames(submissions(projects))
    findings = findings_of(frames, count)
    files = files_of(frames, findings)
    rules = dict.fromkeys(CODES, "实际支出大于实际到位")
    click.echo(
        f"{projects} projects, {len(findings)} findings, {len(frames.indicators)} indicators"
    )
    click.echo(f"the county's frames in memory  {peak():12.0f} MiB")
    told = timed("achievements", lambda: achievements(frames))
    county = County("某县", "2021", frames, findings, files, rules, achievements=told)
    content = timed("write_summary", lambda: write_summary(county))
    timed("read_decisions", lambda: read_decisions(content))
    click.echo(f"{len(content) / 2**20:.1f} MiB")
    if len(sys.argv) > 3:
        Path(sys.argv[3]).write_bytes(content)


if __name__ == "__main__":
    main()

"""What a run hands out besides the summary: the bureau's own workbook and the units' letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import pandas as pd

from xlsx_eval import look
from xlsx_eval.config import Settings
from xlsx_eval.errors import UsageError
from xlsx_eval.filling import Template, Value, read_template
from xlsx_eval.letters import Item, Letter, Office, file_names, write_letter
from xlsx_eval.outputs import Outputs, digest
from xlsx_eval.summary import County
from xlsx_eval.summary.records import (
    EXECUTED,
    MEASURES,
    RECEIVED,
    Missing,
    Project,
    mean,
    rate,
    rate_sums,
    total,
)  # fmt: skip
from xlsx_eval.values.project_names import unit_key, unit_names

NOT_FILLED = "（未填写项目名称）"
NOT_SENT = replace(look.SEVERITIES["error"], word="未报送")
NOT_COME = "花名册列有这个项目，尚未收到自评表。"
SEND_IT = "请报送自评表；已经报送的，请核对项目名称是否与花名册一致。"
NOWHERE = "—"


@dataclass(frozen=True)
class Handouts:
    """What was staged: names relative to OUT, with their digests."""

    filled: str = ""
    left_out: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)


def template_of(settings: Settings, out: Path) -> Template | None:
    """The template that the settings name. Raises UsageError where it can't be filled in."""
    path = settings.summary_template
    if path is None:
        return None
    if out.resolve() in path.resolve().parents:
        raise UsageError(
            f"the template {path} lies in OUT ({out}), where files are replaced; keep it elsewhere"
        )
    return read_template(path)


def stage_handouts(
    outputs: Outputs,
    county: County,
    findings: pd.DataFrame,
    settings: Settings,
    template: Template | None,
) -> Handouts:
    """Stage the filled template and the letters, as far as they are asked for."""
    digests: dict[str, str] = {}
    filled = ""
    if template:
        filled = f"summary_filled{template.suffix}"
        content = template.filled(
            _figures(county, settings),
            {"projects": list(_rows(county)), "missing": list(_missing(county))},
        )
        outputs.stage(filled, content)
        digests[filled] = digest(content)
    letters: list[str] = []
    if settings.letters:
        office = Office(
            county.title("整改通知"), settings.bureau, settings.letter_deadline, settings.today
        )
        for name, letter in _letters(county, findings):
            letters.append(f"letters/{name}.xlsx")
            content = write_letter(letter, office)
            outputs.stage(letters[-1], content)
            digests[letters[-1]] = digest(content)
    left_out = template.left_out if template else ()
    return Handouts(filled, left_out, tuple(letters), digests)


# --------------------------------------------------------------------------------------- figures


def _figures(county: County, settings: Settings) -> dict[str, Value]:
    """The county's figures by the keys of named cells; of settings only those that are set."""
    projects, absent = county.projects, county.absent
    stated: dict[str, Value] = {
        "county": settings.county, "year": settings.year, "bureau": settings.bureau,
    }  # fmt: skip
    sums = {each: total(getattr(project, each) for project in projects) for each in MEASURES}
    return {
        **{key: value for key, value in stated.items() if value},
        "date": settings.today,
        "projects": len(projects),
        "units": len(county.units_once),
        **sums,
        RECEIVED: rate(*rate_sums(projects, RECEIVED)),
        EXECUTED: rate(*rate_sums(projects, EXECUTED)),
        "score": mean(project.score for project in projects),
        "errors": county.severities["error"],
        "warnings": county.severities["warning"],
        "notices": county.severities["notice"],
        "passed": county.verdicts["通过"],
        "to_verify": county.verdicts["需核实"],
        "returned": county.verdicts["退回修改"],
        "expected": absent.expected if absent else None,
        "missing": absent.count if absent else None,
        "unread": county.unread,
        "repeated": len(county.repeated),
    }


def _rows(county: County) -> Iterator[dict[str, Value]]:
    """A project's values by the keys of columns."""
    problems: dict[str, list[str]] = defaultdict(list)
    for problem in county.problems:
        if problem.severity != "notice" and problem.name not in problems[problem.file]:
            problems[problem.file].append(problem.name)
    for number, project in enumerate(county.projects, start=1):
        file = project.file
        yield {
            "number": number,
            "name": project.name,
            "unit": project.unit,
            "department": project.department,
            **{measure: getattr(project, measure) for measure in MEASURES},
            RECEIVED: rate(*project.rate_parts(RECEIVED)),
            EXECUTED: rate(*project.rate_parts(EXECUTED)),
            "score": project.score,
            "grade": file.grade,
            "errors": file.errors,
            "warnings": file.warnings,
            "notices": file.notices,
            "verdict": file.verdict,
            "problems": "；".join(problems[file.file]),
            "file": file.file,
        }


def _missing(county: County) -> Iterator[dict[str, Value]]:
    """A project of the roster that nobody reported, by the keys of columns."""
    absent = county.absent.listed if county.absent else []
    unsent = (each for each in absent if not each.submitted_as)
    for number, each in enumerate(unsent, start=1):
        yield {
            "number": number, "name": each.project, "unit": each.unit,
            "department": each.department, "planned": each.budget, "remark": each.remark,
        }  # fmt: skip


# --------------------------------------------------------------------------------------- letters


def _letters(county: County, findings: pd.DataFrame) -> list[tuple[str, Letter]]:
    """File name and letter of each unit with an error, a warning or a project not sent."""
    grave = findings[findings["severity"] != "notice"]
    by_file = {str(file): rows for file, rows in grave.groupby("file")}
    projects: dict[str, list[Project]] = defaultdict(list)
    for project in county.projects:
        # a report without a unit goes back by itself: whose it is, only its file tells
        projects[unit_key(project.unit) or f"/{project.file.file}"].append(project)
    missing: dict[str, list[Missing]] = defaultdict(list)
    for each in county.absent.listed if county.absent else ():
        if not each.submitted_as and unit_key(each.unit):
            missing[unit_key(each.unit)].append(each)
    letters: list[tuple[str, Letter]] = []
    for key in dict.fromkeys((*projects, *missing)):
        letter = _letter(projects.get(key, []), missing.get(key, []), by_file)
        if letter.items:
            path = PurePosixPath(key.removeprefix("/"))
            letters.append((letter.unit or path.with_suffix("").as_posix(), letter))
    names = file_names(name for name, _ in letters)
    return [(name, letter) for name, (_, letter) in zip(names, letters, strict=True)]


def _letter(
    projects: list[Project], missing: list[Missing], findings: Mapping[str, pd.DataFrame]
) -> Letter:
    faulty = [project for project in projects if project.file.file in findings]
    items = [
        Item(
            project.name or NOT_FILLED,
            look.SEVERITIES[finding.severity],
            look.place(_text(finding.sheet), _text(finding.cell)),
            finding.problem,
            finding.advice,
        )
        for project in faulty
        for finding in findings[project.file.file].itertuples(index=False)
    ]
    items += [Item(each.project, NOT_SENT, NOWHERE, NOT_COME, SEND_IT) for each in missing]
    unit = projects[0].unit if projects else missing[0].unit
    return Letter(
        unit=unit_names([unit]).get(unit, ""),
        projects=len(projects),
        faulty=len(faulty),
        errors=sum(project.file.errors for project in faulty),
        warnings=sum(project.file.warnings for project in faulty),
        missing=len(missing),
        items=tuple(items),
    )


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)

"""Frames, findings and files → the records that the county workbook lists."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from xlsx_eval.summary.records import File, Group, Indicator, Missing, Problem, Project, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from xlsx_eval.frames import Frames


def files_of(files: pd.DataFrame) -> list[File]:
    return [
        File(
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
        for row in files.to_dict("records")
    ]


def submissions_of(
    files: list[File], frames: Frames, unit_names: Mapping[str, str]
) -> list[Project]:
    """The checked submissions, in the order of the files.

    One that tells no department is of the one that its unit's other projects tell, if it is one.
    """
    facts = _by_file(frames.projects)
    amounts = _amounts(frames.funds)
    projects = [
        _project(file, facts.get(file.file, {}), amounts.get(file.file, {}), unit_names)
        for file in files
        if file.checked
    ]
    told: dict[str, set[str]] = defaultdict(set)
    for project in projects:
        if project.unit and project.department:
            told[project.unit].add(project.department)
    return [
        replace(project, department=next(iter(told[project.unit])), guessed=True)
        if not project.department and len(told[project.unit]) == 1
        else project
        for project in projects
    ]


def _by_file(projects: pd.DataFrame) -> dict[str, Mapping[Any, Any]]:
    columns = ["file", "department", "project_unit", "project_name", "score"]
    rows = projects[columns].drop_duplicates("file").to_dict("records")
    return {str(row["file"]): row for row in rows}


def _amounts(funds: pd.DataFrame) -> dict[str, dict[tuple[str, str], Decimal | None]]:
    """File → (measure, source) → amount, None where the form's cell is blank."""
    found: dict[str, dict[tuple[str, str], Decimal | None]] = defaultdict(dict)
    for file, measure, source, amount in zip(
        funds["file"], funds["measure"], funds["source"], funds["amount"], strict=True
    ):
        found[str(file)].setdefault((str(measure), str(source)), _amount(amount))
    return found


def _project(
    file: File,
    facts: Mapping[Any, Any],
    amounts: Mapping[tuple[str, str], Decimal | None],
    unit_names: Mapping[str, str],
) -> Project:
    department, unit = (_text(facts.get(name)) for name in ("department", "project_unit"))
    return Project(
        file=file,
        department=_line(unit_names.get(department, department)),
        unit=_line(unit_names.get(unit, unit)),
        name=_text(facts.get("project_name")),
        planned=amounts.get(("planned", "total")),
        received=amounts.get(("received", "total")),
        spent=amounts.get(("spent", "total")),
        balance=amounts.get(("balance", "total")),
        score=_amount(facts.get("score")),
        base="received" if ("received", "total") in amounts else "planned",
        sources={
            key: amount
            for key, amount in amounts.items()
            if amount is not None and (key[1] != "total" or key[0] == "initial")
        },
    )


def departments_of(projects: Sequence[Project]) -> list[Group]:
    """The projects of each department, the largest plan first."""
    return _grouped(projects, lambda project: (project.department, ""))


def units_of(projects: Sequence[Project]) -> list[Group]:
    """The projects of each unit, by department, then the largest plan first.

    One name under two departments is two units.
    """
    ranks = {group.department: group.number for group in departments_of(projects)}
    groups = _grouped(projects, lambda project: (project.department, project.unit))
    ordered = sorted(groups, key=lambda group: ranks[group.department])
    return [
        Group(number, group.department, group.unit, group.projects)
        for number, group in enumerate(ordered, start=1)
    ]


def _grouped(projects: Sequence[Project], key: Callable[[Project], tuple[str, str]]) -> list[Group]:
    members: dict[tuple[str, str], list[Project]] = defaultdict(list)
    for project in projects:
        members[key(project)].append(project)
    plans = {
        name: total(project.planned for project in found) or 0 for name, found in members.items()
    }
    # the nameless last, whatever they planned
    ordered = sorted(members, key=lambda name: (not any(name), -plans[name], name))
    return [Group(number, *name, tuple(members[name])) for number, name in enumerate(ordered, 1)]


def problems_of(
    findings: pd.DataFrame,
    files: Mapping[str, File],
    projects: Mapping[str, Project],
    rules: Mapping[str, str],
) -> Iterator[Problem]:
    for row in findings.to_dict("records"):
        name, rule = _text(row["file"]), _text(row["rule"])
        project = projects.get(name)
        yield Problem(
            file=name,
            annotated=files[name].annotated if name in files else "",
            department=project.department if project else "",
            unit=project.unit if project else "",
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


def indicators_of(achievements: pd.DataFrame, projects: Mapping[str, Project]) -> list[Indicator]:
    """The indicators of those projects, in the order given."""
    texts = ("kind", "level2", "content", "target", "actual", "reason", "sheet", "cell", "outcome")
    rows = achievements[achievements["file"].isin(list(projects))]
    columns = [rows[name].fillna("").tolist() for name in texts]
    return [
        Indicator(projects[file], *told)
        for file, *told in zip(rows["file"].tolist(), *columns, strict=True)
    ]


def missing_of(missing: pd.DataFrame) -> list[Missing]:
    """The projects of which nothing came, then those that came under another name."""
    rows = [
        Missing(
            _text(row["unit"]), _text(row["project"]), _amount(row["budget"]),
            _text(row["department"]), _text(row["remark"]), _text(row["submitted_as"]),
        )
        for row in missing.to_dict("records")
    ]  # fmt: skip
    return sorted(rows, key=lambda row: bool(row.submitted_as))


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _line(value: Any) -> str:
    """A name as one line, blanks at its ends left out."""
    return " ".join(_text(value).split())


def _number(value: Any) -> int:
    return 0 if pd.isna(value) else int(value)


def _amount(value: Any) -> Decimal | None:
    return None if pd.isna(value) else Decimal(value)

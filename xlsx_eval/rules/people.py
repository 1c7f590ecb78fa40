"""P5xx 人员与签章: who evaluated, who signed."""

from __future__ import annotations

import pandas as pd

from xlsx_eval.rules.findings import places, report
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.values.names import person_names


@rule(
    "P502",
    "leader-evaluates-own-project",
    "项目负责人参与评价",
    "warning",
    advice="请由项目负责人以外的人员评价，或说明理由。",
    basis=COMPLETENESS,
)
def leader_evaluates_own_project(projects: pd.DataFrame, evaluators: pd.DataFrame) -> pd.DataFrame:
    """项目负责人 is among the evaluators; blanks inside a name don't count.

    Fails: leader 陈 一, evaluator 陈一. Passes: leader 陈一, evaluators 张三 and 李二.
    """
    leaders = _people(projects, "leader", "leader_sheet")
    people = _people(evaluators, "name", "sheet")
    both = people.merge(leaders, on=["file", "person"], suffixes=("", "_leader"))
    return report(
        both,
        anchor="at",
        related="at_leader",
        problem="评价人员“{person}”就是项目负责人。",
        expected="项目负责人以外的人员",
        actual="{person}",
    )


def _people(frame: pd.DataFrame, column: str, sheet: str) -> pd.DataFrame:
    """A row a person that a column of names names: `file, person, at`."""
    found = [
        (file, person, at)
        for file, names, at in zip(
            frame["file"], frame[column], places(frame, f"{column}_cell", sheet), strict=True
        )
        if pd.notna(names)
        for person in person_names(names)
    ]
    return pd.DataFrame(found, columns=["file", "person", "at"], dtype="object")

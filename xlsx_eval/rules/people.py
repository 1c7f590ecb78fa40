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
    leaders = projects[["file"]].assign(
        leader=projects["leader"].map(person_names, na_action="ignore"),
        leader_at=places(projects, "leader_cell", "leader_sheet"),
    )
    rows = evaluators[["file"]].assign(
        person=evaluators["name"].map(person_names, na_action="ignore"),
        at=places(evaluators, "name_cell"),
    )
    people = leaders.dropna(subset=["leader"]).explode("leader")
    rows = rows.dropna(subset=["person"]).explode("person")
    return report(
        rows.merge(people, left_on=["file", "person"], right_on=["file", "leader"]),
        anchor="at",
        related="leader_at",
        problem="评价人员“{person}”就是项目负责人。",
        expected="项目负责人以外的人员",
        actual="{person}",
    )

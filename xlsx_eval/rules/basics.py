"""B8xx 基本信息: what every form must say of its project."""

from __future__ import annotations

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.rules.findings import places, report, together
from xlsx_eval.rules.registry import COMPLETENESS, rule


def _missing(projects: pd.DataFrame, forms: dict[str, Form], required: str) -> pd.DataFrame:
    """The blank fields that the form declares as `required`, one finding each."""
    return together(
        *(
            report(
                blank.assign(at=places(blank, f"{field.key}_cell", f"{field.key}_sheet")),
                anchor="at",
                otherwise=section.key,
                problem=f"没有填写{field.label}。",
                expected=f"填写{field.label}",
                actual="空白",
            )
            for name in projects["form"].unique()
            for section, field in forms[name].fields()
            if field.required == required
            if len(blank := _blank(projects[projects["form"] == name], field.key))
        )
    )


def _blank(projects: pd.DataFrame, field: str) -> pd.DataFrame:
    """The forms in which nothing stands for a field, not even what can't be read."""
    text = f"{field}_text" if f"{field}_text" in projects else field
    return projects[projects[text].isna()]


@rule(
    "B801",
    "required-field-missing",
    "必填项未填",
    "error",
    advice="请补充填写。",
    basis=COMPLETENESS,
)
def required_field_missing(projects: pd.DataFrame, forms: dict[str, Form]) -> pd.DataFrame:
    """项目名称, 项目单位 or 项目起止时间 is missing.

    Fails: a form without 项目名称. Passes: a form with all three.
    """
    return _missing(projects, forms, "error")


@rule(
    "B802",
    "field-missing",
    "基本信息未填",
    "notice",
    advice="请补充填写。",
    basis=COMPLETENESS,
)
def field_missing(projects: pd.DataFrame, forms: dict[str, Form]) -> pd.DataFrame:
    """主管部门, 项目负责人, 联系电话, 项目地址, 邮编 or 报告日期 is missing.

    Fails: a form without 邮编. Passes: a form with all six.
    """
    return _missing(projects, forms, "notice")

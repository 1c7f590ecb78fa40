"""B8xx 基本信息: what every form must say of its project."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xlsx_eval.rules.findings import places, report, together
from xlsx_eval.rules.registry import COMPLETENESS, rule

REQUIRED = {
    "project_name": ("项目名称", "cover"),
    "project_unit": ("项目单位", "cover"),
    "period": ("项目起止时间", "basics"),
}
WANTED = {
    "department": ("主管部门", "cover"),
    "leader": ("项目负责人", "basics"),
    "phone": ("联系电话", "basics"),
    "address": ("项目地址", "basics"),
    "postcode": ("邮编", "basics"),
    "report_date": ("报告日期", "cover"),
}


def _missing(projects: pd.DataFrame, fields: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    said = {"report_date": "report_date_text"}
    return together(
        *(
            report(
                blank.assign(at=places(blank, f"{key}_cell", f"{key}_sheet")),
                anchor="at",
                otherwise=section,
                problem=f"没有填写{label}。",
                expected=f"填写{label}",
                actual="空白",
            )
            for key, (label, section) in fields.items()
            if len(blank := projects[projects[said.get(key, key)].isna()])
        )
    )


@rule(
    "B801",
    "required-field-missing",
    "必填项未填",
    "error",
    advice="请补充填写。",
    basis=COMPLETENESS,
)
def required_field_missing(projects: pd.DataFrame) -> pd.DataFrame:
    """项目名称, 项目单位 or 项目起止时间 is missing.

    Fails: a form without 项目名称. Passes: a form with all three.
    """
    return _missing(projects, REQUIRED)


@rule(
    "B802",
    "field-missing",
    "基本信息未填",
    "notice",
    advice="请补充填写。",
    basis=COMPLETENESS,
)
def field_missing(projects: pd.DataFrame) -> pd.DataFrame:
    """主管部门, 项目负责人, 联系电话, 项目地址, 邮编 or 报告日期 is missing.

    Fails: a form without 邮编. Passes: a form with all six.
    """
    return _missing(projects, WANTED)

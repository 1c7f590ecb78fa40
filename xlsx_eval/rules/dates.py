"""T6xx 时间: the project's period, and dates that fit it."""

from __future__ import annotations

import pandas as pd

from xlsx_eval.rules.findings import flagged, flags, places, report
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.values.text import is_none_word


def _periods(projects: pd.DataFrame) -> pd.DataFrame:
    return projects[["file", "period", "period_start", "period_end"]].assign(
        at=places(projects, "period_cell", "period_sheet")
    )


@rule(
    "T601",
    "period-unreadable",
    "起止时间无法识别",
    "warning",
    advice="请写明开始和结束的年月，例如：2021年1月-2021年12月。",
    basis=COMPLETENESS,
)
def period_unreadable(projects: pd.DataFrame) -> pd.DataFrame:
    """项目起止时间 is filled and not readable as a start and an end.

    Fails: 全年. Passes: 2021年1月-2021年12月.
    """
    rows = _periods(projects)
    said = flags(rows["period"], lambda text: not is_none_word(text) and not text.startswith("="))
    return report(
        rows[said & rows["period_start"].isna()],
        anchor="at",
        problem="项目起止时间填写为“{period}”，看不出开始和结束的时间。",
        expected="开始年月-结束年月",
        actual="{period}",
    )


@rule(
    "T602",
    "period-reversed",
    "起止时间颠倒",
    "error",
    advice="请更正项目起止时间。",
)
def period_reversed(projects: pd.DataFrame) -> pd.DataFrame:
    """The end of 项目起止时间 lies before its start.

    Fails: 2021年12月-2021年1月. Passes: 2021年1月-2021年12月.
    """
    rows = _periods(projects)
    return report(
        flagged(rows, rows["period_end"] < rows["period_start"]),
        anchor="at",
        problem="项目起止时间“{period}”的结束时间早于开始时间。",
        expected="结束不早于开始",
        actual="{period}",
    )

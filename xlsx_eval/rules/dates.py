"""T6xx 时间: the project's period, and dates that fit it."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from xlsx_eval.rules.findings import flagged, flags, places, report
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.values.text import compact, is_none_word

_DONE = r"(?:按[期时]|如期)?(?:完成|完工|竣工)"
_ALL_DONE = re.compile(
    rf"(?:全面|全部|均|都|圆满|整体)(?:已经?)?{_DONE}|^(?:项目|任务|工程|目标)*已经?{_DONE}[。!]?$"
)
_NOT_ALL = re.compile(
    r"未|尚|剩余|其余|预计|预期|将|正在|部分|阶段|进度|节点|本年|当年|年度|续建|拟|待|除"
)


def _periods(projects: pd.DataFrame) -> pd.DataFrame:
    return projects[["file", "period", "period_start", "period_end"]].assign(
        at=places(projects, "period_cell", "period_sheet")
    )


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@rule(
    "T601",
    "period-unreadable",
    "起止时间无法识别",
    "warning",
    advice="请写明开始和结束的年月，例如：2021年1月-2021年12月。",
    basis=COMPLETENESS,
    yields_at=("B801",),
)
def period_unreadable(projects: pd.DataFrame) -> pd.DataFrame:
    """项目起止时间 is filled and not readable as a start and an end.

    Why it matters: whether the money was spent in time can't be told without the period.

    Fails: 全年; 2021年1月起.

    Passes: 2021年1月-2021年12月; 2021年度.

    To correct: write year and month of the start and of the end.

    检查：项目起止时间已填写，但看不出开始和结束的时间。

    意义：没有明确的起止时间，无法判断资金是否按期使用。

    不通过：“全年”；“2021年1月起”。

    通过：“2021年1月-2021年12月”；“2021年度”。
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

    Why it matters: a slip in the year makes every comparison with the period wrong.

    Fails: 2021年12月-2021年1月.

    Passes: 2021年1月-2021年12月.

    To correct: put start and end right.

    检查：项目起止时间的结束早于开始。

    意义：年份或月份写错，与起止时间有关的检查都会出错。

    不通过：“2021年12月-2021年1月”。

    通过：“2021年1月-2021年12月”。
    """
    rows = _periods(projects)
    return report(
        flagged(rows, rows["period_end"] < rows["period_start"]),
        anchor="at",
        problem="项目起止时间“{period}”的结束时间早于开始时间。",
        expected="结束不早于开始",
        actual="{period}",
    )


@rule(
    "T603",
    "period-outside-year",
    "起止时间不含评价年度",
    "warning",
    advice="请核对项目起止时间；往年项目在评价年度仍有支出的，请说明。",
    basis=COMPLETENESS,
    yields_at=("T602",),
)
def period_outside_year(projects: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The evaluated year (`year` in the settings) has no day in common with the project's period.

    Silent where no year is set, and where the period can't be read (T601) or is reversed (T602).

    Why it matters: it is another year's project, or last year's form was filled in again.

    Fails: evaluated 2021, period 2020年1月-2020年12月.

    Passes: evaluated 2021, period 2020年1月-2022年12月.

    To correct: put the period right, or explain why the project is evaluated this year.

    检查：项目起止时间与评价年度没有重叠；没有设定评价年度、起止时间无法识别或颠倒的不检查。

    意义：多半是沿用了上一年的表，或报错了年度。

    不通过：评价2021年度，起止时间“2020年1月-2020年12月”。

    通过：评价2021年度，起止时间“2020年1月-2022年12月”。
    """
    rows = _periods(projects).dropna(subset=["period_start", "period_end"])
    if settings.year is None or rows.empty:
        return report(rows.head(0), anchor="at", problem="")
    before = rows["period_end"] < date(settings.year, 1, 1)
    after = rows["period_start"] > date(settings.year, 12, 31)
    in_order = rows["period_start"] <= rows["period_end"]
    return report(
        flagged(rows, (before | after) & in_order),
        anchor="at",
        problem=f"项目起止时间“{{period}}”不在评价年度{settings.year}年内。",
        expected=f"与{settings.year}年有重叠",
        actual="{period}",
    )


@rule(
    "T605",
    "report-before-end",
    "报告早于项目结束",
    "warning",
    advice="请核对报告日期和项目起止时间；项目尚未完成的，请按实施过程评价填报。",
    yields_to=("T602",),
)
def report_before_end(projects: pd.DataFrame, goals: pd.DataFrame) -> pd.DataFrame:
    """报告日期 lies before the period's end and the form claims that the project is completed.

    It does by 项目完成结果评价; or, where no kind of evaluation is chosen and the period lies in
    one year, by 已全面完成 and the like in the goals. An end given by the month, or as a month's
    last day, is reached in that month; one given by the year is reached in that year.

    Why it matters: what is still to come can't have been completed, paid and judged.

    Fails: 项目完成结果评价, 报告日期 2021-6-30, period 2021年1月-2021年12月.

    Passes: the same, 报告日期 2021-12-28; or 项目实施过程评价.

    To correct: put 报告日期 or the period right, or choose 项目实施过程评价.

    检查：报告日期早于项目结束时间，而评价类型是“项目完成结果评价”，或目标栏写明已全面完成。

    意义：尚未结束的项目，不能作出完成后的评价。

    不通过：项目完成结果评价，报告日期2021年6月30日，起止时间“2021年1月-2021年12月”。

    通过：其他相同，报告日期2021年12月28日；或评价类型为“项目实施过程评价”。
    """
    rows = _periods(projects).assign(
        report_date=projects["report_date"],
        report_at=places(projects, "report_date_cell", "report_date_sheet"),
        claim=_claims(projects, goals),
    )
    rows = rows.dropna(subset=["report_date", "period_start", "period_end", "claim"])
    early = [
        start <= end and day < _surely_reached(end, period)
        for day, start, end, period in zip(
            rows["report_date"], rows["period_start"], rows["period_end"], rows["period"],
            strict=True,
        )
    ]  # fmt: skip
    rows = rows[pd.Series(early, index=rows.index, dtype=bool)]
    return report(
        rows.assign(day=rows["report_date"].map(_chinese), end=rows["period_end"].map(_chinese)),
        anchor="report_at",
        related="at",
        problem="报告日期{day}早于项目结束时间{end}，而{claim}。",
        expected="不早于{end}",
        actual="{day}",
    )


def _surely_reached(end: date, period: str) -> date:
    """The first day on which a project that ends then may be reported as completed."""
    text = compact(period)
    if "月" not in text and all(len(number) == 4 for number in re.findall("[0-9]+", text)):
        return end.replace(month=1, day=1)
    return end.replace(day=1) if end.day == monthrange(end.year, end.month)[1] else end


def _claims(projects: pd.DataFrame, goals: pd.DataFrame) -> list[str | None]:
    """By what each form claims that its project is completed; None where it does not surely."""
    actuals = goals.dropna(subset=["actual"]).groupby("file")["actual"].agg("\n".join)
    return [
        _claim(
            "" if pd.isna(kind) else compact(kind),
            actuals.get(file, ""),
            within_a_year=pd.notna(start) and pd.notna(end) and start.year == end.year,
        )
        for file, kind, start, end in zip(
            projects["file"], projects["evaluation_type"], projects["period_start"],
            projects["period_end"], strict=True,
        )
    ]  # fmt: skip


def _claim(kind: str, actual: str, *, within_a_year: bool) -> str | None:
    if kind:
        return f"评价类型是“{kind}”" if "完成" in kind and "过程" not in kind else None
    done = _ALL_DONE.search(compact(actual))
    if done and within_a_year and not _NOT_ALL.search(compact(actual)):
        return f"实际完成栏写明“{done[0]}”"
    return None


@rule(
    "T606",
    "date-in-future",
    "日期晚于审核当日",
    "warning",
    advice="请更正日期。",
)
def date_in_future(
    projects: pd.DataFrame, opinions: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """报告日期 or a signature's date lies after the day of checking; one finding a cell.

    Why it matters: a report can't have been written or signed tomorrow; mostly the year is a slip.

    Fails: 报告日期 2032-3-15, checked in 2022.

    Passes: 报告日期 2022-3-15.

    To correct: put the date right.

    检查：报告日期或签字日期晚于审核当日。

    意义：报告不可能在将来写成或签字，多半是年份写错。

    不通过：2022年审核时，报告日期填写“2032年3月15日”。

    通过：报告日期“2022年3月15日”。
    """
    reported = _days(projects, "report_date", "报告日期", "report_date_sheet")
    signed = _days(opinions, "date", "签字日期", "sheet")
    days = pd.DataFrame([*reported, *signed], columns=["file", "day", "what", "at"], dtype="object")
    late = days[flags(days["day"], lambda day: day > settings.today)]
    late = late.drop_duplicates(["file", "at"])
    return report(
        late.assign(day=late["day"].map(_chinese)),
        anchor="at",
        problem=f"{{what}}{{day}}晚于审核当日（{_chinese(settings.today)}）。",
        expected=f"不晚于{_chinese(settings.today)}",
        actual="{day}",
    )


def _days(frame: pd.DataFrame, column: str, what: str, sheet: str) -> Iterator[tuple[Any, ...]]:
    """(file, day, what, place) of each day that a column holds."""
    at = places(frame, f"{column}_cell", sheet)
    for file, day, place in zip(frame["file"], frame[column], at, strict=True):
        if pd.notna(day):
            yield file, day, what, place

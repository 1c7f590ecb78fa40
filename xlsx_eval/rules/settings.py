"""What a county may set of the rules."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from xlsx_eval.rules.own_rules import OwnRule, rule_of
from xlsx_eval.rules.plugins import load_plugins
from xlsx_eval.rules.registry import Rulebook, Severity, rulebook
from xlsx_eval.values.grades import BANDS, Band

Codes = Annotated[
    tuple[str, ...], AfterValidator(lambda codes: tuple(code.strip().upper() for code in codes))
]


class GradeBand(BaseModel):
    """A grade and the scores it stands for."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: str = Field(min_length=1, max_length=10)
    """The grade's name.
    等次名称。"""
    minimum: Decimal = Field(ge=0, le=100)
    """The lowest score that earns it.
    达到这个等次的最低分。"""
    words: tuple[str, ...] = ()
    """Other words that units write for it.
    单位填写的同义说法。"""


def _descending(bands: tuple[GradeBand, ...]) -> tuple[GradeBand, ...]:
    for better, worse in pairwise(bands):
        if better.minimum <= worse.minimum:
            raise ValueError(f"{worse.name} must begin below {better.name}; put the best first")
    if bands and bands[-1].minimum != 0:
        raise ValueError(f"the last band, {bands[-1].name}, must have minimum = 0")
    words = [word for band in bands for word in {band.name, *band.words}]
    for word in words:
        if words.count(word) > 1:
            raise ValueError(f"{word} stands for two grades")
    return bands


def _upper(severities: object) -> object:
    if not isinstance(severities, dict):
        return severities
    return {str(code).strip().upper(): severity for code, severity in severities.items()}


def _in_chinese(day: object) -> object:
    """2022-04-30, as a date or a text → 2022年4月30日; any other text as it is."""
    if isinstance(day, str) and re.fullmatch(r"\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*", day):
        day = date.fromisoformat(day.strip())
    return f"{day.year}年{day.month}月{day.day}日" if isinstance(day, date) else day


class Settings(BaseModel):
    """Settings of a run. Amounts in 万元, shares as fractions (0.8 is 80 %)."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    county: str = ""
    """The county's name in the summary's title.
    县名，写进汇总表标题。"""
    forms: tuple[Path, ...] = ()
    """Declarations of the county's own forms (docs/forms.md), paths from this file's folder.
    本县自编表的声明文件（见docs/forms.md），路径从本文件所在的文件夹算起。"""
    year: int | None = Field(default=None, ge=2000, le=2100, examples=[2021])
    """The evaluated year.
    评价年度。"""
    today: date = Field(default_factory=date.today, examples=[date(2022, 3, 31)])
    """The day of checking; the computer's date unless set.
    审核日期，不写则为电脑当天的日期。"""
    select: Codes = ()
    """Only these rules: codes or beginnings of codes ("F", "F1", "F101"); empty: all.
    只查这些规则，写代码或代码开头（"F"、"F1"、"F101"）；空着则全部都查。"""
    ignore: Codes = ()
    """Not these rules.
    不查这些规则。"""
    tolerance: Decimal = Field(default=Decimal("0.01"), ge=0, le=1)
    """Amounts in 万元 that differ by no more than this are equal.
    金额（万元）相差不超过它，视为相等。"""
    received_short_below: Decimal = Field(default=Decimal("0.8"), ge=0, le=1)
    """Received / planned below this share is a warning instead of a notice (F108).
    资金到位率低于它，由提示变为疑点（F108）。"""
    low_execution_below: Decimal = Field(default=Decimal("0.8"), ge=0, le=1)
    """Spent / received below this share is flagged (F109).
    预算执行率低于它，列为疑点（F109）。"""
    unit_suspect_ratio: int = Field(default=1000, ge=100)
    """A total so many times another one looks like 元 in place of 万元 (F111).
    一项总额达到另一项的这么多倍，可能把元当作万元（F111）。"""
    rate_tolerance: Decimal = Field(default=Decimal("0.001"), ge=0, le=1)
    """How far a stated execution rate may be from the computed one (I314).
    填报的执行率与计算值允许相差多少（I314）。"""
    far_above_target: Decimal = Field(default=Decimal("0.3"), gt=0)
    """An actual above its target by more than this share is flagged (I307).
    实际完成值超过目标值的这个比例以上，列为疑点（I307）。"""
    required_indicators: tuple[str, ...] = (
        "数量指标", "质量指标", "时效指标", "成本指标", "服务对象满意度指标",
    )  # fmt: skip
    """二级指标 that need content where the form prints them; one 效益指标 besides (I306).
    表内印有时必须填写的二级指标，此外至少填写一项效益指标（I306）。"""
    minimum_evaluators: int = Field(default=3, ge=1)
    """Fewer evaluators are flagged (P501).
    评价人员少于这个人数，列为疑点（P501）。"""
    short_text: int = Field(default=20, ge=1)
    """Characters below which a section of the report is too short (N702).
    文字部分的一节少于这么多字，视为过短（N702）。"""
    roster: Path | None = Field(default=None, examples=["roster.xlsx"])
    """A workbook that lists the projects of which a report is due, path from this file's folder.
    花名册（应报送的项目清单），路径从本文件所在的文件夹算起。"""
    previous: Path | None = Field(default=None, examples=["../2020/out"])
    """The outputs folder of last year's run, path from this file's folder (C007).
    上年审核结果的文件夹，路径从本文件所在的文件夹算起（C007）。"""
    summary_template: Path | None = Field(default=None, examples=["汇总表模板.xlsx"])
    """The bureau's own workbook to fill in (docs/summary-template.md); path as above.
    本单位自己的汇总表，按其名称和表头填写（见docs/summary-template.md），路径同上。"""
    letters: bool = False
    """Write a letter (整改通知) to each unit with errors or warnings: true or false.
    是否给有错误或疑点的单位各写一份整改通知，true为写，false为不写。"""
    letter_deadline: Annotated[str, BeforeValidator(_in_chinese)] = Field(
        default="", max_length=40, examples=["2022年4月30日"]
    )
    """Until when units have to answer; left out, the letter has a field to fill in by hand.
    整改期限，写进整改通知；不写则留空，由人填写。"""
    bureau: str = Field(default="", max_length=60, examples=["清平县财政局绩效评价股"])
    """The office that signs the letters.
    整改通知落款的单位，不写则留空。"""
    copied_text: int = Field(default=80, ge=20)
    """Characters from which a section is compared with those of other projects (C006).
    文字部分的一节达到这么多字，才与其他项目比较是否雷同（C006）。"""
    copied_likeness: Decimal = Field(default=Decimal("0.9"), ge=Decimal("0.5"), le=1)
    """Share of a section that is the same where it counts as copied (C006).
    相同的部分达到这个比例，视为雷同（C006）。"""
    unusual_score: float = Field(default=3.5, gt=0)
    """Robust z-score (distance from the median by the median distance) that is unusual (C008).
    稳健z分数（与中位数的距离除以距离的中位数）超过它，视为异常（C008）。"""
    unusual_projects: int = Field(default=10, ge=5)
    """Projects that it takes to say what is usual (C008).
    至少有这么多个项目才作比较（C008）。"""
    unusual_times: float = Field(default=10, gt=1)
    """Times the median, or its part, from which an amount can be unusual (C008).
    金额至少是中位数的这么多倍（或几分之一），才可能异常（C008）。"""
    unusual_rate_gap: float = Field(default=0.1, ge=0, le=1)
    """Distance from the median rate from which a rate can be unusual (C008).
    执行率与中位数至少相差这么多，才可能异常（C008）。"""
    file_seconds: float = Field(default=10, gt=0)
    """Seconds that reading one file may take before it is given up.
    读一个文件最多用多少秒，超过则放弃。"""
    file_megabytes: int = Field(default=300, ge=50)
    """Memory, in megabytes, that reading one file may take.
    读一个文件最多用多少兆内存。"""
    severities: Annotated[dict[str, Severity], BeforeValidator(_upper)] = Field(
        default_factory=dict, examples=[{"F105": "notice", "F108": "warning"}]
    )
    """A rule's severity where the county sees it otherwise: error, warning or notice.
    调整规则的级别：error错误、warning疑点、notice提示。"""
    grade_bands: Annotated[tuple[GradeBand, ...], AfterValidator(_descending)] = Field(
        default=tuple(
            GradeBand(name=band.name, minimum=band.minimum, words=band.words) for band in BANDS
        ),
        min_length=1,
    )
    """The grades, best first, with the lowest score of each and the words accepted for it.
    等次，从高到低；minimum为最低分，words为同义说法。要改须把各等次全部写出。"""
    rules: tuple[OwnRule, ...] = Field(
        default=(),
        examples=[
            (
                OwnRule(
                    code="X101",
                    title="支出超过计划的95%",
                    check="funds.spent.total <= 0.95 * funds.planned.total",
                    severity="warning",
                    message=(
                        "实际支出{funds.spent.total}万元，超过计划{funds.planned.total}万元的95%。"
                    ),
                    advice="请说明原因。",
                    when="funds.planned.total > 0",
                    at="funds.spent.total",
                    forms=("yueyang_project",),
                ),
            )
        ],
    )
    """The county's own checks (docs/own-rules.md); one [[rules]] each.
    本县自己的审核规则（见docs/own-rules.md），每条规则写一个[[rules]]。"""

    @property
    def bands(self) -> tuple[Band, ...]:
        """The grades with their bands, best first."""
        return tuple(Band(each.name, each.minimum, each.words) for each in self.grade_bands)


def rulebook_of(settings: Settings) -> Rulebook:
    """The rules that hold under the settings: ours, other packages', and the county's own.

    Raises UsageError for a package's rules that can't be used and an own code that is taken.
    """
    load_plugins()
    return rulebook(tuple(map(rule_of, settings.rules)), settings.bands)

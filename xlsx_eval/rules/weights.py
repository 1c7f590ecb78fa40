"""I31x: weights and points of indicators, and the execution rate, in the forms that have them."""

from __future__ import annotations

import pandas as pd

from xlsx_eval.rules.findings import flagged, percent, places, report
from xlsx_eval.rules.registry import MEASURES_2020, rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.views import misses, sums_of


@rule(
    "I312",
    "points-exceed-weight",
    "得分超过分值",
    "error",
    advice="请核对该项得分，得分不应超过分值（权重）。",
    basis=MEASURES_2020,
)
def points_exceed_weight(weighted: pd.DataFrame) -> pd.DataFrame:
    """Forms with points: an indicator's points exceed its weight.

    Why it matters: a weight is the most an indicator can earn.

    Fails: weight 10, points 12.

    Passes: weight 10, points 10.

    To correct: check the points and the weight.

    检查：指标的得分超过它的分值（权重）。

    意义：分值是该项得分的上限。

    不通过：分值10，得分12。

    通过：分值10，得分10。
    """
    return report(
        flagged(weighted, weighted["points"] > weighted["weight"]),
        anchor="points_at",
        related="weight_at",
        problem="“{what}”得分{points}分，超过分值{weight}分。",
        expected="不超过{weight}分",
        actual="{points}分",
    )


@rule(
    "I313",
    "weights-do-not-sum",
    "分值合计不是100分",
    "error",
    advice="请核对各项分值（权重），合计应为100分。",
    basis=MEASURES_2020,
)
def weights_do_not_sum(
    weighted: pd.DataFrame, projects: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Forms with weights: the weights, that of the execution rate included, do not add up to 100.

    A weight that is no number makes the sum unknown; without the execution rate's weight only a
    sum above 100 is surely wrong.

    Why it matters: the score is out of 100, so the weights have to make up 100.

    Fails: 10 + 50 + 28 + 10 = 98.

    Passes: 10 + 50 + 30 + 10 = 100.

    To correct: check the weights, the one of the execution rate included.

    检查：各项分值（权重）连同预算执行率的分值，合计不是100分。

    意义：总分是100分，各项分值合计应为100分。

    不通过：10+50+28+10=98。

    通过：10+50+30+10=100。
    """
    sums = sums_of(weighted, "weight")
    rows = sums.merge(projects, on="file")
    stated = rows["weight_total_text"].notna()
    rows = rows.assign(
        at=pd.Series(
            places(rows, "weight_total_cell", "weight_total_sheet"), rows.index, dtype=object
        ).where(stated, rows["places"].map(lambda each: each[-1])),
    )
    return report(
        rows[misses(rows, 100, settings)],
        anchor="at",
        related="places",
        problem="各项分值（权重）合计{sum}分，不是100分。",
        expected="100分",
        actual="{sum}分",
    )


@rule(
    "I314",
    "execution-rate-wrong",
    "预算执行率有误",
    "error",
    advice="请按“预算执行率＝执行数÷预算数”重新计算。",
    explained_by=("F104", "F110", "D202"),
)
def execution_rate_wrong(
    execution: pd.DataFrame, sources: pd.DataFrame, totals: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Forms that state an execution rate: it differs from executed / budget by more than 0.1 %.

    Why it matters: the points for the execution follow from the rate.

    Fails: budget 200, executed 180, rate 95%.

    Passes: budget 200, executed 180, rate 90%.

    To correct: work the rate out again: executed divided by budget.

    检查：填报的预算执行率与执行数÷预算数相差超过0.1个百分点。

    意义：预算执行的得分按执行率计算。

    不通过：预算数200，执行数180，执行率95%。

    通过：预算数200，执行数180，执行率90%。
    """
    amounts = pd.concat([totals.assign(source="total"), sources])
    columns = ["file", "source", "planned", "spent", "planned_at", "spent_at"]
    rows = execution.dropna(subset=["rate"]).merge(amounts[columns], on=["file", "source"])
    rows = flagged(rows, (rows["planned"] > 0) & rows["spent"].notna())
    rows = rows.assign(
        at=places(rows, "rate_cell"),
        right=[
            round(spent / planned, 6)
            for spent, planned in zip(rows["spent"], rows["planned"], strict=True)
        ],
    )
    rows = rows.assign(
        should=percent(rows["spent"], rows["planned"]),
        off=[
            abs(rate - right) > settings.rate_tolerance
            for rate, right in zip(rows["rate"], rows["right"], strict=True)
        ],
    )
    return report(
        flagged(rows, rows["off"].astype(bool)),
        anchor="at",
        related=("spent_at", "planned_at"),
        problem="预算执行率填报“{rate_text}”，按执行数{spent}万元除以预算数{planned}万元应为{should}。",
        expected="{should}",
        actual="{rate_text}",
    )

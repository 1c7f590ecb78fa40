"""I3xx 绩效指标: targets, what was achieved, and the cost indicator against the money spent."""

from __future__ import annotations

import re

import pandas as pd

from xlsx_eval.rules.findings import certain, flagged, flags, percent, places, report
from xlsx_eval.rules.registry import COMPLETENESS, MEASURES_2020, Corrects, rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.views import misses, sums_of
from xlsx_eval.values.quantities import parse_quantity, satisfies
from xlsx_eval.values.text import compact

MONEY = "万元"
_UNIT_COST = re.compile(r"每|人均|户均|亩均|单价|均价|单位成本|单位造价|平均|补助标准|单[台套个件]")
_TELLS_NOTHING = re.compile(
    r"成本|费用|项目|工程|资金|支出|控制|预算|总额|合计|以内|经费|\W|[\da-zA-Z]"
)
_OPERATOR = re.compile(
    r"[≥≤＞＜<>=≧≦⩾⩽]|不|至少|至多|最多|大于|小于|高于|低于|超过|等于|以上|以下|[以之]?内$"
)
_TIME = re.compile(r"[年月日天时分秒周]|季度|工作日")
_WHOLE_COST = re.compile(
    r"总成本|总投资|总支出|总额|预算|项目成本|项目支出|项目资金|全部资金|成本控制"
)


def costs(marks: pd.DataFrame, items: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """A row a form whose 成本指标 speaks of the whole project's cost, beside total spent (万元).

    A unit cost (每公里 …), the cost of one item, or one of several cost indicators is passed over:
    it can't be held against total spent. A bare number counts as 万元 beside a stated amount.
    """
    target, actual = marks["target_unit"] == MONEY, marks["actual_unit"] == MONEY
    money = certain(target) | certain(actual)
    rows = marks[money & flags(marks["level2"], _is_cost)]
    rows = rows.assign(whole=flags(rows["content"], _speaks_of_all))
    unit_cost = flags(rows["content"], _speaks_of_one) & ~rows["whole"]
    for column in ("target", "actual"):
        unit_cost |= flags(rows[column], _speaks_of_one)
    rows = rows[~unit_cost]
    named = set(rows[rows["whole"]]["file"])
    rows = rows[rows["whole"] | ~rows["file"].isin(named)]
    rows = rows[~rows.duplicated("file", keep=False)]
    rows = rows.merge(totals, on="file")
    for column in ("target", "actual"):
        stated = certain(rows[f"{column}_unit"] == MONEY) | rows[f"{column}_unit"].isna()
        rows[f"{column}_value"] = rows[f"{column}_value"].where(stated)
    rows["limit"] = rows["target_upper"].where(rows["target_upper"].notna(), rows["target_value"])
    return rows[rows["whole"] | ~_is_one_item(rows, items)]


def _is_cost(level2: str) -> bool:
    """Whether a 二级指标 is the cost in money: 成本指标, 经济成本指标."""
    name = compact(level2)
    return "成本" in name and not re.search("社会|生态", name)


def _speaks_of_all(content: str) -> bool:
    return bool(_WHOLE_COST.search(compact(content)))


def _speaks_of_one(text: str) -> bool:
    return bool(_UNIT_COST.search(compact(text)))


def _is_one_item(rows: pd.DataFrame, items: pd.DataFrame) -> pd.Series:
    """Whether an indicator names one of several expenditure items."""
    several = items[items["file"].duplicated(keep=False)].dropna(subset=["item"])
    names = several.groupby("file")["item"].agg(list)
    return pd.Series(
        [
            pd.notna(content) and any(_share_a_word(content, name) for name in names.get(file, []))
            for file, content in zip(rows["file"], rows["content"], strict=True)
        ],
        index=rows.index,
        dtype=bool,
    )


def _share_a_word(content: str, item: str) -> bool:
    """Whether two texts share two neighbouring characters that tell something."""
    one, other = (_TELLS_NOTHING.sub("|", compact(text)) for text in (content, item))
    pairs = {one[at : at + 2] for at in range(len(one) - 1)}
    return any(pair in other for pair in pairs if "|" not in pair)


def unmet(marks: pd.DataFrame) -> pd.DataFrame:
    """The indicators whose actual, a quantity in the target's unit, surely misses the target.

    A bare target (5%, 12个月) doesn't say whether more or less is better. It counts as missed only
    by less than 100 %, fewer pieces of a 数量指标, less satisfaction, or more cost.
    """
    missed = [
        all(pd.notna(each) for each in row) and _misses(*row)
        for row in zip(marks["level2"], marks["wanted"], marks["reached"], strict=True)
    ]
    return marks[pd.Series(missed, index=marks.index, dtype=bool)]


def _misses(level2: str, target: str, actual: str) -> bool:
    wanted, reached = parse_quantity(target), parse_quantity(actual)
    if not wanted or not reached or satisfies(reached, wanted) is not False:
        return False
    if _OPERATOR.search(compact(target)):
        return True
    kind = compact(level2)
    if "成本" in kind:
        return wanted.unit == MONEY and reached.value > (wanted.upper or wanted.value)
    if wanted.unit == "%":
        more_is_better = wanted.value == 100 or "满意" in kind
    else:
        more_is_better = "数量" in kind and wanted.unit != MONEY and not _is_time(wanted.unit)
    return more_is_better and reached.value < wanted.value


def _is_time(unit: str | None) -> bool:
    return bool(_TIME.search(unit or ""))


@rule(
    "I301",
    "target-missing",
    "指标缺少目标值",
    "warning",
    advice="请填写该指标的目标值；没有目标的指标请删去内容。",
    basis=COMPLETENESS,
)
def target_missing(marks: pd.DataFrame) -> pd.DataFrame:
    """An indicator has content or an actual and no target.

    Fails: 经济效益指标 有效节约会务成本, no target. Passes: 社会效益指标 ≥95%.
    """
    rows = marks[(marks["has_content"] | marks["has_actual"]) & ~marks["has_target"]]
    return report(
        rows.assign(what=rows["content"].fillna(rows["actual"])),
        anchor="target_at",
        otherwise="indicators",
        related="content_at",
        problem="{level2}“{what}”没有填写目标值。",
        expected="填写目标值",
        actual="空白",
    )


@rule(
    "I302",
    "actual-missing",
    "指标缺少完成值",
    "error",
    advice="请填写该指标的实际完成值。",
    basis=COMPLETENESS,
)
def actual_missing(marks: pd.DataFrame) -> pd.DataFrame:
    """An indicator has a target and no actual.

    Fails: target ≥95%, actual blank. Passes: target ≥95%, actual 98%.
    """
    rows = marks[marks["has_target"] & ~marks["has_actual"]]
    return report(
        rows,
        anchor="actual_at",
        otherwise="indicators",
        related="target_at",
        problem="{level2}的目标值是“{wanted}”，没有填写实际完成值。",
        expected="填写实际完成值",
        actual="空白",
    )


@rule(
    "I304",
    "cost-differs-from-spent",
    "成本指标与实际支出不一致",
    "error",
    advice="请核对成本指标的实际完成值与资金情况中的实际支出。",
    explained_by=("F104",),
    corrects=Corrects("indicators", "actual_value", "actual_cell"),
)
def cost_differs_from_spent(
    marks: pd.DataFrame, items: pd.DataFrame, totals: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """成本指标's actual is an amount and is not total spent.

    A unit cost, or one of several costs, is not held against total spent.

    Fails: cost actual 200万元, spent 206.2. Passes: cost actual 206.2万元, spent 206.2.
    """
    rows = costs(marks, items, totals)
    return report(
        flagged(rows, (rows["actual_value"] - rows["spent"]).abs() > settings.tolerance),
        anchor="actual_at",
        otherwise="indicators",
        related="spent_at",
        problem="成本指标实际完成值为{actual_value}万元，而实际支出为{spent}万元。",
        expected="{spent}万元",
        actual="{actual_value}万元",
        right="spent",
    )


@rule(
    "I305",
    "cost-over-target",
    "成本超过目标值",
    "error",
    advice="请核对金额；确实超出目标的，请说明原因，并按实际情况自评。",
    explained_by=("F104", "I304"),
)
def cost_over_target(
    marks: pd.DataFrame, items: pd.DataFrame, totals: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Total spent, or 成本指标's actual, exceeds 成本指标's amount target.

    Fails: target ≤200万元, spent 206.2. Passes: target ≤206.2万元, spent 206.2.
    """
    rows = costs(marks, items, totals)
    bounded = rows["target_operator"].isin(["<=", "<", "=", "between"])
    rows = rows[bounded]
    limit, actual = rows["limit"], rows["actual_value"]
    spent_over = certain(rows["spent"] - limit > settings.tolerance)
    actual_over = certain(actual - limit > settings.tolerance)
    rows = rows.assign(
        what=spent_over.map({True: "实际支出", False: "成本指标实际完成值"}),
        over=rows["spent"].where(spent_over, actual),
    )
    return report(
        rows[spent_over | actual_over],
        anchor="actual_at",
        otherwise="indicators",
        related=("target_at", "spent_at"),
        problem="{what}{over}万元，超过成本指标的目标值{limit}万元（“{wanted}”）。",
        expected="不超过{limit}万元",
        actual="{over}万元",
    )


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

    Fails: weight 10, points 12. Passes: weight 10, points 10.
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
    yields_at=("W904",),
)
def weights_do_not_sum(
    weighted: pd.DataFrame, projects: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Forms with weights: the weights, that of the execution rate included, do not add up to 100.

    A weight that is no number makes the sum unknown; without the execution rate's weight only a
    sum above 100 is surely wrong.

    Fails: 10 + 50 + 28 + 10 = 98. Passes: 10 + 50 + 30 + 10 = 100.
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
    explained_by=("F104",),
    yields_at=("W904",),
)
def execution_rate_wrong(
    execution: pd.DataFrame, sources: pd.DataFrame, totals: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Forms that state an execution rate: it differs from executed / budget by more than 0.1 %.

    Fails: budget 200, executed 180, rate 95%. Passes: budget 200, executed 180, rate 90%.
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

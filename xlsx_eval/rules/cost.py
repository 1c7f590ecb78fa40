"""I304, I305: the cost indicator against the money spent (万元)."""

from __future__ import annotations

import re

import pandas as pd

from xlsx_eval.rules.findings import certain, flagged, flags, report
from xlsx_eval.rules.registry import Corrects, rule, view
from xlsx_eval.rules.settings import Settings
from xlsx_eval.values.text import compact

MONEY = "万元"
_UNIT_COST = re.compile(r"每|人均|户均|亩均|单价|均价|单位成本|单位造价|平均|补助标准|单[台套个件]")
_TELLS_NOTHING = re.compile(
    r"成本|费用|项目|工程|资金|支出|控制|预算|总额|合计|以内|经费|\W|[\da-zA-Z]"
)
_WHOLE_COST = re.compile(
    r"总成本|总投资|总支出|总额|预算|项目成本|项目支出|项目资金|全部资金|成本控制"
)


@view
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


@rule(
    "I304",
    "cost-differs-from-spent",
    "成本指标与实际支出不一致",
    "error",
    advice="请核对成本指标的实际完成值与资金情况中的实际支出。",
    explained_by=("F104", "F110", "D202"),
    corrects=Corrects("indicators", "actual_value", "actual_cell"),
)
def cost_differs_from_spent(costs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """成本指标's actual is an amount and is not total spent.

    A unit cost, or one of several costs, is not held against total spent.

    Why it matters: what the project cost is what was spent on it; the form can't state two amounts.

    Fails: 成本指标 200万元, spent 206.2.

    Passes: 成本指标 206.2万元, spent 206.2. 每公里成本 0.9万元, spent 206.2.

    To correct: check both amounts; the cost indicator's actual is the total spent.

    检查：成本指标的实际完成值是金额，且不等于实际支出合计；单位成本和分项成本不与实际支出比较。

    意义：项目成本就是实际支出，同一张表不应有两个数。

    不通过：成本指标实际完成值200万元，实际支出206.2万元。

    通过：成本指标实际完成值206.2万元，实际支出206.2万元。
    """
    return report(
        flagged(costs, (costs["actual_value"] - costs["spent"]).abs() > settings.tolerance),
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
    explained_by=("F104", "F110", "D202", "I304"),
)
def cost_over_target(costs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Total spent, or 成本指标's actual, exceeds 成本指标's amount target.

    Why it matters: a cost target is a promise to stay within the money; exceeding it has to be
    explained.

    Fails: target ≤200万元, spent 206.2.

    Passes: target ≤206.2万元, spent 206.2.

    To correct: check the amounts; where the target was exceeded, say why, and evaluate accordingly.

    检查：实际支出合计或成本指标的实际完成值超过成本指标的金额目标值。

    意义：成本目标是对控制支出的承诺，超出应当说明原因。

    不通过：成本指标目标值≤200万元，实际支出206.2万元。

    通过：成本指标目标值≤206.2万元，实际支出206.2万元。
    """
    rows = costs[costs["target_operator"].isin(["<=", "<", "=", "between"])]
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

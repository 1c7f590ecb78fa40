"""D2xx 支出明细: the items together, against their total and against what was spent (万元)."""

from __future__ import annotations

import re

import pandas as pd

from xlsx_eval.frames import DECIMAL
from xlsx_eval.rules.findings import certain, flags, report
from xlsx_eval.rules.registry import COMPLETENESS, Corrects, rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.values.text import compact

_GROUP = re.compile(r"(?:[一二三四五六七八九十]{1,3}[、.]|[(（][一二三四五六七八九十]{1,3}[)）])")


def detail_sums(details: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """A row a form with a total or an item: `sum` of the items beside the stated `total`.

    `others` are the sums of the group rows (一、…) alone and of the rows below them alone: where
    either adds up, the table shows both levels. `open` marks details that can't be added up: an
    amount is missing or unread, or a row says that more is attached.
    """
    files = details[["file"]].drop_duplicates()
    known = items.groupby("file", sort=False).agg(
        last_at=("amount_at", "last"), item_at=("amount_at", tuple), count=("amount", "count")
    )
    known["sum"] = items.groupby("file", sort=False)["amount"].sum(min_count=1).astype(DECIMAL)
    grouped = flags(items["item"], _is_group)
    for name, rows in (("groups", items[grouped]), ("leaves", items[~grouped])):
        known[name] = rows.groupby("file")["amount"].sum(min_count=1).astype(DECIMAL)
    unread = items[items["amount"].isna() & ~heads_a_group(items)]["file"]
    attached = details[details["attached"] & details["amount"].isna()]["file"]
    total = details[details["kind"] == "total"].drop_duplicates("file", keep="last")
    total = total[["file", "amount", "amount_text", "amount_at"]].rename(
        columns={"amount": "total", "amount_text": "total_text", "amount_at": "total_at"}
    )
    sums = files.merge(total, on="file", how="left").merge(known, on="file", how="left")
    return sums.assign(open=sums["file"].isin({*unread, *attached}))


def _is_group(item: str) -> bool:
    return bool(_GROUP.match(compact(item)))


def heads_a_group(items: pd.DataFrame) -> pd.Series:
    """Whether an item is a group row with at least one plain row below it, before the next."""
    group = flags(items["item"], _is_group)
    same_file = certain(items["file"] == items["file"].shift(-1))
    return group & same_file & ~group.shift(-1, fill_value=True)


@rule(
    "D201",
    "items-do-not-sum",
    "明细之和不等于合计",
    "error",
    advice="请核对各项明细和合计数。",
    explained_by=("F110",),
    corrects=Corrects("expenditures", "amount", "amount_cell"),
)
def items_do_not_sum(
    details: pd.DataFrame, items: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """The items do not add up to 合计.

    Silent where an item's amount is missing or can't be read, or further details are attached. A
    table of two levels (一、材料费 above its parts) may add up on either.

    Why it matters: either an item is missing or mistyped, or the total is.

    Fails: items 100 and 50, 合计 160.

    Passes: items 100 and 50, 合计 150.

    To correct: check each item and the total.

    检查：各项支出相加不等于合计。有的项没有填金额、金额看不出是多少或者注明另有附件的，不作判断。

    意义：不是漏填、错填了某一项，就是合计算错了。

    不通过：两项支出100和50，合计160。

    通过：两项支出100和50，合计150。
    """
    sums = detail_sums(details, items)
    rows = sums[~sums["open"]]
    known = rows["sum"].notna() & rows["total"].notna()
    for column in ("sum", "groups", "leaves"):
        known &= ~_within(rows[column], rows["total"], settings)
    return report(
        rows[known],
        anchor="total_at",
        otherwise="expenditures",
        related="item_at",
        problem="各项支出合计{sum}万元，与填报的合计数{total}万元不一致。",
        expected="{sum}万元",
        actual="{total}万元",
        right="sum",
    )


def _within(one: pd.Series, other: pd.Series, settings: Settings) -> pd.Series:
    return certain((one - other).abs() <= settings.tolerance)


@rule(
    "D202",
    "detail-differs-from-spent",
    "明细合计不等于实际支出",
    "error",
    advice="请核对支出明细与资金情况中的实际支出。",
    explained_by=("D201", "F104", "F110"),
    corrects=Corrects("funds", "amount", "amount_cell", related=True),
)
def detail_differs_from_spent(
    details: pd.DataFrame, items: pd.DataFrame, totals: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """合计, or the sum of the items where 合计 is blank, is not total spent.

    Why it matters: the details prove what was spent; what they do not show is not proved.

    Fails: 合计 200, spent 206.2.

    Passes: 合计 206.2, spent 206.2.

    To correct: check the details against 实际支出 of the funds; add what is missing on either
    side.

    检查：支出明细的合计（没有填合计时为各项之和）不等于资金情况中的实际支出。

    意义：明细是实际支出的依据，对不上的部分就没有依据。

    不通过：明细合计200，实际支出206.2。

    通过：明细合计206.2，实际支出206.2。
    """
    sums = detail_sums(details, items)
    by_items = sums["total"].isna() & (_blank_or_formula(sums["total_text"])) & ~sums["open"]
    stated = sums["total"].where(~by_items, sums["sum"])
    at = sums["total_at"].where(sums["total"].notna(), sums["last_at"])
    rows = sums.assign(stated=stated.astype(DECIMAL), at=at.where(at.notna(), None)).merge(
        totals, on="file", how="left"
    )
    differs = certain((rows["stated"] - rows["spent"]).abs() > settings.tolerance)
    summed = rows["total"].isna()
    for column in ("groups", "leaves"):  # a table of two levels counts each amount twice
        differs &= ~(summed & _within(rows[column], rows["spent"], settings))
    return report(
        rows[differs],
        anchor="at",
        otherwise="expenditures",
        related="spent_at",
        problem="支出明细合计{stated}万元，与实际支出{spent}万元不一致。",
        expected="{spent}万元",
        actual="{stated}万元",
        right="stated",
    )


def _blank_or_formula(texts: pd.Series) -> pd.Series:
    return texts.isna() | flags(texts, lambda text: text.startswith("="))


@rule(
    "D203",
    "detail-missing",
    "没有支出明细",
    "warning",
    advice="请在表内逐项填写支出内容、金额和凭证号，不能以附件代替。",
    basis=COMPLETENESS,
)
def detail_missing(
    details: pd.DataFrame, items: pd.DataFrame, projects: pd.DataFrame
) -> pd.DataFrame:
    """There is no itemised row: only a total, or a row that says 明细附后 and the like.

    Why it matters: attachments do not go with the workbook, so nobody can see what the money was
    spent on.

    Fails: 明细附后, 合计 206.2.

    Passes: one item, 设备购置 206.2, with its voucher.

    To correct: write every item with amount and voucher into the table itself.

    检查：支出明细一项也没有：只有合计，或者只写“明细附后”一类的话。

    意义：附件不随表汇总，看不出钱花在了什么上。

    不通过：支出内容填“明细附后”，合计206.2。

    通过：填写一项“设备购置”206.2及其凭证号。
    """
    bare = details[~details["file"].isin(items["file"])]
    first = bare.sort_values("attached", ascending=False, kind="stable").drop_duplicates("file")
    rows = projects[~projects["file"].isin(items["file"])][["file"]]
    rows = rows.merge(first[["file", "item", "item_at", "attached"]], on="file", how="left")
    says = certain(rows["attached"])
    rows = rows.assign(
        at=rows["item_at"].where(rows["item_at"].notna(), None),
        seen=("填写“" + rows["item"] + "”").where(says, "没有逐项填写"),
    )
    return report(
        rows,
        anchor="at",
        otherwise="expenditures",
        problem="支出明细{seen}，看不到具体支出内容。",
        expected="逐项填写支出明细",
        actual="没有明细",
    )

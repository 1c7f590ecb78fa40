"""D2xx 支出明细: the items, their total and their vouchers (万元)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from xlsx_eval.frames import DECIMAL
from xlsx_eval.rules.findings import certain, flagged, flags, report
from xlsx_eval.rules.registry import COMPLETENESS, Corrects, rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.values.text import compact, is_none_word
from xlsx_eval.values.vouchers import parse_vouchers

_DATE = re.compile(r"\d{4}年|\d{1,2}月份?|\d{1,2}日")
_GROUP = re.compile(r"(?:[一二三四五六七八九十]{1,3}[、.]|[(（][一二三四五六七八九十]{1,3}[)）])")


def detail_sums(details: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """A row a form with a total or an item: `sum` of the items beside the stated `total`.

    `others` are the sums of the group rows (一、…) alone and of the rows below them alone: where
    either adds up, the table shows both levels. `open` marks details that can't be added up: an
    amount is unread, or a row says that more is attached.
    """
    files = details[["file"]].drop_duplicates()
    known = items.groupby("file", sort=False).agg(
        last_at=("amount_at", "last"), item_at=("amount_at", tuple), count=("amount", "count")
    )
    known["sum"] = items.groupby("file", sort=False)["amount"].sum(min_count=1).astype(DECIMAL)
    grouped = flags(items["item"], _is_group)
    for name, rows in (("groups", items[grouped]), ("leaves", items[~grouped])):
        known[name] = rows.groupby("file")["amount"].sum(min_count=1).astype(DECIMAL)
    unread = items[items["amount"].isna() & items["amount_text"].notna()]["file"]
    attached = details[details["attached"] & details["amount"].isna()]["file"]
    total = details[details["kind"] == "total"].drop_duplicates("file", keep="last")
    total = total[["file", "amount", "amount_text", "amount_at"]].rename(
        columns={"amount": "total", "amount_text": "total_text", "amount_at": "total_at"}
    )
    sums = files.merge(total, on="file", how="left").merge(known, on="file", how="left")
    return sums.assign(open=sums["file"].isin({*unread, *attached}))


def _is_group(item: str) -> bool:
    return bool(_GROUP.match(compact(item)))


@rule(
    "D201",
    "items-do-not-sum",
    "明细之和不等于合计",
    "error",
    advice="请核对各项明细和合计数。",
    corrects=Corrects("expenditures", "amount", "amount_cell"),
    yields_at=("W904",),
)
def items_do_not_sum(
    details: pd.DataFrame, items: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """The items do not add up to 合计.

    Silent where an item can't be read or further details are attached.

    Fails: items 100 and 50, 合计 160. Passes: items 100 and 50, 合计 150.
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
    explained_by=("D201", "F104"),
)
def detail_differs_from_spent(
    details: pd.DataFrame, items: pd.DataFrame, totals: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """合计 (or the sum of the items where 合计 is blank) is not total spent.

    Fails: 合计 200, spent 206.2. Passes: 合计 206.2, spent 206.2.
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

    Fails: 明细附后, 合计 206.2. Passes: one item of 206.2 with its voucher.
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


@rule(
    "D204",
    "voucher-missing",
    "未填会计凭证号",
    "warning",
    advice="请填写该项支出的会计凭证号。",
    basis=COMPLETENESS,
)
def voucher_missing(items: pd.DataFrame) -> pd.DataFrame:
    """An item has an amount and no voucher.

    A group row (一、…) whose details follow needs none.

    Fails: 设备购置, 50, no voucher. Passes: 设备购置, 50, 3月12号.
    """
    blank = items["voucher"].isna() | flags(items["voucher"], is_none_word)
    rows = items[blank & ~_heads_a_group(items)]
    return report(
        flagged(rows, (rows["amount"] != 0) & rows["amount"].notna()),
        anchor="voucher_at",
        otherwise="expenditures",
        related="amount_at",
        problem="支出“{item}”{amount}万元没有填写会计凭证号。",
        expected="填写会计凭证号",
        actual="空白",
    )


def _heads_a_group(items: pd.DataFrame) -> pd.Series:
    """Whether an item is a group row with at least one plain row below it, before the next."""
    group = flags(items["item"], _is_group)
    same_file = certain(items["file"] == items["file"].shift(-1))
    return group & same_file & ~group.shift(-1, fill_value=True)


@rule(
    "D205",
    "voucher-repeated",
    "会计凭证号重复",
    "warning",
    advice="请核对是否重复列支；确为同一张凭证的，请合并填写或在备注中说明。",
)
def voucher_repeated(items: pd.DataFrame) -> pd.DataFrame:
    """Two items of one form claim the same voucher: same month and number, or the same text.

    Words in place of a voucher (见附件) are no voucher.

    Fails: 3月12号 twice. Passes: 3月12号 and 4月12号.
    """
    claims = pd.DataFrame(
        [
            {"file": row.file, "claim": claim, "row": row.row, "item": row.item,
             "voucher": row.voucher, "at": row.voucher_at}
            for row in items.dropna(subset=["voucher"]).itertuples(index=False)
            for claim in _claims(row.voucher)
        ],
        columns=["file", "claim", "row", "item", "voucher", "at"],
    )  # fmt: skip
    claims = claims.drop_duplicates(["file", "claim", "at"])
    earlier = claims.drop_duplicates(["file", "claim"])
    both = claims.merge(earlier, on=["file", "claim"], suffixes=("", "_earlier"))
    later = both[both["row"] > both["row_earlier"]].drop_duplicates(["file", "at"])
    return report(
        later,
        anchor="at",
        otherwise="expenditures",
        related="at_earlier",
        problem="支出“{item}”的凭证号“{voucher}”，与前面“{item_earlier}”的“{voucher_earlier}”重复。",
        expected="凭证号不重复",
        actual="{voucher}",
    )


def _claims(voucher: str) -> Iterator[object]:
    """What a voucher cell claims: its text where it names a number, and each month and number."""
    text = compact(voucher)
    if any(char.isdigit() for char in _DATE.sub("", text)):
        yield text
    for each in parse_vouchers(voucher):
        if each.month is not None:
            yield (each.year, each.month, each.word, each.number)


@rule(
    "D206",
    "item-without-amount",
    "支出明细未填金额",
    "error",
    advice="请填写该项支出的金额，单位为万元。",
    basis=COMPLETENESS,
)
def item_without_amount(items: pd.DataFrame) -> pd.DataFrame:
    """An item has text or a voucher and no amount.

    Excepted: rows that say 明细附后, and group rows (一、…) whose details follow.

    Fails: 设备购置 with a voucher and no amount. Passes: 设备购置, 50.
    """
    rows = items[items["amount_text"].isna() & ~_heads_a_group(items)]
    rows = rows.assign(what=rows["item"].fillna(rows["voucher"]))
    return report(
        flagged(rows, rows["what"].notna()),
        anchor="amount_at",
        otherwise="expenditures",
        problem="支出“{what}”没有填写金额。",
        expected="填写金额",
        actual="空白",
    )


@rule(
    "D207",
    "item-repeated",
    "支出明细重复",
    "warning",
    advice="请核对是否重复填报；分次支付的，请在支出内容中写明期次。",
)
def item_repeated(items: pd.DataFrame) -> pd.DataFrame:
    """Two items of one form share text and amount.

    Fails: 设备购置 50 twice. Passes: 设备购置（一期）50 and 设备购置（二期）50.
    """
    rows = items.dropna(subset=["item", "amount"])
    rows = flagged(rows, rows["amount"] != 0)
    rows = rows.assign(plain=rows["item"].map(compact))
    same = ["file", "plain", "amount"]
    earlier = rows.drop_duplicates(same)[[*same, "item_at", "row"]]
    both = rows.merge(earlier, on=same, suffixes=("", "_earlier"))
    return report(
        both[both["row"] > both["row_earlier"]],
        anchor="item_at",
        otherwise="expenditures",
        related="item_at_earlier",
        problem="支出“{item}”{amount}万元与前面一项的内容和金额都相同。",
        expected="每项支出只填一次",
        actual="重复",
    )

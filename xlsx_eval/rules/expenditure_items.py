"""D2xx 支出明细: each item, its amount and its voucher (万元)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from xlsx_eval.rules.expenditure import heads_a_group
from xlsx_eval.rules.findings import certain, flagged, flags, report
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.rules.views import named
from xlsx_eval.values.text import compact, is_none_word
from xlsx_eval.values.vouchers import parse_vouchers

_DATE = re.compile(r"\d{4}年|\d{1,2}月份?|\d{1,2}日")


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

    A group row (一、材料费) whose details follow needs none.

    Why it matters: the voucher number is how an auditor finds the payment in the books.

    Fails: 设备购置, 50, no voucher.

    Passes: 设备购置, 50, 3月12号.

    To correct: write the number of the accounting voucher.

    检查：某项支出填了金额，没有填会计凭证号。下面另列明细的分类行不在此列。

    意义：凭凭证号才能在账上查到这笔支出。

    不通过：设备购置50，凭证号空白。

    通过：设备购置50，凭证号“3月12号”。
    """
    blank = items["voucher"].isna() | flags(items["voucher"], is_none_word)
    rows = items[blank & ~heads_a_group(items)]
    return report(
        flagged(rows, (rows["amount"] != 0) & rows["amount"].notna()).assign(what=named),
        anchor="voucher_at",
        otherwise="expenditures",
        related="amount_at",
        problem="支出{what}{amount}万元没有填写会计凭证号。",
        expected="填写会计凭证号",
        actual="空白",
    )


@rule(
    "D205",
    "voucher-repeated",
    "会计凭证号重复",
    "warning",
    advice="请核对是否重复列支；确为同一张凭证的，请合并填写或在备注中说明。",
)
def voucher_repeated(items: pd.DataFrame, chosen: frozenset[str]) -> pd.DataFrame:
    """Two items of one form claim the same voucher: same month and number, or the same text.

    Words in place of a voucher (见附件) are no voucher. Where the whole row is there twice, D207
    says so.

    Why it matters: one payment may have been reported twice.

    Fails: 设备购置 and 软件开发, both with 3月12号.

    Passes: 设备购置 with 3月12号, 软件开发 with 4月12号.

    To correct: check whether a payment stands there twice; what one voucher holds can be one item,
    or the note says so.

    检查：同一份表里两项支出填了同一张凭证（月份和号数相同，或文字相同）。

    意义：同一笔支出可能填报了两次。

    不通过：“设备购置”和“软件开发”的凭证号都是“3月12号”。

    通过：“设备购置”的凭证号是“3月12号”，“软件开发”的是“4月12号”。
    """
    claims = pd.DataFrame(
        [
            {"file": row.file, "claim": claim, "row": row.row, "what": what, "amount": row.amount,
             "voucher": row.voucher, "at": row.voucher_at}
            for row, what in zip(items.itertuples(index=False), named(items), strict=True)
            if pd.notna(row.voucher)
            for claim in _claims(row.voucher)
        ],
        columns=["file", "claim", "row", "what", "amount", "voucher", "at"],
    )  # fmt: skip
    claims = claims.drop_duplicates(["file", "claim", "at"])
    earlier = claims.drop_duplicates(["file", "claim"])
    both = claims.merge(earlier, on=["file", "claim"], suffixes=("", "_earlier"))
    later = both[both["row"] > both["row_earlier"]].drop_duplicates(["file", "at"])
    if "D207" in chosen:
        later = later[~_same_item(later)]
    return report(
        later,
        anchor="at",
        otherwise="expenditures",
        related="at_earlier",
        problem="支出{what}的凭证号“{voucher}”，与前面{what_earlier}的“{voucher_earlier}”重复。",
        expected="凭证号不重复",
        actual="{voucher}",
    )


def _same_item(both: pd.DataFrame) -> pd.Series:
    """Whether the later and the earlier row say the same: the whole row is repeated (D207)."""
    texts = zip(both["what"], both["what_earlier"], strict=True)
    same_text = pd.Series([compact(one) == compact(other) for one, other in texts], both.index)
    return same_text.astype(bool) & certain(both["amount"] == both["amount_earlier"])


def _claims(voucher: str) -> Iterator[object]:
    """What a voucher cell claims: its text where it names a number, and each month and number."""
    text = compact(voucher)
    if any(char.isdigit() for char in _DATE.sub("", text)):
        yield text
    for each in parse_vouchers(voucher, in_column=True):
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

    Excepted: rows that say 明细附后, and group rows (一、材料费) whose details follow.

    Why it matters: without its amount an item is missing from the sum.

    Fails: 设备购置, with a voucher and no amount.

    Passes: 设备购置, 50.

    To correct: fill in the amount in 万元.

    检查：某项支出写了内容或凭证号，没有填金额。“明细附后”一类的行和下面另列明细的分类行不在此列。

    意义：没有金额，这项支出就没有算进合计。

    不通过：“设备购置”填了凭证号，金额空白。

    通过：“设备购置”填50。
    """
    rows = items[items["amount_text"].isna() & ~heads_a_group(items)]
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

    Why it matters: a row copied by mistake counts its amount twice.

    Fails: 设备购置 50, and again 设备购置 50.

    Passes: 设备购置（一期）50 and 设备购置（二期）50.

    To correct: take the repeated row away, or tell instalments apart in their text.

    检查：同一份表里两项支出的内容和金额都相同。

    意义：误把一行复制了两遍，金额就算了两次。

    不通过：两行都是“设备购置”50。

    通过：“设备购置（一期）”50和“设备购置（二期）”50。
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

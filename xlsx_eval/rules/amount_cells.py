"""F1xx 资金: single amounts: blank, negative, no amount at all, or in 元 instead of 万元."""

from __future__ import annotations

import pandas as pd

from xlsx_eval.rules.findings import flagged, flags, report, together
from xlsx_eval.rules.registry import COMPLETENESS, Corrects, rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.views import blank_or_none, named
from xlsx_eval.values.text import is_none_word


@rule(
    "F110",
    "negative-amount",
    "金额为负数",
    "error",
    advice="请核对是否误填了负号；退款、冲销请按净额填写，并在备注中说明。",
    corrects=(
        Corrects("funds", "amount", "amount_cell"),
        Corrects("expenditures", "amount", "amount_cell"),
    ),
)
def negative_amount(funds_with_places: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """A planned, received or spent amount or an expenditure item is negative.

    A negative balance is no fault of its own: F101 and F102 speak of it.

    Why it matters: a minus is mostly a slip; a refund entered as its own negative row makes the
    items hard to check.

    Fails: an item of -3.

    Passes: an item of 0.

    To correct: take the minus away; a refund is set off against its item and told in the note.

    检查：计划安排、实际到位、实际支出的金额或支出明细的金额是负数。结余为负不在此列。

    意义：负号多半是误填；退款、冲销单独填成负数，各项支出就看不清楚。

    不通过：某项支出填报-3。

    通过：某项支出填报0。
    """
    filled_in = funds_with_places[funds_with_places["measure"] != "balance"]
    source = filled_in["source_name"].where(filled_in["source"] != "total", "总额")
    funds = filled_in.assign(what=filled_in["measure_name"] + "（" + source + "）")
    spent = items.assign(at=items["amount_at"], what="支出明细" + named(items))
    return together(
        *(
            report(
                flagged(rows, rows["amount"] < 0).assign(right=lambda rows: -rows["amount"]),
                anchor="at",
                problem="{what}填报为{amount}万元，金额不应为负数。",
                expected="不小于0",
                actual="{amount}万元",
                right="right",
            )
            for rows in (funds, spent)
        )
    )


@rule(
    "F111",
    "unit-suspect",
    "金额单位可能填错",
    "warning",
    advice="请核对金额单位：本表以万元为单位，以元计的金额应除以10000后填写。",
)
def unit_suspect(
    funds_with_places: pd.DataFrame, suspects: pd.Series, settings: Settings
) -> pd.DataFrame:
    """A total looks like 元 where 万元 is asked.

    It is at least a thousand times another measure's total (`unit_suspect_ratio` in the settings;
    other rules then take that measure as unknown), or the cell itself says 元 (it is read as
    such).

    Why it matters: one amount in 元 among amounts in 万元 makes the county's sum ten thousand
    times too large.

    Fails: planned 220.2, received 2000000.

    Passes: planned 2202, received 2000.

    To correct: write the amount in 万元: 2,000,000元 is 200.

    检查：某项总额像是以元填写的：达到另一项总额的1000倍以上，或者单元格里写着“元”。

    意义：万元的表里混进一个以元计的数，全县合计就大了一万倍。

    不通过：计划安排220.2，实际到位2000000。

    通过：计划安排2202，实际到位2000。
    """
    total = funds_with_places[funds_with_places["source"] == "total"]
    huge = funds_with_places[suspects]
    says_yuan = total["amount_text"].str.fullmatch(r".*[^万亿\s]\s*元\s*整?\s*")
    in_yuan = flagged(total, says_yuan & total["amount"].notna())
    return together(
        report(
            huge[~huge.index.isin(in_yuan.index)],
            anchor="at",
            problem=(
                "{measure_name}填报{amount}万元，是其他项金额的"
                f"{settings.unit_suspect_ratio}倍以上，可能是以元填写的。"
            ),
            expected="以万元为单位",
            actual="{amount_text}",
        ),
        report(
            in_yuan,
            anchor="at",
            problem="{measure_name}填写为“{amount_text}”，按元换算为{amount}万元。",
            expected="以万元为单位",
            actual="{amount_text}",
        ),
    )


@rule(
    "F112",
    "not-an-amount",
    "金额栏不是金额",
    "error",
    advice="请改填数字，单位为万元。",
)
def not_an_amount(funds_with_places: pd.DataFrame, details: pd.DataFrame) -> pd.DataFrame:
    """An amount cell holds text that is no amount.

    A formula that was never calculated, and a dash for nothing, are no such text.

    Why it matters: what can't be read as a number is missing from every sum.

    Fails: 约200.

    Passes: 200万元.

    To correct: write a number in 万元, and anything else in the note.

    检查：金额栏里的文字看不出是多少钱。没有计算结果的公式、表示没有的横线不在此列。

    意义：不是数字的金额进不了任何合计。

    不通过：约200。

    通过：200万元。
    """
    spent = details[~details["attached"]]
    return together(
        *(
            report(
                rows[rows["amount"].isna() & flags(rows["amount_text"], _is_no_amount)],
                anchor=at,
                problem="金额栏填写的是“{amount_text}”，不能识别为金额。",
                expected="数字（万元）",
                actual="{amount_text}",
            )
            for rows, at in ((funds_with_places, "at"), (spent, "amount_at"))
        )
    )


def _is_no_amount(text: str) -> bool:
    return not text.startswith("=") and not is_none_word(text)


@rule(
    "F113",
    "amount-missing",
    "金额未填",
    "error",
    advice="请填写该项总额，单位为万元；没有发生的填0。",
    basis=COMPLETENESS,
)
def amount_missing(funds_with_places: pd.DataFrame) -> pd.DataFrame:
    """The total of planned, received or spent is blank, or holds a dash.

    Why it matters: without these three amounts nothing about the money can be checked or added up.

    Fails: spent left blank.

    Passes: spent 0.

    To correct: fill in the total in 万元; where there was none, write 0.

    检查：计划安排、实际到位或实际支出的总额空白，或只画了横线。

    意义：缺了这三个数，资金情况无法核对，也无法汇总。

    不通过：实际支出空白。

    通过：实际支出填0。
    """
    total = funds_with_places[funds_with_places["source"] == "total"]
    return report(
        total[total["required"] & blank_or_none(total["amount_text"])],
        anchor="at",
        otherwise="funds",
        problem="{measure_name}的总额没有填写。",
        expected="填写金额",
        actual="空白",
    )

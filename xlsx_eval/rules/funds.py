"""F1xx 资金: planned, received and spent amounts, the balance, and their sources (万元)."""

from __future__ import annotations

import pandas as pd

from xlsx_eval.frames import DECIMAL
from xlsx_eval.rules.findings import certain, flagged, flags, percent, report, together
from xlsx_eval.rules.registry import COMPLETENESS, Corrects, rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.views import blank_or_none
from xlsx_eval.values.amounts import format_amount
from xlsx_eval.values.text import is_none_word

SPOKEN = {"planned": "计划安排", "received": "实际到位", "spent": "实际支出"}


def _exceeding(
    totals: pd.DataFrame, more: str, less: str, settings: Settings, also: tuple[str, ...] = ()
) -> pd.DataFrame:
    """The forms in which one total is greater than another."""
    rows = totals.assign(excess=totals[more] - totals[less])
    return report(
        flagged(rows, rows["excess"] > settings.tolerance),
        anchor=f"{more}_at",
        otherwise="funds",
        related=(f"{less}_at", *also),
        problem=f"{SPOKEN[more]}{{{more}}}万元，超过{SPOKEN[less]}{{{less}}}万元，超出{{excess}}万元。",
        expected=f"不超过{SPOKEN[less]}{{{less}}}万元",
        actual=f"{{{more}}}万元",
    )


@rule(
    "F101",
    "overspent-received",
    "实际支出大于实际到位",
    "error",
    advice="请核对到位资金是否漏填上年结转，或说明超支资金的来源。",
    explained_by=("F104",),
)
def overspent_received(totals: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Total spent is greater than total received.

    Why it matters: money that was not received can't be spent; a carry-over from the year before
    was left out, or the overspending needs an explanation.

    Fails: received 200, spent 206.2. Passes: received 206.2, spent 206.2.
    """
    return _exceeding(totals, "spent", "received", settings, also=("balance_at",))


@rule(
    "F102",
    "balance-mismatch",
    "结余不等于到位减支出",
    "error",
    advice="请按“结余＝实际到位－实际支出”更正。",
    explained_by=("F104",),
    yields_at=("W904",),
)
def balance_mismatch(
    totals: pd.DataFrame, sources: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """The balance is not received less spent, for the total or for one source where filled.

    Why it matters: the balance goes back to the budget or forward to the next year.

    Fails: received 200, spent 180, balance 30. Passes: received 200, spent 180, balance 20.
    """
    filled = sources[sources["received_filled"] | sources["spent_filled"]]
    total = totals.assign(source_name="")
    return together(
        *(
            report(
                flagged(rows, (rows["balance"] - rows["right"]).abs() > settings.tolerance),
                anchor="balance_at",
                related=("received_at", "spent_at"),
                problem=(
                    "{source_name}结余填报{balance}万元，而实际到位{received}万元减去"
                    "实际支出{spent}万元应为{right}万元。"
                ),
                expected="{right}万元",
                actual="{balance}万元",
            )
            for rows in (
                each.assign(right=(each["received"] - each["spent"]).astype(DECIMAL))
                for each in (total, filled)
            )
        )
    )


@rule(
    "F103",
    "spent-exceeds-plan",
    "实际支出大于计划安排",
    "warning",
    advice="请核对计划数，或说明超计划支出的原因和批准文件。",
    yields_to=("F101",),
    explained_by=("F104",),
)
def spent_exceeds_plan(totals: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Total spent is greater than total planned.

    Why it matters: spending beyond the plan needs an approval.

    Fails: planned 200, spent 210. Passes: planned 210, spent 210.
    """
    return _exceeding(totals, "spent", "planned", settings)


@rule(
    "F104",
    "sources-do-not-sum",
    "各来源之和不等于合计",
    "error",
    advice="请核对各来源的金额和合计数。",
    corrects=Corrects("funds", "amount", "amount_cell"),
)
def sources_do_not_sum(breakdown: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The filled sources of a measure do not add up to its total.

    Why it matters: the county adds up money by source.

    Fails: total 200, central 100, county 50. Passes: total 200, central 100, county 100.
    """
    known = breakdown[(breakdown["filled"] > 0) & ~breakdown["unread"]]
    return report(
        flagged(known, known["difference"].abs() > settings.tolerance),
        anchor="total_at",
        otherwise="funds",
        related="source_at",
        problem="{measure_name}各来源合计{sum}万元，与该项总额{total}万元不一致。",
        expected="{sum}万元",
        actual="{total}万元",
        right="sum",
    )


@rule(
    "F105",
    "sources-blank",
    "未填资金来源",
    "warning",
    advice="请按资金来源分别填写，各来源之和应等于总额。",
    basis=COMPLETENESS,
)
def sources_blank(breakdown: pd.DataFrame) -> pd.DataFrame:
    """A measure's total is filled and not zero, and all its sources are blank.

    One finding a form: it stands on the first such measure and names all of them.

    Fails: planned 220.2 without any source. Passes: planned 220.2, county 220.2.
    """
    blank = breakdown[(breakdown["filled"] == 0) & ~breakdown["unread"]]
    rows = flagged(blank, blank["total"] != 0)
    groups = rows.groupby("file", sort=False)
    forms = groups.agg(
        total_at=("total_at", "first"),
        names=("measure_name", "、".join),
        blank_at=("blank_at", lambda tuples: sum(tuples, ())),
    )
    return report(
        forms.reset_index(),
        anchor="total_at",
        otherwise="funds",
        related="blank_at",
        problem="{names}只填了总额，没有填写资金来源。",
        expected="各来源分别填写",
        actual="各来源空白",
    )


@rule(
    "F106",
    "source-overspent",
    "某来源支出大于到位",
    "error",
    advice="请核对该来源的到位数和支出数。",
    after=("F101",),
)
def source_overspent(
    sources: pd.DataFrame, totals: pd.DataFrame, findings: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Of one source more was spent than received.

    Where the sources' excess together is that of the total, F101 says so.

    Why it matters: earmarked money was paid out of another source.

    Fails: county received 50, county spent 60. Passes: county received 60, county spent 60.
    """
    rows = sources.assign(excess=sources["spent"] - sources["received"])
    rows = flagged(rows, rows["excess"] > settings.tolerance)
    said = totals[totals["file"].isin(findings["file"])].set_index("file")
    together = rows.groupby("file")["excess"].sum().astype(DECIMAL)
    same = (together - (said["spent"] - said["received"])).abs() <= settings.tolerance
    return report(
        rows[~rows["file"].isin(same.index[certain(same)])],
        anchor="spent_at",
        otherwise="funds",
        related="received_at",
        problem=(
            "{source_name}资金实际支出{spent}万元，超过该来源实际到位{received}万元，"
            "超出{excess}万元。"
        ),
        expected="不超过该来源到位{received}万元",
        actual="{spent}万元",
    )


@rule(
    "F107",
    "received-exceeds-plan",
    "实际到位大于计划安排",
    "warning",
    advice="请核对计划数和到位数，或说明追加资金的依据。",
    explained_by=("F104",),
    after=("F103",),
)
def received_exceeds_plan(
    totals: pd.DataFrame, findings: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Total received is greater than total planned.

    Where just that was spent, F103 says so.

    Fails: planned 200, received 220. Passes: planned 220, received 220.
    """
    all_spent = certain(totals["received"] == totals["spent"])
    said = totals["file"].isin(findings["file"]) & all_spent
    return _exceeding(totals[~said], "received", "planned", settings)


@rule(
    "F108",
    "received-short",
    "资金未足额到位",
    "notice",
    advice="请在文字部分说明资金未足额到位的原因。",
    explained_by=("F104",),
)
def received_short(totals: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """资金到位率 (received / planned) is below 100 %; a warning below 80 %.

    Fails: planned 220.2, received 200 (90.83 %). Passes: planned 200, received 200.
    """
    short = totals["planned"] - totals["received"] > settings.tolerance
    rows = flagged(totals, short & (totals["planned"] > 0) & (totals["received"] >= 0))
    far = rows["received"] < rows["planned"] * settings.received_short_below
    rows = rows.assign(
        rate=percent(rows["received"], rows["planned"]),
        severity=certain(far).map({True: "warning", False: "notice"}),
    )
    return report(
        rows,
        anchor="received_at",
        otherwise="funds",
        related="planned_at",
        problem="资金到位率{rate}：计划安排{planned}万元，实际到位{received}万元。",
        expected="{planned}万元",
        actual="{received}万元",
        severity="severity",
    )


@rule(
    "F109",
    "low-execution",
    "预算执行率偏低",
    "warning",
    advice="请在文字部分说明支出进度慢的原因和结余资金的处理。",
    explained_by=("F104",),
)
def low_execution(totals: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """预算执行率 (spent / received) is below 80 %.

    Fails: received 200, spent 120 (60 %). Passes: received 200, spent 180.
    """
    low = totals["spent"] < totals["received"] * settings.low_execution_below
    rows = flagged(totals, low & (totals["received"] > 0) & (totals["spent"] >= 0))
    rows = rows.assign(rate=percent(rows["spent"], rows["received"]))
    return report(
        rows,
        anchor="spent_at",
        otherwise="funds",
        related="received_at",
        problem="预算执行率{rate}：实际到位{received}万元，实际支出{spent}万元。",
        expected=f"不低于{format_amount(settings.low_execution_below * 100)}%",
        actual="{rate}",
    )


@rule(
    "F110",
    "negative-amount",
    "金额为负数",
    "error",
    advice="请核对；退款、冲销请在备注中说明，并按净额填写。",
)
def negative_amount(funds_with_places: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """A planned, received or spent amount or an expenditure item is negative.

    A negative balance is no fault of its own: F101 and F102 speak of it.

    Fails: an item of -3. Passes: an item of 0.
    """
    filled_in = funds_with_places[funds_with_places["measure"] != "balance"]
    source = filled_in["source_name"].where(filled_in["source"] != "total", "总额")
    funds = filled_in.assign(what=filled_in["measure_name"] + "（" + source + "）")
    spent = items.assign(at=items["amount_at"], what="支出明细“" + items["item"].fillna("") + "”")
    return together(
        *(
            report(
                flagged(rows, rows["amount"] < 0),
                anchor="at",
                problem="{what}填报为{amount}万元，金额不应为负数。",
                expected="不小于0",
                actual="{amount}万元",
            )
            for rows in (funds, spent)
        )
    )


@rule(
    "F111",
    "unit-suspect",
    "金额单位可能填错",
    "warning",
    advice="请核对：本表金额单位为万元。",
)
def unit_suspect(funds_with_places: pd.DataFrame, suspects: pd.Series) -> pd.DataFrame:
    """A total looks like 元 where 万元 is asked.

    It is at least a thousand times another measure's total (other rules then take it as unknown),
    or the cell itself says 元 (it is read as such).

    Fails: planned 220.2, received 2000000. Passes: planned 2202, received 2000.
    """
    total = funds_with_places[funds_with_places["source"] == "total"]
    huge = funds_with_places[suspects]
    says_yuan = total["amount_text"].str.fullmatch(r".*[^万亿\s]\s*元\s*整?\s*")
    in_yuan = flagged(total, says_yuan & total["amount"].notna())
    return together(
        report(
            huge[~huge.index.isin(in_yuan.index)],
            anchor="at",
            problem="{measure_name}填报{amount}万元，是其他项金额的一千倍以上，可能把元当作万元填写。",
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

    Fails: 约200. Passes: 200万元.
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
    advice="请填写该项总额，单位为万元。",
    basis=COMPLETENESS,
)
def amount_missing(funds_with_places: pd.DataFrame) -> pd.DataFrame:
    """The total of planned, received or spent is blank (or a dash).

    Fails: spent left blank. Passes: spent 0.
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


@rule(
    "F114",
    "balance-missing",
    "结余未填",
    "warning",
    advice="请按“结余＝实际到位－实际支出”填写。",
    basis=COMPLETENESS,
    explained_by=("F104",),
)
def balance_missing(totals: pd.DataFrame, funds: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The total balance is blank while received and spent are filled and differ.

    Fails: received 200, spent 180, balance blank. Passes: received and spent 200, balance blank.
    """
    asked = totals["file"].isin(funds[funds["measure"] == "balance"]["file"])
    rows = totals[asked & blank_or_none(totals["balance_text"])]
    rows = rows[rows["balance"].isna()]
    rows = rows.assign(right=(rows["received"] - rows["spent"]).astype(DECIMAL))
    return report(
        flagged(rows, rows["right"].abs() > settings.tolerance),
        anchor="balance_at",
        otherwise="funds",
        related=("received_at", "spent_at"),
        problem="结余没有填写：实际到位{received}万元减去实际支出{spent}万元应为{right}万元。",
        expected="{right}万元",
        actual="空白",
    )

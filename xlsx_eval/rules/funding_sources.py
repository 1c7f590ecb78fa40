"""F1xx 资金: the sources of the money, and the balance of each and of all (万元)."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from xlsx_eval.frames import DECIMAL
from xlsx_eval.rules.findings import certain, flagged, report, together
from xlsx_eval.rules.registry import COMPLETENESS, Corrects, rule
from xlsx_eval.rules.settings import Settings


@rule(
    "F102",
    "balance-mismatch",
    "结余不等于到位减支出",
    "error",
    advice="请按“结余＝实际到位－实际支出”更正。",
    explained_by=("F104", "F110", "D202"),
    corrects=Corrects("funds", "amount", "amount_cell"),
)
def balance_mismatch(
    totals: pd.DataFrame,
    sources: pd.DataFrame,
    breakdown: pd.DataFrame,
    chosen: frozenset[str],
    settings: Settings,
) -> pd.DataFrame:
    """The balance is not received less spent, for the total or for one source that is filled in.

    A blank source counts as nothing where the others add up to the total, else it is unknown.
    Where a source's amount is what keeps the sources from adding up, F104 says so.

    Why it matters: the balance goes back to the budget or forward into the next year, so a wrong
    one is wrong again in the year after.

    Fails: received 200, spent 180, balance 30.

    Passes: received 200, spent 180, balance 20.

    To correct: compute the balance as received less spent.

    检查：结余不等于实际到位减去实际支出；合计和填了数的各来源都查。

    意义：结余要上缴财政或结转下年，本年填错，下年的上年结转也跟着错。

    不通过：实际到位200，实际支出180，结余30。

    通过：实际到位200，实际支出180，结余20。
    """

    def wrong(rows: pd.DataFrame) -> pd.Series:
        right = rows["received"] - rows["spent"]
        return certain((rows["balance"] - right).abs() > settings.tolerance)

    filled = sources[sources["received_filled"] | sources["spent_filled"]]
    filled = filled[~_mistyped(filled, breakdown, chosen, wrong)]
    filled = filled.assign(whose="来源“" + filled["source_name"] + "”的")
    return together(
        *(
            report(
                rows[wrong(rows)],
                anchor="balance_at",
                related=("received_at", "spent_at"),
                problem=(
                    "{whose}结余填报{balance}万元，而实际到位{received}万元减去"
                    "实际支出{spent}万元应为{right}万元。"
                ),
                expected="{right}万元",
                actual="{balance}万元",
                right="right",
            )
            for rows in (
                each.assign(right=(each["received"] - each["spent"]).astype(DECIMAL))
                for each in (totals.assign(whose=""), filled)
            )
        )
    )


def _mistyped(
    sources: pd.DataFrame,
    breakdown: pd.DataFrame,
    chosen: frozenset[str],
    wrong: Callable[[pd.DataFrame], pd.Series],
) -> pd.Series:
    """Of which sources one amount is likely mistyped, and F104 says so.

    Were it set right by what its measure's sources lack, they would add up, and the source would
    no longer be `wrong`.
    """
    found = pd.Series(data=False, index=sources.index)
    if "F104" not in chosen:
        return found
    for measure, rows in breakdown.groupby("measure"):
        gaps = rows[rows["filled"].gt(0) & ~rows["unread"]].set_index("file")["difference"]
        gap = sources["file"].map(gaps).astype(DECIMAL)
        righted = sources.assign(**{str(measure): sources[measure] - gap})
        found |= certain(gap != 0) & wrong(sources) & ~wrong(righted) & righted[measure].notna()
    return found


@rule(
    "F104",
    "sources-do-not-sum",
    "各来源之和不等于合计",
    "error",
    advice="请核对各来源的金额和合计数。",
    yields_at=("F102",),
    explained_by=("F110",),
    corrects=Corrects("funds", "amount", "amount_cell"),
)
def sources_do_not_sum(
    breakdown: pd.DataFrame, details: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """The filled sources of a measure do not add up to its total.

    Dashes and 无 count as nothing; a source that can't be read leaves the sum unknown. The total is
    taken for the mistyped one, which explains what else it contradicts, unless the expenditure
    details bear it out. Of a balance that is not received less spent F102 says so.

    Why it matters: the county adds money up by source, and each of the other rules about the total
    depends on which of the figures is right.

    Fails: total 200, central 100, county 50.

    Passes: total 200, central 100, county 100.

    To correct: check the amount of each source and the total; one of them is mistyped or left out.

    检查：某一项（计划安排、实际到位、实际支出、结余）已填的各来源金额相加不等于该项总额。

    意义：全县按来源汇总资金，来源与总额对不上，其他核对也就无从谈起。

    不通过：总额200，中央财政100，县市区财政50。

    通过：总额200，中央财政100，县市区财政100。
    """
    known = breakdown[(breakdown["filled"] > 0) & ~breakdown["unread"]]
    rows = flagged(known, known["difference"].abs() > settings.tolerance)
    detailed = details[details["kind"] == "total"].groupby("file")["amount"].last()
    stated = rows["file"].map(detailed).astype(DECIMAL)
    borne_out = certain((stated - rows["total"]).abs() <= settings.tolerance)
    borne_out &= rows["measure"] == "spent"
    borne_out |= rows["measure"] == "balance"
    return report(
        rows.assign(right=rows["sum"].mask(borne_out)),
        anchor="total_at",
        otherwise="funds",
        related="source_at",
        problem="{measure_name}各来源合计{sum}万元，与该项总额{total}万元不一致。",
        expected="{sum}万元",
        actual="{total}万元",
        right="right",
    )


@rule(
    "F105",
    "sources-blank",
    "未填资金来源",
    "warning",
    advice="请按资金来源分别填写，各来源之和应等于总额。",
    basis=COMPLETENESS,
    explained_by=("F102",),
)
def sources_blank(breakdown: pd.DataFrame) -> pd.DataFrame:
    """A measure's total is filled and not zero, and all its sources are blank.

    One finding a form: it stands on the first such measure and names all of them.

    Why it matters: whose money was spent is told by the sources alone.

    Fails: planned 220.2 without any source.

    Passes: planned 220.2, of it county 220.2.

    To correct: fill in the amount of each source; together they make the total.

    检查：某一项填了总额且不为零，而各来源全部空白。一份表只提一次，列出所有这样的项。

    意义：只有来源才能说明用的是哪一级、哪一类的钱。

    不通过：计划安排资金220.2，各来源都没有填。

    通过：计划安排资金220.2，其中县市区财政220.2。
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
    explained_by=("F110",),
)
def source_overspent(
    sources: pd.DataFrame,
    totals: pd.DataFrame,
    breakdown: pd.DataFrame,
    findings: pd.DataFrame,
    chosen: frozenset[str],
    settings: Settings,
) -> pd.DataFrame:
    """Of one source more was spent than received.

    Where the sources' excess together is that of the total, F101 says so; where a source's amount
    is what keeps the sources from adding up, F104 does.

    Why it matters: earmarked money was paid out of another source.

    Fails: county received 50, county spent 60.

    Passes: county received 60, county spent 60.

    To correct: check what was received and spent of this source, and move what was put under the
    wrong one.

    检查：某一来源的实际支出大于该来源的实际到位。

    意义：说明挤占了别的来源的资金，专款没有专用，或者填错了来源。

    不通过：县市区财政到位50，支出60。

    通过：县市区财政到位60，支出60。
    """

    def overspent(rows: pd.DataFrame) -> pd.Series:
        return certain(rows["spent"] - rows["received"] > settings.tolerance)

    rows = sources.assign(excess=sources["spent"] - sources["received"])
    rows = rows[overspent(rows) & ~_mistyped(rows, breakdown, chosen, overspent)]
    said = totals[totals["file"].isin(findings["file"])].set_index("file")
    together = rows.groupby("file")["excess"].sum().astype(DECIMAL)
    same = (together - (said["spent"] - said["received"])).abs() <= settings.tolerance
    return report(
        rows[~rows["file"].isin(same.index[certain(same)])],
        anchor="spent_at",
        otherwise="funds",
        related="received_at",
        problem=(
            "来源“{source_name}”实际支出{spent}万元，超过该来源实际到位{received}万元，"
            "超出{excess}万元。"
        ),
        expected="不超过该来源到位{received}万元",
        actual="{spent}万元",
    )

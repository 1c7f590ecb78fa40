"""F1xx 资金: the totals of planned, received, spent and balance against each other (万元)."""

from __future__ import annotations

import pandas as pd

from xlsx_eval.frames import DECIMAL
from xlsx_eval.rules.findings import certain, flagged, percent, report
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.views import blank_or_none
from xlsx_eval.values.amounts import format_amount

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
    explained_by=("F104", "F110"),
)
def overspent_received(totals: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Total spent is greater than total received.

    Why it matters: money that was not received can't be spent; either a carry-over from the year
    before is missing from what was received, or the overspending needs an explanation.

    Fails: received 200, spent 206.2.

    Passes: received 206.2, spent 206.2.

    To correct: check whether a carry-over is missing from what was received, or say where the
    money for the excess came from.

    检查：实际支出合计大于实际到位合计。

    意义：没有到位的资金无从支出，多半是到位资金漏填了上年结转，否则超支的来源需要说明。

    不通过：实际到位200，实际支出206.2。

    通过：实际到位206.2，实际支出206.2。
    """
    return _exceeding(totals, "spent", "received", settings, also=("balance_at",))


@rule(
    "F103",
    "spent-exceeds-plan",
    "实际支出大于计划安排",
    "warning",
    advice="请核对计划数，或说明超计划支出的原因和批准文件。",
    yields_to=("F101",),
    explained_by=("F104", "F110", "D202"),
)
def spent_exceeds_plan(totals: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Total spent is greater than total planned.

    Why it matters: spending beyond the plan needs an approval.

    Fails: planned 200, spent 210.

    Passes: planned 210, spent 210.

    To correct: check the planned amount; if it is right, say why more was spent and who approved
    it.

    检查：实际支出合计大于计划安排合计。

    意义：超出计划的支出应当有批准手续。

    不通过：计划安排200，实际支出210。

    通过：计划安排210，实际支出210。
    """
    return _exceeding(totals, "spent", "planned", settings)


@rule(
    "F107",
    "received-exceeds-plan",
    "实际到位大于计划安排",
    "warning",
    advice="请核对计划数和到位数，或说明追加资金的依据。",
    explained_by=("F104", "F110"),
    after=("F103",),
)
def received_exceeds_plan(
    totals: pd.DataFrame, findings: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Total received is greater than total planned.

    Where just that was spent, F103 says so.

    Why it matters: money beyond the plan was added during the year, which has a document, or a
    carry-over was left out of the plan.

    Fails: planned 200, received 220.

    Passes: planned 220, received 220.

    To correct: check the planned and the received amount, or name the document that added money.

    检查：实际到位合计大于计划安排合计。

    意义：多出的资金应有追加依据，或者是计划数漏了上年结转。

    不通过：计划安排200，实际到位220。

    通过：计划安排220，实际到位220。
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
    explained_by=("F104", "F110"),
)
def received_short(totals: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """资金到位率 (received / planned) is below 100 %.

    A warning below 80 % (`received_short_below` in the settings).

    Why it matters: whether the money came in full is part of every evaluation, and the report has
    to tell why it did not.

    Fails: planned 220.2, received 200, which is 90.83 %.

    Passes: planned 200, received 200.

    To correct: tell in the report why the money did not come in full, or correct the amounts.

    检查：资金到位率（实际到位÷计划安排）不足100%；低于80%时由提示变为疑点。

    意义：资金是否足额到位是评价的一项内容，没有足额到位的，报告里要说明原因。

    不通过：计划安排220.2，实际到位200，到位率90.83%。

    通过：计划安排200，实际到位200。
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
    explained_by=("F104", "F110", "D202"),
)
def low_execution(totals: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """预算执行率 (spent / received) is below 80 % (`low_execution_below` in the settings).

    Why it matters: money that lies idle is taken back or cuts the next budget, so the report has
    to tell why it was not spent.

    Fails: received 200, spent 120, which is 60 %.

    Passes: received 200, spent 180, which is 90 %.

    To correct: tell in the report why so little was spent and what becomes of the balance.

    检查：预算执行率（实际支出÷实际到位）低于80%。

    意义：资金长期闲置会被收回，也影响下年预算安排，报告里要说明原因。

    不通过：实际到位200，实际支出120，执行率60%。

    通过：实际到位200，实际支出180，执行率90%。
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
    "F114",
    "balance-missing",
    "结余未填",
    "warning",
    advice="请按“结余＝实际到位－实际支出”填写。",
    basis=COMPLETENESS,
    yields_to=("F101",),
    explained_by=("F104", "F110", "D202"),
)
def balance_missing(totals: pd.DataFrame, funds: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The total balance is blank while received and spent are filled and differ.

    Why it matters: the balance has to be handed back or carried over; left blank it gets lost.

    Fails: received 200, spent 180, balance blank.

    Passes: received 200, spent 200, balance blank.

    To correct: fill in received less spent.

    检查：实际到位与实际支出都已填且不相等，而结余空白。

    意义：结余要上缴或结转下年，不填就没有了下落。

    不通过：实际到位200，实际支出180，结余空白。

    通过：实际到位200，实际支出200，结余空白。
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

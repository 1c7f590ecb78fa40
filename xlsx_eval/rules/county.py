"""C0xx 全县: the same project twice, the same voucher twice, last year's balance, odd amounts."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from xlsx_eval.rules.findings import Place, flagged, flags, places, report
from xlsx_eval.rules.registry import rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.submissions import identified
from xlsx_eval.rules.submissions import repeats as repeats_of
from xlsx_eval.values.amounts import format_amount, parse_amount
from xlsx_eval.values.text import compact
from xlsx_eval.values.vouchers import parse_vouchers

_SHARED = re.compile("分摊|分担|分列|分别列支|共用|共同|拆分|合并|同一凭证|同张凭证|部分")
_CARRY_OVER = re.compile(
    r"""
    (?P<before>.{0,6})
    (?:上年度?|上一年度?|去年)(?:财政|专项|项目)?(?:资金)?
    (?:结转结余|结余结转|结转|结余)(?:[到至]?本年)?的?(?:专项资金|资金|指标|金额|数|额)?
    (?:为|合计|共计|共|计|是)?
    (?P<amount>[0-9][0-9,]*(?:\.[0-9]+)?(?:亿元|万元|元))
    """,
    re.VERBOSE,
)
_PART_OF_IT = re.compile(
    r"(?:中央|省|市|县|区)(?:级|财政)*$|(?:使用|支出|动用|消化|列支|用于|部分)$"
)
_ROBUST = 0.6745  # makes the median distance of a normal distribution its standard deviation


@rule(
    "C001",
    "submitted-twice",
    "同一项目重复报送",
    "warning",
    advice="请核对：确属重复的，撤回多余的一份；确属不同项目的，请在项目名称中加以区分。",
)
def submitted_twice(repeats: pd.DataFrame) -> pd.DataFrame:
    """Two workbooks report the same project of the same unit.

    Names count as the same whatever their blanks, brackets, year and 项目 at the end; 一期 and
    二期, 2020年 and 2021年, and projects whose periods lie in different years are different. The
    submission with the later report date counts, else the one whose file name comes last; the
    other one is left out of the summary's totals and of the rules across submissions.

    Why it matters: the county would count the project's money twice.

    Fails: 农村公路养护项目 of 县公路养护中心 in two files.

    Passes: 农村公路养护项目（一期） and 农村公路养护项目（二期）.

    To correct: withdraw one of them, or tell the projects apart by their names.

    检查：两份工作簿报送同一单位的同一项目。

    意义：重复报送会使全县汇总重复计算；以报告日期较晚的一份为准，日期相同的以文件名靠后的为准。

    不通过：县公路养护中心的“农村公路养护项目”报了两份。

    通过：“农村公路养护项目（一期）”和“农村公路养护项目（二期）”。
    """
    why = repeats["by_date"].map({True: "报告日期较晚", False: "报告日期相同或未填，按文件名靠后"})
    counts = repeats["file"] == repeats["counted"]
    rows = repeats.assign(why=why, copies=repeats["copies"].astype(str))
    return pd.concat(
        [
            report(
                rows[counts],
                anchor="at",
                problem="项目“{name}”报送了{copies}份，另一份是“{other}”；以本份为准（{why}）。",
                expected="同一项目只报送一份",
                actual="报送{copies}份",
            ),
            report(
                rows[~counts],
                anchor="at",
                problem=(
                    "项目“{name}”报送了{copies}份，以“{counted}”为准（{why}），本份不计入汇总。"
                ),
                expected="同一项目只报送一份",
                actual="报送{copies}份",
            ),
        ],
        ignore_index=True,
    )


@rule(
    "C002",
    "voucher-claimed-twice",
    "不同项目列支同一凭证",
    "warning",
    advice="请核对是否重复列支；一张凭证由几个项目分摊的，请在备注中说明。",
)
def voucher_claimed_twice(
    items: pd.DataFrame, counting: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Two projects of one unit claim the same voucher: same year, month, word and number.

    The year is the one beside the voucher, else that of the project's period, else the evaluated
    one. A voucher without a month, and one of which the form says that it is shared (分摊, 共用,
    部分), is passed over.

    Why it matters: one payment was charged to two projects.

    Fails: 3月记12号 in two projects of 县公路养护中心.

    Passes: 3月记12号 and 3月记13号; 3月记12号 in projects of two units.

    To correct: take it out of one of them, or say in the remarks how it is shared.

    检查：同一单位的两个项目列支了同一年同一月的同一张凭证。

    意义：一笔支出可能在两个项目中重复列支。

    不通过：县公路养护中心的两个项目都列支了3月记12号凭证。

    通过：一个项目列支3月记12号，另一个列支3月记13号；或备注写明两个项目分摊。
    """
    claims: dict[tuple[object, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in _claiming(items, counting).to_dict("records"):
        for each in dict.fromkeys(parse_vouchers(row["voucher"], in_column=True)):
            year = each.year or _voucher_year(row, settings)
            if each.month and year:
                claim = (row["unit_key"], year, each.month, each.word, each.number)
                said = f"{each.month}月{each.word}{each.number}号"
                claims[claim].append(row | {"said": said})
    found: dict[tuple[str, Place | None], dict[str, Any]] = {}
    for same in claims.values():
        files = {row["file"]: row for row in reversed(same)}
        for row in same if len(files) > 1 else ():
            others = [other for file, other in files.items() if file != row["file"]]
            other = min(others, key=lambda each: each["order"])
            more = f"等{len(others)}个项目" if len(others) > 1 else ""
            found.setdefault(
                (row["file"], row["at"]),
                row | {"other": other["name"], "other_file": other["file"], "more": more},
            )
    return report(
        pd.DataFrame(list(found.values())),
        anchor="at",
        otherwise="expenditures",
        problem=(
            "{said}凭证在本单位另一项目“{other}”（文件“{other_file}”）{more}的支出明细中也有列支。"
        ),
        expected="一张凭证只在一个项目中列支",
        actual="{voucher}",
    )


def _claiming(items: pd.DataFrame, counting: pd.DataFrame) -> pd.DataFrame:
    """The items with a voucher, beside their project; not those that share their voucher."""
    known = counting[(counting["unit_key"] != "") & (counting["name"] != "")]
    columns = ["file", "name", "unit_key", "name_year", "period_year", "period_known", "order"]
    rows = items.dropna(subset=["voucher"]).rename(columns={"voucher_at": "at"})
    said = rows["item"].fillna("") + rows["note"].fillna("") + rows["voucher"]
    shared = flags(said, lambda text: bool(_SHARED.search(text)))
    return rows[~shared][["file", "at", "voucher"]].merge(known[columns], on="file")


def _voucher_year(row: dict[str, Any], settings: Settings) -> int | None:
    """A period over several years does not tell in which one a voucher was made."""
    if row["period_known"]:
        within: int | None = row["period_year"]
        return within
    return row["name_year"] or settings.year


@rule(
    "C007",
    "carry-over-differs",
    "上年结转与上年结余不一致",
    "error",
    advice="请核对上年自评报告的结余数和本年填报的上年结转数，差额部分请说明去向。",
)
def carry_over_differs(
    funds_with_places: pd.DataFrame,
    narratives: pd.DataFrame,
    counting: pd.DataFrame,
    previous: pd.DataFrame,
    settings: Settings,
) -> pd.DataFrame:
    """The carry-over stated this year is not last year's reported balance of the same project.

    It is the amount of the source 上年结转, or what the text calls 上年结转 (of the project as a
    whole). A project that states none is passed over: its balance may have been withdrawn.

    Why it matters: money that was left over last year must be found again this year.

    Fails: last year's balance 5, 上年结转 6.2.

    Passes: last year's balance 6.2, 上年结转 6.2.

    To correct: compare both reports, and say where the difference went.

    检查：本年填报的上年结转与同一项目上年自评报告的结余不一致。

    意义：上年结余的资金本年应当有着落。

    不通过：上年结余5万元，本年填报上年结转6.2万元。

    通过：上年结余6.2万元，本年填报上年结转6.2万元。
    """
    balances = _balances(previous)
    stated = _stated_carry_overs(funds_with_places, narratives)
    once = counting[(counting["key"] != "") & (counting["unit_key"] != "")]
    once = once.drop_duplicates(["unit_key", "key"], keep=False)
    rows = stated.merge(once[["file", "unit_key", "key"]], on="file")
    rows["balance"] = pd.Series(
        [balances.get(each) for each in zip(rows["unit_key"], rows["key"], strict=True)],
        index=rows.index, dtype=object,
    )  # fmt: skip
    known = rows.dropna(subset=["balance"])
    return report(
        flagged(known, (known["amount"] - known["balance"]).abs() > settings.tolerance),
        anchor="at",
        otherwise="funds",
        problem="本年填报上年结转{amount}万元，而上年自评报告中该项目结余为{balance}万元。",
        expected="{balance}万元",
        actual="{amount}万元",
    )


def _balances(previous: pd.DataFrame) -> dict[tuple[str, str], Decimal]:
    """(unit, project) → last year's balance, where one report of it is left."""
    last = identified(previous).assign(balance=previous["balance"].astype(object))
    again = repeats_of(last)
    last = last[~last["file"].isin(again[again["file"] != again["counted"]]["file"])]
    last = last[(last["key"] != "") & (last["unit_key"] != "")]
    last = last.drop_duplicates(["unit_key", "key"], keep=False)
    last = last[last["balance"].notna()]
    return {
        (unit, key): Decimal(balance)
        for unit, key, balance in zip(last["unit_key"], last["key"], last["balance"], strict=True)
    }


def _stated_carry_overs(funds: pd.DataFrame, narratives: pd.DataFrame) -> pd.DataFrame:
    """A row a form that states a carry-over: `file, amount, at`; its table before its text."""
    carried = funds[
        (funds["source"] == "carry_over") & funds["measure"].isin(["planned", "initial"])
    ]
    carried = flagged(carried, carried["amount"] > 0).sort_values(
        "measure", ascending=False, kind="stable"
    )
    rows = [
        {"file": row["file"], "amount": Decimal(row["amount"]), "at": row["at"]}
        for row in carried[["file", "amount", "at"]].to_dict("records")
    ]
    texts = narratives.dropna(subset=["text"]).assign(at=lambda frame: places(frame, "text_cell"))
    for file, sections in texts.groupby("file", sort=False):
        found = [
            (amount, at)
            for text, at in zip(sections["text"], sections["at"], strict=True)
            for amount in stated_carry_overs(text)
        ]
        amounts = {amount for amount, _ in found}
        if len(amounts) == 1 and (amount := found[0][0]) is not None:
            rows.append({"file": str(file), "amount": amount, "at": found[0][1]})
    return pd.DataFrame(rows, columns=["file", "amount", "at"]).drop_duplicates("file")


def stated_carry_overs(text: str) -> list[Decimal | None]:
    """The amounts (万元) that a text calls 上年结转; None for one that is only a part of it."""
    if "上" not in text and "去年" not in text:
        return []
    found: list[Decimal | None] = []
    for match in _CARRY_OVER.finditer(compact(text)):
        amount = parse_amount(match["amount"])
        partly = amount is None or _PART_OF_IT.search(match["before"])
        found.append(None if partly or amount is None else amount.value)
    return found


@rule(
    "C008",
    "unusual-amount",
    "支出金额或执行率异常",
    "notice",
    advice="请核对金额和单位是否填错；确属如此的，不必修改。",
    yields_at=("F101", "F103", "F109", "F111"),
)
def unusual_amount(
    totals: pd.DataFrame, counting: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Spent or the execution rate lies far from those of the unit's or the county's projects.

    Far is a robust z-score (distance from the median by the median distance, of spent on a
    logarithmic scale) beyond 3.5, and at least ten times or a tenth of the median, or ten points
    beside the median rate. It takes ten projects; where more than half share one value nothing is
    said.

    Why it matters: an amount in 元 in a form in 万元 shows only beside other projects.

    Fails: 20000000 among projects of 50 to 900.

    Passes: 2000 among projects of 50 to 900.

    To correct: check the amount and its unit.

    检查：实际支出或预算执行率明显偏离本单位或全县其他项目（稳健z值大于3.5，至少10个项目）。

    意义：整张表都把元当作万元填写时，只有与其他项目相比才看得出来。

    不通过：其他项目支出50万元至900万元，本项目20000000万元。

    通过：其他项目支出50万元至900万元，本项目2000万元。
    """
    rows = totals.merge(counting[["file", "unit_key"]], on="file").reset_index(drop=True)
    spent = pd.Series([_float(value) for value in rows["spent"]], index=rows.index, dtype=float)
    base = rows["received"].fillna(rows["planned"])
    base = pd.Series([_float(value) for value in base], index=rows.index, dtype=float)
    sizes = np.log(spent.where(spent > 0))
    rates = (spent / base.where(base > 0)).where(spent >= 0)
    found = [
        {
            "file": row.file, "at": row.spent_at, "what": f"实际支出{format_amount(row.spent)}万元",
            "usual": f"{_plain(math.exp(median))}万元", "among": among,
            "actual": f"{format_amount(row.spent)}万元",
        }
        for row, median, among in _outliers(rows, sizes, settings, math.log(settings.unusual_times))
    ]  # fmt: skip
    said = {each["file"] for each in found}
    found += [
        {
            "file": row.file, "at": row.spent_at, "what": f"预算执行率{_plain(rate * 100)}%",
            "usual": f"{_plain(median * 100)}%", "among": among, "actual": f"{_plain(rate * 100)}%",
        }
        for row, median, among in _outliers(rows, rates, settings, settings.unusual_rate_gap)
        for rate in [rates[row.Index]]
        if row.file not in said
    ]  # fmt: skip
    return report(
        pd.DataFrame(found),
        anchor="at",
        otherwise="funds",
        problem="{what}，与{among}的中位数{usual}相差悬殊。",
        expected="与同类项目相近（中位数{usual}）",
        actual="{actual}",
    )


def _outliers(
    rows: pd.DataFrame, values: pd.Series, settings: Settings, least: float
) -> list[tuple[Any, float, str]]:
    """The rows far from the median of their unit, where it has enough projects, or the county."""
    known = values.dropna()
    units = rows["unit_key"][known.index]
    counts = units.map(units.value_counts())
    large = (counts >= settings.unusual_projects) & (units != "")
    groups = [(f"本单位{len(index)}个项目", known[index], index)
              for index in units[large].groupby(units[large]).groups.values()]  # fmt: skip
    if len(known) >= settings.unusual_projects:
        groups.append((f"全县{len(known)}个项目", known, known.index[~large]))
    found = []
    for among, usual, index in groups:
        median = float(np.median(usual))
        spread = float(np.median(np.abs(usual - median)))
        if not spread:
            continue
        far = (known[index] - median).abs()
        odd = (far * _ROBUST / spread > settings.unusual_score) & (far >= least)
        found += [(row, median, among) for row in rows.loc[odd.index[odd]].itertuples()]
    return found


def _float(value: Any) -> float:
    return math.nan if pd.isna(value) else float(value)


def _plain(number: float) -> str:
    return format_amount(Decimal(f"{number:.2f}"))

"""N704, N705, T604: percentages, carry-overs and years of the narrative against the tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from xlsx_eval.rules.findings import Place, flags, places, report
from xlsx_eval.rules.registry import rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.views import blank_or_none
from xlsx_eval.values.amounts import format_amount
from xlsx_eval.values.prose.accounts import Told, carry_overs
from xlsx_eval.values.prose.clauses import quoted
from xlsx_eval.values.prose.completion import Completed, completions
from xlsx_eval.values.prose.figures import Figure
from xlsx_eval.values.prose.shares import Share, share_name, shares
from xlsx_eval.values.quantities import parse_quantity

_SATISFACTION = re.compile("满意")
_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Reached:
    """An indicator whose actual is a percentage."""

    name: str
    satisfaction: bool
    actual: Decimal
    target: Decimal | None
    text: str
    at: Place | None


@rule(
    "N704",
    "percentage-contradicts-table",
    "文字中的百分比与表内不一致",
    "warning",
    advice="请核对文字和表内的百分比，使两者一致。",
)
def percentage_contradicts_table(
    reports: pd.DataFrame, marks: pd.DataFrame, years: dict[str, range]
) -> pd.DataFrame:
    """A percentage the text gives for an indicator differs from that indicator's actual.

    The text must call it what the table does, or speak of the satisfaction where the form has one
    indicator of it. Targets, bounds, comparisons and rounded figures are left alone, and so is an
    indicator of which the text gives two percentages.

    Why it matters: the text is published beside the table, and one of the two is wrong.

    Fails: the text says 群众满意度96%, the table 94%.

    Passes: both say 96%.

    To correct: look at the evidence and correct the text or the table.

    检查：文字部分写明的某项指标的百分比与表内该指标的实际完成值不一致。

    意义：文字和表格一同公开，两者必有一处有误。

    不通过：文字写“群众满意度96%”，表内实际完成值94%。

    通过：文字和表内都是96%。
    """
    said: dict[str, list[tuple[Place, Share]]] = defaultdict(list)
    for file, at, text in zip(reports["file"], reports["text_at"], reports["text"], strict=True):
        said[file].extend(
            (at, share)
            for share in shares(text)
            if share.year is None or share.year in years.get(file, ())
        )
    reached = _reached(marks[marks["file"].isin([file for file, told in said.items() if told])])
    rows: list[dict[str, Any]] = []
    for file, indicators in reached.items():
        for indicator in indicators:
            told = _told_of(indicator, said[file], indicators)
            figures = {share.figure.value: share.figure for _, share in told}
            if len(figures) != 1 or indicator.actual > _WHOLE:
                continue
            (figure,) = figures.values()
            step = max(figure.step, _step(indicator.text))
            difference = abs(figure.value - indicator.actual)
            if difference < step or figure.value == indicator.target:
                continue
            at, share = told[0]
            rows.append(
                {
                    "file": file,
                    "at": at,
                    "related": (indicator.at, *(other for other, _ in told[1:])),
                    "said": quoted(share.clause),
                    "actual": f"{format_amount(figure.value)}%",
                    "expected": f"{format_amount(indicator.actual)}%",
                }
            )
    return report(
        pd.DataFrame(rows),
        anchor="at",
        related="related",
        problem="文字写明“{said}”，而表内该指标的实际完成值为{expected}。",
        expected="{expected}",
        actual="{actual}",
    )


def _reached(marks: pd.DataFrame) -> dict[str, list[_Reached]]:
    """File → its indicators whose actual is one percentage."""
    found: dict[str, list[_Reached]] = defaultdict(list)
    columns = ("file", "level2", "content", "target_value", "reached", "actual_at")
    rows = marks[flags(marks["reached"], lambda text: "%" in text or "％" in text)]
    for file, level2, content, target, text, at in zip(
        *(rows[column] for column in columns), strict=True
    ):
        actual = parse_quantity(text)
        if actual is None or (actual.operator, actual.unit) != ("=", "%"):
            continue
        names = [str(name) for name in (level2, content) if pd.notna(name)]
        found[file].append(
            _Reached(
                share_name(names[-1]) if names else "",
                any(_SATISFACTION.search(name) for name in names),
                actual.value,
                target if pd.notna(target) else None,
                text,
                at,
            )
        )
    return found


def _told_of(
    indicator: _Reached, said: Sequence[tuple[Place, Share]], indicators: Sequence[_Reached]
) -> list[tuple[Place, Share]]:
    """What the text says of an indicator: by its name, or as the only satisfaction."""
    same = [each for each in indicators if each.name and each.name == indicator.name]
    told = [(at, share) for at, share in said if share.name == indicator.name]
    if told and len(same) == 1:
        return told
    if indicator.satisfaction and sum(each.satisfaction for each in indicators) == 1:
        return [(at, share) for at, share in said if share.is_satisfaction]
    return []


def _step(text: str) -> Decimal:
    """One unit of the last digit: 1 for 98%, 0.1 for 98.5%."""
    decimals = re.search(r"\.(\d+)", text)
    return Decimal(1).scaleb(-len(decimals[1])) if decimals else Decimal(1)


@rule(
    "N705",
    "carry-over-outside-table",
    "上年结转未列入表内",
    "warning",
    advice="请把上年结转列入资金表的到位资金和相应来源，并核对结余。",
)
def carry_over_outside_table(
    reports: pd.DataFrame,
    totals: pd.DataFrame,
    funds_with_places: pd.DataFrame,
    projects: pd.DataFrame,
    settings: Settings,
) -> pd.DataFrame:
    """The text mentions an amount carried over from the year before that the table does not show.

    That is: spent exceeds received by just that amount, or the form has a source 上年结转 and it is
    blank or another amount.

    Why it matters: money carried over is part of what was there to be spent.

    Fails: the text says 支出206.2万元（含上年结转6.2万元）, the table received 200, spent 206.2.

    Passes: the same text, the table received 206.2, spent 206.2.

    To correct: add the carry-over to what was received, and to its source.

    检查：文字部分写明有上年结转，而表内没有反映：实际支出恰好比实际到位多出这笔金额，或者表内“上年结转”一栏空白或金额不同。

    意义：上年结转也是可用的资金。

    不通过：文字写“支出206.2万元（含上年结转6.2万元）”，表内到位200、支出206.2。

    通过：文字相同，表内到位206.2、支出206.2。
    """
    starts: dict[str, date | None] = {
        file: start if pd.notna(start) else None
        for file, start in zip(projects["file"], projects["period_start"], strict=True)
    }
    table = totals.set_index("file").to_dict("index")
    sources = funds_with_places[funds_with_places["source"] == "carry_over"]
    sources = sources[sources["at"].notna()]
    rows: list[dict[str, Any]] = []
    done: set[str] = set()
    for file, at, text in zip(reports["file"], reports["text_at"], reports["text"], strict=True):
        for carried in carry_overs(text):
            start = starts.get(file)
            if carried.year and (not start or carried.year != start.year - 1):
                continue
            own = sources[sources["file"] == file]
            related, shown = _shown(carried.figure, own, table.get(file, {}), settings)
            if shown is None or file in done:
                continue
            done.add(file)
            amount = format_amount(carried.figure.value)
            rows.append(
                {"file": file, "at": at, "said": quoted(carried.clause), "shown": shown,
                 "amount": amount, "related": related}
            )  # fmt: skip
    return report(
        pd.DataFrame(rows),
        anchor="at",
        related="related",
        problem="文字写明“{said}”，而{shown}。",
        expected="表内反映上年结转{amount}万元",
        actual="表内没有反映",
    )


def _shown(
    figure: Figure, sources: pd.DataFrame, table: Mapping[Any, Any], settings: Settings
) -> tuple[tuple[Place, ...], str | None]:
    """What the table shows instead of a carry-over, and where; None where it may show it."""
    if len(sources):
        at = tuple(sources["at"])
        filled = sources[sources["amount"].notna()]
        if any(figure.agrees(amount, settings.tolerance) for amount in filled["amount"]):
            return at, None
        name = sources["source_name"].iloc[0]
        if len(filled):
            amounts = "、".join(dict.fromkeys(map(format_amount, filled["amount"])))
            return at, f"表内“{name}”填报为{amounts}万元"
        return at, f"表内“{name}”没有填写" if blank_or_none(sources["amount_text"]).all() else None
    received: Any = table.get("received")
    spent: Any = table.get("spent")
    if pd.isna(received) or pd.isna(spent) or spent - received <= settings.tolerance:
        return (), None
    if not figure.agrees(spent - received, settings.tolerance):
        return (), None
    return (
        (table["received_at"], table["spent_at"]),
        f"表内实际到位{format_amount(received)}万元没有包括这笔资金，实际支出{format_amount(spent)}万元恰好多出这个数",
    )


@rule(
    "T604",
    "years-contradict",
    "文字中的年份与起止时间不符",
    "warning",
    advice="请核对文字中的年份和项目起止时间。",
    yields_to=("T601", "T602", "T603"),
)
def years_contradict(
    reports: pd.DataFrame,
    accounts: pd.DataFrame,
    totals: pd.DataFrame,
    years: dict[str, range],
    projects: pd.DataFrame,
    settings: Settings,
) -> pd.DataFrame:
    """The text tells of completion, money received or spent in a year outside the period.

    Only the completion of the whole project counts, and money only where the amount is the table's
    and the year a later one. Plans, acceptance, what was built before, and comparisons of years are
    left alone.

    Why it matters: a text copied from another year's report tells nothing of this one.

    Fails: the period is 2021, the text says 该项目在2022年12月31日前全面完成.

    Passes: the text says 该项目在2021年12月31日前全面完成.

    To correct: correct the year in the text, or the period.

    检查：文字部分写明的项目完成、资金到位或资金支出的年份，不在项目起止时间之内。

    意义：照抄其他年度报告的文字，说明不了本年度的情况。

    不通过：起止时间为2021年，文字写“该项目在2022年12月31日前全面完成”。

    通过：文字写“该项目在2021年12月31日前全面完成”。
    """
    table = totals.set_index("file").to_dict("index")
    period = projects.assign(at=places(projects, "period_cell", "period_sheet")).set_index("file")
    said: dict[tuple[str, Place], dict[str, int]] = {
        each: {} for each in zip(reports["file"], reports["text_at"], strict=True)
    }
    for file, at, text in zip(reports["file"], reports["text_at"], reports["text"], strict=True):
        if file in years:
            for done in completions(text):
                if _is_late_or_stale(done, years[file]):
                    said[file, at][done.clause] = done.year
    money = [
        (file, at, told)
        for file, at, account in zip(
            accounts["file"], accounts["at"], accounts["account"], strict=True
        )
        for told in account.told
        if told.year and file in years and file in table
    ]
    compared = {(file, told.measure) for file, _, told in money if told.year in years[file]}
    for file, at, told in money:
        if (file, told.measure) not in compared and _is_later_money(
            told, years[file], table[file], settings
        ):
            said[file, at][told.clause] = told.year or 0
    rows = [
        {
            "file": file,
            "at": at,
            "said": "”、“".join(quoted(clause) for clause in clauses),
            "years": "、".join(f"{year}年" for year in sorted(set(clauses.values()))),
            "period": period["period"][file],
            "period_at": period["at"][file],
        }
        for (file, at), clauses in said.items()
        if clauses and not _named_after(period["project_name"][file], set(clauses.values()))
    ]
    return report(
        pd.DataFrame(rows),
        anchor="at",
        related="period_at",
        problem="文字写明“{said}”，而项目起止时间为{period}。",
        expected="{period}",
        actual="{years}",
    )


def _is_late_or_stale(done: Completed, period: range) -> bool:
    """Whether the project is said to be completed after its period, or just before it.

    What was built before the period may be what the project looks after.
    """
    return done.year >= period.stop or (done.wholly and done.year == period.start - 1)


def _is_later_money(
    told: Told, period: range, table: Mapping[Any, Any], settings: Settings
) -> bool:
    """Whether the table's own amount is said to have come or gone after the period.

    Before it, the same budget of another year may be meant, or money granted in advance.
    """
    if told.measure not in {"received", "spent"} or told.year is None or told.year < period.stop:
        return False
    amount = table[told.measure]
    if pd.isna(amount) or not told.figure.value:
        return False
    return told.figure.agrees(amount, settings.tolerance)


def _named_after(project: object, said: set[int]) -> bool:
    """Whether a project bears one of these years in its name: 2020年度…项目, done in 2021."""
    return pd.notna(project) and any(str(year) in str(project) for year in said)

"""N704, N705: percentages and carry-overs of the narrative against the tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from xlsx_eval.rules.findings import Place, flags, report
from xlsx_eval.rules.registry import rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.views import blank_or_none
from xlsx_eval.values.amounts import format_amount
from xlsx_eval.values.prose.accounts import CarryOver, carry_overs
from xlsx_eval.values.prose.clauses import quoted
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
    blank or another amount; or the text says that the amount is in what was received or used, and
    the other sources make up the whole while 其他 is blank.

    Why it matters: money carried over is part of what was there to be spent.

    Fails: the text says 支出206.2万元（含上年结转6.2万元）, the table received 200, spent 206.2.

    Passes: the same text, the table received 206.2, spent 206.2.

    To correct: add the carry-over to what was received, and to its source.

    检查：文字部分写明有上年结转，而表内没有反映：实际支出恰好比实际到位多出这笔金额，或者表内“上年结转”一栏空白或金额不同；或者文字写明到位、支出含有这笔资金，而各项来源之和已等于到位合计，“其他”一栏空白。

    意义：上年结转也是可用的资金。

    不通过：文字写“支出206.2万元（含上年结转6.2万元）”，表内到位200、支出206.2。

    通过：文字相同，表内到位206.2、支出206.2。
    """
    starts: dict[str, date | None] = {
        file: start if pd.notna(start) else None
        for file, start in zip(projects["file"], projects["period_start"], strict=True)
    }
    table = totals.set_index("file").to_dict("index")
    funds = {str(file): own for file, own in funds_with_places.groupby("file", sort=False)}
    rows: list[dict[str, Any]] = []
    done: set[str] = set()
    for file, at, text in zip(reports["file"], reports["text_at"], reports["text"], strict=True):
        for carried in carry_overs(text):
            start = starts.get(file)
            if carried.year and (not start or carried.year != start.year - 1):
                continue
            if file in done or file not in funds:
                continue
            related, shown = _shown(carried, funds[file], table.get(file, {}), settings)
            if shown is None:
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
    carried: CarryOver, funds: pd.DataFrame, table: Mapping[Any, Any], settings: Settings
) -> tuple[tuple[Place, ...], str | None]:
    """What the table shows instead of a carry-over, and where; None where it may show it."""
    sources = funds[(funds["source"] == "carry_over") & funds["at"].notna()]
    if len(sources):
        return tuple(sources["at"]), _in_source(carried, sources, settings)
    received: Any = table.get("received")
    spent: Any = table.get("spent")
    if pd.isna(received) or pd.isna(spent):
        return (), None
    if spent - received <= settings.tolerance:
        return _unsourced(carried, funds, table, settings) if carried.used else ((), None)
    if not carried.figure.agrees(spent - received, settings.tolerance):
        return (), None
    return (
        (table["received_at"], table["spent_at"]),
        f"表内实际到位{format_amount(received)}万元没有包括这笔资金，实际支出{format_amount(spent)}万元恰好多出这个数",
    )


def _in_source(carried: CarryOver, sources: pd.DataFrame, settings: Settings) -> str | None:
    """What the form's source 上年结转 shows instead of a carry-over."""
    filled = sources[sources["amount"].notna()]
    if any(carried.figure.agrees(amount, settings.tolerance) for amount in filled["amount"]):
        return None
    name = sources["source_name"].iloc[0]
    if len(filled):
        amounts = "、".join(dict.fromkeys(map(format_amount, filled["amount"])))
        return f"表内“{name}”填报为{amounts}万元"
    return f"表内“{name}”没有填写" if blank_or_none(sources["amount_text"]).all() else None


def _unsourced(
    carried: CarryOver, funds: pd.DataFrame, table: Mapping[Any, Any], settings: Settings
) -> tuple[tuple[Place, ...], str | None]:
    """Whether the sources come to what was received, and none of them shows the carry-over.

    It may stand as 其他, in a source of just that amount, or in what a source received beyond its
    plan; who leaves the sources blank is told so elsewhere.
    """
    parts = funds[(funds["source"] != "total") & funds["at"].notna()]
    received = parts[parts["measure"] == "received"]
    other = received[received["source"] == "other"]
    whole = sum(received["amount"].dropna(), Decimal(0))
    blank = blank_or_none(other["amount_text"]) | (other["amount"] == 0).fillna(value=False)
    if other.empty or not blank.all() or abs(whole - table["received"]) > settings.tolerance:
        return (), None
    amounts = {
        (measure, source): amount
        for measure, source, amount in zip(
            parts["measure"], parts["source"], parts["amount"], strict=True
        )
        if pd.notna(amount)
    }
    more = [
        amount - amounts.get(("planned", source), Decimal(0))
        for (measure, source), amount in amounts.items()
        if measure == "received"
    ]
    shown = [*amounts.values(), *more, table["received"] - table["planned"]]
    if any(carried.figure.agrees(each, settings.tolerance) for each in shown if pd.notna(each)):
        return (), None
    return (
        (table["received_at"], *other["at"]),
        f"表内实际到位{format_amount(table['received'])}万元的各项来源没有反映这笔资金，“{other['source_name'].iloc[0]}”没有金额",
    )

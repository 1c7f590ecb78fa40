"""N703: amounts of the narrative that contradict the table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import Any

import pandas as pd

from xlsx_eval.rules.findings import Place, flags, report
from xlsx_eval.rules.registry import rule, view
from xlsx_eval.rules.settings import Settings
from xlsx_eval.values.amounts import format_amount
from xlsx_eval.values.prose.accounts import Accounts, Told, read_accounts
from xlsx_eval.values.prose.clauses import quoted

MEASURES = ("initial", "planned", "received", "spent", "balance")
_LOOKS_AHEAD = re.compile("问题|建议|改进|措施")
_MONEY = "万元"
_FEW = 12
_FISCAL = {"fiscal", "central", "province", "city", "county"}


@view
def reports(written: pd.DataFrame) -> pd.DataFrame:
    """The texts of `written` that report on what was done: none on problems and suggestions."""
    filled = written[written["text"].notna()]
    return filled[~flags(filled["label"], _looks_ahead)]


def _looks_ahead(label: str) -> bool:
    return bool(_LOOKS_AHEAD.search(label))


@view
def accounts(reports: pd.DataFrame) -> pd.DataFrame:
    """A row a text that names money: `file, at` and `account`, what it tells."""
    rows = [
        (file, at, account)
        for file, at, text in zip(reports["file"], reports["text_at"], reports["text"], strict=True)
        if (account := read_accounts(text)).told or account.others
    ]
    return pd.DataFrame(rows, columns=["file", "at", "account"], dtype="object")


@view
def years(projects: pd.DataFrame) -> dict[str, range]:
    """File → the years of the project's period, where it can be read."""
    return {
        file: range(start.year, end.year + 1)
        for file, start, end in zip(
            projects["file"], projects["period_start"], projects["period_end"], strict=True
        )
        if pd.notna(start) and pd.notna(end) and start <= end
    }


@dataclass
class _Amounts:
    """The amounts of a form's tables besides its totals.

    `elsewhere`: the measures some of whose money comes from elsewhere than this year's budget.
    """

    sources: dict[str, list[Decimal]] = field(default_factory=lambda: defaultdict(list))
    items: list[Decimal] = field(default_factory=list)
    single: list[Decimal] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)

    def hold(self, value: Decimal, tolerance: Decimal, *, several: bool) -> bool:
        """Whether one of them, or `several` sources or items together, are a value."""
        groups = (*self.sources.values(), self.items)
        sums = (each for parts in groups for each in (_sums(parts) if several else parts))
        return any(abs(value - each) <= tolerance for each in (*self.single, *sums))

    def all_fiscal(self, measure: str, total: Decimal, tolerance: Decimal) -> bool:
        """Whether all money of a measure surely comes from the budget."""
        parts = self.sources.get(measure, [])
        whole = abs(sum(parts, Decimal(0)) - total) <= tolerance
        return bool(parts) and whole and measure not in self.elsewhere


def _sums(parts: list[Decimal]) -> Iterator[Decimal]:
    """The sums of some of the parts: any of a few, up to three or all but three of many."""
    sizes = range(1, len(parts) + 1) if len(parts) <= _FEW else (1, 2, 3)
    whole = sum(parts, Decimal(0))
    for size in sizes:
        for some in combinations(parts, size):
            yield sum(some, Decimal(0))
            yield whole - sum(some, Decimal(0))


@rule(
    "N703",
    "figure-contradicts-table",
    "文字中的金额与表内不一致",
    "error",
    advice="请核对文字和表内的金额，使两者一致。",
    explained_by=("F104",),
)
def figure_contradicts_table(
    accounts: pd.DataFrame,
    totals: pd.DataFrame,
    funds_with_places: pd.DataFrame,
    expenditures: pd.DataFrame,
    indicators: pd.DataFrame,
    years: dict[str, range],
    settings: Settings,
) -> pd.DataFrame:
    """An amount the text gives for the whole project differs from the table's total.

    Compared are planned, received, spent and the balance, where the text surely speaks of the whole
    project in its own years. A figure rounded to fewer digits agrees; one that is somewhere else in
    the tables (a source, an item, several together where the words are vague), or is the table's
    once another amount of the text is added or taken away, is left alone. So is a section that
    also gives the table's figure, and two sections that give two figures, none of them the table's.

    Why it matters: the text is published beside the table, and one of the two is wrong.

    Fails: the text says 实际支出662.4万元, the table 626.4.

    Passes: the text says 实际支出662.4万元 or 约660万元, the table 662.4.

    To correct: look the figure up in the accounts and correct the text or the table.

    检查：文字部分写明的项目计划、到位、支出或结余总额与表内总额不一致。

    意义：文字和表格一同公开，两者必有一处有误。

    不通过：文字写“实际支出662.4万元”，表内实际支出626.4万元。

    通过：文字写“实际支出662.4万元”或“约660万元”，表内实际支出662.4万元。
    """
    files = set(accounts["file"])
    table = totals[totals["file"].isin(files)].set_index("file").to_dict("index")
    amounts = _amounts(files, funds_with_places, expenditures, indicators)
    names = {
        (file, measure): name
        for file, measure, name in zip(
            funds_with_places["file"], funds_with_places["measure"],
            funds_with_places["measure_name"], strict=True,
        )
    }  # fmt: skip
    rows = []
    for file, texts in accounts.groupby("file", sort=False):
        own = table.get(file)
        if own is None:
            continue
        for measure, (at, told) in _contradictions(
            list(zip(texts["at"], texts["account"], strict=True)), own, amounts[str(file)],
            years.get(str(file)), settings,
        ).items():  # fmt: skip
            rows.append(
                {
                    "file": file,
                    "at": at[0],
                    "related": (own[f"{measure}_at"], *at[1:]),
                    "sentence": f"文字写明“{quoted(told.clause)}”，而表内{names[file, measure]}为",
                    "right": own[measure],
                    "said": told.figure.value,
                }
            )
    return report(
        _by_text(rows),
        anchor="at",
        related="related",
        problem="{sentence}",
        expected="{right}",
        actual="{said}",
    )


def _amounts(
    files: set[str],
    funds: pd.DataFrame,
    expenditures: pd.DataFrame,
    indicators: pd.DataFrame,
) -> dict[str, _Amounts]:
    """What else stands in the tables of these files, in 万元."""
    amounts: dict[str, _Amounts] = defaultdict(_Amounts)
    parts = funds[
        (funds["source"] != "total") & funds["amount"].notna() & funds["file"].isin(files)
    ]
    columns = ("file", "measure", "source", "amount")
    for file, measure, source, amount in zip(*(parts[name] for name in columns), strict=True):
        amounts[file].sources[measure].append(amount)
        if source not in _FISCAL and amount:
            amounts[file].elsewhere.add(measure)
    rows = expenditures[expenditures["amount"].notna() & expenditures["file"].isin(files)]
    for file, kind, amount in zip(rows["file"], rows["kind"], rows["amount"], strict=True):
        (amounts[file].items if kind == "item" else amounts[file].single).append(amount)
    for column in ("target", "actual"):
        money = flags(indicators[f"{column}_unit"], lambda unit: unit == _MONEY)
        rows = indicators[money & indicators["file"].isin(files)]
        for file, value in zip(rows["file"], rows[f"{column}_value"], strict=True):
            amounts[file].single.append(value)
    return amounts


@dataclass(frozen=True)
class _Case:
    """A measure of a form: its total in the table, `right`, and what the texts say of it.

    `agreed`: one text gives the table's amount; `beside`: the other amounts of all texts that may
    make up for a difference.
    """

    measure: str
    right: Decimal
    table: Mapping[Any, Any]
    amounts: _Amounts
    beside: tuple[Decimal, ...]
    agreed: bool
    tolerance: Decimal

    def is_sure(self, told: Told, account: Accounts) -> bool:
        """Whether an amount that isn't the table's is surely said of the same money."""
        if told.fiscal and not self.amounts.all_fiscal(self.measure, self.right, self.tolerance):
            return False
        if told.invested and (self.agreed or self._near(self.right, account.others)):
            return False
        if told.cumulative and not self._same_scope(account):
            return False
        return not self._is_something_else(told)

    def _same_scope(self, account: Accounts) -> bool:
        """Whether another of the text's totals is the table's."""
        return any(
            each.measure not in {self.measure, "balance"}
            and pd.notna(self.table[each.measure])
            and each.figure.agrees(self.table[each.measure], self.tolerance)
            for each in account.told
        )

    def _is_something_else(self, told: Told) -> bool:
        """Whether it may be another amount of the tables, or come to the table's with another."""
        value = told.figure.value
        if not value:
            return False  # 无结余
        if self._near(abs(value - self.right), self.beside):
            return True
        totals = [self.table[name] for name in MEASURES if name != self.measure]
        alike = self._near(value, (each for each in totals if pd.notna(each)))
        if alike and (not told.actual or self.measure == "received"):
            return True
        return self.amounts.hold(value, self.tolerance, several=not told.whole)

    def _near(self, value: Decimal, amounts: Iterable[Decimal]) -> bool:
        return any(abs(value - each) <= self.tolerance for each in amounts)


def _contradictions(
    texts: list[tuple[Place, Accounts]],
    table: Mapping[Any, Any],
    amounts: _Amounts,
    period: range | None,
    settings: Settings,
) -> dict[str, tuple[list[Place], Told]]:
    """Measure → the places of the texts that contradict the table, and what they tell."""
    found: dict[str, tuple[list[Place], Told]] = {}
    named = {told.year or told.near for _, account in texts for told in account.told} - {None}
    changed = any(account.changed for _, account in texts)
    for measure in MEASURES:
        right = table[measure]
        if pd.isna(right) or (measure == "balance" and not _is_left(table, settings)):
            continue
        if measure == "planned" and changed:
            continue
        said = [
            (at, account, told)
            for at, account in texts
            if (told := [each for each in account.told if each.measure == measure])
        ]
        against = [
            each for each in said
            if not any(told.figure.agrees(right, settings.tolerance) for told in each[2])
        ]  # fmt: skip
        agreed = len(against) < len(said)
        case = _Case(
            measure, right, table, amounts, _beside(texts, right, settings), agreed,
            settings.tolerance,
        )  # fmt: skip
        sure = [
            (at, told)
            for at, account, told in against
            if all(_in_time(each, period, named) and case.is_sure(each, account) for each in told)
        ]
        if len(sure) < len(against) and not agreed:
            continue
        if len({each.figure.value for _, told in sure for each in told}) == 1:
            found[measure] = (list(dict.fromkeys(at for at, _ in sure)), sure[0][1][0])
    if found.keys() & {"received", "spent"}:
        found.pop("balance", None)  # what is left differs with them
    return found


def _beside(
    texts: list[tuple[Place, Accounts]], right: Decimal, settings: Settings
) -> tuple[Decimal, ...]:
    """The other amounts of the texts, without a breakdown that comes to the table's total."""
    others: list[Decimal] = []
    for _, account in texts:
        own = list(account.others)
        for parts in account.parts:
            if abs(sum(parts, Decimal(0)) - right) <= settings.tolerance:
                for each in parts:
                    own.remove(each)
        others.extend(own)
    return tuple(others)


def _is_left(table: Mapping[Any, Any], settings: Settings) -> bool:
    """Whether the table's balance is what it should be; else there is a finding of its own."""
    received, spent, balance = (table[name] for name in ("received", "spent", "balance"))
    if pd.isna(received) or pd.isna(spent) or balance < 0:
        return False
    return bool(abs(received - spent - balance) <= settings.tolerance)


def _in_time(told: Told, period: range | None, named: set[int | None]) -> bool:
    """Whether an amount is surely said of the years that the table reports on."""
    said = {told.year, told.near} - {None}
    if period is None:
        return len(named) <= 1
    if told.invested and len(period) > 1:
        return False
    return not said or (len(period) == 1 and said <= set(period))


def _by_text(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """One row a text, its sentences joined."""
    joined: dict[tuple[str, Place], dict[str, Any]] = {}
    for row in rows:
        right, said = (f"{format_amount(row[name])}万元" for name in ("right", "said"))
        own = {**row, "sentence": f"{row['sentence']}{right}。", "right": right, "said": said}
        before = joined.get((row["file"], row["at"]))
        joined[row["file"], row["at"]] = _joined(before, own) if before else own
    return pd.DataFrame(joined.values())


def _joined(before: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **before,
        "sentence": before["sentence"] + row["sentence"],
        "related": (*before["related"], *row["related"]),
        "right": f"{before['right']}；{row['right']}",
        "said": f"{before['said']}；{row['said']}",
    }

"""T604: the years of the narrative against the project's period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xlsx_eval.rules.findings import Place, places, report
from xlsx_eval.rules.registry import rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.values.prose.accounts import Accounts, Told
from xlsx_eval.values.prose.clauses import quoted
from xlsx_eval.values.prose.completion import Completed, completions


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

    Only the completion of the whole project counts, and money only where the amount is the table's.
    Plans, acceptance, what was built before, money granted in advance, and comparisons of years are
    left alone. Years before the period, as a report of last year's leaves them in several texts,
    give one finding.

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
    told = {
        (file, at): account
        for file, at, account in zip(
            accounts["file"], accounts["at"], accounts["account"], strict=True
        )
    }
    compared = {
        (file, each.measure)
        for (file, _), account in told.items()
        for each in account.told
        if each.year in years.get(file, ())
    }
    late: dict[tuple[str, Place], dict[str, int]] = {}
    stale: dict[str, list[tuple[Place, str, int]]] = defaultdict(list)
    for file, at, text in zip(reports["file"], reports["text_at"], reports["text"], strict=True):
        if file not in years:
            continue
        said = [(done.clause, done.year) for done in _outside(completions(text), years[file])]
        account = told.get((file, at))
        if account and file in table:
            own = _Money(account, text, years[file], table[file], settings)
            elsewhere = {measure for name, measure in compared if name == file}
            said += [(each.clause, year) for each, year in own.outside(elsewhere)]
        for clause, year in said:
            if year >= years[file].stop:
                late.setdefault((file, at), {})[clause] = year
            else:
                stale[file].append((at, clause, year))
    rows: list[dict[str, Any]] = [
        {"file": file, "at": at, "related": (), "clauses": clauses}
        for (file, at), clauses in late.items()
    ]
    for file, found in stale.items():
        texts = list(dict.fromkeys(at for at, _, _ in found))
        rows.append(
            {
                "file": file,
                "at": texts[0],
                "related": tuple(texts[1:]),
                "clauses": {clause: year for _, clause, year in found},
            }
        )
    return report(
        pd.DataFrame(
            {
                **row,
                "related": (period["at"][row["file"]], *row["related"]),
                "said": "”、“".join(quoted(clause) for clause in row["clauses"]),
                "years": "、".join(f"{year}年" for year in sorted(set(row["clauses"].values()))),
                "period": period["period"][row["file"]],
            }
            for row in _one_a_text(rows)
            if not _named_after(period["project_name"][row["file"]], set(row["clauses"].values()))
        ),
        anchor="at",
        related="related",
        problem="文字写明“{said}”，而项目起止时间为{period}。",
        expected="{period}",
        actual="{years}",
    )


def _outside(done: list[Completed], period: range) -> list[Completed]:
    """The completions after the period, or of the whole before it where no year of it is named."""
    within = any(each.year in period for each in done)
    return [
        each
        for each in done
        if each.year >= period.stop
        or (
            each.wholly
            and each.year < period.start
            and not (within or set(each.beside) & set(period))
        )
    ]


def _one_a_text(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, those of one text joined."""
    joined: dict[tuple[str, Place], dict[str, Any]] = {}
    for row in rows:
        before = joined.setdefault((row["file"], row["at"]), {**row, "clauses": {}})
        before["clauses"] |= row["clauses"]
        before["related"] = tuple(dict.fromkeys((*before["related"], *row["related"])))
    return list(joined.values())


@dataclass(frozen=True)
class _Money:
    """What a text tells of the money of a project with a period and a table."""

    account: Accounts
    text: str
    period: range
    table: Mapping[Any, Any]
    settings: Settings

    def outside(self, compared: set[str]) -> Iterator[tuple[Told, int]]:
        """The table's own amounts that are said to have come or gone outside the period.

        Not where the text tells the period's as well, nor where another text does (`compared`),
        unless received and spent are both the table's: the same budget of another year may be
        meant. Money of the year before may have been granted in advance, unless it was spent then.
        """
        within = {each.measure for each in self.account.told if each.year in self.period}
        own = [
            (each, each.around)
            for each in (*self.account.told, *self.account.arrived)
            if each.measure in {"received", "spent"} and each.measure not in within
            if each.around is not None and each.around not in self.period and self._agrees(each)
        ]
        for told, year in own:
            both = {each.measure for each, other in own if other == year} == {"received", "spent"}
            if told.measure in compared and not both:
                continue
            early = year < self.period.start
            if early and any(str(each) in self.text for each in self.period):
                continue
            if early and told.measure == "received" and year == self.period.start - 1 and not both:
                continue
            yield told, year

    def _agrees(self, told: Told) -> bool:
        amount = self.table[told.measure]
        if pd.isna(amount) or not told.figure.value:
            return False
        return told.figure.agrees(amount, self.settings.tolerance)


def _named_after(project: object, said: set[int]) -> bool:
    """Whether a project bears one of these years in its name: 2020年度…项目, done in 2021."""
    return pd.notna(project) and any(str(year) in str(project) for year in said)

"""Views of the frames that rules ask for by name: one row a form, a source, an indicator."""

from __future__ import annotations

import re
from decimal import Decimal

import pandas as pd

from xlsx_eval.forms import available_forms, load_form
from xlsx_eval.forms.model import MatrixBlock
from xlsx_eval.frames import DECIMAL
from xlsx_eval.rules.findings import certain, flags, places
from xlsx_eval.rules.settings import Settings
from xlsx_eval.values.text import compact, is_none_word

MEASURES = ("planned", "received", "spent", "balance")
ZERO = Decimal(0)

_ATTACHED = re.compile(
    r"(?:附后|后附|另附|见附[件表]|详见|见[后另]|附[件表]\d*$|见.{0,6}(?:明细|清单|附))"
)


def funds_with_places(funds: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """`funds` with `at` (the cell), `measure_name` and `source_name` as the form prints them."""
    forms = projects.set_index("file")["form"]
    names = _printed_names()
    form = funds["file"].map(forms)
    return funds.assign(
        at=places(funds, "amount_cell"),
        measure_name=[names.get((f, m), m) for f, m in zip(form, funds["measure"], strict=True)],
        source_name=[names.get((f, s), s) for f, s in zip(form, funds["source"], strict=True)],
    )


def _printed_names() -> dict[tuple[str, str], str]:
    """(form, measure or source) → its printed label."""
    return {
        (name, part.key): part.label
        for name in available_forms()
        for _, block in load_form(name).blocks()
        if isinstance(block, MatrixBlock)
        for part in (*block.measures, *block.sources)
    }


def totals(funds_with_places: pd.DataFrame) -> pd.DataFrame:
    """A row a form: `planned, received, spent, balance` (万元), each with `x_text` and `x_at`."""
    total = funds_with_places[funds_with_places["source"] == "total"]
    return _wide(total, ["file"])


def sources(funds_with_places: pd.DataFrame, breakdown: pd.DataFrame) -> pd.DataFrame:
    """A row a form and source, columns as in `totals`.

    A source left blank counts as nothing where the filled ones add up to the measure's total; else
    it stays unknown.
    """
    single = funds_with_places[funds_with_places["source"] != "total"]
    wide = _wide(single, ["file", "source", "source_name"])
    complete = breakdown[breakdown["complete"]].groupby("measure")["file"].agg(set)
    for measure in MEASURES:
        blank = wide[f"{measure}_text"].isna() & wide["file"].isin(complete.get(measure, set()))
        wide[f"{measure}_filled"] = wide[measure].notna()
        wide[measure] = wide[measure].mask(blank, ZERO)
    return wide


def _wide(funds: pd.DataFrame, index: list[str]) -> pd.DataFrame:
    wide = funds[index].drop_duplicates().reset_index(drop=True)
    for measure in MEASURES:
        one = funds[funds["measure"] == measure]
        columns = {"amount": measure, "amount_text": f"{measure}_text", "at": f"{measure}_at"}
        part = one[[*index, *columns]].rename(columns=columns)
        wide = wide.merge(part, on=index, how="left")
    return wide


def breakdown(funds_with_places: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """A row a form and measure: its total beside the sum of its sources.

    `total, total_at, sum` (of the filled sources), `filled` (how many), `unread` (a source holds
    text that is no amount), `source_at` and `blank_at` (places), `complete` (they add up).
    """
    is_total = funds_with_places["source"] == "total"
    total = funds_with_places[is_total].rename(columns={"amount": "total", "at": "total_at"})
    single = funds_with_places[~is_total]
    single = single.assign(
        filled=single["amount"].notna(),
        unread=single["amount"].isna() & single["amount_text"].notna(),
        source_at=single["at"].where(single["amount"].notna()),
        blank_at=single["at"].where(single["amount"].isna()),
    )
    groups = single.groupby(["file", "measure"], sort=False)
    summed = groups.agg(
        filled=("filled", "sum"),
        unread=("unread", "any"),
        source_at=("source_at", tuple),
        blank_at=("blank_at", tuple),
    )
    summed["sum"] = groups["amount"].sum(min_count=1).astype(DECIMAL)
    columns = ["file", "measure", "measure_name", "total", "amount_text", "total_at"]
    both = total[columns].merge(summed.reset_index(), on=["file", "measure"], how="left")
    both["difference"] = (both["sum"] - both["total"]).astype(DECIMAL)
    both["unread"] = certain(both["unread"])
    both["complete"] = certain(both["difference"].abs() <= settings.tolerance) & ~both["unread"]
    return both


def details(expenditures: pd.DataFrame) -> pd.DataFrame:
    """`expenditures` with places, and `attached`: the row says that the details are attached."""
    return expenditures.assign(
        item_at=places(expenditures, "item_cell"),
        amount_at=places(expenditures, "amount_cell"),
        voucher_at=places(expenditures, "voucher_cell"),
        attached=flags(expenditures["item"], says_attached)
        | flags(expenditures["amount_text"], says_attached)
        | flags(expenditures["note"], says_attached),
        row=range(len(expenditures)),
    )


def says_attached(text: str) -> bool:
    """Whether a text says that something is attached (明细附后, 详见清单 …)."""
    return len(text) <= 30 and bool(_ATTACHED.search(compact(text)))


def items(details: pd.DataFrame) -> pd.DataFrame:
    """The itemised rows of the details: no total, no 明细附后."""
    return details[certain(details["kind"] == "item") & ~details["attached"]]


def marks(indicators: pd.DataFrame) -> pd.DataFrame:
    """`indicators` with places, and which of content, target and actual are really answered."""
    answered = {
        f"has_{column}": flags(indicators[column], lambda text: not is_none_word(text))
        for column in ("content", "target", "actual")
    }
    return indicators.assign(
        **answered,
        target_at=places(indicators, "target_cell"),
        actual_at=places(indicators, "actual_cell"),
        content_at=places(indicators, "content_cell"),
    )


VIEWS = {
    view.__name__: view
    for view in (funds_with_places, totals, sources, breakdown, details, items, marks)
}

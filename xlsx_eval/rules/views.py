"""Views of the frames that rules ask for by name: one row a form, a source, an indicator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.forms.model import MatrixBlock
from xlsx_eval.frames import DECIMAL, TEXT
from xlsx_eval.rules.findings import certain, flags, places
from xlsx_eval.rules.registry import view
from xlsx_eval.rules.settings import Settings
from xlsx_eval.values.quantities import compose_quantity
from xlsx_eval.values.text import compact, is_none_word

MEASURES = ("initial", "planned", "received", "spent", "balance")
SPOKEN = ("planned", "received", "spent")  # 年初预算 may be far smaller
ZERO = Decimal(0)

_ATTACHED = re.compile(
    r"(?:其余|其他|具体|详细|各项|支出|费用|项目)*(?:明细|清单|内容|情况|凭证)?[表账]?[,，:：]?"
    r"(?:附后|后附|另附|附[件表]|[请详]*见(?:后|附|明细|清单|台账|财务|账).{0,10})[。]?"
)


@view
def funds_with_places(
    funds: pd.DataFrame, projects: pd.DataFrame, forms: dict[str, Form]
) -> pd.DataFrame:
    """`funds` with what its form declares, and `at`, the cell.

    `measure_name` and `source_name` as the form prints them; `required`, whether the measure's
    total must be filled in.
    """
    form = funds["file"].map(projects.set_index("file")["form"])
    names, required = _printed_names(forms), _required_measures(forms)
    measures = list(zip(form, funds["measure"], strict=True))
    sources = zip(form, funds["source"], strict=True)
    return funds.assign(
        at=places(funds, "amount_cell"),
        measure_name=[names.get(each, each[1]) for each in measures],
        source_name=[names.get(each, each[1]) for each in sources],
        required=pd.Series([each in required for each in measures], funds.index, dtype=bool),
    )


def _matrices(forms: dict[str, Form]) -> Iterator[tuple[str, MatrixBlock]]:
    for name, form in forms.items():
        for _, block in form.blocks():
            if isinstance(block, MatrixBlock):
                yield name, block


def _printed_names(forms: dict[str, Form]) -> dict[tuple[str, str], str]:
    """(form, measure or source) → its printed label."""
    return {
        (name, part.key): part.label
        for name, block in _matrices(forms)
        for part in (*block.measures, *block.sources)
    }


def _required_measures(forms: dict[str, Form]) -> set[tuple[str, str]]:
    """(form, measure) of the measures whose total must be filled in."""
    return {
        (name, measure.key)
        for name, block in _matrices(forms)
        for measure in block.measures
        if measure.required == "error"
    }


def asks_for(projects: pd.DataFrame, forms: dict[str, Form], field: str) -> pd.Series:
    """Whether each project's form asks for a field."""
    return flags(projects["form"], lambda name: forms[name].asks_for(field))


@view
def suspects(funds_with_places: pd.DataFrame, settings: Settings) -> pd.Series:
    """Which amounts look like 元 in a 万元 form: totals a thousand times another one's."""
    total = funds_with_places["source"] == "total"
    spoken = total & funds_with_places["measure"].isin(SPOKEN)
    others = funds_with_places[certain(spoken & (funds_with_places["amount"] > 0))]
    smallest = others.groupby("file")["amount"].min().astype(DECIMAL).rename("smallest")
    least = funds_with_places[["file"]].merge(smallest, on="file", how="left")["smallest"]
    limit = least.set_axis(funds_with_places.index) * Decimal(settings.unit_suspect_ratio)
    return certain(total & (funds_with_places["amount"] >= limit))


@view
def known_funds(
    funds_with_places: pd.DataFrame, suspects: pd.Series, chosen: frozenset[str]
) -> pd.DataFrame:
    """`funds_with_places`, suspect amounts unknown: F111 speaks of them, where it is asked to.

    So are the sources of a suspect total, which are likely in 元 as well.
    """
    if "F111" not in chosen:
        return funds_with_places
    keys = pd.MultiIndex.from_frame(funds_with_places[["file", "measure"]])
    suspect = pd.Series(keys.isin(keys[suspects]), index=funds_with_places.index)
    return funds_with_places.assign(amount=funds_with_places["amount"].where(~suspect))


@view
def totals(known_funds: pd.DataFrame) -> pd.DataFrame:
    """A row a form: `planned, received, spent, balance` (万元), each with `x_text` and `x_at`."""
    total = known_funds[known_funds["source"] == "total"]
    return _wide(total, ["file"])


@view
def sources(known_funds: pd.DataFrame, breakdown: pd.DataFrame) -> pd.DataFrame:
    """A row a form and source, columns as in `totals`.

    A source left blank counts as nothing where the filled ones add up to the measure's total; else
    it stays unknown.
    """
    single = known_funds[known_funds["source"] != "total"]
    wide = _wide(single, ["file", "source", "source_name"])
    complete = breakdown[breakdown["complete"]].groupby("measure")["file"].agg(set)
    for measure in MEASURES:
        blank = blank_or_none(wide[f"{measure}_text"]) & wide["file"].isin(
            complete.get(measure, set())
        )
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


@view
def breakdown(known_funds: pd.DataFrame, labels: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """A row a form and measure: its total beside the sum of its sources.

    `total, total_at, sum` (of the filled sources), `filled` (how many), `unread` (a source holds
    text that is no amount, or an amount has another source than the form's), `source_at` and
    `blank_at` (places), `complete` (they add up).
    """
    is_total = known_funds["source"] == "total"
    total = known_funds[is_total].rename(columns={"amount": "total", "at": "total_at"})
    single = known_funds[~is_total]
    single = single.assign(
        filled=single["amount"].notna(),
        unread=single["amount"].isna()
        & flags(single["amount_text"], lambda text: not is_none_word(text)),
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
    others = labels[(labels["part"] == "source") & labels["left"].notna()]["file"]
    both["unread"] = certain(both["unread"]) | both["file"].isin(others)
    both["complete"] = certain(both["difference"].abs() <= settings.tolerance) & ~both["unread"]
    return both


@view
def details(expenditures: pd.DataFrame) -> pd.DataFrame:
    """`expenditures` with places, and `attached`: the row says that the details are attached."""
    return expenditures.assign(
        item_at=places(expenditures, "item_cell"),
        amount_at=places(expenditures, "amount_cell"),
        voucher_at=places(expenditures, "voucher_cell"),
        attached=flags(expenditures["item"], says_attached)
        | flags(expenditures["amount_text"], says_attached),
        row=range(len(expenditures)),
    )


def says_attached(text: str) -> bool:
    """Whether a text says nothing but that the details are attached (明细附后, 详见清单 …)."""
    return len(text) <= 30 and bool(_ATTACHED.fullmatch(compact(text)))


def blank_or_none(texts: pd.Series) -> pd.Series:
    """Whether a cell is blank or holds a dash, 无 and the like."""
    return texts.isna() | flags(texts, is_none_word)


@view
def items(details: pd.DataFrame) -> pd.DataFrame:
    """The itemised rows of the details: no total, no 明细附后."""
    return details[certain(details["kind"] == "item") & ~details["attached"]]


def named(items: pd.DataFrame) -> pd.Series:
    """How a sentence calls each item: `“设备购置”`, or that nothing is written there."""
    return ("“" + items["item"] + "”").fillna("（未写支出内容）")


@view
def marks(indicators: pd.DataFrame) -> pd.DataFrame:
    """`indicators` with places, and which of content, target and actual are really answered.

    `wanted` and `reached` are target and actual with the sign and unit that stand in cells of
    their own, `name` is what a sentence calls the indicator by.
    """
    answered = {
        f"has_{column}": flags(indicators[column], lambda text: not is_none_word(text))
        for column in ("content", "target", "actual")
    }
    return indicators.assign(
        **answered,
        wanted=_composed(indicators, "target", nature=True),
        reached=_composed(indicators, "actual"),
        target_at=places(indicators, "target_cell"),
        actual_at=places(indicators, "actual_cell"),
        content_at=places(indicators, "content_cell"),
        name=[compact(each) if pd.notna(each) else "该指标" for each in indicators["level2"]],
    )


def _composed(indicators: pd.DataFrame, column: str, *, nature: bool = False) -> pd.Series:
    signs = indicators["nature"] if nature else [None] * len(indicators)
    texts = [
        compose_quantity(text, _or_none(sign), _or_none(unit)) if pd.notna(text) else None
        for text, sign, unit in zip(indicators[column], signs, indicators["unit"], strict=True)
    ]
    return pd.Series(texts, index=indicators.index, dtype=TEXT)


def _or_none(text: object) -> str | None:
    return str(text) if pd.notna(text) else None


@view
def weighted(
    marks: pd.DataFrame,
    execution: pd.DataFrame,
    projects: pd.DataFrame,
    forms: dict[str, Form],
) -> pd.DataFrame:
    """A row a cell with a weight: `file, what, weight, weight_text, points, points_text`, places.

    The indicators and the execution rate (`rate`), unless the rate is among the indicators. What
    is merged over several indicators counts once. `alone`: the form weighs indicators only.
    """
    columns = ["file", "what", "rate", "weight", "weight_text", "points", "points_text",
               "weight_at", "points_at"]  # fmt: skip
    names = marks["content"].fillna(marks["level2"]).fillna("")
    own = _scored(marks, names).assign(rate=flags(names, lambda name: "执行率" in compact(name)))
    total = execution[execution["source"] == "total"]
    total = total[~total["file"].isin(own[own["rate"]]["file"])]
    apart = _scored(total, "预算执行率").assign(rate=True)
    both = pd.concat([own[columns], apart[columns]]) if len(apart) else own[columns]
    weighing = {name for name, block in _matrices(forms) if block.columns}
    unweighed = projects[~projects["form"].isin(weighing)]["file"]
    filled = both["weight_text"].notna() | both["points_text"].notna()
    return (
        both[filled]
        .drop_duplicates(["file", "weight_at", "points_at"])
        .assign(alone=lambda rows: rows["file"].isin(unweighed))
    )


def _scored(rows: pd.DataFrame, what: pd.Series | str) -> pd.DataFrame:
    return rows.assign(
        what=what, weight_at=places(rows, "weight_cell"), points_at=places(rows, "points_cell")
    )


def sums_of(weighted: pd.DataFrame, column: str) -> pd.DataFrame:
    """A row a form: `file, sum` of its weights or points, their `places`, and `whole`.

    The sum is the whole where the execution rate's is stated too; else more may come on top. Left
    out are forms in which one is no number, or which state none of an indicator.
    """
    text, at = weighted[f"{column}_text"], f"{column}_at"
    unread = weighted[weighted[column].isna() & ~blank_or_none(text)]["file"]
    stated = weighted[weighted[column].notna()]
    indicators = stated[~stated["rate"]]["file"]
    rows = stated[stated["file"].isin(indicators) & ~stated["file"].isin(unread)]
    groups = rows.drop_duplicates(["file", at]).groupby("file", sort=False)
    sums = groups.agg(places=(at, tuple), whole=("rate", "any"), alone=("alone", "any"))
    sums["whole"] |= sums["alone"]
    sums["sum"] = groups[column].sum().astype(DECIMAL)
    return sums.reset_index().drop(columns="alone")


def misses(sums: pd.DataFrame, right: pd.Series | int, settings: Settings) -> pd.Series:
    """Whether a sum surely is not what it should be: one that is not the whole may still grow."""
    difference = sums["sum"] - right
    too_much = certain(difference > settings.tolerance)
    return too_much | (certain(difference < -settings.tolerance) & sums["whole"])

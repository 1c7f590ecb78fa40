"""W904 公式被数字覆盖: cells that the template computes and that hold another number now."""

from __future__ import annotations

import re

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.forms.model import MatrixBlock
from xlsx_eval.rules.expenditure import items_do_not_sum
from xlsx_eval.rules.findings import Place, certain, places, those, together
from xlsx_eval.rules.funding_sources import balance_mismatch
from xlsx_eval.rules.registry import rule, view
from xlsx_eval.rules.score import points_do_not_sum
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.weights import execution_rate_wrong, weights_do_not_sum

# as the blank template writes its formulas: empty while there is nothing to compute from
_TEMPLATE = re.compile(r'^=IF\((?:COUNT\(|OR\(N\().*""[,;]ROUND\(', re.IGNORECASE)


@rule(
    "W904",
    "formula-overwritten",
    "公式被数字覆盖",
    "warning",
    advice="请恢复该单元格的公式；需要调整的，请改正参与计算的数。",
    yields_at=("S402",),
    explained_by=("F104",),
)
def formula_overwritten(
    sums_gone_wrong: pd.DataFrame, overwritten: frozenset[tuple[str, Place]]
) -> pd.DataFrame:
    """A cell that the template computes holds a constant that differs from the formula's result.

    Computed are the balance, 合计 of the expenditures, the execution rate and the totals of weights
    and points. That one of them was overwritten shows where the workbook still computes others of
    the kind, or has the template's own formulas: who never had a formula has typed a wrong number,
    which is an error (F102, D201, I313, I314, S406). That error is told here, too: it must be
    corrected, and this says how it came about.

    Why it matters: the number no longer follows what it is computed from.

    Fails: received 200, spent 180, and 30 typed over the formula of the balance.

    Passes: received 200, spent 180, and 20 typed over it.

    To correct: restore the formula; where the result is not meant, correct what it is computed of.

    检查：表格自动计算的单元格（结余、支出合计、预算执行率、分值和得分合计）被手工填写的数覆盖，而且与公式
    的结果不符。仅限于同类单元格还有公式，或者用的是带公式的模板；从来没有公式的表按计算错误处理。

    意义：覆盖之后，这个数不再随相关数据变化。

    不通过：到位200，支出180，结余的公式被改成30。

    通过：到位200，支出180，结余的公式被改成20。
    """
    here = zip(sums_gone_wrong["file"], sums_gone_wrong["at"], strict=True)
    found = those(sums_gone_wrong, (each in overwritten for each in here))
    problem = "此格原由公式计算，现为手工填写的数，与公式结果不符：" + found["problem"]
    return found.assign(problem=problem, severity=None, right=None)


@view
def sums_gone_wrong(  # noqa: PLR0913, PLR0917 - it asks for what five rules ask for
    totals: pd.DataFrame,
    sources: pd.DataFrame,
    breakdown: pd.DataFrame,
    details: pd.DataFrame,
    items: pd.DataFrame,
    execution: pd.DataFrame,
    weighted: pd.DataFrame,
    projects: pd.DataFrame,
    overwritten: frozenset[tuple[str, Place]],
    chosen: frozenset[str],
    settings: Settings,
) -> pd.DataFrame:
    """What the rules of arithmetic find wrong where a cell that the template computes is typed."""
    files = {file for file, _ in overwritten}
    totals, sources, breakdown, details, items, execution, weighted, projects = (
        frame[frame["file"].isin(files)]
        for frame in (
            totals, sources, breakdown, details, items, execution, weighted, projects
        )
    )  # fmt: skip
    return together(
        balance_mismatch(totals, sources, breakdown, chosen, settings),
        items_do_not_sum(details, items, settings),
        execution_rate_wrong(execution, sources, totals, settings),
        weights_do_not_sum(weighted, projects, settings),
        points_do_not_sum(weighted, projects, settings),
    )


@view
def overwritten(
    funds: pd.DataFrame,
    details: pd.DataFrame,
    execution: pd.DataFrame,
    projects: pd.DataFrame,
    cells: pd.DataFrame,
    forms: dict[str, Form],
) -> frozenset[tuple[str, Place]]:
    """(file, place) of the cells that hold no formula where a formula of theirs must have been.

    It must where another cell of the same kind in the workbook is computed, or any of them has a
    formula as the template writes it.
    """
    written = {
        (file, place): formula
        for file, place, formula in zip(
            cells["file"], places(cells, "cell"), cells["formula"], strict=True
        )
        if pd.notna(formula) and place
    }
    computed = _computed(funds, details, execution, projects, forms)
    evidence = {(file, kind) for file, kind, place in computed if (file, place) in written}
    template = {
        file for file, _, place in computed if _TEMPLATE.match(written.get((file, place), ""))
    }
    return frozenset(
        (file, place)
        for file, kind, place in computed
        if (file, place) not in written and (file in template or (file, kind) in evidence)
    )


def _computed(
    funds: pd.DataFrame,
    details: pd.DataFrame,
    execution: pd.DataFrame,
    projects: pd.DataFrame,
    forms: dict[str, Form],
) -> list[tuple[str, str, Place]]:
    """(file, kind, place) of the cells that a form's template computes."""
    form = dict(zip(projects["file"], projects["form"], strict=True))
    balances = {
        (name, measure.key)
        for name, each in forms.items()
        for _, block in each.blocks()
        if isinstance(block, MatrixBlock)
        for measure in block.measures
        if measure.minuend
    }
    keys = zip(funds["file"], funds["measure"], strict=True)
    measured = those(funds, ((form[file], measure) in balances for file, measure in keys))
    totals = details[certain(details["kind"] == "total")]
    summed = {
        "weight": those(projects, _sums(projects, forms, "weight_total")),
        "points": those(projects, _sums(projects, forms, "score")),
    }
    kinds = [
        ("balance", measured, places(measured, "amount_cell")),
        ("details", totals, list(totals["amount_at"])),
        ("rate", execution, places(execution, "rate_cell")),
        (
            "sum",
            summed["weight"],
            places(summed["weight"], "weight_total_cell", "weight_total_sheet"),
        ),
        ("sum", summed["points"], places(summed["points"], "score_cell", "score_sheet")),
    ]
    return [
        (file, kind, place)
        for kind, frame, at in kinds
        for file, place in zip(frame["file"], at, strict=True)
        if place
    ]


def _sums(projects: pd.DataFrame, forms: dict[str, Form], field: str) -> list[bool]:
    """Whether each project's form has a table whose total the field is."""
    summing = {
        name
        for name, form in forms.items()
        if any(
            column.total_field == field
            for _, block in form.blocks()
            for column in getattr(block, "columns", ())
        )
    }
    return [name in summing for name in projects["form"]]

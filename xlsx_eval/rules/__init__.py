"""The rule catalogue: one module a family, one function a rule.

What is named here is what another package's rules are made of (docs/own-rules.md).
"""

from __future__ import annotations

from xlsx_eval.rules import (
    amount_cells,
    basics,
    computed,
    contacts,
    cost,
    county,
    county_roster,
    county_texts,
    dates,
    expenditure,
    expenditure_items,
    field_values,  # noqa: F401 - the view that a county's own rules ask for
    figures,
    funding_sources,
    funds,
    guidance,
    indicators,
    narrative,
    people,
    quantities,
    required,
    score,
    signing,
    statements,
    targets,
    told_years,
    weights,
    workbook,
)
from xlsx_eval.rules.engine import run_rules
from xlsx_eval.rules.findings import (
    Place,
    certain,
    flagged,
    flags,
    nothing,
    percent,
    places,
    report,
    together,
)
from xlsx_eval.rules.own_rules import OwnRule
from xlsx_eval.rules.registry import (
    ARITHMETIC,
    COMPLETENESS,
    COUNTY,
    GENERAL,
    MEASURES_2020,
    Basis,
    Catalogue,
    Corrects,
    Rule,
    Rulebook,
    all_rules,
    rule,
    view,
)
from xlsx_eval.rules.settings import Settings, rulebook_of

FAMILIES = (
    funds, funding_sources, amount_cells, expenditure, expenditure_items, indicators,
    required, targets, cost, quantities, weights, score, people, contacts, signing, dates,
    narrative, figures, statements, told_years, guidance, basics, workbook, computed, county,
    county_roster, county_texts,
)  # fmt: skip

__all__ = [
    "ARITHMETIC",
    "COMPLETENESS",
    "COUNTY",
    "FAMILIES",
    "GENERAL",
    "MEASURES_2020",
    "Basis",
    "Catalogue",
    "Corrects",
    "OwnRule",
    "Place",
    "Rule",
    "Rulebook",
    "Settings",
    "all_rules",
    "certain",
    "flagged",
    "flags",
    "nothing",
    "percent",
    "places",
    "report",
    "rule",
    "rulebook_of",
    "run_rules",
    "together",
    "view",
]

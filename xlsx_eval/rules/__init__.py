"""The rule catalogue: one module a family, one function a rule."""

from __future__ import annotations

from xlsx_eval.rules import (
    amount_cells,
    basics,
    contacts,
    cost,
    county,
    county_roster,
    county_texts,
    dates,
    expenditure,
    expenditure_items,
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
    weights,
    workbook,
)
from xlsx_eval.rules.engine import run_rules
from xlsx_eval.rules.registry import Rule, all_rules, find_rule
from xlsx_eval.rules.settings import Settings, rulebook_of

FAMILIES = (
    funds, funding_sources, expenditure, indicators, required, targets, cost, quantities,
    weights, score, people, contacts, signing, dates, narrative, figures, statements,
    guidance, basics, workbook, county, amount_cells, county_roster, county_texts,
    expenditure_items,
)  # fmt: skip

__all__ = ["FAMILIES", "Rule", "Settings", "all_rules", "find_rule", "rulebook_of", "run_rules"]

"""The rule catalogue: one module a family, one function a rule."""

from __future__ import annotations

from xlsx_eval.rules import (
    basics,
    computed,
    dates,
    expenditure,
    funds,
    indicators,
    people,
    score,
    workbook,
)
from xlsx_eval.rules.engine import run_rules
from xlsx_eval.rules.registry import Rule, all_rules, find_rule
from xlsx_eval.rules.settings import Settings, rulebook_of

FAMILIES = (funds, expenditure, indicators, score, people, dates, basics, workbook, computed)

__all__ = ["FAMILIES", "Rule", "Settings", "all_rules", "find_rule", "rulebook_of", "run_rules"]

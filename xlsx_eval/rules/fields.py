"""The fields that a county's own rules may name."""

from __future__ import annotations

from collections.abc import Mapping

from xlsx_eval.forms.columns import MEASURES, SOURCES
from xlsx_eval.rules.expressions import Kind

FIELDS: Mapping[str, Kind] = {
    **{
        f"funds.{measure}.{source}": Kind.AMOUNT
        for measure in sorted(MEASURES)
        for source in ("total", *sorted(SOURCES))
    },
    "execution.rate": Kind.NUMBER,
    "expenditures.total": Kind.AMOUNT,
    "expenditures.sum": Kind.AMOUNT,
    "expenditures.count": Kind.NUMBER,
    "indicators.count": Kind.NUMBER,
    "evaluators.count": Kind.NUMBER,
    "projects.score": Kind.NUMBER,
    "projects.weight_total": Kind.NUMBER,
    "projects.period_start": Kind.DATE,
    "projects.period_end": Kind.DATE,
    "projects.report_date": Kind.DATE,
    "settings.year": Kind.NUMBER,
}
"""Name → what its value is. Amounts are in 万元, a rate is a fraction."""

NOWHERE = frozenset({"settings.year"})
"""Fields that no workbook holds."""

_PARTS = {
    "projects.score": "performance",
    "projects.weight_total": "indicators",
    "projects.report_date": "cover",
    "execution.rate": "funds",
}


def part_of(field: str) -> str:
    """The part of the form to point to where a field has no cell."""
    frame = field.partition(".")[0]
    return _PARTS.get(field, "basics" if frame == "projects" else frame)

"""What a declaration may fill: the columns, measures and sources of the canonical frames."""

from __future__ import annotations

PROJECT_FIELDS = frozenset(
    {
        "project_name", "project_unit", "department", "evaluation_type", "evaluation_method",
        "evaluation_body", "report_date", "leader", "phone", "address", "postcode", "period",
        "score", "grade", "preparer", "preparer_phone", "weight_total",
    }
)  # fmt: skip
MEASURES = frozenset({"initial", "planned", "received", "spent", "balance"})
SOURCES = frozenset(
    {
        "central", "province", "city", "county", "other", "fiscal", "carry_over", "special", "unit",
    }
)  # fmt: skip
TABLE_COLUMNS = {
    "expenditures": frozenset({"item", "amount", "voucher", "note"}),
    "goals": frozenset({"expected", "actual"}),
    "indicators": frozenset(
        {
            "level1", "level2", "content", "nature", "target", "unit", "actual", "weight",
            "points", "reason",
        }
    ),
    "evaluators": frozenset({"name", "title", "unit"}),
    "execution": frozenset({"rate", "weight", "points", "reason"}),
}  # fmt: skip
"""Frame → columns that a table, or (execution) what stands beside the funds, may have."""

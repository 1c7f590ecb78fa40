"""What a county may set of the rules."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from xlsx_eval.rules.registry import Severity


class Settings(BaseModel):
    """Settings of a run. Amounts in 万元, shares as fractions (0.8 is 80 %)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    county: str = ""
    year: int | None = Field(default=None, ge=2000, le=2100)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: dict[str, Severity] = Field(default_factory=dict)
    tolerance: Decimal = Field(default=Decimal("0.01"), ge=0, le=1)
    received_short_below: Decimal = Field(default=Decimal("0.8"), ge=0, le=1)
    low_execution_below: Decimal = Field(default=Decimal("0.8"), ge=0, le=1)
    unit_suspect_ratio: int = Field(default=1000, ge=100)

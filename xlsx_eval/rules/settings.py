"""What a county may set of the rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from xlsx_eval.rules.registry import Rulebook, Severity, rulebook


class Settings(BaseModel):
    """Settings of a run. Amounts in 万元, shares as fractions (0.8 is 80 %)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    county: str = ""
    forms: tuple[Path, ...] = ()
    """Declarations of the county's own forms."""
    year: int | None = Field(default=None, ge=2000, le=2100)
    """The evaluated year."""
    today: date = Field(default_factory=date.today)
    """The day of checking."""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: dict[str, Severity] = Field(default_factory=dict)
    tolerance: Decimal = Field(default=Decimal("0.01"), ge=0, le=1)
    received_short_below: Decimal = Field(default=Decimal("0.8"), ge=0, le=1)
    low_execution_below: Decimal = Field(default=Decimal("0.8"), ge=0, le=1)
    unit_suspect_ratio: int = Field(default=1000, ge=100)
    rate_tolerance: Decimal = Field(default=Decimal("0.001"), ge=0, le=1)
    far_above_target: Decimal = Field(default=Decimal("0.3"), gt=0)
    """The share by which an actual may exceed a ≥ or = target."""
    required_indicators: tuple[str, ...] = (
        "数量指标", "质量指标", "时效指标", "成本指标", "服务对象满意度指标",
    )  # fmt: skip
    """The 二级指标 that need content where the form prints them, one 效益指标 besides."""
    minimum_evaluators: int = Field(default=3, ge=1)
    short_text: int = Field(default=20, ge=1)
    """Characters below which a section of the report is too short."""
    file_seconds: float = Field(default=10, gt=0)
    file_megabytes: int = Field(default=300, ge=50)


def rulebook_of(settings: Settings) -> Rulebook:  # noqa: ARG001 - a county's own rules come here
    """The rules that the settings know."""
    return rulebook()

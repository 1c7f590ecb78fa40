"""Results as Excel stores them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def rounded(value: Decimal, places: int) -> Decimal:
    """Round as Excel's ROUND does, a half away from zero: 0.12345 to four places is 0.1235."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

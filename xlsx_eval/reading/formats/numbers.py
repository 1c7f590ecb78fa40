"""Number formats: how a number shows in its cell."""

from __future__ import annotations

import re
from decimal import Decimal

BUILT_IN = {9: "0%", 10: "0.00%"}
"""Built-in formats that show more than the bare number."""

_LITERAL = r'((?:"[^"]*"|\\.|[≥≤＞＜>=<~])*)'
_SIMPLE_FORMAT = re.compile(
    rf"{_LITERAL}(?:General|G/通用格式|[#,]*0(?:\.(?P<places>[0#]+))?)(?P<percent>%?){_LITERAL}"
)


def formatted(number: float, format_code: str) -> str | None:
    """The number as a plain format shows it (`0.0%`, `"≥"0%`, `0"公里"`), else None."""
    match = _SIMPLE_FORMAT.fullmatch(format_code.split(";", maxsplit=1)[0])
    if not match:
        return None
    before, after = match[1], match[match.lastindex or 0]
    exact = Decimal(format(number, ".15g")) * (100 if match["percent"] else 1)
    whole, _, decimals = format(exact, "f").partition(".")
    decimals = decimals.rstrip("0").ljust((match["places"] or "").count("0"), "0")
    text = f"{whole}.{decimals}" if decimals else whole
    return f"{_unquoted(before)}{text}{match['percent']}{_unquoted(after)}"


def _unquoted(literal: str) -> str:
    return re.sub(r'"([^"]*)"|\\(.)', lambda m: m[1] or m[2] or "", literal)

"""What every block is written with: the facts, the layout, the sheet, and the list of places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import accumulate, pairwise

from one_sheet.layout import Labels, Layout
from one_sheet.paper import CENTRED, DATED, LABEL, Area, Content, Place, Sheet, Style
from xlsx_eval.template import Filled
from xlsx_eval.template.filled import Value

YUAN = 10_000
BLANK_DATE = "    年    月    日"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a unit filled in: `filled`, and what only a form without protection can say.

    funds: (measure, source or "total") → what stands there instead: a balance the unit worked out
    itself, words where an amount belongs, "" for nothing. totals: the same for a table's total.
    """

    filled: Filled = field(default_factory=Filled)
    funds: Mapping[tuple[str, str], Value] = field(default_factory=dict)
    totals: Mapping[str, Value] = field(default_factory=dict)


@dataclass
class Desk:
    """Blocks write through it; `places` says which cell each value went to."""

    facts: Facts
    layout: Layout
    labels: Labels
    unit: str
    sheet: Sheet
    places: dict[str, Place] = field(default_factory=dict)

    def label(self, area: Area, text: str, style: Style = LABEL) -> Place:
        return self.sheet.draw(area, text, style, merged=self.layout.merged_labels)

    def value(self, key: str, area: Area, content: Content, style: Style = CENTRED) -> None:
        """Write a value and remember its place under `key`."""
        if isinstance(content, date):
            style = {**DATED, **style, "num_format": DATED["num_format"]}
        self.places[key] = self.sheet.draw(area, content, style, merged=self.layout.merged_values)

    def amount(self, value: Value | None) -> Content:
        """An amount as the layout writes amounts; words stay words."""
        if not isinstance(value, Decimal):
            return value
        match self.layout.amounts:
            case "number":
                return value
            case "text":
                return plain(value)
            case "万元":
                return f"{plain(value)}万元"
            case "元":
                return f"{(value * YUAN).normalize():,f}元"

    def dated(self, value: Value | None) -> Content:
        """A date as the layout writes dates; other text stays as it is."""
        day = value if isinstance(value, date) else iso_date(value)
        if day is None:
            return value
        return day if self.layout.real_dates else chinese_date(day)

    def row(self, first: int = 0, last: int | None = None) -> Area:
        """An area in the sheet's current row, to its end where no last column is given."""
        end = self.sheet.columns - 1 if last is None else last
        return Area(self.sheet.row, first, self.sheet.row, end)


def plain(amount: Decimal) -> str:
    """Decimal("200.00") → 200.00 as written, never with an exponent."""
    return format(amount, "f")


def iso_date(value: object) -> date | None:
    """The day of `2022-03-15`, None for anything else."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def chinese_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def spans(weights: Sequence[float], columns: int) -> list[tuple[int, int]]:
    """Share the sheet's columns out by weight, at least one each: first and last column.

    Example: `spans([38, 16, 26, 20], 8)` is `[(0, 2), (3, 3), (4, 5), (6, 7)]`.
    """
    shares = [1] * len(weights)
    for _ in range(columns - len(weights)):
        needs = [weight / share for weight, share in zip(weights, shares, strict=True)]
        shares[needs.index(max(needs))] += 1
    return [(start, end - 1) for start, end in pairwise(accumulate(shares, initial=0))]

"""How the cells of the printed form look, as XlsxWriter format properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from xlsx_eval import look
from xlsx_eval.forms.model import Kind

Properties = Mapping[str, object]
EntryKind = Kind | Literal["long_text"]

SIZE = 11
SECTION_SIZE = 15
# Points one line takes at SIZE in 宋体, with the little air Excel adds.
LINE = 15.0
# Characters of a line that the indent takes.
INDENT = 1
# A single-line row of the form: writing by hand on the printed sheet must stay possible.
ROW = 24.0
# A row of a section that leaves most of its page free anyway.
TALL_ROW = 34.0

CENTRED = {"align": "center", "indent": 0}
_BOXED = {"border": 1, "valign": "vcenter", "text_wrap": True}
LABEL: Properties = {**_BOXED, "align": "center"}
HEADER: Properties = {**LABEL, "bold": True}
HEADING: Properties = {**_BOXED, "bold": True, "align": "left", "indent": 1}
COMPUTED: Properties = {
    **_BOXED,
    "bg_color": look.COMPUTED,
    "align": "right",
    "shrink": True,
    "text_wrap": False,
}
INPUT: Properties = {
    **_BOXED,
    "bg_color": look.INPUT,
    "locked": False,
    "align": "left",
    "indent": 1,
}
SECTION: Properties = {
    "font_name": look.FONT_TITLE,
    "font_size": SECTION_SIZE,
    "bold": True,
    "valign": "vcenter",
}
UNIT: Properties = {"align": "right", "valign": "bottom"}

# Amounts show the cents, and what a unit entered beyond them, down to the yuan's hundredth.
# The trailing blank keeps them off the border.
AMOUNT = "#,##0.00####_ "
# Excel counts in binary: without rounding 200 - 206.2 is -6.19999999999999.
PLACES = 6
RATE = "0.00%"
# Excel's own text format keeps text as typed: `3-12` is a voucher, not the twelfth of March;
# `100%` is a target, not 1.
AS_TYPED = 49

_BY_KIND: Mapping[EntryKind, Properties] = {
    "text": {"num_format": AS_TYPED},
    "long_text": {"valign": "top"},
    # A number can't wrap: an unusually long one shrinks instead of turning into #####.
    "amount": {
        "num_format": AMOUNT,
        "align": "right",
        "indent": 0,
        "text_wrap": False,
        "shrink": True,
    },
    "date": {"num_format": 'yyyy"年"m"月"d"日"', **CENTRED},
    "period": {"num_format": AS_TYPED, **CENTRED},
    "phone": {"num_format": AS_TYPED, **CENTRED},
    "postcode": {"num_format": AS_TYPED, **CENTRED},
    "person": {"num_format": AS_TYPED, **CENTRED},
    "choice": {**CENTRED},
    "score": {**CENTRED},
    "grade": {**CENTRED},
    "points": {**CENTRED},
    "rate": {"num_format": RATE, **CENTRED},
}


def input_style(kind: EntryKind) -> Properties:
    return {**INPUT, **_BY_KIND[kind]}


def computed_amount() -> Properties:
    return {**COMPUTED, "num_format": AMOUNT}


def computed_points() -> Properties:
    return {**COMPUTED, "align": "center"}


def computed_rate() -> Properties:
    return {**COMPUTED, "align": "center", "num_format": RATE}

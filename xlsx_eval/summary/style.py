"""The one design of the county workbook: cell formats and chart looks, each built once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsx_eval import look

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format

MONEY = "#,##0.00"
SUM = "#,##0.00;-#,##0.00;–"
RATE = "0.00%"
SCORE = "0.00"
COUNT = "#,##0"
FEW = "#,##0;-#,##0;–"

BAR = "#" + look.HEADER
SPENT_BAR = "#7FB3D5"
DATA_BAR = "#9DC3E6"
HEAT = "#F4B183"
OUTCOME_BARS = {
    "attained": "#7FA874", "missed": "#C8605A", "unclear": "#BFC5CD", "blank": "#E0B84C",
}  # fmt: skip
VERDICT_BARS = {"通过": "#7FA874", "需核实": "#E0B84C", "退回修改": "#C8605A"}
OVERSPENT = "#C00000"

_TEXT = {
    "font_name": look.FONT,
    "font_size": 10,
    "font_color": "#" + look.INK,
    "valign": "vcenter",
    "text_wrap": True,
}
_GRID = {"border": 1, "border_color": "#" + look.RULE}
_CELL = _TEXT | _GRID
_NUMBER = _CELL | {"align": "right", "text_wrap": False}
_TOTAL = {"bold": True, "bg_color": "#" + look.LABEL}
_LABELLED = {"font_size": 9, "font_color": "#" + look.MUTED}
_CARD = _TEXT | {"align": "center", "bg_color": "#" + look.BAND, "text_wrap": False}
_CARD_LABEL = _CARD | _LABELLED | {"top": 1, "left": 1, "right": 1, "border_color": "#" + look.RULE}
_CARD_VALUE = _CARD | {
    "font_size": 15, "bold": True, "bottom": 1, "left": 1, "right": 1,
    "border_color": "#" + look.RULE,
}  # fmt: skip

_FORMATS: dict[str, dict[str, Any]] = {
    "title": _TEXT | {"font_size": 16, "bold": True, "align": "center", "text_wrap": False},
    "note": _TEXT | _LABELLED | {"text_wrap": False},
    "note wrapped": _TEXT | _LABELLED,
    "note right": _TEXT | _LABELLED | {"text_wrap": False, "align": "right"},
    "sentence": _TEXT | {"font_size": 12, "text_wrap": False, "align": "center"},
    "header": _CELL
    | {
        "bold": True,
        "align": "center",
        "font_color": "#" + look.HEADER_INK,
        "bg_color": "#" + look.HEADER,
    },
    "text": _CELL,
    "centred": _CELL | {"align": "center"},
    "link": _CELL | {"font_color": "#" + look.LINK, "underline": 1},
    # what is typed there stays as typed: a date no number, a sign of equality no formula
    "input": _CELL | {"bg_color": "#" + look.INPUT, "num_format": "@"},
    "link centred": _CELL | {"font_color": "#" + look.LINK, "underline": 1, "align": "center"},
    "code": _CELL | {"font_name": "Consolas", "font_size": 8},
    "count": _NUMBER | {"num_format": COUNT, "align": "center"},
    "money": _NUMBER | {"num_format": MONEY, "shrink": True},
    "sum": _NUMBER | {"num_format": SUM, "shrink": True},
    "few": _NUMBER | {"num_format": FEW, "align": "center"},
    "helper": _NUMBER | {"num_format": "0.00####", "shrink": True},
    "helper count": _NUMBER | {"num_format": COUNT, "shrink": True},
    "rate": _NUMBER | {"num_format": RATE},
    "score": _NUMBER | {"num_format": SCORE},
    "total": _CELL | _TOTAL | {"align": "center"},
    "total left": _CELL | _TOTAL,
    "total count": _NUMBER | _TOTAL | {"num_format": COUNT, "align": "center"},
    "total money": _NUMBER | _TOTAL | {"num_format": MONEY, "shrink": True},
    "total sum": _NUMBER | _TOTAL | {"num_format": SUM, "shrink": True},
    "total few": _NUMBER | _TOTAL | {"num_format": FEW, "align": "center"},
    "total helper": _NUMBER | _TOTAL | {"num_format": "0.00####", "shrink": True},
    "total rate": _NUMBER | _TOTAL | {"num_format": RATE},
    "total score": _NUMBER | _TOTAL | {"num_format": SCORE},
    "card label": _CARD_LABEL,
    "card value": _CARD_VALUE,
    "card count": _CARD_VALUE | {"num_format": COUNT},
    "card money": _CARD_VALUE | {"num_format": MONEY, "shrink": True},
    "card rate": _CARD_VALUE | {"num_format": RATE},
    "card score": _CARD_VALUE | {"num_format": SCORE},
    "overspent": {"font_color": OVERSPENT, "bold": True},
    "legend": _CELL | {"align": "center", "font_size": 9},
    "legend input": _CELL | {"align": "center", "font_size": 9, "bg_color": "#" + look.INPUT},
    "legend overspent": _CELL
    | {"align": "center", "font_size": 9, "font_color": OVERSPENT, "bold": True},
    "signature": _TEXT | {"font_size": 11, "text_wrap": False},
}


class Styles:
    """The workbook's formats by name; asking twice gives the same format."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._built: dict[tuple[str, look.Mark | None, bool], Format] = {}

    def __call__(self, name: str, mark: look.Mark | None = None, *, quoted: bool = False) -> Format:
        """Format, tinted as a severity or verdict where `mark` is given.

        A `quoted` text stays a text also when somebody edits its cell, as if typed behind `'`.
        """
        key = (name, mark, quoted)
        found = self._built.get(key)
        if found is None:
            tint = {"bg_color": f"#{mark.fill}", "font_color": f"#{mark.ink}"} if mark else {}
            more = {"quote_prefix": True} if quoted else {}
            found = self._built[key] = self._book.add_format(_FORMATS[name] | tint | more)
        return found


def chart_font(size: int = 9, *, bold: bool = False) -> dict[str, Any]:
    return {"name": look.FONT, "size": size, "bold": bold, "color": "#" + look.INK}


def chart_title(text: str) -> dict[str, Any]:
    return {"name": text, "name_font": chart_font(11, bold=True), "overlay": False}


def chart_axis(name: str = "", **more: object) -> dict[str, Any]:
    return {
        "name": name,
        "name_font": chart_font(8),
        "num_font": chart_font(8),
        "line": {"color": "#" + look.RULE},
        **more,
    }


def counting_axis(largest: int, *, below: bool = False) -> dict[str, Any]:
    """Axis of whole numbers up to `largest`; `below` as in `amount_axis`."""
    axis = amount_axis(below=below)
    return axis | {"major_unit": 1} if largest < 10 else axis  # no half projects on the axis


def amount_axis(*, below: bool = False) -> dict[str, Any]:
    """Axis from 0 on; `below`: of bars whose other axis is reversed."""
    grid = {"visible": True, "line": {"color": "#" + look.COMPUTED}}
    axis = chart_axis(major_gridlines=grid, num_format="#,##0", min=0)
    axis |= {"line": {"none": True}, "major_tick_mark": "none"}
    return axis | {"label_position": "high"} if below else axis

"""From a label to its value: beside it, below it, or behind the colon in its own cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from xlsx_eval.reading.grid import Cell, address
from xlsx_eval.reading.labels import Hit
from xlsx_eval.reading.pages import Page
from xlsx_eval.values.amounts import parse_amount
from xlsx_eval.values.choices import checked_option
from xlsx_eval.values.dates import parse_date, parse_period
from xlsx_eval.values.grades import parse_grade
from xlsx_eval.values.rates import parse_rate
from xlsx_eval.values.scores import parse_score
from xlsx_eval.values.text import compact, is_none_word

_PHONE = re.compile(r"\d[\d()-]{6,}")
_POSTCODE = re.compile(r"\d{6}")
# meant for such a value, readable or not
_MEANT = {
    "date": re.compile(r"[\d〇零一二三四五六七八九十元]*年[\d〇零一二三四五六七八九十元月日号]*"),
    "period": re.compile(r".{0,6}\d{4}年.{0,30}"),
    "postcode": re.compile(r"\d{4,8}"),
}
# the form's own labels are known; these are a unit's: 财务负责人：何川
_OTHER_LABEL = re.compile(r"\s*[\u4e00-\u9fff（）()、]{2,12}[:：]")
_NEXT_LABEL = re.compile(r"\s{2,}(?=[\u4e00-\u9fff（）()、]{2,12}[:：])")
SHORT_KINDS = frozenset({"person", "phone", "date", "period", "score", "grade", "postcode"})
_BOXES = "□☐☑✓✔√■●☒"


@dataclass(frozen=True, slots=True)
class Value:
    """One value: as parsed, as it stood, and where. Blank has neither value nor text."""

    value: object
    text: str | None
    sheet: str | None
    cell: str | None


NOWHERE = Value(None, None, None, None)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value stands, or should stand; `text` is only the value's part of the cell."""

    page: Page
    cell: Cell
    text: str

    @property
    def raw(self) -> object:
        """The cell's own value, or its text where that says more (`0.00"元"`, `label：value`)."""
        whole = self.text == self.cell.text and "元" not in self.text
        return self.cell.raw if whole else self.text

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    def value(self, parse: Callable[[Slot], object]) -> Value:
        """The slot's value; of a formula never calculated only its text is known."""
        readable = not self.blank and (parse is as_text or not self.uncalculated)
        known = parse(self) if readable else None
        text = None if self.blank else self.text
        return Value(known, text, self.page.grid.name, address(self.cell.row, self.cell.col))

    @property
    def uncalculated(self) -> bool:
        return self.cell.raw is None and self.text.startswith("=")


def slot_at(page: Page, row: int, col: int) -> Slot:
    cell = page.grid.at(row, col)
    return Slot(page, cell, cell.text)


def slot_of(page: Page, hit: Hit, kind: str) -> Slot:
    """Where the label's value stands: behind its colon, right of it, or below it.

    Beside a label the first filled cell within the form counts. Cells further than one away are
    taken only where their text can be what is asked for.
    """
    if hit.rest:
        return Slot(page, hit.cell, _NEXT_LABEL.split(hit.rest, maxsplit=1)[0])
    beside = _right_of(page, hit.cell, kind)
    if beside and not beside.blank:
        return beside
    below = _below(page, hit.cell, kind, sure=beside is None)
    if below and (beside is None or not below.blank):
        return below
    return beside or Slot(page, _where_to_write(page, hit), "")


def _where_to_write(page: Page, hit: Hit) -> Cell:
    """The cell for a value that is not there: right of the label, else the label's own."""
    right = page.grid.at(hit.cell.row, hit.cell.span.right + 1)
    return right if hit.rest is None and right.blank else hit.cell


def _right_of(page: Page, label: Cell, kind: str) -> Slot | None:
    """The slot right of a label; None where another label or the form's edge stands there.

    A blank one is the nearest cell, but not in a column that is only there for space.
    """
    row, col = label.span.top, label.span.right + 1
    blanks: list[Slot] = []
    while col <= page.right_edge:
        cell = page.grid.at(row, col)
        if page.is_label(cell):
            break
        slot = Slot(page, cell, cell.text)
        if kind in SHORT_KINDS and _OTHER_LABEL.match(slot.text):
            break
        if not slot.blank:
            if not blanks or (_is_meant(kind, slot) and not _has_own_value(page, slot, kind)):
                return slot
            break
        blanks.append(slot)
        if cell.span.right > cell.span.left or cell.span.bottom > cell.span.top:
            break  # a blank merge is where the value belongs
        col = cell.span.right + 1
    used = (slot for slot in blanks if slot.cell.col not in page.spacers)
    return next(used, blanks[0] if blanks else None)


def _has_own_value(page: Page, slot: Slot, kind: str) -> bool:
    """Whether a text behind a gap is itself a label of a unit's own, with its value beside it."""
    beside = page.grid.at(slot.cell.row, slot.cell.span.right + 1)
    return kind in {"text", "person"} and not beside.blank and not page.is_label(beside)


def _below(page: Page, label: Cell, kind: str, *, sure: bool) -> Slot | None:
    """The slot below a label; where the right was free, only what surely is such a value."""
    cell = cell_below(page, label)
    if cell is None or cell.row > page.last_row:
        return None
    slot = Slot(page, cell, cell.text)
    if sure:
        return slot if slot.blank or can_be(kind, slot) else None
    return (
        slot if kind not in {"text", "person"} and not slot.blank and can_be(kind, slot) else None
    )


def cell_below(page: Page, label: Cell) -> Cell | None:
    """The cell that begins right below a label, in its section; None where it is a label too."""
    row, col = label.span.bottom + 1, label.span.left
    if page.last_row >= row > page.end_of_section(label.row):
        return None
    cell = page.grid.at(row, col)
    return None if page.is_label(cell) or (cell.row, cell.col) != (row, col) else cell


def can_be(kind: str, slot: Slot) -> bool:
    """Whether what stands in a slot can be a value of the kind."""
    return _CAN_BE.get(kind, _anything)(slot)


def _is_meant(kind: str, slot: Slot) -> bool:
    """Whether what stands in a slot is a value of the kind, or an attempt at one: 2022年3月."""
    attempt = _MEANT[kind].fullmatch(compact(slot.text)) if kind in _MEANT else None
    return can_be(kind, slot) or attempt is not None


def _anything(_: Slot) -> bool:
    return True


def as_text(slot: Slot) -> str:
    return slot.text.strip()


def as_amount(slot: Slot, unit: str = "万元", *, none_is_zero: bool = False) -> Decimal | None:
    """The amount in 万元; `unit` is what the header says where the cell states none."""
    raw = slot.raw
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    if isinstance(raw, str) and is_none_word(raw):
        return Decimal(0) if none_is_zero else None
    amount = parse_amount(raw, unit)
    return amount.value if amount else None


def as_date(slot: Slot) -> date | None:
    raw = slot.raw
    return parse_date(raw) if isinstance(raw, str | date | datetime) else None


def as_period(slot: Slot) -> tuple[date, date] | None:
    raw = slot.raw
    period = parse_period(raw) if isinstance(raw, str | date) else None
    return (period.start, period.end) if period else None


def as_postcode(slot: Slot) -> str:
    """The postcode as it stands; one stored as a number gets back the zero it lost in front."""
    raw = slot.raw
    if isinstance(raw, int | float) and 10_000 <= raw < 100_000 and raw == int(raw):
        return f"{int(raw):06d}"
    return as_text(slot)


def as_score(slot: Slot) -> Decimal | None:
    raw = slot.raw
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    return parse_score(raw)


def as_points(slot: Slot) -> Decimal | None:
    """A weight or points; 10 % of a hundred are 10."""
    rate = as_rate(slot) if "%" in slot.text or "％" in slot.text else None
    return rate * 100 if rate is not None else as_score(slot)


def as_rate(slot: Slot, *, per_cent: bool = False) -> Decimal | None:
    """A share as a fraction; `per_cent` where the label asks for per cent."""
    raw = slot.text if "%" in slot.text or "％" in slot.text else slot.raw
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    return parse_rate(raw, per_cent=per_cent)


def as_choice(slot: Slot, options: tuple[str, ...]) -> str | None:
    """The option chosen by a tick, or the text itself where nothing is there to tick."""
    chosen = checked_option(slot.text, options)
    if chosen or any(box in slot.text for box in _BOXES):
        return chosen
    return as_text(slot)


def as_grade(slot: Slot, options: tuple[str, ...]) -> str | None:
    """The grade as written, or the one that is ticked among others."""
    return as_choice(slot, options) or parse_grade(slot.text)


_CAN_BE: dict[str, Callable[[Slot], bool]] = {
    "amount": lambda slot: is_none_word(slot.text) or as_amount(slot) is not None,
    "date": lambda slot: as_date(slot) is not None,
    "period": lambda slot: as_period(slot) is not None,
    "score": lambda slot: as_score(slot) is not None,
    "phone": lambda slot: bool(_PHONE.search(compact(slot.text))),
    "postcode": lambda slot: bool(_POSTCODE.fullmatch(compact(slot.text))),
}

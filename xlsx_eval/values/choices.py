"""Which option of a tick list is chosen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsx_eval.values.text import MAX_LENGTH, compact

if TYPE_CHECKING:
    from collections.abc import Sequence

_TICK = r"[☑✓√✔■●☒]|\[[xX√✓✔]\]|\([√✓✔]\)"
_BOX = r"[□☐○◻▢]|\[\]|\(\)"
# Each option with the mark that belongs to it; a box beside a hand-set tick counts as ticked
# only in the order that leaves no doubt whose tick it is.
_LAYOUTS = (
    re.compile(r"(?P<mark>BT|T|B|)(?P<option>O)"),
    re.compile(r"(?P<option>O)(?P<mark>TB|T|B|)"),
)


def checked_option(text: str, options: Sequence[str]) -> str | None:
    """Return the option a cell chooses: the only one it names, or the only one it ticks.

    Marks may stand before or after the options; where one could belong to either neighbour, where
    none or several are ticked, or where other words stand beside them, the answer is None.
    Example: `checked_option("优□ 良☑ 中□ 差□", ("优", "良", "中", "差"))` is `"良"`.
    """
    if len(text) > MAX_LENGTH:
        return None
    by_compact = {compact(option): option for option in options if compact(option)}
    symbols, named = _symbols(compact(text), tuple(by_compact))
    if not named or len(set(named)) != len(named):
        return None
    if symbols == "O":
        return by_compact[named[0]]
    readings = {_ticked(layout, symbols) for layout in _LAYOUTS} - {None}
    if len(readings) != 1:
        return None
    ticked = readings.pop() or ()
    return by_compact[named[ticked[0]]] if len(ticked) == 1 else None


def _symbols(text: str, options: tuple[str, ...]) -> tuple[str, list[str]]:
    """Write a text as O (option), T (tick) and B (empty box), and list the options it names."""
    longest_first = "|".join(re.escape(option) for option in sorted(options, key=len, reverse=True))
    token = re.compile(rf"(?P<O>{longest_first or '(?!)'})|(?P<T>{_TICK})|(?P<B>{_BOX})|[、,;/|:]")
    if outer := re.fullmatch(r"\((?P<list>[^()]+)\)", text):
        text = outer["list"]
    symbols, named, position = "", [], 0
    while position < len(text):
        match = token.match(text, position)
        if match is None:
            return "", []
        symbols += match.lastgroup or ""
        if match["O"]:
            named.append(match["O"])
        position = match.end()
    return symbols, named


def _ticked(layout: re.Pattern[str], symbols: str) -> tuple[int, ...] | None:
    """Return the places of the ticked options, or None if the text has another layout."""
    marks: list[str] = []
    position = 0
    while position < len(symbols):
        match = layout.match(symbols, position)
        if match is None:
            return None
        marks.append(match["mark"])
        position = match.end()
    # Beside boxes, an option without one means that a mark may have been counted to its neighbour.
    if "B" in symbols and "" in marks:
        return None
    return tuple(place for place, mark in enumerate(marks) if "T" in mark)

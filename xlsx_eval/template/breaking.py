"""Where a label that is too long for its cell breaks into lines."""

from __future__ import annotations

import math
import re

# Pixels of a Chinese character at the form's size, of a column's unit of width, and to spare.
CHARACTER, COLUMN_UNIT, AIR = 15, 8, 4
# A bracket, and what follows a colon, stand on lines of their own.
_PIECE = re.compile(r"（[^）]*）|[^（：]+：?")
_NUMBERED = re.compile(r"(\d+\.)?(.+)")


def width_for(characters: int) -> float:
    """Return the column width that holds so many Chinese characters on a line."""
    return (characters * CHARACTER + AIR) / COLUMN_UNIT


def broken(label: str, width: float) -> str:
    """Break a label that does not fit into `width` (a column's) into lines of about one length.

    Chinese words mostly have two characters, so the lines get an even number of them where they
    can: 年度总体目标 breaks into 年度总体 and 目标, not into 年度总体目 and 标.
    """
    fitting = max(1, int(width * COLUMN_UNIT / CHARACTER))
    if len(label) <= fitting or "\n" in label:
        return label
    return "\n".join(line for piece in _PIECE.findall(label) for line in _lines(piece, fitting))


def _lines(piece: str, fitting: int) -> list[str]:
    """Cut the piece evenly; its number stays with the first line."""
    numbered = _NUMBERED.fullmatch(piece)
    if len(piece) <= fitting or piece.startswith("（") or not numbered:
        return [piece]
    number, words = numbered[1] or "", numbered[2]
    lines = math.ceil(len(words) / fitting)
    length = min(fitting, 2 * math.ceil(len(words) / lines / 2))
    parts = [words[at : at + length] for at in range(0, len(words), length)]
    return [number + parts[0], *parts[1:]]

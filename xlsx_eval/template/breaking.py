"""Where a label that is too long for its cell breaks into lines."""

from __future__ import annotations

import math
import re

# Pixels of a Chinese character at the form's size, and of a column's unit of width.
CHARACTER, COLUMN_UNIT = 15, 8
# A number before a label stays with what follows it; a bracket and what follows a colon may stand
# on a line of their own.
_PIECE = re.compile(r"(?:\d+\.)?[^（：]*：?|（[^）]*）")


def broken(label: str, width: float) -> str:
    """Break a label that does not fit into `width` (a column's) into lines of about one length.

    Chinese words mostly have two characters, so a line has an even number of them where it can:
    年度总体目标 breaks into 年度总体 and 目标, not into 年度总体目 and 标.
    """
    fitting = max(1, int(width * COLUMN_UNIT / CHARACTER))
    if len(label) <= fitting or "\n" in label:
        return label
    pieces = [piece for piece in _PIECE.findall(label) if piece]
    return "\n".join(line for piece in pieces for line in _lines(piece, fitting))


def _lines(piece: str, fitting: int) -> list[str]:
    number = re.match(r"\d+\.", piece)
    start = number.end() if number else 0
    if len(piece) - start <= fitting or piece.startswith("（"):
        return [piece]
    characters = piece[start:]
    lines = math.ceil(len(characters) / fitting)
    length = min(fitting, 2 * math.ceil(len(characters) / lines / 2))
    parts = [characters[at : at + length] for at in range(0, len(characters), length)]
    return [piece[:start] + parts[0], *parts[1:]]

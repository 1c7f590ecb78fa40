"""References in formulas when rows are inserted: what lies below moves, what ends there grows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

_REFERENCE = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!\[\]:]+)!)?"
    r"(?P<left>\$?[A-Z]{0,3}\$?)(?P<top>[0-9]{1,7})"
    r"(?::(?P<right>\$?[A-Z]{0,3}\$?)(?P<bottom>[0-9]{1,7}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Insertion:
    """`count` rows before row `at` of a sheet, below the rows of a list that they go on with."""

    sheet: str
    first: int
    at: int
    count: int

    def row(self, row: int) -> int:
        """Where a row goes."""
        return row + self.count if row >= self.at else row

    def bottom(self, top: int, bottom: int) -> int:
        """Where the end of a range goes: one that ends with the list takes in the new rows."""
        return bottom + self.count if top < self.at <= bottom + 1 else self.row(bottom)

    def series(self, text: str, sheet: str) -> str:
        """What a chart shows, after the insertion: one row of a list becomes all of them."""
        found = _REFERENCE.fullmatch(text)
        if found and found["bottom"] is None and self.within(int(found["top"])):
            return self.reference(f"{text}:{found['left']}{found['top']}", sheet)
        return self.reference(text, sheet)

    def reference(self, text: str, sheet: str, *, grow: bool = True) -> str:
        """A reference, standing on a sheet, after the insertion; other text as it is."""
        found = _REFERENCE.fullmatch(text)
        if not found or _sheet_of(found["sheet"], sheet) != self.sheet.casefold():
            return text
        top = int(found["top"])
        prefix = f"{found['sheet']}!" if found["sheet"] else ""
        start = f"{prefix}{found['left']}{self.row(top)}"
        if found["bottom"] is None:
            # a whole row is written 5:5, so a lone number is none
            return start if found["left"].strip("$") else text
        bottom = int(found["bottom"])
        end = self.bottom(top, bottom) if grow else self.row(bottom)
        return f"{start}:{found['right']}{end}"

    def formula(self, formula: str, sheet: str, *, grow: bool = True) -> str:
        """A formula, standing on a sheet, after the insertion."""
        try:
            tokens = Tokenizer(formula)
        except TokenizerError:
            return formula
        for token in tokens.items:
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                token.value = self.reference(token.value, sheet, grow=grow)
        return "=" + "".join(token.value for token in tokens.items)

    def within(self, row: int) -> bool:
        """Whether a row is one of the list's own, whose ranges go across and not down."""
        return self.first <= row < self.at


def _sheet_of(quoted: str | None, sheet: str) -> str:
    if quoted is None:
        return sheet.casefold()
    return quoted.strip("'").replace("''", "'").casefold()

"""Findings of one rule: flagged rows become sentences with a place in the workbook."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

from xlsx_eval.values.amounts import format_amount

COLUMNS = (
    "file", "severity", "at", "otherwise", "related", "problem", "expected", "actual", "right",
)  # fmt: skip


class Place(NamedTuple):
    """A cell of a submission."""

    sheet: str
    cell: str


def places(frame: pd.DataFrame, cells: str, sheets: str = "sheet") -> list[Place | None]:
    """The places a column of cells points to, None where the form has no such cell."""
    return [
        Place(sheet, cell) if pd.notna(sheet) and pd.notna(cell) else None
        for sheet, cell in zip(frame[sheets], frame[cells], strict=True)
    ]


class _Sentence(string.Formatter):
    """Fills `{spent}` in: amounts without trailing zeros, blanks as 空白."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Decimal):
            return format_amount(value) if not format_spec else format(value, format_spec)
        if value is None or (not isinstance(value, str) and pd.isna(value)):
            return "空白"
        return str(super().format_field(value, format_spec))


_sentence = _Sentence()


def report(
    rows: pd.DataFrame,
    *,
    anchor: str,
    problem: str,
    otherwise: str = "",
    related: str | Sequence[str] = (),
    expected: str = "",
    actual: str = "",
    severity: str = "",
    right: str = "",
) -> pd.DataFrame:
    """One finding a row.

    `anchor` and `related` name columns of places (a related one may hold several); `otherwise` is
    the place to point to where the form has no such cell. `problem`, `expected` and `actual` are
    sentences with the row's columns in braces; `severity` is a column that overrides the rule's,
    `right` one of values that would set the anchor right.
    """
    if rows.empty:
        return nothing()
    related = (related,) if isinstance(related, str) else related
    return pd.DataFrame(
        [
            {
                "file": row["file"],
                "severity": row[severity] if severity else None,
                "at": row[anchor] if isinstance(row[anchor], Place) else None,
                "otherwise": otherwise,
                "related": _flat(row[column] for column in related),
                "problem": _filled(problem, row),
                "expected": _filled(expected, row),
                "actual": _filled(actual, row),
                "right": row[right] if right else None,
            }
            for row in rows.to_dict("records")
        ],
        columns=list(COLUMNS),
    )


def _filled(sentence: str, row: Mapping[Any, Any]) -> str:
    return _sentence.vformat(sentence, (), {str(key): value for key, value in row.items()})


def _flat(values: Iterable[Any]) -> tuple[Place, ...]:
    flat: list[Place] = []
    for value in values:
        if isinstance(value, Place):
            flat.append(value)
        elif isinstance(value, tuple | list):
            flat.extend(each for each in value if isinstance(each, Place))
    return tuple(dict.fromkeys(flat))


def flagged(rows: pd.DataFrame, condition: pd.Series) -> pd.DataFrame:
    """The rows for which a condition surely holds: unknown (NA) is not a hit."""
    return rows[certain(condition)]


def those(rows: pd.DataFrame, answers: Iterable[bool]) -> pd.DataFrame:
    """The rows with a yes (also right where there are no rows)."""
    return rows[pd.Series(list(answers), index=rows.index, dtype=bool)]


def flags(values: pd.Series, says: Callable[[Any], bool]) -> pd.Series:
    """Whether each value is what `says` asks, blank is not (also right where there are no rows)."""
    answers = [pd.notna(value) and says(value) for value in values]
    return pd.Series(answers, index=values.index, dtype=bool)


def once(rows: pd.DataFrame, at: str) -> pd.DataFrame:
    """The rows but for those whose place another row of the same file has already named.

    A cell that is merged over several rows stands in each of them.
    """
    return rows[~rows.duplicated(["file", at]) | rows[at].isna()]


def certain(condition: pd.Series) -> pd.Series:
    """A condition with unknown (NA) as no."""
    return condition.fillna(value=False).astype(bool)


def together(*findings: pd.DataFrame) -> pd.DataFrame:
    """Findings of several kinds of rows under one rule."""
    filled = [each for each in findings if len(each)]
    return pd.concat(filled, ignore_index=True) if filled else nothing()


def percent(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Part / whole as text with at most two decimals: `90.83%`."""
    return pd.Series(
        [
            None if pd.isna(p) or pd.isna(w) or not w else f"{_plain(Decimal(p) / Decimal(w))}%"
            for p, w in zip(part, whole, strict=True)
        ],
        index=part.index,
        dtype="object",
    )


def _plain(share: Decimal) -> str:
    text = f"{share * 100:.2f}".rstrip("0").rstrip(".")
    return "99.99" if text == "100" and share < 1 else text


def nothing() -> pd.DataFrame:
    """No findings."""
    return pd.DataFrame(columns=list(COLUMNS))

"""What the cells of a form say besides their values: errors and their causes, other workbooks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from xlsx_eval.rules.findings import Place
from xlsx_eval.rules.registry import view

_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")
_STRING = re.compile(r'"[^"]*"')
_ELSEWHERE = re.compile(
    r"""
      \[[^\[\]]+\][\w.]*!         # [1]Sheet1!B2, [budget.xlsx]Sheet1!B2, [1]!name
    | '[^']*\[[^\[\]]+\][^']*'!   # 'C:\[budget.xlsx]Sheet 1'!B2
    | '(?:[^']|'')+'\#            # 'file:///C:/budget.ods'#$Sheet1.B2
    | \bDDE\(
    | ^=[-+]?(?:[\w.]+|'[^']+')\| # Excel|Sheet1!R1C1
    """,
    re.VERBOSE | re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"""
    (?:(?:'(?P<quoted>[^']+)'|(?P<plain>[^\W\d][\w.]*))[!.])?
    \$?(?P<col>[A-Z]{1,3})(?:\$?(?P<row>[0-9]{1,7}))?
    (?::\.?\$?(?P<last_col>[A-Z]{1,3})(?:\$?(?P<last_row>[0-9]{1,7}))?)?
    (?![\w(])
    """,
    re.VERBOSE,
)
_LAST_ROW = 1 << 20


def in_reading_order(cells: pd.DataFrame) -> pd.DataFrame:
    """Rows of cells by file and sheet as these come first, then by row and column."""
    order = pd.DataFrame(
        {
            "file": pd.factorize(cells["file"])[0],
            "sheet": pd.factorize(cells["sheet"])[0],
            "place": [_row_and_column(cell) for cell in cells["cell"]],
        },
        index=range(len(cells)),
    )
    return cells.iloc[order.sort_values(["file", "sheet", "place"], kind="stable").index]


def _row_and_column(cell: str) -> tuple[int, int]:
    match = _ADDRESS.fullmatch(cell)
    return (int(match[2]), _number(match[1])) if match else (0, 0)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def refers_elsewhere(formula: str) -> bool:
    """Whether a formula takes something from another workbook or program."""
    return bool(_ELSEWHERE.search(_STRING.sub('""', formula)))


def causes(errors: pd.DataFrame) -> pd.DataFrame:
    """The cells in error (with `at`) that come from no other one; `follow` are those that do."""
    if errors.empty:
        return errors
    return pd.concat([_causes(rows) for _, rows in errors.groupby("file", sort=False)])


def _causes(rows: pd.DataFrame) -> pd.DataFrame:
    places = list(rows["at"])
    from_ = {
        here: _cause(formula, here, places)
        for here, formula in zip(places, rows["formula"], strict=True)
        if pd.notna(formula) and not refers_elsewhere(formula)
    }
    roots = {place: _root(place, from_) for place in places}
    follow = {
        root: tuple(place for place in places if roots[place] == root and place != root)
        for root in roots.values()
    }
    rows = rows.assign(follow=[follow.get(place, ()) for place in places])
    return rows[[roots[place] == place for place in places]]


def _root(place: Place, from_: dict[Place, Place | None]) -> Place:
    """Where an error begins; of a circle each is a beginning of its own."""
    seen = [place]
    while (before := from_.get(seen[-1])) is not None:
        if before in seen:
            return place
        seen.append(before)
    return seen[-1]


def _cause(formula: str, here: Place, places: list[Place]) -> Place | None:
    """The first cell in error that a formula in error refers to."""
    for first, last, sheet in _references(formula):
        for place in places:
            at = _row_and_column(place.cell)
            inside = all(a <= x <= b for a, x, b in zip(first, at, last, strict=True))
            if inside and place != here and place.sheet == (sheet or here.sheet):
                return place
    return None


def _references(formula: str) -> Iterator[tuple[tuple[int, int], tuple[int, int], str | None]]:
    """(first cell, last cell, sheet) of the ranges in a formula, also of whole columns."""
    for match in _REFERENCE.finditer(_STRING.sub('""', formula)):
        if match["row"] is None and match["last_col"] is None:
            continue  # a word
        first = (int(match["row"] or 1), _number(match["col"]))
        row = match["last_row"] if match["last_col"] else match["row"]
        last = (int(row or _LAST_ROW), _number(match["last_col"] or match["col"]))
        yield first, last, match["quoted"] or match["plain"]


@view
def number_texts(
    funds: pd.DataFrame,
    execution: pd.DataFrame,
    expenditures: pd.DataFrame,
    indicators: pd.DataFrame,
    projects: pd.DataFrame,
) -> pd.DataFrame:
    """A row a cell with an amount, a score, a weight or points: `file, sheet, cell, text`."""
    columns = [
        (funds, "amount", "sheet"), (expenditures, "amount", "sheet"),
        (projects, "score", "score_sheet"), (projects, "weight_total", "weight_total_sheet"),
        *((frame, name, "sheet") for frame in (execution, indicators)
          for name in ("weight", "points")),
    ]  # fmt: skip
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "file": read["file"],
                    "sheet": read[sheet],
                    "cell": read[f"{name}_cell"],
                    "text": read[f"{name}_text"],
                }
            )
            for frame, name, sheet in columns
            for read in (frame[frame[name].notna()],)
        ]
    ).drop_duplicates(["file", "sheet", "cell"])

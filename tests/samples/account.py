"""A workbook as an account of values: what its facts say, what the reader found, and where.

All three under the keys of `one_sheet.Written.places`, so that they compare as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pandas as pd
from cases import Case
from one_sheet import Place
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import get_column_letter

from xlsx_eval import Frames
from xlsx_eval.forms.model import Form, MatrixBlock
from xlsx_eval.template.filled import TOTAL
from xlsx_eval.values.text import compact

Account = dict[str, object]

# What a reader must make of texts that stand where a number is asked.
READ_AS = {"750,000元": Decimal(75), "约0.6": None, "91分": Decimal(91)}
LEVELS = ("level1", "level2")
TABLES = {
    "expenditures": ("item", "amount", "voucher", "note"),
    "goals": ("expected", "actual"),
    "indicators": (*LEVELS, "content", "target", "actual"),
    "evaluators": ("name", "title", "unit"),
}

# --------------------------------------------------------------------------------------- stated


def stated(case: Case, form: Form) -> Account:
    """What the facts say; blank is None."""
    filled = case.facts.filled
    return {
        **{f"fields.{key}": _field(key, value) for key, value in filled.fields.items()},
        **dict(_stated_funds(case, form)),
        **dict(_stated_tables(case)),
        **dict(_stated_opinions(case)),
        **{f"narratives.{number}": text for number, text in filled.narratives.items()},
    }


def _field(key: str, value: Any) -> object:
    if key == "report_date":
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    if key == "score":
        return READ_AS[value] if value in READ_AS else Decimal(value)
    return value


def _amount(value: Any) -> object:
    return READ_AS[value] if isinstance(value, str) else value


def _stated_funds(case: Case, form: Form) -> Iterator[tuple[str, object]]:
    given = {**case.facts.filled.funds, **case.facts.funds}
    for _, block in form.blocks():
        if not isinstance(block, MatrixBlock):
            continue
        for source in (TOTAL, *(source.key for source in block.sources)):
            for measure in block.measures:
                amount = _amount(given.get((measure.key, source)))
                if measure.key == "balance" and amount is None:
                    amount = _difference(
                        given.get(("received", source)), given.get(("spent", source))
                    )
                yield f"funds.{measure.key}.{source}", amount


def _difference(received: Any, spent: Any) -> Decimal | None:
    if received is None and spent is None:
        return None
    zero = Decimal(0)
    return Decimal(_amount(received or zero)) - Decimal(_amount(spent or zero))  # type: ignore[arg-type]


def _stated_tables(case: Case) -> Iterator[tuple[str, object]]:
    for table, columns in TABLES.items():
        for number, row in enumerate(case.facts.filled.tables.get(table, ())):
            for column in columns:
                value = row.get(column)
                yield f"{table}.{number}.{column}", _amount(value) if column == "amount" else value
    amounts = [row.get("amount") for row in case.facts.filled.tables["expenditures"]]
    summed = sum((each for each in amounts if isinstance(each, Decimal)), Decimal(0))
    yield "expenditures.total.amount", case.facts.totals.get("expenditures", summed)


def _stated_opinions(case: Case) -> Iterator[tuple[str, object]]:
    for role, opinion in case.facts.filled.opinions.items():
        yield f"opinions.{role}.opinion", opinion.opinion or None
        yield f"opinions.{role}.signatory", opinion.signatory or None
        yield f"opinions.{role}.date", date.fromisoformat(opinion.date)


# ---------------------------------------------------------------------------------------- found


def found(frames: Frames) -> dict[str, tuple[object, Place | None]]:
    """What the reader found: key → value (blank is None) and place."""
    return {key: (_plain(key, value), place) for key, value, place in _found(frames)}


def _found(frames: Frames) -> Iterator[tuple[str, Any, Place | None]]:
    yield from _found_fields(frames.projects.iloc[0])
    for _, row in frames.funds.iterrows():
        yield (f"funds.{row['measure']}.{row['source']}", *_value(row, "amount"))
    for table, columns in TABLES.items():
        for key, row in _found_rows(table, frames[table]):
            for column in columns:
                yield (f"{key}.{column}", *_value(row, column))
    for _, row in frames.opinions.iterrows():
        for part in ("opinion", "signatory", "date"):
            yield (f"opinions.{row['role']}.{part}", *_value(row, part))
    for _, row in frames.narratives.iterrows():
        yield (f"narratives.{row['section']}", *_value(row, "text"))


def _found_fields(project: pd.Series) -> Iterator[tuple[str, Any, Place | None]]:
    for column in project.index:
        key = str(column).removesuffix("_sheet")
        if key != column:
            place = _place(project[column], project[f"{key}_cell"])
            yield f"fields.{key}", project[key], place


def _found_rows(table: str, frame: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """The rows that answer something, numbered as among the facts; the total by its name."""
    if table == "expenditures":
        for _, row in frame[frame["kind"] == "total"].iterrows():
            yield f"{table}.total", row
        frame = frame[frame["kind"] == "item"]
    if table == "indicators":
        frame = frame[frame[["content", "target", "actual"]].notna().any(axis="columns")]
    for number, (_, row) in enumerate(frame.iterrows()):
        yield f"{table}.{number}", row


def _value(row: pd.Series, column: str) -> tuple[Any, Place | None]:
    return row[column], _place(row["sheet"], row[f"{column}_cell"])


def _place(sheet: Any, cell: Any) -> Place | None:
    return None if pd.isna(sheet) or pd.isna(cell) else Place(sheet, cell)


def _plain(key: str, value: Any) -> object:
    """Without NA; 一级 and 二级指标 without the line breaks a layout may print them with."""
    if pd.isna(value):
        return None
    return compact(value) if key.endswith(LEVELS) else value


# ------------------------------------------------------------------------------ template places


def template_places(data: bytes) -> Mapping[str, Place]:
    """Where the template put the values, by its defined names (it names no printed levels)."""
    book = load_workbook(BytesIO(data))
    areas = {}
    for name, defined in book.defined_names.items():
        sheet, cells = next(iter(defined.destinations))
        areas[name] = (sheet, range_boundaries(cells))
    return {key: place for name, area in areas.items() for key, place in _named(book, name, area)}


def _named(book: Any, name: str, area: Any) -> Iterator[tuple[str, Place]]:
    sheet, (column, first, _, last) = area
    table, _, part = name.partition("_")
    if table in TABLES and part in TABLES[table]:
        for number, row in enumerate(_answered_rows(book, sheet, first, last)):
            yield f"{table}.{number}.{part}", _at(sheet, column, row)
    else:
        yield _key(name), _at(sheet, column, first)


def _answered_rows(book: Any, sheet: str, first: int, last: int) -> list[int]:
    """The table's rows with something right of the printed columns."""
    rows = range(first, last + 1)
    start = 4 if sheet.startswith("三") else 1
    cells = {row: [cell.value for cell in book[sheet][row][start - 1 :]] for row in rows}
    return [row for row in rows if any(value not in {None, ""} for value in cells[row])]


def _at(sheet: str, column: int, row: int) -> Place:
    return Place(sheet, f"{get_column_letter(column)}{row}")


def _key(name: str) -> str:
    """`funds_spent_total` → funds.spent.total, `opinion_date_unit` → opinions.unit.date."""
    first, _, rest = name.partition("_")
    if first == "funds":
        return ".".join(("funds", *rest.split("_", 1)))
    if name == "expenditures_total":
        return "expenditures.total.amount"
    if first == "narrative":
        return f"narratives.{rest}"
    for prefix, part in (
        ("opinion_date_", "date"),
        ("opinion_", "opinion"),
        ("signatory_", "signatory"),
    ):
        if name.startswith(prefix):
            return f"opinions.{name.removeprefix(prefix)}.{part}"
    return f"fields.{name}"

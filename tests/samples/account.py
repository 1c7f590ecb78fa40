"""A workbook as an account of values: what its facts say, what the reader found, and where.

All three under the keys of `one_sheet.Written.places`, so that they compare as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
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
from xlsx_eval.forms.model import FieldsBlock, Form, MatrixBlock, TableBlock
from xlsx_eval.template.filled import TOTAL
from xlsx_eval.values.text import compact

Account = dict[str, object]

# What a reader must make of texts that stand where a number is asked.
READ_AS = {"750,000元": Decimal(75), "约0.6": None, "91分": Decimal(91)}
LEVELS = ("level1", "level2")
EXECUTION = ("rate", "weight", "points", "reason")


def tables(form: Form) -> dict[str, tuple[str, ...]]:
    """The form's tables with their printed columns."""
    return {
        block.key: tuple(column.key for column in block.columns if column.printed)
        for _, block in form.blocks()
        if isinstance(block, TableBlock)
    }


def _texts(form: Form) -> dict[str, str]:
    """Label → key of the fields that ask for a text."""
    return {
        field.label: field.key
        for _, block in form.blocks()
        if isinstance(block, FieldsBlock) and block.frame == "narratives"
        for field in block.fields
    }


# --------------------------------------------------------------------------------------- stated


def stated(case: Case) -> Account:
    """What the facts say; blank is None."""
    filled = case.facts.filled
    texts = _texts(case.form).values()
    return {
        **{_field_key(key, texts): _field(key, value) for key, value in filled.fields.items()},
        **dict(_stated_funds(case)),
        **dict(_stated_execution(case)),
        **dict(_stated_tables(case)),
        **dict(_stated_opinions(case)),
        **{f"narratives.{number}": text for number, text in filled.narratives.items()},
    }


def _field_key(key: str, texts: Collection[str]) -> str:
    return f"narratives.{key}" if key in texts else f"fields.{key}"


def _field(key: str, value: Any) -> object:
    if key == "report_date":
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    if key == "score":
        return READ_AS[value] if value in READ_AS else Decimal(value)
    return value


def _amount(value: Any) -> object:
    return READ_AS[value] if isinstance(value, str) else value


def _stated_funds(case: Case) -> Iterator[tuple[str, object]]:
    given = {**case.facts.filled.funds, **case.facts.funds}
    for block in _matrices(case.form):
        for source in _sources(block):
            for measure in (measure for measure in block.measures if measure.printed):
                amount = _amount(given.get((measure.key, source)))
                if measure.key == "balance" and amount is None:
                    amount = _difference(
                        given.get(("received", source)), given.get(("spent", source))
                    )
                yield f"funds.{measure.key}.{source}", amount


def _stated_execution(case: Case) -> Iterator[tuple[str, object]]:
    filled = case.facts.filled
    for block in _matrices(case.form):
        for source in _sources(block) if block.columns else ():
            planned, spent = (filled.funds.get((each, source)) for each in ("planned", "spent"))
            rate = spent / planned if planned and spent is not None else None
            name = f"{block.key}_rate_{source}"
            yield (
                f"execution.{source}.rate",
                case.typed.get(name, rate and rate.quantize(Decimal("0.0001"))),
            )
    for (source, column), value in filled.execution.items():
        yield f"execution.{source}.{column}", value


def _matrices(form: Form) -> Iterator[MatrixBlock]:
    return (block for _, block in form.blocks() if isinstance(block, MatrixBlock))


def _sources(block: MatrixBlock) -> list[str]:
    return [TOTAL, *(source.key for source in block.sources if source.printed)]


def _difference(received: Any, spent: Any) -> Decimal | None:
    if received is None and spent is None:
        return None
    zero = Decimal(0)
    return Decimal(_amount(received or zero)) - Decimal(_amount(spent or zero))  # type: ignore[arg-type]


def _stated_tables(case: Case) -> Iterator[tuple[str, object]]:
    facts = case.facts
    for table, columns in tables(case.form).items():
        rows = facts.filled.tables.get(table, ())
        for number, row in enumerate(rows):
            for column in columns:
                value = row.get(column)
                yield f"{table}.{number}.{column}", _amount(value) if column == "amount" else value
        if "amount" in columns:
            yield f"{table}.total.amount", facts.totals.get(table, _sum(rows, "amount"))
        if "weight" in columns:
            beside = [{column: value for (_, column), value in facts.filled.execution.items()}]
            yield "fields.weight_total", _sum([*rows, *beside], "weight")
            yield "fields.score", _sum([*rows, *beside], "points")


def _sum(rows: Iterable[Mapping[str, Any]], column: str) -> Decimal:
    numbers = (row.get(column) for row in rows)
    return sum((each for each in numbers if isinstance(each, Decimal)), Decimal(0))


def _stated_opinions(case: Case) -> Iterator[tuple[str, object]]:
    for role, opinion in case.facts.filled.opinions.items():
        yield f"opinions.{role}.opinion", opinion.opinion or None
        yield f"opinions.{role}.signatory", opinion.signatory or None
        yield f"opinions.{role}.date", date.fromisoformat(opinion.date)


# ---------------------------------------------------------------------------------------- found


def found(frames: Frames, form: Form) -> dict[str, tuple[object, Place | None]]:
    """What the reader found: key → value (blank is None) and place."""
    return {key: (_plain(key, value), place) for key, value, place in _found(frames, form)}


def _found(frames: Frames, form: Form) -> Iterator[tuple[str, Any, Place | None]]:
    yield from _found_fields(frames.projects.iloc[0])
    for _, row in frames.funds.iterrows():
        yield (f"funds.{row['measure']}.{row['source']}", *_value(row, "amount"))
    for _, row in frames.execution.iterrows():
        for column in EXECUTION:
            yield (f"execution.{row['source']}.{column}", *_value(row, column))
    for table, columns in tables(form).items():
        for key, row in _found_rows(table, frames[table]):
            for column in columns:
                yield (f"{key}.{column}", *_value(row, column))
    for _, row in frames.opinions.iterrows():
        for part in ("opinion", "signatory", "date"):
            yield (f"opinions.{row['role']}.{part}", *_value(row, part))
    texts = _texts(form)
    for _, row in frames.narratives.iterrows():
        key = texts[row["heading"]] if texts else row["section"]
        yield (f"narratives.{key}", *_value(row, "text"))


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


def template_places(data: bytes, form: Form) -> Mapping[str, Place]:
    """Where the template put the values, by its defined names (it names no printed levels)."""
    book = load_workbook(BytesIO(data))
    areas: dict[str, Any] = {}
    for name, defined in book.defined_names.items():
        sheet, cells = next(iter(defined.destinations))
        areas[name] = (sheet, range_boundaries(cells))
    places = dict(_table_places(book, form, areas))
    for name, (sheet, (column, first, _, _)) in areas.items():
        places.setdefault(_key(name, form), _at(sheet, column, first))
    return places


def _table_places(book: Any, form: Form, areas: dict[str, Any]) -> Iterator[tuple[str, Place]]:
    """The cells of each table's rows that have something in a column people fill in."""
    for table, columns in tables(form).items():
        named = {column: areas.pop(f"{table}_{column}", None) for column in columns}
        filled_in = {column: area for column, area in named.items() if area}
        sheet, (_, first, _, last) = next(iter(filled_in.values()))
        places = [area[1][0] for area in filled_in.values()]
        rows = range(first, last + 1)
        answered = [
            row
            for row in rows
            if any(book[sheet].cell(row, place).value not in {None, ""} for place in places)
        ]
        for number, row in enumerate(answered):
            for column, place in zip(filled_in, places, strict=True):
                yield f"{table}.{number}.{column}", _at(sheet, place, row)


def _at(sheet: str, column: int, row: int) -> Place:
    return Place(sheet, f"{get_column_letter(column)}{row}")


def _key(name: str, form: Form) -> str:
    """`funds_spent_total` → funds.spent.total, `opinion_date_unit` → opinions.unit.date."""
    first, _, rest = name.partition("_")
    if first == "funds":
        part, _, source = rest.partition("_")
        return f"execution.{source}.{part}" if part in EXECUTION else f"funds.{part}.{source}"
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
    return _field_key(name, _texts(form).values())

"""Forms that are one table, written in many layouts from the same facts."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Literal

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from xlsx_eval.forms.model import FieldsBlock, Form, MatrixBlock, Section, TableBlock

Value = str | Decimal | None
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a unit has to say. funds: (measure, source) → 万元; beside: (source, column) → text."""

    fields: Mapping[str, str]
    funds: Mapping[tuple[str, str], Decimal]
    beside: Mapping[tuple[str, str], str]
    goal: tuple[str, str]
    indicators: Sequence[Mapping[str, str]]
    totals: Mapping[str, str]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Bent:
    """How a unit bends the table; the default is the form as printed.

    wordings: (block, part, key) → the label it writes. amounts: as numbers, as text, with their
    unit, or all in 元. headings: beside the section's rows, above them, or left out.
    levels: 一级 and 二级指标 merged, written once, or in every row. order: of the indicators'
    columns behind 三级指标. spare: printed rows left empty below each 二级指标.
    """

    row: int = 0
    column: int = 0
    titled: bool = True
    wordings: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    headings: Literal["beside", "above", "none"] = "beside"
    levels: Literal["merged", "once", "repeated"] = "merged"
    amounts: Literal["number", "text", "万元", "元"] = "number"
    order: Sequence[str] = ()
    spare: bool = False
    numbered: bool = False
    remarks: bool = False
    split: bool = False
    ledger: bool = False


@dataclass
class _Paper:
    """A sheet being written from the top; `left` is the column of the section's heading."""

    sheet: Worksheet
    left: int
    row: int

    def put(self, column: int, value: object, across: int = 1, down: int = 1) -> None:
        if value not in {None, ""}:
            typed = float(value) if isinstance(value, Decimal) else str(value)
            self.sheet.cell(self.row + 1, self.left + column + 1).value = typed
        if across > 1 or down > 1:
            self.sheet.merge_cells(
                start_row=self.row + 1,
                start_column=self.left + column + 1,
                end_row=self.row + down,
                end_column=self.left + column + across,
            )


def facts(path: Path) -> Facts:
    """The facts that a file states."""
    said = tomllib.loads(path.read_text("utf-8"))
    return Facts(
        fields=said["fields"],
        funds={
            (measure, source): Decimal(amount)
            for measure, sources in said["funds"].items()
            for source, amount in sources.items()
        },
        beside={
            (source, column): text
            for source, columns in said["beside"].items()
            for column, text in columns.items()
        },
        goal=tuple(said["goal"]),
        indicators=said["indicators"],
        totals=said["totals"],
        texts=said["texts"],
    )


def written(form: Form, facts: Facts, bent: Bent) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "自评表"
    paper = _Paper(sheet, bent.column, bent.row)
    if bent.titled:
        paper.put(0, f"{form.title}（2021年度）", across=9)
        paper.row += 1
    if bent.amounts == "元":
        paper.put(8, "单位：元")
        paper.row += 1
    for section in form.sections:
        if bent.split and section is form.sections[-1]:
            paper = _Paper(book.create_sheet("附表"), bent.column, bent.row)
        _section(paper, section, facts, bent)
    if bent.remarks:
        paper.put(0, "注：1.其他资金包括社会投入资金、银行贷款等。", across=9)
    if bent.ledger:
        ledger = book.create_sheet("明细账", 0)
        for line in (("日期", "摘要", "金额"), ("1月", "购置", 3), ("2月", "维修", 5)):
            ledger.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _section(paper: _Paper, section: Section, facts: Facts, bent: Bent) -> None:
    headed = not section.optional
    if headed and bent.headings == "above":
        paper.put(0, _heading(section, bent), across=9)
        paper.row += 1
    first = paper.row
    for block in section.blocks:
        match block:
            case FieldsBlock():
                _fields(paper, block, facts, bent)
            case MatrixBlock():
                _matrix(paper, block, facts, bent)
            case TableBlock(key="goals"):
                _goals(paper, block, facts, bent)
            case TableBlock():
                _indicators(paper, block, facts, bent)
    if headed and bent.headings == "beside":
        last, paper.row = paper.row, first
        paper.put(0, _heading(section, bent), down=last - first)
        paper.row = last
    paper.row += bent.spare


def _heading(section: Section, bent: Bent) -> str:
    return section.title.replace("万元", "元") if bent.amounts == "元" else section.title


def _label(bent: Bent, block: str, part: str, key: str, printed: str) -> str:
    return bent.wordings.get((block, part, key), printed)


def _fields(paper: _Paper, block: FieldsBlock, facts: Facts, bent: Bent) -> None:
    values = facts.fields if block.frame == "projects" else facts.texts
    for declared in block.fields:
        if declared.key in values:
            paper.put(1, _label(bent, block.key, "field", declared.key, declared.label), across=2)
            paper.put(3, values[declared.key], across=6)
            paper.row += 1


def _matrix(paper: _Paper, block: MatrixBlock, facts: Facts, bent: Bent) -> None:
    measures = [measure for measure in block.measures if measure.printed]
    for place, measure in enumerate(measures):
        paper.put(2 + place, _label(bent, block.key, "measure", measure.key, measure.label))
    for place, column in enumerate(block.columns, start=2 + len(measures)):
        paper.put(place, _label(bent, block.key, "column", column.key, column.label))
    paper.row += 1
    for number, source in enumerate([None, *(each for each in block.sources if each.printed)]):
        key = source.key if source else TOTAL
        printed = source.label if source else block.total_label
        part = "source" if source else "sum"
        label = _label(bent, block.key, part, key, printed)
        paper.put(1, f"其中：{label}" if number == 1 else label)
        for place, measure in enumerate(measures):
            amount = facts.funds.get((measure.key, key))
            paper.put(2 + place, None if amount is None else _amount(amount, bent))
        for place, column in enumerate(block.columns, start=2 + len(measures)):
            paper.put(place, facts.beside.get((key, column.key)))
        paper.row += 1


def _amount(amount: Decimal, bent: Bent) -> Value:
    match bent.amounts:
        case "number":
            return amount
        case "text":
            return f" {amount:,} "
        case "万元":
            return f"{amount}万元"
    return amount * 10_000


def _goals(paper: _Paper, block: TableBlock, facts: Facts, bent: Bent) -> None:
    for place, column in enumerate(block.columns):
        paper.put(1 + 4 * place, _label(bent, block.key, "column", column.key, column.label), 4)
    paper.row += 1
    for place, text in enumerate(facts.goal):
        paper.put(1 + 4 * place, text, 4)
    paper.row += 1


def _indicators(paper: _Paper, block: TableBlock, facts: Facts, bent: Bent) -> None:
    declared = {column.key: column for column in block.columns}
    keys = ["level1", "level2", "content", *(bent.order or list(declared)[3:])]
    first = 2 if bent.numbered else 1
    if bent.numbered:
        paper.put(1, "序号")
    for place, key in enumerate(keys, start=first):
        paper.put(place, _label(bent, block.key, "column", key, declared[key].label))
    paper.row += 1
    begins: dict[int, list[int]] = {first: [], first + 1: []}
    before: Mapping[str, str] = {}
    for number, indicator in enumerate(_with_spare_rows(facts.indicators, spare=bent.spare)):
        again1 = indicator["level1"] == before.get("level1")
        again = {"level1": again1, "level2": again1 and indicator["level2"] == before["level2"]}
        for place, key in enumerate(keys, start=first):
            if not again.get(key) or bent.levels == "repeated":
                paper.put(place, indicator.get(key))
                if place in begins:
                    begins[place].append(paper.row)
        if bent.numbered:
            paper.put(1, str(number + 1))
        before = indicator
        paper.row += 1
    if bent.levels == "merged":
        _merge_levels(paper, begins)
    assert block.total
    paper.put(1, _label(bent, block.key, "sum", TOTAL, block.total.label), across=2)
    for key, value in facts.totals.items():
        paper.put(first + keys.index(key), value)
    paper.row += 1


def _with_spare_rows(
    indicators: Sequence[Mapping[str, str]], *, spare: bool
) -> Iterator[Mapping[str, str]]:
    """The indicators, the second followed by a printed row that nobody filled in."""
    for number, indicator in enumerate(indicators):
        yield indicator
        if spare and number == 1:
            levels = {key: indicator[key] for key in ("level1", "level2")}
            yield {**levels, "content": "指标2："}


def _merge_levels(paper: _Paper, begins: Mapping[int, Sequence[int]]) -> None:
    """Merge each 一级 and 二级指标 with the blank cells below it."""
    end = paper.row
    for place, rows in begins.items():
        for begin, after in pairwise([*rows, end]):
            paper.row = begin
            paper.put(place, None, down=after - begin)
    paper.row = end

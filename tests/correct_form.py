"""A correct form, and a way to change single cells of it by the template's own names."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from xlsx_eval.forms import load_form
from xlsx_eval.template import Filled, Opinion, build_template

AMOUNTS = {"county": Decimal(200), "province": Decimal(100), "total": Decimal(300)}

CORRECT = Filled(
    fields={
        "evaluation_type": "项目完成结果评价",
        "project_name": "农村公路养护项目",
        "project_unit": "清平县公路养护中心",
        "department": "清平县交通运输局",
        "report_date": date(2022, 3, 15),
        "leader": "周岚",
        "phone": "0730-0000001",
        "address": "清平县城关镇",
        "postcode": "410000",
        "period": "2021年1月-2021年12月",
        "score": 95,
        "grade": "优秀",
        "preparer": "吴桐",
        "preparer_phone": "0730-0000002",
    },
    funds={
        (measure, source): amount
        for measure in ("planned", "received", "spent")
        for source, amount in AMOUNTS.items()
    },
    tables={
        "expenditures": [
            {"item": "路面修补材料", "amount": Decimal(150), "voucher": "3月记12"},
            {"item": "人工工资", "amount": Decimal(100), "voucher": "6月记8"},
            {"item": "标志标线", "amount": Decimal(50), "voucher": "9月记31"},
        ],
        "goals": [
            {"expected": "养护农村公路320公里，路况良好。", "actual": "养护320公里，路况良好。"}
        ],
        "indicators": [
            {
                "level1": level1,
                "level2": level2,
                "content": content,
                "target": target,
                "actual": actual,
            }
            for level1, level2, content, target, actual in (
                ("项目产出指标", "数量指标", "养护里程", "≥320公里", "320公里"),
                ("项目产出指标", "质量指标", "验收合格率", "100%", "100%"),
                ("项目产出指标", "时效指标", "完成时间", "12个月", "12个月"),
                ("项目产出指标", "成本指标", "项目总成本控制在预算内", "≤300万元", "300万元"),
                ("项目效益指标", "社会效益指标", "通行保障率", "≥95%", "98%"),
                ("项目效益指标", "服务对象满意度指标", "沿线群众满意度", "≥90%", "96%"),
            )
        ],
        "evaluators": [
            {"name": name, "title": title, "unit": "清平县公路养护中心"}
            for name, title in (("郑一鸣", "副主任"), ("孙可", "工程师"), ("吴桐", "会计"))
        ],
    },
    opinions={
        role: Opinion("同意自评结果。", "何川", "2022-03-16")
        for role in ("leader", "unit", "department", "finance")
    },
    narratives=dict.fromkeys(range(1, 7), "本项目按计划实施，资金管理规范，任务如期完成。" * 3)
    | {6: "主要做法：先普查后立项，统一调度。存在问题：部分路段边沟排水不畅。建议：增设边沟。"},
)


@cache
def correct_bytes() -> bytes:
    """The correct form in the template's layout, its formulas replaced by their values."""
    data = build_template(load_form(), CORRECT)
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.value = values[sheet.title][cell.coordinate].value or None
    return _saved(book)


def changed(cells: Mapping[str, object]) -> bytes:
    """The correct form with some cells set, named as in `place`; None empties a cell.

    `delete SHEET` takes a sheet away; `hide SHEET`, `hide SHEET!3:4` and `hide SHEET!B:C` hide it,
    rows or columns of it.
    """
    acts = [name.split(" ", 1) for name in cells if name.startswith(("delete ", "hide "))]
    book = openpyxl.load_workbook(io.BytesIO(correct_bytes())) if acts else _loaded()
    for act, what in acts:
        if act == "delete":
            del book[what]
        else:
            _hide(book, what)
    plain = {n: v for n, v in cells.items() if not n.startswith(("delete ", "hide "))}
    places = {place(name): value for name, value in plain.items()}
    before = {at: sheet_named(book, at[0])[at[1]].value for at in places}
    _set(book, places)
    data = _saved(book)
    _set(book, before)
    return data


def _hide(book: openpyxl.Workbook, what: str) -> None:
    title, _, lines = what.partition("!")
    sheet = sheet_named(book, title)
    first, _, last = lines.partition(":")
    if not lines:
        sheet.sheet_state = "hidden"
    elif first.isdigit():
        for row in range(int(first), int(last) + 1):
            sheet.row_dimensions[row].hidden = True
    else:
        sheet.column_dimensions.group(first, last, hidden=True)


@cache
def _loaded() -> openpyxl.Workbook:
    """The correct form, loaded once: every change is taken back."""
    return openpyxl.load_workbook(io.BytesIO(correct_bytes()))


def _set(book: openpyxl.Workbook, values: Mapping[tuple[str, str], object]) -> None:
    for (sheet, cell), value in values.items():
        sheet_named(book, sheet)[cell].value = value


def _saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@cache
def _names() -> dict[str, str]:
    book = openpyxl.load_workbook(io.BytesIO(build_template(load_form(), CORRECT)))
    return {name: str(defined.attr_text) for name, defined in book.defined_names.items()}


def place(name: str) -> tuple[str, str]:
    """A defined name of the template → (sheet, cell); `expenditures_amount[1]` is its second cell.

    `Sheet!A1` stands for itself.
    """
    if "!" in name:
        sheet, _, cell = name.partition("!")
        return sheet, cell
    name, _, index = name.partition("[")
    sheet, _, cells = _names()[name].replace("$", "").rpartition("!")
    first = cells.partition(":")[0]
    if index:
        column, row = first.rstrip("0123456789"), int(first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        first = f"{column}{row + int(index.rstrip(']'))}"
    return sheet.strip("'"), first


def sheet_named(book: openpyxl.Workbook, title: str) -> Worksheet:
    sheet = book[title]
    assert isinstance(sheet, Worksheet)
    return sheet

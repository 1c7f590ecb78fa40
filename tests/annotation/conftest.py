"""A filled-in form as a unit would send it, built by openpyxl, and the marks on it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

from xlsx_eval.annotation import Mark, Review

FUNDS = "一、项目基本情况"
GOALS = "三、绩效 指标's"

MakeMark = Callable[..., Mark]


def written(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.fixture
def form() -> bytes:
    """Funds on the first sheet, indicators on the second (its name has a blank and a quote)."""
    book = Workbook()
    funds = book.active
    assert funds is not None
    funds.title = FUNDS
    funds.column_dimensions["A"].width = 24
    line = Side("thin")
    rows: list[tuple[str, Any]] = [
        ("项目名称", "城区背街小巷改造工程"),
        ("项目单位", "县住房和城乡建设局"),
        ("计划安排资金（万元）", 200),
        ("实际到位资金（万元）", 180),
        ("实际支出（万元）", 195.5),
        ("结余（万元）", -15.5),
    ]
    for number, (label, value) in enumerate(rows, start=1):
        funds.cell(number, 1, label)
        cell = funds.cell(number, 2, value)
        cell.font = Font(name="宋体", size=11, bold=True)
        cell.border = Border(line, line, line, line)
        cell.alignment = Alignment("right")
        cell.protection = Protection(locked=False)
        cell.fill = PatternFill("solid", fgColor="FFFBE6")
        if not isinstance(value, str):
            cell.number_format = "#,##0.00"
        funds.merge_cells(start_row=number, end_row=number, start_column=2, end_column=4)
    funds["B6"].comment = Comment("财务：与账面一致，见3月凭证。", "张会计")
    goals = book.create_sheet(GOALS)
    goals.append(["二级指标", "指标（目标）值", "实际完成值"])
    goals.append(["质量指标", "≥95%", "93%"])
    goals.append(["成本指标", "≤200万元", "195.5万元"])
    hidden = book.create_sheet("底稿")
    hidden.sheet_state = "hidden"
    return written(book)


@pytest.fixture
def mark() -> MakeMark:
    """Mark on the funds' spent total, any part of it changed."""

    def make(**changes: Any) -> Mark:
        usual: dict[str, Any] = {
            "rule": "F101",
            "name": "实际支出大于实际到位",
            "severity": "error",
            "sheet": FUNDS,
            "cell": "B5",
            "related": f"'{FUNDS}'!B4;'{FUNDS}'!B6",
            "problem": "实际支出195.5万元大于实际到位资金180万元，超出15.5万元。",
            "advice": "请核对到位资金和支出数；确有垫付的在“单位说明”栏写明资金来源。",
            "basis": "本表的勾稽关系",
            "expected": "不大于180万元",
            "actual": "195.5万元",
        }
        return Mark(**(usual | changes))

    return make


@pytest.fixture
def review(mark: MakeMark) -> Review:
    """Two errors, two warnings and a notice, not in order; two of them on one cell."""
    return Review(
        project="城区背街小巷改造工程",
        unit="县住房和城乡建设局",
        verdict="退回修改",
        marks=(
            mark(
                rule="F109",
                name="预算执行率偏低",
                severity="notice",
                cell="B4",
                related="",
                problem="提示一句。",
            ),
            mark(
                rule="I303",
                name="指标未达到目标",
                severity="warning",
                sheet=GOALS,
                cell="C2",
                related="'三、绩效 指标''s'!B2",
                problem="质量指标实际完成93%，未达到目标≥95%。",
                advice="请核对实际完成值；确未完成的说明原因。",
                expected="≥95%",
                actual="93%",
            ),
            mark(
                rule="F108",
                name="资金未足额到位",
                severity="warning",
                related="",
                problem="资金到位率为90.0%。",
                advice="请说明资金未足额到位的原因。",
                expected="100%",
                actual="90.0%",
            ),
            mark(),
            mark(
                rule="W901",
                name="缺少表格部分",
                sheet=None,
                cell=None,
                related="",
                problem="没有找到“四、评价人员”部分。",
                advice="请使用统一模板，补齐这一部分后重新报送。",
                expected="有“四、评价人员”",
                actual="",
            ),
        ),
    )


@pytest.fixture
def opened() -> Callable[[bytes], Workbook]:
    return lambda content: load_workbook(io.BytesIO(content), rich_text=True)

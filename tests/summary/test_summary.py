"""The county workbook, sheet by sheet; the figures expected are added up by hand."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from xlsx_eval.frames import MISSING, table
from xlsx_eval.summary import Absent, County, write_summary

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MakeCounty = Callable[..., County]
MakeReport = Callable[..., Any]
Opened = Callable[[bytes], Any]

HOSTILE = ["=1+1", '=cmd|"/c calc"!A1', "@SUM(A1)", "http://example.com", "mailto:a@b.cn", "{=1}"]


def row(sheet: Worksheet, number: int) -> list[Any]:
    return [cell.value for cell in sheet[number]]


def cards(sheet: Worksheet) -> dict[str, Any]:
    """Label → value: the value stands under its label."""
    return {
        str(cell.value): sheet.cell(number + 1, cell.column).value
        for number in (3, 6, 9, 12)
        for cell in sheet[number]
        if cell.value is not None
    }


def test_the_sheets_and_their_headers(three_projects: County, opened: Opened) -> None:
    book = opened(write_summary(three_projects))
    assert book.sheetnames == ["总览", "项目汇总表", "问题清单", "处理情况"]
    assert [each["A1"].value for each in book] == [
        "云溪县2021年度项目绩效自评汇总",
        "云溪县2021年度项目绩效自评项目汇总表",
        "云溪县2021年度项目绩效自评问题清单",
        "云溪县2021年度项目绩效自评处理情况",
    ]
    assert row(book["项目汇总表"], 4)[:16] == [
        "序号", "主管部门", "项目单位", "项目名称", "计划安排", "实际到位", "实际支出", "结余",
        "资金到位率", "预算执行率", "得分", "等次", "错误", "疑点", "提示", "审核结论",
    ]  # fmt: skip
    assert row(book["问题清单"], 3) == [
        "序号", "级别", "规则", "项目名称", "文件", "位置", "问题与处理", "应为", "实为",
        "审核决定", "备注",
    ]  # fmt: skip
    assert row(book["处理情况"], 3) == [
        "文件", "状态", "原因", "错误", "疑点", "提示", "结论", "SHA-256",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "year", "title"),
    [
        ("", "", "项目绩效自评汇总"),
        ("云溪县", "2021年", "云溪县2021年度项目绩效自评汇总"),
        ("", "2021年度", "2021年度项目绩效自评汇总"),
    ],
)
def test_the_title(
    make_county: MakeCounty, opened: Opened, name: str, year: str, title: str
) -> None:
    book = opened(write_summary(make_county([], name=name, year=year)))
    assert book["总览"]["A1"].value == title
    assert book.properties.title == title


def test_the_key_figures(three_projects: County, stored: Opened) -> None:
    assert cards(stored(write_summary(three_projects))["总览"]) == {
        "计划安排资金": 300.1,
        "实际到位资金": 330.3,
        "实际支出": 245.5,
        "结余": 84.5,
        "项目数": 3,
        "单位数": 2,
        "资金到位率": pytest.approx(0.93402200, abs=1e-8),  # of those that state both
        "预算执行率": pytest.approx(0.74326370, abs=1e-8),
        "平均得分": 86.75,
        "未能读取（份）": 1,
        "通过（项目）": 1,
        "需核实（项目）": 1,
        "退回修改（项目）": 1,
        "错误（条）": 1,
        "疑点（条）": 2,
        "提示（条）": 1,
    }


def test_the_key_figures_are_formulas_over_the_list(three_projects: County, opened: Opened) -> None:
    found = cards(opened(write_summary(three_projects))["总览"])
    assert found["计划安排资金"] == "=SUM('项目汇总表'!E5:E7)"
    assert found["预算执行率"] == "=SUM('项目汇总表'!S5:S7)/SUM('项目汇总表'!T5:T7)"
    assert found["平均得分"] == "=AVERAGE('项目汇总表'!K5:K7)"


def test_what_the_totals_leave_out_is_said(three_projects: County, opened: Opened) -> None:
    book = opened(write_summary(three_projects))
    sentence = "1 个项目的金额未填全，空白处未计入合计。"
    assert sentence in book["总览"]["A2"].value
    assert sentence in book["项目汇总表"]["A2"].value


def test_what_was_sent_twice_counts_once(
    make_county: MakeCounty, make_report: MakeReport, stored: Opened, opened: Opened
) -> None:
    twice = [make_report("小巷", "住建局", None, ("2", "2", "1", "1"), "90", "优")] * 2
    county = replace(make_county(twice), replaced={"报送/0001.xlsx": "报送/0002.xlsx"})
    content = write_summary(county)
    sheet = stored(content)["项目汇总表"]
    sentence = "1 份工作簿疑似重复报送，列在表末，未计入合计。"

    assert sentence in sheet["A2"].value
    assert [sheet["A5"].value, sheet["D5"].value, sheet["E3"].value] == [1, "小巷", 2]
    assert sheet["A7"].value == "重复报送（已有同一项目的另一份，未计入合计）"
    assert [sheet["A8"].value, sheet["D8"].value, sheet["E8"].value] == [1, "小巷", 2]
    assert opened(content)["项目汇总表"]["E3"].value == "=SUBTOTAL(109,E5:E5)"
    assert cards(stored(content)["总览"])["项目数"] == 1
    assert "已检查 2 个" in stored(content)["处理情况"]["A2"].value


def test_without_a_roster_nothing_is_missing(three_projects: County, opened: Opened) -> None:
    assert opened(write_summary(three_projects)).sheetnames == [
        "总览", "项目汇总表", "问题清单", "处理情况",
    ]  # fmt: skip


def test_what_is_missing_is_listed(three_projects: County, stored: Opened) -> None:
    missing = table(
        [
            {"project": "桥梁加固", "unit": "养护中心", "budget": Decimal("12.5"),
             "remark": "“甲.xlsx”报送的项目“桥梁加固工程”可能就是该项目，请核对名称和单位。",
             "submitted_as": "甲.xlsx"},
            {"project": "水库加固", "department": "水利局", "remark": ""},
        ],
        MISSING,
    )  # fmt: skip
    book = stored(write_summary(replace(three_projects, absent=Absent(5, missing))))
    sheet = book["未报送"]

    assert sheet["A2"].value == (
        "花名册共 5 个项目，未报送 1 个。另有 1 个可能已用其他名称报送，请核对。"
    )
    assert row(sheet, 4)[:7] == [1, "水利局", None, "水库加固", None, "未报送", None]
    assert row(sheet, 5)[:6] == [2, None, "养护中心", "桥梁加固", 12.5, "名称待核对"]
    found = cards(book["总览"])
    assert (found["花名册项目数"], found["已报送（项目）"], found["未报送（项目）"]) == (5, 4, 1)
    assert found["报送率"] == 0.8


def test_nothing_missing_is_said(three_projects: County, stored: Opened) -> None:
    book = stored(write_summary(replace(three_projects, absent=Absent(3, table([], MISSING)))))
    assert book["未报送"]["A4"].value == "花名册中的项目均已报送。"


def test_the_figures_behind_the_charts(three_projects: County, opened: Opened) -> None:
    sheet = opened(write_summary(three_projects))["总览"]
    grades = {sheet.cell(each, 1).value: sheet.cell(each, 2).value for each in range(46, 51)}
    verdicts = {sheet.cell(each, 4).value: sheet.cell(each, 5).value for each in range(46, 49)}
    commonest = {sheet.cell(each, 7).value: sheet.cell(each, 11).value for each in range(46, 49)}
    assert grades == {"优": 1, "良": 1, "中": 0, "差": 0, "未评定": 1}
    assert verdicts == {"通过": 1, "需核实": 1, "退回修改": 1}
    assert list(commonest.items()) == [
        ("D204 缺少会计凭证号", 2),
        ("F101 实际支出大于实际到位", 1),
        ("F108 资金未足额到位", 1),
    ]


def charts(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = sorted(name for name in package.namelist() if name.startswith("xl/charts/chart"))
        return [package.read(name).decode() for name in names]


def test_the_charts_have_titles_and_named_axes(three_projects: County) -> None:
    words = [
        re.findall(r"<a:t>([^<]*)</a:t>", chart) for chart in charts(write_summary(three_projects))
    ]
    assert words == [
        ["等次分布", "等次", "项目数"],
        ["审核结论", "审核结论", "项目数"],
        ["最常见问题", "规则", "条数"],
    ]


def test_no_chart_without_figures(make_county: MakeCounty, make_report: MakeReport) -> None:
    clean = make_report("小巷", "住建局", None, ("1", "1", "1", "0"), "90", "优")
    assert len(charts(write_summary(make_county([clean])))) == 2
    assert charts(write_summary(make_county([]))) == []


def test_a_project_s_row(three_projects: County, stored: Opened) -> None:
    sheet = stored(write_summary(three_projects))["项目汇总表"]
    assert row(sheet, 5)[:16] == [
        1, "县住建局", "县住建局", "城区背街小巷改造", 200, 180.1, 195.5, -15.4,
        pytest.approx(0.9005), pytest.approx(1.08550805, abs=1e-8), 92.5, "优", 1, 1, 1,
        "退回修改",
    ]  # fmt: skip
    assert sheet["D5"].hyperlink.target == "annotated\\报送\\0001.xlsx"


def test_blanks_stay_blank_and_give_no_rate(three_projects: County, stored: Opened) -> None:
    assert row(stored(write_summary(three_projects))["项目汇总表"], 7)[:16] == [
        3, None, "县住建局", "饮水安全", None, 50, 49.7, None, None, pytest.approx(0.994), None,
        None, 0, 0, 0, "通过",
    ]  # fmt: skip


def test_the_totals(three_projects: County, stored: Opened, opened: Opened) -> None:
    content = write_summary(three_projects)
    assert row(stored(content)["项目汇总表"], 3)[:16] == [
        "合计（随筛选变化）", None, None, None, 300.1, 330.3, 245.5, 84.5,
        pytest.approx(0.93402200, abs=1e-8), pytest.approx(0.74326370, abs=1e-8), 86.75, None,
        1, 2, 1, None,
    ]  # fmt: skip
    formulas = row(opened(content)["项目汇总表"], 3)
    assert formulas[4] == "=SUBTOTAL(109,E5:E7)"
    assert formulas[8] == '=IF(SUBTOTAL(109,R5:R7)<=0,"",SUBTOTAL(109,Q5:Q7)/SUBTOTAL(109,R5:R7))'
    assert formulas[12] == "=SUBTOTAL(109,M5:M7)"


def test_amounts_add_up_exactly(
    make_county: MakeCounty, make_report: MakeReport, stored: Opened
) -> None:
    pennies = [
        make_report(f"项目{each}", "单位", None, ("0.1", "0.1", "0.1", "0"), None, None)
        for each in range(10)
    ]
    assert stored(write_summary(make_county(pennies)))["项目汇总表"]["E3"].value == 1.0


def test_a_plan_of_zero_gives_no_rate(
    make_county: MakeCounty, make_report: MakeReport, stored: Opened
) -> None:
    report = make_report("项目", "单位", None, ("0", "5", "5", "0"), None, None)
    sheet = stored(write_summary(make_county([report])))["项目汇总表"]
    assert (sheet["I5"].value, sheet["J5"].value) == (None, 1.0)


def test_formats_of_the_list(three_projects: County, opened: Opened) -> None:
    sheet = opened(write_summary(three_projects))["项目汇总表"]
    assert sheet["E5"].number_format == "#,##0.00"
    assert sheet["I5"].number_format == "0.0%"
    assert sheet["P5"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["P2"].value == "单位：万元"
    assert sheet.auto_filter.ref == "A4:P7"
    assert sheet.freeze_panes == "E5"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.page_setup.orientation == "landscape"


def test_overspending_is_red(three_projects: County, opened: Opened) -> None:
    sheet = opened(write_summary(three_projects))["项目汇总表"]
    ((formatted, (rule,)),) = sheet.conditional_formatting._cf_rules.items()  # noqa: SLF001
    assert str(formatted.sqref) == "G5:G7"
    assert rule.formula == ["AND(ISNUMBER($F5),ROUND(N($G5)-N($F5),6)>0.01)"]
    assert rule.dxf.font.color.rgb == "FFC00000"


def test_problems_by_file_then_severity(three_projects: County, opened: Opened) -> None:
    sheet = opened(write_summary(three_projects))["问题清单"]
    found = [
        (sheet.cell(each, 2).value, sheet.cell(each, 3).value, sheet.cell(each, 5).value)
        for each in range(4, 8)
    ]
    assert found == [
        ("错误", "F101 实际支出大于实际到位", "报送/0001.xlsx"),
        ("疑点", "D204 缺少会计凭证号", "报送/0001.xlsx"),
        ("提示", "F108 资金未足额到位", "报送/0001.xlsx"),
        ("疑点", "D204 缺少会计凭证号", "报送/0002.xlsx"),
    ]
    assert sheet["B4"].fill.fgColor.rgb == "FFFFC7CE"
    assert row(sheet, 4)[6:] == [
        "实际支出大于实际到位资金，请核对到位资金和支出数，确有垫付的说明资金来源。",
        "不大于180", "195.5", None, None,
    ]  # fmt: skip
    assert sheet.auto_filter.ref == "A3:K7"
    assert sheet.freeze_panes == "A4"


def test_every_file_is_accounted_for(three_projects: County, opened: Opened) -> None:
    sheet = opened(write_summary(three_projects))["处理情况"]
    assert row(sheet, 4) == [
        "报送/0001.xlsx", "已检查", None, 1, 1, 1, "退回修改", "ab12" * 16,
    ]  # fmt: skip
    assert row(sheet, 7) == [
        "报送/坏文件.xlsx", "未能读取", "文件已加密，请取消密码后重新报送。",
        None, None, None, None, "cd34" * 16,
    ]  # fmt: skip
    assert "已检查 3 个，未能读取 1 个" in sheet["A2"].value


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_a_unit_typed_becomes_a_formula_or_link(
    make_county: MakeCounty, make_report: MakeReport, opened: Opened, text: str
) -> None:
    report = make_report(
        text, text, text, ("1", "1", "1", "0"), "90", "优", [("F101", "error")], message=text
    )
    county = make_county([report], rejected=[(text, text)], name=text)
    book = opened(write_summary(county))
    for name, cell in (("项目汇总表", "B5"), ("项目汇总表", "C5"), ("问题清单", "D4"),
                       ("问题清单", "G4"), ("处理情况", "A5"), ("处理情况", "C5")):  # fmt: skip
        assert (book[name][cell].value, book[name][cell].hyperlink) == (text, None)
    content = write_summary(county)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for number in (2, 3, 4):
            part = package.read(f"xl/worksheets/sheet{number}.xml").decode()
            formulas = re.findall(r"<f>([^<]*)</f>", part)
            assert all(each.startswith(("SUBTOTAL(", "IF(")) for each in formulas)


def test_long_and_broken_texts_are_written_as_far_as_excel_can(
    make_county: MakeCounty, make_report: MakeReport, opened: Opened
) -> None:
    report = make_report(
        "甲\x00乙", "单位", None, ("1", "1", "1", "0"), "90", "优",
        [("F101", "error")], message="长" * 40_000,
    )  # fmt: skip
    book = opened(write_summary(make_county([report])))
    assert book["项目汇总表"]["D5"].value == "甲乙"
    assert book["问题清单"]["G4"].value == "长" * 32_767


def test_findings_past_the_last_row_are_mentioned(
    three_projects: County, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlsx_eval.summary.problems.MOST_ROWS", 3)
    sheet = opened(write_summary(three_projects))["问题清单"]
    assert sheet.max_row == 6
    assert "共 4 条" in sheet["A2"].value
    assert "只列出前 3 条" in sheet["A2"].value


def test_an_empty_county_says_so(make_county: MakeCounty, stored: Opened) -> None:
    county = make_county([], rejected=[("旧表.doc", "不是工作簿。")])
    book = stored(write_summary(county))
    assert book["总览"]["A12"].value == "没有可汇总的项目。"
    assert book["项目汇总表"]["A5"].value == "没有可汇总的项目。"
    assert book["问题清单"]["A4"].value == "没有发现问题。"
    assert row(book["处理情况"], 4)[:3] == ["旧表.doc", "未能读取", "不是工作簿。"]
    assert cards(book["总览"])["实际支出"] == "—"
    assert write_summary(make_county([]))


def test_the_same_county_gives_the_same_bytes(
    three_projects: County, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = write_summary(three_projects)
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert write_summary(three_projects) == content
    assert opened(content).properties.created == dt.datetime(2020, 1, 1)  # noqa: DTZ001


def test_a_thousand_projects_take_seconds(large_county: County, stored: Opened) -> None:
    begin = time.perf_counter()
    content = write_summary(large_county)
    assert time.perf_counter() - begin < 20  # 3 seconds on a desk; room for a busy machine
    assert cards(stored(content)["总览"])["项目数"] == 1000

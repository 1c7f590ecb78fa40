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
from pages import cards, columns, links

from xlsx_eval.frames import MISSING, table
from xlsx_eval.summary import Absent, County, write_summary

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MakeCounty = Callable[..., County]
MakeReport = Callable[..., Any]
Opened = Callable[[bytes], Any]

SHEETS = [
    "总览", "项目汇总表", "部门汇总", "单位汇总", "资金来源汇总", "指标完成情况", "问题清单",
    "问题统计", "处理情况", "指标明细", "图表数据",
]  # fmt: skip


def row(sheet: Worksheet, number: int) -> list[Any]:
    return [cell.value for cell in sheet[number]]


def test_the_sheets_and_their_titles(three_opened: Any) -> None:
    book = three_opened
    assert book.sheetnames == SHEETS
    assert [each["A1"].value for each in book] == [
        "云溪县2021年度项目绩效自评汇总",
        *(f"云溪县2021年度项目绩效自评{name}" for name in SHEETS[1:]),
    ]


def test_what_is_on_paper(three_opened: Any) -> None:
    for sheet in three_opened:
        assert sheet.oddHeader.left.text == "云溪县2021年度项目绩效自评汇总"
        assert sheet.oddHeader.right.text == "单位：万元"
        assert sheet.oddFooter.center.text == f"{sheet.title}　第 &P 页，共 &N 页"
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        upright = sheet.title in {"总览", "图表数据"}
        assert sheet.page_setup.orientation == ("portrait" if upright else "landscape")
        assert sheet.page_setup.fitToHeight == (None if sheet.title == "总览" else 0)  # one page
        if not upright:
            header = int(sheet.print_title_rows.split("$")[-1])
            assert sheet.freeze_panes.endswith(str(header + 1))
            assert sheet.print_area.split("!")[-1].startswith("$A$1:")
            assert sheet.auto_filter.ref.startswith(f"A{header}:")


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


def test_the_key_figures(three_stored: Any) -> None:
    assert cards(three_stored["总览"]) == {
        "计划安排资金": 300.1,
        "实际到位资金": 330.3,
        "实际支出": 245.5,
        "结余": 84.5,
        "项目数": 3,
        "单位数": 2,
        "资金到位率": 0.934022,  # 280.3 / 300.1, of those that state both
        "预算执行率": 0.743264,  # 245.5 / 330.3
        "平均得分": 86.75,
        "指标完成率": 0.666667,  # 2 of the 3 that can be told
        "优（项目）": 1,
        "良（项目）": 1,
        "中（项目）": 0,
        "差（项目）": 0,
        "未评定（项目）": 1,
        "通过（项目）": 1,
        "需核实（项目）": 1,
        "退回修改（项目）": 1,
        "错误（条）": 1,
        "疑点（条）": 2,
        "提示（条）": 1,
        "收到文件（份）": 4,
        "已检查（份）": 3,
        "未能读取（份）": 1,
        "重复报送（份）": 0,
    }


def test_the_key_figures_are_formulas_over_the_lists(three_opened: Any) -> None:
    found = cards(three_opened["总览"])
    assert found["计划安排资金"] == "=SUM('项目汇总表'!$E$5:$E$7)"
    assert found["预算执行率"] == (
        "=ROUND(SUM('项目汇总表'!$X$5:$X$7)/SUM('项目汇总表'!$Y$5:$Y$7),6)"
    )
    assert found["平均得分"] == "=AVERAGE('项目汇总表'!$K$5:$K$7)"
    assert found["疑点（条）"] == "=COUNTIFS('问题清单'!$B$4:$B$7,\"=疑点\")"
    assert found["收到文件（份）"] == (
        "=COUNTIFS('处理情况'!$B$4:$B$7,\"=已检查\")+COUNTIFS('处理情况'!$B$4:$B$7,\"=未能读取\")"
    )
    assert found["已检查（份）"] == "=COUNTIFS('处理情况'!$B$4:$B$7,\"=已检查\")"
    assert found["未能读取（份）"] == "=COUNTIFS('处理情况'!$B$4:$B$7,\"=未能读取\")"
    assert found["退回修改（项目）"] == "=COUNTIFS('项目汇总表'!$P$5:$P$7,\"=退回修改\")"


def test_the_cards_of_a_row_are_equally_wide(three_opened: Any) -> None:
    sheet = three_opened["总览"]
    widths = [
        sorted(each.size["columns"] for each in sheet.merged_cells.ranges if each.min_row == number)
        for number in (3, 6, 9, 12, 15)
    ]
    assert widths == [[15] * 4, [10] * 6, [12] * 5, [10] * 6, [15] * 4]
    assert {sheet.column_dimensions["A"].min, sheet.column_dimensions["A"].max} == {1, 60}


def test_what_the_totals_leave_out_is_said(three_opened: Any) -> None:
    book = three_opened
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
    sentence = "1 份工作簿疑似重复报送，列在项目汇总表末，未计入合计。"

    assert sentence in sheet["A2"].value
    assert [sheet["A5"].value, sheet["D5"].value, sheet["E3"].value] == [1, "小巷", 2]
    assert sheet["A7"].value == "重复报送（已有同一项目的另一份，未计入合计）"
    assert [sheet["A8"].value, sheet["D8"].value, sheet["E8"].value] == [1, "小巷", 2]
    assert opened(content)["项目汇总表"]["E3"].value == "=SUBTOTAL(109,E5:E5)"
    assert cards(stored(content)["总览"])["项目数"] == 1
    assert cards(stored(content)["总览"])["重复报送（份）"] == 1
    assert cards(opened(content)["总览"])["重复报送（份）"] == "=ROWS('项目汇总表'!$A$8:$A$8)"
    assert "已检查 2 个" in stored(content)["处理情况"]["A2"].value


def test_findings_of_no_project_in_the_list_are_told_of(
    make_county: MakeCounty, make_report: MakeReport, stored: Opened
) -> None:
    twice = [
        make_report("小巷", "局", None, ("2", "2", "1", "1"), "90", "优", [("F101", "error")])
    ] * 2
    missing = {"rule": "C004", "severity": "error", "project": "桥", "message": "“桥”没有报送。"}
    county = make_county(twice, extra_findings=[missing])
    book = stored(write_summary(replace(county, replaced={"报送/0001.xlsx": "报送/0002.xlsx"})))
    assert cards(book["总览"])["错误（条）"] == 3
    assert book["项目汇总表"]["M3"].value == 1
    sentence = (
        "错误、疑点、提示：总览按问题清单计，比项目汇总表的合计多 2 条，"
        "属于重复报送的工作簿或未报送的项目。"
    )
    assert sentence in book["总览"]["A2"].value
    assert sentence in book["项目汇总表"]["A2"].value


def test_no_word_of_findings_where_the_sheets_agree(three_opened: Any) -> None:
    assert "比项目汇总表" not in three_opened["总览"]["A2"].value


def test_what_is_missing_is_listed(three_projects: County, stored: Opened, opened: Opened) -> None:
    missing = table(
        [
            {"project": "桥梁加固", "unit": "养护中心", "budget": Decimal("12.5"),
             "remark": "“甲.xlsx”报送的项目“桥梁加固工程”可能就是该项目，请核对名称和单位。",
             "submitted_as": "甲.xlsx"},
            {"project": "水库加固", "department": "水利局", "remark": ""},
        ],
        MISSING,
    )  # fmt: skip
    content = write_summary(replace(three_projects, absent=Absent(5, missing)))
    book = stored(content)
    sheet = book["未报送"]

    assert sheet["A2"].value == (
        "花名册共 5 个项目，未报送 1 个。另有 1 个可能已用其他名称报送，请核对："
        "状态为“名称待核对”，计为已报送，预算合计包括这些项目。"
    )
    assert row(sheet, 4)[:7] == [1, "水利局", None, "水库加固", None, "未报送", None]
    assert row(sheet, 5)[:6] == [2, None, "养护中心", "桥梁加固", 12.5, "名称待核对"]
    assert row(sheet, 6)[:5] == ["预算合计（随筛选变化）", None, None, None, 12.5]
    found = cards(book["总览"])
    assert book.sheetnames[7:10] == ["问题统计", "未报送", "处理情况"]
    assert (found["花名册项目数"], found["已报送（项目）"], found["未报送（项目）"]) == (5, 4, 1)
    assert found["报送率"] == 0.8
    assert "1 个可能已用其他名称报送的项目计为已报送。" in book["总览"]["A2"].value
    formulas = cards(opened(content)["总览"])
    assert formulas["未报送（项目）"] == "=COUNTIFS('未报送'!$F$4:$F$5,\"=未报送\")"
    assert (formulas["已报送（项目）"], formulas["报送率"]) == (
        "=U16-AO16", "=ROUND(AE16/U16,6)",
    )  # fmt: skip


def test_nothing_missing_is_said(three_projects: County, stored: Opened) -> None:
    book = stored(write_summary(replace(three_projects, absent=Absent(3, table([], MISSING)))))
    assert book["未报送"]["A4"].value == "花名册中的项目均已报送。"


def test_the_figures_behind_the_charts(three_stored: Any) -> None:
    sheet = three_stored["图表数据"]
    assert columns(sheet, "主管部门", "主管部门", "计划安排", "实际支出") == [
        ("县住建局", 200, 245.2), ("县卫健局", 100.1, 0.3),
    ]  # fmt: skip
    assert columns(sheet, "等次", "等次", "项目数") == [
        ("优", 1), ("良", 1), ("中", 0), ("差", 0), ("未评定", 1),
    ]  # fmt: skip


def test_charts_show_figures_that_nobody_sorts(three_projects: County, three_stored: Any) -> None:
    for chart in charts(write_summary(three_projects)):
        assert set(re.findall(r"<c:f>([^!]*)!", chart)) == {"图表数据"}
    titles = ("类别", "达到", "未达到", "无法判断", "未填全")
    sheet = three_stored["图表数据"]
    first = next(cell.row for cell in sheet["A"] if cell.value == "类别")
    assert [row(sheet, first + each) for each in range(4)] == [
        list(titles), ["数量指标", 2, 1, 0, 0], ["质量指标", 0, 0, 1, 0], ["成本指标", 0, 0, 0, 1],
    ]  # fmt: skip


def test_execution_rates_fall_into_bands(
    make_county: MakeCounty, make_report: MakeReport, stored: Opened
) -> None:
    spent = ("0", "49.99", "50", "79.99", "80", "90", "99.99", "100", "100.01", None)
    some = [
        make_report(f"项目{each}", "单位", None, ("100", "100", each, "0"), None, None)
        for each in spent
    ]
    sheet = stored(write_summary(make_county(some)))["图表数据"]
    first = next(cell.row for cell in sheet["A"] if cell.value == "50%以下")
    assert [(sheet.cell(first + each, 1).value, sheet.cell(first + each, 2).value)
            for each in range(7)] == [
        ("50%以下", 2), ("50%～80%", 2), ("80%～90%", 1), ("90%～100%", 2), ("100%", 1),
        ("超过100%", 1), ("无法计算", 1),
    ]  # fmt: skip


def test_many_departments_are_charted_together(
    make_county: MakeCounty, make_report: MakeReport, stored: Opened
) -> None:
    some = [
        make_report("项目", "单位", f"{each}局", (str(each), str(each), "1", "0"), None, None)
        for each in range(1, 14)
    ]
    sheet = stored(write_summary(make_county(some)))["图表数据"]
    charted = columns(sheet, "主管部门", "主管部门", "计划安排", "实际支出")
    assert charted[0] == ("13局", 13, 1)
    assert charted[9:11] == [("4局", 4, 1), ("其他部门", 6, 3)]  # 3局, 2局 and 1局


@pytest.mark.parametrize(
    ("largest", "title", "last"),
    [("8", "各部门资金（万元）", 15), ("7", "各部门资金（万元，计划最多的 10 个部门）", 14)],
)
def test_the_others_are_left_out_of_a_chart_that_they_would_fill(
    make_county: MakeCounty, make_report: MakeReport, largest: str, title: str, last: int
) -> None:
    some = [
        make_report("项目", "单位", f"{each}局", (amount, "1", "1", "0"), None, None)
        for each, amount in enumerate([largest, *["1"] * 25])  # 16 are together in 其他
    ]
    first = charts(write_summary(make_county(some)))[0]
    assert re.findall(r"<a:t>([^<]*)</a:t>", first) == [title]
    assert f"$A$5:$A${last}" in first


def charts(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = sorted(name for name in package.namelist() if name.startswith("xl/charts/chart"))
        return [package.read(name).decode() for name in names]


def test_the_charts_have_titles_and_figures(three_projects: County) -> None:
    found = charts(write_summary(three_projects))
    assert [re.findall(r"<a:t>([^<]*)</a:t>", chart) for chart in found] == [
        ["各部门资金（万元）"],
        ["等次分布（项目数）"],
        ["预算执行率分布（项目数）"],
        ["最常见问题（条数）"],
        ["各类指标完成情况"],
    ]
    for chart in found:  # and show their figures where nothing calculates
        assert re.search(r"<c:numCache>.*<c:v>[0-9.]+</c:v>", chart)
        assert re.search(r"<c:strCache>.*<c:v>[^<]+</c:v>", chart)


def test_no_chart_without_figures(make_county: MakeCounty, make_report: MakeReport) -> None:
    clean = make_report("小巷", "住建局", None, ("1", "1", "1", "0"), "90", "优")
    assert len(charts(write_summary(make_county([clean])))) == 3
    assert charts(write_summary(make_county([]))) == []


def test_a_project_s_row(three_stored: Any) -> None:
    sheet = three_stored["项目汇总表"]
    assert row(sheet, 5)[:18] == [
        1, "县住建局", "县住建局", "城区背街小巷改造", 200, 180.1, 195.5, -15.4, 0.9005, 1.085508,
        92.5, "优", 1, 1, 1, "退回修改", "打开", "查看",
    ]  # fmt: skip
    assert links(sheet, "序号", "批注副本")[0] == "annotated\\报送\\0001.xlsx"


def test_blanks_stay_blank_and_give_no_rate(three_stored: Any) -> None:
    assert row(three_stored["项目汇总表"], 7)[:18] == [
        3, "县住建局", "县住建局", "饮水安全", None, 50, 49.7, None, None, 0.994, None, None, 0,
        0, 0, "通过", "打开", None,
    ]  # fmt: skip


def test_the_totals(three_projects: County, stored: Opened, opened: Opened) -> None:
    content = write_summary(three_projects)
    assert row(stored(content)["项目汇总表"], 3)[:16] == [
        "合计（随筛选变化）", None, None, None, 300.1, 330.3, 245.5, 84.5, 0.934022, 0.743264,
        86.75, None, 1, 2, 1, None,
    ]  # fmt: skip
    formulas = row(opened(content)["项目汇总表"], 3)
    assert formulas[4] == "=SUBTOTAL(109,E5:E7)"
    assert formulas[8] == (
        '=IF(SUBTOTAL(109,W5:W7)<=0,"",ROUND(SUBTOTAL(109,V5:V7)/SUBTOTAL(109,W5:W7),6))'
    )
    assert formulas[12] == "=SUBTOTAL(109,M5:M7)"


def test_amounts_by_source_are_folded_away(three_opened: Any) -> None:
    sheet = three_opened["项目汇总表"]
    assert row(sheet, 4)[25:] == [
        "计划安排：中央", "计划安排：县级", "实际到位：中央", "实际到位：县级", "实际支出：中央",
        "实际支出：县级",
    ]  # fmt: skip
    assert row(sheet, 5)[25:] == [50, 150, 50, 130.1, 60, 135.5]
    folded = sheet.column_dimensions["Z"]
    assert (folded.outlineLevel, folded.hidden, folded.min, folded.max) == (1, True, 26, 31)
    hidden = sheet.column_dimensions["S"]
    assert (hidden.hidden, hidden.min, hidden.max) == (True, 19, 25)


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


def test_formats_of_the_list(three_opened: Any) -> None:
    sheet = three_opened["项目汇总表"]
    assert sheet["E5"].number_format == "#,##0.00"
    assert sheet["I5"].number_format == "0.00%"
    assert sheet["P5"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["P2"].value == "单位：万元"
    assert sheet.auto_filter.ref == "A4:AE7"  # with the hidden columns, which a sort takes along
    assert sheet.freeze_panes == "E5"
    assert sheet.print_area == "'项目汇总表'!$A$1:$P$7"


def test_amounts_of_billions_shrink_to_their_cells(three_opened: Any) -> None:
    places = {"项目汇总表": ("E3", "E5"), "部门汇总": ("E3", "E5"), "资金来源汇总": ("C4", "C5")}
    for sheet, cells in places.items():
        assert all(three_opened[sheet][cell].alignment.shrink_to_fit for cell in cells)
    assert three_opened["总览"]["A4"].alignment.shrink_to_fit


def test_overspending_is_red(three_opened: Any) -> None:
    sheet = three_opened["项目汇总表"]
    found = {
        str(cells.sqref): [(rule.formula, rule.dxf.font.color.rgb) for rule in rules]
        for cells, rules in sheet.conditional_formatting._cf_rules.items()  # noqa: SLF001
    }
    overspent = "AND(ISNUMBER($Y5),ROUND(N($X5)-N($Y5),6)>0.01)"
    assert found == {
        "G5:G7": [([overspent], "FFC00000")],
        "J5:J7": [([overspent], "FFC00000")],
        "H5:H7": [(["N($H5)<0"], "FFC00000")],
    }


def test_problems_by_file_then_severity(three_opened: Any) -> None:
    sheet = three_opened["问题清单"]
    names = ("级别", "规则", "问题", "主管部门", "项目单位", "文件")
    assert columns(sheet, "序号", *names) == [
        ("错误", "F101", "实际支出大于实际到位", "县住建局", "县住建局", "报送/0001.xlsx"),
        ("疑点", "D204", "缺少会计凭证号", "县住建局", "县住建局", "报送/0001.xlsx"),
        ("提示", "F108", "资金未足额到位", "县住建局", "县住建局", "报送/0001.xlsx"),
        ("疑点", "D204", "缺少会计凭证号", "县卫健局", "县医院", "报送/0002.xlsx"),
    ]
    assert sheet["B4"].fill.fgColor.rgb == "FFFFC7CE"
    assert row(sheet, 4)[9:14] == [
        "实际支出大于实际到位资金，请核对到位资金和支出数，确有垫付的说明资金来源。",
        "不大于180", "195.5", None, None,
    ]  # fmt: skip
    assert sheet["N2"].value == (
        '="筛选出 "&SUBTOTAL(103,A4:A7)&" 条，已审核 "&COUNTA(M4:M7)&" / 4 条"'
    )


def test_every_file_is_accounted_for(three_opened: Any) -> None:
    sheet = three_opened["处理情况"]
    assert row(sheet, 4) == [
        "报送/0001.xlsx", "已检查", None, 1, 1, 1, "退回修改", "打开", "ab12" * 16,
    ]  # fmt: skip
    assert row(sheet, 7) == [
        "报送/坏文件.xlsx", "未能读取", "文件已加密，请取消密码后重新报送。",
        None, None, None, None, None, "cd34" * 16,
    ]  # fmt: skip
    assert "已检查 3 个，未能读取 1 个" in sheet["A2"].value


def test_long_and_broken_texts_are_written_as_far_as_excel_can(
    make_county: MakeCounty, make_report: MakeReport, opened: Opened
) -> None:
    report = make_report(
        "甲\x00乙", "单位", None, ("1", "1", "1", "0"), "90", "优",
        [("F101", "error")], message="长" * 40_000,
    )  # fmt: skip
    book = opened(write_summary(make_county([report])))
    assert book["项目汇总表"]["D5"].value == "甲乙"
    assert book["问题清单"]["J4"].value == "长" * 32_767


def test_past_the_last_row_lists_go_on_on_another_sheet(
    three_projects: County, stored: Opened, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlsx_eval.summary.places.LAST_ROW", 6)
    content = write_summary(replace(three_projects, replaced={"报送/0002.xlsx": "报送/0003.xlsx"}))
    book = stored(content)
    assert book.sheetnames[6:9] == ["问题清单", "问题清单(2)", "问题统计"]
    assert [number for (number,) in columns(book["问题清单"], "序号", "序号")] == [1, 2, 3]
    assert [number for (number,) in columns(book["问题清单(2)"], "序号", "序号")] == [4]
    assert "分为 2 张表，本表是第 2 张：第 4～4 条" in book["问题清单(2)"]["A2"].value
    assert cards(opened(content)["总览"])["疑点（条）"] == (
        "=COUNTIFS('问题清单'!$B$4:$B$6,\"=疑点\")+COUNTIFS('问题清单(2)'!$B$4:$B$4,\"=疑点\")"
    )
    assert links(opened(content)["项目汇总表"], "序号", "问题") == ["'问题清单'!A4:N6", None]


def test_an_empty_county_says_so(make_county: MakeCounty, stored: Opened) -> None:
    county = make_county([], rejected=[("旧表.doc", "不是工作簿。")])
    book = stored(write_summary(county))
    assert book["总览"]["A18"].value == "没有可汇总的项目。"
    for name in ("项目汇总表", "部门汇总", "单位汇总"):
        assert book[name]["A5"].value == "没有可汇总的项目。"
    assert book["资金来源汇总"]["A4"].value == "没有可汇总的项目。"
    assert book["指标完成情况"]["A4"].value == "没有可汇总的指标。"
    assert "指标明细" not in book.sheetnames
    assert book["问题清单"]["A4"].value == "没有发现问题。"
    assert book["问题统计"]["A5"].value == "没有发现问题。"
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

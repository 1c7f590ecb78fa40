"""What the projects add up to by department, unit, source of money, indicator and rule."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pages import cards, columns, totals

from xlsx_eval.summary import County, write_summary

MakeCounty = Callable[..., County]
MakeReport = Callable[..., Any]
Opened = Callable[[bytes], Any]

AMOUNTS = ("计划安排", "实际到位", "实际支出", "结余")


def test_departments_the_largest_first(three_stored: Any) -> None:
    sheet = three_stored["部门汇总"]
    assert columns(sheet, "序号", "主管部门", "单位数", "项目数", *AMOUNTS) == [
        ("县住建局", 1, 2, 200, 230.1, 245.2, -15.4),  # one project of its unit tells none
        ("县卫健局", 1, 1, 100.1, 100.2, 0.3, 99.9),
    ]
    assert columns(sheet, "序号", "资金到位率", "预算执行率", "平均得分", "错误", "退回修改") == [
        (0.9005, 1.065624, 92.5, 1, 1), (1.000999, 0.002994, 81, 0, 0),
    ]  # fmt: skip
    found = totals(sheet)
    assert [found[name] for name in ("单位数", "项目数", *AMOUNTS, "资金到位率", "平均得分")] == [
        2, 3, 300.1, 330.3, 245.5, 84.5, 0.934022, 86.75,
    ]  # fmt: skip


def test_units_by_department(three_stored: Any) -> None:
    sheet = three_stored["单位汇总"]
    assert columns(sheet, "序号", "主管部门", "项目单位", "项目数", *AMOUNTS, "预算执行率") == [
        ("县住建局", "县住建局", 2, 200, 230.1, 245.2, -15.4, 1.065624),
        ("县卫健局", "县医院", 1, 100.1, 100.2, 0.3, 99.9, 0.002994),
    ]


def test_one_name_under_two_departments_is_two_units(
    make_county: MakeCounty, make_report: MakeReport, stored: Opened
) -> None:
    some = [
        make_report("项目", "办公室", department, ("1", "1", "1", "0"), "90", "优")
        for department in ("甲局", "乙局")
    ]
    sheet = stored(write_summary(make_county(some)))["单位汇总"]
    assert columns(sheet, "序号", "主管部门", "项目单位", "项目数") == [
        ("乙局", "办公室", 1), ("甲局", "办公室", 1),
    ]  # fmt: skip


def test_notes_show_in_full(three_opened: Any) -> None:
    for name, last in (("项目汇总表", "O"), ("部门汇总", "P"), ("资金来源汇总", "H")):
        sheet = three_opened[name]
        assert f"A2:{last}2" in {str(each) for each in sheet.merged_cells.ranges}
        assert sheet["A2"].alignment.wrap_text
    # 资金来源汇总: more than one line of 130 columns, less than two
    assert three_opened["资金来源汇总"].row_dimensions[2].height == 36.75


def test_a_unit_under_two_departments_counts_once_in_the_county(
    make_county: MakeCounty, make_report: MakeReport, stored: Opened, opened: Opened
) -> None:
    told = [("甲站", "甲局"), ("甲站", "乙局"), ("乙站", "乙局"), (None, "乙局")]
    some = [make_report("项目", *each, ("1", "1", "1", "0"), "90", "优") for each in told]
    content = write_summary(make_county(some))
    book = stored(content)
    assert cards(book["总览"])["单位数"] == 2
    assert cards(opened(content)["总览"])["单位数"] == "=SUM('单位汇总'!$Y$5:$Y$8)"
    assert columns(book["部门汇总"], "序号", "主管部门", "单位数") == [("乙局", 2), ("甲局", 1)]
    sentence = "有单位分属几个主管部门，在各部门分别列示，单位数因此多计 1 个。"
    assert sentence in book["部门汇总"]["A2"].value


def test_a_project_without_a_department_is_of_its_unit_s(
    make_county: MakeCounty, make_report: MakeReport, stored: Opened
) -> None:
    told = [("甲站", "甲局"), ("甲站", None), ("乙站", "甲局"), ("乙站", "乙局"), ("乙站", None)]
    some = [make_report("项目", *each, ("1", "1", "1", "0"), "90", "优") for each in told]
    book = stored(write_summary(make_county(some)))
    assert columns(book["部门汇总"], "序号", "主管部门", "单位数", "项目数") == [
        ("甲局", 2, 3), ("乙局", 1, 1), ("（未填写）", 1, 1),
    ]  # fmt: skip
    assert columns(book["单位汇总"], "序号", "主管部门", "项目单位", "项目数") == [
        ("甲局", "甲站", 2), ("甲局", "乙站", 1), ("乙局", "乙站", 1), ("（未填写）", "乙站", 1),
    ]  # fmt: skip
    sentence = "1 个项目未填写主管部门，归入该单位其他项目所填的主管部门。"
    for name in ("总览", "项目汇总表", "部门汇总", "单位汇总"):
        assert sentence in book[name]["A2"].value


def test_groups_are_formulas_over_the_list(three_opened: Any) -> None:
    book = three_opened
    listed = "'项目汇总表'!${0}$5:${0}$7"
    department, unit, planned = (listed.format(column) for column in ("S", "T", "E"))
    assert book["部门汇总"]["E5"].value == f"=SUMIFS({planned},{department},$A5)"
    assert book["单位汇总"]["E6"].value == f"=SUMIFS({planned},{unit},$A6)"
    assert book["单位汇总"]["E3"].value == "=SUBTOTAL(109,E5:E6)"


def test_names_that_are_patterns_stay_apart(
    make_county: MakeCounty, make_report: MakeReport, stored: Opened
) -> None:
    some = [
        make_report("项目", name, name, (amount, "0", "0", "0"), None, None)
        for name, amount in (("*", "1"), (">0", "2"), ("=", "4"), ("住建局", "8"), ("住建?", "16"))
    ]
    sheet = stored(write_summary(make_county(some)))["单位汇总"]
    assert columns(sheet, "序号", "项目单位", "计划安排") == [
        ("住建?", 16), ("住建局", 8), ("=", 4), (">0", 2), ("*", 1),
    ]  # fmt: skip


def test_sources_of_the_county_and_of_departments(three_stored: Any) -> None:
    sheet = three_stored["资金来源汇总"]
    assert columns(sheet, "主管部门", "主管部门", "资金来源", *AMOUNTS, "占计划安排") == [
        ("全县", "合计", 300.1, 330.3, 245.5, 84.5, 1),
        ("全县", "中央", 50, 50, 60, 0, 0.166611),
        ("全县", "县级", 249, 130.1, 135.8, 0, 0.829723),
        ("全县", "未分来源", 1.1, 150.2, 49.7, 84.5, None),
        ("县住建局", "合计", 200, 230.1, 245.2, -15.4, 1),
        ("县住建局", "中央", 50, 50, 60, 0, 0.25),
        ("县住建局", "县级", 150, 130.1, 135.5, 0, 0.75),
        ("县住建局", "未分来源", 0, 50, 49.7, -15.4, None),
        ("县卫健局", "合计", 100.1, 100.2, 0.3, 99.9, 1),
        ("县卫健局", "县级", 99, 0, 0.3, 0, 0.989011),
        ("县卫健局", "未分来源", 1.1, 100.2, 0, 99.9, None),
    ]


def test_the_sources_may_be_sorted(three_opened: Any) -> None:
    sheet = three_opened["资金来源汇总"]
    assert sheet.auto_filter.ref == "A3:N14"  # hidden columns are sorted with the others
    assert sheet["G6"].value == '=IF(N6<=0,"",ROUND(C6/N6,6))'
    assert sheet["N10"].value == "=SUMIFS('项目汇总表'!$E$5:$E$7,'项目汇总表'!$S$5:$S$7,1)"
    for row in range(4, 15):
        formulas = [str(cell.value) for cell in sheet[row] if cell.data_type == "f"]
        own = re.sub(r"'项目汇总表'![$A-Z0-9:]+", "", "".join(formulas))
        assert {int(each) for each in re.findall(r"\b[A-Z]+([0-9]+)\b", own)} <= {row}


def test_rates_of_a_source_take_in_projects_that_state_both(three_stored: Any) -> None:
    sheet = three_stored["资金来源汇总"]
    assert columns(sheet, "主管部门", "资金到位率", "预算执行率")[:3] == [
        (0.934022, 0.743264),
        (1, 1.2),
        (0.867333, 1.041507),  # 130.1 / 150 and 135.5 / 130.1: 县医院 tells no money received
    ]


def test_forms_without_money_received(
    make_county: MakeCounty, make_report: MakeReport, stored: Opened
) -> None:
    some = [
        make_report(
            "甲", "单位", "局", ("90", "100", "80"), None, None,
            asks_for=("initial", "planned", "spent"),
            sources={("planned", "fiscal"): "100", ("spent", "fiscal"): "80",
                     ("initial", "fiscal"): "90"},
        ),
        make_report("乙", "单位", "局", ("100", "50", "40", "10"), None, None),
    ]  # fmt: skip
    book = stored(write_summary(make_county(some)))
    names = ("年初预算", "计划安排", "资金到位率", "预算执行率")
    assert columns(book["资金来源汇总"], "主管部门", "资金来源", *names)[:2] == [
        ("合计", 90, 200, 0.5, 0.8),  # 50 / 100; (80 + 40) / (100 + 50)
        ("财政拨款", 90, 100, None, 0.8),
    ]
    note = book["资金来源汇总"]["A2"].value
    assert "年初预算只有 1 个项目的自评表填写，其余未计入。" in note
    for name in ("项目汇总表", "部门汇总", "资金来源汇总"):
        red = "红字：实际支出大于实际到位（自评表没有该栏的，大于计划安排）。"
        assert red in book[name]["A2"].value
    sentence = "1 个项目的自评表没有“实际到位”栏，执行率按计划安排（全年预算）计算。"
    for name in ("总览", "项目汇总表", "部门汇总"):
        assert sentence in book[name]["A2"].value


def test_what_became_of_the_indicators(three_stored: Any) -> None:
    sheet = three_stored["指标完成情况"]
    names = ("范围", "类别", "指标数", "达到", "未达到", "无法判断", "未填全", "完成率")
    assert columns(sheet, "范围", *names) == [
        ("全县", "合计", 5, 2, 1, 1, 1, 0.666667),
        ("按指标类别", "数量指标", 3, 2, 1, 0, 0, 0.666667),
        ("按指标类别", "质量指标", 1, 0, 0, 1, 0, None),
        ("按指标类别", "成本指标", 1, 0, 0, 0, 1, None),
        ("按主管部门", "县住建局", 3, 1, 1, 0, 1, 0.5),
        ("按主管部门", "县卫健局", 2, 1, 0, 1, 0, 1),
    ]


def test_every_indicator_is_listed(three_opened: Any) -> None:
    sheet = three_opened["指标明细"]
    names = ("项目名称", "指标类别", "指标内容", "目标值", "实际完成值", "完成情况", "位置")
    assert columns(sheet, "序号", *names)[1] == (
        "城区背街小巷改造", "数量指标", "数量指标内容", "≥95%", "97%", "未达到",
        "一、项目基本情况!F17",
    )  # fmt: skip
    link = sheet["K5"].hyperlink
    assert (link.target, link.location) == ("annotated\\报送\\0001.xlsx", "'一、项目基本情况'!F17")


def test_rules_by_severity_and_department(three_stored: Any) -> None:
    sheet = three_stored["问题统计"]
    names = ("规则", "错误", "疑点", "提示", "合计", "占比", "县住建局", "县卫健局")
    assert columns(sheet, "规则", *names, "其他及未指明部门") == [
        ("D204", 0, 2, 0, 2, 0.5, 1, 1, 0),
        ("F101", 1, 0, 0, 1, 0.25, 1, 0, 0),
        ("F108", 0, 0, 1, 1, 0.25, 1, 0, 0),
    ]
    found = totals(sheet, "规则")
    assert [found[name] for name in (*names[1:], "其他及未指明部门")] == [1, 2, 1, 4, 1, 3, 1, 0]

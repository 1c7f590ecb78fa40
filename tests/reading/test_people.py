"""Evaluators, signatures and whom to ask, as units lay them out."""

from __future__ import annotations

from readings import project, read, table

BASICS = (
    "一、项目基本情况\n项目负责人|周岚|联系电话|0730-2260000\n"
    "项目起止时间|2021年1月-2021年12月|邮 编|414600\n四、评价人员\n"
)


def test_evaluators_side_by_side() -> None:
    frames = read(
        BASICS + "姓名|职称/职务|单位|姓名|职务|工作单位\n"
        "张三|副局长|交通局|李四|主任|公路中心\n王五|会计|交通局|||\n填报人：王五"
    )

    assert table(frames.evaluators, "name", "title", "unit", "name_cell") == [
        ("张三", "副局长", "交通局", "A6"),
        ("王五", "会计", "交通局", "A7"),
        ("李四", "主任", "公路中心", "D6"),
    ]


def test_a_unit_merged_over_people_is_everybodys() -> None:
    frames = read(
        BASICS + "姓名|职称/职务|单位\n张三|副局长|交通局\n李四|主任|^\n王五|会计|^\n填报人：王五"
    )

    assert table(frames.evaluators, "name", "unit", "unit_cell") == [
        ("张三", "交通局", "C6"),
        ("李四", "交通局", "C6"),
        ("王五", "交通局", "C6"),
    ]


def test_signatures_without_the_forms_brackets() -> None:
    frames = read(
        BASICS + "评价组组长签字：张三|2022年3月1日\n"
        "项目单位意见：同意。 项目单位负责人签名：李四 2022年3月2日\n"
        "主管部门意见：\n部门负责人（签字）：||日期：|"
    )

    assert table(frames.opinions, "signatory", "signatory_cell", "date_text", "date_cell")[:3] == [
        ("张三", "A5", "2022年3月1日", "B5"),
        ("李四", "A6", "2022年3月2日", "A6"),
        (None, "B8", None, "D8"),
    ]


def test_two_labels_in_one_cell_that_together_are_a_third() -> None:
    frames = read(BASICS + "填报人：      联系电话：|<|<|<")

    assert project(frames, "preparer", "preparer_phone", "phone") == [
        (None, "A5"),
        (None, "A5"),
        ("0730-2260000", "D2"),
    ]


def test_a_postcode_gets_back_the_zero_it_lost() -> None:
    text = "一、项目基本情况\n项目负责人|周岚|联系电话|0730-2260000\n项目地址|城关镇|邮编|"

    assert [
        project(read(text + postcode), "postcode")
        for postcode in ("56000", "'56000", "414600", "4146")
    ] == [[("056000", "D3")], [("56000", "D3")], [("414600", "D3")], [("4146", "D3")]]


def test_an_attempt_at_a_date_beside_a_gap_is_read_as_it_stands() -> None:
    frames = read(
        "财政支出项目绩效评价自评报告|<|<\n项目名称||养护项目\n报告日期||2022年3月\n"
        "一、项目基本情况|<|<\n项目负责人||周岚\n项目起止时间||2021年3月起"
    )

    assert table(frames.projects, "report_date", "report_date_text", "report_date_cell") == [
        (None, "2022年3月", "C3")
    ]
    assert project(frames, "period") == [("2021年3月起", "C6")]

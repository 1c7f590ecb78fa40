"""Forms laid out in ways of a unit's own: nothing is missing from them."""

from __future__ import annotations

from pathlib import Path

import pytest
from grids import workbook

import xlsx_eval as xe

BASICS = (
    "一、项目基本情况\n项目负责人|周岚|联系电话|0730-2260000\n"
    "项目起止时间|2021年1月-2021年12月|邮 编|414600\n四、评价人员\n"
)
PEOPLE = "姓名|职称/职务|单位\n张三|副局长|交通局\n李四|主任|公路中心\n王五|会计|交通局\n"
SIGNED = "评价组组长（签字）：张三  2022年3月1日\n填报人：王五|联系电话：2260000\n"


def found(folder: Path, text: str, *codes: str) -> list[tuple[str, str]]:
    path = folder / "form.xlsx"
    path.write_bytes(workbook({"表": BASICS + text}))
    findings = xe.check(path, xe.Settings(select=codes))
    return list(zip(findings["rule"], findings["cell"], strict=True))


@pytest.mark.parametrize(
    "people",
    [
        PEOPLE,
        "姓名|职称/职务|单位\n张三|副局长|交通局\n李四|主任|^\n王五|会计|^\n",
        "姓名|职称/职务|单位|姓名|职称/职务|单位\n张三|副局长|交通局|李四|主任|交通局\n王五|会计|交通局|||\n",
        "序号|姓名|职务|单位|签字\n1|张三|副局长|交通局|\n2|李四|主任|交通局|\n3|王五|会计|交通局|\n4||||\n",
        "类别|姓名|职务|单位\n组长|张三|副局长|交通局\n成员|李四|主任|交通局\n^|王五|会计|^\n",
        "姓名|单位\n张三|交通局副局长\n李四|公路中心主任\n王五|交通局会计\n",
        "姓名|单位及职务|签名\n张三|交通局副局长|\n李四|交通局主任|\n",
        "评价组由张三、李四、王五组成\n",
        "姓名|职称/职务|单位\n张三\\n李四\\n王五|副局长\\n主任\\n会计|交通局\n",
    ],
)
def test_evaluators_of_any_layout(people: str, tmp_path: Path) -> None:
    assert found(tmp_path, people + SIGNED, "P50") == []


@pytest.mark.parametrize(
    "opinions",
    [
        SIGNED,
        "评价组组长签字：张三|2022年3月1日\n填报人：王五",
        "项目单位意见：同意。负责人签字：李四 2022年3月2日\n填报人：王五",
        "主管部门意见（盖章）：同意\\n（公章）\\n2022年3月5日\n填报人：王五",
        "项目单位意见：|同意\\n2022年3月2日\n|项目单位负责人（签字）：王五|\n填报人：王五",
        "评价组组长（签字）：张三|日期：|2022/3/1\n填报人：王五",
        "填报人：王五",
    ],
)
def test_signatures_of_any_layout(opinions: str, tmp_path: Path) -> None:
    assert found(tmp_path, PEOPLE + opinions, "P506") == []


@pytest.mark.parametrize(
    ("opinions", "cell"),
    [
        ("评价组组长（签字）：|年 月 日\n填报人：王五", "A9"),
        ("主管部门意见：同意\n填报人：王五", "A9"),
        ("项目单位意见：|同意||\n|项目单位负责人（签字）：||日期：\n填报人：王五", "C10"),
    ],
)
def test_where_a_signature_is_missing(opinions: str, cell: str, tmp_path: Path) -> None:
    assert found(tmp_path, PEOPLE + opinions, "P506") == [("P506", cell)]


def test_an_empty_table_has_too_few_evaluators(tmp_path: Path) -> None:
    assert found(tmp_path, "姓名|职称/职务|单位\n||\n" + SIGNED, "P501") == [("P501", "A4")]


def test_of_a_form_without_evaluators_nothing_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(
        workbook(
            {
                "表": "项目支出绩效自评表|<|<|<\n项目名称|养护项目|实施单位|公路中心\n"
                "主管部门|交通局|联系电话|2260000\n年度总体目标|预期目标|实际完成情况|\n|养护|已全面完成|"
            }
        )
    )

    assert xe.check(path, xe.Settings(select=("P", "T", "B"))).empty

"""Labels mistyped, decorated or added to are read as meant; look-alikes are left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from cases import all_cases
from grids import workbook
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from one_sheet import Layout, label_wordings, written
from readings import amounts, project, read, table

from xlsx_eval.forms import load_form
from xlsx_eval.forms.model import Form
from xlsx_eval.reading import Submission, read_submission
from xlsx_eval.reading.cells import NOWHERE, Value
from xlsx_eval.reading.labels import label_index, label_key

FORM = load_form()

SHEET = """财政支出项目绩效评价自评报告|<|<|<|<|<|<|<
项目名称|<|路灯改造|<|项目单位|<|城管局|<
主管部门|<|县政府|<|报告日期|<|2022年3月15日|<
一、项目基本情况|<|<|<|<|<|<|<
项目负责人|<|陈一|<|联系电话|<|0730-1234567|<
项目地址|<|城关镇|<|项目起止时间|<|2021年1月-2021年12月|<
计划安排资金|100|实际到位资金|95|实际支出|90|结余|5
其中：中央财政|60|其中：中央财政|55|其中：中央财政|50|其中：中央财政|5
县市区财政|40|县市区财政|40|县市区财政|40|县市区财政|0
二、项目支出明细情况|<|<|<|<|<|<|<
支出内容|<|实际支出数|<|会计凭证号|<|备注|<
灯具|<|60|<|3月记1|<|含税|<
人工|<|30|<|4月记2|<||<
合计|<|90|<||<||<
三、项目绩效评价情况|<|<|<|<|<|<|<
项目绩效定性目标及实施计划完成情况|预期目标|<|<|实际完成|<|<|<
^|改造路灯|<|<|已完成|<|<|<
项目绩效定量目标（指标）及完成情况|一级指标|二级指标|指标内容|指标（目标）值|<|实际完成值|<
^|项目产出指标|数量指标|路灯|300盏|<|298盏|<
^|^|质量指标|合格率|100%|<|99%|<
绩效评价综合得分|<|95|<|评价等次|<|优秀|<
四、评价人员|<|<|<|<|<|<|<
姓名|<|职称/职务|<|单位|<|<|<
张三|<|局长|<|城管局|<|<|<
填报人：李二|<|<|<|联系电话：0730-7654321|<|<|<"""

VALUES: dict[str, tuple[Any, str]] = {
    "project_name": ("路灯改造", "C2"),
    "project_unit": ("城管局", "G2"),
    "department": ("县政府", "C3"),
    "report_date": (date(2022, 3, 15), "G3"),
    "leader": ("陈一", "C5"),
    "phone": ("0730-1234567", "G5"),
    "address": ("城关镇", "C6"),
    "period": ("2021年1月-2021年12月", "G6"),
    "score": (Decimal(95), "C21"),
    "grade": ("优秀", "G21"),
    "preparer": ("李二", "A25"),
    "preparer_phone": ("0730-7654321", "E25"),
    "planned total": (Decimal(100), "B7"),
    "planned central": (Decimal(60), "B8"),
    "planned county": (Decimal(40), "B9"),
    "received total": (Decimal(95), "D7"),
    "received central": (Decimal(55), "D8"),
    "received county": (Decimal(40), "D9"),
    "spent total": (Decimal(90), "F7"),
    "spent central": (Decimal(50), "F8"),
    "spent county": (Decimal(40), "F9"),
    "balance total": (Decimal(5), "H7"),
    "balance central": (Decimal(5), "H8"),
    "balance county": (Decimal(0), "H9"),
    "item": ("灯具", "A12"),
    "amount": (Decimal(60), "C12"),
    "voucher": ("3月记1", "E12"),
    "note": ("含税", "G12"),
    "expected": ("改造路灯", "B17"),
    "done": ("已完成", "E17"),
    "level1": ("项目产出指标", "B19"),
    "level2": ("数量指标", "C19"),
    "content": ("路灯", "D19"),
    "target": ("300盏", "E19"),
    "actual": ("298盏", "G19"),
    "name": ("张三", "A24"),
    "title": ("局长", "C24"),
    "unit": ("城管局", "E24"),
}
TABLES = {
    "expenditures": ("item", "amount", "voucher", "note"),
    "goals": ("expected", "done"),
    "indicators": ("level1", "level2", "content", "target", "actual"),
    "evaluators": ("name", "title", "unit"),
}
COUNTS = {"expenditures": 3, "goals": 1, "indicators": 2, "evaluators": 1}


def submitted(text: str) -> Submission:
    return read_submission(workbook({"Sheet1": text}), "form.xlsx", [FORM])


def values(submission: Submission) -> dict[str, tuple[Any, str | None]]:
    """What was read, under the names of VALUES: each table's first row, every other value."""
    rows = submission.rows
    found = {key: value for key, value in rows["projects"][0].items() if key in VALUES}
    found |= {f"{row['measure']} {row['source']}": row["amount"] for row in rows["funds"]}
    for frame, columns in TABLES.items():
        for name in columns if rows[frame] else ():
            column = "actual" if name == "done" else name
            found[name] = rows[frame][0].get(column, NOWHERE)
    return {name: (value.value, value.cell) for name, value in found.items()}


def known(read_: dict[str, tuple[Any, str | None]]) -> dict[str, tuple[Any, str | None]]:
    return {name: value for name, value in read_.items() if value[0] is not None}


def replaced(*changes: tuple[str, str]) -> str:
    sheet = SHEET
    for label, written_ in changes:
        assert label in sheet
        sheet = sheet.replace(label, written_)
    return sheet


def test_the_sheet_as_it_should_be() -> None:
    assert known(values(submitted(SHEET))) == VALUES


# --------------------------------------------------------------------------------- as it is meant

MISTYPED = [
    ("项目名称|", "项日名称|"),
    ("项目名称|", "项目名名称|"),
    ("项目单位|", "项目单泣|"),
    ("主管部门", "主菅部门"),
    ("主管部门", "主管部们"),
    ("报告日期", "报吿日期"),
    ("项目负责人", "项目负贡人"),
    ("项目负责人", "项目负债人"),
    ("项目负责人", "项目责负人"),
    ("联系电话|", "联糸电话|"),
    ("联系电话|", "联系电活|"),
    ("联系电话：", "联糸电话："),
    ("项目地址", "项目地扯"),
    ("项目起止时间", "项目起止吋间"),
    ("项目起止时间", "项起止时间"),
    ("计划安排资金", "计划按排资金"),
    ("实际到位资金", "实际到位资经"),
    ("实际支出|", "实际支岀|"),
    ("实际支出|", "实际资支出|"),
    ("中央财政", "中央财正"),
    ("县市区财政", "县市区财証"),
    ("支出内容", "支出内客"),
    ("实际支出数", "实际支岀数"),
    ("会计凭证号", "会计凭正号"),
    ("会计凭证号", "会计凭证证号"),
    ("预期目标", "预期目标标"),
    ("实际完成|", "实际完戍|"),
    ("一级指标", "一级指杯"),
    ("指标内容", "指标内荣"),
    ("指标（目标）值", "指标（日标）值"),
    ("实际完成值", "实际完成直"),
    ("绩效评价综合得分", "绩效评价宗合得分"),
    ("绩效评价综合得分", "积效评价综合得份"),
    ("评价等次", "评价等此"),
    ("职称/职务", "职称/职雾"),
    ("一、项目基本情况", "一、项目基本情祝"),
    ("二、项目支出明细情况", "二、项目支岀明细清况"),
    ("三、项目绩效评价情况", "三、项目绩效平价情况"),
    ("四、评价人员", "四、评价人圆"),
    ("财政支出项目绩效评价自评报告", "财政支出项目绩效评价自评报吿"),
    ("项目绩效定性目标及实施计划完成情况", "项目绩效定性日标及实施计划完成情况"),
]
ADDED_TO = [
    ("计划安排资金", "计划安排资金总额"),
    ("计划安排资金", "项目计划安排资金"),
    ("实际到位资金", "实际到位资金合计"),
    ("实际支出|", "实际支出总额|"),
    ("中央财政", "中央财政拨款"),
    ("项目负责人", "项目主要负责人"),
    ("会计凭证号", "会计凭证号码数"),
    ("项目起止时间", "项目起止时间段"),
    ("联系电话|", "联系电话号码|"),
    ("主管部门", "主管部门全称"),
    ("项目单位|", "项目单位全称|"),
    ("项目地址", "项目详细地址"),
    ("支出内容", "主要支出内容"),
    ("绩效评价综合得分", "项目绩效评价综合得分"),
    ("实际完成值", "指标（目标）完成值"),
    ("指标（目标）值", "指标（目标）完成值"),
    ("一、项目基本情况", "一、项目基本情况表"),
]
DECORATED = [
    ("项目名称|", "★项目名称|"),
    ("项目名称|", "项目名称【必填】|"),
    ("项目名称|", "【必填】项目名称|"),
    ("项目名称|", "（1）项目名称|"),
    ("项目名称|", "项目名称（全称）（必填）*|"),
    ("项目单位|", "项目单泣（盖章）|"),
    ("报告日期", "③报告日期"),
    ("姓名", "姓名〔必填〕"),
    ("结余", "（4）结余"),
]


@pytest.mark.parametrize(("label", "mistyped"), MISTYPED + ADDED_TO + DECORATED)
def test_a_label_is_read_as_it_is_meant(label: str, mistyped: str) -> None:
    submission = submitted(replaced((label, mistyped)))

    assert known(values(submission)) == VALUES
    assert {name: len(submission.rows[name]) for name in COUNTS} == COUNTS


def test_several_at_once() -> None:
    submission = submitted(
        replaced(
            ("项目单位|", "项目单泣|"),
            ("联系电话|", "联糸电话|"),
            ("实际到位资金", "实际到位资经"),
            ("中央财政", "中央财正"),
            ("会计凭证号", "会计凭正号"),
            ("支出内容", "支出内客"),
            ("实际完成值", "实际完成直"),
            ("评价等次", "评价等此"),
            ("二、项目支出明细情况", "二、项目支岀明细情况"),
        )
    )

    assert known(values(submission)) == VALUES


def test_both_phones_mistyped_alike() -> None:
    assert known(values(submitted(replaced(("联系电话", "联糸电话"))))) == VALUES


def test_which_match_was_used_is_recorded() -> None:
    labels = read(replaced(("项目负责人", "项目负贡人"))).labels

    told = {row.key: (row.text, row.match) for row in labels.itertuples() if row.part == "field"}
    assert told["leader"] == ("项目负贡人", "similar")
    assert told["address"] == ("项目地址", "exact")


def test_a_mistyped_label_behind_another_in_one_cell() -> None:
    for written_ in ("填报人：李二  联糸电话：0730-2", "填报入姓名：李二  联系电话：0730-2"):
        frames = read(f"四、评价人员\n姓名|职务|单位\n张三|局长|教育局\n{written_}")

        assert project(frames, "preparer", "preparer_phone") == [("李二", "A4"), ("0730-2", "A4")]


def test_a_mistyped_label_in_a_row_of_labels_above_their_values() -> None:
    frames = read("一、项目基本情况\n项目负责人|联糸电话|邮编\n陈一|0730-1234567|414600")

    assert project(frames, "leader", "phone", "postcode") == [
        ("陈一", "A3"), ("0730-1234567", "B3"), ("414600", "C3"),
    ]  # fmt: skip


def test_a_mistyped_label_on_a_sheet_of_its_own_fields() -> None:
    frames = read("项目名称|路灯改造\n主菅部门|县政府", 第二张=SHEET.partition("一、")[2])

    assert project(frames, "department") == [("县政府", "B2")]


def test_a_mistyped_header_above_an_exact_one_after_a_page_break() -> None:
    header = "支出内容|<|实际支出数|<|会计凭证号|<|备注|<\n"
    frames = read(replaced(("人工|", f"{header}人工|"), (f"情况|<|<|<|<|<|<|<\n{header}", HALF)))

    assert table(frames.expenditures, "item", "amount", "voucher")[:2] == [
        ("灯具", Decimal(60), "3月记1"), ("人工", Decimal(30), "4月记2"),
    ]  # fmt: skip


HALF = "情况|<|<|<|<|<|<|<\n支出内容|<|实际支出数|<|会计凭正号|<|备注|<\n"


# ------------------------------------------------------------------------------------ look-alikes

LOOKALIKES = {
    "project_name": "项目类型 项目编号 项目性质 项目年度 子项目名称 科目名称 项目名称变更说明",
    "project_unit": "项目单价 建设单位 施工单位 监理单位 采购单位 项目单位性质 合作单位 核算单位",
    "department": "主管领导 主管科室 主办部门 分管部门 监管部门",
    "report_date": "开工日期 评价日期 公告日期 报送日期 制表日期 报告期",
    "leader": "财务负责人 技术负责人 项目负责人职务 项目联系人 项目总负责人 项目责任人",
    "phone": "联系地址 联系邮箱 联系人 联系电话2 传真",
    "address": "项目选址 项目地区 联系地址 项目网址",
    "period": "项目起始时间 项目截止时间 项目立项时间 项目完成时间",
    "planned": "计划支出 年初预算数 计划安排资产 计划投资",
    "received": "应到位资金 未到位资金 资金到位率 实际到位时间 其中资金",
    "spent": "计划支出 预计支出 未支出 实际支付 实际支出时间 实际支出率 实际支出比例 实际收入",
    "balance": "上年结余 结余率 结余原因 资金结存",
    "central": "乡镇财政 上级财政 地方财政 中央资产",
    "county": "乡镇财政 省市区财政 开发区财政",
    "voucher": "会计科目 发票号 会计凭证费 凭证日期 凭证张数 支票号码",
    "item": "支出科目 支出时间 支出依据 支付内容",
    "amount": "预计支出数 实际支付数 实际支出率 数量",
    "content": "指标单位 目标内容 指标说明",
    "target": "完成率 指标权重 上年指标值 指标得分",
    "actual": "实际完成率 实际完成时间 完成时间 得分",
    "score": "绩效评价综合评分 得分率 绩效评价综合等分率",
    "grade": "评价人次 评价结果 评价次数 评价等差",
    "title": "政治面貌 职责 联系方式",
}
LABELS = {
    "project_name": "项目名称|", "project_unit": "项目单位|", "department": "主管部门",
    "report_date": "报告日期", "leader": "项目负责人", "phone": "联系电话|",
    "address": "项目地址", "period": "项目起止时间", "planned": "计划安排资金",
    "received": "实际到位资金", "spent": "实际支出|", "balance": "结余", "central": "中央财政",
    "county": "县市区财政", "voucher": "会计凭证号", "item": "支出内容", "amount": "实际支出数",
    "content": "指标内容", "target": "指标（目标）值", "actual": "实际完成值",
    "score": "绩效评价综合得分", "grade": "评价等次", "title": "职称/职务",
}  # fmt: skip


@pytest.mark.parametrize(
    ("part", "other"),
    [(part, other) for part, others in LOOKALIKES.items() for other in others.split()],
)
def test_a_lookalike_is_another_label(part: str, other: str) -> None:
    label = LABELS[part]
    bar = "|" if label.endswith("|") else ""
    read_ = known(values(submitted(replaced((label, other + bar)))))

    assert [name for name in read_ if part in name.split()] == []
    assert {name: value for name, value in read_.items() if VALUES[name] != value} == {}


@pytest.mark.parametrize("beside", ["项目名禾", "项目名秤"])
def test_where_two_cells_compete_neither_is_taken(beside: str) -> None:
    frames = read(
        f"财政支出项目绩效评价自评报告|<\n项目单位|城管局\n项日名称|路灯改造\n{beside}|桥梁改造"
    )

    assert project(frames, "project_name") == [(None, None)]


def test_where_two_parts_compete_neither_is_taken() -> None:
    frames = read(replaced(("县市区财政", "皿级财政")))

    assert {place: value for place, value in amounts(frames).items() if "county" in place} == {}


def test_a_value_that_is_like_a_label_stays_a_value() -> None:
    frames = read(
        "财政支出项目绩效评价自评报告|<|<|<\n项目名称|主菅部门|评价方式|自评\n项目单位|城管局||"
    )

    assert project(frames, "project_name", "department") == [("主菅部门", "B2"), (None, None)]


def test_far_from_its_block_a_similar_text_is_no_label() -> None:
    frames = read(SHEET, 通讯录="部门|项目负贡人\n城管局|陈一").projects
    without = read(replaced(("项目负责人", "法人")), 通讯录="项目负贡人|王五\n科室|电话")

    assert frames["leader"].iloc[0] == "陈一"
    assert project(without, "leader") == [(None, None)]


def test_instructions_are_no_place_for_a_label() -> None:
    text = "项目负贡人：填写姓名\n项目地址：填写实施地点\n项目起止时间：填写起止年月"
    without = read(replaced(("项目负责人", "法人")), 填报说明=text)
    mistyped = read(replaced(("项目地址", "项目地扯")), 填报说明=text)

    assert project(without, "leader") == [(None, None)]
    assert project(mistyped, "address") == [("城关镇", "C6")]


# ---------------------------------------------------------------------------- any slip, any label

CASE = next(case for case in all_cases() if not case.rejected and not case.findings)
TRUTH_MAY_DIFFER = ("narratives", "opinions", "signatures", "goals.")
"""Matched by readers of texts that know no similarity, or read beside one another when unknown."""

EDITED = [
    (key, wording)
    for key, wordings in label_wordings(FORM).items()
    for wording in wordings
    if len(label_key(wording)) >= 5 and not key.startswith(TRUTH_MAY_DIFFER)
]
HAN = "".join(
    bytes([row, cell]).decode("gb2312", "ignore")
    for row in range(0xB0, 0xD8)
    for cell in range(0xA1, 0xFF)
)
"""The common characters of GB 2312."""


@dataclass(frozen=True)
class Slip:
    key: str
    label: str
    written: str


@st.composite
def slips(draw: st.DrawFn) -> Slip:
    """A label with one character changed, lost, added, or two changed about."""
    key, label = draw(st.sampled_from(EDITED))
    places = [at for at, char in enumerate(label) if char in HAN and label[at + 1 : at + 2] != "、"]
    at = draw(st.sampled_from(places))
    char = draw(st.sampled_from(HAN))
    written_ = draw(
        st.sampled_from(
            [
                label[:at] + char + label[at + 1 :],
                label[:at] + label[at + 1 :],
                label[:at] + char + label[at:],
                label[:at] + label[at : at + 2][::-1] + label[at + 2 :],
            ]
        )
    )
    assume(label_key(written_) not in label_index(FORM))
    return Slip(key, label, written_)


def printing(key: str, label: str) -> Form:
    """The form with another printed label."""
    declared = FORM.model_dump()
    head, _, rest = key.partition(".")
    for section in declared["sections"]:
        if head == "sections" and section["key"] == rest:
            if section["title"] == declared["title"]:  # the cover's
                declared["title"] = label
            section["title"] = label
        for block in section["blocks"]:
            if block["key"] == head and not rest:
                block["title"] = label
            names = {"fields": "fields", "matrix": "measures sources", "table": "columns"}
            for name in names.get(block["kind"], "").split():
                for part in block[name]:
                    if part["key"] == rest and head in {block["kind"], block["key"]}:
                        part["label"] = label
    return Form.model_validate(declared)


def account(form: Form, layout: Layout) -> set[tuple[object, ...]]:
    """What is read of the facts as this form prints them: frame, column, value and cell."""
    submission = read_submission(written(form, CASE.facts, layout).data, "form.xlsx", [FORM])
    return {
        (frame, column, value.value, value.sheet, value.cell)
        for frame, rows in submission.rows.items()
        for row in rows
        for column, value in row.items()
        if isinstance(value, Value) and value.value is not None
    }


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(slip=slips(), merged=st.booleans(), broken=st.booleans())
def test_a_slip_never_makes_a_value_wrong(slip: Slip, merged: bool, broken: bool) -> None:
    layout = Layout(merged_values=merged, broken_labels=broken)

    right = account(printing(slip.key, slip.label), layout)
    read_ = account(printing(slip.key, slip.written), layout)

    assert read_ - right == set()

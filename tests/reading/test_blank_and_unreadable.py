"""Where a value stands that is blank or can't be read, and which part of the form is gone."""

from __future__ import annotations

import pytest
from readings import project, read, table

import xlsx_eval as xe

BELOW = """一、项目基本情况|<|<|<
项目负责人|<|联系电话|<
陈一|<|{phone}|<
项目地址|<|邮编|<
城关镇|<|{postcode}|<
项目起止时间|<|<|<
{period}|<|<|<
计划安排资金|200|实际到位资金|200
中央财政|200|中央财政|200"""

PERFORMANCE = """三、项目绩效评价情况|<|<|<|<|<
项目绩效定量目标（指标）及完成情况|一级指标|二级指标|指标内容|指标（目标）值|实际完成值
^|项目产出指标|数量指标|里程|320公里|320公里
^|^|质量指标|合格率|100%|100%
{score}|<|<|{value}|<|<
评价等次|<|<|优秀|<|<"""


def below(phone: str = "0730-1234567", postcode: str = "'414600", period: str = "2021年") -> str:
    return BELOW.format(phone=phone, postcode=postcode, period=period)


def found(text: str) -> set[tuple[str, str]]:
    """(rule, cell) of the findings on a sheet."""
    rows = xe.check(read(text))
    return set(zip(rows["rule"], rows["cell"], strict=True))


# ------------------------------------------------------------------------------- a section gone


def test_a_column_of_a_table_is_no_funds_block() -> None:
    findings = found(
        "财政支出项目绩效评价自评报告|<|<|<\n项目名称|公路|项目单位|交通局\n"
        "二、项目支出明细情况|<|<|<\n支出内容|实际支出数|会计凭证号|备注\n材料|100|3月1号|\n"
        "合计|100||"
    )

    assert ("W901", "A1") in findings
    assert not {code for code, _ in findings} & {"B801", "F113"}
    assert ("B802", "A1") in findings  # the cover's date, and nothing of the section that is gone


def test_one_measure_outside_a_table_still_tells_of_its_section() -> None:
    findings = found("财政支出项目绩效评价自评报告|<\n项目名称|公路\n实际支出|200")

    assert ("F113", "A3") in findings


# --------------------------------------------------------------------------- below their labels


@pytest.mark.parametrize("period", ["详见合同", "按批复工期", "2021年13月-2021年15月"])
def test_an_unreadable_period_below_its_label(period: str) -> None:
    text = below(period=period)

    assert project(read(text), "period") == [(period, "A7")]
    assert ("T601", "A7") in found(text)


@pytest.mark.parametrize("postcode", ["42260", "4226000", "42260O", "城关镇"])
def test_a_bad_postcode_below_its_label(postcode: str) -> None:
    findings = found(below(postcode="'" + postcode))

    assert ("P505", "C5") in findings
    assert "B802" not in {code for code, cell in findings if cell == "C5"}


def test_a_bad_phone_below_its_label() -> None:
    assert ("P504", "C3") in found(below(phone="'12345"))


def test_a_blank_value_below_its_label_knows_its_cell() -> None:
    text = below(postcode="", period="")

    assert project(read(text), "postcode", "period") == [(None, "C5"), (None, "A7")]
    assert {("B802", "C5"), ("B801", "A7")} <= found(text)


def test_a_note_beside_the_form_is_not_the_period_below_its_label() -> None:
    frames = read(below().replace("项目起止时间|<|<|<", "项目起止时间|<|<|<|注：按合同填写"))

    assert project(frames, "period") == [("2021年", "A7")]


def test_values_beside_their_labels_are_not_looked_for_below() -> None:
    frames = read(
        "一、项目基本情况|<|<|<\n项目负责人|陈一|联系电话|0730-1234567\n项目地址|城关镇|邮编|\n"
        "本表由项目单位填写|||按户籍"
    )

    assert project(frames, "postcode") == [(None, "D3")]


@pytest.mark.parametrize(
    ("label", "other", "cell"),
    [("邮编", "", "C5"), ("邮编", "编号二", "C5"), ("项目负责人", "", "A3"),
     ("项目起止时间", "", "A7"), ("项目地址", "", "A5")],
)  # fmt: skip
def test_a_value_left_behind_below_its_label(label: str, other: str, cell: str) -> None:
    labels = read(below().replace(label, other)).labels
    gone = labels[(labels["label"] == label) & labels["cell"].isna()]

    assert list(gone["left"]) == [cell]


def test_what_stands_below_the_block_was_not_left_behind() -> None:
    text = below().replace("项目地址|<|邮编|<\n城关镇|<|'414600|<\n", "")
    text = text.split("\n计划")[0] + "\n|||\n县财政局制|||"
    labels = read(text).labels

    assert labels["left"].isna().all()


# ------------------------------------------------------------------------- behind their labels


def test_a_blank_value_behind_the_colon_stands_in_the_labels_cell() -> None:
    text = (
        "一、项目基本情况|<|<|<\n项目负责人：陈一|<|联系电话：|<\n项目地址：城关镇|<|邮编：|<\n"
        "项目起止时间：|<|<|<"
    )

    assert project(read(text), "phone", "postcode", "period") == [
        (None, "C2"), (None, "C3"), (None, "A4"),
    ]  # fmt: skip
    assert {("B802", "C2"), ("B802", "C3"), ("B801", "A4")} <= found(text)


@pytest.mark.parametrize(
    "row", ["填报人：|<|联系电话：0730-1234567|<", "填报人：||联系电话：0730-1234567|",
            "填报人：|<|联系电话：|<"],
)  # fmt: skip
def test_a_preparer_left_blank_behind_the_colon(row: str) -> None:
    findings = found(
        "四、评价人员|<|<|<\n姓名|职务|单位|<\n张三|局长|教育局|<\n李四|会计|教育局|<\n" + row
    )

    assert ("P507", "A5") in findings


def test_a_free_cell_beside_a_label_with_a_colon_is_the_values() -> None:
    frames = read(
        "一、项目基本情况\n项目负责人：|陈一|联系电话：||\n项目地址：|城关镇|邮编：|'414600"
    )

    assert project(frames, "phone") == [(None, "D2")]


def test_a_blank_score_and_grade_behind_their_colons() -> None:
    frames = read(
        "三、项目绩效评价情况|<|<|<\n绩效评价综合得分：|<|<|<\n评价等次：优秀|<|<|<\n"
        "四、评价人员|<|<|<"
    )

    assert project(frames, "score") == [(None, "A2")]


# ------------------------------------------------------------------------------ altered labels


@pytest.mark.parametrize("label", ["最后结果", ""])
def test_a_score_without_its_label_is_no_indicator(label: str) -> None:
    text = PERFORMANCE.format(score=label, value=88)

    assert list(read(text).indicators["content"]) == ["里程", "合格率"]
    assert ("W902", "A1") in found(text)
    assert "I301" not in {code for code, _ in found(text)}


def test_an_indicator_under_merged_levels_is_one() -> None:
    last = "^|服务对象满意度指标|<|群众满意度|≥90%|95%"
    text = PERFORMANCE.replace("{score}|<|<|{value}|<|<", last)

    assert list(read(text).indicators["content"]) == ["里程", "合格率", "群众满意度"]


PEOPLE = "四、评价人员|<|<\n{head}\n张三|局长|教育局\n李四|会计|教育局\n王五|股长|教育局"


@pytest.mark.parametrize("head", ["姓名|几级|单位", "姓名|职务|何处来"])
def test_evaluators_under_an_altered_label(head: str) -> None:
    text = PEOPLE.format(head=head)

    assert table(read(text).evaluators, "name", "name_cell")[2] == ("王五", "A5")
    assert ("W902", "A1") in found(text)


@pytest.mark.parametrize("head", ["姓名|职级|单位", "姓名|职务|所在部门", "姓名|职务|签名栏"])
def test_columns_of_people_called_otherwise_are_not_missed(head: str) -> None:
    text = PEOPLE.format(head=head)
    text = text.replace("教育局", "陈一") if "签名" in head else text

    assert len(read(text).evaluators) == 3
    assert "W902" not in {code for code, _ in found(text)}


@pytest.mark.parametrize(
    "rows", ["姓名|张三|单位|教育局\n职务|局长|电话|", "姓名|张三|单位|\n姓名|李四|单位|"]
)
def test_pairs_of_labels_and_values_head_no_columns(rows: str) -> None:
    assert read("四、评价人员|<|<|<\n" + rows).evaluators.empty

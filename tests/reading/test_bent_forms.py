"""The reader on forms as people bend them, a part at a time; every value with its cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from grids import workbook
from readings import amounts, frames_of, project, read, table

from xlsx_eval.errors import UnreadableWorkbook

# --------------------------------------------------------------------------------------- fields


def test_values_right_of_their_labels() -> None:
    frames = read(
        "一、项目基本情况\n项目负责人|陈一|联系电话|0730-1234567\n邮 编|414600|项目地址|城关镇"
    )

    assert project(frames, "leader", "phone", "postcode", "address") == [
        ("陈一", "B2"), ("0730-1234567", "D2"), ("414600", "B3"), ("城关镇", "D3"),
    ]  # fmt: skip


def test_values_below_their_labels() -> None:
    frames = read("一、项目基本情况\n项目负责人|联系电话|邮编\n陈一|0730-1234567|414600")

    assert project(frames, "leader", "phone", "postcode") == [
        ("陈一", "A3"), ("0730-1234567", "B3"), ("414600", "C3"),
    ]  # fmt: skip


def test_values_behind_the_colon() -> None:
    frames = read("一、项目基本情况\n项目负责人：陈一|联系电话:0730-1234567\n邮编： 414600")

    assert project(frames, "leader", "phone", "postcode") == [
        ("陈一", "A2"), ("0730-1234567", "B2"), ("414600", "A3"),
    ]  # fmt: skip


def test_several_pairs_in_one_cell() -> None:
    frames = read("四、评价人员\n姓名|职务|单位\n张三|局长|教育局\n填报人：李二   联系电话：0730-2")

    assert project(frames, "preparer", "preparer_phone") == [("李二", "A4"), ("0730-2", "A4")]


def test_merged_labels_and_values() -> None:
    frames = read(
        "一、项目基本情况|<|<|<|<\n项目|<|项目起止时间|<|\n项目负责人|<|陈一|<|<", at="C5"
    )

    assert project(frames, "leader") == [("陈一", "E7")]


def test_a_blank_value_knows_its_cell() -> None:
    frames = read("一、项目基本情况\n项目负责人||联系电话|0730-1234567\n邮编|<||<|<")

    assert project(frames, "leader", "postcode") == [(None, "B2"), (None, "C3")]


def test_a_label_that_is_gone_has_no_cell() -> None:
    frames = read("一、项目基本情况\n项目负责人|陈一")

    assert project(frames, "phone") == [(None, None)]


def test_labels_in_other_dress() -> None:
    frames = read(
        "一、项 目 基 本 概 况\n项 目\\n负责人 ：|陈一|联 系 电 话|0730-1234567\n"
        "邮政编码（必填）|414600|项目起止时间:|2021.01-2021.12"
    )

    assert project(frames, "leader", "phone", "period") == [
        ("陈一", "B2"), ("0730-1234567", "D2"), ("2021.01-2021.12", "D3"),
    ]  # fmt: skip
    row = frames.projects.iloc[0]
    assert (row["period_start"], row["period_end"]) == (date(2021, 1, 1), date(2021, 12, 31))


def test_notes_beside_the_form_are_no_values() -> None:
    frames = read(
        "一、项目基本情况|<|<|<\n项目负责人|陈一|邮编||请补充邮编\n"
        "计划安排资金|200|结余|||暂按0计算\n"
    )

    assert project(frames, "postcode") == [(None, "D2")]
    assert ("balance", "total") not in amounts(frames)


def test_an_unmerged_gap_between_label_and_value() -> None:
    frames = read("一、项目基本情况|<|<|<|<|<\n项目负责人|||陈一||\n邮编|||'414600||")

    assert project(frames, "leader", "postcode") == [("陈一", "D2"), ("414600", "D3")]


def test_numbers_as_text_fields_are_shown_as_excel_shows_them() -> None:
    frames = read("一、项目基本情况\n联系电话|13800000000|邮编|414600")

    assert project(frames, "phone", "postcode") == [("13800000000", "B2"), ("414600", "D2")]


# ---------------------------------------------------------------------------------------- funds

PAIRS = """一、项目基本情况
计划安排资金\\n(万元)|220.2|实际到位资金（万元）|200|实际支出(万元)|206.2|结余|-6.2
其中：中央财政|20.2|其中：中央财政||其中:中央财政|6.2|其中：中央财政|
省财政||省财政|||||
县财政|200|区财政|200|市县区财政|200|县市区财政|0
其它||其 他||其他||其他|"""


def test_the_official_matrix() -> None:
    assert amounts(read(PAIRS, at="B3")) == {
        ("planned", "total"): (Decimal("220.2"), "C4"),
        ("planned", "central"): (Decimal("20.2"), "C5"),
        ("planned", "county"): (Decimal(200).normalize(), "C7"),
        ("received", "total"): (Decimal(200).normalize(), "E4"),
        ("received", "county"): (Decimal(200).normalize(), "E7"),
        ("spent", "total"): (Decimal("206.2"), "G4"),
        ("spent", "central"): (Decimal("6.2"), "G5"),
        ("spent", "county"): (Decimal(200).normalize(), "G7"),
        ("balance", "total"): (Decimal("-6.2"), "I4"),
        ("balance", "county"): (Decimal(0), "I7"),
    }


def test_every_measure_and_source_has_a_row() -> None:
    funds = read(PAIRS).funds

    assert len(funds) == 4 * 6
    blank = funds[(funds["measure"] == "received") & (funds["source"] == "central")].iloc[0]
    assert pd.isna(blank["amount"])
    assert blank["amount_cell"] == "D3"


def test_sources_in_one_column() -> None:
    frames = read(
        "一、项目基本情况\n资金来源|计划安排资金|实际到位资金|实际支出|结余\n合计|300|280|250|30\n"
        "中央财政|100|100|100|\n县财政|200|180|150|30"
    )

    assert amounts(frames)["spent", "total"] == (Decimal(250).normalize(), "D3")
    assert amounts(frames)["received", "county"] == (Decimal(180).normalize(), "C5")
    assert ("balance", "central") not in amounts(frames)


def test_measures_below_one_another() -> None:
    frames = read(
        "一、项目基本情况\n|合计|中央财政|省财政|县财政\n计划安排资金|300|100||200\n"
        "实际到位资金|280|100||180\n实际支出|250|100||150"
    )

    assert amounts(frames)["spent", "total"] == (Decimal(250).normalize(), "B5")
    assert amounts(frames)["received", "county"] == (Decimal(180).normalize(), "E4")


@pytest.mark.parametrize(
    "cell",
    ["200万元", "2,000,000元", "２００", "贰佰万元整", "200 ", "200.00000000000003", "0.02亿元"],
)
def test_amounts_in_other_dress(cell: str) -> None:
    frames = read(f"一、项目基本情况\n计划安排资金|{cell}|实际到位资金|1")

    assert amounts(frames)["planned", "total"] == (Decimal(200).normalize(), "B2")


def test_an_amount_that_cannot_be_read_keeps_its_text() -> None:
    funds = read("一、项目基本情况\n计划安排资金|约200|实际到位资金|1").funds

    assert pd.isna(funds.loc[0, "amount"])
    assert (funds.loc[0, "amount_text"], funds.loc[0, "amount_cell"]) == ("约200", "B2")


def test_a_unit_in_the_label_or_above_the_matrix() -> None:
    label = read("一、项目基本情况\n计划安排资金（元）|2000000|实际到位资金（万元）|200")
    above = read("一、项目基本情况\n|||单位：元\n计划安排资金|2000000|实际到位资金|1500000")

    assert amounts(label)["planned", "total"][0] == 200
    assert amounts(label)["received", "total"][0] == 200
    assert amounts(above)["received", "total"][0] == 150


# --------------------------------------------------------------------------------------- tables


def test_expenditures_with_inserted_rows_and_a_repeated_header() -> None:
    frames = read(
        """二、项目支出明细情况
序号|支出内容|实际支出数|会计凭证号|备注
1|设备购置|100|记-12|
||||
2|其他|5.2|1月34、41号5月17、32号凭证|
序号|支出内容|实际支出数|会计凭证号|备注
3|电话费|1|3月8号|试运行
|支出合计|106.2||
注：以上均为财政资金"""
    )

    assert table(frames.expenditures, "kind", "item", "amount", "amount_cell", "voucher") == [
        ("item", "设备购置", Decimal(100), "C3", "记-12"),
        ("item", "其他", Decimal("5.2"), "C5", "1月34、41号5月17、32号凭证"),
        ("item", "电话费", Decimal(1), "C7", "3月8号"),
        ("total", "支出合计", Decimal("106.2"), "C8", None),
    ]


def test_an_amount_merged_over_two_items_counts_once() -> None:
    frames = read(
        "二、项目支出明细情况\n支出内容|实际支出数|会计凭证号\n材料|150|记-1\n人工|^|记-2\n合计|150|"
    )

    assert table(frames.expenditures, "kind", "item", "amount") == [
        ("item", "材料\n人工", Decimal(150)),
        ("total", "合计", Decimal(150)),
    ]


INDICATORS = """三、项目绩效评价情况
项目绩效定量目标（指标）及完成情况|一级指标|二级指标|指标内容|指标（目标）值|实际完成值
^|项目产出指标|数量指标|里程|≥320公里|320公里
^|^|^|桥梁|3座|3座
^|^|质量指标|合格率|100%|0.98
^||成本指标|控制在预算内|≤200 万元|200 万元
^|项目效益指标|经济效益指标|||
^|^|社会效益指标|满意|全年|95%以上
绩效评价综合得分|98|||"""


def test_indicators_with_merged_and_blank_levels() -> None:
    frames = read(INDICATORS)

    assert table(frames.indicators, "level1", "level2", "content", "target_cell", "actual") == [
        ("项目产出指标", "数量指标", "里程", "E3", "320公里"),
        ("项目产出指标", "数量指标", "桥梁", "E4", "3座"),
        ("项目产出指标", "质量指标", "合格率", "E5", "0.98"),
        ("项目产出指标", "成本指标", "控制在预算内", "E6", "200 万元"),
        ("项目效益指标", "经济效益指标", None, "E7", None),
        ("项目效益指标", "社会效益指标", "满意", "E8", "95%以上"),
    ]
    assert project(frames, "score") == [(Decimal(98), "B9")]


def test_targets_and_actuals_are_parsed() -> None:
    indicators = read(INDICATORS).indicators

    columns = ("target_operator", "target_value", "target_unit", "actual_value", "actual_unit")
    assert table(indicators, *columns)[:4] == [
        (">=", Decimal(320), "公里", Decimal(320), "公里"),
        ("=", Decimal(3), "座", Decimal(3), "座"),
        ("=", Decimal(100), "%", Decimal("0.98"), None),
        ("<=", Decimal(200), "万元", Decimal(200), "万元"),
    ]


def test_goals_have_their_labels_above() -> None:
    frames = read(
        "三、项目绩效评价情况\n项目绩效定性目标及实施计划完成情况|预期目标|<|实际完成\n^|保障运行|<|已完成\n"
        "项目绩效定量目标（指标）及完成情况|一级指标|二级指标|指标内容|目标值|完成值"
    )

    assert table(frames.goals, "expected", "expected_cell", "actual", "actual_cell") == [
        ("保障运行", "B3", "已完成", "D3")
    ]


# ----------------------------------------------------------------------------------------- text

PEOPLE = """四、评价人员
姓名|职称/职务|单位
张三|副局长|教育局
李二|会计|教育局
评价组组长（签字）：张三||2022年3月1日
项目单位意见：同意自评。\\n\\n项目单位负责人（签字）：王五  2022 年 3 月 2 日|<|<
主管部门意见：|| 部门负责人（签字）：     年 月 日
财政部门归口业务科室意见：\\n财政部门归口业务科室负责人（签字）：\\n年  月  日|<|<
填报人： 李二
联系电话：0730-1"""


def test_opinions_with_signature_and_date() -> None:
    frames = read(PEOPLE)

    assert table(frames.evaluators, "name", "title", "unit", "name_cell") == [
        ("张三", "副局长", "教育局", "A3"),
        ("李二", "会计", "教育局", "A4"),
    ]
    assert table(frames.opinions, "role", "opinion", "signatory", "date", "date_cell") == [
        ("leader", None, "张三", date(2022, 3, 1), "C5"),
        ("unit", "同意自评。", "王五", date(2022, 3, 2), "A6"),
        ("department", None, None, None, "C7"),
        ("finance", None, None, None, "A8"),
    ]
    assert project(frames, "preparer", "preparer_phone") == [("李二", "A9"), ("0730-1", "A10")]


NARRATIVE = """五、评价报告综述（文字部分）
（一）项目基本概况
本项目属于年度预算。

第二段。
（二）项目资金使用及管理情况|资金专款专用。
（三）项目组织实施情况：组织有力。
（四）综合评价情况及评价结论
（五）项目主要绩效情况分析\\n数量指标完成。\\n质量指标完成。
(六)主要经验及做法、存在的问题和建议
无。"""


def test_narratives_in_one_cell_or_several() -> None:
    frames = read(NARRATIVE)

    assert table(frames.narratives, "section", "heading_cell", "text", "text_cell") == [
        (1, "A2", "本项目属于年度预算。\n第二段。", "A3"),
        (2, "A6", "资金专款专用。", "B6"),
        (3, "A7", "组织有力。", "A7"),
        (4, "A8", None, "A9"),
        (5, "A9", "数量指标完成。\n质量指标完成。", "A9"),
        (6, "A10", "无。", "A11"),
    ]


def test_the_whole_narrative_in_one_cell() -> None:
    heading, _, body = NARRATIVE.partition("\n")
    frames = read(heading + "\n" + body.replace("|", "\\n").replace("\n", "\\n"))

    texts = table(frames.narratives, "section", "text")
    assert texts[0] == (1, "本项目属于年度预算。\n第二段。")
    assert texts[5] == (6, "无。")


# ------------------------------------------------------------------------------------- sections


def test_sections_on_one_sheet_in_another_order() -> None:
    frames = read("\n".join((NARRATIVE, PEOPLE, INDICATORS, PAIRS)), at="D7")

    assert amounts(frames)["spent", "total"][0] == Decimal("206.2")
    assert len(frames.indicators) == 6
    assert len(frames.evaluators) == 2
    assert frames.narratives["text"].notna().sum() == 5
    assert list(frames.places[frames.places["section"]]["found"]) == [
        False, True, False, True, True, True,
    ]  # fmt: skip


def test_a_table_of_contents_is_no_form() -> None:
    contents = "目录\n一、项目基本情况\n二、项目支出明细情况\n三、项目绩效评价情况\n四、评价人员"
    frames = frames_of(workbook({"目录": contents, "Sheet1": PAIRS, "Sheet2": PEOPLE}))

    places = frames.places.set_index("place")
    assert tuple(places.loc["basics", ["sheet", "cell"]]) == ("Sheet1", "A1")
    assert tuple(places.loc["evaluators", ["sheet", "cell"]]) == ("Sheet2", "A1")


def test_a_ledger_with_the_same_headers_is_left_alone() -> None:
    ledger = "支出内容|金额|凭证号\n零星|1|记-1\n零星|2|记-2"
    form = "二、项目支出明细情况\n支出内容|实际支出数|会计凭证号\n设备|100|记-12\n合计|100|"

    for sheets in ({"台账": ledger, "表": form}, {"表": form, "台账": ledger}):
        frames = frames_of(workbook(sheets))
        assert table(frames.expenditures, "sheet", "item") == [("表", "设备"), ("表", "合计")]


def test_without_headings_the_parts_are_found_by_their_labels() -> None:
    text = "\n".join(part.split("\n", 1)[1] for part in (PAIRS, INDICATORS, PEOPLE))
    frames = read(text)

    assert amounts(frames)["spent", "total"][0] == Decimal("206.2")
    assert len(frames.indicators) == 6
    assert len(frames.evaluators) == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的"),
        ("项目名称".encode(), "文件不是 Excel 工作簿"),
        (b"PK\x03\x04" + b"\x00" * 50, "文件不完整或已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "旧版 .xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "文件设置了打开密码",
        ),
        (workbook({"Sheet1": "姓名|年龄\n张三|5"}), "没有找到"),
    ],
)
def test_what_is_no_form_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableWorkbook, match=sentence) as refusal:
        frames_of(data)

    assert str(refusal.value).endswith("。")


def test_every_truncation_is_refused_or_read() -> None:
    whole = workbook({"Sheet1": PAIRS})

    for length in range(0, len(whole), 97):
        with pytest.raises(UnreadableWorkbook):
            frames_of(whole[:length])

"""What readers of bent forms get wrong: each of these was once read amiss."""

from __future__ import annotations

from decimal import Decimal

import pytest
from grids import workbook
from readings import amounts, frames_of, project, read, table

from xlsx_eval.frames import Frames

BASICS = """一、项目基本情况
项目名称|路灯改造|项目单位|城管局
项目负责人|陈一|联系电话|0730-1234567
计划安排资金|100|实际到位资金|100|实际支出|90|结余|10"""
ITEMS = """二、项目支出明细情况
支出内容|实际支出数|会计凭证号|备注
灯具|60|3月记1|
人工|30|4月记2|
合计|90||"""
INDICATORS = """三、项目绩效评价情况
一级指标|二级指标|指标内容|指标（目标）值|实际完成值
项目产出指标|数量指标|路灯|300盏|300盏
^|质量指标|合格率|100%|100%
绩效评价综合得分|95
评价等次|优秀"""
PEOPLE = """四、评价人员
姓名|职称/职务|单位
张三|局长|城管局
填报人：李二|联系电话：0730-7654321"""
NARRATIVE = """五、评价报告综述（文字部分）
（一）项目基本概况
本项目改造路灯300盏。
（二）项目资金使用及管理情况
专款专用。
（三）项目组织实施情况
组织有力。
（四）综合评价情况及评价结论
自评95分。
（五）项目主要绩效情况分析
完成良好。
（六）主要经验及做法、存在问题和建议
加强维护。"""
TEXTS = [
    "本项目改造路灯300盏。", "专款专用。", "组织有力。", "自评95分。", "完成良好。", "加强维护。",
]  # fmt: skip


def joined(*parts: str) -> str:
    return "\n".join(parts)


def without_heading(part: str) -> str:
    return part.split("\n", 1)[1]


def texts(frames: Frames) -> list[str | None]:
    return [text for (text,) in table(frames.narratives, "text")]


# ------------------------------------------------------------------------------- other sheets


def test_a_sheet_of_instructions_is_not_the_form() -> None:
    instructions = "项目名称：填写项目全称\n项目单位：填写单位全称\n评价等次：90分及以上为优秀"
    form = joined(BASICS, ITEMS, INDICATORS)

    for head in (form, form.replace("一、项目基本情况\n", "")):
        frames = frames_of(workbook({"填报说明": instructions, "Sheet1": head}))
        assert [value for value, _ in project(frames, "project_name", "project_unit", "grade")] == [
            "路灯改造", "城管局", "优秀",
        ]  # fmt: skip


def test_a_ledger_before_a_form_without_headings() -> None:
    ledger = "支出内容|实际支出数|会计凭证号|备注\n零星|1|记-1|\n零星|2|记-2|"
    form = joined(without_heading(BASICS), without_heading(ITEMS), without_heading(INDICATORS))

    frames = frames_of(workbook({"支出明细账": ledger, "表": form}))

    assert table(frames.expenditures, "item") == [("灯具",), ("人工",), ("合计",)]


# ------------------------------------------------------------------------------------- fields


def test_a_column_of_a_table_is_no_field() -> None:
    frames = read(
        "四、评价人员\n姓名|职称/职务|单位|联系电话|签字\n张三|局长|城管局|13800000000|\n"
        "填报人：李二|联系电话：0730-7654321"
    )

    assert project(frames, "preparer_phone") == [("0730-7654321", "B4")]


def test_the_preparers_phone_without_a_heading_of_its_section() -> None:
    frames = read(joined(BASICS, without_heading(PEOPLE)))

    assert project(frames, "phone", "preparer_phone") == [
        ("0730-1234567", "D3"), ("0730-7654321", "B7"),
    ]  # fmt: skip


def test_a_value_below_a_label_as_wide_as_the_form() -> None:
    frames = read(
        "财政支出项目绩效评价自评报告|<|<\n项目名称|<|<\n路灯改造|<|<\n项目单位|<|<\n城管局|<|<"
    )

    assert project(frames, "project_name", "project_unit") == [("路灯改造", "A3"), ("城管局", "A5")]


def test_values_in_a_column_behind_a_gap() -> None:
    frames = read("项目名称||路灯改造\n项目单位||城管局\n主管部门||县政府\n评价方式||自评")

    assert project(frames, "project_name", "department") == [("路灯改造", "C1"), ("县政府", "C3")]


def test_two_phone_numbers_behind_an_inserted_column() -> None:
    frames = read("一、项目基本情况|<|<|<\n联系电话||0730-1234567/13800000000|")

    assert project(frames, "phone") == [("0730-1234567/13800000000", "C2")]


def test_a_remark_in_the_labels_brackets() -> None:
    frames = read(
        "三、项目绩效评价情况\n绩效评价综合得分（100分）|95\n评价等次（优秀、良好、合格、不合格）|优秀"
    )

    assert project(frames, "score", "grade") == [(Decimal(95), "B2"), ("优秀", "B3")]


@pytest.mark.parametrize(
    ("cell", "grade"),
    [("优 秀", "优秀"), ("优秀□ 良好☑ 合格□ 不合格□", "良好"), ("√优 良 中 差", "优")],
)
def test_a_grade_ticked_among_others(cell: str, grade: str) -> None:
    frames = read(f"三、项目绩效评价情况\n评价等次|{cell}\n综合得分|85")

    assert project(frames, "grade") == [(grade, "B2")]


def test_a_time_of_filling_in_ends_the_phone() -> None:
    frames = read("四、评价人员\n填报人：李二  联系电话：0730-7654321  填报时间：2022年3月15日")

    assert project(frames, "preparer", "preparer_phone") == [("李二", "A2"), ("0730-7654321", "A2")]


# -------------------------------------------------------------------------------------- funds


def test_the_funds_matrix_in_two_halves() -> None:
    frames = read(
        "一、项目基本情况\n计划安排资金|100|实际到位资金|90\n中央财政|100|中央财政|90\n"
        "实际支出|80|结余|10\n中央财政|80|中央财政|10"
    )

    assert {place: str(amount) for place, (amount, _) in amounts(frames).items()} == {
        ("planned", "total"): "1E+2", ("planned", "central"): "1E+2",
        ("received", "total"): "9E+1", ("received", "central"): "9E+1",
        ("spent", "total"): "8E+1", ("spent", "central"): "8E+1",
        ("balance", "total"): "1E+1", ("balance", "central"): "1E+1",
    }  # fmt: skip


def test_sources_named_once_in_the_first_column() -> None:
    frames = read(
        "一、项目基本情况\n计划安排资金|100|实际到位资金|90|实际支出|80\n中央财政|100||90||80"
    )

    assert amounts(frames)["spent", "central"][1] == "F3"
    assert amounts(frames)["received", "central"][1] == "D3"


# ------------------------------------------------------------------------------------- tables


@pytest.mark.parametrize(
    "item", ["联系电话", "项目地址", "主管部门：付办公费", "项目绩效评价", "其他"]
)
def test_an_item_may_be_called_like_a_label(item: str) -> None:
    frames = read(joined(BASICS, ITEMS.replace("人工", item), INDICATORS, PEOPLE))

    assert table(frames.expenditures, "item", "amount") == [
        ("灯具", Decimal(60)), (item, Decimal(30)), ("合计", Decimal(90)),
    ]  # fmt: skip
    assert project(frames, "preparer_phone")[0][0] == "0730-7654321"


@pytest.mark.parametrize("content", ["联系电话", "评价方式", "项目单位意见", "邮编：414600"])
def test_an_indicator_may_be_called_like_a_label(content: str) -> None:
    frames = read(joined(BASICS, ITEMS, INDICATORS.replace("路灯", content), PEOPLE))

    assert table(frames.indicators, "content") == [(content,), ("合格率",)]


def test_indicators_end_at_the_score_without_any_heading() -> None:
    frames = read(without_heading(INDICATORS).replace("绩效评价综合得分", "自评得分"))

    assert len(frames.indicators) == 2
    assert project(frames, "score")[0][0] == 95


@pytest.mark.parametrize(
    "line",
    ["制表：李二||审核：张三", "制表人|李二|复核人|张三", "注：均为财政资金", "以上已经审定|<|<|<"],
)
def test_signatures_and_remarks_below_the_total_are_no_items(line: str) -> None:
    frames = read(joined(BASICS, ITEMS, line, INDICATORS))

    assert table(frames.expenditures, "kind") == [("item",), ("item",), ("total",)]


@pytest.mark.parametrize(
    "goals",
    ["预期目标|改造路灯\n实际完成|已完成", "预期目标|改造路灯|实际完成|已完成"],
)
def test_goals_beside_their_labels(goals: str) -> None:
    frames = read(f"三、项目绩效评价情况\n{goals}")

    assert table(frames.goals, "expected", "actual") == [("改造路灯", "已完成")]


# -------------------------------------------------------------------------------------- texts


def test_an_opinion_may_speak_of_another_role() -> None:
    frames = read(
        "四、评价人员\n评价组组长（签字）：张三 2022年3月1日\n"
        "项目单位意见：同意评价组意见。 项目单位负责人（签字）：王五 2022年3月2日"
    )

    assert table(frames.opinions, "opinion", "signatory")[:2] == [
        (None, "张三"), ("同意评价组意见。", "王五"),
    ]  # fmt: skip


def test_opinions_side_by_side() -> None:
    frames = read(
        "四、评价人员\n项目单位意见|主管部门意见\n同意。|情况属实。\n"
        "项目单位负责人（签字）：王五|部门负责人（签字）：赵六\n2022年3月1日|2022年3月2日"
    )

    assert table(frames.opinions, "role", "opinion", "signatory", "date_text")[1:3] == [
        ("unit", "同意。", "王五", "2022年3月1日"),
        ("department", "情况属实。", "赵六", "2022年3月2日"),
    ]


def test_narratives_before_the_basics() -> None:
    frames = read(joined(NARRATIVE, BASICS, ITEMS))

    assert texts(frames) == TEXTS
    assert project(frames, "leader") == [("陈一", "B16")]


def test_a_note_beside_the_narrative_is_not_its_text() -> None:
    wide = "五、评价报告综述（文字部分）|<|<\n" + without_heading(NARRATIVE)

    assert texts(read(wide.replace("（一）项目基本概况", "（一）项目基本概况|||请写详细"))) == TEXTS


@pytest.mark.parametrize(
    "inside",
    [
        "1.项目概况\\n本项目。\\n2.存在问题和建议\\n无。",
        "（一）评价结论\\n合格。",
        "1、项目资金安排及使用情况\\n已拨付。",
        "（二）资金使用及管理情况：另述",
    ],
)
def test_numbered_lines_inside_a_text_are_no_headings(inside: str) -> None:
    found = texts(read(NARRATIVE.replace("本项目改造路灯300盏。", inside)))

    assert found == [inside.replace("\\n", "\n"), *TEXTS[1:]]


def test_a_heading_broken_over_two_lines() -> None:
    assert texts(read(NARRATIVE.replace("项目基本概况", "项目基\\n本概况"))) == TEXTS


@pytest.mark.parametrize("parts", [1, 2])
def test_a_narrative_without_its_heading_in_one_cell_or_two(parts: int) -> None:
    lines = without_heading(NARRATIVE).split("\n")
    half = len(lines) // parts
    cells = "\n".join("\\n".join(lines[at : at + half]) for at in range(0, len(lines), half))

    assert texts(read(joined(without_heading(BASICS), cells))) == TEXTS


def test_a_table_of_contents_does_not_take_the_narrative() -> None:
    contents = "目录\n一、项目基本情况\n五、评价报告综述（文字部分）"
    frames = frames_of(workbook({"目录": contents, "Sheet1": without_heading(NARRATIVE)}))

    assert texts(frames) == TEXTS

"""The sheet 审核意见, and what people type into it."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook

from xlsx_eval.annotation import Answer, Review, annotate, read_replies

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FUNDS = "一、项目基本情况"
GOALS = "三、绩效 指标's"
HEADER = [
    "序号", "级别", "规则", "位置", "问题", "应为", "实为", "处理建议", "单位说明", "处理意见",
]  # fmt: skip

MakeMark = Callable[..., Any]
Opened = Callable[..., Any]


def texts(sheet: Worksheet, row: int) -> list[Any]:
    return [cell.value for cell in sheet[row]]


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.fixture
def sheet(form: bytes, review: Review, opened: Opened) -> Worksheet:
    found: Worksheet = opened(annotate(form, review))["审核意见"]
    return found


def test_it_is_last_active_and_alone_selected(form: bytes, review: Review, opened: Opened) -> None:
    book = opened(annotate(form, review))
    assert book.sheetnames == [FUNDS, GOALS, "底稿", "审核意见"]
    assert book.active.title == "审核意见"
    assert [bool(each.sheet_view.tabSelected) for each in book] == [False, False, False, True]


def test_the_head_names_project_unit_verdict_and_counts(sheet: Worksheet) -> None:
    assert sheet["A1"].value == "绩效自评审核意见"
    assert (sheet["C2"].value, sheet["G2"].value) == ("城区背街小巷改造工程", "县住房和城乡建设局")
    assert sheet["C3"].value == "退回修改"
    assert sheet["C3"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["G3"].value == "错误 2 项　　疑点 2 项　　提示 1 项"


def test_the_table_lists_errors_first_then_by_place(sheet: Worksheet) -> None:
    assert texts(sheet, 5) == HEADER
    assert [sheet.cell(row, 2).value for row in range(6, 11)] == [
        "错误", "错误", "疑点", "疑点", "提示",
    ]  # fmt: skip
    assert [sheet.cell(row, 4).value for row in range(6, 11)] == [
        f"{FUNDS}!B5", "整个工作簿", f"{FUNDS}!B5", f"{GOALS}!C2", f"{FUNDS}!B4",
    ]  # fmt: skip


def test_a_row_says_everything_about_its_finding(sheet: Worksheet) -> None:
    assert texts(sheet, 6) == [
        1,
        "错误",
        "F101 实际支出大于实际到位",
        f"{FUNDS}!B5",
        "实际支出195.5万元大于实际到位资金180万元，超出15.5万元。\n对照：B4、B6",
        "不大于180万元",
        "195.5万元",
        "请核对到位资金和支出数；确有垫付的在“单位说明”栏写明资金来源。",
        None,
        None,
    ]


def test_the_place_jumps_to_the_cell(sheet: Worksheet) -> None:
    links = [sheet.cell(row, 4).hyperlink for row in range(6, 11)]
    assert [link.location if link else None for link in links] == [
        "'一、项目基本情况'!B5", None, "'一、项目基本情况'!B5", "'三、绩效 指标''s'!C2",
        "'一、项目基本情况'!B4",
    ]  # fmt: skip


def test_cells_compared_with_are_named_with_their_sheet(
    form: bytes, mark: MakeMark, opened: Opened
) -> None:
    related = f"{FUNDS}!B4;'三、绩效 指标''s'!C3;B!A1;B!A2;B!A3"
    review = Review("", "", "退回修改", (mark(problem="不一致。", related=related),))
    sheet = opened(annotate(form, review))["审核意见"]
    assert sheet["E6"].value == "不一致。\n对照：B4、三、绩效 指标's!C3、B!A1、B!A2等5处"


def test_decisions_are_chosen_from_a_list(sheet: Worksheet) -> None:
    (choices,) = sheet.data_validations.dataValidation
    assert choices.formula1 == '"已更正,已说明,不予采纳,待核实"'
    assert str(choices.sqref) == "J6:J10"


def test_it_prints_well(sheet: Worksheet) -> None:
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.freeze_panes == "A6"
    assert sheet.sheet_view.showGridLines is False
    assert sheet["A12"].value.startswith("审核人：")


def test_rows_are_as_high_as_their_longest_text(
    form: bytes, mark: MakeMark, opened: Opened
) -> None:
    marks = (mark(problem="短。"), mark(cell="B6", problem="很长的说明，" * 25))
    sheet = opened(annotate(form, Review("", "", "退回修改", marks)))["审核意见"]
    short, long = (sheet.row_dimensions[row].height for row in (6, 7))
    assert short < 80
    assert long > 9 * 14  # 150 characters, at most 18 on a line


def test_an_earlier_answer_is_shown_again(form: bytes, mark: MakeMark, opened: Opened) -> None:
    review = Review("", "", "需核实", (mark(reply="垫付，已归还。", decision="已说明"),))
    row = texts(opened(annotate(form, review))["审核意见"], 6)
    assert row[8:] == ["垫付，已归还。", "已说明"]


def test_without_findings_it_says_so_and_nothing_else_changes(form: bytes, opened: Opened) -> None:
    before, after = opened(form), opened(annotate(form, Review("小巷", "住建局", "通过")))
    sheet = after["审核意见"]
    assert sheet["C3"].value == "通过"
    assert sheet["A5"].value == "本表未发现问题。"
    for cell in ("B4", "B5", "B6"):
        assert after[FUNDS][cell].fill.fgColor.rgb == before[FUNDS][cell].fill.fgColor.rgb
    assert after[FUNDS]["B5"].comment is None


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x")', "#N/A", "@cmd", "+1", "-1"])
def test_text_like_a_formula_stays_text(
    form: bytes, mark: MakeMark, opened: Opened, text: str
) -> None:
    review = Review(text, text, "退回修改", (mark(problem=text, related="", actual=text),))
    sheet = opened(annotate(form, review))["审核意见"]
    for cell in ("C2", "G2", "E6", "G6"):
        assert (sheet[cell].value, sheet[cell].data_type) == (text, "s")


def test_characters_that_excel_forbids_are_dropped(
    form: bytes, mark: MakeMark, opened: Opened
) -> None:
    review = Review("甲\x00乙\ud800", "", "退回修改", (mark(problem="一\x07二\r\n三", related=""),))
    book = opened(annotate(form, review))
    assert book["审核意见"]["C2"].value == "甲乙"
    assert book["审核意见"]["E6"].value == "一二\n三"
    assert "一二 三" in book[FUNDS]["B5"].comment.text


def test_a_sheet_of_the_unit_keeps_its_name(form: bytes, review: Review, opened: Opened) -> None:
    book = load_workbook(io.BytesIO(form))
    book.create_sheet("审核意见")["A1"] = "单位自己的"
    marked = annotate(annotate(saved(book), review), review)
    assert opened(marked).sheetnames[2:] == ["底稿", "审核意见", "审核意见(2)"]
    assert opened(marked)["审核意见"]["A1"].value == "单位自己的"


def typed(annotated: bytes) -> dict[tuple[str, str, str], tuple[str, str]]:
    answers = (a for a in read_replies(annotated) if a.reply or a.decision)
    return {(a.rule, a.sheet, a.cell): (a.reply, a.decision) for a in answers}


def test_replies_come_back_after_people_typed_them(form: bytes, review: Review) -> None:
    book = load_workbook(io.BytesIO(annotate(form, review)))
    sheet = book["审核意见"]
    sheet["I6"], sheet["J6"] = "垫付资金，已于次年到位。", "已说明"
    sheet["J7"] = "待核实"
    sheet["I9"] = " 工期顺延 "
    assert typed(saved(book)) == {
        ("F101", FUNDS, "B5"): ("垫付资金，已于次年到位。", "已说明"),
        ("W901", "", ""): ("", "待核实"),
        ("I303", GOALS, "C2"): ("工期顺延", ""),
    }


def test_replies_are_found_in_a_renamed_and_rearranged_sheet(form: bytes, review: Review) -> None:
    book = load_workbook(io.BytesIO(annotate(form, review)))
    sheet = book["审核意见"]
    sheet["I6"] = "已归还。"
    sheet.insert_rows(1)
    sheet.title = "审核意见（回复）"
    assert typed(saved(book)) == {("F101", FUNDS, "B5"): ("已归还。", "")}


def test_replies_survive_the_next_round(form: bytes, review: Review, mark: MakeMark) -> None:
    first = dataclasses.replace(review, marks=(mark(reply="已归还。", decision="已更正"),))
    again = annotate(annotate(form, first), first)
    assert typed(again) == {("F101", FUNDS, "B5"): ("已归还。", "已更正")}


def test_a_workbook_without_our_sheet_has_no_replies(form: bytes, review: Review) -> None:
    assert read_replies(form) == ()
    assert [(a.reply, a.decision) for a in read_replies(annotate(form, review))] == [("", "")] * 5
    assert read_replies(annotate(form, Review("", "", "通过"))) == ()
    assert read_replies(b"no workbook") == ()


def test_answers_to_findings_that_are_gone_stay_below(
    form: bytes, mark: MakeMark, opened: Opened
) -> None:
    kept = Answer("F104", FUNDS, "B3", "各来源之和不等于总额。", "其他来源在附表。", "已说明")
    review = Review("", "", "退回修改", (mark(),), earlier=(kept,), note="由 .xls 转换而来。")
    marked = annotate(form, review)
    sheet = opened(marked)["审核意见"]
    assert sheet["A7"].value == "下列问题已不再提出，此前填写的内容保留在此："
    assert texts(sheet, 8)[2:5] == ["F104", f"{FUNDS}!B3", "各来源之和不等于总额。"]
    assert texts(sheet, 8)[8:10] == ["其他来源在附表。", "已说明"]
    assert sheet["A9"].value == "注：由 .xls 转换而来。"
    assert read_replies(marked)[1:] == (kept,)


def test_answers_stay_where_nothing_is_found_any_more(form: bytes) -> None:
    kept = Answer("F104", FUNDS, "B3", "各来源之和不等于总额。", "已更正。", "")
    assert read_replies(annotate(form, Review("", "", "通过", earlier=(kept,)))) == (kept,)


def test_answers_come_back_as_they_show(form: bytes, review: Review) -> None:
    book = load_workbook(io.BytesIO(annotate(form, review)))
    sheet = book["审核意见"]
    sheet["I6"], sheet["I7"], sheet["I8"], sheet["I9"] = date(2022, 3, 1), 0.95, True, 0.1 + 0.2
    sheet["I7"].number_format = "0%"
    assert [answer.reply for answer in read_replies(saved(book))][:4] == [
        "2022-03-01", "95%", "TRUE", "0.3",
    ]  # fmt: skip


def test_an_answer_goes_on_in_the_row_below(form: bytes, review: Review) -> None:
    book = load_workbook(io.BytesIO(annotate(form, review)))
    sheet = book["审核意见"]
    sheet["I5"] = "单位说明\n（必填）"
    sheet["I6"] = "第一段。"
    sheet.insert_rows(7)
    sheet["I7"] = "第二段。"
    assert typed(saved(book)) == {("F101", FUNDS, "B5"): ("第一段。\n第二段。", "")}

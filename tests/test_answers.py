"""Answers follow their finding from one annotated copy to the next."""

from __future__ import annotations

from xlsx_eval.annotation import Answer, Mark, Review
from xlsx_eval.answers import answered

FUNDS, DETAILS = "一、项目基本情况", "二、项目支出明细"


def mark(rule: str, sheet: str | None, cell: str | None, problem: str) -> Mark:
    return Mark(rule, "名称", "error", sheet, cell, "", problem, "", "", "", "")


def answer(
    rule: str, sheet: str, cell: str, problem: str, reply: str = "", decision: str = ""
) -> Answer:
    return Answer(rule, sheet, cell, problem, reply, decision)


def told(
    marks: list[Mark],
    sent: tuple[Answer, ...] = (),
    ours: tuple[Answer, ...] = (),
    sheets: tuple[str, ...] = (),
) -> tuple[list[tuple[str, str]], tuple[Answer, ...]]:
    """Reply and decision of each finding, and the answers that are left."""
    review = Review("项目", "单位", "退回修改", tuple(marks))
    review = answered(review, sent, ours, sheets=(FUNDS, DETAILS, *sheets))
    return [(each.reply, each.decision) for each in review.marks], review.earlier


def test_the_units_word_comes_from_what_it_sent_and_the_decision_from_our_copy() -> None:
    marks = [mark("F101", FUNDS, "F5", "超支6.2万元。"), mark("W901", None, None, "缺少附表。")]
    sent = (
        answer("F101", FUNDS, "F5", "超支6.2万元。", "含上年结转", "待核实"),
        answer("W901", "", "", "缺少附表。", "随后补报"),
    )
    ours = (answer("F101", FUNDS, "F5", "超支6.2万元。", "已核对", "已说明"),)

    assert told(marks, sent, ours) == ([("含上年结转", "已说明"), ("随后补报", "")], ())
    assert told(marks, ours=ours) == ([("已核对", "已说明"), ("", "")], ())


def test_a_finding_whose_row_was_moved_keeps_its_answer() -> None:
    marks = [
        mark("D201", DETAILS, "B7", "“路面修补”没有凭证号。"),
        mark("D201", DETAILS, "B8", "“人工工资”没有凭证号。"),
    ]
    ours = (
        answer("D201", DETAILS, "B6", "“路面修补”没有凭证号。", "补在附页"),
        answer("D201", DETAILS, "B7", "“人工工资”没有凭证号。", "", "已说明"),
    )

    assert told(marks, ours=ours) == ([("补在附页", ""), ("", "已说明")], ())


def test_a_finding_that_moved_and_whose_numbers_changed_keeps_its_answer() -> None:
    marks = [
        mark("D203", DETAILS, "B7", "“路面修补”多出3.5万元。"),
        mark("D203", DETAILS, "B9", "“人工工资”多出1万元。"),
    ]
    ours = (answer("D203", DETAILS, "B6", "“路面修补”多出1,203.5万元。", "分两次支付"),)

    assert told(marks, ours=ours) == ([("分两次支付", ""), ("", "")], ())


def test_the_only_answer_goes_to_the_only_finding_of_its_rule_on_the_sheet() -> None:
    moved = answer("F104", FUNDS, "F5", "各来源合计不等于总额。", "尾差")

    assert told([mark("F104", FUNDS, "F6", "总额与各来源之和不一致。")], ours=(moved,)) == (
        [("尾差", "")],
        (),
    )
    for other in (
        mark("F104", DETAILS, "F6", "总额与各来源之和不一致。"),
        mark("F105", FUNDS, "F6", "总额与各来源之和不一致。"),
    ):
        assert told([other], ours=(moved,)) == ([("", "")], (moved,))


def test_an_answer_about_something_else_stays_with_that() -> None:
    left = answer("D201", DETAILS, "B6", "“路面修补”没有凭证号。", "补在附页", "已说明")

    assert told([mark("D201", DETAILS, "B9", "“人工工资”没有凭证号。")], ours=(left,)) == (
        [("", "")],
        (left,),
    )


def test_what_could_belong_to_two_findings_belongs_to_none() -> None:
    marks = [mark("D204", DETAILS, cell, "金额为负数。") for cell in ("C7", "C8")]
    left = answer("D204", DETAILS, "C5", "金额为负数。", "冲销")

    assert told(marks, ours=(left,)) == ([("", ""), ("", "")], (left,))


def test_two_findings_in_one_cell_keep_their_own_answers() -> None:
    marks = [mark("B801", FUNDS, "B3", each) for each in ("电话没有填写。", "邮编没有填写。")]
    ours = (
        answer("B801", FUNDS, "B3", "邮编没有填写。", "没有邮编"),
        answer("B801", FUNDS, "B3", "电话没有填写。", "没有电话"),
    )

    assert told(marks, ours=ours) == ([("没有电话", ""), ("没有邮编", "")], ())


def test_answers_to_findings_that_are_gone_are_kept_once() -> None:
    first = answer("F101", FUNDS, "F5", "超支6.2万元。", "含上年结转", "待核实")
    ours = (
        answer("F101", FUNDS, "F5", "超支6.2万元。", "", "已更正"),
        answer("S401", "三、绩效", "C30", "得分大于100。", "", "已更正"),
    )

    findings, earlier = told([], sent=(first,), ours=ours)

    assert findings == []
    assert earlier == (
        answer("F101", FUNDS, "F5", "超支6.2万元。", "含上年结转", "已更正"),
        answer("S401", "三、绩效", "C30", "得分大于100。", "", "已更正"),
    )
    assert told([], ours=earlier)[1] == earlier  # round after round


def test_a_finding_that_comes_back_takes_its_answer_back() -> None:
    earlier = answer("F101", FUNDS, "F5", "超支6.2万元。", "含上年结转", "已说明")

    assert told([mark("F101", FUNDS, "F5", "超支8万元。")], ours=(earlier,)) == (
        [("含上年结转", "已说明")],
        (),
    )


# ---------------------------------------------------------------------------------- rows that move


def test_an_answer_never_goes_to_what_took_the_place_of_a_deleted_row() -> None:
    ours = (
        answer("D204", DETAILS, "F30", "支出“有机肥施用补助”8万元，没有凭证号。", "票据在乡镇"),
        answer("D204", DETAILS, "F31", "支出“耕地质量监测”0.9万元，没有凭证号。", "合同未到期"),
    )

    assert told(
        [mark("D204", DETAILS, "F30", "支出“耕地质量监测”9.9万元，没有凭证号。")], ours=ours
    ) == (
        [("合同未到期", "")],
        (ours[0],),
    )
    assert told(
        [mark("D204", DETAILS, "F30", "支出“测土配方”9.9万元，没有凭证号。")], ours=ours
    ) == (
        [("", "")],
        ours,
    )


def test_an_answer_follows_what_it_is_about_below_an_inserted_row() -> None:
    marks = [
        mark("D204", DETAILS, "F31", "支出“有机肥”17.9万元，没有凭证号。"),
        mark("D204", DETAILS, "F32", "支出“农药”6万元，没有凭证号。"),
        mark("D204", DETAILS, "F33", "支出“2021年种子”6万元，没有凭证号。"),
    ]
    ours = (
        answer("D204", DETAILS, "F30", "支出“有机肥”7.9万元，没有凭证号。", "关于有机肥"),
        answer("D204", DETAILS, "F31", "支出“农药”6万元，没有凭证号。", "关于农药"),
        answer("D204", DETAILS, "F33", "支出“2020年种子”6万元，没有凭证号。", "关于上年种子"),
    )

    assert told(marks, ours=ours) == (
        [("关于有机肥", ""), ("关于农药", ""), ("", "")],
        (ours[2],),
    )


def test_a_value_is_no_name() -> None:
    left = answer("B803", FUNDS, "D4", "联系电话填写为“8621”，不是电话号码。", "总机")

    assert told(
        [mark("B803", FUNDS, "D4", "联系电话填写为“862-1”，不是电话号码。")], ours=(left,)
    ) == (
        [("总机", "")],
        (),
    )


SAME = "目标值与实际完成值完全相同。"


def same(*cells: str) -> list[Mark]:
    return [mark("I302", DETAILS, cell, SAME) for cell in cells]


def before(*cells: str) -> tuple[Answer, ...]:
    return tuple(answer("I302", DETAILS, cell, SAME, f"原{cell}") for cell in cells)


def replies(marks: list[Mark], ours: tuple[Answer, ...]) -> list[str]:
    return [reply for reply, _ in told(marks, ours=ours)[0]]


def test_equal_problems_keep_the_order_of_their_rows() -> None:
    assert replies(same("H24", "H25"), before("H24", "H25")) == ["原H24", "原H25"]
    assert replies(same("H25", "H26"), before("H24", "H25")) == ["原H24", "原H25"]
    assert replies(same("H23", "H24"), before("H25", "H24")) == ["原H24", "原H25"]
    assert replies(same("H9", "H10", "H12", "H13"), before("H9", "H10", "H11", "H12")) == [
        "原H9", "原H10", "原H11", "原H12",
    ]  # fmt: skip


def test_an_equal_problem_elsewhere_does_not_push_an_answer_from_its_cell() -> None:
    assert replies(same("H25", "H30"), before("H25", "H24"))[0] == "原H25"


def test_one_of_two_equal_problems_that_is_left_keeps_its_cell() -> None:
    assert replies(same("H25"), before("H24", "H25")) == ["原H25"]
    assert replies(same("H27"), before("H24", "H25")) == [""]


def test_what_moved_near_by_tells_which_of_two_equal_problems_is_left() -> None:
    marks = [*same("H25"), mark("D201", DETAILS, "B22", "“路面修补”没有凭证号。")]
    ours = (*before("H24", "H25"), answer("D201", DETAILS, "B21", "“路面修补”没有凭证号。"))

    assert replies(marks, ours) == ["原H24", ""]


def test_a_row_inserted_below_moves_no_answer_above_it() -> None:
    named = "“路面修补”没有凭证号。"
    marks = [*same("H5", "H6"), mark("D201", DETAILS, "B11", named)]
    ours = (*before("H4", "H5", "H6"), answer("D201", DETAILS, "B10", named))

    assert replies(marks, ours) == ["原H5", "原H6", ""]


def test_an_answer_does_not_go_far_away_while_others_stay() -> None:
    assert replies(same("H5", "H9"), before("H5", "H20")) == ["原H5", ""]
    assert replies(same("H45"), before("H25")) == ["原H25"]  # the only one may have gone far


# ------------------------------------------------------------------------- sheets that were renamed


def test_answers_follow_a_sheet_that_was_renamed() -> None:
    marks = [
        mark("F101", "自评报告（修改）", "F5", "超支6.2万元。"),
        mark("D201", "自评报告（修改）", "B8", "“人工工资”没有凭证号。"),
    ]
    ours = (
        answer("F101", "自评报告", "F5", "超支6.2万元。", "含上年结转"),
        answer("D201", "自评报告", "B7", "“人工工资”没有凭证号。", "补在附页"),
    )

    assert told(marks, ours=ours, sheets=("自评报告（修改）",)) == (
        [("含上年结转", ""), ("补在附页", "")],
        (),
    )
    for there in ("自评报告", "自评报告（修改）"):
        kept = ours if there == "自评报告" else ()
        assert told(marks, ours=ours, sheets=(there,))[1] == kept


# ------------------------------------------------------------------------------ rows without a word


def test_what_a_unit_deletes_does_not_come_back() -> None:
    marks = [mark("F101", FUNDS, "F5", "超支6.2万元。")]
    ours = (
        answer("F101", FUNDS, "F5", "超支6.2万元。", "含上年结转", "已说明"),
        answer("W901", "", "", "缺少附表。", "随后补报"),
    )
    emptied = (answer("F101", FUNDS, "F5", "超支6.2万元。"), answer("W901", "", "", "缺少附表。"))

    assert told(marks, sent=emptied, ours=ours) == ([("", "已说明")], ())
    assert told(marks, ours=ours) == ([("含上年结转", "已说明")], (ours[1],))


def test_rows_without_a_word_are_not_kept_but_tell_what_is_answered() -> None:
    marks = [mark("D204", DETAILS, cell, "金额为负数。") for cell in ("C7", "C8")]
    ours = (
        answer("D204", DETAILS, "C5", "金额为负数。", "冲销"),
        answer("D204", DETAILS, "C6", "金额为负数。"),
    )

    assert told(marks, ours=ours) == ([("冲销", ""), ("", "")], ())
    assert told([], ours=ours) == ([], (ours[0],))

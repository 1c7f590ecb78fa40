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
    marks: list[Mark], sent: tuple[Answer, ...] = (), ours: tuple[Answer, ...] = ()
) -> tuple[list[tuple[str, str]], tuple[Answer, ...]]:
    """Reply and decision of each finding, and the answers that are left."""
    review = answered(Review("项目", "单位", "退回修改", tuple(marks)), sent, ours)
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

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writing import ANY_TEXT

from xlsx_eval.values.choices import checked_option

GRADES = ("优", "良", "中", "差")
PROCESS, RESULT = TYPES = ("项目实施过程评价", "项目完成结果评价")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("项目实施过程评价□ 项目完成结果评价☑", RESULT),
        ("项目实施过程评价☑\ufe0f 项目完成结果评价□", PROCESS),
        ("（项目实施过程评价□ 项目完成结果评价■）", RESULT),
        ("□ 项目实施过程评价  √项目完成结果评价", RESULT),
        ("√ 项目实施过程评价 □ 项目完成结果评价", PROCESS),
        ("[x]项目实施过程评价 [ ]项目完成结果评价", PROCESS),
        ("项目实施过程评价（ ）、项目完成结果评价（√）", RESULT),
        ("□√项目实施过程评价 □项目完成结果评价", PROCESS),
        ("项目实施过程评价√□ 项目完成结果评价□", PROCESS),
        ("项目完成结果评价", RESULT),
        ("项 目 完 成 结 果 评 价√", RESULT),
    ],
)
def test_chosen_type(text: str, expected: str) -> None:
    assert expected == checked_option(text, TYPES)


@pytest.mark.parametrize(
    "text",
    [
        *("", "无", "项目实施过程评价□ 项目完成结果评价□", "项目实施过程评价 项目完成结果评价"),
        *("项目实施过程评价☑ 项目完成结果评价☑", "√", "□项目完成结果评价", "不是项目完成结果评价"),
        # The tick in the middle may belong to either side.
        *("项目实施过程评价□ √项目完成结果评价", "项目实施过程评价 √ 项目完成结果评价"),
        *("□项目实施过程评价√ □项目完成结果评价", "☑项目实施过程评价 项目完成结果评价□"),
        "项目完成结果评价 项目完成结果评价",
    ],
)
def test_unclear_choices_stay_unread(text: str) -> None:
    assert checked_option(text, TYPES) is None


@given(
    st.sampled_from(GRADES),
    st.sampled_from("☑✓√✔■●☒"),
    st.sampled_from("□☐○"),
    st.booleans(),
    st.sampled_from([" ", "", "、", "\n"]),
)
def test_ticked_lists_are_read_back(
    chosen: str, tick: str, box: str, before: bool, separator: str
) -> None:
    marks = [tick if grade == chosen else box for grade in GRADES]
    parts = [
        mark + grade if before else grade + mark for grade, mark in zip(GRADES, marks, strict=True)
    ]
    assert chosen == checked_option(separator.join(parts), GRADES)


@given(ANY_TEXT, st.lists(st.text(max_size=3), max_size=3))
def test_no_text_raises(text: str, options: list[str]) -> None:
    assert checked_option(text, options) in {None, *options}

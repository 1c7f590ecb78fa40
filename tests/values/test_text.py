import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsx_eval.values.text import compact, compact_value, is_none_word, normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("邮  编", "邮编"),
        ("一、项 目 基 本 概 况", "一、项目基本概况"),
        ("计划安排资金\n（万元）", "计划安排资金(万元)"),
        ("２００\u3000万元", "200万元"),
        ("记\u200b－\ufeff12\u00a0号", "记-12号"),
        ("☑\ufe0f优", "☑优"),
        ("", ""),
    ],
)
def test_compact(text: str, expected: str) -> None:
    assert expected == compact(text)


@pytest.mark.parametrize("text", ["①98%", "⒈5", "⑴", "10²", "3½", "㈠", "㊀"])
def test_signs_that_hold_a_number_do_not_become_plain_digits(text: str) -> None:
    assert text == normalise(text)


@pytest.mark.parametrize("text", ["98 100", "98\n100", "1. 98%", "98 .5", "九十\n五", "1" * 201])
def test_compacting_never_makes_up_a_number(text: str) -> None:
    assert compact_value(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("-", "--", "–", "—", "——", "－", "―", "/", "//", "\\", "〇", "N/A", "n/a", "none"),
        *("不涉及", "本项目不涉及", "本项目不适用", "暂无", "无此项"),
        *("无", "没有", "不适用", "空", "（无）", "(无)", "无。"),
    ],
)
def test_none_words(text: str) -> None:
    assert is_none_word(f" {text}\n")


@pytest.mark.parametrize("text", ["", "0", "零", "无线网", "-6.2", "一", "空气", "0.00"])
def test_no_none_words(text: str) -> None:
    assert not is_none_word(text)


@given(st.text())
def test_compacting_twice_changes_nothing(text: str) -> None:
    assert compact(compact(text)) == compact(text)

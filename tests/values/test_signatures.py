import pytest
from hypothesis import given
from hypothesis import strategies as st
from writing import ANY_TEXT

from xlsx_eval.values.signatures import is_dated, is_signed, mentions_signature

BLANK = [
    "年 月 日",
    "   年   月   日",
    "2022年 月 日",
    "（签字）",
    "签字：",
    "（盖章）",
    "____",
    "/",
    "无",
]


@pytest.mark.parametrize(
    "text", [*BLANK, "", "日期：", "（单位负责人签字）", "待签字", "2022年3月2日"]
)
def test_nobody_signed(text: str) -> None:
    assert not is_signed(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "王五",
            "王五 2022年3月2日",
            "王五\n3月2日",
            "（签名）王五",
            "（已签）",
            "已盖章",
            "李一",
        ),
        *("张日新 年 月 日", "江月", "王五 二〇二二年三月二日"),
    ],
)
def test_somebody_signed(text: str) -> None:
    assert is_signed(text)


@pytest.mark.parametrize("text", [*BLANK, "王五", "李一"])
def test_no_date(text: str) -> None:
    assert not is_dated(text)


@pytest.mark.parametrize(
    "text",
    [
        *("2022年3月2日", "2022年3月", "3月2日", "二〇二二年三月二日", "2022.3.2", "2022-03-02"),
        *("2022/3", "3/2/22", "20220302", "王五 22年3月2日", "元月5日"),
    ],
)
def test_dates(text: str) -> None:
    assert is_dated(text)


def test_a_text_that_speaks_of_signatures() -> None:
    assert mentions_signature("同意。负责人签字：李四")
    assert not mentions_signature("同意上报。")


@given(
    st.sampled_from(["张三", "欧阳修", "阿卜杜拉·买买提", "江月"]),
    st.dates(),
    st.sampled_from(["", " ", "\n", "（签字）"]),
)
def test_name_and_date_are_seen(name: str, day: object, between: str) -> None:
    text = f"{name}{between}{day}"
    assert is_signed(text)
    assert is_dated(text)


@given(ANY_TEXT)
def test_no_text_raises(text: str) -> None:
    assert is_signed(text) in {True, False}
    assert is_dated(text) in {True, False}
    assert mentions_signature(text) in {True, False}

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writing import ANY_TEXT

from xlsx_eval.values.phones import is_no_phone, is_no_postcode


@pytest.mark.parametrize(
    "text",
    [
        *(
            "13800138000",
            "138 0013 8000",
            "138-0013-8000",
            "１３８００１３８０００",
            "13800138000.0",
        ),
        *("+86 13800138000", "0086-138-0013-8000", "(+86)13800138000", "013800138000"),
        *("0730-2260000", "0730—2260000", "（0730）2260000", "0730 2260000", "07302260000"),
        *("0731-88888888", "010-12345678", "86-730-2260000", "0730.2260000", "0730-226-00-00"),
        *("2260000", "22600000", "226-0000", "400-123-4567", "800 820 8820"),
        *("0730-2260000转801", "0730-2260000-801", "0730-2260000 8801", "0730-2260000-8801/8802"),
        *("周岚 13800138000", "周岚：13800138000", "13800138000（微信同号）", "TEL:0730-2260000"),
        *("2260000、13800138000", "13800138000/13900139000", "13800138000\n0730-2260000"),
        *("13800138000 13900139000", "0730-2260000、2260001", "办：2260000 手机：13800138000"),
        *("13800138000 QQ：123456789", "123456789@qq.com 13800138000", "微信13800138000"),
        *("7302260000", "73188888888", "1012345678", "730-2260000"),
    ],
)
def test_numbers_as_people_write_them(text: str) -> None:
    assert not is_no_phone(text)


@pytest.mark.parametrize(
    "text", ["138****0000", "138xxxx0000", "0730-*******", "同上", "见封面", "略", "1.38E+10"]
)
def test_what_cannot_be_judged_passes(text: str) -> None:
    assert not is_no_phone(text)


@pytest.mark.parametrize(
    "text",
    [
        *("1380013800", "138001380000", "12345678901", "23800138000", "138 0013 800"),
        *("0730-226000", "0730-226000000", "0730-13800", "12345", "414600", "0", "0730"),
        *("张三", "湘阴县", "无号码", "QQ123456789", "13800138000、1380013800"),
        "0730-226000 13800138000",
    ],
)
def test_no_numbers(text: str) -> None:
    assert is_no_phone(text)


MOBILES = st.from_regex(r"\A1[3-9][0-9]{9}\Z")
LANDLINES = st.from_regex(r"\A(?:0[3-9][0-9]{2}-)?[2-8][0-9]{6,7}\Z")


@given(
    st.lists(MOBILES | LANDLINES, min_size=1, max_size=4),
    st.sampled_from(["、", "/", "；", "\n", "，", " 或 "]),
    st.sampled_from(["", "周岚 ", "电话："]),
)
def test_good_numbers_pass(numbers: list[str], separator: str, before: str) -> None:
    assert not is_no_phone(before + separator.join(numbers))


@given(MOBILES, st.integers(3, 10))
def test_a_mobile_with_a_digit_lost_is_found(number: str, lost: int) -> None:
    assert is_no_phone(number[:lost] + number[lost + 1 :])


@given(MOBILES, st.integers(3, 10))
def test_a_mobile_with_a_digit_doubled_is_found(number: str, doubled: int) -> None:
    assert is_no_phone(number[:doubled] + number[doubled - 1 :])


@pytest.mark.parametrize(
    "text",
    [
        *("414600", "４１４６００", "4 1 4 6 0 0", "414-600", "414600.0", "414600（城区）"),
        *("邮编：414600", "414600、414601", "414600 414601", "056000", "同上"),
    ],
)
def test_postcodes(text: str) -> None:
    assert not is_no_postcode(text)


@pytest.mark.parametrize("text", ["41460", "4146000", "岳阳", "0730-2260000", "13800138000", "0"])
def test_no_postcodes(text: str) -> None:
    assert is_no_postcode(text)


@given(ANY_TEXT)
def test_no_text_raises(text: str) -> None:
    assert is_no_phone(text) in {True, False}
    assert is_no_postcode(text) in {True, False}

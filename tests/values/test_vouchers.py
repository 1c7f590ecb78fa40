import pytest
from hypothesis import given
from hypothesis import strategies as st
from writing import ANY_TEXT

from xlsx_eval.values.vouchers import Voucher, parse_vouchers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", [Voucher("", None, 12, None)]),
        ("12号", [Voucher("", None, 12, None)]),
        ("第0012号凭证", [Voucher("", None, 12, None)]),
        ("记-12", [Voucher("记", None, 12, None)]),
        ("记字12号", [Voucher("记", None, 12, None)]),
        ("银付字第3号", [Voucher("银付", None, 3, None)]),
        ("记 － １２", [Voucher("记", None, 12, None)]),
        ("2021年3月记12#", [Voucher("记", 3, 12, 2021)]),
        ("1月31日33号凭证", [Voucher("", 1, 33, None)]),
        ("3月33号", [Voucher("", 3, 33, None)]),
        ("2021年6月30日记账凭证45号", [Voucher("", 6, 45, 2021)]),
        ("8月会计凭证记45号", [Voucher("记", 8, 45, None)]),
    ],
)
def test_one_voucher(text: str, expected: list[Voucher]) -> None:
    assert tuple(expected) == parse_vouchers(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1月31日33号凭证2月29日12号凭证", [(1, 33), (2, 12)]),
        ("1月34、41号5月17、32号凭证", [(1, 34), (1, 41), (5, 17), (5, 32)]),
        ("3月12#、15#", [(3, 12), (3, 15)]),
        ("3月12-15号", [(3, 12), (3, 13), (3, 14), (3, 15)]),
        ("3月12号至14号凭证", [(3, 12), (3, 13), (3, 14)]),
        ("12，15；18", [(None, 12), (None, 15), (None, 18)]),
        ("12, 15,\n18", [(None, 12), (None, 15), (None, 18)]),
        ("20-22号", [(None, 20), (None, 21), (None, 22)]),
        ("1至3号", [(None, 1), (None, 2), (None, 3)]),
    ],
)
def test_many_vouchers(text: str, expected: list[tuple[int | None, int]]) -> None:
    assert tuple(Voucher("", month, n, None) for month, n in expected) == parse_vouchers(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("记12、15", [("记", None, 12), ("记", None, 15)]),
        ("记12\n付15", [("记", None, 12), ("付", None, 15)]),
        ("3月记12、付15号", [("记", 3, 12), ("付", 3, 15)]),
    ],
)
def test_words(text: str, expected: list[tuple[str, int | None, int]]) -> None:
    assert tuple(Voucher(w, month, n, None) for w, month, n in expected) == parse_vouchers(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "无", "明细附后", "详见附件1", "12号等", "约12号", "0", "记0号", "123456", "12张"),
        *("2021-03-12", "2021", "20210312", "3月12号", "3月12", "2021年3月12日", "2021年3月12号"),
        *("1-33", "01-0033", "1-33号", "记1-33", "记12-9", "记13-300", "13月5、6号", "记账12号"),
        *(
            "记12、3月15号",
            "3月记12号4月15号",
            "12号15号",
            "2021年12月记3、1月记5",
            "1 2",
            "12\n15",
        ),
        *("1980年3月记12号", "①②", "1、" * 1000 + "1"),
    ],
)
def test_unclear_vouchers_stay_unread(text: str) -> None:
    assert parse_vouchers(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3月12号", [(3, 12)]),
        ("10月11号、7月22号", [(10, 11), (7, 22)]),
        ("2021年3月12号", []),
        ("3月12", []),
        ("2021-03-12", []),
    ],
)
def test_in_a_column_of_vouchers_a_month_and_a_number_are_one(
    text: str, expected: list[tuple[int, int]]
) -> None:
    found = parse_vouchers(text, in_column=True)
    assert tuple(Voucher("", month, number, None) for month, number in expected) == found


@given(
    st.sampled_from([("", None), ("2021年", 2021)]),
    st.integers(1, 12),
    st.sampled_from(["记", "付", "收", "转", "银付", "现收"]),
    st.lists(st.integers(1, 9999), min_size=1, max_size=8),
    st.sampled_from([("", "、"), ("字", ","), ("-", "，"), ("字第", "号、"), ("", "# ，")]),
)
def test_written_vouchers_are_read_back(
    year: tuple[str, int | None], month: int, word: str, numbers: list[int], signs: tuple[str, str]
) -> None:
    link, separator = signs
    text = f"{year[0]}{month}月{word}{link}{separator.join(map(str, numbers))}号凭证"
    expected = tuple(Voucher(word, month, number, year[1]) for number in numbers)
    assert expected == parse_vouchers(text)


@given(ANY_TEXT)
def test_no_text_raises(text: str) -> None:
    assert all(voucher.number > 0 for voucher in parse_vouchers(text))

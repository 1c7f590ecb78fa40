from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writing import EVERYDAY, FORMAL, chinese

from xlsx_eval.values.numerals import read_chinese, read_number, read_python_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("零", "0"),
        ("十五", "15"),
        ("一十五", "15"),
        ("二百十五", "215"),
        ("两千零五", "2005"),
        ("贰佰零陆万贰仟", "2062000"),
        ("壹拾万零柒仟", "107000"),
        ("壹拾万柒仟", "107000"),
        ("一亿零五", "100000005"),
        ("九十五点五", "95.5"),
        ("一点二亿", "120000000"),
    ],
)
def test_chinese_numerals(text: str, expected: str) -> None:
    assert Decimal(expected) == read_chinese(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "二百五",
        "两万五",
        "九八",
        "拾",
        "佰拾",
        "百",
        "一百零",
        "一千五十",
        "一亿五千",
        "万",
        "十十",
    ],
)
def test_unclear_chinese_numerals(text: str) -> None:
    assert read_chinese(text) is None


@given(st.integers(0, 10**12 - 1), st.sampled_from([EVERYDAY, FORMAL]))
def test_written_numerals_are_read_back(number: int, style: tuple[str, ...]) -> None:
    assert Decimal(number) == read_chinese(chinese(number, style))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0", "0"), ("-2,000.50", "-2000.50"), ("−6.2", "-6.2"), ("1,234", "1234")],
)
def test_numbers(text: str, expected: str) -> None:
    assert Decimal(expected) == read_number(text)


@pytest.mark.parametrize(
    "text", ["", "1,23", "12,34,567", "0,123", "007", "5.", ".5", "1e3", "٣", "--1", "1.2.3"]
)
def test_near_numbers(text: str) -> None:
    assert read_number(text) is None


def test_floats_are_read_as_excel_shows_them() -> None:
    assert Decimal("206.2") == read_python_number(206.20000000000002)
    assert Decimal("-0.3") == read_python_number(-0.1 - 0.2)


@pytest.mark.parametrize("value", [True, False, float("nan"), float("inf"), Decimal("NaN")])
def test_values_that_are_no_numbers(value: float | Decimal) -> None:
    assert read_python_number(value) is None

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writing import ANY_TEXT, EVERYDAY, FORMAL, chinese, full_width

from xlsx_eval.values.amounts import Amount, format_amount, parse_amount

CENTS = st.integers(-(10**12), 10**12)
"""Amounts in 0.01 元, up to a million 万元."""


@pytest.mark.parametrize(
    ("text", "expected", "unit"),
    [
        ("200", "200", None),
        ("２００", "200", None),
        ("200.00", "200", None),
        (" 200 \n", "200", None),
        ("+3", "3", None),
        ("200万元", "200", "万元"),
        ("200 万", "200", "万元"),
        ("200万元整", "200", "万元"),
        ("2,000,000元", "200", "元"),
        ("2，000，000.50元", "200.00005", "元"),
        ("2 000 000元", "200", "元"),
        ("¥200", "200", None),
        ("￥2,000,000.00元", "200", "元"),
        ("人民币200万元", "200", "万元"),
        ("1.2亿元", "12000", "亿元"),
        ("-6.2", "-6.2", None),
        ("－6.2万元", "-6.2", "万元"),
        ("−6.2", "-6.2", None),
        ("-¥6.2", "-6.2", None),
        ("(6.2)", "-6.2", None),
        ("（6.2万元）", "-6.2", "万元"),
        ("（62,000）元", "-6.2", "元"),
        ("3千元", "0.3", "元"),
        ("2百万元", "200", "万元"),
        ("2万3千元", "2.3", "元"),
        ("1亿2000万元", "12000", "万元"),
        ("200万5000元", "200.5", "元"),
        ("贰佰万元整", "200", "万元"),
        ("贰佰萬圆正", "200", "万元"),
        ("人民币贰佰零陆万贰仟元整", "206.2", "元"),
        ("壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", "123.456789", "元"),
        ("壹拾万零柒仟元零伍角叁分", "10.700053", "元"),
        ("两百万元", "200", "万元"),
        ("二百零六万二千元", "206.2", "元"),
        ("一点二亿元", "12000", "亿元"),
        ("零元整", "0", "元"),
    ],
)
def test_amounts_in_text(text: str, expected: str, unit: str | None) -> None:
    assert Amount(Decimal(expected), unit) == parse_amount(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "无", "-", "——", "见附表", "200.万元", ".5", "1,23", "2,0000", "2 00 000元", "12 34"),
        *("约200万元", "200万元左右", "200/300", "200万元（含上年结转）", "200-300", "200多万元"),
        *("- 6.2", "--6.2", "(-6.2)", "(6.2", "6.2)", "(贰佰万元)", "—6.2"),
        *("佰 拾 万 元", "拾万元整", "二百五元", "贰佰", "一", "五角", "一亿五千元"),
        *("2万3", "2万30000元", "3千2万元", "1.5万3千元", "3千", "200整"),
        *("①200万元", "1. 200万元", "200\n300", "2²", "07302260000", "1e3", "200元/人", "$200"),
        *("1000000000000", "9" * 30, "2" * 201),
    ],
)
def test_near_amounts_stay_unread(text: str) -> None:
    assert parse_amount(text) is None


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (206.20000000000002, "万元", "206.2"),
        (-6.199999999999989, "万元", "-6.19999999999999"),
        (2000000, "元", "200"),
        (2000000.5, "元", "200.00005"),
        (Decimal("1.2"), "亿元", "12000"),
        ("2000000", "元", "200"),
        ("200万元", "元", "200"),
        (0.0000005, "万元", "0"),
        (0.0000015, "万元", "0.000002"),
        (-0.0, "万元", "0"),
    ],
)
def test_numbers_and_the_headers_unit(
    value: str | float | Decimal, unit: str, expected: str
) -> None:
    amount = parse_amount(value, unit)
    assert amount is not None
    assert Decimal(expected).quantize(Decimal("0.000001")) == amount.value
    assert not (amount.value.is_zero() and amount.value.is_signed())


@pytest.mark.parametrize(
    "value",
    [True, float("nan"), float("-inf"), 10**12, 10**4000, Decimal("1E+999999"), Decimal("sNaN")],
)
def test_unusable_numbers(value: float | Decimal) -> None:
    assert parse_amount(value) is None


def test_the_smallest_decimal_is_nothing() -> None:
    assert parse_amount(Decimal("1E-999999"), "元") == Amount(Decimal(0), None)


def test_the_callers_decimal_context_does_not_matter() -> None:
    with localcontext() as context:
        context.prec = 3
        assert Amount(Decimal("123.456789"), "元") == parse_amount("1,234,567.89元")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("206.200000", "206.2"),
        ("200", "200"),
        ("1E+3", "1000"),
        ("-0", "0"),
        ("0.000000", "0"),
        ("-6.20", "-6.2"),
        ("0.000001", "0.000001"),
    ],
)
def test_format_amount(value: str, expected: str) -> None:
    assert expected == format_amount(Decimal(value))


@given(
    cents=CENTS,
    unit=st.sampled_from([("元", 100), ("万元", 10**6), ("亿元", 10**10)]),
    separator=st.sampled_from(["", ","]),
    wide=st.booleans(),
    around=st.tuples(st.sampled_from(["", "人民币", "¥", "￥"]), st.sampled_from(["", "整", " "])),
)
def test_written_amounts_are_read_back(
    cents: int, unit: tuple[str, int], separator: str, wide: bool, around: tuple[str, str]
) -> None:
    name, size = unit
    number = f"{Decimal(cents) / size:{separator}f}"
    text = around[0] + (full_width(number) if wide else number) + name + around[1]
    assert parse_amount(text) == Amount(Decimal(cents) / 10**6, name)


@given(st.integers(0, 10**13), st.sampled_from([EVERYDAY, FORMAL]))
def test_amounts_in_chinese_numerals_are_read_back(cents: int, style: tuple[str, ...]) -> None:
    yuan, rest = divmod(cents, 100)
    jiao, fen = divmod(rest, 10)
    text = chinese(yuan, style) + "元"
    text += f"{style[0][jiao]}角" if jiao else ""
    text += f"{style[0][fen]}分" if fen else "整"
    amount = parse_amount(text)
    assert amount is not None
    assert Decimal(cents) / 10**6 == amount.value


@given(CENTS)
def test_formatted_amounts_are_read_back(cents: int) -> None:
    value = Decimal(cents) / 10**6
    assert parse_amount(format_amount(value)) == Amount(value, None)


@given(st.one_of(ANY_TEXT, st.floats(), st.integers(), st.decimals()))
def test_no_value_raises(value: str | float | Decimal) -> None:
    amount = parse_amount(value)
    assert amount is None or amount.value.as_tuple().exponent == -6

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writing import ANY_TEXT, full_width

from xlsx_eval.values.quantities import Quantity, compose_quantity, parse_quantity, satisfies


@pytest.mark.parametrize(
    ("text", "operator", "value", "unit"),
    [
        ("≥95%", ">=", "95", "%"),
        (">=95%", ">=", "95", "%"),
        ("≧95％", ">=", "95", "%"),
        ("≤200 万元", "<=", "200", "万元"),
        ("＞3", ">", "3", None),
        ("<5%", "<", "5", "%"),
        ("=100%", "=", "100", "%"),
        ("100%", "=", "100", "%"),
        ("12个月", "=", "12", "个月"),
        ("3年", "=", "3", "年"),
        ("5‰", "=", "5", "‰"),
        ("-5%", "=", "-5", "%"),
        ("1.98%", "=", "1.98", "%"),
        ("不少于320公里", ">=", "320", "公里"),
        ("不低于95%", ">=", "95", "%"),
        ("不小于3个", ">=", "3", "个"),
        ("大于等于3个", ">=", "3", "个"),
        ("至少3次", ">=", "3", "次"),
        ("不高于5%", "<=", "5", "%"),
        ("不超过5天", "<=", "5", "天"),
        ("不大于5天", "<=", "5", "天"),
        ("小于等于5天", "<=", "5", "天"),
        ("至多5天", "<=", "5", "天"),
        ("最多5天", "<=", "5", "天"),
        ("大于3个", ">", "3", "个"),
        ("高于3个", ">", "3", "个"),
        ("超过3个", ">", "3", "个"),
        ("小于3个", "<", "3", "个"),
        ("低于3个", "<", "3", "个"),
        ("95%以上", ">=", "95", "%"),
        ("95%及以上", ">=", "95", "%"),
        ("不低于95%以上", ">=", "95", "%"),
        ("达98%以上", ">=", "98", "%"),
        ("5%以下", "<=", "5", "%"),
        ("30个工作日内", "<=", "30", "个工作日"),
        ("200万元以内", "<=", "200", "万元"),
        ("控制在200万元以内", "<=", "200", "万元"),
        ("控制在200万元", "<=", "200", "万元"),
        ("320公里", "=", "320", "公里"),
        ("达到98%", "=", "98", "%"),
        ("完成320公里", "=", "320", "公里"),
        ("实际完成320公里", "=", "320", "公里"),
        ("已完成100%", "=", "100", "%"),
        ("共320公里", "=", "320", "公里"),
        ("1,200人次", "=", "1200", "人次"),
        ("百分之九十五", "=", "95", "%"),
        ("百分之95", "=", "95", "%"),
        ("百分之百", "=", "100", "%"),
        ("百分之0", "=", "0", "%"),
        ("≥百分之九十五点五", ">=", "95.5", "%"),
        ("2000000元", "=", "200", "万元"),
        ("1.2亿元", "=", "12000", "万元"),
        ("≤200万", "<=", "200", "万元"),
        ("贰佰万元整", "=", "200", "万元"),
        ("50元/人", "=", "50", "元/人"),
        ("3万人", "=", "3", "万人"),
        ("5㎡", "=", "5", "m²"),
        ("5m²", "=", "5", "m²"),
        ("36℃", "=", "36", "°C"),
        ("9.5分", "=", "9.5", "分"),
        ("0起", "=", "0", "起"),
    ],
)
def test_quantities(text: str, operator: str, value: str, unit: str | None) -> None:
    assert Quantity(operator, Decimal(value), None, unit) == parse_quantity(text)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("90%-95%", "90", "95", "%"),
        ("90~95%", "90", "95", "%"),
        ("90%至95%", "90", "95", "%"),
        ("3-5天", "3", "5", "天"),
        ("100-200万元", "100", "200", "万元"),
        ("50万元～2000000元", "50", "200", "万元"),
        ("控制在3%-5%", "3", "5", "%"),
    ],
)
def test_ranges(text: str, low: str, high: str, unit: str) -> None:
    assert Quantity("between", Decimal(low), Decimal(high), unit) == parse_quantity(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "无", "全年", "已全面完成", "政府会务成本有效降低", "%", "≥", "以上", "万元"),
        *(
            "约200万元",
            "98%左右",
            "200多人",
            "200余户",
            "3天前",
            "近100%",
            "100%完成",
            "9成",
            "3千",
        ),
        *("1、98% 2、100%", "1. 98%", "①98%", "(1)98%", "98% 100%", "98\n100", "98%，100%"),
        *("2022年", "2022年12月", "2022", "2022.12", "20221231", "12.31", "12月", "3日", "3-5日"),
        *("10月底前", "12月31日前", "2021-2022年", "2022年度", "8时", "1-12月"),
        *("≤95%以上", "控制在95%以上", "≥90%-95%", "90%-95%以上", "95%-90%", "3天-5次", "3-5"),
        *("三公经费", "5G网络", "4A级景区", "3D", "一流", "1,23%", "05%", "0730-2260000"),
        *("1.0000001%", "0.001元", "1000000000000个", "5一二三四五六七八九", "5个（含）", "10²"),
        "9" * 201,
    ],
)
def test_near_quantities_stay_unread(text: str) -> None:
    assert parse_quantity(text) is None


@pytest.mark.parametrize(
    ("actual", "target", "expected"),
    [
        ("98%", "≥95%", True),
        ("95%", "≥95%", True),
        ("94.9%", "≥95%", False),
        ("206.2万元", "≤200 万元", False),
        ("2000000元", "≤200万元", True),
        ("3个", ">3个", False),
        ("2个", "<3个", True),
        ("100%", "100%", True),
        ("99%", "100%", False),
        ("90%", "90%-95%", True),
        ("96%", "90%-95%", False),
        ("98%", "≥95个", None),
        ("98", "≥95%", None),
        ("95%以上", "≥95%", None),
        ("90%-95%", "≥90%", None),
    ],
)
def test_satisfies(actual: str, target: str, expected: bool | None) -> None:
    read_actual, read_target = parse_quantity(actual), parse_quantity(target)
    assert read_actual is not None
    assert read_target is not None
    assert expected is satisfies(read_actual, read_target)


BEFORE = {
    ">=": ["≥", "≧", ">=", "不少于", "不低于", "至少", "大于等于"],
    "<=": ["≤", "<=", "不超过", "不高于", "控制在", "最多"],
    ">": [">", "大于", "超过"],
    "<": ["<", "小于", "低于"],
    "=": ["", "=", "达到", "实际完成", "共"],
}
WRITTEN_OPERATORS = [(word, sign) for sign, words in BEFORE.items() for word in words]


@given(
    st.sampled_from(WRITTEN_OPERATORS),
    st.integers(0, 10**9).map(lambda n: Decimal(n) / 1000),
    st.sampled_from(["%", "公里", "人次", "个月", "元/人", "㎞", "万元", "户", "‰"]),
    st.booleans(),
)
def test_written_quantities_are_read_back(
    operator: tuple[str, str], value: Decimal, unit: str, wide: bool
) -> None:
    number = full_width(f"{value:,f}") if wide else f"{value:f}"
    expected_unit = "km" if unit == "㎞" else unit
    expected = Quantity(operator[1], value, None, expected_unit)
    assert expected == parse_quantity(f"{operator[0]} {number} {unit}")


@given(ANY_TEXT)
def test_no_text_raises(text: str) -> None:
    quantity = parse_quantity(text)
    if quantity is not None:
        assert satisfies(quantity, quantity) is not False
        assert quantity.upper is None or quantity.upper >= quantity.value


@pytest.mark.parametrize(
    ("text", "nature", "unit", "together"),
    [
        ("95", "≥", "%", "≥95%"),
        ("95%", "≥", "%", "≥95%"),
        ("12", "＝", "个", "=12个"),
        ("≤30", "≤", "万元", "≤30万元"),
        ("30万元", "≤", "万元", "≤30万元"),
        ("12", None, None, "12"),
        ("12", "", "/", "12"),
        ("有效提升", "定性", "", "有效提升"),
        ("0.95", "≥", "%", "0.95"),
        ("0", "=", "%", "=0%"),
    ],
)
def test_a_target_given_in_three_cells(
    text: str, nature: str | None, unit: str | None, together: str
) -> None:
    assert compose_quantity(text, nature, unit) == together

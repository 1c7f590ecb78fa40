from decimal import Decimal

import pytest
from hypothesis import given
from writing import ANY_TEXT

from xlsx_eval.values.units import measure_other_things, read_unit, sizes


@pytest.mark.parametrize(
    ("unit", "other", "expected"),
    [
        ("公里", "km", (1000, 1000)),
        ("平方米", "m²", (1, 1)),
        ("平米", "平方米", (1, 1)),
        ("年", "个月", (12, 1)),
        ("日", "天", (1, 1)),
        ("人", "名", (1, 1)),
        ("台", "台套", (1, 1)),
        ("户数", "户", (1, 1)),
        ("吨", "t", (1000, 1000)),
        ("万人次", "人次", (10000, 1)),
        ("次/年", "次/年", (1, 1)),
        (None, None, (1, 1)),
    ],
)
def test_units_that_convert(unit: str, other: str, expected: tuple[int, int]) -> None:
    assert sizes(unit, other) == tuple(map(Decimal, expected))


@pytest.mark.parametrize(
    ("unit", "other"),
    [
        *(("公里", "里"), ("%", "万元"), ("人", "人次"), ("个", "家"), ("工作日", "天")),
        *(("个", "个村"), ("次", "次/年"), ("亩", "平方米"), ("%", None), ("分", "分钟")),
    ],
)
def test_units_that_do_not(unit: str, other: str | None) -> None:
    assert sizes(unit, other) is None


@pytest.mark.parametrize(
    ("unit", "other"),
    [
        *(("%", "万元"), ("公里", "里"), ("公里", "条"), ("万元", "人"), ("个月", "%")),
        *(("户", "人"), ("期", "人"), ("万亩", "万株"), ("个村", "公里"), ("名教师", "%")),
    ],
)
def test_units_of_different_things(unit: str, other: str) -> None:
    assert measure_other_things(unit, other)


@pytest.mark.parametrize(
    ("unit", "other"),
    [
        *(
            ("人", "人次"),
            ("个", "家"),
            ("个", "人"),
            ("户", "户数"),
            ("m²", "平米"),
            ("km", "公里"),
        ),
        *(
            ("天", "工作日"),
            ("年", "个月"),
            ("吨", "t"),
            ("台", "台套"),
            ("人", "名"),
            ("亩", "公顷"),
        ),
        *(("%", "分"), ("%", "个百分点"), ("次", "次/月"), ("元/人", "万元"), ("个", "个村卫生室")),
        *(("%", None), (None, None), ("学时", "%"), ("批次", "次"), ("家企业", "个")),
    ],
)
def test_units_that_may_measure_the_same(unit: str | None, other: str | None) -> None:
    assert not measure_other_things(unit, other)


@given(ANY_TEXT)
def test_no_text_raises(text: str) -> None:
    unit = read_unit(text)
    assert unit is None or unit.size > 0
    assert not measure_other_things(text, text)

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writing import ANY_TEXT

from xlsx_eval.values.scores import parse_score


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("98", "98"),
        ("98分", "98"),
        ("98.5 分", "98.5"),
        ("９８", "98"),
        ("九十八", "98"),
        ("九十八点五分", "98.5"),
        ("玖拾捌", "98"),
        ("105", "105"),
        ("-1", "-1"),
        (98, "98"),
        (98.10000000000001, "98.1"),
        (Decimal("98.50"), "98.5"),
    ],
)
def test_scores(value: str | float | Decimal, expected: str) -> None:
    assert Decimal(expected) == parse_score(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "无",
        "分",
        "一",
        "98/100",
        "约98",
        "98%",
        "9 8",
        "98\n97",
        "九八",
        True,
        float("nan"),
        10**9,
    ],
)
def test_unclear_scores_stay_unread(value: str | float) -> None:
    assert parse_score(value) is None


@given(st.integers(0, 10000).map(lambda n: Decimal(n) / 100), st.sampled_from(["", "分", " 分 "]))
def test_written_scores_are_read_back(score: Decimal, ending: str) -> None:
    assert score == parse_score(f"{score}{ending}")


@given(st.one_of(ANY_TEXT, st.floats(), st.decimals()))
def test_no_value_raises(value: str | float | Decimal) -> None:
    parse_score(value)

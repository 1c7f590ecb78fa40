"""Shares: the same rate in every way people write it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsx_eval.values.rates import parse_rate


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("98.5%", "0.985"),
        ("９８．５％", "0.985"),
        (" 98.5 % ", "0.985"),
        ("100%", "1"),
        ("0%", "0"),
        (0.985, "0.985"),
        (1, "1"),
        (98.5, "0.985"),
        ("98.5", "0.985"),
        ("103.1", "1.031"),
        (1.031, "1.031"),
    ],
)
def test_a_rate_as_people_write_it(written: str | float, share: str) -> None:
    assert parse_rate(written) == Decimal(share)


@pytest.mark.parametrize("written", ["", "—", "/", "无", "10/10", "约98%", "#DIV/0!", 1.5, "1.7"])
def test_what_is_no_rate_or_could_be_either(written: str | float) -> None:
    assert parse_rate(written) is None


def test_a_label_that_asks_for_per_cent() -> None:
    assert parse_rate("0.5%", per_cent=True) == Decimal("0.005")
    assert parse_rate(0, per_cent=True) == 0
    assert parse_rate(0.9, per_cent=True) is None
    assert parse_rate(98.5, per_cent=True) == Decimal("0.985")


@given(st.decimals(0, 150, places=2))
def test_a_written_rate_is_read_back(rate: Decimal) -> None:
    assert parse_rate(f"{rate}%") == rate / 100
    if rate >= 2:
        assert parse_rate(str(rate), per_cent=True) == rate / 100

"""The arithmetic of own rules: what it gives, what it refuses, and that nothing else can happen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsx_eval.errors import UsageError
from xlsx_eval.rules.expressions import Kind, Value, evaluate, fields_of
from xlsx_eval.rules.fields import FIELDS
from xlsx_eval.rules.parsing import parse_condition, parse_expression

VALUES: Mapping[str, Value] = {
    "funds.planned.total": Decimal("220.2"),
    "funds.received.total": Decimal(200),
    "funds.spent.total": Decimal("206.2"),
    "funds.balance.total": Decimal(0),
    "projects.score": Decimal(98),
    "evaluators.count": Decimal(3),
    "projects.period_start": date(2021, 1, 1),
    "projects.period_end": date(2021, 12, 31),
}


def value(text: str, tolerance: str = "0.01") -> Value:
    return evaluate(parse_expression(text, FIELDS), VALUES.get, Decimal(tolerance))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),
        ("24 / 4 / 2", "3"),
        ("-2 * -3", "6"),
        ("+5 - -1", "6"),
        ("95%", "0.95"),
        ("0.1 + 0.2", "0.3"),
        ("funds.spent.total - funds.received.total", "6.2"),
        ("95% * funds.planned.total", "209.19"),
        ("abs(funds.received.total - funds.spent.total)", "6.2"),
        ("min(3, 1, 2) + max(3, 1, 2)", "4"),
        ("sum(funds.planned.total, funds.received.total, 1)", "421.2"),
        ("year(projects.period_end)", "2021"),
        ("month(projects.period_end)", "12"),
        ("projects.period_end - projects.period_start", "364"),
        ("（1＋2）×3÷9", "1"),
    ],
)
def test_numbers(text: str, expected: str) -> None:
    assert value(text) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("funds.spent.total > funds.received.total", True),
        ("funds.spent.total <= 0.95 * funds.planned.total", True),
        ("funds.spent.total <= 90% * funds.planned.total", False),
        ("funds.spent.total ≤ funds.planned.total", True),
        ("1 == 1 and 2 == 3", False),
        ("1 == 1 or 2 == 3 and 1 == 2", True),
        ("not 1 == 2", True),
        ("not (1 == 1 or 1 == 2)", False),
        ("60 <= projects.score < 98", False),
        ("60 <= projects.score <= 98", True),
        ("projects.period_end == date(2021, 12, 31)", True),
        ("projects.period_start + 30 < date(2021, 1, 31)", False),
        ("projects.period_start < projects.period_end", True),
        ("evaluators.count != 3", False),
    ],
)
def test_conditions(text: str, expected: bool) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("funds.received.total == 200.01", True),
        ("funds.received.total == 200.02", False),
        ("funds.received.total <= 199.99", True),
        ("funds.received.total < 200.005", False),
        ("funds.received.total > 199.99", False),
        ("funds.received.total != 200.005", False),
        ("projects.score == 98.005", False),  # no amount
        ("funds.spent.total / funds.received.total == 1.03", False),  # 1.031
        ("funds.spent.total / 2 == 103.105", True),
        ("100 * funds.spent.total / funds.received.total == 103.1", True),
    ],
)
def test_amounts_within_the_tolerance_are_equal(text: str, expected: bool) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("funds.planned.central <= 5", None),
        ("funds.planned.central + 1 <= 5", None),
        ("min(funds.planned.central, 1) <= 5", None),
        ("not funds.planned.central <= 5", None),
        ("funds.spent.total / funds.balance.total <= 5", None),
        ("funds.spent.total / (1 - 1) <= 5", None),
        ("funds.planned.central <= 5 and 1 == 1", None),
        ("funds.planned.central <= 5 and 1 == 2", False),
        ("funds.planned.central <= 5 or 1 == 1", True),
        ("funds.planned.central <= 5 or 1 == 2", None),
        ("projects.report_date > projects.period_end", None),
        ("date(2021, 2, 30) > projects.period_end", None),
        ("date(2021.5, 2, 3) == date(2021, 2, 3)", True),
        ("projects.period_end + 999999999999999 > projects.period_end", None),
        ("date(999999999999999 * 999999999999999, 1, 1) > projects.period_end", None),
    ],
)
def test_what_is_missing_makes_unknown_what_it_decides(text: str, expected: bool | None) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "it is empty"),
        ("   ", "it is empty"),
        ("funds.spent.total <=", "it ends too soon"),
        ("funds.spend.total <= 1",
         "character 1: there is no field funds.spend.total; did you mean funds.spent.total?"),
        ("1 <= zzz", "character 6: there is no field zzz"),
        ("projects.score.real > 1", "there is no field projects.score.real"),
        ("funds.spent.total = 1", "character 19: '=' has no meaning here; equality is written =="),
        ("funds.spent.total ** 9 > 1", "character 20: '*' is not expected here"),
        ("2 // 1 > 1", "character 4: '/' is not expected here"),
        ("(1 + 2 > 1", "it ends too soon; ')' should come here"),
        ("1 > 2)", "character 6: ')' is not expected here"),
        ("1 2", "character 3: '2' is not expected here"),
        ("1e9 > 1", "character 2: 'e9' is not expected here"),
        ("1_000 > 1", "character 2: '_000' is not expected here"),
        ("0x10 > 1", "character 2: 'x10' is not expected here"),
        (".5 > 1", "character 1: '.' has no meaning here"),
        ("'a' == 'a'", 'character 1: "\'" has no meaning here'),
        ("[1] == 1", "character 1: '[' has no meaning here"),
        ("1 if 1 else 2", "character 3: 'if' is not expected here"),
        ("lambda: 1", "character 7: ':' has no meaning here"),
        ("__import__(1) > 1", "character 1: there is no function __import__; there is: abs, min"),
        ("eval(1) > 1", "there is no function eval"),
        ("abs(1, 2) > 1", "character 1: abs takes 1 values in its brackets"),
        ("date(2021, 1) > projects.period_end", "date takes 3 values"),
        ("abs() > 1", "character 5: ')' is not expected here"),
        ("year(2021) == 2021", "year takes a date, not a number"),
        ("abs(projects.period_end) > 1", "abs takes a number, not a date"),
        ("projects.period_end > 2021", "character 21: '>' can't join a date and a number"),
        ("projects.period_end * 2 > 1", "'*' can't join a date and a number"),
        ("projects.period_end + projects.period_end > 1", "'+' can't join a date and a date"),
        ("-projects.period_end > 1", "'-' can't join a number and a date"),
        ("(1 < 2) + 1 > 1", "'+' can't join true or false and a number"),
        ("(1 < 2) == (2 < 3)", "'==' can't join true or false and true or false"),
        ("1 and 2", "character 1: 'and' takes conditions, not a number"),
        ("not funds.spent.total", "'not' takes conditions, not an amount"),
        ("and", "character 1: 'and' is not expected here"),
        ("1 + 2", "it gives a number; compare it with something"),
        ("projects.period_end", "it gives a date; compare it with something"),
        ("1" * 16 + " > 1", "character 1: a number of more than 15 digits"),
        ("1" * 2000, "it is longer than 1000 characters"),
        ("+".join("1" * 150), "it has more than 200 words and signs"),
        ("(" * 90 + "1" + ")" * 90, "more than 25 brackets and signs within one another"),
        ("-" * 90 + "1", "more than 25 brackets and signs within one another"),
        ("not " * 90 + "1 < 2", "more than 25 brackets and signs within one another"),
        ("abs(" * 60 + "1" + ")" * 60, "more than 25 brackets and signs within one another"),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as refusal:
        parse_condition(text, FIELDS)

    assert sentence in str(refusal.value)


def test_the_largest_that_is_accepted_is_computed() -> None:
    product = "*".join(["999999999999999"] * 30)

    assert value(f"{product} / ({product}) == 1") is True


def test_the_fields_it_names() -> None:
    node = parse_expression(
        "max(projects.score, 1) > -projects.score or 1 < evaluators.count", FIELDS
    )

    assert fields_of(node) == ("projects.score", "evaluators.count")


PIECES = st.sampled_from(
    ["1", "0", "2.5", "95%", "funds.spent.total", "projects.period_end", "projects.score", "zzz",
     "+", "-", "*", "/", "(", ")", ",", "<", "<=", "==", "!=", "and", "or", "not", "abs", "min",
     "date", "year", "=", "'", "{", "\n", "≤", "（", "__class__", ".", "9" * 15]
)  # fmt: skip


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=40).map(" ".join)))
def test_no_text_does_anything_but_compute_or_be_refused(text: str) -> None:
    try:
        node = parse_expression(text, FIELDS)
    except UsageError:
        return
    for values in (VALUES.get, lambda _: None):
        result = evaluate(node, values, Decimal("0.01"))
        assert result is None or isinstance(
            result, {Kind.DATE: date, Kind.TRUTH: bool}.get(node.kind, Decimal)
        )


@st.composite
def sums(draw: st.DrawFn, depth: int = 3) -> tuple[str, Fraction | None]:
    """An arithmetic text, and what it gives by fractions; None where it divides by zero."""
    if not depth or draw(st.booleans()):
        number = draw(st.decimals(0, 1000, places=2))
        return f"{number:f}", Fraction(number)
    (left, one), (right, other) = draw(sums(depth - 1)), draw(sums(depth - 1))
    sign = draw(st.sampled_from("+-*/"))
    text = f"({left} {sign} {right})"
    if one is None or other is None or (sign == "/" and not other):
        return text, None
    computed = {"+": one + other, "-": one - other, "*": one * other}
    return text, computed[sign] if sign != "/" else one / other


@given(sums())
def test_it_agrees_with_fractions(case: tuple[str, Fraction | None]) -> None:
    text, expected = case

    found = value(text)

    if expected is None:
        assert found is None
    else:
        assert isinstance(found, Decimal)
        assert abs(Fraction(found) - expected) <= Fraction(1, 10**30) * (1 + abs(expected))

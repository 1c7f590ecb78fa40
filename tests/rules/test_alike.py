"""Texts that are nearly the same among many."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from xlsx_eval.rules.alike import alike

LETTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 900)]


def texts(count: int, length: int = 200, seed: int = 1) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - the same texts every time
    return ["".join(chance.choices(LETTERS, k=length)) for _ in range(count)]


def changed(text: str, characters: int) -> str:
    """The text with every so many characters replaced, spread over all of it."""
    step = len(text) // characters
    return "".join(
        "某" if n % step == 0 and n // step < characters else c for n, c in enumerate(text)
    )


def test_nothing_is_alike() -> None:
    assert alike(texts(50), 0.9) == {}
    assert alike([], 0.9) == {}


def test_the_very_same_texts() -> None:
    one, other, third = texts(3)
    found = alike([one, other, one, third, one], 0.9)

    assert {number: (match.other, match.count) for number, match in found.items()} == {
        0: (2, 2), 2: (0, 2), 4: (0, 2),
    }  # fmt: skip


def test_a_tenth_may_differ() -> None:
    (one,) = texts(1)

    assert set(alike([one, changed(one, 20)], 0.9)) == {0, 1}
    assert alike([one, changed(one, 21)], 0.9) == {}


def test_a_longer_copy() -> None:
    one, other = texts(2)

    assert set(alike([one, one + other[:40]], 0.9)) == {0, 1}
    assert alike([one, one + other[:60]], 0.9) == {}


def test_copies_of_a_copy_count_together() -> None:
    (one,) = texts(1)
    found = alike([one, changed(one, 8), changed(one, 16)], 0.9)

    assert {match.count for match in found.values()} == {2}


@given(st.lists(st.text(alphabet="甲乙丙丁", min_size=1, max_size=12), max_size=12))
def test_it_finds_what_comparing_each_with_each_finds(given_texts: list[str]) -> None:
    expected = {
        here
        for here, one in enumerate(given_texts)
        for there, other in enumerate(given_texts)
        if here != there and fuzz.ratio(one, other) >= 80
    }
    found = alike(given_texts, 0.8)

    assert set(found) == expected
    assert all(
        fuzz.ratio(given_texts[here], given_texts[match.other]) >= 80
        for here, match in found.items()
    )


def test_hundreds_of_one_text() -> None:
    (one,) = texts(1)
    chance = random.Random(3)  # noqa: S311 - the same texts every time
    many = [changed(one, chance.randint(1, 9)) + chance.choice(LETTERS) for _ in range(800)]
    found = alike([*many, *texts(800, seed=2)], 0.9)

    assert len(found) == 800
    assert found[0].count == 799

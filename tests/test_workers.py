"""Workers: results come as they are; what fails or dies loses only itself."""

from __future__ import annotations

import os

import pytest

from xlsx_eval.errors import UsageError
from xlsx_eval.workers import Lost, Workers


def double(number: int) -> int:
    return 2 * number


def die_at_three(number: int) -> int:
    if number == 3:
        os._exit(1)
    return number


def fail_at_three(number: int) -> int:
    if number == 3:
        raise IndexError("no such row")
    return number


def die(_: int) -> int:
    os._exit(1)


def test_every_item_has_its_result() -> None:
    with Workers(2) as workers:
        assert dict(workers.map(double, range(100))) == {n: 2 * n for n in range(100)}


def test_an_item_that_kills_its_process_is_lost_alone() -> None:
    with Workers(2) as workers:
        results = dict(workers.map(die_at_three, range(50)))

    assert results.pop(3) == Lost()
    assert results == {n: n for n in range(50) if n != 3}


def test_a_fault_of_the_program_is_named_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with Workers(2) as workers:
        results = dict(workers.map(fail_at_three, range(5)))

    assert results[3] == Lost("IndexError: no such row")
    assert [results[n] for n in (0, 1, 2, 4)] == [0, 1, 2, 4]
    assert "could not be processed" in caplog.text


def test_processes_that_cannot_start_are_not_the_files_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("xlsx_eval.workers.do_nothing", die_now)
    with Workers(1) as workers, pytest.raises(UsageError, match="worker processes can't start"):
        list(workers.map(die, range(2)))


def die_now() -> int:
    os._exit(1)

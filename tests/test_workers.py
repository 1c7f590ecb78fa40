"""Workers: results come as they are; what fails, hangs, eats memory or dies loses only itself."""

from __future__ import annotations

import faulthandler
import io
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import active_children
from operator import call
from pathlib import Path
from typing import Any

import openpyxl
import psutil
import pytest
import python_calamine

from xlsx_eval.errors import UsageError
from xlsx_eval.reading.limits import Limits
from xlsx_eval.workers import Lost, Workers

pytestmark = pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"  # pytest-xdist has threads
)
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the system's own limits are Linux's")
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")

FOR_EVER = 100_000
FEW = Limits(seconds=0.2, megabytes=50)
MEGABYTE = 1024 * 1024


def done(workers: Workers, *items: Callable[[], Any]) -> Iterator[tuple[int, Any]]:
    return workers.map(call, items)


def outcomes(*items: Callable[[], Any], limits: Limits = FEW) -> list[Any]:
    """What becomes of the items, in their order; a good one stands among them and must go on."""
    with Workers(2, limits) as workers:
        results = dict(done(workers, *items, partial(pow, 2, 5), partial(pow, 3, 2)))
    *of_items, fifth, second = (results[number] for number in range(len(items) + 2))
    assert (fifth, second) == (32, 9)
    return of_items


# -------------------------------------------------------------------------------------- results


def test_every_item_has_its_result() -> None:
    with Workers(2) as workers:
        assert dict(workers.map(abs, range(-100, 0))) == {n: 100 - n for n in range(100)}


def test_no_items_have_no_results() -> None:
    with Workers(2) as workers:
        assert list(workers.map(abs, [])) == []


def test_processes_serve_one_map_after_another() -> None:
    with Workers(1) as workers:
        pids = {pid for _ in range(3) for _, pid in done(workers, *[os.getpid] * 2)}

    assert len(pids) == 1


def test_one_item_has_one_process() -> None:
    with Workers(2) as workers:
        list(done(workers, os.getpid))
        assert len(active_children()) == 1


def test_no_process_is_left_behind() -> None:
    with Workers(2) as workers:
        list(done(workers, *[os.getpid] * 4))
        assert len(active_children()) == 2

    assert active_children() == []


def test_what_is_left_undone_does_not_come_up_later() -> None:
    with Workers(2) as workers:
        for _, power in done(workers, partial(pow, 2, 2), partial(time.sleep, FOR_EVER)):
            assert power == 4
            break
        assert dict(workers.map(abs, [-1, -2, -3])) == {0: 1, 1: 2, 2: 3}


def test_a_huge_result_is_a_result() -> None:
    (huge,) = outcomes(partial(bytes, 30 * MEGABYTE), limits=Limits(megabytes=200))

    assert huge == bytes(30 * MEGABYTE)


def until(condition: Callable[[], bool]) -> None:
    """Wait a minute for what takes a moment."""
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise TimeoutError


# --------------------------------------------------------------------------------------- faults


class Odd(Exception):
    """Can be pickled, but not put together again."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{what} in {where}")


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")


class Unreadable:
    """A result that can be packed, but not opened."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return int, ("no number",)


def raise_odd() -> None:
    raise Odd("a hole", "the sheet")


def raise_unspeakable() -> None:
    raise Unspeakable


def give_a_function() -> Callable[[], None]:
    return lambda: None


def test_a_fault_of_the_program_is_named_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    (lost,) = outcomes(partial(int, "twelve"))

    assert lost == Lost("fault", "ValueError: invalid literal for int() with base 10: 'twelve'")
    assert "a workbook could not be processed" in caplog.text
    assert "in _answer" in caplog.text  # the trace


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        (raise_odd, "a hole in the sheet"),
        (raise_unspeakable, "Unspeakable"),
        (sys.exit, "SystemExit"),
        (give_a_function, "give_a_function.<locals>.<lambda>"),
        (Unreadable, "no number"),
    ],
)
def test_whatever_is_raised_or_returned_is_a_fault_of_the_item(
    item: Callable[[], Any], fault: str
) -> None:
    (lost,) = outcomes(item)

    assert lost.cause == "fault"
    assert fault in lost.fault


# ---------------------------------------------------------------------------------------- death


def kill_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    "item", [partial(os._exit, 0), partial(os._exit, 1), pytest.param(kill_itself, marks=on_posix)]
)
def test_an_item_that_kills_its_process_is_lost_alone(item: Callable[[], None]) -> None:
    assert outcomes(item, item) == [Lost("died"), Lost("died")]


def test_a_process_that_dies_idle_is_replaced() -> None:
    with Workers(1) as workers:
        ((_, pid),) = done(workers, os.getpid)
        psutil.Process(pid).kill()
        until(lambda: not active_children())

        assert dict(workers.map(abs, [-1, -2])) == {0: 1, 1: 2}


@pytest.mark.usefixtures("spawning")
def test_processes_that_cannot_start_are_not_the_files_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"  # runs once more in each process, and fails there
    script.write_text("raise RuntimeError('this is no place to start processes')")
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None)
    monkeypatch.setattr(sys.modules["__main__"], "__file__", str(script), raising=False)
    with (
        Workers(2) as workers,
        pytest.raises(UsageError, match="worker processes can't start; in a script, call"),
    ):
        list(workers.map(abs, [-1, -2]))


@pytest.mark.usefixtures("spawning")
def test_processes_may_be_spawned() -> None:
    with Workers(1) as workers:
        results = dict(
            done(
                workers,
                partial(pow, 2, 2),
                partial(os._exit, 1),
                partial(int, "x"),
                partial(pow, 3, 2),
            )
        )

    assert results.pop(2).cause == "fault"
    assert results == {0: 4, 1: Lost("died"), 3: 9}


@pytest.fixture
def spawning() -> Iterator[None]:
    before = multiprocessing.get_start_method()
    multiprocessing.set_start_method("spawn", force=True)
    yield
    multiprocessing.set_start_method(before, force=True)


# --------------------------------------------------------------------------------------- limits


def spin() -> None:
    while True:
        pass


def hang_in_c() -> None:
    """Try 2 to the power of 100 ways, and let no other thread in meanwhile."""
    re.match(r"(a+)+$", "a" * 100 + "b")


def eat(megabytes: int) -> None:
    food = b"x" * (megabytes * MEGABYTE)
    time.sleep(FOR_EVER)
    del food


def eat_in_small_bites() -> None:
    food = []
    while True:
        food.append(b"x" * MEGABYTE)


def open_a_vast_sheet() -> None:
    faulthandler.disable()  # pytest's says more of an abort than anyone wants to read
    book = openpyxl.Workbook()
    book.create_sheet(index=0)["AZ1048576"] = 1
    book.worksheets[0]["A1"] = 1
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    python_calamine.load_workbook(file).get_sheet_by_index(0)


def leave_something(keep: list[bytes] = []) -> int:  # noqa: B006 - what a library's cache does
    keep.append(b"x" * (40 * MEGABYTE))  # too much to lie in what was freed before
    time.sleep(0.1)
    return os.getpid()


@pytest.mark.parametrize("item", [spin, hang_in_c, partial(time.sleep, FOR_EVER)])
def test_what_never_ends_is_too_slow(item: Callable[[], None]) -> None:
    assert outcomes(item) == [Lost("too slow")]


def test_waiting_is_not_slow() -> None:
    """On a busy machine an item waits for its turn; that is not its fault."""
    limit = Limits(seconds=0.2)
    assert outcomes(partial(time.sleep, 0.5), limits=limit) == [None]


def test_what_was_done_while_nobody_looked_is_a_result() -> None:
    with Workers(2, Limits(seconds=0.1)) as workers:
        results = done(workers, partial(pow, 2, 2), partial(time.sleep, 0.3))
        assert next(results) == (0, 4)
        time.sleep(1.5)  # longer than any item may wait
        assert next(results) == (1, None)


@on_linux
def test_what_hangs_while_nobody_looks_is_ended_by_the_system() -> None:
    with Workers(1, FEW) as workers:
        results = done(workers, partial(pow, 2, 2), hang_in_c)
        assert next(results) == (0, 4)
        until(lambda: not active_children())
        assert list(results) == [(1, Lost("too slow"))]


@pytest.mark.parametrize(
    "item", [partial(eat, 75), partial(eat, 1000), eat_in_small_bites, partial(bytes, 1 << 60)]
)
def test_what_eats_memory_is_too_large(item: Callable[[], None]) -> None:
    assert outcomes(item, limits=Limits(megabytes=50)) == [Lost("too large")]


@on_linux
def test_rust_that_is_refused_memory_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUST_BACKTRACE", "0")

    assert outcomes(open_a_vast_sheet) == [Lost("too large")]


def test_what_a_process_holds_already_does_not_count_but_has_an_end() -> None:
    with Workers(1, Limits(megabytes=50)) as workers:
        pids = [pid for _, pid in done(workers, *[leave_something] * 9)]

    assert 1 < len(set(pids)) < 9  # how many exactly depends on what the tests before left


# ------------------------------------------------------------------------------------ the end

SCRIPT = """
from xlsx_eval.workers import Workers

def spin(_):
    while True:
        pass

if __name__ == "__main__":
    with Workers(2) as workers:
        list(workers.map(spin, range(4)))
"""


@on_posix
@pytest.mark.parametrize("how", ["Ctrl+C", "kill -9"])
def test_processes_end_with_the_run(how: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    run = subprocess.Popen(
        [sys.executable, script], start_new_session=True, stderr=subprocess.PIPE, text=True
    )
    processes = spinning(run.pid)
    if how == "Ctrl+C":
        os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to all of them
    else:
        run.kill()
    _, said = run.communicate(timeout=60)
    _, alive = psutil.wait_procs(processes, timeout=60)

    assert alive == []
    assert said.count("KeyboardInterrupt") == (how == "Ctrl+C")  # the run says so, and no other


def spinning(pid: int) -> list[psutil.Process]:
    """The two workers of a run, once they work."""

    def busy() -> list[psutil.Process]:
        return [each for each in psutil.Process(pid).children() if sum(each.cpu_times()[:2]) > 0.05]

    until(lambda: len(busy()) == 2)
    return busy()

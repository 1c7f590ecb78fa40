"""Work spread over processes: whatever an item does, it costs the run no more than itself.

Each process has a pipe of its own and one item in hand. Some twenty times a second the run looks
at what the busy ones have used; one over the limits is killed, and another takes its place. No
library in the process has a say in that, so it ends what hangs inside C or Rust as well.
"""

from __future__ import annotations

import logging
import math
import multiprocessing
import os
import pickle
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from multiprocessing.connection import wait
from threading import Thread
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import psutil

from xlsx_eval.errors import UsageError
from xlsx_eval.reading.limits import Limits

if sys.platform == "linux":
    import resource
if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Connection
else:
    from multiprocessing.connection import Connection

Item = TypeVar("Item")
Result = TypeVar("Result")
Cause = Literal["died", "too slow", "too large", "fault"]

LOOK = 0.05  # seconds from one look at the processes to the next
PATIENCE = 12  # times the limit, for what uses no core: it waits for its turn, a disk, a network
BACKSTOP = 2  # times the limit, where the system itself steps in should no look come in time
START = 120  # seconds that a process may take to start
ATTEMPTS = 3  # processes that fail to start in succession before the run gives up
MOST_PROCESSES = 60  # Windows waits for few more
MEGABYTE = 1024 * 1024

DEATHS: dict[int | None, Cause] = {
    -signal.SIGABRT: "too large",  # how Rust and C++ end when they are refused memory
    0xC0000409: "too large",  # the same on Windows
}
if sys.platform == "linux":
    DEATHS[-signal.SIGXCPU] = "too slow"


SENTENCES: dict[Cause, str] = {
    "died": "处理这个文件时程序异常终止，文件可能已损坏，请重新报送。",
    "too slow": "处理这个文件用时过长，已停止；请删去与自评表无关的内容后重新报送。",
    "too large": "处理这个文件占用内存过大，已停止；请删去与自评表无关的内容后重新报送。",
    "fault": "处理这个文件时程序出错（{fault}），请把文件转给技术人员。",
}


@dataclass(frozen=True, slots=True)
class Lost:
    """Stands for the result of an item.

    Its process `died`, or was stopped because the item took too much time (`too slow`) or memory
    (`too large`), or the program failed with a `fault`, then named in `fault`.
    """

    cause: Cause = "died"
    fault: str = ""

    @property
    def sentence(self) -> str:
        """What to tell the unit."""
        return SENTENCES[self.cause].format(fault=self.fault)


@dataclass
class Workers:
    """Processes, `jobs` at most (0: one a core), that take up one item after another.

    An item may take `limits`: seconds of a core, or many times that by the clock; and megabytes
    beyond what its process held before. Processes are started when there is work for them.
    """

    jobs: int = 0
    limits: Limits = field(default_factory=Limits)
    _staff: list[_Worker] = field(default_factory=list, init=False)
    _failed: int = field(default=0, init=False)
    _looked: float = field(default=0, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._dismiss(*self._staff)

    def map(
        self, work: Callable[[Item], Result], items: Sequence[Item]
    ) -> Iterator[tuple[int, Result | Lost]]:
        """(number of the item, its result) as they come; `Lost` where there is none.

        Raises UsageError where processes can't be started at all.
        """
        waiting = deque(range(len(items)))
        done: list[tuple[int, Result | Lost]] = []
        try:
            while waiting or self._busy():
                self._hand_out(work, items, waiting)
                self._start(len(waiting))
                yield from done
                done = [*self._heard(), *self._stopped()]
            yield from done
        finally:
            self._dismiss(*self._busy())

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self._staff if worker.number is not None]

    def _hand_out(
        self, work: Callable[[Item], Result], items: Sequence[Item], waiting: deque[int]
    ) -> None:
        idle = [worker for worker in self._staff if worker.ready and worker.number is None]
        for worker in idle[: len(waiting)]:
            task = pickle.dumps((work, items[waiting[0]]))
            if worker.take(waiting[0], task, self.limits):
                waiting.popleft()
            else:
                self._dismiss(worker)

    def _start(self, wanted: int) -> None:
        """Start processes for the items that wait, as many as there may be."""
        starting = sum(not worker.ready for worker in self._staff)
        most = min(self.jobs or os.cpu_count() or 1, MOST_PROCESSES)
        while starting < wanted and len(self._staff) < most and self._failed < ATTEMPTS:
            try:
                self._staff.append(_Worker.start(self.limits))
                starting += 1
            except OSError:  # the system has no more processes or memory to give
                self._failed += 1
        if wanted and not self._staff:
            raise UsageError(
                "worker processes can't start; in a script, call xlsx_eval.run "
                'under `if __name__ == "__main__":`'
            )

    def _heard(self) -> Iterator[tuple[int, Any]]:
        """What comes from the processes until the next look: results, and deaths."""
        ready = wait([worker.pipe for worker in self._staff], LOOK)
        for worker in [worker for worker in self._staff if worker.pipe in ready]:
            number, worker.number = worker.number, None
            try:
                message = worker.pipe.recv_bytes()
            except (EOFError, OSError):
                outcome: Any = Lost(worker.death())
                self._failed += not worker.ready
            else:
                outcome = _opened(message) if worker.ready else None
                worker.ready, self._failed = True, 0
            if isinstance(outcome, Lost) and outcome.cause != "fault":
                self._dismiss(worker)
            if number is not None:
                yield number, outcome

    def _stopped(self) -> Iterator[tuple[int, Lost]]:
        """The items that are over their limits, with their processes killed."""
        now = time.monotonic()
        if now - self._looked < LOOK:
            return
        passed = min(now - self._looked, 2 * LOOK)  # this process, or the machine, may have slept
        self._looked = now
        for worker in list(self._staff):
            worker.waited += passed
            if worker.number is not None and (cause := worker.excess(self.limits)):
                self._dismiss(worker)
                yield worker.number, Lost(cause)
            elif not worker.ready and worker.waited > START:
                self._dismiss(worker)
                self._failed += 1

    def _dismiss(self, *workers: _Worker) -> None:
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.process.join(1)  # what waits for a dead network drive can't even be killed
            worker.pipe.close()
            self._staff.remove(worker)


# --------------------------------------------------------------------------- a process from outside


@dataclass(frozen=True, slots=True)
class _Use:
    """What a process has used `at` a time: seconds of a core, and bytes it holds."""

    at: float = 0
    seconds: float = 0
    memory: int = 0


@dataclass(eq=False)
class _Worker:
    """A process with its pipe, and the item it has in hand.

    `waited` are the seconds since it was started or given the item, `first` and `before` what it
    had used before its first and its present item.
    """

    process: multiprocessing.Process
    pipe: Connection
    ready: bool = False
    number: int | None = None
    waited: float = 0
    first: _Use | None = None
    before: _Use = _Use()

    @classmethod
    def start(cls, limits: Limits) -> Self:
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.Process(target=_serve, args=(theirs, limits), daemon=True)
        process.start()
        theirs.close()
        return cls(process, ours)

    def take(self, number: int, task: bytes, limits: Limits) -> bool:
        """Whether it takes the item: it may have died, or hold too much of those before."""
        if time.monotonic() - self.before.at > LOOK:  # or what it was a moment ago will do
            self.before = self._use()
        self.first = self.first or self.before
        if self.before.memory - self.first.memory > limits.megabytes * MEGABYTE:
            return False
        try:
            self.pipe.send_bytes(task)
        except OSError:
            return False
        self.number, self.waited = number, 0
        return True

    def excess(self, limits: Limits) -> Cause | None:
        """What the item has too much of.

        A core's seconds don't pass while others have the core, so a busy machine makes nothing
        too slow; the clock, with far more patience, ends what waits for ever.
        """
        now = self._use()
        if self.pipe.poll():
            return None
        if now.memory - self.before.memory > limits.megabytes * MEGABYTE:
            return "too large"
        if now.seconds - self.before.seconds > limits.seconds:
            return "too slow"
        return "too slow" if self.waited > limits.seconds * PATIENCE else None

    def death(self) -> Cause:
        """Why it died, as far as its exit code tells."""
        self.process.join(1)
        code = self.process.exitcode
        if code not in DEATHS:
            logging.getLogger("xlsx_eval").error("a worker process died, exit code %s", code)
        return DEATHS.get(code, "died")

    def kill(self) -> None:
        with suppress(OSError):  # Windows refuses it where the process is about to end
            self.process.kill()

    def _use(self) -> _Use:
        """What it has used until now; nothing where it has died.

        Memory is what Windows has promised it, elsewhere what it holds and shares with no file.
        """
        try:
            seconds = sum(self._meter.cpu_times()[:2])
            memory = self._meter.memory_info()
        except psutil.Error:
            return _Use()
        resident = memory.rss - getattr(memory, "shared", 0)
        return _Use(time.monotonic(), seconds, getattr(memory, "private", resident))

    @cached_property
    def _meter(self) -> psutil.Process:
        return psutil.Process(self.process.pid)


# --------------------------------------------------------------------------------- inside a process


def _serve(pipe: Connection, limits: Limits) -> None:
    """What a process does: say that it is there, then answer item after item."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the run, which ends this
    Thread(target=_end_with_parent, daemon=True).start()
    meter = psutil.Process()
    with suppress(EOFError, OSError):  # the run is over, or dead
        pipe.send_bytes(b"ready")
        while True:
            pipe.send_bytes(_answer(pipe.recv_bytes(), limits, meter))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _answer(task: bytes, limits: Limits, meter: psutil.Process) -> bytes:
    """The item's result or what is lost, packed with the trace of a fault."""
    try:
        work, item = pickle.loads(task)  # noqa: S301 - the run packed it
        with _backstop(limits, meter):
            return pickle.dumps((work(item), ""))
    except BaseException as error:  # noqa: BLE001 - whatever it is, it loses this item only
        return pickle.dumps(_lost(error))


def _opened(message: bytes) -> Any:
    """What a process answered; a fault of the program is logged and loses that item only."""
    try:
        outcome, trace = pickle.loads(message)  # noqa: S301 - our own process packed it
    except Exception as error:  # noqa: BLE001 - whatever it is, it loses this item only
        outcome, trace = _lost(error)
    if trace:
        logging.getLogger("xlsx_eval").error("a workbook could not be processed\n%s", trace)
    return outcome


def _lost(error: BaseException) -> tuple[Lost, str]:
    if isinstance(error, MemoryError):
        return Lost("too large"), ""
    fault = "".join(traceback.format_exception_only(error)).strip()
    return Lost("fault", fault), "".join(traceback.format_exception(error))


@contextmanager
def _backstop(limits: Limits, meter: psutil.Process) -> Iterator[None]:
    """Let Linux refuse a sudden amount of memory, and end a core's use that nobody watches."""
    if sys.platform != "linux":
        yield
    else:
        memory = meter.memory_info().data + BACKSTOP * limits.megabytes * MEGABYTE
        seconds = math.ceil(time.process_time() + BACKSTOP * limits.seconds) + 1
        with _at_most(resource.RLIMIT_DATA, memory), _at_most(resource.RLIMIT_CPU, seconds):
            yield


if sys.platform == "linux":

    @contextmanager
    def _at_most(kind: int, amount: int) -> Iterator[None]:
        soft, hard = resource.getrlimit(kind)
        lower = amount if soft == resource.RLIM_INFINITY else min(amount, soft)
        resource.setrlimit(kind, (lower, hard))
        try:
            yield
        finally:
            resource.setrlimit(kind, (soft, hard))

"""Work spread over processes: an item that fails or kills its process takes nothing else along."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TypeVar

from xlsx_eval.errors import UsageError

Item = TypeVar("Item")
Result = TypeVar("Result")

AT_ONCE = 16  # items a process may have waiting: so many are tried alone when one dies
MOST_PROCESSES = 61  # Windows waits for no more


@dataclass(frozen=True, slots=True)
class Lost:
    """Stands for the result of an item: its process died, or (with `fault`) the program failed."""

    fault: str = ""


@dataclass
class Workers:
    """A pool of processes; one that died is replaced, and what it had in hand is tried alone."""

    jobs: int = 0
    _pool: ProcessPoolExecutor | None = field(default=None, init=False)
    _proven: bool = field(default=False, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool:
            self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def map(
        self, work: Callable[[Item], Result], items: Sequence[Item]
    ) -> Iterator[tuple[int, Result | Lost]]:
        """(number of the item, its result) as they come; `Lost` where there is none.

        Raises UsageError where processes can't be started at all.
        """
        step = (self.jobs or os.cpu_count() or 1) * AT_ONCE
        for begin in range(0, len(items), step):
            yield from self._some(work, items, range(begin, min(begin + step, len(items))))

    def _some(
        self, work: Callable[[Item], Result], items: Sequence[Item], numbers: range
    ) -> Iterator[tuple[int, Result | Lost]]:
        left = set(numbers)
        try:
            pool = self._started(len(items))
            futures = {pool.submit(work, items[number]): number for number in numbers}
            for future in as_completed(futures):
                result = _result(future)
                left.discard(futures[future])
                self._proven = True
                yield futures[future], result
        except BrokenProcessPool:
            self._pool = None
            for number in sorted(left):
                yield number, self._alone(work, items[number])

    def _started(self, wanted: int) -> ProcessPoolExecutor:
        if self._pool is None:
            processes = min(self.jobs or os.cpu_count() or 1, wanted, MOST_PROCESSES)
            self._pool = ProcessPoolExecutor(processes)
        return self._pool

    def _alone(self, work: Callable[[Item], Result], item: Item) -> Result | Lost:
        try:
            with ProcessPoolExecutor(1) as pool:
                return _result(pool.submit(work, item))
        except BrokenProcessPool:
            self._prove()
            return Lost()

    def _prove(self) -> None:
        """Make sure that it is the item's fault: a process must be able to do nothing."""
        if self._proven:
            return
        try:
            with ProcessPoolExecutor(1) as pool:
                pool.submit(do_nothing).result()
        except BrokenProcessPool as error:
            raise UsageError(
                "worker processes can't start; in a script, call xlsx_eval.run "
                'under `if __name__ == "__main__":`'
            ) from error
        self._proven = True


def do_nothing() -> None:
    """What any process can do."""


def _result(future: Future[Result]) -> Result | Lost:
    """What a worker returned; a fault of the program is logged and loses that item only."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, BrokenProcessPool) or not isinstance(error, Exception):
        raise error
    logging.getLogger("xlsx_eval").error("a workbook could not be processed", exc_info=error)
    return Lost(f"{type(error).__name__}: {error}")

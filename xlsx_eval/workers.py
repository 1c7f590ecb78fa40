"""Work spread over processes, so that a file that kills one takes nothing else with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Lost:
    """Stands for the result of an item whose process died."""


@dataclass
class Workers:
    """A pool of processes; one that died is replaced and its items are tried alone."""

    jobs: int = 0
    _pool: ProcessPoolExecutor | None = field(default=None, init=False)

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
        """(number of the item, its result) as they come; `Lost` where its process died."""
        left = set(range(len(items)))
        if not items:
            return
        pool = self._started(len(items))
        futures = {pool.submit(work, item): number for number, item in enumerate(items)}
        try:
            for future in as_completed(futures):
                result = future.result()
                left.discard(futures[future])
                yield futures[future], result
        except BrokenProcessPool:
            self._pool = None
            for number in sorted(left):
                yield number, _alone(work, items[number])

    def _started(self, wanted: int) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(min(self.jobs or os.cpu_count() or 1, wanted, 61))
        return self._pool


def _alone(work: Callable[[Item], Result], item: Item) -> Result | Lost:
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(work, item).result()
        except BrokenProcessPool:
            return Lost()

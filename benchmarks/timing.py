"""How long something takes."""

from __future__ import annotations

import time
from collections.abc import Callable


def milliseconds(work: Callable[[], object], times: int = 10) -> float:
    """The fastest of some tries: the least disturbed one."""
    tries = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        tries.append((time.perf_counter() - start) * 1000)
    return min(tries)

"""What one file may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` and `megabytes` (of memory, beyond what the program itself takes) for one file."""

    seconds: float = 10
    megabytes: int = 300

"""Texts that are nearly the same, among thousands, without comparing each with each.

Two texts that differ in few characters also differ little in how often each character occurs.
That is counted fast, and only the texts that come near by it are compared character by character.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from rapidfuzz import fuzz

Numbers: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[Any]]

BUCKETS = 128  # characters are counted by the rest of their code
LONGEST = 3000  # characters of a text that are compared
NEAREST = 20  # texts compared character by character, the nearest first


@dataclass(frozen=True, slots=True)
class Alike:
    """A text's closest other, and how many others are alike (also through one another)."""

    other: int
    count: int


def alike(texts: Sequence[str], likeness: float) -> dict[int, Alike]:
    """Number of a text → what it is like, for those that share `likeness` of their characters.

    Of texts that are the very same, the first one is named (of the first, the second).
    """
    same: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        same[text[:LONGEST]].append(number)
    groups = list(same.values())
    pairs = list(_pairs(list(same), likeness))
    nearest: dict[int, int] = {}
    for one, other in pairs:
        nearest.setdefault(one, other)
    for one, other in pairs:  # an other whose own nearest ones were not alike
        nearest.setdefault(other, one)
    clusters = _clusters(pairs, len(groups))
    sizes: dict[int, int] = defaultdict(int)
    for group, cluster in enumerate(clusters):
        sizes[cluster] += len(groups[group])
    found = {}
    for group, numbers in enumerate(groups):
        for number in numbers:
            if len(numbers) > 1:
                other = numbers[0] if number != numbers[0] else numbers[1]
            elif group in nearest:
                other = groups[nearest[group]][0]
            else:
                continue
            found[number] = Alike(other, sizes[clusters[group]] - 1)
    return found


def _pairs(texts: list[str], likeness: float) -> Iterator[tuple[int, int]]:
    """The pairs that are alike among texts that all differ, for each text its nearest first."""
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    ordered = [texts[number] for number in order]
    lengths = np.array([len(text) for text in ordered], dtype=np.int32)
    counts = _counts(ordered)
    shortest = likeness / (2 - likeness)  # of the longer one, to be alike at all
    for here, text in enumerate(ordered):
        low = int(np.searchsorted(lengths, lengths[here] * shortest))
        high = int(np.searchsorted(lengths, lengths[here] / shortest, side="right"))
        near = counts[low:high]
        apart = np.maximum(near, counts[here]) - np.minimum(near, counts[here])
        apart = apart.sum(axis=1, dtype=np.int32)
        allowed = (1 - likeness) * (lengths[low:high] + lengths[here]) + 1e-6
        candidates: Numbers = np.flatnonzero(apart <= allowed)
        candidates = _some(candidates[np.argsort(apart[candidates], kind="stable")])
        for there in (int(each) + low for each in candidates):
            if there != here and fuzz.ratio(text, ordered[there], score_cutoff=likeness * 100):
                yield order[here], order[there]


def _some(candidates: Numbers) -> Numbers:
    """The nearest candidates, and as many of the rest: else a text of hundreds falls into parts."""
    rest = candidates[NEAREST + 1 :]
    return np.concatenate([candidates[: NEAREST + 1], rest[:: max(1, len(rest) // NEAREST)]])


def _counts(texts: list[str]) -> Numbers:
    """A row a text: how often its characters occur, in buckets; never more than 255."""
    counts = np.zeros((len(texts), BUCKETS), dtype=np.uint8)
    for row, text in enumerate(texts):
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        counts[row] = np.bincount(codes % BUCKETS, minlength=BUCKETS).clip(max=255)
    return counts


def _clusters(pairs: Iterable[tuple[int, int]], count: int) -> list[int]:
    """The cluster of each text: those that pairs connect."""
    leaders = list(range(count))

    def leader(number: int) -> int:
        while leaders[number] != number:
            leaders[number] = leaders[leaders[number]]
            number = leaders[number]
        return number

    for one, other in pairs:
        leaders[leader(one)] = leader(other)
    return [leader(number) for number in range(count)]

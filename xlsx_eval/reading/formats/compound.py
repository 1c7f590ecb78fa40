"""An OLE compound file, the container of .xls: the streams at its top level."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECTOR_SHIFTS = (9, 12)  # sectors of 512 or 4096 bytes
LAST_SECTOR = 0xFFFFFFFA  # greater ones are marks: the end of a chain, a free place
MINI_SECTOR = 64
MINI_LIMIT = 4096  # a smaller stream stands in the mini stream, which belongs to the root
ENTRY = 128
ROOT = 0
STREAM = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the directory: `left` and `right` are its neighbours, `child` stands below."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    first: int
    size: int


@dataclass(frozen=True)
class CompoundFile:
    """Bytes of a compound file → its streams.

    However its tables are bent, no more is read than the file is long. Raises struct.error,
    LookupError or ValueError where they lead nowhere.
    """

    data: bytes

    def stream(self, *names: str) -> bytes | None:
        """The first of the named streams that stands at the top level, in any letter case."""
        name = next((name for name in map(str.lower, names) if name in self.streams), None)
        if name is None:
            return None
        entry = self.streams[name]
        if entry.size >= MINI_LIMIT:
            return self._chained(entry.first, entry.size)
        mini_stream = self._mini_stream
        places = _chain(self._mini_table, entry.first, -(-entry.size // MINI_SECTOR))
        starts = (place * MINI_SECTOR for place in places)
        return b"".join(mini_stream[at : at + MINI_SECTOR] for at in starts)[: entry.size]

    @cached_property
    def streams(self) -> dict[str, Entry]:
        """The streams at the top level by their names in small letters."""
        return {entry.name.lower(): entry for entry in self._top() if entry.kind == STREAM}

    def _top(self) -> Iterator[Entry]:
        waiting = [self._entry(ROOT).child]
        seen = set()
        while waiting:
            number = waiting.pop()
            if number in seen or number >= len(self._directory) // ENTRY:
                continue
            seen.add(number)
            entry = self._entry(number)
            waiting += [entry.left, entry.right]
            yield entry

    def _entry(self, number: int) -> Entry:
        start = number * ENTRY
        length, kind = struct.unpack_from("<HB", self._directory, start + 64)
        name = self._directory[start : start + max(0, min(length, 64) - 2)]
        links = struct.unpack_from("<III", self._directory, start + 68)
        place = struct.unpack_from("<II", self._directory, start + 116)
        return Entry(name.decode("utf-16-le", "replace"), kind, *links, *place)

    @cached_property
    def _directory(self) -> bytes:
        return self._chained(self._number(48), len(self.data))

    @cached_property
    def _mini_table(self) -> Sequence[int]:
        return _numbers(self._chained(self._number(60), self._number(64) << self._shift))

    @cached_property
    def _mini_stream(self) -> bytes:
        root = self._entry(ROOT)
        return self._chained(root.first, root.size)

    def _chained(self, first: int, size: int) -> bytes:
        """The first `size` bytes of the sectors that hang together from `first` on."""
        count = min(-(-size >> self._shift), self._sectors)
        runs: list[list[int]] = []
        for place in _chain(self._table, first, count):
            if runs and runs[-1][1] == place:
                runs[-1][1] += 1
            else:
                runs.append([place, place + 1])
        return b"".join(self._run(*run) for run in runs)[:size]

    @cached_property
    def _table(self) -> Sequence[int]:
        """Sector → the next one of its chain."""
        table: list[int] = []
        for number in self._sectors_of_table():
            links = _numbers(self._run(number, number + 1))
            if not links or len(table) > self._sectors:
                break
            table += links
        return table

    def _sectors_of_table(self) -> Iterator[int]:
        """The first 109 are listed in the header, others in sectors that name one another."""
        yield from (number for number in _numbers(self.data[76:512]) if number < LAST_SECTOR)
        following = self._number(68)
        for _ in range(self._sectors):
            if following > LAST_SECTOR:
                return
            *numbers, following = _numbers(self._run(following, following + 1))
            yield from (number for number in numbers if number < LAST_SECTOR)

    def _run(self, first: int, after: int) -> bytes:
        """Sectors that follow one another in the file."""
        return self.data[(first + 1) << self._shift : (after + 1) << self._shift]

    @cached_property
    def _sectors(self) -> int:
        return (len(self.data) >> self._shift) + 1

    @cached_property
    def _shift(self) -> int:
        (shift,) = struct.unpack_from("<H", self.data, 30)
        if shift not in SECTOR_SHIFTS:
            raise ValueError("no sector has such a size")
        return int(shift)

    def _number(self, offset: int) -> int:
        """A number of the header."""
        return int(struct.unpack_from("<I", self.data, offset)[0])


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack_from(f"<{len(data) // 4}I", data)


def _chain(table: Sequence[int], first: int, count: int) -> Iterator[int]:
    """At most `count` places, each leading to the next."""
    place = first
    for _ in range(count):
        if place >= len(table):
            return
        yield place
        place = table[place]

"""On which line of a TOML text each key stands, for messages about it.

`tomllib` tells no positions. This reads only texts that `tomllib` has accepted, so it looks for
where things begin and end, and judges nothing.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping

Path = tuple[str | int, ...]
"""Keys and places in arrays: `("rules", 0, "check")`."""

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\]|\\.)*"|\'[^\']*\'', re.DOTALL
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]*")


def key_lines(text: str) -> dict[Path, int]:
    """Each key, table and array element of a valid TOML text → the line, from 1, it begins on.

    Where the text is none after all, what was found before the fault.
    """
    scan = _Scan(text)
    try:
        scan.document()
    except (IndexError, ValueError, RecursionError):
        return scan.lines
    return scan.lines


def line_of(path: Iterable[str | int], lines: Mapping[Path, int]) -> int | None:
    """The line of a key, or of the nearest thing around it that stands in the text."""
    known = tuple(path)
    while known:
        if known in lines:
            return lines[known]
        known = known[:-1]
    return None


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.starts = [match.end() for match in re.finditer(r"^|\n", self.text)]
        self.lines: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}  # arrays of tables

    def document(self) -> None:
        table: Path = ()
        while self.skip() < len(self.text):
            start = self.at
            if self.take("[["):
                table = self.header(start, array=True)
                self.expect("]]")
            elif self.take("["):
                table = self.header(start, array=False)
                self.expect("]")
            else:
                self.pair(table)

    def header(self, start: int, *, array: bool) -> Path:
        """The table a header opens; a name on the way that is an array means its last table."""
        *outer, last = self.dotted_key()
        path: Path = ()
        for part in outer:
            path = self.last_of((*path, part))
            self.note(path, start)
        path = (*path, last)
        self.note(path, start)
        if not array:
            return path
        self.counts[path] = self.counts.get(path, 0) + 1
        path = self.last_of(path)
        self.note(path, start)
        return path

    def last_of(self, path: Path) -> Path:
        return (*path, self.counts[path] - 1) if path in self.counts else path

    def pair(self, table: Path) -> None:
        start, path = self.at, table
        for part in self.dotted_key():
            path = (*path, part)
            self.note(path, start)
        self.expect("=")
        self.skip()
        self.value(path)

    def value(self, path: Path) -> None:
        self.note(path, self.at)
        if self.take("{"):
            while not self.closes("}"):
                self.pair(path)
                self.comma()
        elif self.take("["):
            number = 0
            while not self.closes("]"):
                self.value((*path, number))
                number += 1
                self.comma()
        elif match := _STRING.match(self.text, self.at) or _BARE_VALUE.match(self.text, self.at):
            self.at = match.end()

    def dotted_key(self) -> list[str]:
        parts = [self.key()]
        while self.skip() < len(self.text) and self.take("."):
            self.skip()
            parts.append(self.key())
        return parts

    def key(self) -> str:
        self.skip()
        if quoted := _STRING.match(self.text, self.at):
            self.at = quoted.end()
            return str(tomllib.loads(f"key = {quoted[0]}")["key"])
        bare = _BARE_KEY.match(self.text, self.at)
        if bare is None:
            raise ValueError("no key")
        self.at = bare.end()
        return bare[0]

    # ------------------------------------------------------------------------------- characters

    def skip(self) -> int:
        """Pass over blanks, line breaks and comments; the place reached."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def take(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def expect(self, sign: str) -> None:
        self.skip()
        if not self.take(sign):
            raise ValueError(f"no {sign}")

    def closes(self, sign: str) -> bool:
        if self.skip() >= len(self.text):
            raise ValueError(f"no {sign}")
        return self.take(sign)

    def comma(self) -> None:
        self.skip()
        self.take(",")

    def note(self, path: Path, place: int) -> None:
        self.lines.setdefault(path, bisect_right(self.starts, place))

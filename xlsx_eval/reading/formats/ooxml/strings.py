"""The shared strings of a workbook: only those that are wanted, however many there are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.formats.ooxml.package import THE_FILE, Package
from xlsx_eval.reading.formats.ooxml.parsing import Attributes, Listener
from xlsx_eval.reading.limits import Budget

LONGEST_TEXT = 32_767  # characters in a cell of Excel
LONGEST_BLOCK = 1024 * 1024
DECLARATION = len("<?xml")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNSHOWN = dict.fromkeys([*range(32), 0xFFFE, 0xFFFF]) | {
    0x09: "\t", 0x0A: "\n", 0x0B: "\n", 0x0C: "\n", 0x0D: "\n",
}  # fmt: skip


def shared_strings(package: Package, part: str, wanted: Collection[int]) -> dict[int, str]:
    """Number → text of the wanted strings; those that the part does not have are missing."""
    if not wanted:
        return {}
    listener = _Strings(sorted(wanted), package.budget)
    package.tell(listener, part, sift=listener.without_unwanted)
    return listener.strings


def unescaped(text: str) -> str:
    r"""Text as Excel shows it: `_x000D_` is a line break, and other control characters nothing."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        # two halves of one character may have been written one by one
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\r\n", "\n").translate(_UNSHOWN)


def too_long(where: str) -> UnreadableWorkbook:
    return UnreadableWorkbook(
        f"{where}里有单元格的文字超过{LONGEST_TEXT}个字，请分成几个单元格填写后重新报送。"
    )


class _Strings(Listener):
    def __init__(self, wanted: list[int], budget: Budget) -> None:
        super().__init__()
        self.strings: dict[int, str] = {}
        self._wanted = wanted
        self._set = frozenset(wanted)
        self._budget = budget
        self._number = -1
        self._pieces: list[str] = []
        self._length = 0
        self._kept = False  # whether the string is wanted
        self._spoken = False  # whether a phonetic reading is being told
        self._listening = False
        self.starts["si"] = self._start_string
        self.starts["t"] = self._start_text
        self.starts["rPh"] = self._start_phonetic
        self.ends["si"] = self._end_string
        self.ends["t"] = self._end_text
        self.ends["rPh"] = self._end_phonetic

    def text(self, text: str) -> None:
        if self._listening:
            self._pieces.append(text)
            self._length += len(text)
            if self._length > LONGEST_TEXT * 2:
                raise too_long(THE_FILE)

    def _start_string(self, _: Attributes) -> None:
        self._number += 1
        self._kept = self._number in self._set
        self._pieces.clear()
        self._length = 0

    def _start_text(self, _: Attributes) -> None:
        self._listening = self._kept and not self._spoken

    def _start_phonetic(self, _: Attributes) -> None:
        self._spoken = True

    def _end_text(self) -> None:
        self._listening = False

    def _end_phonetic(self) -> None:
        self._spoken = False

    def _end_string(self) -> None:
        if self._kept:
            text = unescaped("".join(self._pieces))
            self._budget.write(len(text), THE_FILE)
            self.strings[self._number] = text
            self._kept = False
            self.done = self._number >= self._wanted[-1]

    def without_unwanted(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The part without whole blocks of strings of which none is wanted.

        Counted instead of parsed, which is fifty times faster; as soon as anything looks unusual,
        all that follows is passed on.
        """
        block = next(pieces, b"")
        end = 0 if _is_unusual(block[DECLARATION:]) else _end_of_strings(block)
        yield block[:end]
        for piece in pieces if end else ():
            block = block[end:] + piece
            end = _end_of_strings(block)
            count = _count(block[:end])
            if count is None or len(block) > LONGEST_BLOCK:
                end = 0
                break
            if self._any_wanted(count):
                yield block[:end]
            else:
                self._number += count
        yield block[end:]
        yield from pieces

    def _any_wanted(self, count: int) -> bool:
        """Whether there is a wanted one among the next strings."""
        place = bisect_left(self._wanted, self._number + 1)
        return place < len(self._wanted) and self._wanted[place] <= self._number + count


def _end_of_strings(block: bytes) -> int:
    """The place behind the last string that ends in the block; 0 where there is none."""
    return block.rfind(b"</si>") + 5 if b"</si>" in block else 0


def _count(block: bytes) -> int | None:
    """How many strings a block of whole strings has; None where that isn't plain to see."""
    begun = block.count(b"<si>") + block.count(b"<si ")
    usual = begun == block.count(b"</si>") == block.count(b"<si")
    return begun if usual and not _is_unusual(block) else None


def _is_unusual(xml: bytes) -> bool:
    """Whether there may be what looks like elements but is none: in comments, raw text, notes."""
    return b"<!" in xml or b"<?" in xml

"""XML that streams by: without entities, not too deep, whatever its prefixes and encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar
from xml.parsers import expat

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.limits import Budget

DEEPEST = 100
LONGEST_TAG = 1024 * 1024
MOST_NAMES = 500  # the parser remembers them all
ENCODINGS = {
    "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030",
    "big5": "big5", "iso-8859-1": "cp1252", "windows-1252": "cp1252",
}  # fmt: skip
"""Those a part may declare besides UTF-8, and the codec that reads what goes by that name.

One that declares UTF-16 in single bytes is in UTF-8: some programs write so.
"""
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding=["']([\w.-]{1,20})["']""")
_SIGNS_OF_UTF_16 = {
    b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be",
}  # fmt: skip

Attributes = dict[str, str]
Action = TypeVar("Action")


class Names(dict[str, Action | None]):
    """Element name → what to do; `x:row` is `row`, and None where there is nothing to do."""

    def __missing__(self, name: str) -> Action | None:
        if len(self) > MOST_NAMES:
            raise ValueError("no part has so many kinds of elements")
        self[name] = action = self.get(name.rpartition(":")[2])
        return action


class Listener:
    """Does something as elements come by; `done` once it has heard enough."""

    def __init__(self) -> None:
        self.starts: Names[Callable[[Attributes], None]] = Names()
        self.ends: Names[Callable[[], None]] = Names()
        self.done = False

    def text(self, text: str) -> None:
        """Is given the text of all elements, a long one piece by piece."""


def parse(pieces: Iterable[bytes], listener: Listener, budget: Budget, where: str) -> None:
    """Tell the listener of the elements in a part's UTF-8.

    Raises ExpatError where it is not well-formed and UnreadableWorkbook where it costs too much.
    """
    depth = 0
    starts, ends = listener.starts, listener.ends

    def start(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise UnreadableWorkbook(_unlike_excel(where, "过深的嵌套"))
        action = starts[name]
        if action is not None:
            action(attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        action = ends[name]
        if action is not None:
            action()

    def doctype(*_: object) -> None:
        raise UnreadableWorkbook(_unlike_excel(where, "DTD 声明"))

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = listener.text
    parser.StartDoctypeDeclHandler = doctype
    fed = 0
    for piece in pieces:
        budget.parse(piece.count(b"<") + piece.count(b"="), where)
        parser.Parse(piece, False)
        if listener.done:
            return
        fed += len(piece)
        if fed - parser.CurrentByteIndex > LONGEST_TAG:
            raise UnreadableWorkbook(_unlike_excel(where, "过长的标记"))
    parser.Parse(b"", True)


def _unlike_excel(where: str, what: str) -> str:
    return (
        f"{where}含有 Excel 不会写入的内容（{what}），不能读取，"
        "请用 Excel 或 WPS 打开后另存为 .xlsx 重新报送。"
    )


def as_utf8(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same XML in UTF-8, whatever its declaration says then.

    Raises UnicodeError or LookupError.
    """
    decoder = None
    for number, piece in enumerate(pieces):
        if number == 0 and (encoding := _encoding(piece)):
            decoder = codecs.getincrementaldecoder(encoding)()
        yield decoder.decode(piece).encode() if decoder else piece


def _encoding(beginning: bytes) -> str | None:
    """The encoding of a part that is not in UTF-8."""
    if encoding := _SIGNS_OF_UTF_16.get(beginning[:2]):
        return encoding
    declared = _DECLARED.match(beginning)
    return ENCODINGS.get(declared[1].decode().lower()) if declared else None

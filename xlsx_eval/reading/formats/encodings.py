"""Bytes of XML and HTML files → text, whatever they say of their encoding."""

from __future__ import annotations

import codecs
import re

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.formats.assemble import DAMAGED

HEAD = 4096
MAX_BYTES = 100 * 1024 * 1024
_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_WITHOUT_BOM = {b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}
_DECLARED = re.compile(rb"""(?:\bencoding|\bcharset)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_FAMILIES = (
    (re.compile(r"(?:x-)?gb|(?:cp|ms|windows-)?936", re.IGNORECASE), "gb18030"),
    (re.compile(r"(?:x-)?(?:big-?5|x-x-big5)|(?:cp|windows-)?950", re.IGNORECASE), "big5hkscs"),
    (re.compile(r"utf-?8", re.IGNORECASE), "utf-8"),
)
"""Declared names → the largest encoding of the family; other names are not worth believing."""


def decoded(data: bytes, declared: str | None = None, *, lenient: bool = False) -> str:
    """The text of a file in the encoding of its mark, or declared, or that fits: UTF-8, GB 18030.

    `declared` is what stands outside the file. `lenient` replaces the odd broken character, as a
    browser does. Raises UnreadableWorkbook where no encoding fits.
    """
    refuse_large(data)
    marked = _marked(data)
    if marked:
        encodings = [marked]
    else:
        own = _DECLARED.search(data[:HEAD])
        names = (declared, own[1].decode() if own else None)
        known = [encoding for name in names if name and (encoding := _known(name))]
        encodings = [*known, "utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    if lenient:
        return data.decode(encodings[0], "replace").removeprefix("\ufeff")
    raise UnreadableWorkbook(DAMAGED)


def refuse_large(data: bytes) -> None:
    """Raises UnreadableWorkbook where a file of text is larger than any table needs."""
    if len(data) > MAX_BYTES:
        raise UnreadableWorkbook("文件过大，请删去与自评表无关的内容后重新报送。")


def head(data: bytes) -> str:
    """The beginning of a file, good enough to tell what it is, without what stands before it."""
    start = data[:HEAD]
    return start.decode(_marked(start) or "latin-1", "replace").lstrip("\ufeff \t\r\n")


def _marked(data: bytes) -> str | None:
    for mark, encoding in (_BOMS | _WITHOUT_BOM).items():
        if data.startswith(mark):
            return encoding
    return None


def _known(name: str) -> str | None:
    return next((encoding for names, encoding in _FAMILIES if names.match(name)), None)

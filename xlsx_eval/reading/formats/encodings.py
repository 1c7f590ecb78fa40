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
)
"""Declared names → the largest encoding of the family; other names are not worth believing."""


def decoded(data: bytes, declared: str | None = None, *, lenient: bool = False) -> str:
    """The text of a file: in the encoding of its mark, in UTF-8, as declared, or in GB 18030.

    UTF-8 comes first: hardly a text in another encoding can be taken for it. `declared` is what
    stands outside the file. `lenient` replaces the odd broken character, as a browser does. Raises
    UnreadableWorkbook where no encoding fits.
    """
    refuse_large(data)
    encodings = _possible(data, declared)
    for encoding in encodings:
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    if not lenient:
        raise UnreadableWorkbook(DAMAGED)
    texts = (data.decode(encoding, "replace") for encoding in encodings)
    return min(texts, key=lambda text: text.count("\ufffd")).removeprefix("\ufeff")


def _possible(data: bytes, declared: str | None) -> list[str]:
    if marked := _marked(data):
        return [marked]
    own = _DECLARED.search(data[:HEAD])
    names = (declared or "", own[1].decode() if own else "")
    known = (encoding for name in names for family, encoding in _FAMILIES if family.match(name))
    return list(dict.fromkeys(("utf-8", *known, "gb18030")))


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

"""Records of old (.xls) and binary (.xlsb) workbooks put together, well or badly."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator, Mapping

from packages import relations, zipped

UNICODE, BYTES = 0x600, 0x500
BOOK, SHEET, CHART = 0x05, 0x10, 0x20
EOF = struct.pack("<HH", 0x0A, 0)


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def begin(kind: int, version: int = UNICODE) -> bytes:
    return record(0x809, struct.pack("<HHHHII", version, kind, 0, 0, 0, 0))


def text(value: str, width: int = 2) -> bytes:
    """A text of two bytes a character, after its length in so many bytes."""
    return len(value).to_bytes(width, "little") + b"\1" + value.encode("utf-16-le")


def label(row: int, column: int, value: bytes) -> bytes:
    return record(0x204, struct.pack("<HHH", row, column, 0) + value)


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, style, value))


def formula(row: int, column: int, result: bytes, style: int = 0) -> bytes:
    return record(0x06, struct.pack("<HHH8s", row, column, style, result) + b"\0" * 8)


def xls(sheets: bytes | Mapping[str, bytes], before: bytes = b"", version: int = UNICODE) -> bytes:
    """A workbook's stream: sheets by name, each its records; `before` stands in front of them."""
    bodies = {"Sheet1": sheets} if isinstance(sheets, bytes) else sheets
    names = [
        text(name, 1)
        if version == UNICODE
        else bytes([len(name.encode("gbk"))]) + name.encode("gbk")
        for name in bodies
    ]
    head = begin(BOOK, version) + before
    at = len(head) + sum(4 + 6 + len(name) for name in names) + len(EOF)
    listed = b""
    parts = [begin(SHEET, version) + body + EOF for body in bodies.values()]
    for name, part in zip(names, parts, strict=True):
        listed += record(0x85, struct.pack("<IBB", at, 0, 0) + name)
        at += len(part)
    return head + listed + EOF + b"".join(parts)


def record12(kind: int, content: bytes = b"") -> bytes:
    """A record of .xlsb: its kind and length in seven bits a byte."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(content)
    while length >= 0x80:
        head += bytes([length & 0x7F | 0x80])
        length >>= 7
    return head + bytes([length]) + content


def text12(value: str) -> bytes:
    return struct.pack("<I", len(value.encode("utf-16-le")) // 2) + value.encode("utf-16-le")


def row12(row: int, *, hidden: bool = False) -> bytes:
    return record12(0, struct.pack("<IIHBBB", row, 0, 300, 0, 0x10 if hidden else 0, 0))


def cell12(kind: int, column: int, value: bytes = b"", style: int = 0) -> bytes:
    return record12(kind, struct.pack("<II", column, style) + value)


def xlsb(
    sheets: bytes | Mapping[str, bytes],
    *,
    book: bytes = b"",
    strings: bytes = b"",
    styles: bytes = b"",
) -> bytes:
    """A workbook: sheets by name, each its records; `book` are records of its main part."""
    bodies = {"Sheet1": sheets} if isinstance(sheets, bytes) else sheets
    listed = b"".join(
        record12(156, struct.pack("<II", 0, number) + text12(f"r{number}") + text12(name))
        for number, name in enumerate(bodies)
    )
    targets = {f"r{n}": ("worksheet", f"worksheets/sheet{n}.bin") for n in range(len(bodies))}
    targets |= {"s": ("sharedStrings", "sharedStrings.bin"), "t": ("styles", "styles.bin")}
    parts: dict[str, str | bytes] = {
        "_rels/.rels": relations({"b": ("officeDocument", "xl/workbook.bin")}),
        "xl/workbook.bin": book + listed,
        "xl/_rels/workbook.bin.rels": relations(targets),
        "xl/sharedStrings.bin": strings,
        "xl/styles.bin": styles,
    }
    parts |= {f"xl/worksheets/sheet{n}.bin": body for n, body in enumerate(bodies.values())}
    return zipped(parts)


def cut_short(data: bytes, times: int) -> Iterator[bytes]:
    for place in range(0, len(data), max(1, len(data) // times)):
        yield data[:place]


def bent(data: bytes, times: int) -> Iterator[bytes]:
    """The same with some bytes changed, each time others."""
    chance = random.Random(len(data))  # noqa: S311 - nothing to guess
    for _ in range(times):
        changed = bytearray(data)
        for _ in range(chance.choice([1, 1, 2, 5, 20])):
            changed[chance.randrange(len(data))] = chance.choice(
                [0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)]
            )
        yield bytes(changed)

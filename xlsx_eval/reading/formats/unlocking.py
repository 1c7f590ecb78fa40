"""An .xls whose structure is protected: encrypted, but with a password that every Excel knows.

As in [MS-OFFCRYPTO] 2.3.5 and 2.3.6; for whoever opens such a workbook, it has no password.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from hashlib import md5, sha1

PASSWORD = "VelvetSweatshop".encode("utf-16-le")
STANDARD = 1  # older workbooks are disguised rather than encrypted
BLOCK = 1024
MAX_BYTES = 8 * 1024 * 1024  # more take too long here
HEADER = struct.Struct("<HH")
SHEET = 0x85
PLAIN = {0x2F, 0xE1, 0x138, 0x194, 0x195, 0x196, 0x809}  # kinds of records left as they are

Key = Callable[[int], bytes]
"""Number of a block → the key to it."""


def unlocked(stream: bytes, protection: bytes) -> bytes | None:
    """A workbook's stream as it was before; None where it has a password of its own.

    `protection` is what its record FilePass holds. Raises struct.error where that is damaged.
    """
    kind, major, minor = struct.unpack("<HHH", protection[:6].ljust(6, b"\0"))
    key = None
    if kind == STANDARD and len(stream) <= MAX_BYTES:
        if (major, minor) == (1, 1):
            key = _simple_key(protection[6:])
        elif minor == 2:
            key = _later_key(protection[6:])
    return _decrypted(stream, key) if key else None


def _simple_key(details: bytes) -> Key | None:
    salt, verifier, digest = struct.unpack_from("<16s16s16s", details)
    password = md5(PASSWORD, usedforsecurity=False).digest()[:5]
    start = md5((password + salt) * 16, usedforsecurity=False).digest()[:5]

    def key(block: int) -> bytes:
        return md5(start + struct.pack("<I", block), usedforsecurity=False).digest()

    opened = _mixed(verifier + digest, key(0))
    return key if md5(opened[:16], usedforsecurity=False).digest() == opened[16:] else None


def _later_key(details: bytes) -> Key | None:
    _flags, size = struct.unpack_from("<II", details)
    (bits,) = struct.unpack_from("<I", details, 8 + 16)
    salt, verifier, digest = struct.unpack_from("<4x16s16s4x20s", details, 8 + size)
    start = sha1(salt + PASSWORD, usedforsecurity=False).digest()
    length = min(bits or 40, 128) // 8

    def key(block: int) -> bytes:
        digest = sha1(start + struct.pack("<I", block), usedforsecurity=False).digest()
        return digest[:length].ljust(16, b"\0") if length == 5 else digest[:length]

    opened = _mixed(verifier + digest, key(0))
    return key if sha1(opened[:16], usedforsecurity=False).digest() == opened[16:] else None


def _decrypted(stream: bytes, key: Key) -> bytes:
    """Blocks are encrypted one by one, but headers and some contents stand as they were."""
    starts = range(0, len(stream), BLOCK)
    mixed = b"".join(_mixed(stream[at : at + BLOCK], key(at // BLOCK)) for at in starts)
    result = bytearray(mixed)
    at = 0
    while at + HEADER.size <= len(stream):
        kind, size = HEADER.unpack_from(stream, at)
        end = at + HEADER.size + size
        plain = size if kind in PLAIN else 4 if kind == SHEET else 0
        upto = min(at + HEADER.size + plain, end)
        result[at:upto] = stream[at:upto]
        at = end
    return bytes(result)


def _mixed(data: bytes, key: bytes) -> bytes:
    """RC4, which both encrypts and decrypts."""
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 0xFF
        state[i], state[j] = state[j], state[i]
    j = 0
    result = bytearray()
    for count, byte in enumerate(data, 1):
        i = count & 0xFF
        here = state[i]
        j = (j + here) & 0xFF
        there = state[j]
        state[i], state[j] = there, here
        result.append(byte ^ state[(here + there) & 0xFF])
    return bytes(result)

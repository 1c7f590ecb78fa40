"""ZIP entries: copied as they are, compressed bytes and all, unless their part was changed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from xlsx_eval.errors import UnreadableWorkbook

DAMAGED = "文件不完整或已损坏，不能写入审核意见；请用 Excel 或 WPS 打开后另存为 .xlsx 再报送。"

_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_ENCRYPTED, _STREAMED, _UTF8 = 0x1, 0x8, 0x800
_EPOCH = (0, 0x21)  # 1980-01-01: what we write does not depend on the day
_LARGE = 4 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it will be written; `data` is compressed."""

    name: bytes
    flags: int
    method: int
    stamp: tuple[int, int]
    crc: int
    size: int
    data: memoryview | bytes
    attributes: tuple[int, int] = (0, 0)


def open_archive(content: bytes) -> zipfile.ZipFile:
    """Raises UnreadableWorkbook where the bytes are no whole archive, or an encrypted one."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _FAULTS as fault:
        raise UnreadableWorkbook(DAMAGED) from fault
    if any(info.flag_bits & _ENCRYPTED for info in archive.infolist()):
        raise UnreadableWorkbook(DAMAGED)
    return archive


def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(info)
    except _FAULTS as fault:
        raise UnreadableWorkbook(DAMAGED) from fault


def kept(content: memoryview, info: zipfile.ZipInfo) -> Entry:
    """The entry as it stands in the archive."""
    head = content[info.header_offset : info.header_offset + _LOCAL.size]
    if len(head) < _LOCAL.size:
        raise UnreadableWorkbook(DAMAGED)
    *_, name, extra = _LOCAL.unpack(head)
    start = info.header_offset + _LOCAL.size + name + extra
    data = content[start : start + info.compress_size]
    if len(data) < info.compress_size:
        raise UnreadableWorkbook(DAMAGED)
    year, month, day, hour, minute, second = info.date_time
    stamp = (hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)
    encoding = "utf-8" if info.flag_bits & _UTF8 else "cp437"
    return Entry(
        info.orig_filename.encode(encoding),
        info.flag_bits & ~_STREAMED,
        info.compress_type,
        stamp,
        info.CRC,
        info.file_size,
        data,
        (info.internal_attr, info.external_attr),
    )


def written(name: str, part: bytes) -> Entry:
    """A changed or new part."""
    level = 1 if len(part) > _LARGE else 6
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    data = packer.compress(part) + packer.flush()
    flags = 0 if name.isascii() else _UTF8
    return Entry(name.encode(), flags, zipfile.ZIP_DEFLATED, _EPOCH, zlib.crc32(part), len(part),
                 data)  # fmt: skip


def archive_of(entries: Iterable[Entry]) -> bytes:
    """The entries as an archive, in their order."""
    content, directory, count = io.BytesIO(), io.BytesIO(), 0
    for entry in entries:
        common = (entry.flags, entry.method, *entry.stamp, entry.crc, len(entry.data), entry.size,
                  len(entry.name))  # fmt: skip
        directory.write(
            _CENTRAL.pack(b"PK\1\2", 20, 20, *common, 0, 0, 0, *entry.attributes, content.tell())
        )
        directory.write(entry.name)
        content.write(_LOCAL.pack(b"PK\3\4", 20, *common, 0))
        content.write(entry.name)
        content.write(entry.data)
        count += 1
    start, size = content.tell(), directory.tell()
    content.write(directory.getbuffer())
    content.write(_END.pack(b"PK\5\6", 0, 0, count, count, size, start, 0))
    return content.getvalue()

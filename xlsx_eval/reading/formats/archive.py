"""A ZIP archive as a bag of named parts that are unpacked piece by piece."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlsx_eval.errors import UnreadableWorkbook

ENTRY = b"PK\x01\x02"
MAX_ENTRIES = 20_000
PIECE = 64 * 1024
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others are not allowed in a workbook
ENCRYPTED = 1
FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
"""How zipfile fails on a damaged archive."""

INCOMPLETE = "文件不完整或已损坏（可能没有复制完），请重新复制或重新报送。"


@dataclass(frozen=True)
class Archive:
    """`parts` are the entries by name, in small letters and with `/`; the last of equals counts."""

    zip: zipfile.ZipFile
    parts: Mapping[str, zipfile.ZipInfo]

    @classmethod
    def of(cls, data: bytes) -> Archive:
        """Raises UnreadableWorkbook where the bytes are no whole archive."""
        if data.count(ENTRY) > MAX_ENTRIES:
            raise UnreadableWorkbook(
                "文件里的部件过多，不是正常的工作簿，请另存为 .xlsx 后重新报送。"
            )
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except FAULTS as error:
            raise UnreadableWorkbook(INCOMPLETE) from error
        parts = {part_name(entry.filename): entry for entry in archive.infolist()}
        if any(entry.flag_bits & ENCRYPTED for entry in parts.values()):
            raise UnreadableWorkbook("文件是加了密码的压缩包，请解压后报送里面的 Excel 文件。")
        return cls(archive, parts)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The part's bytes; raises one of FAULTS where it is damaged, KeyError without it.

        What came before the last piece may be wrong: the check sum stands at the end.
        """
        entry = self.parts[name]
        if entry.compress_type not in PLAIN:
            raise NotImplementedError(entry.compress_type)
        with self.zip.open(entry) as stream:
            while piece := stream.read(PIECE):
                yield piece

    def beginning(self, name: str, size: int = PIECE) -> bytes:
        """The first bytes of a part; b"" where it is missing or damaged."""
        try:
            return next(self.pieces(name), b"")[:size]
        except (KeyError, *FAULTS):
            return b""


def part_name(name: str) -> str:
    r"""A name as it is compared: `\XL\Workbook.xml` → `xl/workbook.xml`."""
    return name.replace("\\", "/").lstrip("/").lower()

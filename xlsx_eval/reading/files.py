"""A file's bytes → workbook, or a sentence that says what the file is and what to send instead.

What a file is called says nothing: an .xls may be a web page, and an .xlsx a photograph.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Literal

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading import strangers
from xlsx_eval.reading.formats import mhtml, ods, ooxml, webpage, xls, xlsb, xml2003
from xlsx_eval.reading.formats.archive import Archive
from xlsx_eval.reading.formats.compound import CompoundFile
from xlsx_eval.reading.formats.large import PartOfForm
from xlsx_eval.reading.grid import Workbook
from xlsx_eval.reading.limits import USUAL, Budget, Limits

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
END_OF_ZIP = b"PK\x05\x06"
FARTHEST_END = 66_000  # bytes from the end of the file: a comment may follow
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage"
PROTECTED = "文件设置了打开密码，请取消密码后重新报送。"
BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00\x04\x00")  # .xls without a container
TEXT_FORMATS: tuple[
    tuple[Callable[[bytes], bool], Callable[[bytes, PartOfForm | None], Workbook]], ...
] = (
    (xml2003.looks_like, xml2003.read),
    (ods.looks_like, ods.read),
    (mhtml.looks_like, mhtml.read),
    (webpage.looks_like, webpage.read),
)
Format = Literal[
    "xlsx", "xlsm", "xltx", "xltm", "xls", "xlsb", "ods", "xml2003", "mhtml", "webpage"
]
OOXML: frozenset[Format] = frozenset(("xlsx", "xlsm", "xltx", "xltm"))
"""Workbooks of XML parts, whose cells can be marked."""
TEXT_NAMES: dict[object, Format] = {
    xml2003.read: "xml2003", ods.read: "ods", mhtml.read: "mhtml", webpage.read: "webpage",
}  # fmt: skip
FAULTS = (struct.error, LookupError, ValueError)


def open_workbook(
    data: bytes,
    limits: Limits = USUAL,
    part_of_form: PartOfForm | None = None,
) -> Workbook:
    """Bytes of a workbook in any format → its sheets.

    `part_of_form` tells from the texts at a large sheet's beginning whether it is to be read
    whole; without it all are. Raises UnreadableWorkbook with a Chinese sentence that says what the
    unit has to do.
    """
    if not data:
        raise UnreadableWorkbook("文件是空的（0字节），请重新报送。")
    if data.count(0) == len(data):
        raise UnreadableWorkbook("文件里没有内容（全是空字节，保存或复制时出了错），请重新报送。")
    if data.startswith(OLE):
        return _compound(data, part_of_form)
    if data.startswith(ZIP):
        return _packed(data, Archive.of(data), limits, part_of_form)
    if data.startswith(BIFF):
        return xls.read(data, part_of_form)
    for looks_like, read in TEXT_FORMATS:
        if looks_like(data):
            return read(data, part_of_form)
    if archive := _behind_other_bytes(data):
        return _packed(data, archive, limits, part_of_form)
    raise UnreadableWorkbook(strangers.of_bytes(data))


def format_of(data: bytes) -> Format | None:
    """The format of a workbook that could be read, whatever its name says."""
    if data.startswith((OLE, *BIFF)):
        return "xls"
    if is_ooxml(data):
        return _kind_of_ooxml(data)
    if data.startswith(ZIP):
        return "xlsb" if "xl/workbook.bin" in Archive.of(data).parts else "ods"
    return next((TEXT_NAMES[read] for looks_like, read in TEXT_FORMATS if looks_like(data)), None)


def _kind_of_ooxml(data: bytes) -> Format:
    """Excel opens a workbook with macros, or a template, by no other name than its own."""
    package = ooxml.Package(Archive.of(data), Budget(USUAL))
    kind = package.content_type(package.workbook() or "")
    if "template" in kind:
        return "xltm" if "macroenabled" in kind else "xltx"
    return "xlsm" if "macroenabled" in kind else "xlsx"


def is_ooxml(data: bytes) -> bool:
    """Whether a file is a workbook of XML parts (.xlsx, .xlsm), whose cells can be marked."""
    if not (data.startswith(ZIP) or END_OF_ZIP in data[-FARTHEST_END:]):
        return False
    try:
        package = ooxml.Package(Archive.of(data), Budget(USUAL))
        return package.workbook() is not None
    except UnreadableWorkbook:
        return False


def _packed(
    data: bytes,
    archive: Archive,
    limits: Limits,
    part_of_form: PartOfForm | None,
) -> Workbook:
    package = ooxml.Package(archive, Budget(limits))
    if workbook := package.workbook():
        return ooxml.read(package, workbook, part_of_form)
    if "xl/workbook.bin" in archive.parts:
        return xlsb.read(data, part_of_form)
    kind = archive.beginning("mimetype", 200)
    if b"spreadsheet" in kind or (not kind and "content.xml" in archive.parts):
        return ods.read(data, part_of_form)
    raise UnreadableWorkbook(strangers.of_archive(archive))


def _behind_other_bytes(data: bytes) -> Archive | None:
    """An archive with a workbook that something else was written in front of."""
    if not is_ooxml(data):
        return None
    return Archive.of(data)


def _compound(data: bytes, part_of_form: PartOfForm | None) -> Workbook:
    container = CompoundFile(data)
    streams = {
        name
        for name in (ENCRYPTED, "Workbook", "Book", *strangers.STREAMS)
        if _has(container, name)
    }
    if ENCRYPTED in streams or (not streams and ENCRYPTED.encode("utf-16-le") in data):
        raise UnreadableWorkbook(PROTECTED)
    if streams & {"Workbook", "Book"}:
        return xls.read(data, part_of_form)
    raise UnreadableWorkbook(strangers.of_streams(streams))


def _has(container: CompoundFile, name: str) -> bool:
    try:
        return container.stream(name) is not None
    except FAULTS:
        return False

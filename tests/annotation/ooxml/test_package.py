"""Parts of a package: copied unless changed, found by names as people write them."""

from __future__ import annotations

import io
import zipfile

import pytest

from xlsx_eval.annotation.ooxml.package import TRANSITIONAL, Package
from xlsx_eval.errors import UnreadableWorkbook

TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>'
RELS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="x/officeDocument" Target="/XL\\workbook.xml"/>'
    b'<Relationship Id="rId2" Type="x/officeDocument" Target="http://a" TargetMode="External"/>'
    b"</Relationships>"
)


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def entries(content: bytes) -> list[tuple[str, int, tuple[int, ...], bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return [
            (info.filename, info.compress_type, info.date_time, archive.read(info))
            for info in archive.infolist()
        ]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_entries_that_are_not_touched_keep_place_time_and_compression(method: int) -> None:
    content = packed({"[Content_Types].xml": TYPES, "a.xml": b"<a/>", "图.png": b"\x89PNG"}, method)
    package = Package(content)
    package.write("a.xml", b"<b/>")
    package.write("new.xml", b"<c/>")
    before, after = entries(content), entries(package.contents())
    assert [entry[0] for entry in after] == ["[Content_Types].xml", "a.xml", "图.png", "new.xml"]
    assert (after[0], after[2]) == (before[0], before[2])
    assert (after[1][3], after[3][3]) == (b"<b/>", b"<c/>")


def test_an_entry_written_in_a_stream_is_copied() -> None:
    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("a.xml", b"<a/>" * 100)
    package = Package(stream.getvalue())
    package.write("b.xml", b"<b/>")
    assert [entry[3] for entry in entries(package.contents())] == [TYPES, b"<a/>" * 100, b"<b/>"]


def test_nothing_changed_is_the_same_bytes() -> None:
    content = packed({"[Content_Types].xml": TYPES})
    assert Package(content).contents() is content


def test_names_are_compared_without_case_and_with_either_slash() -> None:
    content = packed(
        {"[content_types].XML": TYPES, "_rels/.rels": RELS, "xl/Workbook.xml": b"<w/>"}
    )
    package = Package(content)
    assert package.workbook_part() == "XL/workbook.xml"
    assert package.read("XL\\WORKBOOK.xml") == b"<w/>"
    package.write("xl/workbook.xml", b"<v/>")
    assert [entry[0] for entry in entries(package.contents())][2] == "xl/Workbook.xml"


def test_of_two_entries_of_one_name_the_last_counts() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("a.xml", b"<first/>")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.xml", b"<last/>")
    package = Package(content.getvalue())
    assert package.read("a.xml") == b"<last/>"
    package.write("a.xml", b"<new/>")
    assert [entry[3] for entry in entries(package.contents())] == [TYPES, b"<new/>"]


def test_a_part_that_was_added_goes_without_a_trace() -> None:
    content = packed({"[Content_Types].xml": TYPES, "xl/sheet.xml": b"<s/>"})
    package = Package(content)
    package.write("xl/notes.vml", b"<xml/>")
    package.declare("xl/notes.vml", "application/vml")
    package.write("xl/comments.xml", b"<c/>")
    package.declare("xl/comments.xml", "application/comments")
    assert package.relate("xl/sheet.xml", "comments", "xl/comments.xml", TRANSITIONAL) == "rId1"
    assert package.related("xl/sheet.xml", "comments") == ["xl/comments.xml"]
    assert package.content_type("xl/notes.vml") == "application/vml"
    assert package.content_type("xl/comments.xml") == "application/comments"
    again = Package(package.contents())
    again.unrelate("xl/sheet.xml", "xl/comments.xml")
    again.remove("xl/comments.xml")
    assert "xl/_rels/sheet.xml.rels" not in again
    assert b"comments" not in again.read("[Content_Types].xml")


def test_damage_and_passwords_are_told_in_a_sentence() -> None:
    content = packed({"[Content_Types].xml": TYPES, "a.xml": b"<a/>" * 1000})
    for damaged in (b"", content[:-30], content[: len(content) // 2], b"PK\x05\x06" + bytes(18)):
        with pytest.raises(UnreadableWorkbook):
            Package(damaged).workbook_part()
    position = content.index(b"a.xml") + 8
    broken = content[:position] + bytes([content[position] ^ 0xFF]) + content[position + 1 :]
    with pytest.raises(UnreadableWorkbook, match="文件不完整或已损坏"):
        Package(broken).read("a.xml")

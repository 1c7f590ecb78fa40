"""Workbooks made to do harm, or damaged: a right copy or a refusal in Chinese, nothing else."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable

import pytest
from odd_sheets import Tab
from odd_workbooks import Book, written
from proof.checks import Outcome, compare, examine
from proof.marks import FILLS, marks_missing
from proof.opinions import Unopened, calamine_facts, openpyxl_facts
from proof.package import Package
from proof.targets import Plan, plan

from xlsx_eval.annotation import Mark, Review, annotate, read_replies, strip
from xlsx_eval.errors import UnreadableWorkbook

SHEET = "xl/worksheets/sheet1.xml"
NUMBER = "<§c><§v>7</§v></§c>"
CHINESE = re.compile("[一-鿿]+")

Parts = dict[str, bytes]


def book() -> bytes:
    """Two sheets, comments on both."""
    rows = ((NUMBER, NUMBER), (NUMBER,))
    return written(
        Book(
            tuple(
                Tab(name, rows=rows, comments=(("A1", "plain"),), merges=("B4:B5",))
                for name in ("甲", "乙")
            )
        )
    )


def changed(change: Callable[[Parts], object]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def swapped(part: str, old: str, new: str) -> bytes:
    def change(parts: Parts) -> None:
        assert old.encode() in parts[part]
        parts[part] = parts[part].replace(old.encode(), new.encode())

    return changed(change)


def simple_review(sheet: str = "甲", cell: str = "B2") -> Review:
    mark = Mark("F101", "支出", "error", sheet, cell, "", "不一致。", "请核对。", "表", "1", "2")
    return Review("项目", "单位", "退回修改", (mark,))


def annotated_or_refused(content: bytes) -> bytes | None:
    """The copy, None where it was refused with a Chinese sentence; the other doors behave alike."""
    for door in (strip, read_replies):
        refusal_of(lambda door=door: door(content))  # type: ignore[misc]
    copies: list[bytes] = []
    refusal_of(lambda: copies.append(annotate(content, simple_review())))
    return copies[0] if copies else None


def refusal_of(work: Callable[[], object]) -> None:
    sentence = "没有拒绝"
    try:
        work()
    except UnreadableWorkbook as refusal:
        sentence = str(refusal)
    assert CHINESE.search(sentence)


def twice_in_the_zip() -> bytes:
    buffer = io.BytesIO(book())
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, archive.read("xl/worksheets/sheet2.xml"))
    return buffer.getvalue()


def expanding() -> bytes:
    """Entities in entities, in a sheet."""
    levels = "".join(
        f'<!ENTITY e{number} "{f"&e{number - 1};" * 10 if number else "啊" * 10}">'
        for number in range(10)
    )
    return with_doctype(f"<!DOCTYPE worksheet [{levels}]>")


def with_doctype(doctype: str) -> bytes:
    return swapped(SHEET, "?>\n", "?>\n" + doctype)


def shared_comments() -> bytes:
    """Both sheets' comments and their drawing are the same parts."""
    return swapped("xl/worksheets/_rels/sheet2.xml.rels", "comments2", "comments1")


def one_part_for_two_sheets() -> bytes:
    return swapped("xl/_rels/workbook.xml.rels", "sheet2.xml", "sheet1.xml")


def encrypted_entries() -> bytes:
    """The flag of encryption set on every entry."""
    content = bytearray(book())
    for match in re.finditer(rb"PK\x03\x04|PK\x01\x02", bytes(content)):
        place = match.start() + (6 if match[0] == b"PK\x03\x04" else 8)
        content[place] |= 1
    return bytes(content)


def compound_file() -> bytes:
    """What Excel writes with a password: no zip archive at all."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1016


def cut_off() -> bytes:
    return book()[:-200]


def corrupt(part: str = SHEET) -> bytes:
    """A flipped byte in a compressed part."""
    content = book()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        offset = archive.getinfo(part).header_offset
    lengths = struct.unpack("<HH", content[offset + 26 : offset + 30])
    place = offset + 30 + sum(lengths) + 20
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


def without(part: str) -> bytes:
    return changed(lambda parts: parts.pop(part))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "doctype": lambda: with_doctype("<!DOCTYPE worksheet>"),
    "entities": expanding,
    "outside entity": lambda: with_doctype(
        '<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    ),
    "twice in the zip": twice_in_the_zip,
    "shared comments": shared_comments,
    "one part for two sheets": one_part_for_two_sheets,
    "cut off": cut_off,
    "corrupt sheet": corrupt,
    "corrupt styles": lambda: corrupt("xl/styles.xml"),
    "corrupt comments": lambda: corrupt("xl/comments1.xml"),
    "encrypted entries": encrypted_entries,
    "encrypted file": compound_file,
    "no content types": lambda: without("[Content_Types].xml"),
    "no relationships": lambda: without("_rels/.rels"),
    "no workbook": lambda: without("xl/workbook.xml"),
    "no sheet": lambda: without(SHEET),
    "no comments": lambda: without("xl/comments1.xml"),
    "no drawing": lambda: without("xl/drawings/vmlDrawing1.vml"),
    "sheet not well-formed": lambda: swapped(
        SHEET, "</sheetData>", "</sheetDat>"
    ),
    "comments not well-formed": lambda: swapped("xl/comments1.xml", "</authors>", "</author>"),
    "styles not well-formed": lambda: swapped("xl/styles.xml", "</fonts>", "<fonts>"),
    "drawing without end": lambda: swapped("xl/drawings/vmlDrawing1.vml", "</xml>", ""),
    "drawing empty": lambda: changed(
        lambda parts: parts.update({"xl/drawings/vmlDrawing1.vml": b""})
    ),
    "sheet empty": lambda: changed(lambda parts: parts.update({SHEET: b""})),
    "cells in wrong rows": lambda: swapped(SHEET, 'r="B1"', 'r="B7"'),
    "rows twice": lambda: swapped(SHEET, '<row r="2">', '<row r="1">'),
    "rows backwards": lambda: swapped(SHEET, '<row r="1">', '<row r="9">'),
    "no row's number": lambda: swapped(SHEET, '<row r="1">', '<row r="一">'),
    "no cell's address": lambda: swapped(SHEET, 'r="B1"', 'r="1B"'),
    "style out of range": lambda: swapped(
        SHEET, '<c r="A2">', '<c r="B2" s="9999"/><c r="A2">'
    ),
    "no style's number": lambda: swapped(SHEET, 'r="A2"', 'r="A2" s="x"'),
    "two sheet data": lambda: swapped(SHEET, "<sheetData>", "<sheetData/><sheetData>"),
    "merge of everything": lambda: swapped(
        SHEET, 'ref="B4:B5"', 'ref="A1:XFD1048576"'
    ),
    "no merge": lambda: swapped(SHEET, 'ref="B4:B5"', 'ref="#REF!"'),
    "comment without author": lambda: swapped("xl/comments1.xml", 'authorId="0"', 'authorId="7"'),
    "comment nowhere": lambda: swapped("xl/comments1.xml", 'ref="A1"', 'ref=""'),
    "sheet outside": lambda: swapped(
        "xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "../../../etc/hostname"
    ),
    "sheet of no relationship": lambda: swapped("xl/workbook.xml", 'r:id="rId1"', 'r:id="rId55"'),
    "sheets of one name": lambda: swapped("xl/workbook.xml", "乙", "甲"),
    "active tab nowhere": lambda: swapped("xl/workbook.xml", 'activeTab="0"', 'activeTab="99"'),
    "wrong encoding": lambda: swapped(SHEET, "UTF-8", "US-ASCII"),
    "unknown encoding": lambda: swapped(SHEET, "UTF-8", "klingon"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_or_the_copy_is_right(name: str) -> None:
    content = HOSTILE[name]()
    copy = annotated_or_refused(content)
    if copy is None:
        return

    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert archive.testzip() is None or name.startswith("corrupt")
    for facts in (openpyxl_facts, calamine_facts):
        if opens(content, facts):
            assert opens(copy, facts)
    assert strip(copy)


def opens(content: bytes, facts: Callable[[bytes], object]) -> bool:
    try:
        return bool(facts(content))
    except Unopened:
        return False


def test_nothing_outside_is_read() -> None:
    copy = annotated_or_refused(
        with_doctype('<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>')
    )
    assert b"root:" not in (copy or b"")


def test_a_drawing_that_is_not_well_formed_is_kept_and_added_to() -> None:
    tab = Tab("甲", rows=((NUMBER,),), comments=(("A1", "plain"),), drawing="unclosed")
    outcome = examine(written(Book((tab,))))

    assert not outcome.refused
    assert outcome.problems == []


def test_sheets_that_share_a_part_are_not_marked_twice() -> None:
    """A mark on one sheet may not show on the other: refused, or only listed."""
    copy = annotated_or_refused(one_part_for_two_sheets())
    if copy is not None:
        package = Package(copy)
        both = Plan((), simple_review(), anchors={("甲", "B2"): "error", ("乙", "B2"): "error"})
        missing = list(marks_missing(package, both))
        assert len(missing) == 2
        assert FILLS["error"] not in {text.split()[2].rstrip(",") for text in missing}


def test_comments_that_two_sheets_share_stay_those_of_the_other() -> None:
    content = shared_comments()
    copy = annotated_or_refused(content)
    if copy is not None:
        before, after = Package(content), Package(copy)
        other = after.related(after.sheets[1].part, "comments")
        assert other is not None
        was = before.related(before.sheets[1].part, "comments")
        assert after.parts[other] == before.parts[was or ""]


def test_what_is_marked_is_right_where_a_part_is_there_twice() -> None:
    """The last one of a name counts for readers; it is the one that is marked."""
    content = twice_in_the_zip()
    copy = annotated_or_refused(content)
    if copy is not None:
        original, made = Package(content), plan(Package(content))
        outcome = Outcome()
        compare(original, Package(annotate(content, made.review)), made, outcome)
        assert outcome.problems == []

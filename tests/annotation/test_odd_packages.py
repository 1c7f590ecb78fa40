"""Workbooks as other programs write them: marked, and stripped to what they were."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from xlsx_eval import look
from xlsx_eval.annotation import Review, annotate, strip

FUNDS = "一、项目基本情况"
SHEET, STYLES, VML = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/drawings/commentsDrawing1.vml"

MakeMark = Callable[..., Any]
Parts = dict[str, bytes]


def parts(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(some: Parts) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, part in some.items():
            package.writestr(name, part)
    return content.getvalue()


def no_formats(some: Parts) -> None:
    """As some libraries write it: a styles part with nothing in it."""
    some[STYLES] = (
        b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    )
    for name in (SHEET, SHEET.replace("1", "2")):
        some[name] = re.sub(rb' s="\d+"', b"", some[name])


def formats_of_missing_styles(some: Parts) -> None:
    """Each cell format goes back to a style's format that is not there."""
    count = 0

    def number(_: re.Match[bytes]) -> bytes:
        nonlocal count
        count += 1
        return b' xfId="%d"' % count

    before, formats, after = some[STYLES].partition(b"<cellXfs")
    some[STYLES] = before + formats + re.sub(rb' xfId="\d+"', number, after, count=5)


def formats_as_alternatives(some: Parts) -> None:
    """Hancom's way: a format of its own, and one for everybody."""

    def alternative(xf: re.Match[bytes]) -> bytes:
        theirs = b'<mc:Choice Requires="hs">%s</mc:Choice>' % xf[0]
        usual = b"<mc:Fallback>%s</mc:Fallback>" % xf[0]
        wrapped = b'<mc:AlternateContent xmlns:mc="urn:mc">%s%s</mc:AlternateContent>'
        return wrapped % (theirs, usual)

    head, formats, rest = some[STYLES].partition(b"<cellXfs")
    formats += rest[: rest.index(b"</cellXfs>")]
    tail = rest[rest.index(b"</cellXfs>") :]
    one = re.compile(rb"<xf\b[^>]*/>|<xf\b[^>]*[^/]>.*?</xf>")
    some[STYLES] = head + one.sub(alternative, formats) + tail


def a_box_without_comment(some: Parts) -> None:
    """Somebody took a comment off, and its box stayed."""
    there = some[VML].decode()
    (box,) = re.findall(r"<\w+:shape .*?</\w+:shape>", there, re.DOTALL)
    stray = re.sub(r"Row>5<", "Row>4<", box)
    assert stray != box
    some[VML] = there.replace("</xml>", f"{stray}</xml>").encode()


def drawing_as_alternative(some: Parts) -> None:
    """Strict workbooks name the boxes of comments among alternatives."""
    wrapped = (
        rb'<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice Requires="v">\1</mc:Choice>'
        rb"</mc:AlternateContent>"
    )
    some[SHEET] = re.sub(rb"(<legacyDrawing [^>]*/>)", wrapped, some[SHEET])
    assert b"AlternateContent" in some[SHEET]


@pytest.mark.parametrize(
    "change",
    [
        no_formats,
        formats_of_missing_styles,
        formats_as_alternatives,
        a_box_without_comment,
        drawing_as_alternative,
    ],
)
def test_it_is_marked_and_stripped(
    change: Callable[[Parts], None], form: bytes, mark: MakeMark
) -> None:
    some = parts(form)
    change(some)
    before = packed(some)
    marks = (mark(related=""), mark(cell="C40", related=""), mark(cell="A3", related=""))

    marked = annotate(before, Review("", "", "退回修改", marks))

    assert annotate(marked, Review("", "", "退回修改", marks)) == marked
    assert parts(strip(marked)) == some
    styles = parts(marked)[STYLES]
    assert styles.count(look.SEVERITIES["error"].fill.encode()) >= 1
    boxes = re.findall(rb"Row>(\d+)<", parts(marked)[VML])
    assert {b"4", b"39", b"2"} <= set(boxes)
    if change is not formats_as_alternatives:  # openpyxl passes over alternatives
        sheet = load_workbook(io.BytesIO(marked))[FUNDS]
        for cell in ("B5", "C40", "A3"):
            assert sheet[cell].fill.fgColor.rgb == f"FF{look.SEVERITIES['error'].fill}"
            assert sheet[cell].comment.text.startswith("【错误 F101")
        assert sheet["A4"].fill.fill_type is None


def test_two_parts_whose_names_differ_in_case_are_two(form: bytes, mark: MakeMark) -> None:
    some = parts(form) | {"xl/worksheets/Sheet1.xml": b"<other/>"}

    marked = parts(annotate(packed(some), Review("", "", "退回修改", (mark(),))))

    assert marked["xl/worksheets/Sheet1.xml"] == b"<other/>"
    assert marked[SHEET] != some[SHEET]

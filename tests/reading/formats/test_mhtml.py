"""Web pages in one file (.mht), as Excel saves a workbook and as scripts export one."""

from __future__ import annotations

import base64
import quopri

import pytest
from read_grids import damaged, only, texts

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.formats import mhtml, webpage

FRAME = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets>
 <x:ExcelWorksheet><x:Name>自评表</x:Name>
  <x:WorksheetSource HRef="工作簿1.files/sheet001.htm"/></x:ExcelWorksheet>
 <x:ExcelWorksheet><x:Name>底稿</x:Name>
  <x:WorksheetSource HRef="工作簿1.files/sheet002.htm"/></x:ExcelWorksheet>
</x:ExcelWorksheets></x:ExcelWorkbook></xml><![endif]--></head>
<frameset><frame src="工作簿1.files/sheet001.htm"></frameset></html>"""
FOLDER = "%E5%B7%A5%E4%BD%9C%E7%B0%BF1.files"
SHEETS = {
    f"{FOLDER}/tabstrip.htm": "<table><tr><td>自评表<td>底稿</table>",
    f"{FOLDER}/sheet001.htm": ("<table><tr><td class=xl65 x:num='0.956'>96%</td></tr></table>"),
    f"{FOLDER}/sheet002.htm": (
        "<!--[if gte mso 9]><xml><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible>"
        "</x:WorksheetOptions></xml><![endif]--><table><tr><td>数</table>"
    ),
}
"""A workbook as Excel lays it out: a frame, a page with the names, a page a sheet."""


def in_one_file(parts: dict[str, str], closing: str = "--") -> bytes:
    """Pages in one file, the first in quoted-printable, the others in Base64."""
    lines = [
        b"MIME-Version: 1.0",
        b"X-Document-Type: Workbook",
        b'Content-Type: multipart/related; boundary="----=_NextPart_01D8"',
        b"",
        b"This document is a Single File Web Page.",
    ]
    for number, (address, page) in enumerate(parts.items()):
        encoding = "base64" if number else "quoted-printable"
        pack = base64.encodebytes if number else quopri.encodestring
        lines += [
            b"",
            b"------=_NextPart_01D8",
            f"Content-Location: file:///C:/7A21/{address}".encode(),
            f"Content-Transfer-Encoding: {encoding}".encode(),
            b'Content-Type: text/html; charset="gb2312"',
            b"",
            pack(page.encode("gbk")),
        ]
    return b"\r\n".join([*lines, b"", f"------=_NextPart_01D8{closing}".encode(), b""])


def test_a_workbook_in_one_file() -> None:
    data = in_one_file({"book.htm": FRAME} | SHEETS)
    assert mhtml.looks_like(data)
    assert not webpage.looks_like(data)
    form, notes = mhtml.read(data).sheets
    assert (form.name, form.hidden, texts(form)) == ("自评表", False, {"A1": "95.6%"})
    assert (notes.name, notes.hidden, texts(notes)) == ("底稿", True, {"A1": "数"})


def test_pages_that_none_lists_are_taken_in_order() -> None:
    pages = {"a.htm": "<table><tr><td>甲</table>", "b.htm": "<table><tr><td>乙</table>"}
    first, second = mhtml.read(in_one_file(pages, closing="")).sheets
    assert (first.name, texts(first)) == ("Sheet1", {"A1": "甲"})
    assert (second.name, texts(second)) == ("Sheet2", {"A1": "乙"})


def test_what_scripts_export_as_pages_in_one_file() -> None:
    data = (
        "MIME-Version: 1.0\nX-Document-Type: Workbook\n"
        "Content-Type: multipart/related; boundary=BOUNDARY\n\n"
        "--BOUNDARY\nContent-Location: WorkBook.htm\nContent-Type: text/html; charset=windows-1252"
        "\n\n<xml><x:ExcelWorkbook><x:ExcelWorksheets><x:ExcelWorksheet><x:Name>明细</x:Name>"
        '<x:WorksheetSource HRef="cid:A1"/></x:ExcelWorksheet></x:ExcelWorksheets></xml>\n'
        "--BOUNDARY\nContent-ID: <A1>\nContent-Type: text/html; charset=windows-1252\n\n"
        "<table><tr><td>凭证</td></tr></table>\n--BOUNDARY--"
    )
    grid = only(mhtml.read(data.encode()))
    assert (grid.name, texts(grid)) == ("明细", {"A1": "凭证"})


def test_number_formats_may_stand_in_a_part_of_their_own() -> None:
    pages = {"a.htm": "<table><tr><td class=xl65 x:num=44635>3月15日</table>"}
    data = in_one_file(pages).replace(
        b"------=_NextPart_01D8--",
        b"------=_NextPart_01D8\r\nContent-Location: stylesheet.css\r\nContent-Type: text/css"
        b'\r\n\r\n.xl65 {mso-number-format:"m\\/d";}\r\n------=_NextPart_01D8--',
    )
    assert texts(only(mhtml.read(data))) == {"A1": "2022-03-15"}


@pytest.mark.parametrize(
    "data",
    [
        in_one_file({"book.htm": FRAME} | dict(list(SHEETS.items())[:2])),
        in_one_file({"book.htm": FRAME}),
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n" + b"--a\n\n" * 9999,
        b"MIME-Version: 1.0\n\n",
        b"MIME-Version: 1.0",
    ],
)
def test_a_file_that_lacks_pages_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableWorkbook, match="已损坏"):
        mhtml.read(data)


def test_a_broken_file_of_pages_is_read_or_refused() -> None:
    for broken in damaged(in_one_file({"book.htm": FRAME} | SHEETS)):
        mhtml.looks_like(broken)
        try:
            assert mhtml.read(broken).sheets
        except UnreadableWorkbook:
            continue

"""Any file through the one door: told by its content, and read or refused with what to do."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from biff import label, text, xls
from packages import book, parts, relations, row, sheet, zipped
from read_grids import only, texts

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.files import format_of, is_ooxml, open_workbook

FILES = Path(__file__).parent / "formats" / "files"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NAME = '<row r="1"><c r="A1" t="inlineStr"><is><t>项目名称</t></is></c></row>'
ODF = "application/vnd.oasis.opendocument."
XML = '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'


def compound(*streams: str) -> bytes:
    """An OLE container with empty streams of these names, without any order among them."""
    free, end, none = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF
    entries = [entry("Root Entry", 5, none, 1)]
    for number, name in enumerate(streams, 1):
        entries.append(entry(name, 2, number + 1 if number < len(streams) else none, none))
    entries += [entry("", 0, none, none)] * (4 - len(entries))
    header = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<6xIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, end, *[free] * 126)
    return header + table + b"".join(entries)


def entry(name: str, kind: int, right: int, child: int) -> bytes:
    encoded = name.encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded) + 2, kind, 1, 0xFFFFFFFF, right, child)
        + bytes(36)
        + struct.pack("<III", 0xFFFFFFFE, 0, 0)
    )


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableWorkbook) as refused:
        open_workbook(data)
    return str(refused.value)


# ---------------------------------------------------------------------------------- workbooks


def test_names_in_another_letter_case_and_with_backslashes() -> None:
    content = {name.replace("/", "\\").upper(): part for name, part in parts(sheet(NAME)).items()}

    assert texts(only(open_workbook(raw_names(content)))) == {"A1": "项目名称"}


def raw_names(content: dict[str, str | bytes]) -> bytes:
    """An archive whose names keep their backslashes, which `zipfile` would turn."""
    harmless = {name.replace("\\", "!"): part for name, part in content.items()}
    data = zipped(harmless)
    for name in content:
        data = data.replace(name.replace("\\", "!").encode(), name.encode())
    return data


def test_a_workbook_part_of_another_name_is_found_by_the_relations() -> None:
    content = parts(sheet(NAME))
    content["_rels/.rels"] = relations({"r1": ("officeDocument", "/book/Main.xml")})
    content["book/Main.xml"] = content.pop("xl/workbook.xml")
    content["book/_rels/Main.xml.rels"] = relations(
        {"r1": ("worksheet", "../xl/worksheets/sheet1.xml")}
    )

    data = zipped(content)

    assert texts(only(open_workbook(data))) == {"A1": "项目名称"}
    assert is_ooxml(data)


def test_a_workbook_part_of_another_name_is_found_by_the_content_types() -> None:
    content = parts(sheet(NAME))
    del content["_rels/.rels"]
    content["xl/book2.xml"] = content.pop("xl/workbook.xml")
    content["xl/_rels/book2.xml.rels"] = content.pop("xl/_rels/workbook.xml.rels")
    content["[Content_Types].xml"] = (
        '<Types><Override PartName="/xl/book2.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )

    assert texts(only(open_workbook(zipped(content)))) == {"A1": "项目名称"}


@pytest.mark.parametrize("before", [b"MIME junk\r\n", b"\0" * 512, b"HTTP/1.1 200 OK\r\n\r\n"])
def test_bytes_in_front_of_a_workbook_do_not_hinder(before: bytes) -> None:
    data = before + book(sheet(NAME))

    assert texts(only(open_workbook(data))) == {"A1": "项目名称"}
    assert is_ooxml(data)


def test_of_two_entries_with_one_name_the_later_counts() -> None:
    buffer = BytesIO(book(sheet(row(1, ['<c r="A1"><v>1</v></c>']))))
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", sheet(NAME))

    assert texts(only(open_workbook(buffer.getvalue()))) == {"A1": "项目名称"}


@pytest.mark.parametrize("name", ["selfeval.xls", "selfeval.xlsb", "selfeval.ods"])
def test_other_formats_are_told_by_their_content(name: str) -> None:
    data = (FILES / name).read_bytes()

    assert open_workbook(data).sheets[0].cells
    assert not is_ooxml(data)


def test_records_of_an_old_workbook_without_a_container() -> None:
    assert texts(only(open_workbook(xls(label(0, 0, text("项目名称")))))) == {"A1": "项目名称"}


def test_a_web_page_and_an_xml_spreadsheet() -> None:
    page = "<html><table><tr><td>项目名称<td>路灯</table></html>"
    office = "urn:schemas-microsoft-com:office:spreadsheet"
    xml = (
        f'<?xml version="1.0"?><Workbook xmlns="{office}" xmlns:ss="{office}">'
        '<Worksheet ss:Name="表"><Table><Row><Cell><Data ss:Type="String">项目名称</Data></Cell>'
        "</Row></Table></Worksheet></Workbook>"
    )

    assert texts(only(open_workbook(page.encode()))) == {"A1": "项目名称", "B1": "路灯"}
    assert texts(only(open_workbook(xml.encode()))) == {"A1": "项目名称"}


@pytest.mark.parametrize(
    ("kind", "format_"),
    [
        ("vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        ("vnd.openxmlformats-officedocument.spreadsheetml.template", "xltx"),
        ("vnd.ms-excel.sheet.macroEnabled", "xlsm"),
        ("vnd.ms-excel.template.macroEnabled", "xltm"),
    ],
)
def test_workbooks_of_xml_parts_are_told_apart_by_their_content_type(
    kind: str, format_: str
) -> None:
    content = parts(sheet(NAME))
    whole = f'<Override PartName="/XL/workbook.xml" ContentType="application/{kind}.main+xml"/>'
    default = f'<Default Extension="xml" ContentType="application/{kind}.main+xml"/>'
    for declared in (whole, f'<Default Extension="bin" ContentType="a/b"/>{whole}', default):
        content["[Content_Types].xml"] = f"<Types>{declared}</Types>"
        assert format_of(zipped(content)) == format_
    del content["[Content_Types].xml"]
    assert format_of(b"junk" + zipped(content)) == "xlsx"


@pytest.mark.parametrize(
    ("data", "format_"),
    [
        ((FILES / "selfeval.xls").read_bytes(), "xls"),
        ((FILES / "selfeval.xlsb").read_bytes(), "xlsb"),
        ((FILES / "selfeval.ods").read_bytes(), "ods"),
        (xls(label(0, 0, text("项目名称"))), "xls"),
        (b"<html><table><tr><td>1</table></html>", "webpage"),
        (b"MIME-Version: 1.0\nContent-Type: text/html\n\n<table><tr><td>1</table>", "mhtml"),
        (b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "xml2003"),
    ],
)
def test_formats_are_told_by_their_content(data: bytes, format_: str) -> None:
    assert format_of(data) == format_


# --------------------------------------------------------------------------- what is no workbook


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的（0字节），请重新报送。"),
        (b"\0" * 5000, "文件里没有内容（全是空字节，保存或复制时出了错），请重新报送。"),
        (compound("EncryptedPackage"), "文件设置了打开密码，请取消密码后重新报送。"),
        (
            bytes(range(1, 256)) * 9,
            "文件不是 Excel 工作簿，或者已损坏，请报送能用 Excel 打开的 .xlsx 文件。",
        ),
        (
            zipped({"xl/worksheets/sheet1.xml": sheet(NAME)}),
            "文件已损坏（缺少工作簿的主要部分），请用 Excel 或 WPS 重新导出后报送。",
        ),
    ],
)
def test_what_holds_no_workbook_is_refused(data: bytes, sentence: str) -> None:
    assert refusal(data) == sentence
    assert not is_ooxml(data)


FILL = "请把内容填入自评表的 Excel 模板后报送"
SEND = "请报送填好的 Excel 文件（.xlsx）"
UNPACK = "请解压后报送里面的 Excel 文件"


@pytest.mark.parametrize(
    ("data", "what", "remedy"),
    [
        (compound("1Table", "WordDocument"), " Word 文档", FILL),
        (compound("Current User", "PowerPoint Document"), " PPT 演示文稿", FILL),
        (compound("__properties_version1.0"), " Outlook 邮件", "请报送邮件附件里的 Excel 文件"),
        (zipped({"word/document.xml": "", "word/embeddings/a.xlsx": ""}), " Word 文档", FILL),
        (zipped({"ppt/presentation.xml": ""}), " PPT 演示文稿", FILL),
        (
            zipped({"mimetype": f"{ODF}text", "content.xml": ""}),
            " OpenDocument 文字文档（.odt）",
            FILL,
        ),
        (zipped({"OFD.xml": ""}), " OFD 版式文件", SEND),
        (
            zipped({"城管局/自评表.xlsx": "", "城管局/台账.XLS": "", "说明.docx": ""}),
            "压缩包（内有2个工作簿）",
            UNPACK,
        ),
        (b"Rar!\x1a\x07\x01\x00", "压缩包", UNPACK),
        (b"7z\xbc\xaf\x27\x1c\0\4", "压缩包", UNPACK),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", " PDF 文件", SEND),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "图片（照片、截图或扫描件）", SEND),
        (
            b"%TSD-Header-###%" + bytes(range(200)),
            "被单位的加密软件加密的文件",
            "请先解密（申请外发）后重新报送",
        ),
        (b"L\0\0\0\x01\x14\x02\0" + bytes(9), "快捷方式", "请报送它所指的 Excel 文件本身"),
        (f"{XML}<w:wordDocument/>".encode(), " Word 文档", FILL),
        (
            "项目名称,项目单位\r\n路灯改造,城管局\r\n".encode("gb18030"),
            "改了扩展名的纯文本或 CSV 文件",
            "请用 Excel 或 WPS 打开，核对后另存为 .xlsx 重新报送",
        ),
    ],
)
def test_what_is_no_workbook_is_called_by_its_name(data: bytes, what: str, remedy: str) -> None:
    assert refusal(data) == f"文件不是 Excel 工作簿，而是{what}，{remedy}。"
    assert not is_ooxml(data)


def test_a_workbook_that_was_not_copied_to_the_end() -> None:
    whole = book(sheet(NAME))

    for length in range(4, len(whole), 50):
        assert refusal(whole[:length]) == (
            "文件不完整或已损坏（可能没有复制完），请重新复制或重新报送。"
        )


def test_an_old_workbook_that_was_not_copied_to_the_end() -> None:
    assert "旧版 .xls" in refusal((FILES / "selfeval.xls").read_bytes()[:600])


def test_an_archive_with_a_password() -> None:
    data = bytearray(book(sheet(NAME)))
    at = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[at + 8] |= 1

    assert refusal(bytes(data)) == "文件是加了密码的压缩包，请解压后报送里面的 Excel 文件。"

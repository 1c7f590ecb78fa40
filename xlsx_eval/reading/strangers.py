"""Files that are no workbooks: what they are, and what the unit is to send instead."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection

from xlsx_eval.reading.formats.archive import Archive

HEAD = 4096
SEND_THE_WORKBOOK = "请报送填好的 Excel 文件（.xlsx）"
FILL_IN_THE_TEMPLATE = "请把内容填入自评表的 Excel 模板后报送"
UNPACK = "请解压后报送里面的 Excel 文件"
DECRYPT = "请先解密（申请外发）后重新报送"
SAVE_AS = "请用 Excel 或 WPS 打开，核对后另存为 .xlsx 重新报送"

PICTURE = ("图片（照片、截图或扫描件）", SEND_THE_WORKBOOK)
ARCHIVE = ("压缩包", UNPACK)
WORD = ("Word 文档", FILL_IN_THE_TEMPLATE)
SLIDES = ("PPT 演示文稿", FILL_IN_THE_TEMPLATE)
SHORTCUT = ("快捷方式", "请报送它所指的 Excel 文件本身")
PDF = ("PDF 文件", SEND_THE_WORKBOOK)
LOCKED = ("被单位的加密软件加密的文件", DECRYPT)

_BEGINNINGS = {
    rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0{4}|II\*\0|MM\0\*": PICTURE,
    rb"RIFF.{4}WEBP|.{4}ftyp(?:hei|mif)": PICTURE,
    rb"Rar!|7z\xbc\xaf|\x1f\x8b\x08|BZh\d|\xfd7zXZ": ARCHIVE,
    rb"\{\\rtf": ("RTF 文档", FILL_IN_THE_TEMPLATE),
    rb"L\0\0\0\x01\x14\x02\0|\[InternetShortcut\]": SHORTCUT,
    rb"%TSD-Header|.{0,16}E-SafeNet": LOCKED,
    rb"MZ.{10}": ("程序文件", SEND_THE_WORKBOOK),
    rb"\0\x05\x16[\0\x07]": ("苹果电脑附带的隐藏文件", "请报送与它同名的 Excel 文件"),
    rb".{0,1024}%PDF-": PDF,
}
_DOCUMENTS = {
    "word/": WORD,
    "ppt/": SLIDES,
    "ofd.xml": ("OFD 版式文件", SEND_THE_WORKBOOK),
    "fixeddocseq.fdseq": ("XPS 文件", SEND_THE_WORKBOOK),
    "index/document.iwa": (
        "苹果电脑的 Numbers 或 Pages 文件",
        "请在其中导出为 Excel（.xlsx）后报送",
    ),
}
STREAMS = {
    "WordDocument": WORD,
    "PowerPoint Document": SLIDES,
    "__properties_version1.0": ("Outlook 邮件", "请报送邮件附件里的 Excel 文件"),
}
_WORKBOOK_NAME = re.compile(r"(?<!/)\.(?:xlsx?|xlsm|xlsb|et|ods)$")


def of_bytes(data: bytes) -> str:
    """The sentence for a file that is neither a workbook nor a container of something."""
    for beginning, stranger in _BEGINNINGS.items():
        if re.match(beginning, data[:HEAD], re.DOTALL):
            return _sentence(*stranger)
    text = _text(data[:HEAD])
    if "<w:wordDocument" in text:
        return _sentence(*WORD)
    if text:
        return _sentence("改了扩展名的纯文本或 CSV 文件", SAVE_AS)
    return "文件不是 Excel 工作簿，或者已损坏，请报送能用 Excel 打开的 .xlsx 文件。"


def of_archive(archive: Archive) -> str:
    """The sentence for a ZIP archive without a workbook of its own."""
    names = list(archive.parts)
    kind = archive.beginning("mimetype", 200)
    if kind.startswith(b"application/vnd.oasis.opendocument.text"):
        return _sentence("OpenDocument 文字文档（.odt）", FILL_IN_THE_TEMPLATE)
    if kind.startswith(b"application/vnd.oasis.opendocument."):
        return _sentence("OpenDocument 文档，但不是电子表格", FILL_IN_THE_TEMPLATE)
    for beginning, stranger in _DOCUMENTS.items():
        if any(name.startswith(beginning) for name in names):
            return _sentence(*stranger)
    if any(name.startswith("xl/") for name in names):
        return "文件已损坏（缺少工作簿的主要部分），请用 Excel 或 WPS 重新导出后报送。"
    return _sentence(_packed(names), UNPACK)


def of_streams(streams: Collection[str]) -> str:
    """The sentence for an OLE container with these streams."""
    for name, stranger in STREAMS.items():
        if name in streams:
            return _sentence(*stranger)
    return (
        "文件是旧版 .xls 等格式，但内容不完整或已损坏，无法打开，"
        "请用 Excel 或 WPS 打开后另存为 .xlsx 重新报送。"
    )


def _packed(names: list[str]) -> str:
    workbooks = sum(bool(_WORKBOOK_NAME.search(name)) for name in names)
    return f"压缩包（内有{workbooks}个工作簿）" if workbooks else "压缩包（内无工作簿）"


def _sentence(what: str, remedy: str) -> str:
    space = " " if what[0].isascii() else ""
    return f"文件不是 Excel 工作簿，而是{space}{what}，{remedy}。"


def _text(head: bytes) -> str:
    """The beginning of a text file, "" of any other."""
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            text = decoder.decode(head)
        except UnicodeError:
            continue
        if all(sign.isprintable() or sign in "\t\r\n\f\ufeff" for sign in text):
            return text
    return ""

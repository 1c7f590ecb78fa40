"""The rows of a workbook's sheets as texts, read from its parts: a hundred thousand in seconds."""

from __future__ import annotations

import posixpath
from typing import IO, TYPE_CHECKING

from lxml import etree
from openpyxl.styles.numbers import builtin_format_code, is_date_format
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.escape import unescape

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_WORKBOOK = "xl/workbook.xml"
_STYLES = "xl/styles.xml"
# the number formats that a Chinese Excel has of itself, 2022年3月10日 and so on
_CHINESE_DATES = frozenset((*range(27, 37), *range(50, 59)))

Row = dict[str, str]
"""Column → text of the cells of a row that hold something; columns as letters."""


class StoredRows:
    """A workbook's sheets; raises what zipfile and lxml raise where it is none or is damaged."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._texts: list[str] | None = None
        self._dates: frozenset[int] | None = None

    def sheets(self) -> Iterator[str]:
        """The sheets' parts, in the order of the workbook."""
        with self._archive.open("xl/_rels/workbook.xml.rels") as part:
            targets = {each.get("Id"): str(each.get("Target")) for each in _elements(part, "*")}
        with self._archive.open(_WORKBOOK) as part:
            ids = [each.get(_ID) or each.get(_STRICT_ID) for each in _elements(part, "sheet")]
        for name in ids:
            yield posixpath.normpath(posixpath.join("/xl", targets[name])).lstrip("/")

    def rows(self, sheet: str) -> Iterator[etree._Element]:
        """The rows of a sheet, each to be looked at before the next one."""
        with self._archive.open(sheet) as part:
            yield from _elements(part, "row")

    def texts(self, row: etree._Element, columns: frozenset[str] | None = None) -> Row:
        """The texts of a row, of those columns only where some are given."""
        found: Row = {}
        for cell in row:
            column = str(cell.get("r", "")).rstrip("0123456789")
            if (columns is None or column in columns) and len(cell):
                found[column] = self._text(cell)
        return found

    def _text(self, cell: etree._Element) -> str:
        """What the cell shows: a date by its number format, TRUE, a number as it was typed."""
        value = cell.findtext("{*}v")
        kind = cell.get("t", "n")
        if kind == "s":
            return self._shared()[int(value or 0)]
        if value is None:
            return unescape(_joined(cell))
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return self._number(cell, value) if kind == "n" else unescape(value)

    def _number(self, cell: etree._Element, value: str) -> str:
        try:
            if self._is_date(int(cell.get("s", 0))):
                return str(from_excel(float(value))).removesuffix(" 00:00:00")
            return f"{float(value):.15g}"
        except (ValueError, OverflowError):
            return value

    def _is_date(self, style: int) -> bool:
        if self._dates is None:
            self._dates = self._date_styles()
        return style in self._dates

    def _date_styles(self) -> frozenset[int]:
        """The cell styles whose number format is one of dates."""
        if _STYLES not in self._archive.namelist():
            return frozenset()
        with self._archive.open(_STYLES) as part:
            root = etree.parse(part).getroot()
        own = {each.get("numFmtId"): each.get("formatCode") for each in root.iter("{*}numFmt")}
        ids = [str(each.get("numFmtId", "0")) for each in root.iterfind("{*}cellXfs/{*}xf")]
        return frozenset(
            style
            for style, each in enumerate(ids)
            if is_date_format(own.get(each) or builtin_format_code(int(each)))
            or (each not in own and int(each) in _CHINESE_DATES)
        )

    def _shared(self) -> list[str]:
        if self._texts is None:
            with self._archive.open("xl/sharedStrings.xml") as part:
                self._texts = [unescape(_joined(each)) for each in _elements(part, "si")]
        return self._texts


def _elements(part: IO[bytes], name: str) -> Iterator[etree._Element]:
    """The elements of that name, each gone when the next one is asked for."""
    for _, element in etree.iterparse(part, tag=f"{{*}}{name}", resolve_entities=False):
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _joined(element: etree._Element) -> str:
    """The text of its runs, without the reading aids that East Asian texts may have."""
    return "".join(
        each.text or ""
        for each in element.iter("{*}t")
        if (parent := each.getparent()) is None or etree.QName(parent).localname != "rPh"
    )

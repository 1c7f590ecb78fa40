"""The rows of a workbook's sheets as texts, read from its parts: a hundred thousand in seconds."""

from __future__ import annotations

import posixpath
from typing import IO, TYPE_CHECKING

from lxml import etree
from openpyxl.utils.escape import unescape

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_WORKBOOK = "xl/workbook.xml"

Row = dict[str, str]
"""Column → text of the cells of a row that hold something; columns as letters."""


class StoredRows:
    """A workbook's sheets; raises what zipfile and lxml raise where it is none or is damaged."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._texts: list[str] | None = None

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
        value = cell.findtext("{*}v")
        if cell.get("t") == "s":
            return self._shared()[int(value or 0)]
        return unescape(_joined(cell) if value is None else value)

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

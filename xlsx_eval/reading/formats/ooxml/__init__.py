"""What calamine does not tell of a cell: formulas never calculated, errors, how numbers show."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from lxml import etree

from xlsx_eval.ours import REVIEW_SHEET
from xlsx_eval.reading.formats.numbers import BUILT_IN, formatted

LEDGER_BYTES = 16 * 1024 * 1024  # a sheet this long is a unit's own ledger, not the form
_ROW = re.compile(rb"""[<:]row\s[^>]*?\br=["'](\d+)["']""")
_COLUMN = re.compile(rb"""\sr=["']([A-Z]{1,3})\d""")
SURELY_SMALL = 1_000  # rows: even the widest sheet of them can be held
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Fact:
    """`formula`: the text of one never calculated; `error`: #REF! …; `format`: a number format."""

    formula: str | None = None
    error: str | None = None
    format: str | None = None


@dataclass(frozen=True)
class Package:
    """An OOXML workbook's parts, read only as far as they are asked for."""

    archive: zipfile.ZipFile

    def facts(self, sheet: str) -> dict[tuple[int, int], Fact]:
        """Cell (row, column) → what is known of it beyond its value; {} for an unknown sheet."""
        part = self._parts.get(sheet)
        if part is None:
            return {}
        if self.archive.getinfo(part).file_size > LEDGER_BYTES:
            return {}
        data = self.archive.read(part)
        if not self._tells_more.search(data):
            return {}
        return dict(self._cell_facts(io.BytesIO(data)))

    def extent(self, sheet: str) -> int:
        """Cells in the rectangle from A1 to a sheet's last row and column."""
        part = self._parts.get(sheet)
        if part is None:
            return 0
        data = self.archive.read(part)
        last = _ROW.match(data, max(data.rfind(b"<row "), data.rfind(b":row ")))
        rows = int(last[1]) if last else data.count(b"<row") + data.count(b":row")
        if rows < SURELY_SMALL:
            return rows
        letters = {match[1] for match in _COLUMN.finditer(data)}
        return rows * max((_column(each.decode()) for each in letters), default=1)

    @cached_property
    def _tells_more(self) -> re.Pattern[bytes]:
        """What makes a sheet's XML worth parsing: a formula, an error, a telling style."""
        styles = "|".join(map(str, self._formats)) or "none"
        return re.compile(rf"""<(?:\w+:)?f[\s/>]|\st=["']e["']|\ss=["'](?:{styles})["']""".encode())

    def _cell_facts(self, stream: IO[bytes]) -> Iterator[tuple[tuple[int, int], Fact]]:
        row, col = -1, -1
        for event, element in _parse(stream, ("start", "end"), ("{*}row", "{*}c")):
            if element.tag.endswith("c"):
                if event == "end":
                    row, col = _position(element.get("r"), row, col + 1)
                    fact = self._fact(element)
                    if fact != Fact():
                        yield (row, col), fact
            elif event == "start":
                number = element.get("r")
                row, col = (int(number) - 1 if number else row + 1), -1
            else:
                element.clear()

    def _fact(self, cell: etree._Element) -> Fact:
        kind = cell.get("t")
        parts = {etree.QName(child).localname: child for child in cell}
        stored = parts["v"].text if "v" in parts else None
        never = "f" in parts and not stored and kind != "str"
        style = cell.get("s")
        return Fact(
            formula=f"={parts['f'].text or ''}" if never else None,
            error=stored if kind == "e" else None,
            format=self._formats.get(int(style)) if style else None,
        )

    @cached_property
    def _workbook(self) -> str:
        return next((n for n in self.archive.namelist() if n.lower() == "xl/workbook.xml"), "")

    @cached_property
    def _relations(self) -> dict[str, str]:
        """Relationship id of the workbook → part name."""
        folder, name = posixpath.split(self._workbook)
        targets = {}
        for relation in self._tree(f"{folder}/_rels/{name}.rels"):
            target = relation.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            targets[relation.get("Id", "")] = posixpath.normpath(path)
        return targets

    @cached_property
    def _parts(self) -> dict[str, str]:
        """Sheet name → part name."""
        names = {name.lower(): name for name in self.archive.namelist()}
        parts = {}
        for element in self._tree(self._workbook):
            if etree.QName(element).localname != "sheet":
                continue
            link = next((v for k, v in element.attrib.items() if str(k).endswith("}id")), "")
            part = names.get(self._relations.get(str(link), "").lower())
            if part:
                parts[element.get("name", "")] = part
        return parts

    @cached_property
    def reviews(self) -> frozenset[str]:
        """The sheets 审核意见 of an annotated copy: they speak of the form, not for it."""
        sheets: list[str] = []
        ours: set[int] = set()
        for element in self._tree(self._workbook):
            name = etree.QName(element).localname
            if name == "sheet":
                sheets.append(element.get("name", ""))
            elif name == "definedName" and element.get("name") == REVIEW_SHEET:
                ours.add(int(element.get("localSheetId", "-1")))
        return frozenset(name for number, name in enumerate(sheets) if number in ours)

    @cached_property
    def _formats(self) -> dict[int, str]:
        """Cell style → number format, only those that show more than the bare number."""
        styles = next((n for n in self.archive.namelist() if n.lower() == "xl/styles.xml"), "")
        codes = dict(BUILT_IN)
        formats: dict[int, str] = {}
        for element in self._tree(styles):
            name = etree.QName(element).localname
            if name == "numFmt":
                codes[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
            elif name == "cellXfs":
                for index, style in enumerate(element):
                    code = codes.get(int(style.get("numFmtId", "0")))
                    if code and formatted(1, code) not in {"1", "1.0", "1.00", None}:
                        formats[index] = code
        return formats

    def _tree(self, part: str) -> list[etree._Element]:
        if part not in self.archive.namelist():
            return []
        with self.archive.open(part) as stream:
            return [element for _, element in _parse(stream, ("end",), None)]


def _parse(
    stream: IO[bytes], events: tuple[str, ...], tags: tuple[str, ...] | None
) -> Iterator[tuple[str, etree._Element]]:
    iterator = etree.iterparse(
        stream,
        events=events,
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    yield from iterator


def _position(reference: str | None, row: int, col: int) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference or "")
    if not match:
        return row, col
    return int(match[2]) - 1, _column(match[1]) - 1


def _column(letters: str) -> int:
    """D → 4."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column

"""An OOXML package read for comparison: parts, relationships, sheets, rows, cells, styles."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

Element: TypeAlias = etree._Element  # noqa: SLF001 - the name lxml gives its elements
Essence: TypeAlias = tuple[object, ...]

STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
_KNOWN_LOOKS: dict[Essence, Essence] = {}
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")


class NotComparable(Exception):
    """The bytes are no package of XML parts that can be read."""


@dataclass(frozen=True, slots=True)
class Relation:
    """`part` is the full name of the target, None where it lies outside of the package."""

    id: str
    type: str
    target: str
    part: str | None

    @property
    def kind(self) -> str:
        return self.type.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as the workbook part lists it."""

    name: str
    number: str
    state: str
    part: str
    kind: str


def local(element: Element) -> str:
    """Name without namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, name: str) -> list[Element]:
    return [] if element is None else [child for child in element if local(child) == name]


def child(element: Element | None, name: str) -> Element | None:
    return next(iter(children(element, name)), None)


def descendants(element: Element, name: str) -> Iterator[Element]:
    return element.iter(f"{{*}}{name}")


def attribute(element: Element, name: str) -> str | None:
    """Attribute by its local name: `id` is `r:id` in whichever namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def drop(element: Element, name: str) -> None:
    """Take an attribute off, where it is."""
    if name in element.attrib:
        del element.attrib[name]


def essence(element: Element, without: frozenset[str] = frozenset()) -> Essence:
    """What an element says: everything but prefixes, order of attributes and blank space.

    `without` are attributes of the element itself that don't count.
    """
    tag = element.tag if isinstance(element.tag, str) else str(element.tag)
    attributes = tuple(
        sorted((str(k), str(v)) for k, v in element.attrib.items() if k not in without)
    )
    inside = [element.text or "", *(piece.tail or "" for piece in element)]
    if len(element) and not any(text.strip() for text in inside):
        inside = []
    return (tag, attributes, tuple(inside), tuple(essence(piece) for piece in element))


def whole(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise NotComparable(f"no number: {text}")
    return int(text)


def place(reference: str) -> tuple[int, int]:
    """`D13` → (13, 4)."""
    match = _CELL.fullmatch(reference)
    if match is None:
        raise NotComparable(f"no cell: {reference}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def name_of(row: int, column: int) -> str:
    """(13, 4) → `D13`."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def area(reference: str) -> tuple[int, int, int, int]:
    """`B2:C9` → first row, first column, last row, last column; whole rows and columns too."""
    first, _, last = reference.replace("$", "").partition(":")
    last = last or first
    if first.isalpha():
        return 1, place(f"{first}1")[1], 1_048_576, place(f"{last}1")[1]
    if first.isdigit():
        return int(first), 1, int(last), 16_384
    return *place(first), *place(last)


def areas(references: str) -> list[tuple[int, int, int, int]]:
    return [area(reference) for reference in references.split()]


def inside(where: tuple[int, int], box: tuple[int, int, int, int]) -> bool:
    return box[0] <= where[0] <= box[2] and box[1] <= where[1] <= box[3]


def rows(sheet: Element) -> Iterator[tuple[int, Element]]:
    """Rows with their numbers, also those that don't say theirs."""
    number = 0
    for row in children(child(sheet, "sheetData"), "row"):
        number = whole(row.get("r") or str(number + 1))
        yield number, row


def cells(number: int, row: Element) -> Iterator[tuple[int, Element]]:
    """A row's cells with their columns, also those that don't say theirs."""
    column = 0
    for cell in children(row, "c"):
        reference = cell.get("r")
        if reference is None:
            column += 1
        else:
            line, column = place(reference)
            if line != number:
                raise NotComparable(f"{reference} stands in row {number}")
        yield column, cell


def merges(sheet: Element) -> list[tuple[int, int, int, int]]:
    found = children(child(sheet, "mergeCells"), "mergeCell")
    return [area(merge.get("ref", "A1")) for merge in found]


class Package:
    """A workbook's package; NotComparable where it is none."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                self.names = [entry.filename for entry in archive.infolist()]
                self.parts = {name: archive.read(name) for name in self.names}
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as fault:
            raise NotComparable(str(fault)) from fault
        except RuntimeError as fault:  # a password
            raise NotComparable(str(fault)) from fault
        self._found = {_folded(name): name for name in self.names}
        self._trees: dict[str, Element] = {}
        self.memo: dict[str, Any] = {}  # what was found out about it

    def find(self, name: str) -> str | None:
        """A part's name as the zip directory writes it."""
        return self._found.get(_folded(name))

    def tree(self, name: str) -> Element:
        raw = self.find(name)
        if raw is None:
            raise NotComparable(f"no part {name}")
        if raw not in self._trees:
            try:
                self._trees[raw] = etree.fromstring(self.parts[raw], _PARSER)
            except (etree.XMLSyntaxError, ValueError) as fault:
                raise NotComparable(f"{name}: {fault}") from fault
        return self._trees[raw]

    def relations(self, part: str = "") -> list[Relation]:
        """The relationships of a part, or of the package."""
        folder, name = posixpath.split(part.replace("\\", "/").lstrip("/"))
        listing = self.find(posixpath.join(folder, "_rels", f"{name}.rels"))
        if listing is None:
            return []
        return [_relation(each, folder) for each in children(self.tree(listing), "Relationship")]

    def related(self, part: str, kind: str) -> str | None:
        """The part of this kind that belongs to a part."""
        for relation in self.relations(part):
            if relation.kind == kind and relation.part and self.find(relation.part):
                return self.find(relation.part)
        return None

    @cached_property
    def workbook(self) -> str:
        for relation in self.relations():
            if relation.kind == "officeDocument" and relation.part and self.find(relation.part):
                return str(self.find(relation.part))
        raise NotComparable("no workbook part")

    @cached_property
    def sheets(self) -> list[Sheet]:
        targets = {relation.id: relation for relation in self.relations(self.workbook)}
        found = []
        for sheet in children(child(self.tree(self.workbook), "sheets"), "sheet"):
            relation = targets.get(attribute(sheet, "id") or "")
            if relation is None or relation.part is None:
                raise NotComparable(f"sheet {sheet.get('name')} has no part")
            found.append(
                Sheet(
                    sheet.get("name", ""),
                    sheet.get("sheetId", ""),
                    sheet.get("state", "visible"),
                    self.find(relation.part) or relation.part,
                    relation.kind,
                )
            )
        return found

    @property
    def worksheets(self) -> list[Sheet]:
        return [sheet for sheet in self.sheets if sheet.kind == "worksheet"]

    @cached_property
    def styles(self) -> Styles:
        part = self.related(self.workbook, "styles")
        return Styles(None if part is None else self.tree(part))

    @cached_property
    def strings(self) -> list[Essence]:
        """Shared strings."""
        part = self.related(self.workbook, "sharedStrings")
        return [] if part is None else [essence(each) for each in children(self.tree(part), "si")]

    def types(self) -> dict[tuple[str, str], str]:
        """Content types: by (`Default`, ending) and (`Override`, part name)."""
        found = {}
        for each in self.tree("[Content_Types].xml"):
            key = each.get("Extension") or each.get("PartName") or ""
            found[local(each), key.casefold()] = each.get("ContentType") or ""
        return found

    def type_of(self, name: str) -> str | None:
        types = self.types()
        ending = name.rpartition(".")[2].casefold()
        part = "/" + _folded(name)
        return types.get(("Override", part)) or types.get(("Default", ending))


class Styles:
    """A styles part: what a cell's number of a style stands for."""

    def __init__(self, tree: Element | None) -> None:
        self.tree = tree
        self._resolved: dict[int, dict[str, object]] = {}
        self._looks: dict[int, Essence] = {}

    def items(self, name: str) -> list[Element]:
        collection = child(self.tree, name)
        return [] if collection is None else [each for each in collection if local(each)]

    def cell(self, number: int) -> dict[str, object]:
        """Font, fill, border, number format … of a cell style, each as it reads."""
        if number not in self._resolved:
            self._resolved[number] = self._resolve(number)
        return self._resolved[number]

    def look(self, number: int) -> Essence:
        """A cell style as one comparable thing, the same object for the same look."""
        if number not in self._looks:
            look = tuple(sorted(self.cell(number).items(), key=lambda item: item[0]))
            self._looks[number] = _KNOWN_LOOKS.setdefault(look, look)
        return self._looks[number]

    def _resolve(self, number: int) -> dict[str, object]:
        formats = self.items("cellXfs")
        if number >= len(formats):
            return {} if number == 0 else {"missing": number}
        return self._look(formats[number], named=True)

    def _look(self, form: Element, *, named: bool) -> dict[str, object]:
        codes = {each.get("numFmtId"): each.get("formatCode") for each in self.items("numFmts")}
        wanted = form.get("numFmtId", "0")
        look: dict[str, object] = {
            "number format": codes.get(wanted, wanted),
            "font": self._item("fonts", form.get("fontId", "0")),
            "fill": self._item("fills", form.get("fillId", "0")),
            "border": self._item("borders", form.get("borderId", "0")),
        }
        for key, value in form.attrib.items():
            if key not in {"numFmtId", "fontId", "fillId", "borderId", "xfId"}:
                look[str(key)] = str(value)
        for each in form:
            look[local(each)] = essence(each)
        named_formats = self.items("cellStyleXfs")
        base = int(form.get("xfId", "0"))
        if named and base < len(named_formats):
            names = [e.get("name") for e in self.items("cellStyles") if e.get("xfId") == str(base)]
            look["named style"] = (base, *names)
            look["its formats"] = tuple(self._look(named_formats[base], named=False).items())
        return look

    def _item(self, collection: str, number: str) -> Essence | None:
        items = self.items(collection)
        return essence(items[int(number)]) if int(number) < len(items) else None

    def fill(self, number: int) -> str | None:
        """RRGGBB of a cell style's solid fill."""
        formats = self.items("cellXfs")
        if number >= len(formats):
            return None
        fills = self.items("fills")
        index = int(formats[number].get("fillId", "0"))
        return _colour(fills[index], "fgColor") if index < len(fills) else None

    def fill_number(self, number: int) -> int:
        """Which fill a cell style has; the first two are Excel's own."""
        formats = self.items("cellXfs")
        return int(formats[number].get("fillId", "0")) if number < len(formats) else 0

    def rule_fill(self, number: int) -> str | None:
        """RRGGBB of the fill that a conditional format shows."""
        formats = self.items("dxfs")
        fill = child(formats[number], "fill") if number < len(formats) else None
        return None if fill is None else _colour(fill, "bgColor")


def _colour(fill: Element, name: str) -> str | None:
    pattern = child(fill, "patternFill")
    if pattern is None or pattern.get("patternType", "solid") != "solid":
        return None
    colour = child(pattern, name)
    value = None if colour is None else colour.get("rgb")
    return None if value is None else value[-6:].upper()


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _relation(element: Element, folder: str) -> Relation:
    target = element.get("Target", "")
    part = None
    if element.get("TargetMode") != "External":
        path = target.replace("\\", "/")
        part = posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
    return Relation(element.get("Id", ""), element.get("Type", ""), target, part)

"""The styles part: formats looked up, new ones put behind those that are there."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Mapping
from functools import cached_property

from openpyxl.styles.numbers import builtin_format_code

from xlsx_eval.annotation.ooxml.markup import Element, Markup, quoted
from xlsx_eval.annotation.ooxml.workbook import WorkbookPart, place_among

_KIND = "styles"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_ITEMS = {
    "fonts": "font", "fills": "fill", "borders": "border", "cellStyleXfs": "xf", "cellXfs": "xf",
    "cellStyles": "cellStyle", "dxfs": "dxf",
}  # fmt: skip
_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
    "tableStyles", "colors", "extLst",
)  # fmt: skip
_PLAIN_XF = b'<%sxf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
_ALTERNATIVES = "AlternateContent"
_MOST_REFERRED_TO = 4096
_FIRST = {
    "fonts": (b'<%sfont><%ssz val="11"/><%sname val="Calibri"/><%sfamily val="2"/></%sfont>',),
    "fills": (b'<%sfill><%spatternFill patternType="none"/></%sfill>',
              b'<%sfill><%spatternFill patternType="gray125"/></%sfill>'),
    "borders": (b"<%sborder/>",),
    "cellStyleXfs": (_PLAIN_XF,),
    "cellXfs": (_PLAIN_XF,),
    "cellStyles": (b'<%scellStyle name="Normal" xfId="0" builtinId="0"/>',),
}  # fmt: skip


class Styles:
    """Formats by their numbers; what is added is written by `save`."""

    def __init__(self, book: WorkbookPart) -> None:
        self._book, self._package = book, book.package
        parts = [part for part in self._package.related(book.name, _KIND) if part in self._package]
        self.there = bool(parts)
        self.name = parts[0] if parts else self._package.free_name("xl/styles{}.xml").replace(
            "styles1.xml", "styles.xml"
        )  # fmt: skip
        empty = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="%s">'
        part = (
            self._package.read(self.name)
            if parts
            else empty % book.main.encode() + b"</styleSheet>"
        )
        self.markup = Markup(part).with_open_root()
        self._added: dict[str, list[bytes]] = {kind: [] for kind in _ITEMS}
        self._there = {kind: len(self.items(kind)) for kind in _ITEMS}
        self._numbers: dict[tuple[str, bytes], int] = {}
        self._named: dict[str, int] = {}

    @property
    def prefix(self) -> bytes:
        return self.markup.root.prefix

    def items(self, kind: str) -> list[Element]:
        """What was there, in order: `cellXfs` → its xf elements."""
        listed, wanted = self.markup.root.first(kind), {_ITEMS[kind], _ALTERNATIVES}
        return [each for each in listed.children if each.name in wanted] if listed else []

    def add(self, kind: str, item: bytes, *, shared: bool = True) -> int:
        """Put an item behind the others; its number. The same item is added once."""
        if shared and (number := self._numbers.get((kind, item))) is not None:
            return number
        added, there = self._added[kind], self._there[kind]
        first = _FIRST.get(kind, ())
        least = max(len(first), self._referred_to) if kind == "cellStyleXfs" else len(first)
        while there + len(added) < least:
            model = first[min(there + len(added), len(first) - 1)]
            added.append(model % ((self.prefix,) * model.count(b"%s")))
        added.append(item)
        number = there + len(added) - 1
        self._numbers[kind, item] = number
        return number

    # ----------------------------------------------------------------------------- cell formats

    def format_of(self, number: int) -> tuple[dict[str, str], bytes]:
        """A cell format's attributes and what it holds (alignment, protection)."""
        formats = self.items("cellXfs")
        if not formats:
            return {}, b""
        xf = self._spoken(formats[number] if number < len(formats) else formats[0])
        return self.markup.attributes(xf), self.markup.text[xf.inner : xf.outer]

    def number_format(self, number: int) -> str:
        """The code of a cell format's number format."""
        attributes, _ = self.format_of(number)
        wanted = attributes.get("numFmtId", "0")
        listed = self.markup.root.first("numFmts")
        for each in listed.named("numFmt") if listed else ():
            if self.markup.get(each, "numFmtId") == wanted:
                return self.markup.get(each, "formatCode") or ""
        return str(builtin_format_code(int(wanted)) or "") if wanted.isdigit() else ""

    def style_of(self, xf: Element) -> int:
        """Number of the style's format that a cell format goes back to."""
        return self.markup.number(self._spoken(xf), "xfId")

    @staticmethod
    def _spoken(item: Element) -> Element:
        """The item itself; of alternatives (mc:AlternateContent) the one for everybody."""
        if item.name != _ALTERNATIVES:
            return item
        fallback = item.first("Fallback") or item
        return next((each for each in fallback.descendants() if each.name == "xf"), item)

    @cached_property
    def _referred_to(self) -> int:
        """How many formats of styles the cells' formats refer to, also where they are missing.

        Ours come behind: no cell's format may point at one of them by mistake.
        """
        highest = max(map(self.style_of, self.items("cellXfs")), default=-1)
        return highest + 1 if highest < _MOST_REFERRED_TO else 0

    def filled(self, colours: Collection[str]) -> dict[int, str]:
        """Number of a cell format → the one of these colours (RRGGBB) that it fills a cell with."""
        fills: dict[int, str] = {}
        for number, item in enumerate(self.items("fills")):
            pattern = item.first("patternFill")
            colour = pattern.first("fgColor") if pattern is not None else None
            if pattern is None or self.markup.get(pattern, "patternType") != "solid":
                continue
            rgb = (self.markup.get(colour, "rgb") or "")[-6:].upper() if colour else ""
            if rgb in colours:
                fills[number] = rgb
        formats = enumerate(self.items("cellXfs") if fills else ())
        return {
            number: fills[fill]
            for number, xf in formats
            if (fill := self.markup.number(xf, "fillId")) in fills
        }

    def unfilled(self, number: int) -> int:
        """A format like this one, without its fill."""
        attributes, inside = self.format_of(number)
        return self.add("cellXfs", self.xf(attributes | {"fillId": "0"}, inside))

    @cached_property
    def names(self) -> dict[int, str]:
        """Number of a cellStyleXf → the name of its style."""
        return {
            self.markup.number(each, "xfId"): self.markup.get(each, "name") or ""
            for each in self.items("cellStyles")
        }

    def add_named(self, name: str, xf: bytes) -> int:
        """Add a hidden style of this name once; the number of its format."""
        if name not in self._named:
            self._named[name] = number = self.add("cellStyleXfs", xf, shared=False)
            style = (self.prefix, quoted(name), number)
            self.add("cellStyles", b'<%scellStyle name="%s" xfId="%d" hidden="1"/>' % style)
        return self._named[name]

    def xf(self, attributes: Mapping[str, str], inside: bytes) -> bytes:
        written = b"".join(b' %s="%s"' % (k.encode(), quoted(v)) for k, v in attributes.items())
        if not inside:
            return b"<%sxf%s/>" % (self.prefix, written)
        return b"<%sxf%s>%s</%sxf>" % (self.prefix, written, inside, self.prefix)

    # ------------------------------------------------------------------------------- as it was

    def counts(self) -> dict[str, int]:
        """How many items there were of each kind; -1 where the list itself was missing."""
        return {
            kind: len(self.items(kind)) if self.markup.root.first(kind) else -1 for kind in _ITEMS
        }

    def checksum(self) -> int:
        """Of what was added."""
        return zlib.crc32(b"".join(b"".join(added) for added in self._added.values()))

    def tail_checksum(self, counts: Mapping[str, int]) -> int | None:
        """Of the items behind the first so many; None where there are fewer."""
        tail = b""
        for kind in _ITEMS:
            items, count = self.items(kind), max(counts.get(kind, 0), 0)
            if len(items) < count:
                return None
            tail += b"".join(map(self.markup.bytes_of, items[count:]))
        return zlib.crc32(tail)

    def cut(self, counts: Mapping[str, int]) -> None:
        """Leave only the first so many items of each kind."""
        root = self.markup.root
        lists = [each for each in root.children if counts.get(each.name, 0) < 0]
        if lists and root.children == lists and root.inner == lists[0].start:
            self.markup.clear(root)
            return
        for kind, count in counts.items():
            listed = self.markup.root.first(kind)
            if listed is None:
                continue
            if count < 0:
                self.markup.delete(listed)
                continue
            items = self.items(kind)[count:]
            self._count(listed, -len(items))
            if items and len(items) == len(listed.children):
                self.markup.clear(listed)
                continue
            for item in items:
                self.markup.delete(item)

    def remove_named(self, name: re.Pattern[str]) -> None:
        """Take the names off styles; their formats stay, for other numbers follow them."""
        listed = self.markup.root.first("cellStyles")
        gone = [
            each
            for each in self.items("cellStyles")
            if name.fullmatch(self.markup.get(each, "name") or "")
        ]
        for each in gone:
            self.markup.delete(each)
        if listed is not None:
            self._count(listed, -len(gone))

    def _count(self, listed: Element, more: int) -> None:
        """Correct a list's `count`; one that was wrong stays as wrong as it was."""
        if more and self.markup.get(listed, "count") is not None:
            self.markup.set(listed, "count", str(self.markup.number(listed, "count") + more))

    def save(self) -> None:
        """Write what was added."""
        for kind, added in self._added.items():
            if not added:
                continue
            listed = self.markup.root.first(kind)
            if listed is not None:
                self._count(listed, len(added))
                self.markup.append(listed, b"".join(added))
            else:
                place = place_among(self.markup.root, kind, _ORDER)
                items = (self.prefix, kind.encode())
                self.markup.insert(
                    place,
                    b'<%s%s count="%d">' % (*items, len(added))
                    + b"".join(added)
                    + b"</%s%s>" % items,
                )
        if not self.markup.changed:
            return
        self._package.save(self.name, self.markup)
        if not self.there:
            self._package.declare(self.name, _TYPE)
            self._package.relate(self._book.name, _KIND, self.name, self._book.relations)

    def remove_part(self) -> None:
        """Take out the whole part: the workbook had none."""
        self._package.unrelate(self._book.name, self.name)
        self._package.remove(self.name)

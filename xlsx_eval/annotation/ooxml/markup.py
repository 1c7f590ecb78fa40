"""A part's XML as it stands: elements know where they are, changes are bytes put in between.

A tree that is parsed and written again comes out with other quotes, entities, blanks and line
ends. Here only what is changed is written; the rest of the part is copied.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast
from xml.sax.saxutils import escape

from lxml import etree

from xlsx_eval.annotation.ooxml.archive import DAMAGED
from xlsx_eval.errors import UnreadableWorkbook

_UNSEEN = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
ATTRIBUTES = rb"""(?:\s+[^\s=<>/"']+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*"""
_TAG = re.compile(rb"<(/?)([^\s/<>]+)(" + ATTRIBUTES + rb")\s*(/?)>")
_ATTRIBUTE = re.compile(rb"""([^\s=<>/"']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_PIECE = 1 << 20  # bytes that the parser is given at once
_SPECIAL = re.compile("[&<>\"'\n\r\t]")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
         (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip


class _Nothing:
    """A parser's target that keeps nothing: the XML is only checked."""

    def close(self) -> None:
        pass


@dataclass(slots=True, eq=False)
class Element:
    """`start` to `end` is all of it, `inner` to `outer` what lies between its tags.

    An empty element of one tag (`<c/>`) has `inner` and `outer` at its end.
    """

    tag: bytes
    parent: Element | None
    attributes_at: int
    start: int
    inner: int
    outer: int
    end: int
    empty: bool
    children: list[Element] = field(default_factory=list)
    given: dict[str, str] | None = None

    @property
    def name(self) -> str:
        """Name without its prefix."""
        return _local_name(self.tag)

    @property
    def prefix(self) -> bytes:
        """`x:` or nothing: what a new element beside or in it begins with."""
        prefix, colon, _ = self.tag.rpartition(b":")
        return prefix + colon

    @property
    def opening_end(self) -> int:
        """Where an attribute may be added."""
        return self.inner - (2 if self.empty else 1)

    def named(self, name: str) -> list[Element]:
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> Element | None:
        return next((child for child in self.children if child.name == name), None)

    def descendants(self) -> Iterator[Element]:
        for child in self.children:
            yield child
            yield from child.descendants()


class Markup:
    """A part's bytes, its elements, and the changes to come.

    Elements named in `closed` are not looked into. Raises UnreadableWorkbook where the part is
    not well-formed or declares entities.
    """

    def __init__(self, part: bytes, closed: frozenset[str] = frozenset()) -> None:
        check(part)
        self._bom, self._encoding = _encoding(part)
        self.text = _to_utf8(part[len(self._bom) :], self._encoding)
        self.shown = blanked(self.text)
        if b"<!" in self.shown:
            raise UnreadableWorkbook(DAMAGED)
        self._changes: list[tuple[int, int, int, bytes]] = []
        self.root = self._parse(closed)

    def _parse(self, closed: frozenset[str]) -> Element:
        shown, position = self.shown, 0
        root = current = None
        while found := _TAG.search(shown, position):
            closing, tag, _, empty = found.groups()
            position = found.end()
            if closing:
                if current is None:
                    break
                current.outer, current.end = found.start(), position
                current = current.parent
                continue
            element = Element(tag, current, found.start(3), found.start(), position, position,
                              position, bool(empty))  # fmt: skip
            if current is not None:
                current.children.append(element)
            root = root or element
            if not empty:
                current = element
                if element.name in closed:
                    position = shown.index(b"</" + tag, position)
        if root is None:
            raise UnreadableWorkbook(DAMAGED)
        return root

    # ------------------------------------------------------------------------------- reading

    def attributes(self, element: Element) -> dict[str, str]:
        """Names as they are written, with their prefix."""
        if element.given is None:
            element.given = attributes(self.text[element.attributes_at : element.opening_end])
        return dict(element.given)

    def get(self, element: Element, name: str) -> str | None:
        return (element.given or self.attributes(element)).get(name)

    def number(self, element: Element, name: str, default: int = 0) -> int:
        value = self.get(element, name)
        return int(value) if value and value.strip().isdigit() else default

    def in_namespace(self, element: Element, namespaces: frozenset[str], name: str) -> str | None:
        """An attribute of a namespace, whatever its prefix."""
        for key, value in self.attributes(element).items():
            prefix, colon, local = key.partition(":")
            if colon and local == name and self.namespace(element, prefix) in namespaces:
                return value
        return None

    def namespace(self, element: Element | None, prefix: str) -> str | None:
        """The namespace that a prefix (`""`: none) stands for at the element."""
        key = f"xmlns:{prefix}" if prefix else "xmlns"
        while element is not None:
            if (declared := self.get(element, key)) is not None:
                return declared
            element = element.parent
        return None

    def prefix_of(self, namespaces: frozenset[str]) -> str | None:
        """The prefix that the root declares for one of the namespaces."""
        for key, value in self.attributes(self.root).items():
            if key.startswith("xmlns:") and value in namespaces:
                return key[6:]
        return None

    def content(self, element: Element) -> str:
        """Text between the element's tags, its descendants' included."""
        inside = self.text[element.inner : element.outer]
        inside = re.sub(rb"<!\[CDATA\[(.*?)\]\]>", lambda data: escaped(data[1].decode()), inside,
                        flags=re.DOTALL)  # fmt: skip
        return unescaped(re.sub(rb"<[^>]*>", b"", _UNSEEN.sub(b"", inside)))

    def bytes_of(self, element: Element) -> bytes:
        return self.text[element.start : element.end]

    # ------------------------------------------------------------------------------ changing

    def replace(self, start: int, end: int, new: bytes) -> None:
        self._changes.append((start, end, len(self._changes), new))

    def insert(self, position: int, new: bytes) -> None:
        self.replace(position, position, new)

    def delete(self, element: Element) -> None:
        self.replace(element.start, element.end, b"")

    def set(self, element: Element, name: str, value: str | None) -> None:
        """Set an attribute, or take it off (None)."""
        for found in _ATTRIBUTE.finditer(self.text, element.attributes_at, element.opening_end):
            if found[1] == name.encode():
                group = 2 if found[2] is not None else 3
                if value is None:
                    self.replace(found.start() - 1, found.end(), b"")
                elif unescaped(found[group]) != value:
                    self.replace(found.start(group), found.end(group), quoted(value))
                return
        if value is not None:
            self.insert(element.opening_end, b' %s="%s"' % (name.encode(), quoted(value)))

    def append(self, element: Element, new: bytes) -> None:
        """Put new children behind the element's others."""
        if element.empty:
            self.replace(element.opening_end, element.end, b">%s</%s>" % (new, element.tag))
        else:
            self.insert(element.outer, new)

    def with_open_root(self) -> Markup:
        """The part with a root that may take children: `<a/>` as `<a></a>`."""
        if not self.root.empty:
            return self
        self.replace(self.root.opening_end, self.root.end, b"></%s>" % self.root.tag)
        return Markup(self.result())

    def clear(self, element: Element) -> None:
        """Leave nothing in an element, not even a second tag."""
        if not element.empty:
            self.replace(element.inner - 1, element.end, b"/>")

    @property
    def changed(self) -> bool:
        return bool(self._changes)

    def result(self) -> bytes:
        """The part with its changes, in the encoding that it came in."""
        whole, pieces, position = memoryview(self.text), list[memoryview | bytes](), 0
        for start, end, _, new in sorted(self._changes, key=lambda change: change[:3]):
            pieces += [whole[position:start], new]
            position = max(position, end)
        text = b"".join((*pieces, whole[position:]))
        if self._encoding == "utf-8":
            return self._bom + text
        return self._bom + text.decode().encode(self._encoding, "xmlcharrefreplace")


@lru_cache(1000)
def _local_name(tag: bytes) -> str:
    return tag.rpartition(b":")[2].decode("utf-8", "replace")


def check(part: bytes) -> None:
    """Raises UnreadableWorkbook where the part is not well-formed XML."""
    parser = etree.XMLParser(
        target=cast("etree.ParserTarget", _Nothing()),  # the stubs want it to take events
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True,
    )  # fmt: skip
    try:
        for start in range(0, max(len(part), 1), _PIECE):
            parser.feed(part[start : start + _PIECE])
        parser.close()
    except etree.XMLSyntaxError as fault:
        raise UnreadableWorkbook(DAMAGED) from fault


def blanked(text: bytes) -> bytes:
    """The text with comments, CDATA and instructions blanked, every byte in its place."""
    return _UNSEEN.sub(lambda found: b" " * len(found[0]), text)


def attributes(inside: bytes) -> dict[str, str]:
    """`r="A1" s='2'` → {"r": "A1", "s": "2"}."""
    return {
        found[1].decode(): unescaped(found[2] if found[2] is not None else found[3])
        for found in _ATTRIBUTE.finditer(inside)
    }


def unescaped(text: bytes) -> str:
    shown = text.decode()
    return html.unescape(shown) if "&" in shown else shown


def escaped(text: str) -> bytes:
    """Text as it stands between tags; a carriage return would be read as a line end."""
    return escape(text, {"\r": "&#13;"}).encode()


def quoted(text: str) -> bytes:
    """Text as it stands in an attribute."""
    if not _SPECIAL.search(text):
        return text.encode()
    marks = {'"': "&quot;", "'": "&apos;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
    return escape(text, marks).encode()


def _encoding(part: bytes) -> tuple[bytes, str]:
    for bom, encoding in _BOMS:
        if part.startswith(bom):
            return bom, encoding
    for encoding in ("utf-16-le", "utf-16-be"):
        if part.startswith("<?".encode(encoding)):
            return b"", encoding
    declared = _DECLARED.match(part)
    encoding = declared[1].decode().lower() if declared else "utf-8"
    return b"", "utf-8" if encoding in {"utf8", "utf-8", "us-ascii", "ascii"} else encoding


def _to_utf8(part: bytes, encoding: str) -> bytes:
    if encoding == "utf-8":
        return part
    try:
        return part.decode(encoding).encode()
    except (LookupError, UnicodeError) as fault:
        raise UnreadableWorkbook(DAMAGED) from fault

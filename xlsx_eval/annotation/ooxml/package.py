"""Parts, their content types and their relationships."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from xlsx_eval.annotation.ooxml import archive
from xlsx_eval.annotation.ooxml.markup import Element, Markup, quoted
from xlsx_eval.errors import UnreadableWorkbook

NO_WORKBOOK = (
    "文件不是 .xlsx 或 .xlsm 工作簿，不能写入审核意见；请用 Excel 或 WPS 另存为 .xlsx 再报送。"
)

TYPES = "[Content_Types].xml"
_TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_NO_RELS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="%s">\n</Relationships>\n'
) % _RELS_NS.encode()
"""A list that we began; its line ends tell it from an empty one of somebody else."""

_LARGE = 8 << 20

TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
RELATIONS = frozenset({TRANSITIONAL, STRICT})
"""Namespaces of `r:id`, and what the types of relationships begin with."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """`target` is the name of a part; None where it lies outside the package."""

    id: str
    kind: str
    target: str | None


class Package:
    """The parts of a workbook, to be read, replaced, added and removed.

    Names of parts are compared as OPC says: without regard to case, `/` for a back-slash.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._archive = archive.open_archive(content)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._spelled: dict[str, str] = {}
        for info in self._archive.infolist():
            name = _plain(info.orig_filename)
            self._entries[name] = info  # of two of one name the last counts
            self._spelled.setdefault(name.lower(), name)
        self._written: dict[str, tuple[str, bytes]] = {}
        self._removed: set[str] = set()
        self._unpacked: dict[str, bytes] = {}
        self._types: ContentTypes | None = None
        self._relationships: dict[str, tuple[bytes, list[Relationship]]] = {}

    # ------------------------------------------------------------------------------- parts

    def _known(self, name: str) -> str:
        """The name as the package spells it; two that differ in case only are two parts."""
        plain = _plain(name)
        if plain in self._entries or plain in self._written:
            return plain
        return self._spelled.setdefault(plain.lower(), plain)

    def __contains__(self, name: str) -> bool:
        key = self._known(name)
        return key in self._written or (key in self._entries and key not in self._removed)

    def read(self, name: str) -> bytes:
        key = self._known(name)
        if key in self._written:
            return self._written[key][1]
        if key not in self:
            raise UnreadableWorkbook(archive.DAMAGED)
        if key not in self._unpacked:
            part = archive.unpacked(self._archive, self._entries[key])
            if len(part) > _LARGE:
                return part
            self._unpacked[key] = part
        return self._unpacked[key]

    def is_large(self, name: str) -> bool:
        """Whether a part is larger than any of ours can be (8 MiB)."""
        entry = self._entries.get(self._known(name))
        return entry is not None and entry.file_size > _LARGE

    def names(self) -> list[str]:
        kept = [key for key in self._entries if key not in self._removed]
        return kept + [key for key in self._written if key not in kept]

    def write(self, name: str, part: bytes) -> None:
        """Replace a part, or add one behind the others."""
        key = self._known(name)
        info = self._entries.get(key)
        if info is not None and key not in self._removed:
            name = info.orig_filename
        self._written[key] = (name, part)

    def save(self, name: str, markup: Markup) -> None:
        if markup.changed:
            self.write(name, markup.result())

    def remove(self, name: str) -> None:
        """Take a part out, with its relationships and content type."""
        for part in (name, _rels_of(name)):
            key = self._known(part)
            self._written.pop(key, None)
            if key in self._entries:
                self._removed.add(key)
        types, extension = self._content_types(), _extension(name)
        types.forget(name)
        if extension == "vml" and not any(_extension(part) == "vml" for part in self.names()):
            types.forget_extension(extension, VML_TYPE)
        self._write_types(types)

    def free_name(self, pattern: str) -> str:
        """`xl/comments{}.xml` with the first number that no part has."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    @property
    def changed(self) -> bool:
        return bool(self._written or self._removed)

    def contents(self) -> bytes:
        """The package as a file; the very bytes it was read from where nothing was changed."""
        if not self.changed:
            return self._content
        return archive.archive_of(self._in_order())

    def _in_order(self) -> Iterable[archive.Entry]:
        content = memoryview(self._content)
        left = dict(self._written)
        for info in self._archive.infolist():
            key = _plain(info.orig_filename)
            if key in self._written:
                if self._entries[key] is info and key not in self._removed:
                    yield archive.written(*left.pop(key))
            elif key not in self._removed:
                yield archive.kept(content, info)
        for name, part in left.values():
            yield archive.written(name, part)

    # ------------------------------------------------------------------------ content types

    def content_type(self, name: str) -> str | None:
        return self._content_types().of(name)

    def declare(self, name: str, content_type: str) -> None:
        """Say what a new part is: by its extension for .vml, by its name for others."""
        types = self._content_types()
        types.declare(name, content_type)
        self._write_types(types)

    def _content_types(self) -> ContentTypes:
        if self._types is None:
            self._types = ContentTypes(self.read(TYPES))
        return self._types

    def _write_types(self, types: ContentTypes) -> None:
        if types.markup.changed:
            self.write(TYPES, types.markup.result())

    # ------------------------------------------------------------------------ relationships

    def relationships(self, name: str) -> list[Relationship]:
        """Of a part; `""` means those of the package."""
        rels = _rels_of(name)
        if rels not in self:
            return []
        part = self.read(rels)
        known = self._relationships.get(rels)
        if known is None or known[0] != part:
            known = self._relationships[rels] = part, self._listed(name, Markup(part))
        return known[1]

    @staticmethod
    def _listed(name: str, markup: Markup) -> list[Relationship]:
        return [
            Relationship(
                markup.get(each, "Id") or "",
                (markup.get(each, "Type") or "").rpartition("/")[2],
                None
                if (markup.get(each, "TargetMode") or "").lower() == "external"
                else _resolved(name, markup.get(each, "Target") or ""),
            )
            for each in markup.root.named("Relationship")
        ]

    def related(self, name: str, kind: str) -> list[str]:
        """Parts of a kind (`comments`) that a part refers to."""
        return [
            each.target for each in self.relationships(name) if each.kind == kind and each.target
        ]

    def relate(self, name: str, kind: str, target: str, namespace: str) -> str:
        """Let a part refer to another; the relationship's id."""
        rels = _rels_of(name)
        if rels not in self:
            self.write(rels, _NO_RELS)
            if self.content_type(rels) != _RELS_TYPE:
                self.declare(rels, _RELS_TYPE)
        markup = Markup(self.read(rels))
        taken = {markup.get(each, "Id") for each in markup.root.named("Relationship")}
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        values = (
            f"rId{number}",
            f"{namespace}/{kind}",
            posixpath.relpath("/" + target, "/" + posixpath.dirname(name)),
        )
        added = b'<%sRelationship Id="%s" Type="%s" Target="%s"/>'
        markup.append(markup.root, added % (markup.root.prefix, *map(quoted, values)))
        self.save(rels, markup)
        return f"rId{number}"

    def unrelate(self, name: str, target: str) -> None:
        """Take off a part's reference to another."""
        rels = _rels_of(name)
        markup = Markup(self.read(rels))
        found = [
            each
            for each in markup.root.named("Relationship")
            if _key(_resolved(name, markup.get(each, "Target") or "")) == _key(target)
        ]
        for each in found:
            markup.delete(each)
        if markup.changed and markup.result() == _NO_RELS:
            self.remove(rels)
            return
        if found and len(found) == len(markup.root.children):
            markup = Markup(self.read(rels))
            markup.clear(markup.root)
        self.save(rels, markup)

    def workbook_part(self) -> str:
        """Name of the part that lists the sheets. Raises UnreadableWorkbook without one."""
        if TYPES not in self:
            raise UnreadableWorkbook(NO_WORKBOOK)
        for name in self.related("", "officeDocument"):
            if name in self and _extension(name) != "bin":
                return name
        raise UnreadableWorkbook(NO_WORKBOOK)


VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"


class ContentTypes:
    """The part that says what each part is, by its name or else by its extension."""

    def __init__(self, part: bytes) -> None:
        self.markup = markup = Markup(part)
        self._by_name = {_key(markup.get(each, "PartName") or ""): each
                         for each in markup.root.named("Override")}  # fmt: skip
        self._by_extension = {(markup.get(each, "Extension") or "").lower(): each
                              for each in markup.root.named("Default")}  # fmt: skip
        self._declared: dict[str, str] = {}

    def of(self, name: str) -> str | None:
        key, extension = _key(name), _extension(name)
        declared = self._declared.get(key) or self._declared.get(f".{extension}")
        element = self._by_name.get(key) or self._by_extension.get(extension)
        return declared or (self.markup.get(element, "ContentType") if element else None)

    def declare(self, name: str, content_type: str) -> None:
        extension, root = _extension(name), self.markup.root
        if extension == "vml":
            if self.of(name) == content_type:
                return
            if extension not in self._by_extension:
                self._declared[f".{extension}"] = content_type
                added = _default(root, extension, content_type)
                if root.empty:
                    self.markup.append(root, added)
                else:  # before those that are said by name, as everybody writes them
                    self.markup.insert(root.inner, added)
                return
        self._declared[_key(name)] = content_type
        part = (root.prefix, quoted("/" + name), quoted(content_type))
        self.markup.append(root, b'<%sOverride PartName="%s" ContentType="%s"/>' % part)

    def forget(self, name: str) -> None:
        if (element := self._by_name.pop(_key(name), None)) is not None:
            self.markup.delete(element)

    def forget_extension(self, extension: str, content_type: str) -> None:
        """Take off what we declared for an extension."""
        element = self._by_extension.get(extension)
        ours = _default(self.markup.root, extension, content_type)
        if element is not None and self.markup.bytes_of(element) == ours:
            self.markup.delete(element)
            del self._by_extension[extension]


def _default(root: Element, extension: str, content_type: str) -> bytes:
    # the attributes stand in an order of our own: so it is known again when it is to go
    values = (root.prefix, quoted(content_type), quoted(extension))
    return b'<%sDefault ContentType="%s" Extension="%s"/>' % values


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")


def _key(name: str) -> str:
    return _plain(name).lower()


def _extension(name: str) -> str:
    return _key(name).rpartition(".")[2]


def _rels_of(name: str) -> str:
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _resolved(name: str, target: str) -> str:
    target = unquote(target.replace("\\", "/"))
    joined = posixpath.join("/" + posixpath.dirname(name), target)
    return posixpath.normpath(joined).lstrip("/")

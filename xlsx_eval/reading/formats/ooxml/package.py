"""An OOXML workbook's parts, and the relations by which they are found."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from xml.parsers.expat import ExpatError

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.formats.archive import FAULTS, Archive, part_name
from xlsx_eval.reading.formats.ooxml.parsing import Attributes, Listener, as_utf8, parse
from xlsx_eval.reading.limits import Budget

THE_FILE = "文件"
WORKBOOK = "xl/workbook.xml"
CONTENT_TYPES = "[content_types].xml"
MAX_RELATIONS = 20_000

Sift = Callable[[Iterator[bytes]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Relation:
    """`kind` is the last word of its type, in small letters: `worksheet`, `sharedstrings`."""

    kind: str
    part: str


@dataclass(frozen=True)
class Package:
    archive: Archive
    budget: Budget

    def has(self, part: str) -> bool:
        return part in self.archive.parts

    def tell(
        self,
        listener: Listener,
        part: str,
        where: str = THE_FILE,
        *,
        sift: Sift = iter,
        to_the_end: bool = True,
    ) -> None:
        """Tell a listener of a part's elements, after `sift` took out what needs no telling.

        Unless the rest does not matter, a part is unpacked to the end, where its check sum stands.
        Raises UnreadableWorkbook where the part is damaged or costs too much.
        """
        pieces = self._pieces(part, where)
        try:
            parse(sift(pieces), listener, self.budget, where)
            if to_the_end:
                for _ in pieces:
                    pass
        except (ExpatError, LookupError, *FAULTS) as error:
            raise UnreadableWorkbook(damaged(where)) from error

    def _pieces(self, part: str, where: str) -> Iterator[bytes]:
        for piece in as_utf8(self.archive.pieces(part)):
            self.budget.unpack(len(piece), where)
            yield piece

    def relations(self, part: str) -> dict[str, Relation]:
        """Id → what a part refers to inside the package; `part` is "" for the package itself."""
        folder, name = posixpath.split(part)
        listener = _Relations(self, folder)
        if self.has(rels := posixpath.join(folder, "_rels", f"{name}.rels")):
            self.tell(listener, rels)
        return listener.relations

    def workbook(self) -> str | None:
        """The part that lists the sheets; None where the package is no workbook in XML."""
        documents = [each for each in self.relations("").values() if each.kind == "officedocument"]
        for part in (*(each.part for each in documents), WORKBOOK, *self._declared_workbooks()):
            if self.has(part) and (part == WORKBOOK or self._is_workbook(part)):
                return part
        return None

    def content_type(self, part: str) -> str:
        """What the package says a part is, in small letters; "" where it does not say."""
        listener = _ContentTypes(part)
        if self.has(CONTENT_TYPES):
            self.tell(listener, CONTENT_TYPES)
        return listener.content_type

    def _declared_workbooks(self) -> list[str]:
        listener = _ContentTypes()
        if self.has(CONTENT_TYPES):
            self.tell(listener, CONTENT_TYPES)
        return listener.workbooks

    def _is_workbook(self, part: str) -> bool:
        if part.endswith(".bin"):
            return False
        listener = _Root()
        self.tell(listener, part, to_the_end=False)
        return listener.is_workbook


class _Relations(Listener):
    def __init__(self, package: Package, folder: str) -> None:
        super().__init__()
        self.relations: dict[str, Relation] = {}
        self.starts["Relationship"] = self._relationship
        self._package = package
        self._folder = folder

    def _relationship(self, attributes: Attributes) -> None:
        if attributes.get("TargetMode") == "External":
            return
        if len(self.relations) >= MAX_RELATIONS:
            raise UnreadableWorkbook(damaged(THE_FILE))
        kind = attributes.get("Type", "").rpartition("/")[2].lower()
        target = attributes.get("Target", "")
        part = self._resolved(target)
        if not self._package.has(part):
            part = self._resolved(unquote(target))
        self.relations[attributes.get("Id", "")] = Relation(kind, part)

    def _resolved(self, target: str) -> str:
        path = target.replace("\\", "/")
        return part_name(posixpath.normpath(posixpath.join("/", self._folder, path)))


class _ContentTypes(Listener):
    """The first workbook that is declared, or the type of one part, by its name or its ending."""

    def __init__(self, part: str = "") -> None:
        super().__init__()
        self.workbooks: list[str] = []
        self.content_type = ""
        self._part = part
        self.starts["Override"] = self._override
        self.starts["Default"] = self._default

    def _override(self, attributes: Attributes) -> None:
        kind = attributes.get("ContentType", "").lower()
        part = part_name(attributes.get("PartName", ""))
        if self._part:
            if part == self._part:
                self.content_type, self.done = kind, True
        elif kind.endswith("main+xml") and ("sheet" in kind or "excel" in kind):
            self.workbooks.append(part)
            self.done = True

    def _default(self, attributes: Attributes) -> None:
        ending = f".{attributes.get('Extension', '').lower()}"
        if self._part.endswith(ending):
            self.content_type = attributes.get("ContentType", "").lower()


class _Root(Listener):
    def __init__(self) -> None:
        super().__init__()
        self.is_workbook = False
        self.starts["workbook"] = self._workbook

    def _workbook(self, _: Attributes) -> None:
        self.is_workbook = self.done = True


def damaged(where: str) -> str:
    return f"{where}已损坏，无法打开，请重新导出或重新报送。"

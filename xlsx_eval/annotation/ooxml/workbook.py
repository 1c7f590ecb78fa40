"""The workbook part: its sheets in order, names, and which sheet it opens on."""

from __future__ import annotations

from dataclasses import dataclass

from xlsx_eval.annotation.ooxml.archive import DAMAGED
from xlsx_eval.annotation.ooxml.markup import Element, Markup, escaped, quoted
from xlsx_eval.annotation.ooxml.package import RELATIONS, STRICT, TRANSITIONAL, Package
from xlsx_eval.errors import UnreadableWorkbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MAIN_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_WORKSHEET = "worksheet"
_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "AlternateContent", "revisionPtr",
    "workbookProtection", "bookViews", "sheets", "functionGroups", "externalReferences",
    "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr",
    "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """`kind` is worksheet, chartsheet, dialogsheet …; `part` is None where none is to be found."""

    name: str
    kind: str
    part: str | None
    element: Element


class WorkbookPart:
    """Raises UnreadableWorkbook where there are no sheets."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.name = package.workbook_part()
        self.markup = Markup(package.read(self.name))
        root = self.markup.root
        strict = self.markup.namespace(root, root.prefix[:-1].decode()) == MAIN_STRICT
        self.main = MAIN_STRICT if strict else MAIN
        self.relations = STRICT if strict else TRANSITIONAL
        self.sheets = self._sheets()

    def _sheets(self) -> list[Sheet]:
        listed = self.markup.root.first("sheets")
        if listed is None or not listed.named("sheet"):
            raise UnreadableWorkbook(DAMAGED)
        related = {each.id: each for each in self.package.relationships(self.name)}
        found = []
        for element in listed.named("sheet"):
            key = self.markup.in_namespace(element, RELATIONS, "id") or ""
            to = related.get(key)
            part = to.target if to is not None else None
            part = part if part and part in self.package else None
            kind = to.kind if to is not None else ""
            found.append(Sheet(self.markup.get(element, "name") or "", kind, part, element))
        return found

    @property
    def worksheets(self) -> list[Sheet]:
        """Those with cells and a part of their own: one that two sheets share belongs to none."""
        parts = [sheet.part for sheet in self.sheets]
        return [
            sheet
            for sheet in self.sheets
            if sheet.kind == _WORKSHEET and sheet.part and parts.count(sheet.part) == 1
        ]

    def add_sheet(self, name: str, relationship: str) -> None:
        """List a sheet behind the others."""
        listed = self.markup.root.first("sheets")
        assert listed is not None  # noqa: S101 – _sheets has seen it
        taken = [self.markup.number(sheet.element, "sheetId") for sheet in self.sheets]
        prefix = self.markup.prefix_of(RELATIONS)
        declared = "" if prefix else f' xmlns:r="{self.relations}"'
        self.markup.append(
            listed,
            b'<%ssheet name="%s" sheetId="%d"%s %s:id="%s"/>'
            % (
                listed.prefix,
                quoted(name),
                max(taken, default=0) + 1,
                declared.encode(),
                (prefix or "r").encode(),
                quoted(relationship),
            ),
        )

    # -------------------------------------------------------------------------------- names

    def names(self) -> list[Element]:
        listed = self.markup.root.first("definedNames")
        return listed.named("definedName") if listed else []

    def add_names(self, names: list[tuple[str, int, bool, str]]) -> None:
        """Add (name, number of the sheet it belongs to, hidden, formula)."""
        listed = self.markup.root.first("definedNames")
        prefix = self.markup.root.prefix
        added = b"".join(
            b'<%sdefinedName name="%s" localSheetId="%d"%s>%s</%sdefinedName>'
            % (prefix, quoted(name), sheet, b' hidden="1"' * hidden, escaped(formula), prefix)
            for name, sheet, hidden, formula in names
        )
        if listed is not None:
            self.markup.append(listed, added)
        else:
            place = place_among(self.markup.root, "definedNames", _ORDER)
            self.markup.insert(
                place, b"<%sdefinedNames>%s</%sdefinedNames>" % (prefix, added, prefix)
            )

    def remove_names(self, gone: list[Element], *, with_list: bool) -> None:
        """Remove names; `with_list` takes a list that becomes empty along."""
        listed = self.markup.root.first("definedNames")
        if listed is not None and len(listed.children) == len(gone):
            remove = self.markup.delete if with_list else self.markup.clear
            remove(listed)
            return
        for element in gone:
            self.markup.delete(element)

    # -------------------------------------------------------------------------------- views

    def views(self) -> list[Element]:
        listed = self.markup.root.first("bookViews")
        return listed.named("workbookView") if listed else []

    def open_on(self, number: int) -> None:
        """Let every window show the sheet of this number (from 0) first."""
        for view in self.views():
            self.markup.set(view, "activeTab", str(number))
        if not self.views():
            self.markup.insert(
                place_among(self.markup.root, "bookViews", _ORDER),
                self.only_view(number),
            )

    def only_view(self, number: int) -> bytes:
        prefix = self.markup.root.prefix
        view = b'<%sbookViews><%sworkbookView activeTab="%d"/></%sbookViews>'
        return view % (prefix, prefix, number, prefix)

    def save(self) -> None:
        self.package.save(self.name, self.markup)


def place_among(root: Element, name: str, order: tuple[str, ...]) -> int:
    """Where an element belongs among the root's children: behind all that come before it."""
    rank, place = order.index(name), root.inner
    for child in root.children:
        # what stands in mc:AlternateContent counts as what it holds
        inside = [child.name, *(each.name for each in child.descendants())]
        known = next((order.index(each) for each in inside if each in order), None)
        if known is not None and known > rank:
            return place
        place = child.end
    return place

"""A worksheet part: what is marked in it, and what a mark has to know."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from xlsx_eval.annotation.ooxml.addresses import Position, Range, address, ranges
from xlsx_eval.annotation.ooxml.markup import Element, Markup, escaped, quoted
from xlsx_eval.annotation.ooxml.package import RELATIONS, Package
from xlsx_eval.annotation.ooxml.rows import Cell, Row, SheetData
from xlsx_eval.annotation.ooxml.workbook import place_among

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_SPANS = re.compile(r"\d+:\d+(\s+\d+:\d+)*")


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell to be marked and its format; `kind` tells what was there.

    `c` a cell with a format, `b` one that names none, `n` no cell, `r` no row either.
    """

    row: int
    column: int
    kind: str
    style: int


class SheetPart:
    """One worksheet. Changes are written by `save`."""

    def __init__(self, package: Package, name: str) -> None:
        self._package, self.name = package, name
        self.markup = Markup(package.read(name), frozenset({"sheetData"}))
        root = self.markup.root
        data = root.first("sheetData")
        self.data = SheetData(self.markup, data) if data is not None else None
        self.merges = [
            area
            for listed in root.named("mergeCells")
            for each in listed.named("mergeCell")
            for area in ranges(self.markup.get(each, "ref") or "")
        ]
        self._found: dict[int, Row] = {}

    def save(self) -> None:
        self._package.save(self.name, self.markup)

    def merge_at(self, position: Position) -> Range | None:
        return next((area for area in self.merges if position in area), None)

    def top_left(self, position: Position) -> Position:
        """The cell that shows what stands here: of a merge its first."""
        area = self.merge_at(position)
        return (area.top, area.left) if area else position

    # -------------------------------------------------------------------------------- cells

    def mark(self, positions: Collection[Position], style: Callable[[Spot], int]) -> None:
        """Give cells the format that `style` names; those that are missing are put in."""
        if self.data is None:
            return
        by_row: dict[int, list[int]] = {}
        for row, column in sorted(positions):
            by_row.setdefault(row, []).append(column)
        found, places = self.data.find(by_row)
        for number, row_found in found.items():
            self._mark_in(row_found, by_row[number], style)
        new = {number: self._new_row(number, by_row[number], style) for number in sorted(places)}
        if self.data.element.empty and new:
            self.markup.append(self.data.element, b"".join(new.values()))
            return
        for number, added in new.items():
            self.markup.insert(places[number], added)

    def _mark_in(self, row: Row, columns: list[int], style: Callable[[Spot], int]) -> None:
        assert self.data is not None  # noqa: S101 – there is a row
        cells = self.data.cells(row)
        there: dict[int, Cell] = {}
        for cell in cells:
            there.setdefault(cell.column, cell)
        new: list[tuple[int, bytes]] = []
        for column in columns:
            if (known := there.get(column)) is not None:
                self._restyle(row.number, known, style)
            else:
                spot = Spot(row.number, column, "n", self._inherited(row, column))
                place = next((cell.start for cell in cells if cell.column > column), row.outer)
                new.append((place, self._new_cell(spot, style)))
        if not new:
            return
        if row.empty:
            tag = b"</%srow>" % self.data.prefix
            self.markup.replace(row.inner - 2, row.inner, b">" + b"".join(c for _, c in new) + tag)
        for place, cell_written in new if not row.empty else ():
            self.markup.insert(place, cell_written)
        self._widen_spans(row, columns)

    def _restyle(self, row: int, cell: Cell, style: Callable[[Spot], int]) -> None:
        given = cell.attributes.get("s", "")
        spot = Spot(row, cell.column, "c" if given else "b", int(given) if given.isdigit() else 0)
        set_style(self.markup, cell, style(spot))

    def _new_cell(self, spot: Spot, style: Callable[[Spot], int]) -> bytes:
        assert self.data is not None  # noqa: S101 – there is a row
        name = address(spot.row, spot.column).encode()
        return b'<%sc r="%s" s="%d"/>' % (self.data.prefix, name, style(spot))

    def _new_row(self, number: int, columns: list[int], style: Callable[[Spot], int]) -> bytes:
        assert self.data is not None  # noqa: S101 – there is a place for it
        cells = b"".join(
            self._new_cell(Spot(number, column, "r", self._inherited(None, column)), style)
            for column in columns
        )
        prefix = self.data.prefix
        return b'<%srow r="%d">%s</%srow>' % (prefix, number, cells, prefix)

    def _inherited(self, row: Row | None, column: int) -> int:
        """Format that a missing cell takes from its row or column."""
        if row is not None and row.attributes.get("customFormat") in {"1", "true"}:
            given = row.attributes.get("s", "0")
            return int(given) if given.isdigit() else 0
        for each in self.columns():
            if self.markup.number(each, "min") <= column <= self.markup.number(each, "max"):
                return self.markup.number(each, "style")
        return 0

    def restyle_areas(self, numbers: Collection[int], style: Callable[[int], int]) -> None:
        """Give whole columns and rows with one of these formats the one that `style` names."""
        for column in self.columns():
            if (now := self.markup.number(column, "style")) in numbers:
                self.markup.set(column, "style", str(style(now)))
        for start, end, now in self.data.styled_rows(numbers) if self.data else ():
            self.markup.replace(start, end, b"%d" % style(now))

    def columns(self) -> list[Element]:
        return [each for listed in self.markup.root.named("cols") for each in listed.named("col")]

    def _widen_spans(self, row: Row, columns: list[int]) -> None:
        """A row's `spans` is a hint that may not leave a cell out: then it goes."""
        spans = row.attributes.get("spans", "")
        if not spans:
            return
        if _SPANS.fullmatch(spans):
            bounds = [tuple(map(int, span.split(":"))) for span in spans.split()]
            if all(any(low <= column <= high for low, high in bounds) for column in columns):
                return
        tag = self.markup.text[row.start : row.inner]
        found = re.search(rb"\s+spans\s*=\s*(?:\"[^\"]*\"|'[^']*')", tag)
        if found:
            self.markup.replace(row.start + found.start(), row.start + found.end(), b"")

    # --------------------------------------------------------------- conditional formatting

    def conditional_ranges(self) -> list[Range]:
        """Where formats depend on values, in the usual place or in an extension."""
        found = []
        for each in self.markup.root.descendants():
            if each.name == "conditionalFormatting":
                found += ranges(self.markup.get(each, "sqref") or "")
            elif each.name == "sqref":
                found += ranges(self.markup.content(each))
        return found

    def add_condition(self, cells: list[Position], dxf: int, formula: str) -> None:
        """A conditional format that comes before all others on these cells."""
        prefix = self.markup.root.prefix
        where = quoted(" ".join(address(*cell) for cell in cells))
        added = (
            b'<%sconditionalFormatting sqref="%s"><%scfRule type="expression" dxfId="%d" '
            b'priority="1"><%sformula>%s</%sformula></%scfRule></%sconditionalFormatting>'
        ) % (prefix, where, prefix, dxf, prefix, escaped(formula), prefix, prefix, prefix)
        first = self.markup.root.first("conditionalFormatting")
        if first is not None:
            self.markup.insert(first.start, added)
        else:
            place = place_among(self.markup.root, "conditionalFormatting", _ORDER)
            self.markup.insert(place, added)

    def remove_conditions(self, formula: str) -> None:
        for each in self.markup.root.named("conditionalFormatting"):
            rules = each.named("cfRule")
            ours = [
                rule
                for rule in rules
                if any(self.markup.content(inside) == formula for inside in rule.children)
            ]
            if rules and len(ours) == len(rules):
                self.markup.delete(each)
                continue
            for rule in ours:
                self.markup.delete(rule)

    # ----------------------------------------------------------------------- views, drawing

    @property
    def selected(self) -> bool:
        return any(self.markup.get(view, "tabSelected") in {"1", "true"} for view in self._views())

    def select(self, *, selected: bool) -> None:
        """Whether the sheet belongs to those that are edited together."""
        for view in self._views():
            now = self.markup.get(view, "tabSelected")
            if now in {"true", "false"}:  # said in words, as some programs do
                self.markup.set(view, "tabSelected", str(selected).lower())
            elif now is not None or selected:
                self.markup.set(view, "tabSelected", str(int(selected)))

    def _views(self) -> list[Element]:
        listed = self.markup.root.first("sheetViews")
        return listed.named("sheetView") if listed else []

    @property
    def has_drawing(self) -> bool:
        return self._drawing() is not None

    def _drawing(self) -> Element | None:
        """Where the shapes are named; strict workbooks have it as an alternative."""
        alternatives = self.markup.root.named("AlternateContent")
        inside = (each for choice in alternatives for each in choice.descendants())
        return next(
            (
                each
                for each in (*self.markup.root.children, *inside)
                if each.name == "legacyDrawing"
            ),
            None,
        )

    def drawing(self) -> str | None:
        """Part with the shapes of the comments, if there is one."""
        element = self._drawing()
        if element is None:
            return None
        key = self.markup.in_namespace(element, RELATIONS, "id")
        related = self._package.relationships(self.name)
        return next((each.target for each in related if each.id == key), None)

    def add_drawing(self, relationship: str, namespace: str) -> None:
        """Name the part with the shapes."""
        prefix = self.markup.prefix_of(RELATIONS)
        declared = b"" if prefix else b' xmlns:r="%s"' % namespace.encode()
        values = ((prefix or "r").encode(), quoted(relationship))
        element = b'<%slegacyDrawing%s %s:id="%s"/>' % (self.markup.root.prefix, declared, *values)
        self.markup.insert(place_among(self.markup.root, "legacyDrawing", _ORDER), element)

    def remove_drawing(self) -> None:
        element = self._drawing()
        if element is not None:
            choice = element.parent
            wrapped = choice is not None and choice.name == "Choice" and choice.parent
            self.markup.delete(wrapped or element)


def set_style(markup: Markup, cell: Cell, style: int | None) -> None:
    """Let a cell name another format; None: none."""
    tag = markup.text[cell.attributes_at : cell.opening_end]
    found = re.search(rb"\s+s\s*=\s*[\"']([^\"']*)[\"']", tag)
    if found is None:
        if style is not None:
            markup.insert(cell.opening_end, b' s="%d"' % style)
        return
    if style is None:
        start, end, new = found.start(), found.end(), b""
    else:
        start, end, new = found.start(1), found.end(1), b"%d" % style
    markup.replace(cell.attributes_at + start, cell.attributes_at + end, new)

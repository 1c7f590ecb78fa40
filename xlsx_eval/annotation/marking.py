"""The marked copy: cells filled, comments added, the sheet 审核意见 appended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.annotation import page
from xlsx_eval.annotation.geometry import Geometry
from xlsx_eval.annotation.notes import AUTHOR, FONT, below, note, note_size, plain_text
from xlsx_eval.annotation.ooxml.addresses import Range
from xlsx_eval.annotation.ooxml.comments import Comments, related_comments
from xlsx_eval.annotation.ooxml.markup import Markup
from xlsx_eval.annotation.ooxml.package import Package
from xlsx_eval.annotation.ooxml.shapes import add_shapes
from xlsx_eval.annotation.ooxml.sheet import SheetPart, Spot
from xlsx_eval.annotation.review import Mark, Review, position
from xlsx_eval.annotation.review_sheet import PRINT_TITLES, TYPE, sheet_part, solid
from xlsx_eval.annotation.state import NAME, State
from xlsx_eval.annotation.stripping import CONDITION, STYLE, take_off
from xlsx_eval.ours import REVIEW_SHEET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xlsx_eval.annotation.ooxml.addresses import Position
    from xlsx_eval.annotation.ooxml.styles import Styles
    from xlsx_eval.annotation.ooxml.workbook import WorkbookPart

_SIGNATURES = "_xmlsignatures/"
_LONGEST_NAME = 255


def annotate(workbook: bytes, review: Review) -> bytes:
    """Put the review's findings on the workbook's cells and on a sheet 审核意见 of its own.

    Everything else in the workbook stays as it is, byte by byte; what an earlier review left is
    replaced. Raises UnreadableWorkbook where the bytes are no workbook of XML parts.
    """
    package = Package(workbook)
    book, styles = take_off(package)
    before = _State(package, book, styles)
    marks = _by_sheet(review.marks)
    drawn = _Drawn(package, book)
    for sheet in book.worksheets:
        if sheet.name in marks and sheet.part:
            _mark_sheet(before.sheet(sheet.part), marks[sheet.name], styles, drawn)
    before.leave()
    _add_review_sheet(package, book, styles, review, before)
    styles.save()
    book.save()
    return package.contents()


class _State:
    """What the workbook opens on, and its sheets as far as they are looked into."""

    def __init__(self, package: Package, book: WorkbookPart, styles: Styles) -> None:
        self._package, self._sheets = package, dict[str, SheetPart]()
        self.tabs = tuple(book.markup.number(view, "activeTab", -1) for view in book.views())
        named = book.markup.root.first("definedNames")
        names = -1 if named is None else len(named.children)
        self.counts = {**styles.counts(), "part": int(styles.there), "names": names}
        self.selected = tuple(
            number
            for number, sheet in enumerate(book.sheets)
            if sheet.part and _may_be_selected(package.read(sheet.part))
            and self.sheet(sheet.part).selected
        )  # fmt: skip
        self._to_leave = [book.sheets[number].part for number in self.selected]

    def sheet(self, part: str) -> SheetPart:
        if part not in self._sheets:
            self._sheets[part] = SheetPart(self._package, part)
        return self._sheets[part]

    def leave(self) -> None:
        """Let no other sheet be selected: whoever types into one of several types into all."""
        for part in self._to_leave:
            if part:
                self.sheet(part).select(selected=False)
        for sheet in self._sheets.values():
            sheet.save()


def _may_be_selected(part: bytes) -> bool:
    """Whether it is worth while to look, in either order of UTF-16's bytes too."""
    return b"tabSelected" in part or "tabSelected".encode("utf-16-le")[:-1] in part


class _Drawn:
    """Parts that hold comments or their shapes, for the sheets that share none with another."""

    def __init__(self, package: Package, book: WorkbookPart) -> None:
        self.package, self.book = package, book
        self._parts: list[str] = []
        for sheet in book.worksheets:
            if sheet.part:
                self._parts += related_comments(package, sheet.part)
                self._parts += package.related(sheet.part, "vmlDrawing")

    def alone(self, sheet: SheetPart) -> bool:
        parts = related_comments(self.package, sheet.name)
        parts += self.package.related(sheet.name, "vmlDrawing")
        return all(self._parts.count(part) == 1 for part in parts)


def _by_sheet(marks: Iterable[Mark]) -> dict[str, list[Mark]]:
    """Sheet → the marks that concern it, by their own cell or by one they are compared with."""
    found: dict[str, dict[int, Mark]] = {}
    for number, mark in enumerate(marks):
        for sheet in {mark.sheet, *(title for title, _ in mark.compared)} - {None}:
            found.setdefault(str(sheet), {})[number] = mark
    return {sheet: list(some.values()) for sheet, some in found.items()}


# ---------------------------------------------------------------------------------------- cells


def _mark_sheet(sheet: SheetPart, marks: list[Mark], styles: Styles, drawn: _Drawn) -> None:
    anchors: dict[Position, list[Mark]] = {}
    fills: dict[Position, str] = {}
    name = _name_of(sheet, drawn.book)
    for mark in sorted(marks, key=lambda mark: -mark.rank):
        for where in (cell for title, cell in mark.compared if title == name):
            if (at := position(where)) is not None:
                fills[sheet.top_left(at)] = look.SEVERITIES[mark.severity].pale
    for mark in sorted(marks, key=lambda mark: -mark.rank):
        if mark.sheet == name and (at := position(mark.cell)) is not None:
            anchors.setdefault(sheet.top_left(at), []).append(mark)
            fills[sheet.top_left(at)] = look.SEVERITIES[mark.severity].fill
    sheet.mark(fills, lambda spot: _painted(spot, fills[spot.row, spot.column], styles))
    _show_through(sheet, fills, styles)
    _comment(sheet, anchors, drawn)


def _name_of(sheet: SheetPart, book: WorkbookPart) -> str:
    return next(each.name for each in book.sheets if each.part == sheet.name)


def _painted(spot: Spot, colour: str, styles: Styles) -> int:
    """The cell's own format with our fill; a hidden style keeps the format as it was."""
    attributes, inside = styles.format_of(spot.style)
    own_style = attributes.pop("xfId", "0")
    base = styles.names.get(int(own_style) if own_style.isdigit() else 0, "")
    name = f"{STYLE} {spot.style}{spot.kind} {base}".strip()[:_LONGEST_NAME]
    number = styles.add_named(name, styles.xf(attributes, inside))
    fill = styles.add("fills", solid(colour, styles))
    changed = attributes | {"fillId": str(fill), "applyFill": "1", "xfId": str(number)}
    return styles.add("cellXfs", styles.xf(changed, inside))


def _show_through(sheet: SheetPart, fills: Mapping[Position, str], styles: Styles) -> None:
    """Where a conditional format may hide a fill, one of ours comes first."""
    areas = sheet.conditional_ranges()
    hidden: dict[str, list[Position]] = {}
    for at, colour in sorted(fills.items()):
        if any(at in area for area in areas):
            hidden.setdefault(colour, []).append(at)
    p = styles.prefix.decode()
    for colour, cells in hidden.items():
        dxf = (
            f'<{p}dxf><{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{colour}"/>'
            f'<{p}bgColor rgb="FF{colour}"/></{p}patternFill></{p}fill></{p}dxf>'
        )
        sheet.add_condition(cells, styles.add("dxfs", dxf.encode()), CONDITION)


# ------------------------------------------------------------------------------------- comments


def _comment(sheet: SheetPart, anchors: Mapping[Position, list[Mark]], drawn: _Drawn) -> None:
    """Comments on the anchors; a thread of people's own is left alone."""
    if not drawn.alone(sheet):
        return
    comments = Comments(drawn.book, sheet.name, FONT)
    threads = _threads(drawn.package, sheet.name)
    there, drawing = comments.positions, sheet.drawing()
    broken = (drawing is None or drawing not in drawn.package) and sheet.has_drawing
    if not comments.usable or broken:
        return
    notes = {at: note(marks) for at, marks in sorted(anchors.items()) if at not in threads}
    new = {at: ours for at, ours in notes.items() if at not in there}
    comments.add(AUTHOR, new)
    comments.add_below({at: below(ours) for at, ours in notes.items() if at in there})
    comments.save()
    if new:
        geometry = Geometry(sheet, [row for row, _ in new])
        boxes = [
            (at, geometry.box(sheet.merge_at(at) or Range(*at, *at), note_size(plain_text(ours))))
            for at, ours in new.items()
        ]
        add_shapes(drawn.package, sheet, boxes, drawn.book.relations)


def _threads(package: Package, sheet: str) -> set[Position]:
    """Cells with threaded comments."""
    found = set()
    for part in package.related(sheet, "threadedComment"):
        if part in package:
            markup = Markup(package.read(part))
            for each in markup.root.named("threadedComment"):
                if at := position(markup.get(each, "ref")):
                    found.add(at)
    return found


# ------------------------------------------------------------------------------------ 审核意见


def _add_review_sheet(
    package: Package, book: WorkbookPart, styles: Styles, review: Review, before: _State
) -> None:
    number = len(book.sheets)
    name = _free_name([sheet.name for sheet in book.sheets])
    signed = any(part.lower().startswith(_SIGNATURES) for part in package.names())
    sheets = [sheet.name for sheet in book.sheets if sheet.part and sheet.kind == "worksheet"]
    plan = page.compose(review, sheets, signed=signed)
    part = package.free_name("xl/worksheets/sheet{}.xml")
    package.write(part, sheet_part(plan, styles, book.main))
    package.declare(part, TYPE)
    book.add_sheet(name, package.relate(book.name, "worksheet", part, book.relations))
    state = State(before.tabs, before.selected, before.counts, styles.checksum())
    names = [
        (REVIEW_SHEET, number, True, look.cell_reference(name, "$A$1")),
        (NAME, number, True, state.formula()),
    ]
    if plan.header is not None:
        rows = look.cell_reference(name, f"${plan.header}:${plan.header}")
        names.insert(0, (PRINT_TITLES, number, False, rows))
    book.add_names(names)
    book.open_on(number)


def _free_name(taken: Iterable[str]) -> str:
    names = {name.casefold() for name in taken}
    name, number = page.NAME, 1
    while name.casefold() in names:
        number += 1
        name = f"{page.NAME}({number})"
    return name

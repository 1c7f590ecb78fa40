"""Our marks taken off a workbook, so that it is what it was before they were put on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.annotation import page
from xlsx_eval.annotation.notes import AUTHOR, SEPARATOR, ours_in
from xlsx_eval.annotation.ooxml.addresses import ranges
from xlsx_eval.annotation.ooxml.comments import Comments, related_comments
from xlsx_eval.annotation.ooxml.package import Package
from xlsx_eval.annotation.ooxml.shapes import remove_shapes
from xlsx_eval.annotation.ooxml.sheet import SheetPart, set_style
from xlsx_eval.annotation.ooxml.styles import Styles
from xlsx_eval.annotation.ooxml.texts import sheet_texts
from xlsx_eval.annotation.ooxml.workbook import WorkbookPart
from xlsx_eval.annotation.state import NAME, State, parse_state
from xlsx_eval.ours import REVIEW_SHEET

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from xlsx_eval.annotation.ooxml.addresses import Position
    from xlsx_eval.annotation.ooxml.rows import Row, SheetData
    from xlsx_eval.annotation.ooxml.workbook import Sheet

STYLE = "xlsx-eval"
_STRONG = {shown.fill for shown in look.SEVERITIES.values()}
_PALE = {shown.pale for shown in look.SEVERITIES.values()}
CONDITION = '"xlsx-eval"="xlsx-eval"'

_TITLES = (page.TITLE.encode(), page.TITLE.encode("ascii", "xmlcharrefreplace"))
_NAMED = re.compile(re.escape(STYLE) + r" (\d+)([cbnr])(?: (.*))?", re.DOTALL)
_CHANGED_BY_PEOPLE = ("numFmtId", "fontId", "borderId")
_OF_SHEET = ("comments", "vmlDrawing", "printerSettings")


@dataclass(frozen=True, slots=True)
class _Marked:
    """A format of ours: the format before it, by number and as it was, and what the cell was."""

    before: int
    kind: str
    style: str
    xf: int


def strip(workbook: bytes) -> bytes:
    """Take our marks off: fills, comments, styles and the sheet 审核意见.

    A workbook without any comes back byte by byte. Raises UnreadableWorkbook where the bytes are
    no workbook of XML parts.
    """
    package = Package(workbook)
    take_off(package, for_good=True)
    return package.contents()


def review_sheets(book: WorkbookPart) -> list[Sheet]:
    """Sheets that we wrote: our hidden name points at them, or they look like ours throughout."""
    named = [sheet for sheet in book.worksheets if _is_named(book, sheet)]
    return [
        sheet
        for sheet in book.worksheets
        if (sheet in named or _may_be_ours(book, sheet))
        and _says_ours(sheet_texts(book, sheet.part or ""), at_all=sheet in named)
    ]


def _is_named(book: WorkbookPart, sheet: Sheet) -> bool:
    for name in book.names():
        if book.markup.get(name, "name") == REVIEW_SHEET:
            quoted = book.markup.content(name).rpartition("!")[0]
            points_at = quoted.removeprefix("'").removesuffix("'").replace("''", "'")
            number = book.markup.number(name, "localSheetId", -1)
            if sheet.name == points_at or book.sheets.index(sheet) == number:
                return True
    return False


def _may_be_ours(book: WorkbookPart, sheet: Sheet) -> bool:
    """Whether it is worth while to read a sheet that our name does not point at."""
    parts = [sheet.part, *book.package.related(book.name, "sharedStrings")]
    package = book.package
    known = [part for part in parts if part and part in package and not package.is_large(part)]
    contents = [package.read(part) for part in known]
    return sheet.name.startswith(page.NAME) or any(
        title in content for content in contents for title in _TITLES
    )


def _says_ours(rows: list[dict[int, str]], *, at_all: bool) -> bool:
    """Whether texts of ours stand there: some of them, or title and table's header."""
    columns = {page.REPLY, page.DECISION} if at_all else set(page.COLUMNS)
    title = any(page.TITLE in row.values() for row in rows)
    table = any(_has_columns(row, columns) for row in rows)
    return title or table if at_all else title and table


def _has_columns(row: Mapping[int, str], columns: Collection[str]) -> bool:
    """Whether a row is the table's header, whatever people added to its titles."""
    texts = ["".join(text.split()) for text in row.values()]
    return all(any(text.startswith(column) for text in texts) for column in columns)


def take_off(package: Package, *, for_good: bool = False) -> tuple[WorkbookPart, Styles]:
    """Take our marks off the parts of a package; what they leave of workbook and styles.

    `for_good`: no sheet of ours comes after.
    """
    book = WorkbookPart(package)
    ours = review_sheets(book)
    styles = Styles(book)
    state = _state(book)
    exact = state is not None and styles.tail_checksum(state.counts) == state.checksum
    marked = _marked_formats(styles, state if exact else None)
    bears_marks = bool(ours or marked or state)
    for sheet in book.worksheets:
        if sheet.part and sheet not in ours:
            commented = _clean_comments(package, book, sheet.part, whoever=bears_marks)
            if not exact and (ours or commented):
                _clear_fills(package, sheet.part, styles, marked, commented)
            if bears_marks:
                _clean_sheet(package, sheet.part, styles, marked, exact=exact)
    _clean_styles(styles, state if exact else None)
    if ours:
        if for_good and not exact:
            _show_one(book, [sheet for sheet in book.sheets if sheet not in ours])
        _remove_sheets(package, book, ours, state)
        book.save()
    if not package.changed:
        return book, styles
    left = WorkbookPart(package)
    return left, Styles(left)


def _state(book: WorkbookPart) -> State | None:
    for name in book.names():
        if book.markup.get(name, "name") == NAME:
            return parse_state(book.markup.content(name))
    return None


# ---------------------------------------------------------------------------------------- cells


def _marked_formats(styles: Styles, state: State | None) -> dict[int, _Marked]:
    """Formats of ours by their number; with the state before only those added since."""
    named = {xf: found for xf, name in styles.names.items() if (found := _NAMED.fullmatch(name))}
    first = state.counts.get("cellXfs", 0) if state else 0
    formats = {}
    for number, xf in enumerate(styles.items("cellXfs") if named else ()):
        found = named.get(of_style := styles.style_of(xf))
        if found is not None and number >= first:
            formats[number] = _Marked(int(found[1]), found[2], found[3] or "", of_style)
    return formats


def _clean_sheet(
    package: Package, part: str, styles: Styles, marked: Mapping[int, _Marked], *, exact: bool
) -> None:
    if not marked and STYLE.encode() not in package.read(part):
        return
    sheet = SheetPart(package, part)
    sheet.remove_conditions(CONDITION)

    @cache
    def before(number: int) -> int:
        was = marked[number]
        return was.before if exact else _restored(styles, number, was)

    sheet.restyle_areas(marked, before)
    if sheet.data is not None:
        as_marked = cache(lambda number: _is_as_marked(styles, number, marked[number]))
        _unmark(sheet, sheet.data, marked, before, as_marked, exact=exact)
    sheet.save()


def _unmark(
    sheet: SheetPart,
    data: SheetData,
    marked: Mapping[int, _Marked],
    before: Callable[[int], int],
    as_marked: Callable[[int], bool],
    *,
    exact: bool,
) -> None:
    gone: dict[int, str] = {}
    for cell, number in data.styled(marked):
        kind = marked[number].kind
        if kind in "nr" and not cell.filled and (exact or as_marked(number)):
            gone[cell.start] = kind
        else:
            set_style(sheet.markup, cell, None if kind == "b" and exact else before(number))
    rows = list(data.rows_around(gone))
    alone = [(row, end) for row, end in rows if _alone(data, row, gone)]
    ours = [(row, end) for row, end in alone if gone[data.cells(row)[0].start] == "r"]
    if ours and [row.start for row, _ in ours] == [*data.starts()]:
        sheet.markup.clear(data.element)
        return
    for row, end in rows:
        if (row, end) in ours:
            sheet.markup.replace(row.start, end, b"")
        elif (row, end) in alone:
            sheet.markup.replace(row.inner - 1, end, b"/>")
        else:
            for cell in data.cells(row):
                if cell.start in gone:
                    sheet.markup.replace(cell.start, cell.end, b"")


def _alone(data: SheetData, row: Row, gone: Mapping[int, str]) -> bool:
    """Whether a row holds nothing but cells that go."""
    return all(cell.start in gone for cell in data.cells(row))


def _clear_fills(
    package: Package,
    part: str,
    styles: Styles,
    marked: Mapping[int, _Marked],
    commented: Collection[Position],
) -> None:
    """Clear fills of ours that no style of ours tells of: a program has lost the styles.

    The lighter ones are nobody else's; the others go where a comment of ours was.
    """
    coloured = styles.filled(_STRONG | _PALE)
    numbers = coloured.keys() - marked.keys()
    if not numbers:
        return
    sheet = SheetPart(package, part)
    for cell, number in sheet.data.styled(numbers) if sheet.data is not None else ():
        areas = ranges(cell.attributes.get("r", ""))
        at = (areas[0].top, areas[0].left) if areas else None
        if coloured[number] in _PALE or at in commented:
            set_style(sheet.markup, cell, styles.unfilled(number))
    sheet.save()


def _restored(styles: Styles, number: int, was: _Marked) -> int:
    """Number of a format without our fill and style, where another program renumbered them.

    What a person changed since – a number format, a font, the fill itself – stays.
    """
    attributes, inside = styles.format_of(number)
    if number in styles.filled(_STRONG | _PALE):
        kept = styles.markup.attributes(styles.items("cellStyleXfs")[was.xf])
        attributes["fillId"] = kept.get("fillId", "0")
    base = next((xf for xf, name in styles.names.items() if name == was.style), 0)
    attributes["xfId"] = str(base)
    for other, xf in enumerate(styles.items("cellXfs")):
        same = styles.markup.attributes(xf) == attributes
        if same and styles.markup.text[xf.inner : xf.outer] == inside:
            return other
    return styles.add("cellXfs", styles.xf(attributes, inside))


def _is_as_marked(styles: Styles, number: int, was: _Marked) -> bool:
    """Whether nobody changed a format of ours but for what programs do on saving."""
    now, _ = styles.format_of(number)
    kept = styles.markup.attributes(styles.items("cellStyleXfs")[was.xf])
    same = all(now.get(key, "0") == kept.get(key, "0") for key in _CHANGED_BY_PEOPLE)
    return same and number in styles.filled(_STRONG | _PALE)


def _clean_styles(styles: Styles, exact: State | None) -> None:
    if exact is not None and not exact.counts.get("part", 1):
        styles.remove_part()
        return
    if exact is not None:
        styles.cut(exact.counts)
    else:
        styles.remove_named(_NAMED)
    styles.save()


# ------------------------------------------------------------------------------------- comments


def _clean_comments(
    package: Package, book: WorkbookPart, sheet: str, *, whoever: bool
) -> set[Position]:
    """Take our comments off; the cells that had some."""
    if not related_comments(package, sheet):
        return set()
    comments = Comments(book, sheet, "")
    gone = comments.remove(AUTHOR, ours_in, SEPARATOR, whoever=whoever)
    if not comments.remove_part_if_empty(gone):
        comments.save()
    if gone:
        drawn = SheetPart(package, sheet)
        remove_shapes(package, drawn, gone)
        drawn.save()
    return gone | comments.shortened


# ------------------------------------------------------------------------------------ 审核意见


def _remove_sheets(
    package: Package, book: WorkbookPart, ours: list[Sheet], state: State | None
) -> None:
    markup = book.markup
    numbers = [book.sheets.index(sheet) for sheet in ours]
    gone = []
    for name in book.names():
        number = markup.number(name, "localSheetId", -1)
        if number in numbers:
            gone.append(name)
        elif before := sum(other < number for other in numbers):
            markup.set(name, "localSheetId", str(number - before))
    book.remove_names(gone, with_list=state is None or state.counts.get("names", -1) < 0)
    _show_again(package, book, numbers, state)
    for sheet in ours:
        markup.delete(sheet.element)
        if sheet.part:
            for kind in _OF_SHEET:
                for part in package.related(sheet.part, kind):
                    if part in package:
                        package.remove(part)
            package.unrelate(book.name, sheet.part)
            package.remove(sheet.part)


def _show_one(book: WorkbookPart, others: list[Sheet]) -> None:
    """Unhide the first sheet where people hid all but ours: a workbook has to show one."""
    states = [book.markup.get(sheet.element, "state") for sheet in others]
    if others and all(state in {"hidden", "veryHidden"} for state in states):
        book.markup.set(others[0].element, "state", None)


def _show_again(
    package: Package, book: WorkbookPart, numbers: list[int], state: State | None
) -> None:
    """Let the workbook open on what it opened on before, unless somebody chose another sheet."""
    markup, views = book.markup, book.views()
    tabs = [markup.number(view, "activeTab") for view in views]
    if not any(tab in numbers for tab in tabs):
        for view, tab in zip(views, tabs, strict=True):
            if before := sum(other < tab for other in numbers):
                markup.set(view, "activeTab", str(tab - before))
        return
    listed = markup.root.first("bookViews")
    if state and not state.tabs and listed and (
        markup.bytes_of(listed) == book.only_view(tabs[0])
    ):  # fmt: skip
        markup.delete(listed)
    else:
        before_tabs = state.tabs if state and state.tabs else (0,)
        for number, view in enumerate(views):
            tab = before_tabs[min(number, len(before_tabs) - 1)]
            markup.set(view, "activeTab", None if tab < 0 else str(tab))
    others = [sheet for number, sheet in enumerate(book.sheets) if number not in numbers]
    for number in state.selected if state else (0,):
        if number < len(others) and (part := others[number].part):
            sheet = SheetPart(package, part)
            sheet.select(selected=True)
            sheet.save()

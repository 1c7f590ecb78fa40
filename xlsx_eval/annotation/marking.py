"""The marked copy: cells filled, comments added, the sheet 审核意见 appended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from xlsx_eval import look
from xlsx_eval.annotation import own_sheet, package, page
from xlsx_eval.annotation.notes import AUTHOR, added_below, note_size, note_text, without_ours
from xlsx_eval.annotation.review import Mark, Review, position

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_OUR_FILLS = {f"00{shown.fill}" for shown in look.SEVERITIES.values()}


def annotate(workbook: bytes, review: Review, *, macros: bool = False) -> bytes:
    """Put the review's findings on the workbook's cells and on a sheet 审核意见 of its own.

    `macros` keeps the VBA project of an .xlsm. What an earlier review left in the workbook is
    replaced. Raises UnreadableWorkbook where the workbook can't be opened.
    """
    book = package.load(workbook, macros=macros)
    _remove_earlier(book)
    sheets = [sheet.title for sheet in book.worksheets]
    for cell, marks in _anchors(book, review.marks).items():
        _mark(cell, marks)
    _size_comments(book.worksheets)
    own_sheet.add(book, page.compose(review, sheets))
    return package.save(book)


def _remove_earlier(book: Workbook) -> None:
    own_sheet.remove(book)
    for sheet in book.worksheets:
        for cell in _commented(sheet):
            _unmark(cell)


def _commented(sheet: Worksheet) -> list[Cell]:
    # iterating over rows would create every cell up to the last one
    cells = sheet._cells.values()  # noqa: SLF001
    return [cell for cell in cells if isinstance(cell, Cell) and cell.comment is not None]


def _unmark(cell: Cell) -> None:
    comment = cell.comment
    if comment is None:
        return
    theirs = "" if comment.author == AUTHOR else without_ours(comment.text)
    if comment.author != AUTHOR and theirs == comment.text.rstrip():
        return
    cell.comment = Comment(theirs, comment.author) if theirs else None
    if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in _OUR_FILLS:
        cell.fill = PatternFill()


def _anchors(book: Workbook, marks: Sequence[Mark]) -> Mapping[Cell, list[Mark]]:
    """Cells to mark; findings without a cell in this workbook are only listed."""
    anchors: dict[Cell, list[Mark]] = {}
    worksheets = {sheet.title: sheet for sheet in book.worksheets}
    for mark in marks:
        where = position(mark.cell)
        sheet = worksheets.get(mark.sheet or "")
        if sheet is not None and where is not None:
            anchors.setdefault(_top_left(sheet, *where), []).append(mark)
    return anchors


def _top_left(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    if not isinstance(cell, MergedCell):
        return cell
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            top_left = sheet.cell(merged.min_row, merged.min_col)
            if isinstance(top_left, Cell):
                return top_left
    raise AssertionError(f"{cell.coordinate} is merged into nothing")


def _mark(cell: Cell, marks: Sequence[Mark]) -> None:
    worst = min(marks, key=lambda mark: mark.rank)
    cell.fill = PatternFill("solid", fgColor=look.SEVERITIES[worst.severity].fill)
    ours = note_text(marks)
    if cell.comment is None:
        cell.comment = Comment(ours, AUTHOR)
    else:
        cell.comment = Comment(added_below(cell.comment.text, ours), cell.comment.author)


def _size_comments(sheets: Sequence[Worksheet]) -> None:
    """Every comment gets the size of its text: openpyxl forgets the size of those it read."""
    for sheet in sheets:
        for cell in _commented(sheet):
            if cell.comment is not None:
                cell.comment.width, cell.comment.height = note_size(cell.comment.text)

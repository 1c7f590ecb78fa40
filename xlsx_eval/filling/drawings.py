"""Charts and pictures of a template when rows are inserted: where they stand, what they show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from xlsx_eval.filling.references import Insertion


def move_drawings(book: Workbook, insertion: Insertion) -> None:
    """Charts show the new rows too; what stands below them moves down."""
    for sheet in (*book.worksheets, *book.chartsheets):
        for chart in _all(sheet, "_charts"):
            for reference in _references(chart):
                reference.f = insertion.series(reference.f, sheet.title)
    for drawing in _drawings(book[insertion.sheet]):
        for corner in ("_from", "to"):
            mark = getattr(drawing.anchor, corner, None)
            if mark is not None:
                mark.row = insertion.row(mark.row + 1) - 1  # it counts from 0


def _drawings(sheet: Worksheet) -> Iterator[Any]:
    yield from _all(sheet, "_charts")
    yield from _all(sheet, "_images")


def _all(sheet: object, kind: str) -> list[Any]:
    """A sheet's charts or images, which openpyxl shows nowhere but here."""
    return list(getattr(sheet, kind, ()))


def _references(chart: Any) -> Iterator[Any]:
    """What the chart's series take from cells."""
    for part in chart._charts:  # noqa: SLF001 - a chart of several kinds
        for series in part.series:
            for role in ("tx", "cat", "val", "xVal", "yVal", "bubbleSize"):
                source = getattr(series, role, None)
                for kind in ("strRef", "numRef", "multiLvlStrRef"):
                    reference = getattr(source, kind, None)
                    if reference is not None and reference.f:
                        yield reference

"""The printed page: A4, one page wide, and where a new page begins."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from xlsx_eval import look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

A4 = 9
A4_SHORT, A4_LONG = 595.0, 842.0
INCH = 72.0
# Margins in inches: at the sides, above and below; the footer's distance from the paper's edge.
SIDE, ENDS, FOOTER_EDGE = 0.6, 0.75, 0.4
FOOTER = f'&C&"{look.FONT_PRINT},常规"&9第 &P 页 共 &N 页'
# A column's pixels: so many for each character of 宋体 at 11 points, and the padding.
CHARACTER_PIXELS, PADDING_PIXELS = 8, 5
POINTS_PER_PIXEL = 0.75


@dataclass(frozen=True, slots=True)
class Page:
    """What is printed: column widths in characters, row heights in points.

    A page should not end within a chunk, that is between two of the rows in `chunks`.
    """

    widths: Sequence[float]
    heights: Sequence[float]
    chunks: Sequence[int]

    @property
    def length(self) -> float:
        """How many pages the rows take."""
        return sum(self.heights) / self._room()

    def breaks(self) -> list[int]:
        """Return the rows that begin a new page."""
        room = self._room()
        begins: list[int] = []
        top = 0
        for start, end in pairwise([*self.chunks, len(self.heights)]):
            if start > top and sum(self.heights[top:end]) > room:
                begins.append(start)
                top = start
        return begins

    def _room(self) -> float:
        """Points of rows that fit on a page once the columns are shrunk to its width."""
        pixels = sum(width * CHARACTER_PIXELS + PADDING_PIXELS for width in self.widths)
        scale = min(1.0, (A4_SHORT - 2 * SIDE * INCH) / (pixels * POINTS_PER_PIXEL))
        return (A4_LONG - 2 * ENDS * INCH) / scale


def set_up_page(worksheet: Worksheet, page: Page, *, single: bool) -> None:
    """Prepare the sheet for printing, as many pages as it needs or a `single` one."""
    worksheet.set_paper(A4)
    worksheet.set_portrait()
    worksheet.fit_to_pages(1, 1 if single else 0)
    worksheet.set_margins(SIDE, SIDE, ENDS, ENDS)
    worksheet.center_horizontally()
    worksheet.print_area(0, 0, len(page.heights) - 1, len(page.widths) - 1)
    worksheet.set_footer(FOOTER, {"margin": FOOTER_EDGE})
    if not single and page.breaks():
        worksheet.set_h_pagebreaks(page.breaks())

"""Sheets divided among the form's sections, by their headings and by what stands below them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from xlsx_eval.forms.model import Form
from xlsx_eval.reading.grid import Cell, Grid, Span
from xlsx_eval.reading.labels import Hit, find_labels, stated_unit
from xlsx_eval.reading.similar import with_similar

_INSTRUCTIONS = re.compile("说明|目录|须知|指南|填表要求")
ENOUGH_TO_BE_A_COLUMN = 3
A_LONG_TEXT = 60
LONGEST_UNIT_LINE = 80
A_WHOLE_FORM = 8  # labels
MOSTLY = 0.7
CLEARLY = 1.2


@dataclass(frozen=True)
class Page:
    """A sheet with its labels; `starts` are the rows at which a section begins, in order."""

    grid: Grid
    hits: tuple[Hit, ...]
    starts: tuple[tuple[int, Hit, str], ...] = ()

    @cached_property
    def labelled(self) -> dict[tuple[int, int], list[Hit]]:
        """Place of a cell → the labels in it."""
        places: dict[tuple[int, int], list[Hit]] = defaultdict(list)
        for hit in self.hits:
            places[hit.cell.row, hit.cell.col].append(hit)
        return places

    @cached_property
    def weight(self) -> int:
        """How much of the form stands here: a sheet of instructions only speaks of it."""
        if _INSTRUCTIONS.search(self.grid.name):
            return 0
        return len({ref for hit in self.hits if hit.rest is None for ref in hit.refs})

    @cached_property
    def named(self) -> frozenset[tuple[str, str, str]]:
        """The parts of the form, its headings left out, that stand here under one meaning."""
        return frozenset(
            (ref.block, ref.part, ref.key)
            for hit in self.hits
            if len(hit.refs) == 1
            for ref in hit.refs
            if ref.part != "heading"
        )

    @property
    def answers(self) -> int:
        """How many cells hold something that is no label."""
        return len(self.grid.cells) - len(self.labelled)

    @cached_property
    def right_edge(self) -> int:
        """The form's last column: beyond it stand only notes.

        It holds the labels, what stands right of them, and a column that is filled behind a gap
        beside several labels.
        """
        edge = max((hit.cell.span.right for hit in self.hits), default=0)
        labels = [hit.cell.span for hit in self.hits if _asks_for_a_value(hit)]
        beside = [
            self.grid.span_at(span.top, span.right + 1).right
            for span in labels
            if span.right + 1 in self.used
        ]
        gaps = Counter(self._filled_behind_a_gap(span) for span in labels)
        behind = [col for col, count in gaps.items() if col and count >= ENOUGH_TO_BE_A_COLUMN]
        return max([edge, *beside, *behind])

    def _filled_behind_a_gap(self, label: Span) -> int | None:
        """The column of the next filled cell in the label's row, where the cell beside is blank."""
        cells = [cell for cell in self.grid.rows.get(label.top, ()) if cell.col > label.right]
        if not cells or cells[0].col == label.right + 1 or self.is_label(cells[0]):
            return None
        return cells[0].col

    @cached_property
    def used(self) -> frozenset[int]:
        """Columns in which a cell or a merge begins."""
        cells = {cell.col for cell in self.grid.cells.values()}
        return frozenset(cells | {span.left for span in self.grid.merges})

    @cached_property
    def spacers(self) -> frozenset[int]:
        """Columns of the form in which nothing begins: no cell, no merge."""
        return frozenset(range(self.right_edge + 1)) - self.used

    @cached_property
    def last_row(self) -> int:
        return max((cell.span.bottom for cell in self.grid.cells.values()), default=0)

    def section_at(self, row: int) -> str | None:
        """The section whose heading last came before this row."""
        section = None
        for start, _, name in self.starts:
            if start <= row:
                section = name
        return section

    def end_of_section(self, row: int) -> int:
        """The last row before the next heading below `row`."""
        return (
            min((start for start, _, _ in self.starts if start > row), default=self.last_row + 1)
            - 1
        )

    def unit_stated(self, first: int, last: int) -> str | None:
        """The unit stated for a table (`单位：元`): in these rows, else above all of the form."""
        return self._unit_in(first, last) or self._unit_in(0, self._first_label)

    def _unit_in(self, first: int, last: int) -> str | None:
        units = (
            stated_unit(cell.text)
            for cell in self.grid.between(first, last)
            if len(cell.text) < LONGEST_UNIT_LINE
        )
        return next((unit for unit in units if unit), None)

    @cached_property
    def _first_label(self) -> int:
        """The row of the first label that is no heading."""
        rows = (hit.cell.row for hit in self.hits if any(ref.part != "heading" for ref in hit.refs))
        return min(rows, default=0)

    def is_label(self, cell: Cell) -> bool:
        return (cell.row, cell.col) in self.labelled


def divide(sheets: tuple[Grid, ...], form: Form) -> list[Page]:
    """The workbook's sheets that hold labels of the form, each divided into sections.

    The declared wordings are looked for first, in all sheets, and what is only similar to them
    where they left a part without its label.
    """
    pages = _divided(
        _without_doubles(
            [Page(grid, tuple(hits)) for grid in sheets if (hits := find_labels(grid, form))]
        )
    )
    found = with_similar(pages, form)
    if all(hits is page.hits for hits, page in zip(found, pages, strict=True)):
        return pages
    return _divided([Page(page.grid, hits) for hits, page in zip(found, pages, strict=True)])


def _without_doubles(pages: list[Page]) -> list[Page]:
    """The pages but for those that repeat another one: the blank template left in, another year's.

    Of two with the same labels the one that is filled in stays, of two filled ones the first.
    """
    kept: list[Page] = []
    for page in sorted(pages, key=lambda each: each.weight == 0):
        double = next((number for number, other in enumerate(kept) if _repeats(page, other)), None)
        if double is None:
            kept.append(page)
        elif page.weight and page.answers > CLEARLY * kept[double].answers:
            kept[double] = page
    return [page for page in pages if any(page is each for each in kept)]


def _repeats(page: Page, other: Page) -> bool:
    """Whether most labels of the smaller of two pages stand on both."""
    fewer, common = min(len(page.named), len(other.named)), len(page.named & other.named)
    return fewer >= A_WHOLE_FORM and common >= MOSTLY * fewer


def _divided(pages: list[Page]) -> list[Page]:
    """The pages with the rows at which sections begin.

    A heading counts where the most labels of its section stand below it: a table of contents or
    a sheet of instructions repeats headings, but not what belongs to them.
    """
    headings = [
        Heading(number, hit, ref.section)
        for number, page in enumerate(pages)
        for hit in page.hits
        for ref in hit.refs_of("heading")
        if not hit.rest
    ]
    likely = [h for h in headings if not h.ambiguous or _labels_below(pages, h, headings)]
    plain = {h.section for h in likely if h.hit.numbered != "bracketed"}
    sure = [h for h in likely if h.hit.numbered != "bracketed" or h.section not in plain]
    chosen: dict[str, tuple[tuple[int, bool, int], Heading]] = {}
    for heading in sure:
        count = _labels_below(pages, heading, sure)
        if not count and not _long_text_below(pages[heading.page], heading, sure):
            continue  # a line of a table of contents
        weight = (count, heading.hit.numbered == "plain", pages[heading.page].weight)
        best = chosen.get(heading.section)
        if best is None or weight > best[0]:
            chosen[heading.section] = (weight, heading)
    return [
        Page(
            page.grid,
            page.hits,
            tuple(
                sorted(
                    ((h.row, h.hit, h.section) for _, h in chosen.values() if h.page == number),
                    key=lambda start: start[0],
                )
            ),
        )
        for number, page in enumerate(pages)
    ]


@dataclass(frozen=True, slots=True)
class Heading:
    """A cell that may head a section; ambiguous where it may as well be something else."""

    page: int
    hit: Hit
    section: str

    @property
    def row(self) -> int:
        return self.hit.cell.row

    @property
    def ambiguous(self) -> bool:
        return len(self.hit.refs) > 1


def _end(page: Page, heading: Heading, headings: list[Heading]) -> int:
    """The row of the next section's heading below, else the row after the sheet's last."""
    later = (
        other.row
        for other in headings
        if other.page == heading.page
        and other.section != heading.section
        and other.row > heading.row
    )
    return min(later, default=page.last_row + 1)


def _labels_below(pages: list[Page], heading: Heading, headings: list[Heading]) -> int:
    """How many different labels of the section stand between its heading and the next one."""
    page = pages[heading.page]
    end = _end(page, heading, headings)
    return len(
        {
            (ref.part, ref.block, ref.key)
            for hit in page.hits
            if heading.row <= hit.cell.row < end and hit is not heading.hit
            for ref in hit.refs
            if ref.section == heading.section and ref.part != "heading"
        }
    )


def _long_text_below(page: Page, heading: Heading, headings: list[Heading]) -> bool:
    """Whether running text follows: a narrative may stand in one cell with all its headings."""
    end = _end(page, heading, headings)
    return any(len(cell.text) >= A_LONG_TEXT for cell in page.grid.between(heading.row, end - 1))


def _asks_for_a_value(hit: Hit) -> bool:
    return any(ref.part in {"field", "measure", "source"} for ref in hit.refs)

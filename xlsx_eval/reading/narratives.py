"""The narrative: headed texts, in cells of their own or all in one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from xlsx_eval.forms.model import NarrativesBlock
from xlsx_eval.reading.cells import Value
from xlsx_eval.reading.grid import Cell, address
from xlsx_eval.reading.labels import label_key
from xlsx_eval.reading.pages import Page
from xlsx_eval.values.text import compact

Record = dict[str, Any]

_HEADING_AND_TEXT = re.compile(
    r"\s*(?P<heading>[(（\[]?[一二三四五六七八九十]{1,3}[)）\]、.．]{1,2}\s*[^:：。\n]{3,40}?)[:：。]"
    r"\s*(?P<text>.+)"
)
_NUMBER = re.compile(
    r"第?(?P<bracket>[(\[])?(?P<number>[一二三四五六七八九十])[)\]、.,:]|(?P<digits>\d{1,2})[、.)]"
)
LONGEST_HEADING = 60
ENOUGH_HEADINGS = 3


def read_narratives(pages: list[Page], section: str, block: NarrativesBlock) -> list[Record]:
    """A row a declared section: its heading as it stood, its text, blank where it is absent."""
    lines = list(_lines(pages, section, _wordings(block)))
    heads = _chosen(lines, block)
    found: dict[int, _Passage] = {}
    current: _Passage | None = None
    for number, (page, cell, line) in enumerate(lines):
        text = line
        if head := heads.get(number):
            current = found[head.section] = _Passage(page, cell, head.heading)
            text = head.rest
        if current and text.strip() and current.page is page:
            current.lines.append((cell, text))
    return [
        {"section": text.section, **(found[text.section].row() if text.section in found else {})}
        for text in block.texts
    ]


@dataclass(frozen=True, slots=True)
class _Head:
    """A line that may head a section: how it is numbered, and what follows on the line."""

    section: int
    heading: str
    rest: str
    level: str
    ordinal: int | None
    printed: bool


def _wordings(block: NarrativesBlock) -> dict[str, tuple[int, bool]]:
    """Label key → (section, whether it is the printed heading)."""
    return {
        label_key(wording): (text.section, number == 0)
        for text in block.texts
        for number, wording in enumerate((text.heading, *text.wordings))
    }


def _chosen(lines: list[tuple[Page, Cell, str]], block: NarrativesBlock) -> dict[int, _Head]:
    """Line number → the heading it is.

    The sections' headings are numbered alike; a line numbered otherwise, or with another section's
    number, is a sub-heading within a text as long as there is a better one.
    """
    wordings = _wordings(block)
    heads = {
        number: head
        for number, (_, _, line) in enumerate(lines)
        if (head := _heading(line, wordings))
    }
    sections: dict[str, set[int]] = defaultdict(set)
    for head in heads.values():
        sections[head.level].add(head.section)
    usual = max(sections, key=lambda level: len(sections[level]), default="")
    best: dict[int, tuple[tuple[bool, bool, bool, int], int]] = {}
    for number, head in heads.items():
        own_number = head.ordinal in {head.section, None}
        weight = (head.level == usual, own_number, head.printed, -number)
        if head.section not in best or weight > best[head.section][0]:
            best[head.section] = (weight, number)
    places = {section: number for section, (_, number) in best.items()}
    sure = {section for section, (weight, _) in best.items() if weight[0]}
    return {number: heads[number] for number in _in_order(places, sure)}


def _in_order(places: dict[int, int], sure: set[int]) -> set[int]:
    """The places of the sure headings, and of others that stand between their neighbours."""
    kept = {places[section] for section in sure}
    for section, place in places.items():
        if section in sure:
            continue
        before = [places[other] for other in sure if other < section]
        after = [places[other] for other in sure if other > section]
        if max(before, default=-1) < place < min(after, default=place + 1):
            kept.add(place)
    return kept


def _heading(line: str, wordings: dict[str, tuple[int, bool]]) -> _Head | None:
    """The heading a line is or begins with."""
    heading, rest = line, ""
    known = wordings.get(label_key(line)) if len(line) < LONGEST_HEADING else None
    if known is None and (match := _HEADING_AND_TEXT.fullmatch(line)):
        heading, rest = match["heading"], match["text"]
        known = wordings.get(label_key(heading))
    if known is None:
        return None
    level, ordinal = _numbered(heading)
    return _Head(known[0], heading, rest, level, ordinal, known[1])


def _numbered(heading: str) -> tuple[str, int | None]:
    """`（三）…` → ("bracketed", 3), `三、…` → ("plain", 3), `3.…` → ("digit", 3)."""
    match = _NUMBER.match(compact(heading))
    if not match:
        return "none", None
    if match["digits"]:
        return "digit", int(match["digits"])
    level = "bracketed" if match["bracket"] else "plain"
    return level, "一二三四五六七八九十".index(match["number"]) + 1


@dataclass
class _Passage:
    page: Page
    head: Cell
    heading: str
    lines: list[tuple[Cell, str]] = field(default_factory=list)

    def row(self) -> Record:
        sheet, head = self.page.grid.name, address(self.head.row, self.head.col)
        heading = Value(self.heading.strip(), self.heading, sheet, head)
        if not self.lines:
            below = self._place_below()
            return {"heading": heading, "text": Value(None, None, sheet, below)}
        first = self.lines[0][0]
        text = "\n".join(line.strip() for _, line in self.lines)
        return {"heading": heading, "text": Value(text, text, sheet, address(first.row, first.col))}

    def _place_below(self) -> str:
        place = self.page.grid.span_at(self.head.span.bottom + 1, self.head.col)
        return address(place.top, place.left)


def _lines(
    pages: list[Page], section: str, wordings: dict[str, tuple[int, bool]]
) -> Iterator[tuple[Page, Cell, str]]:
    """The narrative's lines: of its own section where it has a heading, else from anywhere."""
    own: list[tuple[Page, int, int, Cell | None]] = [
        (page, row, page.end_of_section(row), hit.cell)
        for page in pages
        for row, hit, name in page.starts
        if name == section
    ]
    if not own:
        first_rows = ((page, _first_heading(page, wordings)) for page in pages)
        own.extend(
            (page, row, page.end_of_section(row), None)
            for page, row in first_rows
            if row is not None
        )
        own = own[:1]
    for page, first, last, heading in own:
        narrow = heading is not None and page.right_edge == heading.col  # texts beside headings
        for cell in page.grid.between(first, last):
            if cell.col <= page.right_edge + narrow and (cell != heading or "\n" in cell.text):
                yield from ((page, cell, line) for line in _lines_of(cell, wordings))


def _lines_of(cell: Cell, wordings: dict[str, tuple[int, bool]]) -> list[str]:
    """A cell's lines; a heading that is broken over several stays one."""
    if len(cell.text) < LONGEST_HEADING and label_key(cell.text) in wordings:
        return [cell.text.replace("\n", "")]
    return cell.text.splitlines()


def _first_heading(page: Page, wordings: dict[str, tuple[int, bool]]) -> int | None:
    """The row of the first of at least three narrative headings outside other sections."""
    found = [
        (cell.row, head.section)
        for cell in page.grid.between(0, page.last_row)
        if isinstance(cell.raw, str) and not any(row == cell.row for row, _, _ in page.starts)
        for line in _lines_of(cell, wordings)
        if (head := _heading(line, wordings))
    ]
    enough = len({section for _, section in found}) >= ENOUGH_HEADINGS
    return min(row for row, _ in found) if enough else None

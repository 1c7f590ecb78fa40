"""The opinions: each a text with a signature and a date, in one block cell or in several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from xlsx_eval.forms.model import OpinionsBlock
from xlsx_eval.reading.cells import Value
from xlsx_eval.reading.grid import Cell, address
from xlsx_eval.reading.labels import label_key
from xlsx_eval.reading.pages import Page
from xlsx_eval.values.dates import parse_date

Record = dict[str, Any]

_DATE = re.compile(
    r"(?:签字|签署)?(?:日期|时间)?\s*[:：]?\s*"
    r"(?P<date>(?:[\d〇○零一二三四五六七八九]{4}|[ \u3000_]*)\s*年"
    r"[\s\d一二三四五六七八九十_]*月[\s\d一二三四五六七八九十_]*日"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{8})"
)
_DATE_LABEL = re.compile(r"(?:签字|签署)?(?:日\s*期|时\s*间)\s*[:：]?\s*$")
_SEAL = re.compile(r"[(（]\s*(?:公\s*章|盖\s*章|签\s*章|单位公章|签\s*字)\s*[)）]")
_SIGN = r"\s*签\s*[字名章]"  # 评价组组长签字：, without the form's brackets
_TRIM = " \t\r\n\u3000:：;；,，"


def read_opinions(
    pages: list[Page], section: str, block: OpinionsBlock, end: set[str]
) -> list[Record]:
    """A row a role: opinion, signatory and date, each with the cell it stands in.

    `end` names the blocks whose labels end the opinions.
    """
    labels = _role_labels(block)
    rows: dict[str, Record] = {role.key: {"role": role.key} for role in block.roles}
    for stream in _streams(pages, section, block, end):
        marks = list(labels.finditer(stream.text))
        ends = [*(mark.start() for mark in marks), len(stream.text)][1:]
        for mark, until in zip(marks, ends, strict=True):
            role, part = _meaning(mark, block)
            if part == "opinion":
                rows[role]["opinion"] = stream.value(mark.end(), until, mark.start())
            else:
                rows[role] |= _signed(stream, mark, until)
    return list(rows.values())


@dataclass
class _Stream:
    """The texts of consecutive cells as one, knowing which cell each character is from."""

    page: Page
    text: str = ""
    cells: list[tuple[int, Cell]] = field(default_factory=list)

    def add(self, cell: Cell) -> None:
        self.cells.append((len(self.text), cell))
        self.text += cell.text + "\n"

    def cell_at(self, place: int) -> Cell:
        return next(cell for begin, cell in reversed(self.cells) if begin <= place)

    def value(self, begin: int, end: int, otherwise: int) -> Value:
        """The text from `begin` to `end`, trimmed; a blank belongs beside the label `otherwise`."""
        raw = _SEAL.sub("", self.text[begin:end])
        text = raw.strip(_TRIM)
        lead = len(self.text[begin:end]) - len(self.text[begin:end].lstrip(_TRIM + "()（）公盖章"))
        cell = self.cell_at(begin + lead) if text else self._to_fill_in(otherwise)
        where = (self.page.grid.name, address(cell.row, cell.col))
        return Value(text or None, text or None, *where)

    def _to_fill_in(self, label: int) -> Cell:
        """The empty cell right of a label that ends its own, else that cell."""
        cell = self.cell_at(label)
        col = cell.span.right + 1
        beside = self.page.grid.at(cell.row, col)
        ends = cell.text.rstrip().endswith((":", "："))
        return beside if ends and beside.blank and col <= self.page.right_edge else cell


def _signed(stream: _Stream, mark: re.Match[str], until: int) -> Record:
    match = _DATE.search(stream.text, mark.end(), until)
    date_begin = match.start() if match else until
    signatory_end = date_begin
    label = _DATE_LABEL.search(stream.text[mark.end() : date_begin].rstrip(_TRIM))
    if label:
        signatory_end = mark.end() + label.start()
    signatory = stream.value(mark.end(), signatory_end, mark.start())
    if not match:
        begin = signatory_end if label else mark.start()
        return {"signatory": signatory, "date": stream.value(until, until, begin)}
    day = parse_date(match["date"])
    found = stream.value(match.start("date"), match.end("date"), match.start("date"))
    digits = any(char.isdigit() for char in match["date"])
    return {
        "signatory": signatory,
        "date": Value(day, found.text if day or digits else None, found.sheet, found.cell),
    }


def _role_labels(block: OpinionsBlock) -> re.Pattern[str]:
    """An opinion's title opens a line, a signature's label a line or a sentence.

    Inside a sentence they are no labels: `同意评价组意见。`
    """
    titles = _any_of(word for role in block.roles for word in (role.title, *role.wordings))
    signatures = _any_of(
        word for role in block.roles for word in (role.signature, *role.signature_wordings)
    )
    return re.compile(
        rf"(?:^[ \t\u3000]*(?:{titles})|(?<![^\s。；;])(?:{signatures})(?:{_SIGN})?)"
        r"(?:\s*[:：]|(?=[\s(（])|$)",
        re.MULTILINE,
    )


def _any_of(wordings: Iterable[str]) -> str:
    longest_first = sorted(set(wordings), key=len, reverse=True)
    return "|".join(r"\s*".join(_loose(char) for char in word) for word in longest_first)


def _loose(char: str) -> str:
    return {"（": "[(（]", "）": "[)）]"}.get(char, re.escape(char))


def _meaning(mark: re.Match[str], block: OpinionsBlock) -> tuple[str, str]:
    key = label_key(mark[0])
    bare = label_key(re.sub(rf"{_SIGN}\s*[:：]?$", "", mark[0]))
    for role in block.roles:
        if key in {label_key(word) for word in (role.title, *role.wordings)}:
            return role.key, "opinion"
        signatures = {label_key(word) for word in (role.signature, *role.signature_wordings)}
        if key in signatures or bare in signatures:
            return role.key, "signature"
    raise AssertionError(key)  # the pattern is built from these very wordings


def _streams(pages: list[Page], section: str, block: OpinionsBlock, end: set[str]) -> list[_Stream]:
    """Cells from the first opinion or signature label to the labels that end the opinions.

    Blocks that stand side by side are a stream each.
    """
    labels = _role_labels(block)
    begins = [
        (page.section_at(cell.row) != section, number, cell.row)
        for number, page in enumerate(pages)
        for cell in page.grid.cells.values()
        if isinstance(cell.raw, str) and labels.match(cell.text.strip())
    ]
    if not begins:
        return []
    _, number, first = min(begins)
    page = pages[number]
    beside = _titles(page, first, labels, block)
    streams = [_Stream(page) for _ in beside or [0]]
    for cell in _until(page, first, end):
        place = sum(start <= cell.col for start in beside[1:])
        streams[place].add(cell)
    return streams


def _titles(page: Page, row: int, labels: re.Pattern[str], block: OpinionsBlock) -> list[int]:
    """The columns of the opinions' titles in a row."""
    matches = ((cell.col, labels.match(cell.text.strip())) for cell in page.grid.rows[row])
    return [col for col, match in matches if match and _meaning(match, block)[1] == "opinion"]


def _until(page: Page, first: int, end: set[str]) -> Iterator[Cell]:
    """Cells from a row to the first label of the blocks that end the opinions."""
    ending = {
        (hit.cell.row, hit.cell.col)
        for hit in page.hits
        if hit.cell.row >= first and any(ref.block in end for ref in hit.refs)
    }
    for cell in page.grid.between(first, page.end_of_section(first)):
        if (cell.row, cell.col) in ending:
            return
        yield cell

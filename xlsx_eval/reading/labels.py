"""Labels located: which cells of a sheet name a part of the form, and what follows a colon."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from xlsx_eval.forms.model import Form, Part
from xlsx_eval.reading.grid import Cell, Grid
from xlsx_eval.values.text import compact

LONGEST_LABEL = 60
LONGEST_PAIR = 400
_BRACKETED_UNIT = re.compile(r"[(\[](?:金额)?(?:单位:)?(亿元|万元|元)[)\]]")
_UNIT_CELL = re.compile(r"[(\[]?(?:金额)?单位:(?:人民币)?(亿元|万元|元)[)\]]?")
_UNIT_IN_LINE = re.compile(r"(?<![\u4e00-\u9fff])(?:金额)?单位:(?:人民币)?(亿元|万元|元)(?!\w)")
_ORDINAL = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}(?:部分)?[、.,:]|第[一二三四五六七八九十]部分"
    r"|(?P<bracketed>[(\[][一二三四五六七八九十]{1,3}[)\]])[、.]?|\d{1,2}[、.)])"
)
_REMARK = re.compile(r"\s*[(（][^()（）]{1,40}[)）]\s*[:：]?\s*$")
_YEAR = re.compile(r"^(?:19|20)\d\d年度?(?=.{4})")
_OF_WHICH = re.compile(r"^其中[:、]?")
_PAIR = re.compile(r"(?<!其中)[:：]\s*[^\s:：]")
_COLON = re.compile(r"[:：]")
_SEPARATOR = re.compile(r"[\s;；,，、。|]")


Match = Literal["exact", "similar"]


@dataclass(frozen=True, slots=True)
class Ref:
    """What a wording may mean: a part of a block, or (with an empty block) a section's heading."""

    section: str
    block: str
    part: Part
    key: str
    printed: bool  # the form's own label, not another wording of it


@dataclass(frozen=True, slots=True)
class Hit:
    """A cell that names a part of the form; `rest` is the text behind the label's colon.

    `match` tells whether the label is a declared wording, or only like one (see `similar`).
    """

    cell: Cell
    refs: tuple[Ref, ...]
    rest: str | None = None
    numbered: Literal["no", "plain", "bracketed"] = "no"
    match: Match = "exact"

    def refs_of(self, part: Part, block: str | None = None) -> Iterator[Ref]:
        return (
            ref for ref in self.refs if ref.part == part and (block is None or ref.block == block)
        )


@lru_cache(maxsize=20_000)  # the same labels come back in every workbook
def label_key(text: str) -> str:
    """A label without blanks, punctuation, ordinal, `其中：` and a unit in brackets."""
    plain = _BRACKETED_UNIT.sub("", compact(text))
    plain = _ORDINAL.sub("", plain, count=1) if _ORDINAL.match(plain) else plain
    plain = _OF_WHICH.sub("", _YEAR.sub("", plain))
    return re.sub(r"[\W_]+", "", plain)


def label_unit(text: str) -> str | None:
    """The unit of money a label states in brackets: `计划安排资金（元）` → 元."""
    match = _BRACKETED_UNIT.search(compact(text))
    return match[1] if match else None


def stated_unit(text: str) -> str | None:
    """The unit a cell states for the whole table: `单位：元` → 元."""
    match = _UNIT_CELL.fullmatch(compact(text)) or _UNIT_IN_LINE.search(compact(text))
    return match[1] if match else None


@cache
def label_index(form: Form) -> dict[str, tuple[Ref, ...]]:
    """Label key → everything in the form that may be called so."""
    index: dict[str, dict[Ref, None]] = {}
    for wording, ref in _declared(form):
        index.setdefault(label_key(wording), {})[ref] = None
    return {key: tuple(refs) for key, refs in index.items()}


def _declared(form: Form) -> Iterator[tuple[str, Ref]]:
    for section in form.sections:
        for number, wording in enumerate((section.title, *section.wordings)):
            yield wording, Ref(section.key, "", "heading", section.key, printed=number == 0)
    for section, block in form.blocks():
        for part, key, wordings in block.labels():
            for number, wording in enumerate(wordings):
                yield wording, Ref(section.key, block.key, part, key, printed=number == 0)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a label's text names, and how it was recognised."""

    refs: tuple[Ref, ...]
    match: Match = "exact"


Known = Callable[[str], Meaning | None]
"""Tells what a label's text names; None where it is no label."""


@cache
def exactly(form: Form) -> Known:
    """The declared wordings, but for blanks, punctuation, ordinals and units in brackets."""
    index = {key: Meaning(refs) for key, refs in label_index(form).items()}
    return lambda text: index.get(label_key(text))


def find_labels(grid: Grid, form: Form) -> list[Hit]:
    """All labels of a sheet in reading order; a cell of several `label：value` gives several."""
    known = exactly(form)
    return [
        hit
        for cells in grid.rows.values()
        for cell in cells
        if isinstance(cell.raw, str)
        for hit in labels_in(cell, known)
    ]


def labels_in(cell: Cell, known: Known) -> list[Hit]:
    """The labels of one cell: its whole text, or those before its colons."""
    text = cell.text
    if len(text) > LONGEST_PAIR:
        return []
    pairs = _pairs(cell, known)
    # 填报人：  联系电话： is two labels, though 填报人联系电话 is one as well
    if len(text) <= LONGEST_LABEL and len(pairs) < 2:
        meaning = known(text) or known(without_remark(text))
        if meaning:
            return [Hit(cell, meaning.refs, numbered=numbering(text), match=meaning.match)]
    return pairs


def label_texts(text: str) -> Iterator[str]:
    """What of a cell's text may be a label: all of it, or what stands before a colon."""
    if len(text) <= LONGEST_LABEL and not _PAIR.search(text):
        yield text
    last = 0
    for colon in _COLON.finditer(text[:LONGEST_PAIR]):
        for begin in (0, *_starts(text, last, colon.start())) if last else (0,):
            if colon.start() - begin <= LONGEST_LABEL:
                yield text[begin : colon.start()]
        last = colon.end()


def without_remark(text: str) -> str:
    """A label without a remark in brackets at its end: `总分（100分）` → 总分."""
    return _REMARK.sub("", text)


def numbering(text: str) -> Literal["no", "plain", "bracketed"]:
    """Whether a heading begins with `一、` (plain) or `（一）` (bracketed)."""
    match = _ORDINAL.match(compact(text))
    if not match:
        return "no"
    return "bracketed" if match["bracketed"] else "plain"


def _pairs(cell: Cell, known: Known) -> list[Hit]:
    """`填报人：李二  联系电话：0730-…` → two hits; the first label must open the cell."""
    text = cell.text
    found: list[tuple[int, int, Meaning]] = []
    for colon in _COLON.finditer(text):
        begins = [0] if not found else _starts(text, found[-1][1], colon.start())
        for begin in begins:
            meaning = known(text[begin : colon.start()])
            if meaning:
                found.append((begin, colon.end(), meaning))
                break
    ends = [*(begin for begin, _, _ in found[1:]), *([len(text)] if found else [])]
    return [
        Hit(cell, meaning.refs, rest=text[after:end].strip(), match=meaning.match)
        for (_, after, meaning), end in zip(found, ends, strict=True)
    ]


def _starts(text: str, first: int, last: int) -> list[int]:
    """Places where a further label may begin: behind a separator, the earliest first."""
    return [place.end() for place in _SEPARATOR.finditer(text, first, last)]

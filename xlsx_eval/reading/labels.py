"""Labels located: which cells of a sheet name a part of the form, and what follows a colon."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
_ORDINAL = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}(?:部分)?[、.,:]|第[一二三四五六七八九十]部分"
    r"|(?P<bracketed>[(\[][一二三四五六七八九十]{1,3}[)\]])[、.]?|\d{1,2}[、.)])"
)
_REMARK = re.compile(r"\s*[(（][^()（）]{1,40}[)）]\s*[:：]?\s*$")
_OF_WHICH = re.compile(r"^其中[:、]?")
_COLON = re.compile(r"[:：]")
_SEPARATOR = re.compile(r"[\s;；,，、。|]")


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
    """A cell that names a part of the form; `rest` is the text behind the label's colon."""

    cell: Cell
    refs: tuple[Ref, ...]
    rest: str | None = None
    numbered: Literal["no", "plain", "bracketed"] = "no"

    def refs_of(self, part: Part, block: str | None = None) -> Iterator[Ref]:
        return (
            ref for ref in self.refs if ref.part == part and (block is None or ref.block == block)
        )


@lru_cache(maxsize=20_000)  # the same labels come back in every workbook
def label_key(text: str) -> str:
    """A label without blanks, punctuation, ordinal, `其中：` and a unit in brackets."""
    plain = _BRACKETED_UNIT.sub("", compact(text))
    plain = _ORDINAL.sub("", plain, count=1) if _ORDINAL.match(plain) else plain
    plain = _OF_WHICH.sub("", plain)
    return re.sub(r"[\W_]+", "", plain)


def label_unit(text: str) -> str | None:
    """The unit of money a label states in brackets: `计划安排资金（元）` → 元."""
    match = _BRACKETED_UNIT.search(compact(text))
    return match[1] if match else None


def stated_unit(text: str) -> str | None:
    """The unit a cell states for the whole table: `单位：元` → 元."""
    match = _UNIT_CELL.fullmatch(compact(text))
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


def find_labels(grid: Grid, form: Form) -> list[Hit]:
    """All labels of a sheet in reading order; a cell of several `label：value` gives several."""
    index = label_index(form)
    hits = []
    for cells in grid.rows.values():
        for cell in cells:
            if isinstance(cell.raw, str):
                hits.extend(_labels_in(cell, index))
    return hits


def _labels_in(cell: Cell, index: dict[str, tuple[Ref, ...]]) -> list[Hit]:
    text = cell.text
    if len(text) > LONGEST_PAIR:
        return []
    if len(text) <= LONGEST_LABEL:
        refs = index.get(label_key(text)) or index.get(label_key(_REMARK.sub("", text)))
        if refs:
            return [Hit(cell, refs, numbered=numbering(text))]
    return _pairs(cell, index)


def numbering(text: str) -> Literal["no", "plain", "bracketed"]:
    """Whether a heading begins with `一、` (plain) or `（一）` (bracketed)."""
    match = _ORDINAL.match(compact(text))
    if not match:
        return "no"
    return "bracketed" if match["bracketed"] else "plain"


def _pairs(cell: Cell, index: dict[str, tuple[Ref, ...]]) -> list[Hit]:
    """`填报人：李二  联系电话：0730-…` → two hits; the first label must open the cell."""
    text = cell.text
    found: list[tuple[int, int, tuple[Ref, ...]]] = []
    for colon in _COLON.finditer(text):
        begins = [0] if not found else _starts(text, found[-1][1], colon.start())
        for begin in begins:
            refs = index.get(label_key(text[begin : colon.start()]))
            if refs:
                found.append((begin, colon.end(), refs))
                break
    ends = [*(begin for begin, _, _ in found[1:]), *([len(text)] if found else [])]
    return [
        Hit(cell, refs, rest=text[after:end].strip())
        for (_, after, refs), end in zip(found, ends, strict=True)
    ]


def _starts(text: str, first: int, last: int) -> list[int]:
    """Places where a further label may begin: behind a separator, the earliest first."""
    return [place.end() for place in _SEPARATOR.finditer(text, first, last)]

"""Labels that are no declared wording but surely meant as one: mistyped, decorated, added to.

They are looked for only where the declared wordings left a part of the form without a label, and
taken only where nothing competes: one part for the cell, one cell for the part, and a place where
the exact labels around it say that just this label must stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from xlsx_eval.forms.model import FieldsBlock, Form, TableBlock
from xlsx_eval.reading.grid import Cell
from xlsx_eval.reading.labels import (
    Hit,
    Known,
    Meaning,
    Ref,
    exactly,
    label_index,
    label_key,
    label_texts,
    labels_in,
    numbering,
)
from xlsx_eval.reading.likeness import Wordings
from xlsx_eval.reading.places import Part, Places, part_of

if TYPE_CHECKING:
    from xlsx_eval.reading.pages import Page

MOST_CELLS = 1000  # a sheet with more texts is a ledger; the form stands in its first rows
NOT_LOOKED_FOR = frozenset({"sum", "text"})


@dataclass(frozen=True)
class Claim:
    """A text of a cell that is like the label of some parts, all of which may stand there."""

    page: int
    cell: Cell
    text: str
    refs: tuple[Ref, ...]


@dataclass(frozen=True)
class Vocabulary:
    """What a form may call its parts, and (with no part) the other words that it prints."""

    index: dict[str, tuple[Ref, ...]]
    headings: dict[str, tuple[Ref, ...]]
    parts: frozenset[Part]
    wordings: Wordings
    exact: Known
    wordy: frozenset[tuple[str, str]]


@cache
def _vocabulary(form: Form) -> Vocabulary:
    index = dict(label_index(form))
    for word in _printed_words(form):
        index.setdefault(label_key(word), ())
    headings = {
        key: tuple(ref for ref in refs if ref.part == "heading") for key, refs in index.items()
    }
    return Vocabulary(
        index,
        headings,
        frozenset(_parts(index)),
        Wordings(frozenset(index)),
        exactly(form),
        _wordy_fields(form),
    )


def _parts(index: dict[str, tuple[Ref, ...]]) -> Iterator[Part]:
    """The parts whose labels are looked for."""
    for refs in index.values():
        yield from (part_of(ref) for ref in refs if ref.part not in NOT_LOOKED_FOR)


def _printed_words(form: Form) -> Iterator[str]:
    for _, block in form.blocks():
        if isinstance(block, FieldsBlock):
            yield from (option for field in block.fields for option in field.options)
        if isinstance(block, TableBlock):
            for group in block.groups:
                yield from (group.title, *group.wordings, *group.rows)


def _wordy_fields(form: Form) -> frozenset[tuple[str, str]]:
    """(block, field) of those whose value may be any words, also some that look like a label."""
    return frozenset(
        (block.key, field.key)
        for _, block in form.blocks()
        if isinstance(block, FieldsBlock)
        for field in block.fields
        if field.kind in {"text", "person", "choice"}
    )


def with_similar(pages: Sequence[Page], form: Form) -> list[tuple[Hit, ...]]:
    """Each page's labels, those that are only similar to a wording among them."""
    words = _vocabulary(form)
    places = [Places(page, form, words.wordy) for page in pages]
    named = [place.named for place, page in zip(places, pages, strict=True) if page.weight]
    missing = _missing(words.parts.difference(*named))
    if not missing and not any(place.lack_columns for place in places):
        return [page.hits for page in pages]
    claims = [
        claim
        for number, page in enumerate(pages)
        if page.weight
        for claim in _claims(number, page, places[number], missing, words)
    ]
    sure: dict[int, list[Claim]] = defaultdict(list)
    for claim in _uncontested(claims):
        sure[claim.page].append(claim)
    return [
        _completed(page, sure[number], words.exact) if sure[number] else page.hits
        for number, page in enumerate(pages)
    ]


def _missing(parts: frozenset[Part]) -> frozenset[Part]:
    """Without signatures beneath an opinion's title: they stand in its text."""
    untitled = {part.key for part in parts if part.part == "opinion"}
    return frozenset(part for part in parts if part.part != "signature" or part.key in untitled)


def _claims(
    number: int, page: Page, places: Places, missing: frozenset[Part], words: Vocabulary
) -> Iterator[Claim]:
    cells = (cell for row in page.grid.rows.values() for cell in row if isinstance(cell.raw, str))
    whole = {(hit.cell.row, hit.cell.col) for hit in page.hits if hit.rest is None}
    for cell in islice(cells, MOST_CELLS):
        if (cell.row, cell.col) in whole:
            continue
        for text in label_texts(cell.text):
            if words.exact(text) is None and (refs := _meaning(text, cell, places, missing, words)):
                yield Claim(number, cell, text, refs)


def _meaning(
    text: str, cell: Cell, places: Places, missing: frozenset[Part], words: Vocabulary
) -> tuple[Ref, ...]:
    """The parts that a text can mean at its place; none where another comes as close to it."""
    like = words.wordings.like(text)
    best = _best(like, words.index, cell, places, missing)
    if best is None and numbering(text) == "plain":  # a heading may be more than a slip away
        like = words.wordings.roughly_like(text)
        best = _best(like, words.headings, cell, places, missing)
    if best is None:
        return ()
    wording, refs = best
    meant = {part_of(ref) for ref in words.index[wording]}
    for rival in _rivals(text, wording, like, words.wordings):
        others = [ref for ref in words.index[rival] if part_of(ref) not in meant]
        if not words.index[rival] or any(_competes(ref, refs, cell, places) for ref in others):
            return ()
    return refs


def _competes(ref: Ref, meant: tuple[Ref, ...], cell: Cell, places: Places) -> bool:
    """Whether the cell could as well be the label of this part."""
    if ref.part in NOT_LOOKED_FOR:
        return True
    return places.at_home(ref, cell) and not places.named_beside(ref, meant, cell)


def _best(
    like: dict[str, int],
    index: dict[str, tuple[Ref, ...]],
    cell: Cell,
    places: Places,
    missing: frozenset[Part],
) -> tuple[str, tuple[Ref, ...]] | None:
    """The wording that comes closest of those whose parts may stand in the cell, and the parts."""
    standing = {
        wording: refs
        for wording in like
        if (refs := tuple(ref for ref in index[wording] if _may_be(ref, cell, places, missing)))
    }
    if not standing:
        return None
    best = min(standing, key=lambda wording: (like[wording], -len(standing[wording]), wording))
    return best, places.likeliest(standing[best], cell)


def _rivals(text: str, best: str, like: dict[str, int], wordings: Wordings) -> list[str]:
    """The wordings that come as close: by a slip, or by changing as many characters."""
    changed = {
        wording: distance
        for wording, distance in wordings.roughly_like(text).items()
        if len(wording) == len(best)
    }
    return [w for w, distance in (changed | like).items() if distance <= like[best]]


def _may_be(ref: Ref, cell: Cell, places: Places, missing: frozenset[Part]) -> bool:
    if ref.part in NOT_LOOKED_FOR:
        return False
    if ref.part == "column":
        return places.lacks_column(ref, cell)
    return part_of(ref) in missing and places.may_stand(ref, cell)


def _uncontested(claims: Iterable[Claim]) -> Iterator[Claim]:
    """The claims whose parts no other cell claims; a source stands beside each measure."""
    claimed = [(_what(claim, ref), claim, ref) for claim in claims for ref in claim.refs]
    rivals: dict[tuple[object, ...], set[object]] = defaultdict(set)
    for what, claim, ref in claimed:
        where = (claim.page, claim.cell.row, claim.cell.col)
        rivals[what].add(label_key(claim.text) if ref.part == "source" else where)
    for claim in claims:
        refs = tuple(ref for ref in claim.refs if len(rivals[_what(claim, ref)]) == 1)
        if refs:
            yield Claim(claim.page, claim.cell, claim.text, refs)


def _what(claim: Claim, ref: Ref) -> tuple[object, ...]:
    """What only one cell can be: a part; of a column each header row has its own."""
    row = (claim.page, claim.cell.row) if ref.part == "column" else ()
    return (*part_of(ref), *row)


def _completed(page: Page, claims: list[Claim], exact: Known) -> tuple[Hit, ...]:
    """The page's labels, the claimed cells read once more."""
    claimed: dict[tuple[int, int], dict[str, Meaning]] = defaultdict(dict)
    cells: dict[tuple[int, int], Cell] = {}
    for claim in claims:
        place = (claim.cell.row, claim.cell.col)
        claimed[place][claim.text] = Meaning(claim.refs, "similar")
        cells[place] = claim.cell
    hits = [hit for hit in page.hits if (hit.cell.row, hit.cell.col) not in cells]
    for place, cell in cells.items():
        own = claimed[place]
        hits += labels_in(cell, lambda text, own=own: exact(text) or own.get(text))  # type: ignore[misc]
    return tuple(sorted(hits, key=lambda hit: (hit.cell.row, hit.cell.col)))

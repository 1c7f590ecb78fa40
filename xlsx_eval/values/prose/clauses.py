"""A text made plain, and cut into sentences and clauses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_CIRCLED = dict.fromkeys([*range(0x2460, 0x24FF), *range(0x2776, 0x2794)], ";")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_GAP_IN_NUMBER = re.compile(r"(?<=[\d.])[^\S\n]+(?=[\d.])")
_BLANKS = re.compile(r"[^\S\n]+|[\u200b-\u200f\u2060-\u2064\ufeff]")
_BEFORE_FIGURE = re.compile(r":(?=-?\d+(?:\.\d+)?(?:%|[万亿]?元))")
_TITLE = re.compile(r"《[^》\n]*》|〔[^〕\n]*〕[\d第]*号?")
_BRACKETS = re.compile(r"\([^()\n]*\)|\[[^\]\n]*\]|【[^】\n]*】")
_SENTENCE_END = re.compile(r"[。;!?\n]+")
_CLAUSE_END = re.compile(r"[,:]|(?<=[元%])[、和及与]")
_NUMBERING = re.compile(
    r"(?:\(?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)、]|第?[一二三四五六七八九十]{1,3}[、.]|\d{1,2}\.(?!\d))+"
)


def plain(text: str) -> str:
    """The text in plain characters without blanks; its lines stay.

    What is numbered ①, ② … counts as sentences of its own; titles of documents are left out.
    """
    text = _THOUSANDS.sub("", text.translate(_CIRCLED))
    text = _GAP_IN_NUMBER.sub(";", unicodedata.normalize("NFKC", text))
    return _TITLE.sub("《》", _BEFORE_FIGURE.sub("为", _BLANKS.sub("", text)))


def without_brackets(plain_text: str) -> str:
    """A plain text without what stands in brackets."""
    while (shorter := _BRACKETS.sub("", plain_text)) != plain_text:
        plain_text = shorter
    return plain_text


def sentences(plain_text: str) -> Iterator[list[str]]:
    """The clauses of each sentence of a plain text, without brackets and numbering."""
    for sentence in _SENTENCE_END.split(without_brackets(plain_text)):
        numbering = _NUMBERING.match(sentence)
        body = sentence[numbering.end() :] if numbering else sentence
        if clauses := [clause for clause in _CLAUSE_END.split(body) if clause]:
            yield clauses


def quoted(clause: str, longest: int = 40) -> str:
    """A clause as a message quotes it."""
    return clause if len(clause) <= longest else f"{clause[: longest - 1]}…"

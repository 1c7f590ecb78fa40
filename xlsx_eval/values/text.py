"""Normalising what people type before anything reads it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_LENGTH = 200
"""A longer text is prose, not a value."""

_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\u00ad\ufeff\ufe00-\ufe0f]")
_CHINESE_NUMERALS = "〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟"
_BROKEN_NUMBER = re.compile(
    rf"""
      [0-9][.,]?\s+[.,]?[0-9]                                  # 98 100, 1. 98
    | [{_CHINESE_NUMERALS}][^\S\n]*\n\s*[{_CHINESE_NUMERALS}]  # 九十, a line break, 五
    """,
    re.VERBOSE,
)
_NONE_WORD = re.compile(
    r"[-‐–—―−]+|[/\\]+|(?:本项目)?(?:不适用|不涉及)|无此项|暂?无|没有|空|n/a|none|〇",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def _normalise_character(character: str) -> str:
    """NFKC, except for signs such as ①, ² and ½: as plain digits they would join a number."""
    plain = unicodedata.normalize("NFKC", character)
    if unicodedata.category(character) in {"No", "So"} and any(c.isnumeric() for c in plain):
        return character
    return plain


def normalise(text: str) -> str:
    """Return the text with full-width and compatibility characters made plain; blanks stay.

    Example: `normalise("２００ 万元（整）")` is `"200 万元(整)"`; `normalise("①98%")` keeps its ①.
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", "".join(map(_normalise_character, text)))


def compact(text: str) -> str:
    """Return the normalised text without blanks, line breaks and invisible characters.

    Example: `compact("邮　 编（ ６位 ）")` is `"邮编(6位)"`.
    """
    return _without_blanks(normalise(text))


def compact_value(text: str, max_length: int = MAX_LENGTH) -> str | None:
    """Return the compacted text, or None where compacting could make up a value.

    That is a text longer than `max_length`, or with a blank inside a number: without it, `98 100`
    would become 98100 and `1. 98%` would become 1.98%.
    """
    if len(text) > max_length:
        return None
    normalised = normalise(text)
    return None if _BROKEN_NUMBER.search(normalised) else _without_blanks(normalised)


def _without_blanks(text: str) -> str:
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def is_none_word(text: str) -> bool:
    """Tell whether a cell answers "nothing here": 无, 不适用, N/A, one or more dashes …, never 0.

    Example: `is_none_word(" —— ")` and `is_none_word("（无）")` are True, `is_none_word("0")` and
    `is_none_word("")` are False.
    """
    answer = compact(text).removesuffix("。")
    if answer.startswith("(") and answer.endswith(")"):
        answer = answer[1:-1]
    return _NONE_WORD.fullmatch(answer) is not None

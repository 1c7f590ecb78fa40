"""Numbered lists in one text: 1、… 2、…, （一）… （二）…, ①…②…, 一是…二是…."""

from __future__ import annotations

import re
from functools import cache

from xlsx_eval.values.numerals import DIGITS
from xlsx_eval.values.text import normalise

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_CHINESE = f"{DIGITS[1:]}十"
_STYLES = (
    r"(?<![0-9.])(?:指标)?{n}(?:[、)]|[.:,](?![0-9]))",
    r"指标{n}(?![0-9])",
    r"\({n}\)",
    r"(?<![一二三四五六七八九十第]){c}、",
    r"\({c}\)",
    r"(?<![一二三四五六七八九十第]){c}(?:是|为)",
    r"{o}",
)
_EDGES = " \n\t;,。、"


def numbered_parts(text: str) -> list[str]:
    """Return the parts of a text that is a numbered list from its beginning on, else nothing.

    A part says something: `1、2号楼` is no list.
    Example: `numbered_parts("1、外网畅通 2.大厅设备正常")` is `["外网畅通", "大厅设备正常"]`.
    """
    plain = normalise(text).strip()
    return max((_parts(plain, style) for style in _STYLES), key=len)


def _parts(text: str, style: str) -> list[str]:
    found: list[re.Match[str]] = []
    for number, mark in enumerate(_markers(style)):
        match = mark.search(text, found[-1].end()) if found else mark.match(text)
        if number and match is None:
            break
        if match is None:
            return []
        found.append(match)
    ends = [mark.start() for mark in found[1:]] + [len(text)]
    parts = [text[mark.end() : end].strip(_EDGES) for mark, end in zip(found, ends, strict=True)]
    return parts if len(parts) > 1 and all(len(part) > 1 for part in parts) else []


@cache
def _markers(style: str) -> list[re.Pattern[str]]:
    """The patterns of a style's marks: of the first, the second and so on."""
    numbers = zip(range(1, 11), _CHINESE, _CIRCLED, strict=True)
    return [
        re.compile(style.format(n=number, c=chinese, o=circled))
        for number, chinese, circled in numbers
    ]

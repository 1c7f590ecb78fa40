"""HTML as a stream of tags and texts, as a browser would take it apart."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

_NEXT = re.compile(r"<(?=[a-zA-Z/!?])")
_TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*)
        (?P<attributes>(?:[^>=]++|=\s*+(?:"[^"]*"|'[^']*')?)*+)>""",
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([^\s=/>"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]*))?""")
_A_TAG = re.compile("</?[a-zA-Z]")
_COMMENT_END = re.compile(r"--!?>")
_NOT_SHOWN = (
    "script", "style", "title", "xml", "select", "textarea", "comment", "object", "svg", "math",
    "template", "iframe", "noframes", "noscript",
)  # fmt: skip
_ENDS = {name: re.compile(rf"</{name}\b[^>]*>", re.IGNORECASE) for name in _NOT_SHOWN}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_LONG = 500


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag with its name and those of its attributes in small letters."""

    name: str
    closes: bool
    attributes: Mapping[str, str]

    @property
    def style(self) -> str:
        return self.attributes.get("style", "")

    @property
    def hidden(self) -> bool:
        return bool(_HIDDEN.search(self.style)) or "hidden" in self.attributes


def tokens(text: str) -> Iterator[Tag | str]:
    """Tags and the texts between them, with their entities resolved.

    Comments, and what no browser shows of an element (scripts, styles), are left out. A file that
    ends within a tag or a comment ends before it.
    """
    at = 0
    while found := _NEXT.search(text, at):
        begin = found.start()
        if begin > at:
            yield html.unescape(text[at:begin])
        match = _TAG.match(text, begin)
        if match is None:
            at = _after_comment(text, begin)
            continue
        at = match.end()
        written = match.groups()
        tag = (_repeated_tag if len(written[2]) < _LONG else _tag)(*written)
        yield tag
        if not tag.closes and tag.name in _ENDS:
            end = _ENDS[tag.name].search(text, at)
            at = end.start() if end else len(text)
    if at < len(text):
        yield html.unescape(text[at:])


def _after_comment(text: str, begin: int) -> int:
    """Where the comment, declaration or broken tag that begins there ends."""
    if text.startswith("<!--", begin):
        end = _COMMENT_END.search(text, begin + 2)
        return end.end() if end else len(text)
    if _A_TAG.match(text, begin):
        return len(text)
    end_of_declaration = text.find(">", begin)
    return end_of_declaration + 1 if end_of_declaration >= 0 else len(text)


def _tag(close: str, name: str, attributes: str) -> Tag:
    parsed: dict[str, str] = {}
    for key, value in _ATTRIBUTE.findall(attributes):
        bare = value[1:-1] if value[:1] in {"'", '"'} else value
        parsed.setdefault(key.lower(), html.unescape(bare))
    return Tag(name.lower(), bool(close), parsed)


_repeated_tag = lru_cache(maxsize=1024)(_tag)
"""A table's cells repeat their tags."""

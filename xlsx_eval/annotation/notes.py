"""The comment on a marked cell: its text and the size that shows all of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.annotation.ooxml.comments import Run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsx_eval.annotation.review import Mark

AUTHOR = "xlsx-eval"
FONT = look.FONT
# stands between a comment that was there and ours, so that ours can be taken off again
SEPARATOR = "———— 绩效自评审核 ————"

_ADVICE, _BASIS = "处理：", "依据："
_WORDS = "|".join(shown.word for shown in look.SEVERITIES.values())
_END = r"(?:_x000D_)?\r?\n"  # as programs write the end of a line
_PARAGRAPH = (
    rf"【(?:{_WORDS}) [A-Z]\d{{3}} [^\n]+】{_END}"
    rf"(?!{_ADVICE}|{_BASIS})[^\n]+(?:\n{_ADVICE}[^\n]+)?(?:\n{_BASIS}[^\n]+)?"
)
_OURS = re.compile(
    rf"(?:(?:{_END}){{0,2}}^{SEPARATOR}[^\n]*\n|^{AUTHOR}:(?:{_END})?|^)"
    rf"{_PARAGRAPH}(?:\n{_END}{_PARAGRAPH})*",
    re.MULTILINE,
)

WIDTH = 320
MINIMUM_HEIGHT = 72
_COLUMN_PIXELS = 6.6  # half a Chinese character at the 9 points Excel gives comments
_LINE_PIXELS = 17


def note(marks: Iterable[Mark]) -> list[Run]:
    """Text of the comment: a paragraph a finding, the worst first."""
    runs: list[Run] = []
    for mark in sorted(marks, key=lambda mark: mark.rank):
        gap = "\n\n" if runs else ""
        word = look.SEVERITIES[mark.severity].word
        lines = [_line(mark.problem)]
        if mark.advice:
            lines.append(f"{_ADVICE}{_line(mark.advice)}")
        if mark.basis:
            lines.append(f"{_BASIS}{_line(mark.basis)}")
        runs.append(Run(look.plain(f"{gap}【{word} {mark.rule} {mark.name}】\n"), bold=True))
        runs.append(Run(look.plain("\n".join(lines))))
    return runs


def _line(text: str) -> str:
    """The text on one line: by its lines our part of a comment is known again."""
    return " ".join(filter(None, map(str.strip, text.splitlines()))) or "—"


def below(ours: list[Run]) -> list[Run]:
    """Our text as it stands under a comment that was there."""
    return [Run(f"\n\n{SEPARATOR}\n"), *ours]


def ours_in(text: str) -> list[tuple[int, int]]:
    """Start and end of what is ours in a comment; whatever people wrote around it is not."""
    spans = []
    for found in _OURS.finditer(text):
        start, end = found.span()
        if start == 0:  # what follows becomes the beginning
            end = len(text) - len(text[end:].lstrip("\r\n"))
        spans.append((start, end))
    return spans


def plain_text(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)


def note_size(text: str) -> tuple[int, int]:
    """Width and height in pixels at which nothing of the text is cut off."""
    lines = look.line_count(text, WIDTH / _COLUMN_PIXELS - 2)
    return WIDTH, max(MINIMUM_HEIGHT, lines * _LINE_PIXELS + 16)

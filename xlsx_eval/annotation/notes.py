"""The comment on a marked cell: its text and the size that shows all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval import look

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsx_eval.annotation.review import Mark

AUTHOR = "xlsx-eval"

# stands between a comment that was there and ours, so that ours can be taken off again
SEPARATOR = "———— 绩效自评审核 ————"

WIDTH = 320
MINIMUM_HEIGHT = 72
_COLUMN_PIXELS = 6.6  # half a Chinese character at the 9 points Excel gives comments
_LINE_PIXELS = 17


def note_text(marks: Iterable[Mark]) -> str:
    """Text of the comment: a paragraph a finding, the worst first."""
    worst_first = sorted(marks, key=lambda mark: mark.rank)
    return look.plain("\n\n".join(_paragraph(mark) for mark in worst_first))


def _paragraph(mark: Mark) -> str:
    word = look.SEVERITIES[mark.severity].word
    lines = [f"【{word} {mark.rule} {mark.name}】", mark.problem]
    if mark.advice:
        lines.append(f"处理：{mark.advice}")
    if mark.basis:
        lines.append(f"依据：{mark.basis}")
    return "\n".join(lines)


def added_below(existing: str, ours: str) -> str:
    """Existing comment with ours under it."""
    return look.plain(f"{existing.rstrip()}\n\n{SEPARATOR}\n{ours}")


def without_ours(text: str) -> str:
    """Comment as it was before ours was added below."""
    return text.partition(SEPARATOR)[0].rstrip()


def note_size(text: str) -> tuple[int, int]:
    """Width and height in pixels at which nothing of the text is cut off."""
    lines = look.line_count(text, WIDTH / _COLUMN_PIXELS - 2)
    return WIDTH, max(MINIMUM_HEIGHT, lines * _LINE_PIXELS + 16)

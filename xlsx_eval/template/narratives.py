"""Headed texts, each with one big cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval.template.entry import Entry
from xlsx_eval.template.sheet import Area, Sheet
from xlsx_eval.template.style import HEADING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsx_eval.forms.model import NarrativesBlock, NarrativeText
    from xlsx_eval.template.filled import Filled
    from xlsx_eval.template.grid import Span

# The text covers a few columns: LibreOffice does not shrink a page of a single wide one.
NARRATIVES_WIDTHS = (24.0,) * 4
# One row can't be taller than 409 points; a text over several rows can.
TEXT_ROWS = 3
TEXT_HEIGHT = 228.0
NUMERALS = "一二三四五六七八九十"


def numbered(text: NarrativeText) -> str:
    """（一）项目基本概况."""
    return f"（{NUMERALS[text.section - 1]}）{text.heading}"


def write_narratives(
    sheet: Sheet, block: NarrativesBlock, spans: Sequence[Span], filled: Filled
) -> None:
    left, right = spans[0].first, spans[-1].last
    for text in block.texts:
        sheet.chunk()
        sheet.label(Area(sheet.row, left, sheet.row, right), numbered(text), HEADING)
        first, last = sheet.row + 1, sheet.row + TEXT_ROWS
        for row in range(first, last + 1):
            sheet.at_least(row, TEXT_HEIGHT / TEXT_ROWS)
        entry = Entry(
            "long_text",
            numbered(text),
            text.guide,
            name=f"narrative_{text.section}",
            value=filled.narratives.get(text.section),
        )
        sheet.enter(Area(first, left, last, right), entry)
        sheet.row = last + 1

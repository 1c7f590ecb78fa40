"""How a unit bends the form when it writes everything on one sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from xlsx_eval.forms.model import (
    Block,
    FieldsBlock,
    Form,
    MatrixBlock,
    NarrativesBlock,
    OpinionsBlock,
    TableBlock,
)

Cover = Literal["above", "sheet", "none"]
FieldStyle = Literal["beside", "below", "colon", "joined"]
AmountStyle = Literal["number", "text", "万元", "元"]
LevelStyle = Literal["merged", "blank", "repeated"]
OpinionStyle = Literal["beside", "block"]
TextStyle = Literal["whole", "paragraphs"]

NUMERALS = "一二三四五六七八九十"
LONG_LABEL = 6
SHORT_LABEL = 3
_ORDINAL = re.compile(f"[{NUMERALS}]+、")
_HALF_WIDTH = str.maketrans("（）：／", "():/")


@dataclass(frozen=True, slots=True)
class ExtraSheet:
    """A sheet that is no part of the form, such as a unit's ledger; `first` puts it in front."""

    name: str
    rows: tuple[tuple[str | Decimal, ...], ...]
    first: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand and what the labels read; the default is the form as it is printed.

    row, column: the form's first cell, from zero. cover: above the form, on a sheet of its own, or
    left out. order: keys of the sections in the order they come in; omitted: those left out.
    wordings: label key (see `label_wordings`) → one of its declared wordings.
    fields: key of a block of fields → value beside or below its label, behind the label's colon,
    or (joined) all pairs of the block in one cell. ticked: fields that list all their options.
    repeat_header_after: rows after which a table starts again with its header.
    blank_row_every: rows after which a table has a blank one.
    signature_only: roles of which the form has no opinion, only the signature.
    notes: remarks right of the form, one beside each section.
    """

    sheet: str = "Sheet1"
    row: int = 0
    column: int = 0
    cover: Cover = "above"
    cover_sheet: str = "封面"
    order: tuple[str, ...] = ()
    omitted: tuple[str, ...] = ()
    gap: int = 1

    wordings: Mapping[str, str] = field(default_factory=dict)
    half_width: bool = False
    spread_short: bool = False
    spread_headings: bool = False
    broken_labels: bool = False
    unit_in_label: bool = True
    unit_above_table: bool = False

    merged_labels: bool = True
    merged_values: bool = True
    fields: Mapping[str, FieldStyle] = field(default_factory=lambda: {"preparer": "colon"})
    ticked: tuple[str, ...] = ("evaluation_type",)
    amounts: AmountStyle = "number"
    real_dates: bool = False
    formulas: bool = False

    levels: LevelStyle = "merged"
    repeat_header_after: int = 0
    blank_row_every: int = 0
    opinions: OpinionStyle = "beside"
    signature_only: tuple[str, ...] = ()
    texts: TextStyle = "paragraphs"

    guidance: bool = False
    notes: tuple[str, ...] = ()
    extra_sheets: tuple[ExtraSheet, ...] = ()


def label_wordings(form: Form) -> dict[str, tuple[str, ...]]:
    """Label key → its declared wordings, the printed one first.

    Keys: `sections.performance`, `fields.leader`, `funds.planned`, `funds.other`, `goals` (a
    table's title), `expenditures.item`, `expenditures.total`, `indicators.项目产出指标`,
    `opinions.unit`, `signatures.unit`, `narratives.1`.
    """
    wordings = {
        f"sections.{section.key}": (section.title, *section.wordings) for section in form.sections
    }
    for _, block in form.blocks():
        wordings.update(_block_wordings(block))
    return wordings


def _block_wordings(block: Block) -> Iterator[tuple[str, tuple[str, ...]]]:
    match block:
        case FieldsBlock():
            yield from ((f"fields.{each.key}", each.accepted) for each in block.fields)
        case MatrixBlock():
            parts = (*block.measures, *block.sources)
            yield from ((f"{block.key}.{part.key}", part.accepted) for part in parts)
        case TableBlock():
            yield from _table_wordings(block)
        case OpinionsBlock():
            for role in block.roles:
                yield f"opinions.{role.key}", (role.title, *role.wordings)
                yield f"signatures.{role.key}", (role.signature, *role.signature_wordings)
        case NarrativesBlock():
            for text in block.texts:
                yield f"narratives.{text.section}", (text.heading, *text.wordings)


def _table_wordings(block: TableBlock) -> Iterator[tuple[str, tuple[str, ...]]]:
    if block.title:
        yield block.key, (block.title, *block.wordings)
    for column in block.columns:
        yield f"{block.key}.{column.key}", column.accepted
    if block.total:
        yield f"{block.key}.total", (block.total.label, *block.total.wordings)
    for group in block.groups:
        yield f"{block.key}.{group.title}", (group.title, *group.wordings)


class Labels:
    """What the labels of a form read in a layout.

    Raises ValueError for a wording that the form does not declare.
    """

    def __init__(self, form: Form, layout: Layout) -> None:
        self._declared = label_wordings(form)
        self._layout = layout
        for key, wording in layout.wordings.items():
            if wording not in self._declared.get(key, ()):
                raise ValueError(f"the form declares no wording {wording!r} for {key!r}")

    def label(self, key: str) -> str:
        """A label beside or above a value."""
        text = self.plain(key)
        if self._layout.spread_short and len(text) <= SHORT_LABEL:
            return "  ".join(text)
        if self._layout.broken_labels and len(text) >= LONG_LABEL:
            middle = (len(text) + 1) // 2
            return f"{text[:middle]}\n{text[middle:]}"
        return text

    def heading(self, key: str) -> str:
        """A section's heading; it keeps its ordinal whatever the wording."""
        printed, chosen = self._declared[key][0], self._chosen(key)
        ordinal = _ORDINAL.match(printed)
        if ordinal and not _ORDINAL.match(chosen):
            chosen = ordinal[0] + chosen
        text = self.typeset(chosen)
        return " ".join(text) if self._layout.spread_headings else text

    def plain(self, key: str) -> str:
        """A label within a text: neither spread nor broken."""
        return self.typeset(self._chosen(key))

    def typeset(self, text: str) -> str:
        """Any text of the form's own, with the layout's brackets and colons."""
        return text.translate(_HALF_WIDTH) if self._layout.half_width else text

    def _chosen(self, key: str) -> str:
        return self._layout.wordings.get(key, self._declared[key][0])

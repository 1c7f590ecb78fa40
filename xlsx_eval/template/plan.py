"""What the template prints of a form, and which sections share a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from xlsx_eval.forms.model import Block, FieldsBlock, Labelled, MatrixBlock, Section, TableBlock

if TYPE_CHECKING:
    from xlsx_eval.forms import Form

_Part = TypeVar("_Part", bound=Labelled)


def printed(form: Form) -> Form:
    """Leave out the fields, measures, sources and columns that are only read where they stand."""
    sections = (
        section.model_copy(update={"blocks": tuple(_printed_blocks(section))})
        for section in form.sections
    )
    return form.model_copy(update={"sections": tuple(each for each in sections if each.blocks)})


def sheets(form: Form) -> dict[str, list[Section]]:
    """Sheet name → its sections, in the form's order."""
    found: dict[str, list[Section]] = {}
    for section in form.sections:
        found.setdefault(section.sheet, []).append(section)
    return found


def is_one_table(sections: Sequence[Section]) -> bool:
    """Whether the sections stand in one table, each with its heading to the left of it."""
    return len(sections) > 1


def _printed_blocks(section: Section) -> Iterator[Block]:
    for block in section.blocks:
        match block:
            case FieldsBlock():
                fields = _printed(block.fields)
                if fields:
                    yield block.model_copy(update={"fields": fields})
            case MatrixBlock():
                yield block.model_copy(
                    update={
                        "measures": _printed(block.measures),
                        "sources": _printed(block.sources),
                        "columns": _printed(block.columns),
                    }
                )
            case TableBlock():
                yield block.model_copy(update={"columns": _printed(block.columns)})
            case _:
                yield block


def _printed(parts: Sequence[_Part]) -> tuple[_Part, ...]:
    return tuple(part for part in parts if part.printed)

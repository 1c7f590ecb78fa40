"""One workbook's bytes → everything the form asks for, each value with its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.forms.model import Form
from xlsx_eval.reading.account import labels, notable_cells, places
from xlsx_eval.reading.cells import Value
from xlsx_eval.reading.files import open_workbook
from xlsx_eval.reading.grid import Workbook
from xlsx_eval.reading.limits import USUAL, Limits
from xlsx_eval.reading.pages import divide
from xlsx_eval.reading.reader import Reader, Record
from xlsx_eval.reading.recognition import belongs_to, recognise

__all__ = ["Submission", "Value", "read_submission"]


@dataclass(frozen=True)
class Submission:
    """A workbook as read: `rows` holds, per canonical frame, rows of values and plain keys."""

    file: str
    form: str
    rows: dict[str, list[Record]] = field(default_factory=dict)


def read_submission(
    data: bytes, file: str, forms: Sequence[Form], limits: Limits = USUAL
) -> Submission:
    """A filled-in workbook → its submission as the form it is; `file` names it in the frames.

    A large sheet that is no part of a form is left alone. Raises UnreadableWorkbook with a Chinese
    sentence for the unit.
    """
    workbook = open_workbook(data, limits, partial(belongs_to, forms))
    form = recognise(workbook.sheets, forms)
    pages = divide(workbook.sheets, form)
    reader = Reader(form, pages)
    rows = reader.read()
    rows |= {
        "places": places(reader),
        "labels": list(labels(reader)),
        "cells": list(notable_cells(reader)),
    }
    if not any(place["found"] for place in rows["places"]):
        titles = "》《".join(form.title for form in forms)
        raise UnreadableWorkbook(f"没有找到《{titles}》的任何部分，请确认报送的是自评表。")
    for place in rows["places"]:
        if place["sheet"] is None:
            place.update(_instead(place, rows["places"], workbook))
    return Submission(file, form.form, rows)


def _instead(missing: Record, places: list[Record], workbook: Workbook) -> Record:
    """Where to point for a part that can't be found.

    For one that may be left out (the cover) the first part there is, else the first cell.
    """
    if not missing["required"]:
        first = next(place for place in places if place["found"])
        return {"sheet": first["sheet"], "cell": first["cell"]}
    return {"sheet": workbook.sheets[0].name, "cell": "A1"}

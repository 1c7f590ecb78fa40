"""Correct forms that are one table on one sheet, and a way to change single cells of them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import openpyxl
from grids import workbook

SHEET = "Sheet1"
FOLDER = Path(__file__).parent / "forms"
FORMS = tuple(sorted(path.stem for path in FOLDER.glob("*.txt")))


def correct_table(form: str, cells: Mapping[str, str | float | None] | None = None) -> bytes:
    """The correct form of that name with some cells set; None empties one."""
    data = workbook({SHEET: (FOLDER / f"{form}.txt").read_text("utf-8")})
    if not cells:
        return data
    book = openpyxl.load_workbook(io.BytesIO(data))
    for cell, value in cells.items():
        book[SHEET][cell] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()

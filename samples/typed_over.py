"""A template whose protection somebody took off, to type a number over a formula."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import load_workbook


def type_over(workbook: bytes, typed: Mapping[str, Decimal]) -> bytes:
    """Defined name of a formula's cell → the number that stands there instead.

    Raises ValueError where there is no formula of that name.
    """
    cells = dict(_cell(workbook, name) for name in typed)
    done = BytesIO()
    with ZipFile(BytesIO(workbook)) as old, ZipFile(done, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part)
            for name, (sheet, cell) in cells.items():
                if part.filename == sheet:
                    text = _with_number(text.decode(), cell, typed[name]).encode()
            new.writestr(part, text)
    return done.getvalue()


def _cell(workbook: bytes, name: str) -> tuple[str, tuple[str, str]]:
    """The name with its sheet's part of the file and its cell."""
    book = load_workbook(BytesIO(workbook))
    if name not in book.defined_names:
        raise ValueError(f"the template has no cell {name}")
    ((sheet, area),) = book.defined_names[name].destinations
    number = book.sheetnames.index(sheet) + 1
    return name, (f"xl/worksheets/sheet{number}.xml", area.replace("$", ""))


def _with_number(sheet: str, cell: str, number: Decimal) -> str:
    formula = rf'(<c r="{cell}" s="\d+")[^>]*><f>[^<]*</f><v>[^<]*</v></c>'
    changed, found = re.subn(formula, rf"\g<1>><v>{number}</v></c>", sheet)
    if not found:
        raise ValueError(f"no formula in {cell}")
    return changed

"""The form as real units bend it: everything on one sheet.

`written` gives the workbook together with the cell each value stands in, so that a test can hold
what a reader finds against where it was put.
"""

from __future__ import annotations

from one_sheet.desk import Facts
from one_sheet.layout import ExtraSheet, Layout, label_wordings
from one_sheet.paper import Place
from one_sheet.writer import Written, places, write_one_sheet, written

__all__ = [
    "ExtraSheet",
    "Facts",
    "Layout",
    "Place",
    "Written",
    "label_wordings",
    "places",
    "write_one_sheet",
    "written",
]

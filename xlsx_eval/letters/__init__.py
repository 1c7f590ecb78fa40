"""The letter back to a unit (整改通知): what is wrong with its projects, and the deadline."""

from __future__ import annotations

from xlsx_eval.letters.letter import Item, Letter, Office
from xlsx_eval.letters.names import file_names
from xlsx_eval.letters.page import write_letter

__all__ = ["Item", "Letter", "Office", "file_names", "write_letter"]

"""The bureau's own workbook, filled in: named cells and a row a project below known headers."""

from __future__ import annotations

from xlsx_eval.filling.cells import Value
from xlsx_eval.filling.template import Template, read_template

__all__ = ["Template", "Value", "read_template"]

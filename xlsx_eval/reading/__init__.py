"""Reading: a workbook's bytes → grid → labels located → Submission."""

from __future__ import annotations

from xlsx_eval.reading.files import OOXML, Format, format_of, open_workbook
from xlsx_eval.reading.limits import Limits
from xlsx_eval.reading.recognition import belongs_to
from xlsx_eval.reading.submission import Submission, Value, read_submission

__all__ = [
    "OOXML", "Format", "Limits", "Submission", "Value", "belongs_to", "format_of", "open_workbook",
    "read_submission",
]  # fmt: skip

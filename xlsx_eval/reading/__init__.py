"""Reading: a workbook's bytes → grid → labels located → Submission."""

from __future__ import annotations

from xlsx_eval.reading.files import is_ooxml
from xlsx_eval.reading.limits import Limits
from xlsx_eval.reading.submission import Submission, Value, read_submission

__all__ = ["Limits", "Submission", "Value", "is_ooxml", "read_submission"]

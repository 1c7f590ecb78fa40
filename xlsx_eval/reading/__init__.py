"""Reading: a workbook's bytes → grid → labels located → Submission."""

from __future__ import annotations

from xlsx_eval.reading.submission import Submission, Value, read_submission

__all__ = ["Submission", "Value", "read_submission"]

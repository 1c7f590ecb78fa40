"""Reads, checks and consolidates project performance self-evaluation workbooks.

>>> import xlsx_eval as xe
>>> frames = xe.read("submission.xlsx")  # the canonical frames of one workbook
>>> findings = xe.check("submission.xlsx")
>>> result = xe.run("inbox", "out")  # result.frames, result.findings, result.files
"""

from __future__ import annotations

from xlsx_eval.config import Settings, load_settings
from xlsx_eval.errors import FormError, UnreadableWorkbook, UsageError, XlsxEvalError
from xlsx_eval.frames import Frames
from xlsx_eval.pipeline import Result, check, read, run

__all__ = [
    "FormError",
    "Frames",
    "Result",
    "Settings",
    "UnreadableWorkbook",
    "UsageError",
    "XlsxEvalError",
    "check",
    "load_settings",
    "read",
    "run",
]

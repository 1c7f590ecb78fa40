"""What can go wrong, in one tree.

XlsxEvalError
├── FormError          a form declaration is wrong
├── UsageError         a setting, a folder or a rule code is wrong
└── UnreadableWorkbook a submission can't be read as the form
"""

from __future__ import annotations


class XlsxEvalError(Exception):
    """Base of all errors of this package; its text is a sentence for the user."""


class FormError(XlsxEvalError):
    """A form declaration is wrong; the text names the file and the place of the fault."""


class UsageError(XlsxEvalError):
    """A setting, a path or a rule code is wrong; the text says which and what to do."""


class UnreadableWorkbook(XlsxEvalError):
    """A submission can't be read; the text is a Chinese sentence for the unit that sent it."""

"""Workbooks in other formats → .xlsx: by LibreOffice where it is installed, else from values."""

from xlsx_eval.conversion.agreement import agrees
from xlsx_eval.conversion.office import Office, Source
from xlsx_eval.conversion.rebuilding import rebuild, sheet_names

__all__ = ["Office", "Source", "agrees", "rebuild", "sheet_names"]

"""The canonical frames and findings of a county → the county workbook."""

from xlsx_eval.summary.county import County
from xlsx_eval.summary.workbook import write_summary

__all__ = ["County", "write_summary"]

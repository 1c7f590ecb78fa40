"""The canonical frames and findings of a county → the county workbook."""

from xlsx_eval.summary.county import Absent, County
from xlsx_eval.summary.decisions import Decision, read_decisions
from xlsx_eval.summary.workbook import write_summary

__all__ = ["Absent", "County", "Decision", "read_decisions", "write_summary"]

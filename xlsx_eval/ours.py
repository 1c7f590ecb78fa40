"""How a workbook shows what we wrote into it, for the room that writes and the one that reads."""

from __future__ import annotations

REVIEW_SHEET = "_xlsx_eval_review"
"""A hidden name of the sheet 审核意见 itself: it stays when the sheet is renamed or moved."""

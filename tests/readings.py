"""Frames read from sheets written as text, and short ways to look into them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
from grids import workbook

from xlsx_eval.forms import load_form
from xlsx_eval.frames import Frames, build_frames
from xlsx_eval.reading import read_submission


def frames_of(data: bytes) -> Frames:
    return build_frames([read_submission(data, "form.xlsx", [load_form()])])


def read(text: str, at: str = "A1", **more: str) -> Frames:
    return frames_of(workbook({"Sheet1": text, **more}, at=at))


def project(frames: Frames, *fields: str) -> list[tuple[Any, Any]]:
    """(value, cell) of some fields, None for NA."""
    row = frames.projects.iloc[0]
    return [
        tuple(None if pd.isna(row[x]) else row[x] for x in (field, f"{field}_cell"))  # type: ignore[misc]
        for field in fields
    ]


def amounts(frames: Frames) -> dict[tuple[str, str], tuple[Decimal, str]]:
    """(measure, source) → (amount, cell), only where there is an amount."""
    funds = frames.funds.dropna(subset=["amount"])
    return {
        (row.measure, row.source): (row.amount.normalize(), row.amount_cell)
        for row in funds.itertuples()
    }


def table(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    rows = frame[list(columns)].astype(object)
    return [tuple(row) for row in rows.where(rows.notna(), None).itertuples(index=False)]

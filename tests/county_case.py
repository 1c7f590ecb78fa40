"""Cases of several workbooks: a county in a few lines, with its roster and last year's reports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from correct_form import changed
from correct_table import correct_table
from grids import workbook

import xlsx_eval as xe
from xlsx_eval.forms import known_forms
from xlsx_eval.frames import build_frames
from xlsx_eval.previous import read_previous
from xlsx_eval.reading import read_submission
from xlsx_eval.roster import read_roster
from xlsx_eval.rules import run_rules
from xlsx_eval.rules.county_roster import missing

Forms = Mapping[str, Mapping[str, Any]]


def county_frames(forms: Forms) -> xe.Frames:
    """File → what is changed in the correct form (of the name `form`) → frames."""
    declared = tuple(known_forms().values())
    submissions = []
    for file, cells in forms.items():
        values = dict(cells)
        form = values.pop("form", None)
        data = correct_table(form, values) if form else changed(values)
        submissions.append(read_submission(data, file, declared))
    return build_frames(submissions)


def county_findings(case: Mapping[str, Any], folder: Path, *codes: str) -> list[dict[str, Any]]:
    """The findings of a county; `roster` is a sheet as text, `previous` last year's forms."""
    settings = xe.Settings(select=codes, **case.get("settings", {}))
    beside: dict[str, pd.DataFrame] = {}
    if "roster" in case:
        beside["roster"] = county_roster(case, folder)
    if "previous" in case:
        frames = folder / "frames"
        frames.mkdir()
        for name, frame in county_frames(case["previous"]).items():
            frame.to_parquet(frames / f"{name}.parquet", index=False)
        beside["previous"] = read_previous(folder)
    found = run_rules(county_frames(case["forms"]), settings, **beside)
    findings: list[dict[str, Any]] = found.to_dict("records")
    return findings


def county_roster(case: Mapping[str, Any], folder: Path) -> pd.DataFrame:
    path = folder / "roster.xlsx"
    path.write_bytes(workbook({"花名册": case["roster"]}))
    return read_roster(path)


def county_missing(case: Mapping[str, Any], folder: Path) -> list[str]:
    """The projects that nobody reported, and `? ` before those that came under another name."""
    found = missing(county_frames(case["forms"]).projects, county_roster(case, folder))
    return [
        project if pd.isna(submitted_as) else f"? {project}"
        for project, submitted_as in zip(found["project"], found["submitted_as"], strict=True)
    ]

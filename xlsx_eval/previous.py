"""Last year's run: the balances that it read, from the frames in its outputs folder."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from xlsx_eval.errors import UsageError
from xlsx_eval.frames import PREVIOUS, table

PROJECTS = ["file", "project_name", "project_unit", "report_date", "period_start", "period_end"]


def read_previous(out: Path, year: int | None = None) -> pd.DataFrame:
    """OUT of last year's run → a row a submission, with the columns of `PREVIOUS`.

    `balance` is the total that the form states, in 万元. Raises UsageError where there is no such
    run, or where it is known to be of another year than the one before `year`.
    """
    evaluated = _year_of(out)
    if year and evaluated and evaluated != year - 1:
        raise UsageError(f"{out} is a run of {evaluated}, not of {year - 1}, the year before")
    try:
        projects = pd.read_parquet(out / "frames" / "projects.parquet", columns=PROJECTS)
        funds = pd.read_parquet(
            out / "frames" / "funds.parquet", columns=["file", "measure", "source", "amount"]
        )
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(
            f"cannot read frames/projects.parquet and frames/funds.parquet in {out}: "
            "give the folder that last year's run wrote"
        ) from error
    total = funds[(funds["measure"] == "balance") & (funds["source"] == "total")]
    balances = total.drop_duplicates("file").rename(columns={"amount": "balance"})
    rows = projects.merge(balances[["file", "balance"]], on="file", how="left")
    return table(rows.astype(object).where(rows.notna(), None).to_dict("records"), PREVIOUS)


def _year_of(out: Path) -> int | None:
    """The evaluated year that the run was told, if any."""
    try:
        year = json.loads((out / "run.json").read_text("utf-8"))["settings"]["year"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return year if isinstance(year, int) else None

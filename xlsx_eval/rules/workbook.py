"""W9xx 工作簿: the workbook as a form."""

from __future__ import annotations

import pandas as pd

from xlsx_eval.rules.findings import flagged, report
from xlsx_eval.rules.findings import places as places_of
from xlsx_eval.rules.registry import COMPLETENESS, rule


@rule(
    "W901",
    "section-not-found",
    "缺少表的一部分",
    "error",
    advice="请补上这一部分；标题或表头被改动的，请按原表恢复。",
    basis=COMPLETENESS,
)
def section_not_found(places: pd.DataFrame) -> pd.DataFrame:
    """A section of the form can't be found; the cover may be left out.

    Fails: a form without 四、评价人员. Passes: a form with all five sections, in any order.
    """
    rows = places.assign(at=places_of(places, "cell"))
    rows = flagged(rows, rows["required"] & ~rows["found"] & rows["section"])
    return report(
        rows,
        anchor="at",
        problem="没有找到“{title}”这一部分。",
        expected="{title}",
        actual="没有找到",
    )

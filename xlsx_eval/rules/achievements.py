"""What became of each indicator: attained, missed, not to be told from its cells, or left blank."""

from __future__ import annotations

import pandas as pd

from xlsx_eval.frames import ACHIEVEMENTS, OUTCOMES, Frames, table
from xlsx_eval.rules.indicators import answered_by_none
from xlsx_eval.rules.required import kinds_of
from xlsx_eval.rules.targets import compared, falls_short
from xlsx_eval.rules.views import marks
from xlsx_eval.values.quantities import satisfies

ATTAINED, MISSED, UNCLEAR, BLANK = OUTCOMES

OTHER_KIND = "其他指标"
KINDS = {
    "数量": "数量指标", "质量": "质量指标", "时效": "时效指标", "成本": "成本指标",
    "经济": "经济效益指标", "社会": "社会效益指标", "生态": "生态效益指标",
    "可持续": "可持续影响指标", "满意": "满意度指标",
}  # fmt: skip


def achievements(frames: Frames) -> pd.DataFrame:
    """Frames → a row an indicator with something filled in, with the columns of `ACHIEVEMENTS`.

    An indicator is `attained` or `missed` where target and actual are quantities that compare and
    it is sure which side of a target is the good one, as I303 has it; `blank` where one of them is
    not filled in; else `unclear`: words, units that differ. `kind` is one of KINDS or 其他指标.
    """
    marked = marks(frames.indicators)
    rows = marked[marked["has_content"] | marked["has_target"] | marked["has_actual"]]
    outcome = pd.Series(UNCLEAR, rows.index, dtype=object)
    outcome[~(rows["has_target"] & rows["has_actual"])] = BLANK
    outcome[rows["has_target"] & ~rows["has_actual"] & answered_by_none(rows)] = ATTAINED
    outcome.update(_compared_outcomes(marked))
    records = [
        {
            "file": row["file"],
            "kind": kind_of(_text(row["level1"]), _text(row["level2"])),
            "level2": row["level2"],
            "content": row["content"],
            "target": row["wanted"],
            "actual": row["reached"],
            "reason": row["reason"],
            "sheet": row["sheet"],
            "cell": _first(row["actual_cell"], row["target_cell"], row["content_cell"]),
            "outcome": told,
        }
        for row, told in zip(rows[_USED].to_dict("records"), outcome, strict=True)
    ]
    return table(records, ACHIEVEMENTS)


_USED = [
    "file", "level1", "level2", "content", "wanted", "reached", "reason", "sheet", "actual_cell",
    "target_cell", "content_cell",
]  # fmt: skip


def _compared_outcomes(marked: pd.DataFrame) -> pd.Series:
    """The outcomes of the indicators that compare, by their rows."""
    both = compared(marked)
    found = {
        index: outcome
        for index, reached, target, side in zip(
            both.index, both["reached_quantity"], both["quantity"], both["better"], strict=True
        )
        if (outcome := MISSED if falls_short(reached, target, side) else None)
        or (outcome := ATTAINED if side or satisfies(reached, target) else None)
    }
    return pd.Series(found, dtype=object)


def kind_of(level1: str, level2: str) -> str:
    """The kind of indicator that two levels name: one of KINDS, or 其他指标."""
    kinds = kinds_of(level1, level2)
    return KINDS.get(next(iter(kinds)), OTHER_KIND) if len(kinds) == 1 else OTHER_KIND


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _first(*values: object) -> object:
    return next((value for value in values if pd.notna(value)), None)

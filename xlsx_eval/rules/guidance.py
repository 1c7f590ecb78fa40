"""N707 填写说明: what the template tells a unit to write, left where the answer should stand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.forms.model import FieldsBlock, MatrixBlock, NarrativesBlock, TableBlock
from xlsx_eval.frames import LAYOUTS
from xlsx_eval.rules.findings import nothing, places, report, together
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.values.prose.leftovers import guide_key, leftover

_SHORTEST_GUIDE = 4
_ANSWERS = (
    "projects", "funds", "expenditures", "goals", "indicators", "evaluators", "opinions",
    "narratives",
)  # fmt: skip
"""Frames of answers; what stands beside the funds is often the form's own note on the reason."""


@rule(
    "N707",
    "guidance-left-in",
    "填写说明未删除",
    "warning",
    advice="请删除填写说明或示例，填写本单位的内容。",
    basis=COMPLETENESS,
)
def guidance_left_in(
    projects: pd.DataFrame,
    funds: pd.DataFrame,
    expenditures: pd.DataFrame,
    goals: pd.DataFrame,
    indicators: pd.DataFrame,
    evaluators: pd.DataFrame,
    opinions: pd.DataFrame,
    narratives: pd.DataFrame,
    forms: dict[str, Form],
) -> pd.DataFrame:
    """The template's own guidance, or a place to be filled in, still stands in an answer.

    Why it matters: the answer is not the unit's; other checks can't tell it from one.

    Fails: 例如：2021年1月-2021年12月; XX县交通运输局; （此处填写项目内容）.

    Passes: 2021年1月-2021年12月.

    To correct: delete the guidance and write the unit's own answer.

    检查：填写的内容里还留着模板的填写说明、示例或待填的空位（XX）。

    意义：留下的说明不是本单位的情况，也妨碍其他核对。

    不通过：例如：2021年1月-2021年12月；XX县交通运输局；（此处填写项目内容）。

    通过：2021年1月-2021年12月。
    """
    frames = (projects, funds, expenditures, goals, indicators, evaluators, opinions, narratives)
    guides = {name: _guides(form) for name, form in forms.items()}
    form_of = projects.set_index("file")["form"]
    return together(
        *(
            _left_in(frame, form_of, guides, name, column)
            for name, frame in zip(_ANSWERS, frames, strict=True)
            for column in (*LAYOUTS[name].values, *LAYOUTS[name].parsed)
        )
    )


def _guides(form: Form) -> frozenset[str]:
    """What a form tells a unit to write, as keys to compare answers with."""
    keys = map(guide_key, _guidance(form))
    return frozenset(key for key in keys if len(key) >= _SHORTEST_GUIDE)


def _guidance(form: Form) -> Iterator[str]:
    for section in form.sections:
        for line in section.guide:
            yield line
            yield from line.split("；")
    for _, block in form.blocks():
        if isinstance(block, NarrativesBlock):
            for text in block.texts:
                yield from (text.guide, f"写明{text.guide}", f"{text.heading}写明{text.guide}")
        elif isinstance(block, FieldsBlock):
            yield from (field.prompt for field in block.fields)
        elif isinstance(block, MatrixBlock):
            for part in (*block.measures, *block.sources, *block.columns):
                yield part.prompt
        elif isinstance(block, TableBlock):
            yield from (column.prompt for column in block.columns)


@lru_cache(maxsize=8)
def _any(guides: tuple[frozenset[str], ...]) -> frozenset[str]:
    return frozenset().union(*guides)


def _left_in(
    frame: pd.DataFrame,
    form_of: pd.Series,
    guides: dict[str, frozenset[str]],
    name: str,
    column: str,
) -> pd.DataFrame:
    """The answers of one column in which guidance is left."""
    text = f"{column}_text" if column in LAYOUTS[name].parsed else column
    prose = name == "narratives"
    any_guide = _any(tuple(guides.values()))
    suspects = [
        answer
        for answer in frame[text].dropna().unique()
        if leftover(answer, any_guide, prose=prose)
    ]
    if not suspects:
        return nothing()
    rows = frame[frame[text].isin(suspects)]
    left = [
        leftover(answer, guides[form_of[file]], prose=prose)
        for file, answer in zip(rows["file"], rows[text], strict=True)
    ]
    sheet = f"{column}_sheet" if LAYOUTS[name].sheets else "sheet"
    rows = rows.assign(
        left=pd.Series(left, rows.index, dtype="object"),
        at=places(rows, f"{column}_cell", sheet),
    )
    return report(
        rows[rows["left"].notna()].drop_duplicates(["file", "at"]),
        anchor="at",
        problem="这里还留着填写说明或待填的空位：“{left}”。",
        expected="本单位的内容",
        actual="{left}",
    )

"""P5xx 签章: who signed the opinions, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.forms.model import OpinionsBlock
from xlsx_eval.rules.findings import Place, places, report
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.values.signatures import is_dated, is_signed, mentions_signature

END = 15
"""So many characters at the end of an opinion hold the date that some write above the signature."""


@rule(
    "P506",
    "unsigned",
    "意见未签字或未注明日期",
    "notice",
    advice="请补签并注明日期；已在纸质件上签字的可以不改。",
    basis=COMPLETENESS,
)
def unsigned(
    opinions: pd.DataFrame, projects: pd.DataFrame, forms: dict[str, Form]
) -> pd.DataFrame:
    """An opinion block is without signature or without date; one finding a form lists them all.

    An empty 年 月 日 is no date. Many units sign on paper: hence a notice, which the settings can
    make a warning or an error. A block that the unit's form doesn't have is silent.

    Why it matters: whoever signs answers for the evaluation.

    Fails: 评价组组长（签字）： with nothing behind it.

    Passes: 评价组组长（签字）：张三 2022年3月16日.

    To correct: sign and date the block; what is signed on paper may stay as it is.

    检查：评价组、项目单位、主管部门、财政部门的意见栏没有签字或没有日期；每份表只提示一次，列出全部。

    意义：签字人对评价结果负责。

    不通过：“评价组组长（签字）：”后面空白。

    通过：“评价组组长（签字）：张三 2022年3月16日”。
    """
    form = dict(zip(projects["file"], projects["form"], strict=True))
    titles = _titles(projects, forms)
    blocks = opinions.assign(
        opinion_at=places(opinions, "opinion_cell"),
        signatory_at=places(opinions, "signatory_cell"),
        date_at=places(opinions, "date_cell"),
    )
    lacking: dict[str, list[tuple[str, str, Place]]] = {}
    for block in blocks.to_dict("records"):
        if what := _lacks(block):
            at = block["date_at"] if what == "日期" else block["signatory_at"]
            title = titles[form[block["file"]], block["role"]]
            lacking.setdefault(block["file"], []).append((title, what, at or block["opinion_at"]))
    rows = [
        (file, found[0][2], [at for _, _, at in found[1:]], _sentence(found))
        for file, found in lacking.items()
    ]
    return report(
        pd.DataFrame(rows, columns=["file", "at", "others", "said"], dtype="object"),
        anchor="at",
        related="others",
        problem="{said}。",
        expected="签字并注明日期",
        actual="{said}",
    )


def _titles(projects: pd.DataFrame, forms: dict[str, Form]) -> dict[tuple[str, str], str]:
    """(form, role) → the opinion's title."""
    return {
        (name, role.key): role.title
        for name in projects["form"].unique()
        for _, block in forms[name].blocks()
        if isinstance(block, OpinionsBlock)
        for role in block.roles
    }


def _lacks(block: Mapping[Any, Any]) -> str:
    """What a block lacks: 签字, 日期, both, or nothing.

    Where no label for the signature was found, it may stand in the opinion's text, in words of the
    unit's own: with a date the block passes.
    """
    opinion, signatory, day = (
        "" if pd.isna(text) else text
        for text in (block["opinion"], block["signatory"], block["date_text"])
    )
    if block["signatory_at"] is None:
        if block["opinion_at"] is None or is_dated(opinion):
            return ""
        return "日期" if mentions_signature(opinion) else "签字和日期"
    dated = pd.notna(block["date"]) or any(map(is_dated, (day, signatory, opinion[-END:])))
    lacks = [*([] if is_signed(signatory) else ["签字"]), *([] if dated else ["日期"])]
    return "和".join(lacks)


def _sentence(found: list[tuple[str, str, Place]]) -> str:
    """`评价组意见、项目单位意见没有签字和日期，主管部门意见没有日期`."""
    by_lack: dict[str, list[str]] = {}
    for title, what, _ in found:
        by_lack.setdefault(what, []).append(title)
    return "，".join(f"{'、'.join(titles)}没有{what}" for what, titles in by_lack.items())

"""The same facts in many layouts and wordings: the same frames, no finding in a correct form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cases import Case, all_cases
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from one_sheet import ExtraSheet, Layout, label_wordings, written
from samples.account import found, stated

import xlsx_eval as xe
from xlsx_eval.forms import load_form
from xlsx_eval.frames import build_frames
from xlsx_eval.reading import read_submission

FORM = load_form()
CORRECT = [
    case for case in all_cases() if case.form == FORM and not case.rejected and not case.findings
]
SECTIONS = [section.key for section in FORM.sections if not section.optional]
LEDGER = ExtraSheet(
    "明细账", (("日期", "摘要", "金额"), ("1月", "购置", "3"), ("2月", "维修", "5"))
)
GUIDE = ExtraSheet("填报说明", (("一、项目基本情况",), ("二、项目支出明细情况",)), first=True)
# one wording for two parts of the form would leave a person in doubt as well
DOUBTFUL = ("sections.", "narratives.", "fields.", "indicators.")


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Any way to bend the form that a person could still read."""
    wordings = {
        key: draw(st.sampled_from(choices))
        for key, choices in label_wordings(FORM).items()
        if not key.startswith(DOUBTFUL) and draw(st.booleans())
    }
    flags: dict[str, Any] = {
        name: draw(st.booleans())
        for name in (
            "half_width", "spread_short", "spread_headings", "broken_labels", "unit_in_label",
            "merged_values", "real_dates", "formulas",
        )
    }  # fmt: skip
    return Layout(
        row=draw(st.integers(0, 9)),
        column=draw(st.integers(0, 6)),
        cover=draw(st.sampled_from(["above", "sheet"])),
        order=tuple(draw(st.permutations(SECTIONS))),
        gap=draw(st.integers(0, 2)),
        wordings=wordings,
        fields={"preparer": draw(st.sampled_from(["beside", "colon", "joined"]))},
        amounts=draw(st.sampled_from(["number", "text", "万元"])),
        levels=draw(st.sampled_from(["merged", "blank", "repeated"])),
        repeat_header_after=draw(st.sampled_from([0, 4])),
        blank_row_every=draw(st.sampled_from([0, 3])),
        opinions=draw(st.sampled_from(["beside", "block"])),
        texts=draw(st.sampled_from(["whole", "paragraphs"])),
        extra_sheets=draw(st.sampled_from([(), (LEDGER,), (GUIDE,), (GUIDE, LEDGER)])),
        **flags,
    )


@pytest.mark.parametrize("case", CORRECT, ids=lambda case: case.name)
@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(layout=layouts())
def test_the_same_facts_give_the_same_frames(case: Case, layout: Layout) -> None:
    form = written(FORM, case.facts, layout)

    frames = build_frames([read_submission(form.data, "form.xlsx", [FORM])])

    account = found(frames, FORM)
    expected = stated(replace(case, layout=layout))
    assert {key: account[key][0] if key in account else None for key in expected} == expected
    assert {key: account[key][1] for key in expected if key in form.places} == {
        key: form.places[key] for key in expected if key in form.places
    }
    # an amount as text is told, and read all the same
    assert xe.check(frames, xe.Settings(ignore=("W906",))).to_dict("records") == []

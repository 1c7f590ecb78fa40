"""The same facts in many layouts of the one-table forms: the same frames, and no finding."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from correct_table import FOLDER
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from one_table import Bent, facts, written

import xlsx_eval as xe
from xlsx_eval.forms import Form, known_forms, load_form
from xlsx_eval.frames import build_frames
from xlsx_eval.reading import read_submission
from xlsx_eval.reading.labels import label_index, label_key

FORMS = tuple(known_forms().values())
FACTS = {load_form(path.stem): facts(path) for path in sorted(FOLDER.glob("*.toml"))}


def free_wordings(form: Form) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """What each label may read: the wordings that mean nothing else in the form."""
    index = label_index(form)
    return {
        (block.key, part, key): tuple(
            word
            for word in wordings
            if len({(ref.block, ref.part, ref.key) for ref in index[label_key(word)]}) == 1
        )
        or wordings[:1]
        for _, block in form.blocks()
        for part, key, wordings in block.labels()
    }


@st.composite
def layouts(draw: st.DrawFn, form: Form) -> Bent:
    """Any way to bend the table that a person could still read."""
    wordings = {
        label: draw(st.sampled_from(words))
        for label, words in free_wordings(form).items()
        if draw(st.booleans())
    }
    block = next(block for _, block in form.blocks() if block.key == "indicators")
    tail = [key for part, key, _ in block.labels() if part == "column"][3:]
    return Bent(
        row=draw(st.integers(0, 7)),
        column=draw(st.integers(0, 4)),
        titled=draw(st.booleans()),
        wordings=wordings,
        headings=draw(st.sampled_from(["beside", "above", "none"])),
        levels=draw(st.sampled_from(["merged", "once", "repeated"])),
        amounts=draw(st.sampled_from(["number", "text", "万元", "元"])),
        order=tuple(draw(st.permutations(tail))),
        spare=draw(st.booleans()),
        numbered=draw(st.booleans()),
        remarks=draw(st.booleans()),
        split=draw(st.booleans()),
        ledger=draw(st.booleans()),
    )


def read(form: Form, bent: Bent) -> xe.Frames:
    data = written(form, FACTS[form], bent)
    return build_frames([read_submission(data, "form.xlsx", FORMS)])


def told(frames: xe.Frames) -> dict[str, Any]:
    """What the frames say, without where it stands and how amounts were written."""
    said: dict[str, Any] = {}
    for name in ("projects", "funds", "execution", "goals", "indicators", "narratives"):
        frame = frames[name]
        columns = [
            column
            for column in frame.columns
            if not column.endswith(("cell", "sheet", "_text", "heading"))
        ]
        said[name] = frame[columns].astype("string").fillna("").to_dict("records")
    return said


@cache
def as_printed(form: Form) -> dict[str, Any]:
    return told(read(form, Bent()))


@pytest.mark.parametrize("form", FACTS, ids=lambda form: form.form)
@settings(
    max_examples=5, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(data=st.data())
def test_any_layout_gives_the_same_frames(form: Form, data: st.DataObject) -> None:
    bent = data.draw(layouts(form))

    frames = read(form, bent)

    assert told(frames) == as_printed(form)
    # an amount as text is told, and read all the same
    assert list(xe.check(frames, xe.Settings(ignore=("W906",)))["rule"]) == []


@pytest.mark.parametrize("form", FACTS, ids=lambda form: form.form)
def test_the_printed_layout_says_the_facts(form: Form, tmp_path: Path) -> None:
    stated = FACTS[form]
    path = tmp_path / "form.xlsx"
    path.write_bytes(written(form, stated, Bent()))

    frames = xe.read(path)

    project = frames.projects.iloc[0]
    assert {key: project[key] for key in stated.fields} == stated.fields
    assert project["score"] == Decimal("97.4")
    amounts = frames.funds.dropna(subset=["amount"])
    assert dict(
        zip(zip(amounts["measure"], amounts["source"], strict=True), amounts["amount"], strict=True)
    ) == dict(stated.funds)
    assert tuple(frames.goals.iloc[0][["expected", "actual"]]) == stated.goal
    said = frames.indicators.rename(
        columns={"weight_text": "weight", "points_text": "points", "weight": "w", "points": "p"}
    )
    assert [
        {key: row[key] for key in indicator}
        for indicator, row in zip(stated.indicators, said.to_dict("records"), strict=True)
    ] == list(stated.indicators)
    in_words = frames.indicators.set_index("content")["actual_value"]["人居环境"]
    assert pd.isna(in_words)

"""Whatever the package looks like: a marked copy differs from its original by our marks only.

`XLSX_EVAL_EXAMPLES=2000 pytest tests/annotation/test_generated.py` tries more than the usual few.
"""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from odd_sheets import CONDITIONS, MERGES, Tab
from odd_workbooks import Book, written
from proof.checks import examine

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
FORMS = sorted(
    path
    for path in (*ROOT.glob("samples/inbox/*/*.xlsx"), *ROOT.glob("templates/*.xlsx"))
    if zipfile.is_zipfile(path)  # one unit sent a web page under this name
)
EXAMPLES = int(os.environ.get("XLSX_EVAL_EXAMPLES", "60"))

CELLS = (
    '<§c s="1"><§v>1234.5</§v></§c>',
    '<§c t="s"><§v>1</§v></§c>',
    '<§c s="2" t="inlineStr"><§is><§r><§rPr><§i/></§rPr><§t>项目</§t></§r></§is></§c>',
    '<§c t="str"><§f>A1&amp;"&lt;元&gt;"</§f><§v>1&lt;元&gt;</§v></§c>',
    '<§c><§f t="shared" ref="B2:B3" si="0">A2*2</§f><§v>4</§v></§c>',
    '<§c><§f t="shared" si="0"/><§v>6.000000000000001</§v></§c>',
    '<§c><§f t="array" ref="C3" ca="1">SUM(A1:A2*2)</§f><§v>0.1</§v></§c>',
    '<§c t="b"><§v>1</§v></§c>',
    '<§c t="e" vm="1"><§v>#VALUE!</§v></§c>',
    '<§c s="3"><§v>45000</§v></§c>',
    '<§c t="str"><§v><![CDATA[<§c r="A1"/>]]></§v></§c>',
    '<§c s="3"/>',
    "<§c></§c>",
    None,
)
NAMES = ("一、项目 基本'情况", "绩效指标", "审核意见", "审核意见(2)", "A&B<C>")
EXTRAS = ("table", "protection", "links", "x14", "x14 fill", "controls", "header", "noise")
WAYS = ("plain", "rich", "empty", "cdata", "thread")

flags = st.booleans()
maybe = st.sampled_from


@st.composite
def tabs(draw: Callable[..., object], name: str, *, strings: bool, styles: str) -> Tab:
    """A sheet; what it says of styles and strings is there."""
    if draw(st.integers(0, 9)) == 0:
        return Tab(name, "chartsheet", selected=bool(draw(flags)))
    row = st.lists(maybe(CELLS), max_size=5).map(lambda row: tuple(_fitting(row, strings, styles)))
    comments = st.lists(
        st.tuples(maybe(("A1", "B2", "C2", "E9")), maybe(WAYS)),
        max_size=2,
        unique_by=lambda each: each[0],
    )
    kinds = sorted(CONDITIONS) if styles == "full" else ["bar", "scale"]
    conditions = st.lists(
        st.tuples(maybe(kinds), maybe(("A1:B3", "C1 D2:E9", "A:A"))),
        max_size=2,
        unique_by=lambda each: each[0],
    )
    number = maybe((0, 0, 1, 2)) if styles == "full" else st.just(0)
    return draw(  # type: ignore[return-value]
        st.builds(
            Tab,
            name=st.just(name),
            state=maybe(("", "", "hidden", "veryHidden")),
            rows=st.lists(st.none() | row, max_size=5).map(tuple),
            addressed=maybe(("all", "rows", "none")),
            spans=flags,
            row_style=number,
            column_style=number,
            dimension=maybe(("", "A1", "A1:E5")),
            selected=flags,
            merges=st.lists(maybe(MERGES), max_size=2, unique=True).map(tuple),
            comments=comments.map(tuple),
            drawing=maybe(("", "", "button", "unclosed")),
            conditions=conditions.map(tuple),
            extras=st.frozensets(maybe(EXTRAS), max_size=3),
            boxes=maybe((True, True, False)),
            layout=maybe(("", "lines", "quotes")),
            odd_order=maybe((False, False, True)),
        )
    )


def _fitting(row: list[str | None], strings: bool, styles: str) -> list[str | None]:
    """Cells without styles and shared strings where the workbook has none."""
    fitting = []
    for cell in row:
        if cell is not None and styles != "full":
            cell = re.sub(r' s="\d"', "", cell)  # noqa: PLW2901
        fitting.append(
            CELLS[2 if styles == "full" else 3] if not strings and cell == CELLS[1] else cell
        )
    return fitting


@st.composite
def books(draw: Callable[..., object]) -> Book:
    strings, styles = bool(draw(flags)), str(draw(maybe(("full", "full", "bare", "none"))))
    names = draw(st.lists(maybe(NAMES), min_size=1, max_size=3, unique=True))
    sheets = [
        draw(tabs(name, strings=strings, styles=styles))
        for name in names  # type: ignore[attr-defined]
    ]
    return draw(  # type: ignore[return-value]
        st.builds(
            Book,
            tabs=st.just(tuple(sheets)),
            strict=maybe((False, False, True)),
            prefix=maybe(("", "", "x")),
            targets=maybe(("relative", "absolute")),
            styles=st.just(styles),
            strings=st.just(strings),
            encoding=maybe(("UTF-8", "UTF-8", "UTF-16")),
            names=maybe(("plain", "plain", "backslash", "capitals")),
            window=flags,
            defined=flags,
            zipped=maybe(("deflated", "stored", "streamed")),
            extra_parts=flags,
        )
    )


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_copy_of_a_form_differs_by_our_marks_only(path: Path) -> None:
    outcome = examine(path.read_bytes())

    assert not outcome.refused
    assert [f"{each.check}: {each.text}" for each in outcome.problems] == []


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(books())
@example(Book((Tab("空表"),), styles="none", strings=False, window=False))
@example(Book((Tab("前缀", rows=((CELLS[0], None, CELLS[1]),)),), strict=True, prefix="x"))
def test_a_copy_differs_by_our_marks_only(book: Book) -> None:
    outcome = examine(written(book))

    assert not outcome.refused
    assert not outcome.problems, "\n".join(
        f"{each.check}: {each.text}" for each in outcome.problems
    )

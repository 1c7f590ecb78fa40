"""When a converted workbook says what the original did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from xlsx_eval.conversion import agrees
from xlsx_eval.reading.grid import Cell, Grid, Raw, Span, Workbook, position, shown

Cells = dict[str, Raw | Cell]


def book(cells: Cells, *, merge: str = "", name: str = "表一", more: str = "") -> Workbook:
    spans = []
    if merge:
        first, last = (position(each) for each in merge.split(":"))
        spans = [Span(*first, *last)]
    heads = {(span.top, span.left): span for span in spans}
    made = {}
    for address, value in cells.items():
        place = position(address)
        span = heads.get(place, Span(*place, *place))
        stated = value if isinstance(value, Cell) else Cell(span, value, shown(value))
        made[place] = replace(stated, span=span)
    grids = [Grid(name, made, tuple(spans))]
    return Workbook((*grids, Grid(more, {}, ())) if more else tuple(grids))


def computed(value: Raw, error: str | None = None) -> Cell:
    return Cell(Span(0, 0, 0, 0), value, shown(value) or "=", "=A1", error)


ORIGINAL: Cells = {"A1": "项目名称", "B1": 300.1, "B2": date(2022, 3, 15)}


def test_the_same_values_agree() -> None:
    converted: Cells = {"A1": "项目名称\n", "B1": 300.1 + 1e-13, "B2": "2022-03-15", "C9": "另有"}

    assert agrees(book(ORIGINAL), book(converted), [("表一", "B1")])
    assert not agrees(book(ORIGINAL), book(converted | {"A1": "项目 名称"}))


@pytest.mark.parametrize(
    "converted",
    [
        {"A1": "项目名称", "B1": 300.1},
        {"A1": "项目名称", "B1": 300.2, "B2": date(2022, 3, 15)},
        {"A2": "项目名称", "B2": 300.1, "B3": date(2022, 3, 15)},
        {"A1": "项目名称", "B1": 300.1, "B2": True},
    ],
)
def test_lost_changed_and_moved_cells_do_not(converted: Cells) -> None:
    assert not agrees(book(ORIGINAL), book(converted))


def test_sheets_may_be_added_but_not_renamed() -> None:
    assert agrees(book(ORIGINAL), book(ORIGINAL, more="图表1"))
    assert not agrees(book(ORIGINAL), book(ORIGINAL, name="Sheet1"))
    assert not agrees(book(ORIGINAL, more="表二"), book(ORIGINAL))


def test_what_a_formula_yields_only_counts_where_a_finding_points() -> None:
    before, after = book({"A1": computed(1)}), book({"A1": computed(2)})

    assert agrees(before, after)
    assert agrees(before, after, [("表一", "B7"), ("另一张表", "A1")])
    assert not agrees(before, after, [("表一", "A1")])
    assert agrees(book({"A1": computed(None)}), after, [("表一", "A1")])  # never calculated
    lost, unknown = (book({"A1": computed(None, error)}) for error in ("#REF!", "#NAME?"))
    assert agrees(lost, unknown, [("表一", "A1")])
    assert not agrees(lost, after, [("表一", "A1")])


def test_a_cell_that_a_finding_points_at_stays_blank_and_merged_as_it_was() -> None:
    assert not agrees(book(ORIGINAL), book(ORIGINAL | {"C1": "填了"}), [("表一", "C1")])
    assert agrees(book(ORIGINAL, merge="A1:A3"), book(ORIGINAL, merge="A1:A3"), [("表一", "A2")])
    assert not agrees(book(ORIGINAL, merge="A1:A3"), book(ORIGINAL), [("表一", "A2")])

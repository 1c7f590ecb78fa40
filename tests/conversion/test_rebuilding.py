"""A workbook built anew from what was read."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest

from xlsx_eval.conversion import rebuild, sheet_names
from xlsx_eval.reading import open_workbook
from xlsx_eval.reading.grid import Cell, Grid, Raw, Span, Width, Workbook, position, shown


def cell(raw: Raw, text: str | None = None, formula: str | None = None) -> tuple[Raw, str, str]:
    return raw, shown(raw) if text is None else text, formula or ""


def grid(cells: dict[str, tuple[Raw, str, str]], *, name: str = "表一", **more: object) -> Grid:
    made = {}
    merges = more.get("merges", ())
    assert isinstance(merges, tuple)
    heads = {(span.top, span.left): span for span in merges}
    for address, (raw, text, formula) in cells.items():
        place = position(address)
        made[place] = Cell(heads.get(place, Span(*place, *place)), raw, text, formula or None)
    return Grid(name, made, **{"merges": (), **more})  # type: ignore[arg-type]


def rebuilt(*grids: Grid) -> list[Any]:
    book = openpyxl.load_workbook(io.BytesIO(rebuild(Workbook(grids))))
    return book.worksheets


@pytest.mark.parametrize(
    ("given", "value", "number_format"),
    [
        (cell("项目名称"), "项目名称", "General"),
        (cell(206.2), 206.2, "General"),
        (cell("206.2"), "206.2", "General"),  # a number stored as text stays one
        (cell(0.985, "98.5%"), 0.985, "0.0%"),
        (cell(1.0, "100%"), 1, "0%"),
        (cell(320.5, "320.5公里"), "320.5公里", "General"),
        (cell(date(2022, 3, 15)), datetime(2022, 3, 15), "yyyy-mm-dd"),  # noqa: DTZ001
        (cell(time(8, 30)), time(8, 30), "hh:mm:ss"),
        (cell(timedelta(hours=30)), timedelta(hours=30), "[h]:mm:ss"),
        (cell(date(1850, 1, 1)), "1850-01-01", "General"),
        (cell(True), True, "General"),
        (cell(6.0, "6", "=A1+A2"), 6, "General"),
        (cell("=A1+A2"), "=A1+A2", "General"),
        (cell(None, "=SUM(A1:A2)", "=SUM(A1:A2)"), "=SUM(A1:A2)", "General"),
        (cell("http://127.0.0.1/"), "http://127.0.0.1/", "General"),
        (cell("换\n行\x01"), "换\n行", "General"),
    ],
)  # fmt: skip
def test_a_value_is_kept_as_it_shows(
    given: tuple[Raw, str, str], value: object, number_format: str
) -> None:
    (sheet,) = rebuilt(grid({"B2": given}))
    made = sheet["B2"]

    assert made.value == value
    assert made.data_type != "f"
    assert made.hyperlink is None
    assert made.number_format == number_format


def test_merges_widths_and_what_is_hidden() -> None:
    shape = grid(
        {"A1": cell("财政支出项目绩效评价自评报告"), "A2": cell("项目单位"), "C3": cell("长" * 60)},
        merges=(Span(0, 0, 0, 3), Span(2, 2, 2, 3), Span(0, 3, 1, 3)),  # the last one overlaps
        widths=(Width(0, 0, 24.5), Width(2, 900, 12.0)),
        hidden_rows=frozenset({1}),
        hidden_columns=frozenset({1}),
    )
    (sheet,) = rebuilt(shape)

    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A1:D1", "C3:D3"]
    widths = {letter: round(each.width, 1) for letter, each in sheet.column_dimensions.items()}
    assert (widths["A"], widths["C"]) == (25.3, 12.7)  # Excel adds the margin of the cell
    assert sheet.column_dimensions["B"].hidden
    assert sheet.row_dimensions[2].hidden
    assert not sheet.row_dimensions[1].hidden
    assert sheet.row_dimensions[3].height > 80  # six lines


def test_widths_that_no_file_states_are_guessed() -> None:
    (sheet,) = rebuilt(grid({"A1": cell("项目主管部门（单位）"), "B1": cell("长" * 60)}))

    assert 20 < sheet.column_dimensions["A"].width < 25
    assert sheet.column_dimensions["B"].width < 32


def test_hidden_sheets_stay_hidden() -> None:
    first = grid({"A1": cell("底稿")}, name="底稿", hidden=True)
    sheets = rebuilt(first, grid({"A1": cell("表")}, name="自评表"))

    assert [sheet.sheet_state for sheet in sheets] == ["hidden", "visible"]
    (alone,) = rebuilt(first)
    assert alone.sheet_state == "visible"


def test_names_that_excel_does_not_allow() -> None:
    names = ["自评表", "A/B: [1]?*", "长" * 40, "长" * 39, "abc", "ABC", "'引'", "History", ""]
    book = Workbook(tuple(grid({"A1": cell(1)}, name=name) for name in names))

    allowed = [
        "自评表", "A_B_ _1___", "长" * 31, "长" * 28 + "(2)", "abc", "ABC(2)", "引", "History(2)",
        "Sheet",
    ]  # fmt: skip
    assert list(sheet_names(book).values()) == allowed
    assert [sheet.name for sheet in open_workbook(rebuild(book)).sheets] == allowed

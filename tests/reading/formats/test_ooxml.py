"""Workbooks of XML parts (.xlsx, .xlsm): what their cells hold, and what a sheet hides."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from packages import book, row, sheet, strings, styles
from read_grids import hidden, merges, only, texts

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.files import open_workbook
from xlsx_eval.reading.grid import Grid, Raw, address


def grid_of(rows: str, **more: str) -> Grid:
    around = {name: more.pop(name) for name in ("before", "after") if name in more}
    return only(open_workbook(book(sheet(rows, **around), **more)))


def raws(grid: Grid) -> dict[str, Raw]:
    """Address → value."""
    return {address(*place): cell.raw for place, cell in grid.cells.items()}


def inline(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


# --------------------------------------------------------------------------------------- values


def test_kinds_of_values() -> None:
    grid = grid_of(
        row(
            1,
            [
                '<c r="A1"><v>206.2</v></c>',
                '<c r="B1" t="n"><v> 1E-3\n</v></c>',
                '<c r="C1" t="s"><v>1</v></c>',
                '<c r="D1" t="str"><v>文字</v></c>',
                '<c r="E1" t="inlineStr"><is><r><t>分</t></r><r><t>段</t></r></is></c>',
                '<c r="F1" t="b"><v>1</v></c>',
                '<c r="G1" t="d"><v>2021-03-05</v></c>',
                '<c r="H1" t="d"><v>2021-03-05T10:30:00Z</v></c>',
                '<c r="I1" t="e"><v>#DIV/0!</v></c>',
                '<c r="J1"/><c r="K1" t="s"></c><c r="L1"><v></v></c>',
            ],
        ),
        strings=strings("<t>甲</t>", "<t>乙</t>"),
    )

    assert raws(grid) == {
        "A1": 206.2,
        "B1": 0.001,
        "C1": "乙",
        "D1": "文字",
        "E1": "分段",
        "F1": True,
        "G1": date(2021, 3, 5),
        "H1": datetime(2021, 3, 5, 10, 30),  # noqa: DTZ001 - a cell knows no time zone
        "I1": None,
    }
    assert grid.at(0, 8).error == "#DIV/0!"
    assert texts(grid)["A1"] == "206.2"


@pytest.mark.parametrize("text", ["abc", "1,000", "NaN", "INF", "1_0", "１２", "0x10"])
def test_what_a_number_cell_holds_instead_is_text(text: str) -> None:
    assert raws(grid_of(row(1, [f'<c r="A1"><v>{text}</v></c>']))) == {"A1": text}


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("第一行_x000D_\n第二行", "第一行\n第二行"),
        ("第一行&#13;&#10;第二行", "第一行\n第二行"),
        ("a_x000B_b_x0007_", "a\nb"),
        ("_x005F_x000D_", "_x000D_"),
        ("_xD83D__xDE00_", "😀"),
        ("_xD83D_", "\ufffd"),
        ("甲&amp;乙&lt;丙&#x4E01;", "甲&乙<丙丁"),
        ("  两端 空格  ", "  两端 空格  "),
        ("<![CDATA[<c r=\"A1\"/>]]>", '<c r="A1"/>'),
    ],
)  # fmt: skip
def test_signs_that_are_written_in_another_way(stored: str, shown: str) -> None:
    preserved = f'<t xml:space="preserve">{stored}</t>'
    grid = grid_of(
        row(1, ['<c t="s"><v>0</v></c>', f'<c t="inlineStr"><is>{preserved}</is></c>']),
        strings=strings(preserved),
    )

    assert raws(grid) == {"A1": shown, "B1": shown}


def test_how_a_word_is_spoken_is_no_part_of_it() -> None:
    spoken = '<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/>'
    cells = ['<c r="A1" t="s"><v>0</v></c>', f'<c r="B1" t="inlineStr"><is>{spoken}</is></c>']

    assert raws(grid_of(row(1, cells), strings=strings(spoken))) == {"A1": "東京", "B1": "東京"}


def test_a_shared_string_that_is_not_there_is_never_another_one() -> None:
    with pytest.raises(
        UnreadableWorkbook, match=r"^工作表“表”已损坏，无法打开，请重新导出或重新报送。$"
    ):
        grid_of(row(1, ['<c r="A1" t="s"><v>7</v></c>']), strings=strings("<t>甲</t>"))


@pytest.mark.parametrize("size", [10, 3_000, 30_000])
def test_wanted_strings_among_many_or_long_ones(size: int) -> None:
    items = [f"<t>{number}{'长' * (size if number % 50 else 5)}</t>" for number in range(300)]
    items[120] = "<r><t>12</t></r><r><t>0</t></r><rPh><t>-</t></rPh>"
    cells = [
        f'<c r="{a}1" t="s"><v>{n}</v></c>' for a, n in zip("ABC", (299, 120, 250), strict=True)
    ]

    grid = grid_of(row(1, cells), strings=strings(*items))

    assert (grid.at(0, 0).text[:4], grid.at(0, 1).text, grid.at(0, 2).text[:4]) == (
        "299长", "120", "250长",
    )  # fmt: skip


def test_strings_that_only_look_like_some_are_not_counted() -> None:
    filler = [f"<t>{number}{'字' * 100}</t>" for number in range(1_000)]
    items = [*filler, "<!-- <si><t>假</t></si> --><t>甲</t>", *filler, "<t>乙</t>"]
    cells = ['<c r="A1" t="s"><v>1000</v></c>', '<c r="B1" t="s"><v>2001</v></c>']

    assert raws(grid_of(row(1, cells), strings=strings(*items))) == {"A1": "甲", "B1": "乙"}


# -------------------------------------------------------------------------------------- formats


def test_numbers_as_their_format_shows_them() -> None:
    cells = [f'<c r="{a}1" s="{n}"><v>0.98</v></c>' for n, a in enumerate("ABCD")]
    grid = grid_of(
        row(1, [*cells, '<c r="E1" s="99"><v>5</v></c>', '<c r="F1" s="x"><v>5</v></c>']),
        styles=styles(0, 9, 164, 165, codes={164: '"≥"0.0%', 165: "#,##0.00"}),
    )

    assert texts(grid) == {
        "A1": "0.98", "B1": "98%", "C1": "≥98.0%", "D1": "0.98", "E1": "5", "F1": "5",
    }  # fmt: skip
    assert raws(grid)["C1"] == 0.98


DATES = (14, 22, 46, 57, 164, 165)
CODES = {164: 'yyyy"年"m"月"d"日";@', 165: "[h]:mm"}


def dated(*numbers: float, before: str = "") -> list[Raw]:
    """The values of numbers in a row, each in one of the formats."""
    cells = [f'<c s="{style}"><v>{number}</v></c>' for style, number in enumerate(numbers)]
    data = book(
        sheet(f"<row>{''.join(cells)}</row>"), before=before, styles=styles(*DATES, codes=CODES)
    )
    return list(raws(only(open_workbook(data))).values())  # fmt: skip


def test_dates_times_and_durations() -> None:
    assert dated(44260, 44260.4375, 1.5, 44260, 44260, 1.5) == [
        date(2021, 3, 5),
        datetime(2021, 3, 5, 10, 30),  # noqa: DTZ001 - a cell knows no time zone
        timedelta(hours=36),
        date(2021, 3, 5),
        date(2021, 3, 5),
        timedelta(hours=36),
    ]


def test_dates_counted_from_1904() -> None:
    assert dated(42798, before='<workbookPr date1904="1"/>') == [date(2021, 3, 5)]


def test_a_time_stands_without_a_day() -> None:
    assert raws(grid_of(row(1, ['<c r="A1" t="d"><v>10:30:00</v></c>']))) == {"A1": time(10, 30)}


# ------------------------------------------------------------------------------------- formulas


def formulas(grid: Grid) -> dict[str, tuple[str | None, Raw]]:
    """Address → formula and value."""
    return {address(*place): (cell.formula, cell.raw) for place, cell in grid.cells.items()}


def test_formulas_with_their_last_results() -> None:
    grid = grid_of(
        row(
            1,
            [
                '<c r="A1"><f>SUM(B1:B2)</f><v>206.2</v></c>',
                '<c r="B1"><f>C1</f></c>',
                '<c r="C1" t="str"><f>D1&amp;"元"</f><v>5元</v></c>',
                '<c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
                '<c r="E1" t="str"><f>""</f><v></v></c>',
                '<c r="F1"><f t="array" ref="F1:F2">A1:A2*2</f><v>2</v></c>',
                '<c r="G1"><f t="dataTable" ref="G1:G2" r1="A1"/><v>3</v></c>',
            ],
        )
    )

    assert formulas(grid) == {
        "A1": ("=SUM(B1:B2)", 206.2),
        "B1": ("=C1", None),
        "C1": ('=D1&"元"', "5元"),
        "D1": ("=1/0", None),
        "F1": ("=A1:A2*2", 2.0),
        "G1": ("=", 3.0),
    }
    assert (grid.at(0, 1).text, grid.at(0, 3).text) == ("=C1", "#DIV/0!")
    assert grid.at(0, 3).error == "#DIV/0!"


def test_a_formula_that_cells_share_is_told_for_each_of_them() -> None:
    rows = row(
        1, ['<c r="A1"><f t="shared" ref="A1:A3" si="0">B1*$C$1+\'表 2\'!D1</f><v>1</v></c>']
    )
    rows += row(2, ['<c r="A2"><f t="shared" si="0"/><v>2</v></c>'])
    rows += row(3, ['<c r="A3"><f t="shared" si="0"/></c>', '<c r="B3"><f t="shared" si="9"/></c>'])

    assert formulas(grid_of(rows)) == {
        "A1": ("=B1*$C$1+'表 2'!D1", 1.0),
        "A2": ("=B2*$C$1+'表 2'!D2", 2.0),
        "A3": ("=B3*$C$1+'表 2'!D3", None),
        "B3": ("=", None),
    }


# --------------------------------------------------------------------------------------- places


def test_cells_and_rows_that_do_not_state_their_place() -> None:
    grid = grid_of(
        '<row><c><v>1</v></c><c/><c r="E1"><v>2</v></c><c><v>3</v></c></row>'
        '<row r="4"><c><v>4</v></c></row><row><c><v>5</v></c></row>'
    )

    assert raws(grid) == {"A1": 1.0, "E1": 2.0, "F1": 3.0, "A4": 4.0, "A5": 5.0}


@pytest.mark.parametrize("place", ["A0", "XFE1", "A1048577", "1A", "A", "５", "A1:B2", "AAAA1"])
def test_a_place_that_no_sheet_has_is_damage(place: str) -> None:
    with pytest.raises(UnreadableWorkbook, match="工作表“表”已损坏"):
        grid_of(f'<row r="1"><c r="{place}"><v>1</v></c></row>')


def test_a_dimension_that_lies_hides_nothing() -> None:
    for dimension in ("A1", "C3:D4", "A1:XFD1048576", "?"):
        grid = grid_of(row(2, ['<c r="B2"><v>1</v></c>']), before=f'<dimension ref="{dimension}"/>')
        assert raws(grid) == {"B2": 1.0}


def test_blank_cells_and_rows_do_not_shift_others() -> None:
    blank = "".join(f'<c r="{address(0, column)}" s="1"/>' for column in range(1, 9_000))
    rows = f'<row r="1"><c r="A1"><v>1</v></c>{blank}<c><v>2</v></c></row>'
    rows += "".join(f'<row r="{number}" s="1"/>' for number in range(2, 5_000))
    rows += "<row><c><v>3</v></c></row>"
    rows += "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(5_001, 9_000))
    rows += '<row r="9000"><c r="C9000"><v>4</v></c></row>'

    assert raws(grid_of(rows)) == {"A1": 1.0, address(0, 9_000): 2.0, "A5000": 3.0, "C9000": 4.0}


# --------------------------------------------------------------------------- merged and hidden


def test_merges_show_their_first_cell_alone() -> None:
    grid = grid_of(
        row(1, [inline("A1", "甲"), inline("B1", "下面"), inline("C1", "乙")]),
        after='<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C1"/><mergeCell ref="?"/>'
        '<mergeCell ref="$D$5:$C$4"/></mergeCells>',
    )

    assert texts(grid) == {"A1": "甲", "C1": "乙"}
    assert merges(grid) == {"A1:B2", "C4:D5"}


def test_whole_columns_and_rows_may_be_merged() -> None:
    grid = grid_of(
        row(1, [inline("A1", "标题"), inline("A2", "甲")]),
        after='<mergeCells><mergeCell ref="A1:XFD1"/><mergeCell ref="B1:B1048576"/></mergeCells>',
    )

    assert texts(grid) == {"A1": "标题", "A2": "甲"}
    assert merges(grid) == {"A1:IV1"}


def test_hidden_rows_and_columns() -> None:
    rows = row(1, [f'<c r="{column}1"><v>1</v></c>' for column in "ABCDE"])
    rows += '<row r="2" hidden="1"><c r="A2"><v>1</v></c></row>'
    rows += '<row r="3" hidden="true" outlineLevel="1"><c r="A3"><v>1</v></c></row>'
    rows += '<row r="4" ht="0" customHeight="1"><c r="A4"><v>1</v></c></row>'
    rows += '<row r="5" ht="0.75" hidden="0"><c r="A5"><v>1</v></c></row>'
    columns = (
        '<cols><col min="2" max="3" hidden="1"/><col min="4" max="4" width="0"/>'
        '<col min="5" max="5" width="0.5"/><col min="9" max="99999" hidden="1"/></cols>'
    )

    assert hidden(grid_of(rows, before=columns)) == {"B1", "C1", "D1", "A2", "A3", "A4"}


def test_rows_and_columns_of_drawings_are_none_of_the_sheet() -> None:
    anchor = "<xdr:from><xdr:col>3</xdr:col><xdr:row>7</xdr:row></xdr:from><x:c><x:v>9</x:v></x:c>"

    assert raws(
        grid_of(row(1, ['<c r="A1"><v>1</v></c>']), after=f"<controls>{anchor}</controls>")
    ) == {"A1": 1.0}

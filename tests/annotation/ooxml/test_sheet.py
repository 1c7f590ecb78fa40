"""Cells of a worksheet, found and put in wherever they stand."""

from __future__ import annotations

import io
import zipfile

import pytest

from xlsx_eval.annotation.ooxml.addresses import Range, address, ranges
from xlsx_eval.annotation.ooxml.package import Package
from xlsx_eval.annotation.ooxml.sheet import SheetPart, Spot

Cells = list[tuple[int, int]]


def sheet(inside: str) -> SheetPart:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("sheet.xml", f'<worksheet xmlns="urn:m">{inside}</worksheet>')
    return SheetPart(Package(content.getvalue()), "sheet.xml")


def marked(inside: str, cells: Cells) -> tuple[str, list[str]]:
    """The sheet with these cells marked (format 9), and what was told about each."""
    part, told = sheet(inside), []

    def style(spot: Spot) -> int:
        told.append(f"{address(spot.row, spot.column)} {spot.kind}{spot.style}")
        return 9

    part.mark(cells, style)
    result = part.markup.result().decode()
    return result.removeprefix('<worksheet xmlns="urn:m">').removesuffix("</worksheet>"), told


@pytest.mark.parametrize(
    ("before", "cells", "after", "told"),
    [
        pytest.param(
            '<sheetData><row r="2"><c r="B2" s="3"><v>1</v></c></row></sheetData>',
            [(2, 2)],
            '<sheetData><row r="2"><c r="B2" s="9"><v>1</v></c></row></sheetData>',
            ["B2 c3"],
            id="its format is replaced",
        ),
        pytest.param(
            "<sheetData><row><c><v>1</v></c><c t='n'><v>2</v></c></row></sheetData>",
            [(1, 2)],
            "<sheetData><row><c><v>1</v></c><c t='n' s=\"9\"><v>2</v></c></row></sheetData>",
            ["B1 b0"],
            id="cells and rows without an address",
        ),
        pytest.param(
            '<sheetData><row r="2"><c r="A2"/><c r="D2"/></row><row r="7"/></sheetData>',
            [(2, 2), (2, 3), (2, 5)],
            '<sheetData><row r="2"><c r="A2"/><c r="B2" s="9"/><c r="C2" s="9"/><c r="D2"/>'
            '<c r="E2" s="9"/></row><row r="7"/></sheetData>',
            ["B2 n0", "C2 n0", "E2 n0"],
            id="missing cells in the order of columns",
        ),
        pytest.param(
            '<sheetData><row r="2" ht="20"/><row r="7"/></sheetData>',
            [(1, 1), (2, 1), (4, 2), (9, 1)],
            '<sheetData><row r="1"><c r="A1" s="9"/></row>'
            '<row r="2" ht="20"><c r="A2" s="9"/></row>'
            '<row r="4"><c r="B4" s="9"/></row><row r="7"/><row r="9"><c r="A9" s="9"/></row>'
            "</sheetData>",
            ["A2 n0", "A1 r0", "B4 r0", "A9 r0"],
            id="missing rows in their places",
        ),
        pytest.param(
            "<sheetData/>",
            [(3, 1), (1, 1)],
            '<sheetData><row r="1"><c r="A1" s="9"/></row><row r="3"><c r="A3" s="9"/></row>'
            "</sheetData>",
            ["A1 r0", "A3 r0"],
            id="a sheet without cells",
        ),
        pytest.param(
            '<cols><col min="2" max="4" style="5"/></cols>'
            '<sheetData><row r="1" s="7" customFormat="1"><c r="A1"/></row></sheetData>',
            [(1, 2), (2, 2)],
            '<cols><col min="2" max="4" style="5"/></cols>'
            '<sheetData><row r="1" s="7" customFormat="1"><c r="A1"/><c r="B1" s="9"/></row>'
            '<row r="2"><c r="B2" s="9"/></row></sheetData>',
            ["B1 n7", "B2 r5"],
            id="the format of row or column is taken",
        ),
        pytest.param(
            '<sheetData><row r="1" spans="1:2"><c r="A1"/></row></sheetData>',
            [(1, 3)],
            '<sheetData><row r="1"><c r="A1"/><c r="C1" s="9"/></row></sheetData>',
            ["C1 n0"],
            id="a span that leaves the cell out goes",
        ),
        pytest.param(
            '<sheetData><row r="1" spans="1:3"><c r="A1"/><!--<c r="B1"/>--></row></sheetData>',
            [(1, 2)],
            '<sheetData><row r="1" spans="1:3"><c r="A1"/><!--<c r="B1"/>--><c r="B1" s="9"/>'
            "</row></sheetData>",
            ["B1 n0"],
            id="a cell in a comment is none",
        ),
    ],
)
def test_marking(before: str, cells: Cells, after: str, told: list[str]) -> None:
    assert marked(before, cells) == (after, told)


def test_a_condition_of_ours_comes_first() -> None:
    part = sheet('<sheetData/><conditionalFormatting sqref="A1"/><pageMargins/>')
    part.add_condition([(1, 1), (2, 2)], 4, '"a"="a"')
    assert part.markup.result() == (
        b'<worksheet xmlns="urn:m"><sheetData/><conditionalFormatting sqref="A1 B2">'
        b'<cfRule type="expression" dxfId="4" priority="1"><formula>"a"="a"</formula></cfRule>'
        b'</conditionalFormatting><conditionalFormatting sqref="A1"/><pageMargins/></worksheet>'
    )


def test_a_condition_of_an_extension_counts() -> None:
    part = sheet(
        "<sheetData/><phoneticPr/><extLst><ext><x14:conditionalFormatting xmlns:x14='u' "
        "xmlns:xm='m'><xm:sqref>B2:C3 E5</xm:sqref></x14:conditionalFormatting></ext></extLst>"
    )
    assert part.conditional_ranges() == [Range(2, 2, 3, 3), Range(5, 5, 5, 5)]
    part.add_condition([(2, 2)], 0, "1")
    assert b"<phoneticPr/><conditionalFormatting" in part.markup.result()


@pytest.mark.parametrize(
    ("reference", "area"),
    [
        ("B3", Range(3, 2, 3, 2)),
        ("$B$3:D$1", Range(1, 2, 3, 4)),
        ("C:D", Range(1, 3, 1_048_576, 4)),
        ("2:4", Range(2, 1, 4, 16_384)),
    ],
)
def test_ranges(reference: str, area: Range) -> None:
    assert ranges(reference) == [area]
    assert ranges(f"#REF! {reference} :") == [area]

"""Where comments stand: beside the form, as large as their text, not over one another."""

from __future__ import annotations

import io
import zipfile

from xlsx_eval.annotation.geometry import Geometry
from xlsx_eval.annotation.ooxml.addresses import Range
from xlsx_eval.annotation.ooxml.package import Package
from xlsx_eval.annotation.ooxml.sheet import SheetPart

FORM = (
    '<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="4" width="10"/></cols>'
    '<sheetData><row r="1"/><row r="2"><c r="A2"><v>1</v></c><c r="D2"><v>2</v></c></row>'
    '<row r="3" ht="30"><c r="B3"><v>1</v></c></row></sheetData>'
)


def geometry(inside: str, *rows: int) -> Geometry:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("sheet.xml", f'<worksheet xmlns="urn:m">{inside}</worksheet>')
    return Geometry(SheetPart(Package(content.getvalue()), "sheet.xml"), rows)


def cell(row: int, column: int) -> Range:
    return Range(row, column, row, column)


def test_right_of_what_the_rows_say() -> None:
    box = geometry(FORM, 2).box(cell(2, 1), (128, 60))
    left, _, top, _, right, _, bottom, _ = box.anchor
    assert (left, right) == (4, 6)  # columns E to G: 128 pixels and a gap, 64 a column
    assert (top, bottom) == (0, 2)  # a row above its cell, through 20, 20 and part of 40 pixels


def test_beside_the_cell_where_the_sheet_is_wide() -> None:
    wide = FORM.replace('<c r="D2">', '<c r="ZZ2">')
    assert geometry(wide, 2).box(cell(2, 1), (128, 60)).anchor[0] == 1


def test_two_of_one_row_stand_one_below_the_other() -> None:
    sheet = geometry(FORM, 2, 3)
    first, second = sheet.box(cell(2, 1), (128, 60)), sheet.box(cell(3, 2), (128, 60))
    assert second.left == first.left
    assert second.top >= first.top + first.height


def test_beside_a_tall_one_that_would_push_it_far_down() -> None:
    sheet = geometry(FORM, 2, 3)
    tall, other = sheet.box(cell(2, 1), (128, 1000)), sheet.box(cell(3, 2), (128, 60))
    assert other.left > tall.left + tall.width
    assert other.top < 100


def test_at_the_end_of_the_sheet_there_is_still_room() -> None:
    last = geometry("<sheetData/>", 1_048_576).box(cell(1_048_576, 16_384), (320, 200))
    left, _, top, _, right, _, bottom, _ = last.anchor
    assert (16_383 - left) * 64 >= 320
    assert (1_048_575 - top) * 20 >= 200
    assert (right, bottom) <= (16_383, 1_048_575)


def test_hidden_columns_and_rows_have_no_size() -> None:
    hidden = FORM.replace('max="4" width="10"', 'max="6" hidden="1"')
    box = geometry(hidden, 2).box(cell(2, 1), (100, 60))
    assert box.left == 14
    assert box.anchor[4] == 7

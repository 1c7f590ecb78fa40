"""Sheets too large for a form: left alone, read whole, or refused where they can't be held."""

from __future__ import annotations

import pytest
from packages import book, listing, sheet, strings
from read_grids import texts

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.files import open_workbook
from xlsx_eval.reading.limits import Limits

FORM = '<row r="1"><c r="A1" t="inlineStr"><is><t>项目名称</t></is></c></row>'
READ = {"A1": "项目名称"}


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableWorkbook) as refused:
        open_workbook(data, Limits(megabytes=30))
    return str(refused.value)


def asking(answer: bool, data: bytes) -> tuple[list[list[str]], list[dict[str, str]]]:
    """What was asked of large sheets, and the texts of all sheets then."""
    asked: list[list[str]] = []

    def part_of_form(beginning: list[str]) -> bool:
        asked.append(beginning)
        return answer

    limits = Limits(large_sheet=2_000, head_rows=10)
    book = open_workbook(data, limits, part_of_form)
    return asked, [texts(grid) for grid in book.sheets]


def test_a_list_that_is_no_part_of_the_form_is_left_alone() -> None:
    merged = '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    data = book({"表": sheet(FORM), "台账": sheet(FORM + listing(500), after=merged)})

    asked, (form, ledger) = asking(False, data)

    assert asked == [["项目名称"]]
    assert form == READ
    assert (ledger["A1"], ledger["B2"], len(ledger)) == ("项目名称", "2", 1 + 9 * 12)


def test_a_form_above_or_beside_a_list_is_read_whole() -> None:
    data = book(sheet(FORM + listing(500)), strings=strings())

    asked, (form,) = asking(True, data)

    assert asked == [["项目名称"]]
    assert (len(form), form["L501"]) == (1 + 500 * 12, "501")


def test_strings_of_a_large_form_are_fetched_beyond_its_first_rows() -> None:
    last = '<row r="900"><c r="A900" t="s"><v>1</v></c></row>'
    first = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    data = book(sheet(first + listing(500) + last), strings=strings("<t>甲</t>", "<t>乙</t>"))

    asked, (form,) = asking(True, data)

    assert asked == [["甲"]]
    assert (form["A1"], form["A900"]) == ("甲", "乙")


def test_many_lists_together_leave_room_for_the_form() -> None:
    lists = {f"台账{number}": sheet(listing(150)) for number in range(12)}
    data = book({**lists, "表": sheet(FORM)})

    grids = open_workbook(data, Limits(megabytes=20, head_rows=5), lambda _: False).sheets

    assert texts(grids[-1]) == READ
    assert {len(grid.cells) for grid in grids[:-1]} == {5 * 12, 150 * 12}


def test_a_form_with_more_than_can_be_held_is_refused() -> None:
    assert refusal(book(sheet(FORM + listing(2_000)))) == (
        "工作表“表”的内容过多，请把台账、明细等大表移到另外的文件后重新报送。"
    )


@pytest.mark.parametrize("ranges", [[f"A{row}:A{row + 1}" for row in range(1, 110_000, 2)],
                                    [f"A1:C{row}" for row in range(2, 3_000)]])  # fmt: skip
def test_a_form_with_very_many_merges_is_refused(ranges: list[str]) -> None:
    merged = "".join(f'<mergeCell ref="{each}"/>' for each in ranges)

    data = book(sheet(FORM, after=f"<mergeCells>{merged}</mergeCells>"))

    assert refusal(data) == (
        "工作表“表”的合并单元格过多，请把台账、明细等大表移到另外的文件后重新报送。"
    )

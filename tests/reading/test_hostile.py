"""Broken and hostile files: each is read right, or refused with one sentence, at bounded cost."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress

import openpyxl
import pytest
from packages import parts, sheet, zipped

import xlsx_eval as xe
from xlsx_eval.reading.files import is_ooxml, open_workbook
from xlsx_eval.reading.limits import Limits

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>项目名称</t></is></c></row>'
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def book(rows: str, **more: str) -> bytes:
    return zipped(parts(sheet(rows, **more)))


def saved() -> bytes:
    work = openpyxl.Workbook()
    for row in range(1, 30):
        work.worksheets[0].append([f"第{row}项", row * 1.5, f"=B{row}*2"])
    buffer = io.BytesIO()
    work.save(buffer)
    return buffer.getvalue()


def without(data: bytes, doomed: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist() if name != doomed})


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "文件是空的"),
    "nothing but zeros": (lambda: bytes(5000), "没有内容"),
    "half copied": (lambda: saved()[:3000], "不完整"),
    "a password is set": (
        lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "打开密码"
    ),
    "a Word file": (lambda: zipped({"word/document.xml": "<w/>"}), "Word"),
    "a list of values": (lambda: "项目,金额\n一,2\n".encode("gbk"), "纯文本或 CSV"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "图片"),
    "a PDF": (lambda: b"%PDF-1.7\n", "PDF"),
    "no workbook in it": (lambda: without(saved(), "xl/workbook.xml"), "损坏"),
    "entities that explode": (
        lambda: zipped(
            parts(
                f'<!DOCTYPE x [<!ENTITY a0 "字字字">{ENTITIES}]>'
                + sheet(CELL.replace("项目", "&a9;"))
            )
        ),
        "。",
    ),
    "deep nesting": (lambda: book("<row>" + "<c>" * 200_000), "。"),
    "a million tags a second": (lambda: book("<row r='1'/>" * 6_000_000), "。"),
    "a thousand sheets": (
        lambda: zipped(parts({f"表{n}": sheet("") for n in range(1000)})), "工作表"
    ),
    "unpacks to too much": (lambda: book("<!--" + "x" * 700_000_000 + "-->"), "。"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_with_a_sentence(case: str) -> None:
    make, word = REFUSED[case]

    with pytest.raises(xe.UnreadableWorkbook, match=word) as refusal:
        open_workbook(make())

    assert str(refusal.value).endswith("。")


def texts(data: bytes) -> dict[tuple[int, int], str]:
    return {place: cell.text for place, cell in open_workbook(data).sheets[0].cells.items()}


def test_a_cell_at_the_end_of_the_sheet_costs_nothing() -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

    assert texts(book(CELL + far)) == {(0, 0): "项目名称", (1_048_575, 16_383): "1"}


def test_a_dimension_that_lies_hides_nothing() -> None:
    assert texts(book(CELL, before='<dimension ref="B7:C8"/>')) == {(0, 0): "项目名称"}


def test_rows_and_cells_without_places_are_counted() -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"

    assert texts(book(rows)) == {(0, 0): "1", (0, 1): "2", (1, 0): "3"}


def test_hundreds_of_thousands_of_blank_styled_rows() -> None:
    blank = "".join(f'<row r="{n}" s="1"><c r="A{n}" s="1"/></row>' for n in range(2, 100_000))

    assert texts(book(CELL + blank)) == {(0, 0): "项目名称"}


def test_what_else_is_known_of_cells() -> None:
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="e"><v>#REF!</v></c></row>'
        '<row r="2" hidden="1"><c r="A2"><v>3</v></c></row>'
        '<row r="3"><c r="A3"><f>B9</f></c><c r="C3"><v>4</v></c></row>'
    )
    columns = '<cols><col min="3" max="3" hidden="1"/></cols>'

    grid = open_workbook(book(rows, before=columns)).sheets[0]

    cells = {place: grid.cells[place] for place in grid.cells}
    assert (cells[0, 0].raw, cells[0, 0].formula) == (2, "=1+1")
    assert (cells[0, 1].raw, cells[0, 1].error) == (None, "#REF!")
    assert (cells[2, 0].raw, cells[2, 0].text) == (None, "=B9")
    assert [place for place in cells if cells[place].hidden] == [(1, 0), (2, 2)]


def test_a_units_own_list_is_left_alone() -> None:
    line = '<row><c t="inlineStr"><is><t>摘要</t></is></c><c><v>1</v></c><c><v>2</v></c></row>'
    asked: list[list[str]] = []

    def part_of_form(beginning: list[str]) -> bool:
        asked.append(beginning)
        return False

    grid = open_workbook(book(line * 20_000), Limits(), part_of_form).sheets[0]

    assert len(asked) == 1
    assert len(grid.rows) < 1_000


def test_damage_anywhere_is_refused_or_read() -> None:
    whole = saved()
    chance = random.Random(7)  # noqa: S311 - the same damage every time
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(xe.UnreadableWorkbook):
            open_workbook(bytes(data[: chance.choice([len(data), chance.randrange(len(data))])]))


def test_only_workbooks_of_xml_parts_can_be_marked() -> None:
    assert is_ooxml(saved())
    assert not is_ooxml(b"")
    assert not is_ooxml(zipped({"word/document.xml": "<w/>"}))
    assert not is_ooxml(OLE)

"""The package of an OOXML workbook: its sheets, and the ways in which parts may be written."""

from __future__ import annotations

import pytest
from packages import MAIN, OFFICE, book, parts, relations, row, sheet, zipped
from read_grids import merges, only

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.ours import REVIEW_SHEET
from xlsx_eval.reading.files import open_workbook
from xlsx_eval.reading.grid import Grid, Raw, address

ONE = row(1, ['<c r="A1"><v>1</v></c>'])


def raws(grid: Grid) -> dict[str, Raw]:
    """Address → value."""
    return {address(*place): cell.raw for place, cell in grid.cells.items()}


def test_sheets_with_their_names_and_whether_they_are_hidden() -> None:
    content = parts({"甲&乙": sheet(""), "看不见": sheet(""), "藏得深": sheet("")})
    listed = str(content["xl/workbook.xml"])
    for name, state in (("看不见", "hidden"), ("藏得深", "veryHidden")):
        listed = listed.replace(f'name="{name}"', f'name="{name}" state="{state}"')

    book = open_workbook(zipped(content | {"xl/workbook.xml": listed}))

    assert [(each.name, each.hidden) for each in book.sheets] == [
        ("甲&乙", False), ("看不见", True), ("藏得深", True),
    ]  # fmt: skip


def test_charts_are_no_sheets_and_our_own_review_is_left_out() -> None:
    content = parts({"图": "<chartsheet/>", "表": sheet(""), "审核意见": sheet("")})
    named = f'<definedName name="{REVIEW_SHEET}" localSheetId="2" hidden="1">1</definedName>'
    content["xl/workbook.xml"] = str(content["xl/workbook.xml"]).replace(
        "</workbook>", f"<definedNames>{named}</definedNames></workbook>"
    )
    kinds = {"r1": "chartsheet", "r2": "worksheet", "r3": "worksheet"}
    content["xl/_rels/workbook.xml.rels"] = relations(
        {key: (kind, f"worksheets/sheet{key[1]}.xml") for key, kind in kinds.items()}
    )

    assert [each.name for each in open_workbook(zipped(content)).sheets] == ["表"]


def test_a_sheet_whose_part_is_missing_is_not_passed_over() -> None:
    content = parts({"表": sheet(""), "附表": sheet("")})
    del content["xl/worksheets/sheet2.xml"]

    with pytest.raises(
        UnreadableWorkbook, match=r"^文件不完整，缺少工作表“附表”的内容，请用 Excel"
    ):
        open_workbook(zipped(content))


@pytest.mark.parametrize(
    "target",
    [
        "/xl/worksheets/sheet1.xml",
        "worksheets\\Sheet1.xml",
        "./worksheets/../worksheets/sheet1.xml",
        "worksheets/sheet%31.xml",
        "../xl/worksheets/sheet1.xml",
        "../../../xl/worksheets/sheet1.xml",
    ],
)
def test_targets_that_lead_to_the_sheet_by_detours(target: str) -> None:
    content = parts(sheet(ONE))
    content["xl/_rels/workbook.xml.rels"] = relations({"r1": ("worksheet", target)})

    assert raws(only(open_workbook(zipped(content)))) == {"A1": 1.0}


# ------------------------------------------------------------------------------- kinds of XML


def test_prefixes_and_strict_namespaces() -> None:
    content = parts("")
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    content["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{strict}"><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v>'
        '</x:c><x:c r="B1"><x:f>A1</x:f><x:v>2</x:v></x:c></x:row></x:sheetData>'
        '<x:mergeCells><x:mergeCell ref="A1:A2"/></x:mergeCells></x:worksheet>'
    )
    content["xl/sharedStrings.xml"] = (
        f'<x:sst xmlns:x="{strict}"><x:si><x:t>甲</x:t></x:si></x:sst>'
    )
    for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"):
        content[name] = (
            str(content[name])
            .replace(MAIN, strict)
            .replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")
        )

    grid = only(open_workbook(zipped(content)))

    assert raws(grid) == {"A1": "甲", "B1": 2.0}
    assert grid.at(0, 1).formula == "=A1"
    assert merges(grid) == {"A1:A2"}


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16-LE", "UTF-16-BE", "GBK", "utf-8-sig"])
def test_parts_in_other_encodings(encoding: str) -> None:
    declared = {"GBK": "GBK", "utf-8-sig": "UTF-8"}.get(encoding, "UTF-16")
    text = "项目名称" * 8_000
    part = sheet(f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>').replace(
        "UTF-8", declared
    )
    content = parts("") | {"xl/worksheets/sheet1.xml": part.encode(encoding)}

    assert raws(only(open_workbook(zipped(content)))) == {"A1": text}


def test_a_part_that_breaks_off_or_is_not_well_formed_is_damage() -> None:
    whole = sheet(ONE)

    for bad in (whole[:-20], whole.replace("</row>", "</rwo>"), whole + "<more/>", "", "表"):
        with pytest.raises(UnreadableWorkbook, match=r"^工作表“表”已损坏，无法打开"):
            open_workbook(book(bad))


def test_a_value_is_not_believed_where_the_check_sum_of_its_part_is_wrong() -> None:
    content = parts(sheet(row(1, ['<c r="A1"><v>1234567</v></c>'])))
    data = zipped(content, level=0)
    changed = data.replace(b"<v>1234567</v>", b"<v>1234568</v>")

    with pytest.raises(UnreadableWorkbook, match="工作表“表”已损坏"):
        open_workbook(changed)

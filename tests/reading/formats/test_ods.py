"""OpenDocument spreadsheets, as LibreOffice writes them and as others do."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from read_grids import damaged, hidden, merges, only, texts

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.ours import REVIEW_SHEET
from xlsx_eval.reading.formats import ods
from xlsx_eval.reading.grid import Cell, Width

# LibreOffice 7.4 made it from a workbook of XlsxWriter, with invented contents.
SELFEVAL = Path(__file__).parent / "files" / "selfeval.ods"
CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "table": "table",
        "text": "text",
        "style": "style",
        "draw": "drawing",
    }.items()
)


def flat(tables: str, styles: str = "") -> bytes:
    """A flat spreadsheet of these tables."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {NAMESPACES} xmlns:calcext="{CALCEXT}"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>{styles}</office:automatic-styles>
<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>
</office:document>""".encode()


def rows(content: str) -> bytes:
    return flat(f'<table:table table:name="表">{content}</table:table>')


def packed(content: bytes, manifest: str = "<manifest/>") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def first_cell(xml: str) -> Cell:
    return only(ods.read(rows(f"<table:table-row>{xml}</table:table-row>"))).cells[0, 0]


def text_cell(paragraphs: str) -> str:
    return first_cell(
        f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'
    ).text


def number_cell(value: str, displayed: str, kind: str = "float") -> Cell:
    return first_cell(
        f'<table:table-cell office:value-type="{kind}" office:value="{value}">'
        f"<text:p>{displayed}</text:p></table:table-cell>"
    )


def test_a_workbook_of_libreoffice() -> None:
    form, notes = ods.read(SELFEVAL.read_bytes()).sheets
    assert (form.name, form.hidden, notes.name, notes.hidden) == ("自评表", False, "底稿", True)
    assert texts(form) == {
        "A1": "项目支出绩效自评表",
        "A2": "项目名称", "B2": "农村公路养护工程\n（二期）", "F2": "隐藏列",
        "A3": "计划安排资金", "B3": "206.2", "C3": "实际支出", "D3": "196.2",
        "A4": "预算执行率", "B4": "95.155%", "C4": "目标", "D4": "≥95%",
        "A5": "里程", "B5": "320.5公里", "C5": "总额", "D5": "2062000.00元",
        "A6": "报告日期", "B6": "2022-03-15", "C6": "会议时间", "D6": "2022-03-15 14:30:00",
        "A7": "邮编", "B7": "041400", "C7": "是否完成", "D7": "TRUE",
        "A8": "隐藏行",
        "A9": "错误", "B9": "#DIV/0!", "C9": "两处  空格",
        "A10": "开始时间", "B10": "09:30:00",
        "B12": "远处",
    }  # fmt: skip
    assert merges(form) == {"A1:D1", "B2:D2", "A14:B15"}
    assert form.cells[2, 1].raw == 206.2
    assert form.cells[3, 1].raw == 0.95155
    assert form.cells[5, 1].raw == date(2022, 3, 15)
    assert form.cells[5, 3].raw == datetime(2022, 3, 15, 14, 30)  # noqa: DTZ001
    assert form.cells[9, 1].raw == time(9, 30)
    assert form.cells[2, 3].formula == "=[.B3]-10"
    assert (form.cells[8, 1].raw, form.cells[8, 1].error) == (None, "#DIV/0!")
    assert hidden(form) == {"F2", "A8"}


@pytest.mark.parametrize(
    ("value", "displayed", "text"),
    [
        ("206.2", "206", "206.2"),
        ("1234567.891", "1,234,567.89", "1234567.891"),
        ("206.2", "¥206.20", "¥206.20"),
        ("-206.2", "(206.20)", "-206.2"),
        ("0", "-", "0"),
        ("206.2", "2.06E+02", "206.2"),
        ("206.2", "###", "206.2"),
        ("206.2", "", "206.2"),
        ("0.1234", "12%", "12.34%"),
        ("12.5", "约13个月", "约12.5个月"),
        ("2062000", "206.2万元", "206.2万元"),
        ("206", "贰佰零陆元整", "贰佰零陆元整"),
        ("44640", "2022年3月20日", "2022年3月20日"),
    ],
)
def test_a_number_shows_in_full_with_what_its_format_adds(
    value: str, displayed: str, text: str
) -> None:
    assert number_cell(value, displayed).text == text


def test_what_a_display_says_other_than_the_number_is_the_value() -> None:
    assert number_cell("2062000", "206.2万元").raw == "206.2万元"
    assert number_cell("44640", "2022-03-20").raw == "2022-03-20"
    assert number_cell("0.3", "0千元").raw == "0千元"
    assert number_cell("206", "206.00元").raw == 206


def test_a_percentage_without_display_is_one() -> None:
    cell = first_cell('<table:table-cell office:value-type="percentage" office:value="0.985"/>')
    assert (cell.text, cell.raw) == ("98.5%", 0.985)


@pytest.mark.parametrize(
    ("attributes", "raw"),
    [
        ('office:value-type="date" office:date-value="2022-03-15"', date(2022, 3, 15)),
        ('office:value-type="date" office:date-value="2022-03-15T00:00:00"', date(2022, 3, 15)),
        ('office:value-type="time" office:time-value="PT09H30M00S"', time(9, 30)),
        ('office:value-type="time" office:time-value="PT36H00M00S"', timedelta(hours=36)),
        ('office:value-type="boolean" office:boolean-value="true"', True),
        ('office:value-type="string" office:string-value="001"', "001"),
        ('office:value-type="date" office:date-value="明天"', "显示"),
        ('office:value-type="float" office:value="nan"', "显示"),
    ],
)
def test_types(attributes: str, raw: object) -> None:
    displayed = "<text:p>显示</text:p>" if raw == "显示" else ""
    assert first_cell(f"<table:table-cell {attributes}>{displayed}</table:table-cell>").raw == raw


def test_formulas_and_errors() -> None:
    never = first_cell('<table:table-cell table:formula="of:=SUM([.B1:.B3])"/>')
    assert (never.text, never.raw, never.formula) == ("=SUM([.B1:.B3])", None, "=SUM([.B1:.B3])")
    error = first_cell(
        '<table:table-cell table:formula="of:=[.#REF!]" office:value-type="string"'
        ' office:string-value="" calcext:value-type="error"><text:p>#REF!</text:p>'
        "</table:table-cell>"
    )
    assert (error.text, error.raw, error.error) == ("#REF!", None, "#REF!")
    of_excel = number_cell("0", "#DIV/0!")
    assert (of_excel.raw, of_excel.error) == (None, "#DIV/0!")
    nothing = rows(
        '<table:table-row><table:table-cell table:formula="of:=&quot;&quot;"'
        ' office:value-type="string" office:string-value=""><text:p/></table:table-cell>'
        "</table:table-row>"
    )
    assert texts(only(ods.read(nothing))) == {}


@pytest.mark.parametrize(
    ("paragraphs", "text"),
    [
        ("<text:p>甲</text:p><text:p/><text:p>乙</text:p>", "甲\n\n乙"),
        ('<text:p>甲<text:s text:c="3"/>乙<text:tab/>丙</text:p>', "甲   乙\t丙"),
        ("<text:p>甲<text:s/>乙<text:line-break/>丙</text:p>", "甲 乙\n丙"),
        ("<text:p><text:span>甲</text:span><text:a>乙</text:a></text:p>", "甲乙"),
        ("<text:p>签字：    年    月</text:p>", "签字：    年    月"),
        ("<text:p>\n   甲\n   乙\n  </text:p>", "甲 乙"),
        ("<office:annotation><text:p>批注</text:p></office:annotation><text:p>甲</text:p>", "甲"),
        ("<text:p>甲</text:p><draw:frame><text:p>图</text:p></draw:frame>", "甲"),
        ("<text:p>甲<draw:frame><text:p>图</text:p></draw:frame>乙</text:p>", "甲乙"),
        ("<text:p>甲</text:p><table:table><table:table-row/></table:table>", "甲"),
        ("<text:p>&lt;5 &amp; &#20803;</text:p>", "<5 & 元"),
    ],
)  # fmt: skip
def test_text_of_a_cell(paragraphs: str, text: str) -> None:
    assert text_cell(paragraphs) == text


def test_repeats_groups_and_gaps() -> None:
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    grid = only(
        ods.read(
            rows(
                "<table:table-header-rows><table:table-row>"
                + cell.format("", "头")
                + "</table:table-row></table:table-header-rows>"
                + '<table:table-row table:number-rows-repeated="2">'
                + '<table:table-cell table:number-columns-repeated="3"/>'
                + cell.format(' table:number-columns-repeated="2"', "同")
                + "</table:table-row><table:table-row-group>"
                + '<table:table-row table:visibility="filter">'
                + cell.format("", "筛")
                + "</table:table-row></table:table-row-group>"
                + '<table:table-row table:number-rows-repeated="1048571">'
                + '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
            )
        )
    )
    assert texts(grid) == {"A1": "头", "D2": "同", "E2": "同", "D3": "同", "E3": "同", "A4": "筛"}
    assert grid.cells[3, 0].hidden


def test_merges_cover_what_lies_below_them() -> None:
    grid = only(
        ods.read(
            rows(
                '<table:table-row><table:table-cell table:number-columns-spanned="2"'
                ' table:number-rows-spanned="2" office:value-type="string"><text:p>甲</text:p>'
                "</table:table-cell><table:covered-table-cell><text:p>盖住</text:p>"
                "</table:covered-table-cell><table:table-cell><text:p>乙</text:p>"
                "</table:table-cell></table:table-row>"
            )
        )
    )
    assert texts(grid) == {"A1": "甲", "C1": "乙"}
    assert grid.at(1, 1).text == "甲"


def test_hidden_sheets_and_sheets_of_other_files() -> None:
    tables = (
        '<table:table table:name="底稿" table:style-name="ta2"/>'
        "<table:table table:name=\"'file:///C:/ledger.ods'#$Sheet1\"/>"
        '<table:dde-links><table:table table:name="dde"/></table:dde-links>'
    )
    styles = (
        '<style:style style:name="ta2"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    grid = only(ods.read(flat(tables, styles)))
    assert (grid.name, grid.hidden) == ("底稿", True)


def test_our_own_review_is_kept_apart() -> None:
    def table(name: str, named: str) -> str:
        return (
            f'<table:table table:name="{name}"><table:named-expressions><table:named-range'
            f' table:name="{named}"/></table:named-expressions></table:table>'
        )

    tables = table("自评表", "year") + table("审核意见", REVIEW_SHEET) + table("附表", "year")
    book = ods.read(flat(tables))
    assert [sheet.name for sheet in book.sheets] == ["自评表", "附表"]
    assert [sheet.name for sheet in book.reviews] == ["审核意见"]


def test_widths_of_columns() -> None:
    tables = (
        '<table:table table:name="表"><table:table-column table:style-name="co1"/>'
        '<table:table-column table:style-name="co2" table:number-columns-repeated="2"/>'
        '<table:table-column table:style-name="co3" table:number-columns-repeated="16381"/>'
        "</table:table>"
    )
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width}"/></style:style>'
        for name, width in (("co1", "4.577cm"), ("co2", "1in"), ("co3", "100%"))
    )
    grid = only(ods.read(flat(tables, styles)))
    assert grid.widths == (Width(0, 0, 24.0), Width(1, 2, 13.0))


def test_a_password_is_named() -> None:
    manifest = '<manifest:file-entry><manifest:encryption-data manifest:checksum="x"/>'
    with pytest.raises(UnreadableWorkbook, match="设置了打开密码"):
        ods.read(packed(b"\x01\x02", manifest))


def test_a_text_document_is_none() -> None:
    text = (
        f"<office:document {NAMESPACES}><office:body><office:text/></office:body></office:document>"
    )
    with pytest.raises(UnreadableWorkbook, match="没有电子表格"):
        ods.read(packed(text.encode()))


def test_flat_files_are_told() -> None:
    assert ods.looks_like(rows(""))
    assert ods.looks_like(rows("").decode().encode("utf-16"))
    assert not ods.looks_like(b"<html><table>opendocument.spreadsheet")
    assert texts(only(ods.read(rows("").decode().encode("utf-16")))) == {}


ONE_ROW = (
    "<table:table-row><table:table-cell office:value-type='float' office:value='1'>"
    "<text:p>1</text:p></table:table-cell></table:table-row>"
)
REPEATED = (
    '<table:table-row table:number-rows-repeated="1048576"><table:table-cell'
    ' office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (rows(REPEATED), "填满了成片的行列"),
        (rows('<table:table-row><table:table-cell><text:p><text:s text:c="999999999"/>'), "过多"),
        (rows("<table:table-row-group>" * 100_000), "已损坏"),
        (rows(f'<table:table-row table:number-rows-repeated="{"9" * 5000}"/>'), "已损坏"),
        (flat('<table:table table:name="a"/>' * 1000), "工作表过多"),
        (rows(f'<table:table-row a="{"x" * 3_000_000}"/>'), "已损坏"),
        (rows("").replace(b"<office:document ", ENTITIES + b"<office:document "), "已损坏"),
        (b"PK\x03\x04", "已损坏"),
        (b"", "已损坏"),
    ],
)  # fmt: skip
def test_files_that_cost_too_much_or_are_broken(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableWorkbook, match=message):
        ods.read(data)


def test_of_a_large_list_only_the_beginning_is_read() -> None:
    row = (
        '<table:table-row table:number-rows-repeated="50"><table:table-cell>'
        "<text:p>台账</text:p></table:table-cell></table:table-row>"
    )
    data = rows(row * 500)
    assert len(only(ods.read(data, lambda texts: "台账" not in texts)).cells) == 300
    assert len(only(ods.read(data, lambda texts: "台账" in texts)).cells) == 25_000


@pytest.mark.parametrize("whole", [SELFEVAL.read_bytes(), rows(ONE_ROW)])
def test_whatever_is_broken_is_refused(whole: bytes) -> None:
    for broken in damaged(whole):
        try:
            assert ods.read(broken).sheets
        except UnreadableWorkbook:
            continue

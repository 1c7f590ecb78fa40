"""The XML spreadsheets of Excel 2003, as Excel writes them and as reporting systems do."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from read_grids import damaged, hidden, merges, only, texts

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.ours import REVIEW_SHEET
from xlsx_eval.reading.formats import xml2003
from xlsx_eval.reading.grid import Cell, Width

SELFEVAL = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:html="http://www.w3.org/TR/REC-html40">
 <DocumentProperties xmlns="urn:schemas-microsoft-com:office:office"><Author>甲</Author>
 </DocumentProperties>
 <Styles>
  <Style ss:ID="Default" ss:Name="Normal"><NumberFormat/></Style>
  <Style ss:ID="s62"><NumberFormat ss:Format="0.0%"/></Style>
  <Style ss:ID="s63" ss:Parent="s62"><Alignment/></Style>
  <Style ss:ID="s64"><NumberFormat ss:Format="Percent"/></Style>
  <Style ss:ID="s65"><NumberFormat ss:Format="&quot;≥&quot;0&quot;公里&quot;"/></Style>
  <Style ss:ID="s66"><NumberFormat ss:Format="Short Date"/></Style>
  <Style ss:ID="s67"><NumberFormat ss:Format="#,##0.00_ ;\\-#,##0.00\\ "/></Style>
 </Styles>
 <Names><NamedRange ss:Name="Print_Area" ss:RefersTo="=自评表!R1C1:R9C4"/></Names>
 <Worksheet ss:Name="自评表">
  <Table ss:ExpandedColumnCount="6" ss:ExpandedRowCount="20" x:FullColumns="1">
   <Column ss:Width="80"/>
   <Column ss:Index="4" ss:StyleID="s62"/>
   <Column ss:Index="6" ss:Hidden="1" ss:Span="2"/>
   <Row ss:Height="30">
    <Cell ss:MergeAcross="3"><Data ss:Type="String">项目支出绩效自评表</Data></Cell>
    <Cell><Data ss:Type="String">注</Data></Cell>
   </Row>
   <Row>
    <Cell ss:MergeDown="1"><Data ss:Type="String">项目资金&#10;(万元)</Data></Cell>
    <Cell ss:StyleID="s67"><Data ss:Type="Number">206.20000000000002</Data>
     <NamedCell ss:Name="Print_Area"/></Cell>
    <Cell ss:Formula="=SUM(R[-1]C)"><Data ss:Type="Number">1.0E-2</Data></Cell>
    <Cell><Data ss:Type="Number">0.95155</Data></Cell>
   </Row>
   <Row>
    <Cell ss:Index="2" ss:StyleID="s63"><Data ss:Type="Number">0.5</Data></Cell>
    <Cell ss:StyleID="s64"><Data ss:Type="Number">1</Data></Cell>
    <Cell ss:Index="6"><Data ss:Type="String">藏</Data></Cell>
   </Row>
   <Row ss:Index="6" ss:Hidden="1">
    <Cell ss:StyleID="s65"><Data ss:Type="Number">320.5</Data></Cell>
    <Cell ss:StyleID="s66"><Data ss:Type="DateTime">2022-03-15T00:00:00.000</Data></Cell>
    <Cell ss:StyleID="s66"><Data ss:Type="Number">44635</Data></Cell>
   </Row>
   <Row ss:StyleID="s64">
    <Cell><Data ss:Type="Number">0.9</Data></Cell>
    <Cell><Data ss:Type="Boolean">1</Data></Cell>
    <Cell><Data ss:Type="Error">#REF!</Data></Cell>
    <Cell ss:Formula="=R[-1]C"/>
   </Row>
   <Row ss:Span="2"/>
   <Row>
    <Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>凭证</B><Font
     html:Color="#FF0000">记-12</Font></ss:Data><Comment ss:Author="乙"><ss:Data
     xmlns="http://www.w3.org/TR/REC-html40"><B>乙:</B>批注</ss:Data></Comment></Cell>
    <Cell><Data ss:Type="String">0730-8888</Data><PhoneticText>x</PhoneticText></Cell>
    <Cell><Data ss:Type="String">041400</Data></Cell>
   </Row>
  </Table>
  <WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Selected/></WorksheetOptions>
 </Worksheet>
 <Worksheet ss:Name="底稿">
  <Table><Row><Cell><Data ss:Type="String">数</Data></Cell></Row></Table>
  <WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">
   <Visible>SheetVeryHidden</Visible></WorksheetOptions>
 </Worksheet>
</Workbook>
"""
CHINESE = {
    "utf-8": ("", "utf-8"),
    "utf-8 with its mark": ("", "utf-8-sig"),
    "utf-16": ('encoding="UTF-16"', "utf-16"),
    "gbk": ('encoding="gbk"', "gbk"),
    "characters that gb2312 lacks": ('encoding="gb2312"', "gbk"),
    "gb18030 that is not declared": ("", "gb18030"),
}


def rows(content: str) -> bytes:
    return f"""<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="表"><Table>{content}
</Table></Worksheet></Workbook>""".encode()


def first_cell(data: str, attributes: str = "") -> Cell:
    content = f"<Row><Cell {attributes}>{data}</Cell></Row>"
    return only(xml2003.read(rows(content))).cells[0, 0]


def test_a_workbook_of_excel() -> None:
    form, notes = xml2003.read(SELFEVAL.encode()).sheets
    assert (form.name, form.hidden, notes.name, notes.hidden) == ("自评表", False, "底稿", True)
    assert texts(form) == {
        "A1": "项目支出绩效自评表", "E1": "注",
        "A2": "项目资金\n(万元)", "B2": "206.2", "C2": "0.01", "D2": "95.155%",
        "B3": "50.0%", "C3": "100.00%", "F3": "藏",
        "A6": "≥320.5公里", "B6": "2022-03-15", "C6": "2022-03-15",
        "A7": "90.00%", "B7": "TRUE", "C7": "#REF!", "D7": "=R[-1]C",
        "A11": "凭证记-12", "B11": "0730-8888", "C11": "041400",
    }  # fmt: skip
    assert merges(form) == {"A1:D1", "A2:A3"}
    assert hidden(form) == {"F3", "A6", "B6", "C6"}
    assert form.cells[1, 2].formula == "=SUM(R[-1]C)"
    assert form.cells[1, 3].raw == 0.95155
    assert form.cells[5, 1].raw == date(2022, 3, 15)
    assert form.cells[6, 1].raw is True
    assert (form.cells[6, 2].raw, form.cells[6, 2].error) == (None, "#REF!")
    assert form.cells[6, 3].raw is None


@pytest.mark.parametrize(
    ("data", "raw", "text"),
    [
        ('<Data ss:Type="Number">206.2</Data>', 206.2, "206.2"),
        ('<Data ss:Type="Number">约200</Data>', "约200", "约200"),
        ('<Data ss:Type="Number">INF</Data>', "INF", "INF"),
        ('<Data ss:Type="String">200</Data>', "200", "200"),
        ('<Data ss:Type="String">&lt;5 &amp; 甲</Data>', "<5 & 甲", "<5 & 甲"),
        ('<Data ss:Type="String"><![CDATA[<甲>]]></Data>', "<甲>", "<甲>"),
        ('<Data ss:Type="DateTime">1899-12-31T09:30:00.000</Data>', time(9, 30), "09:30:00"),
        (
            '<Data ss:Type="DateTime">2022-03-15T14:30:00.000</Data>',
            datetime(2022, 3, 15, 14, 30),  # noqa: DTZ001
            "2022-03-15 14:30:00",
        ),
        ('<Data ss:Type="DateTime">2022年3月</Data>', "2022年3月", "2022年3月"),
    ],
)
def test_types(data: str, raw: object, text: str) -> None:
    cell = first_cell(data)
    assert (cell.raw, cell.text) == (raw, text)


def test_a_blank_cell_may_be_merged() -> None:
    grid = only(
        xml2003.read(
            rows(
                '<Row><Cell ss:MergeAcross="2" ss:MergeDown="1"/><Cell><Data ss:Type="Number"/>'
                '</Cell><Cell><Data ss:Type="String">甲</Data></Cell></Row>'
            )
        )
    )
    assert texts(grid) == {"E1": "甲"}
    assert merges(grid) == {"A1:C2"}


@pytest.mark.parametrize(("declared", "encoding"), CHINESE.values(), ids=CHINESE)
def test_encodings(declared: str, encoding: str) -> None:
    content = rows('<Row><Cell><Data ss:Type="String">喆镕</Data></Cell></Row>').decode()
    data = f'<?xml version="1.0" {declared}?>\n<!-- 导出 -->\n{content}'.encode(encoding)
    assert xml2003.looks_like(data)
    assert texts(only(xml2003.read(data))) == {"A1": "喆镕"}


def test_prefixes_are_a_matter_of_taste() -> None:
    data = (
        b'<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        b'<ss:Worksheet ss:Name="a"><ss:Table><ss:Row><ss:Cell><ss:Data ss:Type="Number">1'
        b"</ss:Data></ss:Cell></ss:Row></ss:Table></ss:Worksheet></ss:Workbook>"
    )
    assert xml2003.looks_like(data)
    assert texts(only(xml2003.read(data))) == {"A1": "1"}


def test_other_files_are_told() -> None:
    assert xml2003.looks_like(b"  \r\n" + SELFEVAL.encode())
    assert not xml2003.looks_like(b"<html><body>Workbook</body></html>")
    assert not xml2003.looks_like(b"PK\x03\x04 <Workbook")


ENTITIES = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
TEXT = '<Row><Cell><Data ss:Type="String">'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "已损坏"),
        (SELFEVAL.encode()[:-12], "已损坏"),
        (b"<Workbook/>", "已损坏"),
        (ENTITIES + rows(f"{TEXT}&b;</Data></Cell></Row>"), "已损坏"),
        (rows(TEXT + "<B>" * 100_000), "已损坏"),
        (rows('<Row><Cell ss:Index="99999999999">甲</Cell></Row>' + TEXT), "已损坏"),
        (rows(f'<Row ss:Index="9999999"/>{TEXT}甲</Data></Cell></Row>'), "已损坏"),
        (rows('<Row ss:Index="x"/>'), "已损坏"),
        (rows(TEXT + "字" * 20_000_000 + "</Data></Cell></Row>"), "文字过多"),
    ],
)  # fmt: skip
def test_files_that_cost_too_much_or_are_broken(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableWorkbook, match=message):
        xml2003.read(data)


def test_columns_hidden_again_and_again_cost_nothing() -> None:
    columns = '<Column ss:Index="1" ss:Span="16383" ss:Hidden="1" ss:StyleID="a"/>' * 20_000
    grid = only(xml2003.read(rows(f"{columns}{TEXT}甲</Data></Cell></Row>")))
    assert hidden(grid) == {"A1"}


def test_widths_of_columns() -> None:
    columns = '<Column ss:Width="129.75"/><Column ss:Index="4" ss:Span="1" ss:Width="0"/>'
    grid = only(
        xml2003.read(rows(f'{columns}<Column ss:Width="wide"/>{TEXT}甲</Data></Cell></Row>'))
    )
    assert grid.widths == (Width(0, 0, 24.0), Width(3, 4, 0.0))


def test_of_a_large_list_only_the_beginning_is_read() -> None:
    data = rows(f"{TEXT}台账</Data></Cell></Row>" * 20_500)
    assert len(only(xml2003.read(data, lambda texts: "台账" not in texts)).cells) == 300
    assert len(only(xml2003.read(data, lambda texts: "台账" in texts)).cells) == 20_500


def test_whatever_is_broken_is_refused() -> None:
    for broken in damaged(SELFEVAL.encode()):
        try:
            assert xml2003.read(broken).sheets
        except UnreadableWorkbook:
            continue


def test_our_own_review_is_kept_apart() -> None:
    names = f'<Names><NamedRange ss:Name="{REVIEW_SHEET}" ss:RefersTo="=审核意见!R1C1"/></Names>'
    review = f'<Worksheet ss:Name="审核意见">{names}<Table/></Worksheet></Workbook>'
    book = xml2003.read(SELFEVAL.replace("</Workbook>", review).encode())

    assert [sheet.name for sheet in book.reviews] == ["审核意见"]
    assert "审核意见" not in [sheet.name for sheet in book.sheets]

"""Web pages under the name .xls: Excel's own, and exports of reporting systems."""

from __future__ import annotations

from datetime import date

import pytest
from read_grids import damaged, hidden, merges, only, texts

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.formats import webpage
from xlsx_eval.reading.grid import Cell, Grid

OF_EXCEL = r"""<html xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:x="urn:schemas-microsoft-com:office:excel"
xmlns="http://www.w3.org/TR/REC-html40">

<head>
<meta http-equiv=Content-Type content="text/html; charset=gb2312">
<meta name=ProgId content=Excel.Sheet>
<style>
<!--table
	{mso-displayed-decimal-separator:"\.";}
.xl24
	{mso-style-parent:style0;
	mso-number-format:"0\.0%";}
.xl25, .xl26
	{mso-number-format:"yyyy\0022年\0022m\0022月\0022d\0022日\0022\;\@";}
.xl27
	{mso-number-format:"\@";}
.xl28
	{mso-number-format:"0\0022公里\0022";}
-->
</style>
<!--[if gte mso 9]><xml>
 <x:ExcelWorkbook>
  <x:ExcelWorksheets>
   <x:ExcelWorksheet>
    <x:Name>自评&amp;表</x:Name>
    <x:WorksheetOptions><x:Selected/></x:WorksheetOptions>
   </x:ExcelWorksheet>
  </x:ExcelWorksheets>
 </x:ExcelWorkbook>
</xml><![endif]-->
</head>

<body link=blue vlink=purple>

<table x:str border=0 cellpadding=0 cellspacing=0 width=432 style='border-collapse:
 collapse;table-layout:fixed;width:324pt'>
 <col width=72 span=2 style='width:54pt'>
 <col width=0 style='display:none;mso-width-source:userset'>
 <col width=72 style='width:54pt'>
 <tr height=19 style='height:14.25pt'>
  <td colspan=4 height=19 class=xl30 width=288 style='height:14.25pt;width:216pt'><a
  name="Print_Area">项目支出绩效自评表</a></td>
 </tr>
 <tr height=19 style='height:14.25pt'>
  <td rowspan=2 height=38>项目<br>
    名称</td>
  <td class=xl24 align=right x:num="0.95155">95.2%</td>
  <td>隐藏列</td>
  <td class=xl26 align=right x:num="44635">2022年3月15日</td>
 </tr>
 <tr height=19 style='display:none'>
  <td x:num="206.19999999999999"><span style='mso-spacerun:yes'>&nbsp;&nbsp; </span>206.20 </td>
  <td></td>
  <td class=xl27>0730</td>
 </tr>
 <tr height=19>
  <td colspan=3 style='mso-ignore:colspan'>一段写出格子的说明</td>
  <td x:num x:fmla="=SUM(B2:B3)">12</td>
 </tr>
 <tr height=19>
  <td align=center x:err="#REF!">#REF!</td>
  <td class=xl28 x:num="320.5">321公里</td>
  <td x:num x:fmla="=SUM(B2:B3)"></td>
  <td align=center x:bool="TRUE">TRUE</td>
 </tr>
 <tr height=19>
  <td x:str="记-12&#10;记-13 "><span style='mso-spacerun:yes'> </span>记-12<br>
    记-13 </td>
  <td height=19><!--[if gte vml 1]><v:shape>图形</v:shape><![endif]--><![if !vml]><span
  style='mso-ignore:vglayout;position:absolute'><table><tr><td>甲</td><td>乙</td></tr></table>
  </span><![endif]><span style='mso-ignore:vglayout2'>
  <table cellpadding=0 cellspacing=0>
   <tr>
    <td height=19 class=xl24 x:num="0.5">50.0%</td>
   </tr>
  </table>
  </span></td>
  <td>50</td>
 </tr>
 <![if supportMisalignedColumns]>
 <tr height=0 style='display:none'><td width=72 style='width:54pt'></td></tr>
 <![endif]>
</table>

</body>

</html>
"""


def read(page: str) -> Grid:
    return only(webpage.read(page.encode()))


def row(cells: str) -> Grid:
    return read(f"<table><tr>{cells}</tr></table>")


def first_cell(cell: str) -> Cell:
    return row(cell).cells[0, 0]


def test_a_page_of_excel() -> None:
    grid = only(webpage.read(OF_EXCEL.replace("\n", "\r\n").encode("gbk")))
    assert grid.name == "自评&表"
    assert texts(grid) == {
        "A1": "项目支出绩效自评表",
        "A2": "项目\n名称", "B2": "95.155%", "C2": "隐藏列", "D2": "2022-03-15",
        "B3": "206.2", "D3": "0730",
        "A4": "一段写出格子的说明", "D4": "12",
        "A5": "#REF!", "B5": "320.5公里", "C5": "=SUM(B2:B3)", "D5": "TRUE",
        "A6": "记-12\n记-13 ", "B6": "50.0%", "C6": "50",
    }  # fmt: skip
    assert merges(grid) == {"A1:D1", "A2:A3"}
    assert hidden(grid) == {"C2", "B3", "D3", "C5", "C6"}
    assert grid.cells[1, 3].raw == date(2022, 3, 15)
    assert grid.cells[3, 3].formula == "=SUM(B2:B3)"
    assert (grid.cells[4, 0].raw, grid.cells[4, 0].error) == (None, "#REF!")
    assert grid.cells[4, 2].raw is None
    assert grid.cells[5, 2].raw == "50"


@pytest.mark.parametrize(
    ("cell", "text", "raw"),
    [
        ("<td>206.20", "206.20", 206.2),
        ("<td>1,234.50", "1,234.50", 1234.5),
        ("<td>-5", "-5", -5),
        ("<td>0", "0", 0),
        ("<td>001", "001", "001"),
        ("<td>0730-8888888", "0730-8888888", "0730-8888888"),
        ("<td>430602199001011234", "430602199001011234", "430602199001011234"),
        ("<td>1,23", "1,23", "1,23"),
        ("<td>98%", "98%", "98%"),
        ("<td>≥95%", "≥95%", "≥95%"),
        ("<td>1e5", "1e5", "1e5"),
        ("""<td style='mso-number-format:"\\@"'>414000""", "414000", "414000"),
        ("<td style='vnd.ms-excel.numberformat:@'>414000", "414000", "414000"),
        ("<td x:str>414000", "414000", "414000"),
        ('<td x:str="x:str">414000', "414000", "414000"),
        ('<td x:num="x:num">5', "5", 5),
        ("<td x:num>约5", "约5", "约5"),
        ('<td sdval="206.25" sdnum="1033;0;0">206', "206.25", 206.25),
        ('<td sdval="44635" sdnum="1033;0;YYYY-MM-DD">2022-03-15', "2022-03-15", date(2022, 3, 15)),
        ('<td sdval="0" sdnum="1033;">#DIV/0!', "#DIV/0!", None),
        ('<td data-t="n" data-v="0.98765" data-z="0%">99%', "98.765%", 0.98765),
        ('<td data-t="s" data-v="001">12', "12", "12"),
        ("<td>#N/A", "#N/A", None),
    ],
)
def test_numbers_and_what_only_looks_like_them(cell: str, text: str, raw: object) -> None:
    found = first_cell(cell)
    assert (found.text, found.raw) == (text, raw)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("  甲\n\t 乙  ", "甲 乙"),
        ("甲<br>\n  乙<BR/>丙", "甲\n乙\n丙"),
        ("<p>甲</p><p>乙</p>", "甲\n乙"),
        ("<div>甲<br></div><div><br></div>乙", "甲\n\n乙"),
        ("&lt;5&nbsp;万元&nbsp;&amp;&#20803;", "<5 万元 &元"),
        ("a&nbsp;&nbsp;b", "a  b"),
        ("<b>甲</b><font color=red>乙</font>", "甲乙"),
        ("甲<!-- <td>注</td> -->乙<script>'</td>'</script>", "甲乙"),
        ("甲<span style='display: none'>藏<span>藏</span></span>乙", "甲乙"),
        ("数量<5 且 > 3", "数量<5 且 > 3"),
        ("<a class=comment-indicator></a><comment>批注</comment>甲", "甲"),
        ("<table><tr><td>甲</td></tr></table>", "甲"),
        ("签字：<table><tr><td>甲</td></tr></table>", "签字：\n甲"),
    ],
)
def test_text_as_a_browser_shows_it(content: str, text: str) -> None:
    assert first_cell(f"<td>{content}</td>").text == text


def test_a_blank_cell_is_none() -> None:
    assert texts(row("<td>&nbsp;</td><td> </td><td style='display:none'>藏</td><td>甲")) == {
        "D1": "甲"
    }


def test_tables_and_the_texts_between_them_stand_below_each_other() -> None:
    grid = read(
        "<title>导出</title><h2>自评报告</h2>单位：万元<br>2022年"
        "<table><caption>表一</caption><tr><th>甲<th>乙</table>"
        "<p>二、支出明细</p><table><tr><td>丙</table>完"
    )
    assert texts(grid) == {
        "A1": "自评报告",
        "A2": "单位：万元",
        "A3": "2022年",
        "A4": "表一",
        "A5": "甲",
        "B5": "乙",
        "A6": "二、支出明细",
        "A7": "丙",
        "A8": "完",
    }


def test_cells_that_reach_over_rows_and_columns() -> None:
    grid = read(
        "<table><tr><td rowspan=3>甲<td colspan=2>乙<td rowspan=0>丙"
        "<tr><td>丁<td rowspan=9>戊<tr><td>己</tr></table>"
    )
    assert texts(grid) == {"A1": "甲", "B1": "乙", "D1": "丙", "B2": "丁", "C2": "戊", "B3": "己"}
    assert merges(grid) == {"A1:A3", "B1:C1", "D1:D3", "C2:C3"}


def test_no_cell_reaches_out_of_the_head() -> None:
    grid = read("<table><thead><tr><th rowspan=2>甲<th>乙</thead><tbody><tr><td>丙<td>丁</table>")
    assert texts(grid) == {"A1": "甲", "B1": "乙", "A2": "丙", "B2": "丁"}
    assert merges(grid) == set()


def test_a_table_for_the_layout_makes_room_for_those_in_it() -> None:
    grid = read(
        "<table><tr><td>导航<table><tr><td>甲<td colspan=2>乙<tr><td>丙<td>丁</table></td>"
        "<td>右</td></tr><tr><td>下</td></tr></table>"
    )
    assert texts(grid) == {
        "A1": "导航", "D1": "右", "A2": "甲", "B2": "乙", "A3": "丙", "B3": "丁", "A4": "下"
    }  # fmt: skip
    assert merges(grid) == {"B2:C2"}


def test_a_table_that_was_not_closed_ends_where_the_next_begins() -> None:
    assert texts(read("<table><tr><td>甲</td></tr><table><tr><td>乙</table>")) == {
        "A1": "甲",
        "A2": "乙",
    }
    assert texts(read("<body><table><tr><td>甲</body>")) == {"A1": "甲"}


def test_libreoffice_heads_each_sheet_with_its_name() -> None:
    first, second = webpage.read(
        b'<html><body><hr><p><center><h1>Overview</h1><A HREF="#table0">a</A></center></p>'
        b'<A NAME="table0"><h1>Sheet 1: <em>a&amp;b</em></h1></A><table><tr><td>1</table>'
        b'<A NAME="table1"><h1>Sheet 2: <em>c</em></h1></A><table><tr><td>2</table></body></html>'
    ).sheets
    assert (first.name, texts(first)) == ("a&b", {"A1": "1"})
    assert (second.name, texts(second)) == ("c", {"A1": "2"})


PAGE = "<html><head>{}</head><body><table><tr><td>喆镕单位</td></tr></table></body></html>"
ENCODINGS = {
    "utf-8": ('<meta charset="utf-8">', "utf-8"),
    "utf-8 with its mark": ("", "utf-8-sig"),
    "utf-8 that is not declared": ("", "utf-8"),
    "utf-8 declared as gb2312": ("<meta charset=gb2312>", "utf-8"),
    "gbk": ('<meta http-equiv=Content-Type content="text/html; charset=gbk">', "gbk"),
    "characters that gb2312 lacks": ("<meta charset=gb2312>", "gbk"),
    "gb18030 that is not declared": ("", "gb18030"),
    "utf-16": ("", "utf-16"),
    "utf-16 declared in vain": ("<meta charset=unicode>", "utf-8"),
    "a codec that is no encoding": ("<meta charset=zlib_codec>", "utf-8"),
}


@pytest.mark.parametrize(("declared", "encoding"), ENCODINGS.values(), ids=ENCODINGS)
def test_encodings(declared: str, encoding: str) -> None:
    data = PAGE.format(declared).encode(encoding)
    assert webpage.looks_like(data)
    assert texts(only(webpage.read(data))) == {"A1": "喆镕单位"}


def test_one_broken_character_breaks_no_page() -> None:
    data = "<meta charset=utf-8><table><tr><td>甲".encode() + b"\xe4\xb8<td>206.2</table>"
    assert texts(only(webpage.read(data))) == {"A1": "甲\ufffd", "B1": "206.2"}


@pytest.mark.parametrize(
    ("data", "page"),
    [
        (b"\xef\xbb\xbf\r\n <!DOCTYPE html><html>", True),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C"><html>', True),
        (b"<!-- export --><table border=1>", True),
        (b"<meta charset=utf-8><table>", True),
        (b"<TABLE><TR>", True),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:x">', False),
        (b'<?xml version="1.0"?><office:document>', False),
        (b"a,b,<table>", False),
        (b"PK\x03\x04<html>", False),
        (b"<!---->" * 500, False),
        (b"", False),
    ],
)
def test_pages_are_told(data: bytes, page: bool) -> None:
    assert webpage.looks_like(data) == page


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("<html><body>登录已过期</body></html>", "没有表格"),
        ('<html><frameset><frame src="a.files/sheet001.htm"></frameset></html>', "只是网页的框架"),
        ("<table><tr><td>12", "已损坏"),
        ("<table><tr><td>12</td></tr><td cla", "已损坏"),
        ("<table><tr><td>12</td></tr><!-- ", "已损坏"),
        ("<table><tr><td>" * 100_000, "已损坏"),
        ("<table>" + "<tr><td colspan=1000000 rowspan=65534>甲" * 1000 + "</table>", "已损坏"),
        ("<table>" + "<td colspan=1000 rowspan=65534>" * 16 + "<tr>" * 9999 + "</table>", "合并"),
        ("<table>" + "<tr>" * 4_000_001, "行列或格式过多"),
    ],
)  # fmt: skip
def test_pages_that_cost_too_much_or_hold_nothing(page: str, message: str) -> None:
    with pytest.raises(UnreadableWorkbook, match=message):
        read(page)


@pytest.mark.parametrize(
    "page",
    [
        "<a " * 300_000,
        '<a ="' * 300_000,
        "<!--" * 300_000,
        "<script>" * 300_000,
        "<style>" + ".a{" * 300_000,
        "<td>" + "<b> </b>" * 30_000,
        "<td style='" + "mso-number-format" * 30_000 + "'>",
        "<div>" * 30_000,
    ],
)
def test_no_page_takes_longer_than_it_is_long(page: str) -> None:
    with pytest.raises(UnreadableWorkbook):
        read(page)


def test_of_a_large_list_only_the_beginning_is_read() -> None:
    page = "<table>" + "<tr><td>台账</td></tr>" * 20_100 + "</table>"
    short = webpage.read(page.encode(), lambda texts: "台账" not in texts)
    assert len(only(short).cells) == 300
    whole = webpage.read(page.encode(), lambda texts: "台账" in texts)
    assert len(only(whole).cells) == 20_100


def test_a_broken_page_is_read_or_refused() -> None:
    for broken in damaged(OF_EXCEL.encode("gbk")):
        try:
            assert webpage.read(broken).sheets
        except UnreadableWorkbook:
            continue


def test_a_page_cut_off_in_its_table_is_refused() -> None:
    table = OF_EXCEL[: OF_EXCEL.rindex("</table>")]
    begin = table.index("<table x:str")
    for end in range(begin + 20, len(table), 37):
        with pytest.raises(UnreadableWorkbook):
            read(table[:end])

"""The parts of one sheet as other programs write them: cells, comments, tables, controls."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
THREADED = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"

MERGES = ("A1:C2", "B4:B5", "D1:E3")  # none over another
CONDITIONS = {
    "scale": '<§cfRule type="colorScale" priority="2"><§colorScale><§cfvo type="min"/>'
    '<§cfvo type="max"/><§color rgb="FFF8696B"/><§color rgb="FF63BE7B"/></§colorScale></§cfRule>',
    "fill": '<§cfRule type="expression" dxfId="0" priority="1" stopIfTrue="1">'
    "<§formula>TRUE</§formula></§cfRule>",
    "font": '<§cfRule type="cellIs" dxfId="1" priority="3" operator="lessThan">'
    "<§formula>0</§formula></§cfRule>",
    "bar": '<§cfRule type="dataBar" priority="4"><§dataBar><§cfvo type="min"/><§cfvo type="max"/>'
    '<§color rgb="FF638EC6"/></§dataBar></§cfRule>',
}


@dataclass(frozen=True)
class Tab:
    """A sheet. `rows` hold the XML of cells without address, None for a cell that is not there."""

    name: str
    kind: str = "worksheet"
    state: str = ""
    rows: tuple[tuple[str | None, ...] | None, ...] = ()
    addressed: str = "all"  # all, rows, none: who says where it stands
    spans: bool = False
    row_style: int = 0
    column_style: int = 0
    dimension: str = ""
    selected: bool = False
    merges: tuple[str, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()  # the cell, and how its text is written
    boxes: bool = True  # comments have their shapes
    drawing: str = ""  # "", "button" or "unclosed": what else stands in the drawing of comments
    conditions: tuple[tuple[str, str], ...] = ()
    extras: frozenset[str] = frozenset()
    odd_order: bool = False
    layout: str = ""  # "", "lines" or "quotes": how the sheet's XML is laid out


class Writer(Protocol):
    """What a sheet needs of the workbook's writer."""

    content: dict[str, str | bytes]

    def add(self, name: str, kind: str, text: str) -> None: ...

    def root(self, name: str) -> str: ...

    def relations(self, part: str, targets: list[tuple[str, str, str]]) -> None: ...


class SheetParts:
    """One sheet's parts."""

    def __init__(self, writer: Writer, tab: Tab, number: int) -> None:
        self.writer, self.tab, self.number = writer, tab, number
        self.related: list[tuple[str, str, str]] = []

    def write(self) -> None:
        part = f"xl/{self.tab.kind}s/sheet{self.number}.xml"
        kind = f"{SPREADSHEET}.{self.tab.kind}+xml"
        chart = self.tab.kind != "worksheet"
        text = self._chartsheet() if chart else self._worksheet()
        if self.tab.layout == "lines":
            text = text.replace("><", ">\r\n\t<")
        if self.tab.layout == "quotes":
            text = re.sub(r'="([^"\']*)"', r" = '\1' ", text)
        self.writer.add(part, kind, text)
        self.writer.relations(part, self.related)

    def _views(self) -> str:
        selected = ' tabSelected="1"' * self.tab.selected
        return f'<§sheetViews><§sheetView{selected} workbookViewId="0"/></§sheetViews>'

    def _chartsheet(self) -> str:
        root = self.writer.root("chartsheet")
        name = f"xl/drawings/drawing{self.number}.xml"
        self.related.append(("rIdD", "drawing", name))
        kind = "application/vnd.openxmlformats-officedocument.drawing+xml"
        self.writer.add(name, kind, f'<d:wsDr xmlns:d="{DRAWING}"/>')
        return (
            f'<{root}>{self._views()}<§pageMargins left="1"/><§drawing r:id="rIdD"/></§chartsheet>'
        )

    def _worksheet(self) -> str:
        tab = self.tab
        pieces = {
            "dimension": f'<§dimension ref="{tab.dimension}"/>' if tab.dimension else "",
            "sheetViews": self._views() if tab.selected or self.number == 1 else "",
            "cols": f'<§cols><§col min="2" max="3" width="20" style="{tab.column_style}"/></§cols>'
            if tab.column_style
            else "",
            "sheetData": self._data(),
            "sheetProtection": '<§sheetProtection sheet="1" password="CC1A"/>',
            "mergeCells": "".join(f'<§mergeCell ref="{ref}"/>' for ref in tab.merges),
            "conditionalFormatting": "".join(
                f'<§conditionalFormatting sqref="{where}">{CONDITIONS[kind]}'
                "</§conditionalFormatting>"
                for kind, where in tab.conditions
            ),
            "hyperlinks": '<§hyperlinks><§hyperlink ref="A1" r:id="rIdL"/></§hyperlinks>',
            "headerFooter": "<§headerFooter><§oddFooter>&amp;C第 &amp;P 页</§oddFooter>"
            "</§headerFooter>",
            "legacyDrawing": '<§legacyDrawing r:id="rIdV"/>',
            "controls": f'<mc:AlternateContent xmlns:mc="{COMPATIBILITY}"><mc:Choice '
            f'Requires="x14" xmlns:x14="{X14}"><§controls><§control shapeId="1030" r:id="rIdC" '
            'name="按钮 1"/></§controls></mc:Choice></mc:AlternateContent>',
            "tableParts": '<§tableParts count="1"><§tablePart r:id="rIdT"/></§tableParts>',
            "extLst": self._extensions(),
        }
        if tab.merges:
            pieces["mergeCells"] = f"<§mergeCells>{pieces['mergeCells']}</§mergeCells>"
        names = {"protection": "sheetProtection", "links": "hyperlinks", "header": "headerFooter",
                 "controls": "controls", "table": "tableParts", "x14": "extLst"}  # fmt: skip
        for extra, name in names.items():
            if not any(each.startswith(extra) for each in tab.extras):
                pieces[name] = ""
        self._companions(pieces)
        order = list(pieces)
        if tab.odd_order:  # the rows first, the rest backwards
            order = ["sheetData", *[name for name in reversed(order) if name != "sheetData"]]
        noise = "<!-- 注释 <c r='A1'> --><?处理 指令?>" if "noise" in tab.extras else ""
        inside = noise.join(pieces[name] for name in order)
        return f"<{self.writer.root('worksheet')}>{noise}{inside}{noise}</§worksheet>"

    def _data(self) -> str:
        rows = []
        for number, row in enumerate(self.tab.rows, 1):
            if row is None and self.tab.addressed != "none":
                continue
            address = f' r="{number}"' * (self.tab.addressed != "none")
            spans = f' spans="1:{max(len(row or ()), 1)}"' * self.tab.spans
            style = f' s="{self.tab.row_style}" customFormat="1"' if self.tab.row_style else ""
            cells = "".join(self._cell(number, *each) for each in enumerate(row or (), 1))
            rows.append(f"<§row{address}{spans}{style}>{cells}</§row>")
        return f"<§sheetData>{''.join(rows)}</§sheetData>" if rows else "<§sheetData/>"

    def _cell(self, row: int, column: int, cell: str | None) -> str:
        if self.tab.addressed == "all":
            address = f' r="{chr(64 + column)}{row}"'
            return "" if cell is None else cell.replace("<§c", f"<§c{address}", 1)
        return "<§c/>" if cell is None else cell

    def _extensions(self) -> str:
        """Conditional formats of Excel 2010: a bar, or a fill."""
        rule = '<x14:cfRule type="dataBar" id="{00000000-0001}"><x14:dataBar/></x14:cfRule>'
        if "x14 fill" in self.tab.extras:
            rule = (
                '<x14:cfRule type="expression" priority="1" id="{00000000-0002}"><xm:f>TRUE</xm:f>'
                '<x14:dxf><§fill><§patternFill><§bgColor rgb="FF00FF00"/></§patternFill></§fill>'
                "</x14:dxf></x14:cfRule>"
            )
        return (
            f'<§extLst><§ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x14="{X14}">'
            f'<x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="{XM}">'
            f"{rule}<xm:sqref>A3:B4</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"
            "</§ext></§extLst>"
        )

    def _companions(self, pieces: dict[str, str]) -> None:
        """The parts that belong to the sheet."""
        number, extras, add = self.number, self.tab.extras, self.writer.add
        if "table" in extras:
            self.related.append(("rIdT", "table", f"xl/tables/table{number}.xml"))
            add(f"xl/tables/table{number}.xml", f"{SPREADSHEET}.table+xml", self._table())
        if "links" in extras:
            self.related.append(("rIdL", "hyperlink", "http://example.org/a?b=1&c=2"))
        if "controls" in extras:
            self.related.append(("rIdC", "ctrlProp", f"xl/ctrlProps/ctrlProp{number}.xml"))
            kind = "application/vnd.ms-excel.controlproperties+xml"
            add(f"xl/ctrlProps/ctrlProp{number}.xml", kind, '<formControlPr objectType="Button"/>')
        if self.tab.comments:
            self.related.append(("rIdK", "comments", f"xl/comments{number}.xml"))
            add(f"xl/comments{number}.xml", f"{SPREADSHEET}.comments+xml", self._comments())
        if any(way == "thread" for _, way in self.tab.comments):
            self.related.append(("rIdH", THREADED, f"xl/threadedComments/threaded{number}.xml"))
            kind = "application/vnd.ms-excel.threadedcomments+xml"
            add(f"xl/threadedComments/threaded{number}.xml", kind, self._threads())
        if not (self._noted() or self.tab.drawing or "controls" in extras):
            pieces["legacyDrawing"] = ""
            return
        self.related.append(("rIdV", "vmlDrawing", f"xl/drawings/vmlDrawing{number}.vml"))
        name = f"xl/drawings/vmlDrawing{number}.vml"
        self.writer.content[name] = self._drawing()

    def _table(self) -> str:
        return (
            f'<{self.writer.root("table")} id="{self.number}" name="表{self.number}" '
            f'displayName="表{self.number}" ref="A1:B2"><§tableColumns count="2">'
            '<§tableColumn id="1" name="甲"/><§tableColumn id="2" name="乙"/></§tableColumns>'
            "</§table>"
        )

    def _comments(self) -> str:
        ways = {
            "plain": "<§t>财务：与账面一致 &amp; 已核</§t>",
            "rich": '<§r><§rPr><§b/><§sz val="9"/></§rPr><§t>张会计:</§t></§r><§r><§t '
            'xml:space="preserve">\n 见凭证 </§t></§r>',
            "empty": "",
            "cdata": "<§t><![CDATA[1 < 2 & 3]]></§t>",
            "thread": "<§t>[线程批注]\n你的 Excel 版本可读取此批注。</§t>",
        }
        listed = "".join(
            f'<§comment ref="{cell}" authorId="{number % 2}" shapeId="0"><§text>{ways[way]}</§text>'
            "</§comment>"
            for number, (cell, way) in enumerate(self.tab.comments)
        )
        authors = "<§author>张会计</§author><§author/>"
        return (
            f"<{self.writer.root('comments')}><§authors>{authors}</§authors>"
            f"<§commentList>{listed}</§commentList></§comments>"
        )

    def _threads(self) -> str:
        listed = "".join(
            f'<threadedComment ref="{cell}" id="{{{cell}}}"><text>请核对</text></threadedComment>'
            for cell, way in self.tab.comments
            if way == "thread"
        )
        return f'<ThreadedComments xmlns="{THREADS}">{listed}</ThreadedComments>'

    def _noted(self) -> list[str]:
        return [ref for ref, _ in self.tab.comments] if self.tab.boxes else []

    def _drawing(self) -> str:
        block, cells = self.number, self._noted()
        shapes = [_shape(block * 1024 + 1 + n, "Note", ref) for n, ref in enumerate(cells)]
        if self.tab.drawing or "controls" in self.tab.extras:
            shapes.append(_shape(block * 1024 + 100, "Button", "C3"))
        if self.tab.drawing == "unclosed":
            shapes.append(shapes[-1].replace("<v:fill/>", "<br>按钮<v:fill/>").replace(
                str(block * 1024 + 100), str(block * 1024 + 101)))  # fmt: skip
        return (
            '<xml xmlns:v="urn:schemas-microsoft-com:vml" '
            'xmlns:o="urn:schemas-microsoft-com:office:office" '
            'xmlns:x="urn:schemas-microsoft-com:office:excel">\r\n<o:shapelayout v:ext="edit">'
            f'<o:idmap v:ext="edit" data="{block}"/></o:shapelayout><v:shapetype id="_x0000_t202" '
            f'o:spt="202" path="m,l,21600r21600,xe"/>{"".join(shapes)}</xml>\r\n'
        )


def _shape(identity: int, kind: str, cell: str) -> str:
    column, row = ord(cell[0]) - 65, int(cell[1:]) - 1
    return (
        f'<v:shape id="_x0000_s{identity}" type="#_x0000_t202" style=\'visibility:visible\' '
        f'fillcolor="#ffffe1"><v:fill/><x:ClientData ObjectType="{kind}"><x:Anchor>1, 2, 3, 4, 5, '
        f"6, 7, 8</x:Anchor><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData>"
        "</v:shape>"
    )

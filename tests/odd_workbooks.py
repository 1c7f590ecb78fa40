"""Workbooks as other programs write them, put together from parts: every odd way in one place."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from odd_sheets import SPREADSHEET, SheetParts, Tab

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@dataclass(frozen=True)
class Book:
    """A workbook and the ways in which its package is written."""

    tabs: tuple[Tab, ...]
    strict: bool = False
    prefix: str = ""
    targets: str = "relative"  # relative, absolute
    styles: str = "full"  # none, bare, full
    strings: bool = True
    encoding: str = "UTF-8"
    names: str = "plain"  # plain, backslash, capitals
    window: bool = True
    defined: bool = False
    zipped: str = "deflated"  # deflated, stored, streamed
    extra_parts: bool = False


class _Stream(io.RawIOBase):
    """What can only be written to: zip entries then have data descriptors."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        added = bytes(data)  # type: ignore[call-overload]
        self.content += added
        return len(added)


def written(book: Book) -> bytes:
    """The workbook's bytes."""
    parts = _Writer(book).parts()
    stream, buffer = _Stream(), io.BytesIO()
    method = zipfile.ZIP_STORED if book.zipped == "stored" else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(stream if book.zipped == "streamed" else buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(_entry_name(book, name), content)
    return bytes(stream.content) if book.zipped == "streamed" else buffer.getvalue()


def _entry_name(book: Book, name: str) -> str:
    if book.names == "backslash" and name.startswith("xl/worksheets/"):
        return name.replace("/", "\\")
    if book.names == "capitals" and name.startswith("xl/worksheets/sheet"):
        return name.replace("worksheets/sheet", "Worksheets/Sheet")
    return name


class _Writer:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.main = STRICT if book.strict else TRANSITIONAL
        self.office = STRICT_OFFICE if book.strict else OFFICE
        self.types: dict[str, str] = {}
        self.content: dict[str, str | bytes] = {}

    def parts(self) -> dict[str, str | bytes]:
        book = self.book
        self.relations("", [("R1", "officeDocument", "xl/workbook.xml")])
        self.add("xl/workbook.xml", f"{SPREADSHEET}.sheet.main+xml", self.workbook())
        targets = [
            (f"rId{n}", tab.kind, f"xl/{tab.kind}s/sheet{n}.xml")
            for n, tab in enumerate(book.tabs, 1)
        ]
        if book.styles != "none":
            targets.append(("rIdStyles", "styles", "xl/styles.xml"))
            self.add("xl/styles.xml", f"{SPREADSHEET}.styles+xml", self.styles())
        if book.strings:
            targets.append(("rIdStrings", "sharedStrings", "xl/sharedStrings.xml"))
            self.add("xl/sharedStrings.xml", f"{SPREADSHEET}.sharedStrings+xml", self.strings())
        if book.extra_parts:
            targets.append(("rIdThing", "customThing", "xl/customThing.bin"))
            self.content["xl/customThing.bin"] = bytes(range(256))
            self.content["docProps/app.xml"] = "<Properties>应用</Properties>"
            self.content["unrelated.txt"] = "未被引用"
        self.relations("xl/workbook.xml", targets)
        for number, tab in enumerate(book.tabs, 1):
            SheetParts(self, tab, number).write()
        return {"[Content_Types].xml": self.content_types(), **self.content}

    def add(self, name: str, kind: str, text: str) -> None:
        """A part of XML in the book's encoding and with its prefix."""
        self.types[name] = kind
        text = text.replace("§", f"{self.book.prefix}:" if self.book.prefix else "")
        head = f'<?xml version="1.0" encoding="{self.book.encoding}"?>\n'
        self.content[name] = (head + text).encode(self.book.encoding)

    def root(self, name: str) -> str:
        colon = ":" if self.book.prefix else ""
        return f'§{name} xmlns{colon}{self.book.prefix}="{self.main}" xmlns:r="{self.office}"'

    def relations(self, part: str, targets: list[tuple[str, str, str]]) -> None:
        folder, _, name = part.rpartition("/")
        outside = ' TargetMode="External"'
        listed = "".join(
            f'<Relationship Id="{identity}" Type="{self.kind_of(kind)}" '
            f"Target={quoteattr(self.target(folder, target))}{outside * ('://' in target)}/>"
            for identity, kind, target in targets
        )
        if targets:
            where = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
            self.content[where] = (
                f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'
            )

    def kind_of(self, kind: str) -> str:
        return kind if "://" in kind else f"{self.office}/{kind}"

    def target(self, folder: str, target: str) -> str:
        if "://" in target:
            return target
        if self.book.targets == "absolute":
            return f"/{target}"
        steps = [".."] * len(folder.split("/")) if folder else []
        if target.startswith(f"{folder}/"):
            return target.removeprefix(f"{folder}/")
        return "/".join([*steps, target])

    def content_types(self) -> str:
        overrides = "".join(
            f'<Override PartName="/{name}" ContentType="{kind}"/>'
            for name, kind in self.types.items()
            if kind
        )
        return (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="bin" ContentType="application/octet-stream"/>'
            '<Default Extension="txt" ContentType="text/plain"/>'
            '<Default Extension="vml" '
            'ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
            f"{overrides}</Types>"
        )

    def workbook(self) -> str:
        tabs = self.book.tabs
        listed = "".join(
            f'<§sheet name={quoteattr(tab.name)} sheetId="{number * 3}" '
            f'state="{tab.state or "visible"}" r:id="rId{number}"/>'
            for number, tab in enumerate(tabs, 1)
        )  # fmt: skip
        window = '<§bookViews><§workbookView xWindow="5" activeTab="0"/></§bookViews>'
        names = (
            '<§definedNames><§definedName name="合计">1+1</§definedName><§definedName '
            'name="_xlnm.Print_Area" localSheetId="0">A1:B2</§definedName></§definedNames>'
        )
        return (
            f"<{self.root('workbook')}><§workbookPr/>{window * self.book.window}<§sheets>{listed}"
            f'</§sheets>{names * self.book.defined}<§calcPr calcId="191029"/></§workbook>'
        )

    def strings(self) -> str:
        return (
            f"<{self.root('sst')}><§si><§t>项目名称</§t></§si><§si><§r><§rPr><§b/></§rPr>"
            '<§t>粗</§t></§r><§r><§t xml:space="preserve"> 体 </§t></§r></§si></§sst>'
        )

    def styles(self) -> str:
        if self.book.styles == "bare":
            return f"<{self.root('styleSheet')}><§cellXfs><§xf/></§cellXfs></§styleSheet>"
        return f"<{self.root('styleSheet')}>{STYLES}</§styleSheet>"


STYLES = (
    '<§numFmts count="1"><§numFmt numFmtId="164" formatCode="0.00&quot;万元&quot;"/></§numFmts>'
    '<§fonts count="2"><§font><§sz val="11"/><§name val="宋体"/></§font><§font><§b/>'
    '<§color rgb="FFFF0000"/></§font></§fonts><§fills count="3"><§fill><§patternFill '
    'patternType="none"/></§fill><§fill><§patternFill patternType="gray125"/></§fill><§fill>'
    '<§patternFill patternType="solid"><§fgColor rgb="FFFFFBE6"/></§patternFill></§fill></§fills>'
    '<§borders count="2"><§border/><§border><§left style="thin"><§color auto="1"/></§left>'
    '</§border></§borders><§cellStyleXfs count="1"><§xf/></§cellStyleXfs><§cellXfs count="4">'
    '<§xf xfId="0"/><§xf numFmtId="164" fontId="1" borderId="1" xfId="0" applyFont="1"/>'
    '<§xf fillId="2" xfId="0" quotePrefix="1" applyFill="1"/><§xf numFmtId="14" xfId="0" '
    'applyAlignment="1" applyProtection="1"><§alignment horizontal="right" wrapText="1"/>'
    '<§protection locked="0"/></§xf></§cellXfs><§cellStyles count="1"><§cellStyle name="常规" '
    'xfId="0" builtinId="0"/></§cellStyles><§dxfs count="2"><§dxf><§fill><§patternFill>'
    '<§bgColor rgb="FF00FF00"/></§patternFill></§fill></§dxf><§dxf><§font><§color rgb="FFFF0000"/>'
    '</§font></§dxf></§dxfs><§tableStyles count="0"/><§extLst><§ext uri="{未知}"/></§extLst>'
)

"""OOXML workbooks put together from parts, well or badly."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(parts: Mapping[str, str | bytes], level: int = 1) -> bytes:
    """A ZIP archive with these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """Id → (kind, target), as a part."""
    return f'<Relationships xmlns="{PACKAGE}">' + "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target={quoteattr(target)}/>'
        for name, (kind, target) in targets.items()
    ) + "</Relationships>"  # fmt: skip


def sheet(rows: str, before: str = "", after: str = "") -> str:
    """A worksheet's part; `before` and `after` stand around the rows."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f"{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def strings(*items: str) -> str:
    """Shared strings; each is the XML inside `<si>`."""
    inside = "".join(f"<si>{item}</si>" for item in items)
    return f'<sst xmlns="{MAIN}">{inside}</sst>'


def styles(*formats: int, codes: Mapping[int, str] | None = None) -> str:
    """Cell styles by the number of their number format, and what the own ones look like."""
    own = "".join(
        f"<numFmt numFmtId='{number}' formatCode={quoteattr(code)}/>"
        for number, code in (codes or {}).items()
    )
    cells = "".join(f"<xf numFmtId='{number}'/>" for number in formats)
    inside = f"<numFmts>{own}</numFmts><cellXfs>{cells}</cellXfs>"
    return f'<styleSheet xmlns="{MAIN}">{inside}</styleSheet>'


def parts(
    sheets: str | Mapping[str, str], *, before: str = "", after: str = "", **more: str | bytes
) -> dict[str, str | bytes]:
    """The parts of a workbook: its sheets (one, or by name), and `strings` or `styles`.

    `before` and `after` stand around the list of sheets.
    """
    sheets = {"表": sheets} if isinstance(sheets, str) else sheets
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="r{number}"/>'
        for number, name in enumerate(sheets, 1)
    )
    targets = {
        f"r{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)
    }
    targets["s1"] = ("sharedStrings", "sharedStrings.xml")
    targets["s2"] = ("styles", "styles.xml")
    content: dict[str, str | bytes] = {
        "_rels/.rels": relations({"r1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}'
        f"<sheets>{listed}</sheets>{after}</workbook>",
        "xl/_rels/workbook.xml.rels": relations(targets),
    }
    for number, text in enumerate(sheets.values(), 1):
        content[f"xl/worksheets/sheet{number}.xml"] = text
    usual = {"strings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
    return content | {usual[name]: text for name, text in more.items()}


def book(sheets: str | Mapping[str, str], **more: str | bytes) -> bytes:
    """The bytes of a workbook of these `parts`."""
    return zipped(parts(sheets, **more))  # type: ignore[arg-type]


def row(number: int, cells: Iterable[str]) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def listing(rows: int) -> str:
    """A unit's own list from row 2 on: twelve numbers a row."""
    return "".join(
        row(number, (f'<c r="{column}{number}"><v>{number}</v></c>' for column in "ABCDEFGHIJKL"))
        for number in range(2, rows + 2)
    )

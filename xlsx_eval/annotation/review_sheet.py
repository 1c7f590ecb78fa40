"""The sheet 审核意见 as a part: its plan written as XML, its formats put into the workbook's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.annotation import page
from xlsx_eval.annotation.ooxml.addresses import address
from xlsx_eval.annotation.ooxml.markup import escaped, quoted

if TYPE_CHECKING:
    from xlsx_eval.annotation.ooxml.styles import Styles
    from xlsx_eval.annotation.page import Cell, Page, Style

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
PRINT_TITLES = "_xlnm.Print_Titles"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SIDES = ("left", "right", "top", "bottom")
_MARGINS = 'left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"'


def sheet_part(plan: Page, styles: Styles, main: str) -> bytes:
    """The sheet's XML in the namespace `main`; what its cells look like is added to `styles`."""
    parts = (
        f'{_HEAD}<worksheet xmlns="{main}">',
        f'<sheetPr><tabColor rgb="FF{look.HEADER}"/><pageSetUpPr fitToPage="1"/></sheetPr>',
        _view(plan),
        '<sheetFormatPr defaultRowHeight="15"/>',
        _columns(plan),
        f"<sheetData>{_rows(plan, styles)}</sheetData>",
        _merges(plan),
        _choices(plan),
        _links(plan),
        '<printOptions horizontalCentered="1"/>',
        f"<pageMargins {_MARGINS}/>",
        '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>',
        "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter>",
        "</worksheet>",
    )
    return "".join(parts).encode()


def _view(plan: Page) -> str:
    inside = ""
    if plan.header is not None:
        below = plan.header + 1
        inside = (
            f'<pane ySplit="{plan.header}" topLeftCell="A{below}" activePane="bottomLeft" '
            f'state="frozen"/><selection pane="bottomLeft" activeCell="A{below}" sqref="A{below}"/>'
        )
    view = f'<sheetView showGridLines="0" tabSelected="1" workbookViewId="0">{inside}</sheetView>'
    return f"<sheetViews>{view}</sheetViews>"


def _columns(plan: Page) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width + 0.7109375}" customWidth="1"/>'
        for at, width in enumerate(plan.widths, start=1)
    )
    return f"<cols>{columns}</cols>"


def _rows(plan: Page, styles: Styles) -> str:
    formats = {
        style: _format(style, styles) for style in dict.fromkeys(cell.style for cell in plan.cells)
    }
    rows: dict[int, list[Cell]] = {row: [] for row in sorted(plan.heights)}
    for cell in plan.cells:
        rows[cell.row].append(cell)
    return "".join(
        f'<row r="{row}" ht="{plan.heights[row]:g}" customHeight="1">'
        + "".join(_cell(cell, formats[cell.style]) for cell in cells)
        + "</row>"
        for row, cells in rows.items()
    )


def _cell(cell: Cell, style: int) -> str:
    name = address(cell.row, cell.column)
    value = look.plain(cell.value) if isinstance(cell.value, str) else cell.value
    if value == "":
        first = f'<c r="{name}" s="{style}"/>'
    elif isinstance(value, str):
        text = f'<is><t xml:space="preserve">{escaped(value).decode()}</t></is>'
        first = f'<c r="{name}" s="{style}" t="inlineStr">{text}</c>'
    else:
        first = f'<c r="{name}" s="{style}"><v>{value}</v></c>'
    others = range(cell.column + 1, cell.column + cell.columns)
    return first + "".join(f'<c r="{address(cell.row, at)}" s="{style}"/>' for at in others)


def _merges(plan: Page) -> str:
    wide = [cell for cell in plan.cells if cell.columns > 1]
    merges = "".join(
        f'<mergeCell ref="{address(cell.row, cell.column)}:'
        f'{address(cell.row, cell.column + cell.columns - 1)}"/>'
        for cell in wide
    )
    return f'<mergeCells count="{len(wide)}">{merges}</mergeCells>'


def _choices(plan: Page) -> str:
    """The drop-down of 处理意见."""
    if not plan.answers:
        return ""
    at = list(page.COLUMNS).index(page.DECISION) + 1
    where = f"{address(plan.answers.start, at)}:{address(plan.answers.stop - 1, at)}"
    advice = f"请从下拉列表中选择：{'、'.join(look.DECISIONS)}。"
    return (
        '<dataValidations count="1"><dataValidation type="list" allowBlank="1" '
        f'showErrorMessage="1" errorTitle="{page.DECISION}" error="{advice}" sqref="{where}">'
        f'<formula1>"{",".join(look.DECISIONS)}"</formula1></dataValidation></dataValidations>'
    )


def _links(plan: Page) -> str:
    links = "".join(
        f'<hyperlink ref="{address(cell.row, cell.column)}" '
        f'location="{quoted(cell.link).decode()}" display="{quoted(str(cell.value)).decode()}"/>'
        for cell in plan.cells
        if cell.link
    )
    return f"<hyperlinks>{links}</hyperlinks>" if links else ""


def _format(style: Style, styles: Styles) -> int:
    """Number of the cell format; its font, fill and border are added where they are new."""
    p = styles.prefix.decode()
    under = f"<{p}u/>" if style.underline else ""
    bold = f"<{p}b/>" if style.bold else ""
    font = (
        f'<{p}font>{bold}{under}<{p}sz val="{style.size:g}"/><{p}color rgb="FF{style.ink}"/>'
        f'<{p}name val="{look.FONT}"/><{p}family val="2"/><{p}charset val="134"/></{p}font>'
    )
    attributes = {
        "numFmtId": "0",
        "fontId": str(styles.add("fonts", font.encode())),
        "fillId": str(styles.add("fills", solid(style.fill, styles)) if style.fill else 0),
        "borderId": str(styles.add("borders", _border(style, p))),
        "xfId": "0",
        "applyFont": "1",
        "applyFill": "1",
        "applyBorder": "1",
        "applyAlignment": "1",
    }
    wrap = ' wrapText="1"' if style.wrap else ""
    alignment = f'<{p}alignment horizontal="{style.horizontal}" vertical="center"{wrap}/>'
    return styles.add("cellXfs", styles.xf(attributes, alignment.encode()))


def solid(colour: str, styles: Styles) -> bytes:
    """A fill of one colour (RRGGBB)."""
    p = styles.prefix.decode()
    return (
        f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{colour}"/>'
        f'<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>'
    ).encode()


def _border(style: Style, p: str) -> bytes:
    if not style.border:
        return f"<{p}border/>".encode()
    line = f'style="thin"><{p}color rgb="FF{look.RULE}"/>'
    sides = "".join(f"<{p}{side} {line}</{p}{side}>" for side in _SIDES)
    return f"<{p}border>{sides}</{p}border>".encode()

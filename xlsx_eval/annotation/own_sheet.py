"""The sheet 审核意见 in a workbook: written from its plan, recognised and removed again."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.views import BookView
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from xlsx_eval import look
from xlsx_eval.annotation import page
from xlsx_eval.ours import REVIEW_SHEET

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from xlsx_eval.annotation.page import Page, Style

_LINE = Side("thin", color=look.RULE)
_A4 = 9


def ours(book: Workbook) -> list[Worksheet]:
    """Sheets we wrote into the workbook earlier."""
    return [sheet for sheet in book.worksheets if REVIEW_SHEET in sheet.defined_names]


def may_be_in(workbook: bytes) -> bool:
    """Whether the sheet's hidden name stands in a workbook at all: far quicker than loading it."""
    try:
        with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
            return REVIEW_SHEET.encode() in archive.read("xl/workbook.xml")
    except (zipfile.BadZipFile, KeyError, OSError, ValueError):
        return False


def remove(book: Workbook) -> None:
    for sheet in ours(book):
        book.remove(sheet)


def add(book: Workbook, plan: Page) -> None:
    """Append the sheet and let the workbook open on it."""
    sheet = book.create_sheet(_free_name(book))
    address = look.cell_reference(sheet.title, "$A$1")
    sheet.defined_names[REVIEW_SHEET] = DefinedName(REVIEW_SHEET, attr_text=address, hidden=True)
    _write(sheet, plan)
    _set_up(sheet, plan)
    _open_on(book, sheet)


def _free_name(book: Workbook) -> str:
    taken = {name.casefold() for name in book.sheetnames}
    name, number = page.NAME, 1
    while name.casefold() in taken:
        number += 1
        name = f"{page.NAME}({number})"
    return name


def _write(sheet: Worksheet, plan: Page) -> None:
    for column, width in enumerate(plan.widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, height in plan.heights.items():
        sheet.row_dimensions[row].height = height
    for planned in plan.cells:
        _write_cell(sheet, planned)


def _write_cell(sheet: Worksheet, planned: page.Cell) -> None:
    cells = [
        cell
        for column in range(planned.column, planned.column + planned.columns)
        if isinstance(cell := sheet.cell(planned.row, column), Cell)
    ]
    for cell in cells:
        _apply(cell, planned.style)
    _put(cells[0], planned.value)
    if planned.link:
        cells[0].hyperlink = Hyperlink(ref=cells[0].coordinate, location=planned.link)
    if planned.columns > 1:
        sheet.merge_cells(
            start_row=planned.row,
            end_row=planned.row,
            start_column=planned.column,
            end_column=planned.column + planned.columns - 1,
        )


def _put(cell: Cell, value: str | int) -> None:
    if isinstance(value, int):
        cell.value = value
    elif text := look.plain(value):
        cell.value = text
        cell.data_type = "s"  # `=1+1` and `#N/A` stay what they are: text


def _apply(cell: Cell, style: Style) -> None:
    cell.font = Font(
        name=look.FONT,
        size=style.size,
        bold=style.bold,
        color=style.ink,
        underline="single" if style.underline else None,
    )
    cell.alignment = Alignment(style.horizontal, "center", wrap_text=style.wrap)
    if style.fill:
        cell.fill = PatternFill("solid", fgColor=style.fill)
    if style.border:
        cell.border = Border(_LINE, _LINE, _LINE, _LINE)


def _set_up(sheet: Worksheet, plan: Page) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = look.HEADER
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.footer = 0.5, 0.6, 0.3
    footer = HeaderFooterItem()
    footer.center.text = "第 &P 页，共 &N 页"
    sheet.HeaderFooter.oddFooter = footer
    if plan.header is not None:
        sheet.freeze_panes = f"A{plan.header + 1}"
        sheet.print_title_rows = f"{plan.header}:{plan.header}"
        _offer_decisions(sheet, plan)


def _offer_decisions(sheet: Worksheet, plan: Page) -> None:
    rows = plan.rows_of_findings()
    letter = get_column_letter(list(page.COLUMNS).index(page.DECISION) + 1)
    choices = DataValidation(
        type="list",
        formula1=f'"{",".join(look.DECISIONS)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=page.DECISION,
        error=f"请从下拉列表中选择：{'、'.join(look.DECISIONS)}。",
    )
    choices.add(f"{letter}{rows.start}:{letter}{rows.stop - 1}")
    sheet.add_data_validation(choices)


def _open_on(book: Workbook, sheet: Worksheet) -> None:
    for other in book.worksheets:
        for view in other.views.sheetView:
            view.tabSelected = other is sheet
    for chart in book.chartsheets:
        for chart_view in chart.sheetViews.sheetView:
            chart_view.tabSelected = False
    book.active = sheet
    book.views = book.views or [BookView()]  # Google's workbooks have none
    for window in book.views:
        window.activeTab = book.sheetnames.index(sheet.title)

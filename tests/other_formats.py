"""A workbook of openpyxl's written in another format, without another program."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

_POINTS = 72 / 96


def as_xml2003(workbook: bytes) -> bytes:
    """The XML spreadsheet of Excel 2003: values, merges and column widths."""
    book = openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)
    sheets = "".join(_sheet(sheet) for sheet in book.worksheets)
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        '<Styles><Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style></Styles>'
        f"{sheets}</Workbook>"
    ).encode()


def _sheet(sheet: Worksheet) -> str:
    columns = "".join(
        f'<Column ss:Index="{index}" ss:Width="{(width * 7 + 5) * _POINTS:.2f}"/>'
        for index, width in sorted(
            (column_index_from_string(letter), each.width)
            for letter, each in sheet.column_dimensions.items()
        )
    )
    rows = "".join(
        f'<Row ss:Index="{number}">{"".join(map(_cell, row))}</Row>'
        for number, row in enumerate(sheet.iter_rows(), start=1)
    )
    names = "".join(
        f"<NamedRange ss:Name={quoteattr(name)} ss:RefersTo={quoteattr(f'={each.attr_text}')}/>"
        for name, each in sheet.defined_names.items()
    )
    return (
        f"<Worksheet ss:Name={quoteattr(sheet.title)}><Names>{names}</Names>"
        f"<Table>{columns}{rows}</Table></Worksheet>"
    )


def _cell(cell: Any) -> str:
    if isinstance(cell, MergedCell):
        return ""
    merge = ""
    for merged in cell.parent.merged_cells.ranges:
        if (merged.min_row, merged.min_col) == (cell.row, cell.column):
            down, across = merged.max_row - merged.min_row, merged.max_col - merged.min_col
            merge = f' ss:MergeAcross="{across}" ss:MergeDown="{down}"'
    if cell.value is None and not merge:
        return ""
    style = ' ss:StyleID="d"' if isinstance(cell.value, datetime) else ""
    return f'<Cell ss:Index="{cell.column}"{merge}{style}>{_data(cell.value)}</Cell>'


def _data(value: object) -> str:
    match value:
        case None:
            return ""
        case int() | float():
            return f'<Data ss:Type="Number">{value}</Data>'
        case datetime():
            return f'<Data ss:Type="DateTime">{value.isoformat()}</Data>'
    text = escape(str(value)).replace("\n", "&#10;")
    return f'<Data ss:Type="String">{text}</Data>'

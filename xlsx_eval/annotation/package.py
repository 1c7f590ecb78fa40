"""Workbooks in and out of openpyxl: the only place that knows how it fails."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib

from openpyxl import Workbook, load_workbook

from xlsx_eval.errors import UnreadableWorkbook

# openpyxl has no exception of its own: a damaged part shows as whatever it tripped over
_FAULTS = (
    zipfile.BadZipFile, zlib.error, SyntaxError, ArithmeticError, RecursionError, OSError,
    EOFError, LookupError, ValueError, TypeError, AttributeError, NotImplementedError,
)  # fmt: skip

_LOCAL_SHEET = re.compile(rb'localSheetId="(\d+)"')

_UNREADABLE = "工作簿无法打开，不能写入审核意见；请用 Excel 或 WPS 打开后另存为 .xlsx 再报送。"
_UNWRITABLE = "工作簿含有无法写回的内容，不能写入审核意见；请用 Excel 或 WPS 另存为 .xlsx 再报送。"


def load(content: bytes, *, macros: bool = False, values: bool = False) -> Workbook:
    """Workbook; with `values` the formulas' stored results instead of the formulas."""
    try:
        with warnings.catch_warnings():
            # what openpyxl leaves out concerns the copy's looks and is no news to a user
            warnings.simplefilter("ignore")
            workbook = load_workbook(
                io.BytesIO(content),
                keep_vba=macros,
                keep_links=True,
                rich_text=True,
                data_only=values,
            )
    except _FAULTS as fault:
        raise UnreadableWorkbook(_UNREADABLE) from fault
    if not workbook.sheetnames:  # strict OOXML: openpyxl sees no sheets and would write none
        raise UnreadableWorkbook(_UNREADABLE)
    return workbook


def save(workbook: Workbook) -> bytes:
    """Workbook's bytes."""
    content = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook.save(content)
    except _FAULTS as fault:
        raise UnreadableWorkbook(_UNWRITABLE) from fault
    if workbook.chartsheets:
        return _with_true_sheet_numbers(content, workbook)
    return content.getvalue()


def _with_true_sheet_numbers(content: io.BytesIO, workbook: Workbook) -> bytes:
    """Put right that openpyxl leaves chart sheets out when it numbers the sheets of names."""
    numbers = [workbook.sheetnames.index(sheet.title) for sheet in workbook.worksheets]
    corrected = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(corrected, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == "xl/workbook.xml":
                part = _LOCAL_SHEET.sub(
                    lambda found: b'localSheetId="%d"' % numbers[int(found[1])], part
                )
            new.writestr(entry, part, zipfile.ZIP_DEFLATED)
    return corrected.getvalue()

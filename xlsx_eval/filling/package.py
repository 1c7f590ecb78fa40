"""Templates in and out of openpyxl: what it trips over, and the same bytes for the same content."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from importlib.util import find_spec
from pathlib import Path

from openpyxl import Workbook, load_workbook

from xlsx_eval.errors import UsageError

# openpyxl has no exception of its own: a damaged part shows as whatever it tripped over
_FAULTS = (
    zipfile.BadZipFile, zlib.error, SyntaxError, ArithmeticError, RecursionError, OSError,
    EOFError, LookupError, ValueError, TypeError, AttributeError, NotImplementedError,
)  # fmt: skip
_OLD_FORMAT = b"\xd0\xcf\x11\xe0"  # .xls, and every workbook with a password
_MACROS = "xl/vbaProject.bin"
_CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_LOCAL_SHEET = re.compile(rb'localSheetId="(\d+)"')
_DRAWING = re.compile(r"xl/drawings/drawing[0-9]+\.xml")
_PICTURE = b":pic>"
_SHAPE = re.compile(rb"</[a-z]+:(?:sp|cxnSp)>")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def has_macros(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return _MACROS in package.namelist()


def left_out(data: bytes) -> tuple[str, ...]:
    """What the template shows and openpyxl does not write again."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        drawings = [package.read(name) for name in names if _DRAWING.fullmatch(name)]
    found = {
        "pictures": find_spec("PIL") is None and any(_PICTURE in each for each in drawings),
        "shapes": any(_SHAPE.search(each) for each in drawings),
        "form controls": _MACROS not in names and any("/ctrlProps/" in each for each in names),
        "slicers": any("/slicers/" in each for each in names),
    }
    return tuple(kind for kind, there in found.items() if there)


def load(path: Path, data: bytes) -> Workbook:
    """The workbook. Raises UsageError where it is none that can be filled in."""
    if data.startswith(_OLD_FORMAT):
        raise UsageError(
            f"cannot open the template {path}: it has a password or is an old .xls; "
            "save it as .xlsx or .xlsm without a password"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out is told in the README
            book = load_workbook(io.BytesIO(data), keep_vba=has_macros(data), rich_text=True)
    except _FAULTS as fault:
        raise UsageError(
            f"cannot open the template {path}: it is damaged or no .xlsx or .xlsm; "
            "open it in Excel or WPS and save it as one"
        ) from fault
    if not book.worksheets:
        raise UsageError(f"cannot open the template {path}: it has no sheet of cells")
    return book


def save(path: Path, book: Workbook) -> bytes:
    """The workbook's bytes, without the time at which they were written."""
    content = io.BytesIO()
    book.template = False  # an .xltx becomes a workbook
    if book.calculation is not None:
        book.calculation.fullCalcOnLoad = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book.save(content)
    except _FAULTS as fault:
        raise UsageError(
            f"cannot fill in the template {path}: it holds something that can't be written back; "
            "save it in Excel or WPS as a new .xlsx and use that"
        ) from fault
    close(book)
    return _timeless(content, book)


def close(book: Workbook) -> None:
    """Let go of the copy of the macros, which openpyxl leaves open."""
    if book.vba_archive:
        book.vba_archive.close()


def _timeless(content: io.BytesIO, book: Workbook) -> bytes:
    """Without times, and with the sheets of names counted right where there are chart sheets."""
    numbers = [book.sheetnames.index(sheet.title) for sheet in book.worksheets]
    copied = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(copied, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == _CORE:
                part = _MODIFIED.sub(rb"\g<1>2020-01-01T00:00:00Z\g<2>", part)
            if name == "xl/workbook.xml" and book.chartsheets:
                # openpyxl leaves chart sheets out when it numbers the sheets of names
                part = _LOCAL_SHEET.sub(lambda m: b'localSheetId="%d"' % numbers[int(m[1])], part)
            entry = zipfile.ZipInfo(name, _EPOCH)
            new.writestr(entry, part, zipfile.ZIP_DEFLATED)
    return copied.getvalue()

"""A file's bytes → workbook, or a sentence that says why it can't be read."""

from __future__ import annotations

import io
import zipfile
import zlib

import python_calamine as calamine
from lxml import etree

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.grid import Cell, Grid, Raw, Span, Workbook, shown
from xlsx_eval.reading.formats.ooxml import Fact, Package, formatted

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
DAMAGED = "文件已损坏，无法打开，请重新导出或重新报送。"
FAULTS = (
    calamine.CalamineError, calamine.PasswordError, calamine.WorksheetNotFound, calamine.XmlError,
    calamine.ZipError, zipfile.BadZipFile, zlib.error, etree.LxmlError, OSError, EOFError,
    LookupError, ValueError,
)  # fmt: skip
MAX_CELLS = 20_000_000  # in a sheet's extent, blank ones too: calamine holds them all
MAX_UNPACKED = 512 * 1024 * 1024
MAX_MERGE_CELLS = 20_000
MAX_SHEETS = 500
LEDGER_CELLS = 50_000  # a sheet this full is a unit's own ledger: its number formats don't matter


def open_workbook(data: bytes) -> Workbook:
    """Bytes of an .xlsx or .xlsm file → its sheets.

    Raises UnreadableWorkbook with a Chinese sentence that says what the unit has to do.
    """
    archive = _screened(data)
    try:
        return _read(data, Package(archive))
    except FAULTS as error:
        raise UnreadableWorkbook(DAMAGED) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # calamine's, and no Exception
            raise UnreadableWorkbook(DAMAGED) from error
        raise


def _read(data: bytes, package: Package) -> Workbook:
    book = calamine.load_workbook(io.BytesIO(data))
    names = book.sheet_names
    if len(names) > MAX_SHEETS:
        raise UnreadableWorkbook(
            f"工作簿有{len(names)}张工作表，超过{MAX_SHEETS}张，请删去与自评表无关的工作表。"
        )
    forms = [name for name in names if name not in package.reviews]
    for name in forms:
        if package.extent(name) > MAX_CELLS:
            raise UnreadableWorkbook(
                f"工作表“{name}”的范围过大，请删去远离表格的内容和格式后重新报送。"
            )
    return Workbook(tuple(_grid(book, name, package) for name in forms))


def _screened(data: bytes) -> zipfile.ZipFile:
    if not data:
        raise UnreadableWorkbook("文件是空的（0字节），请重新报送。")
    if data.startswith(OLE):
        if ENCRYPTED_STREAM in data:
            raise UnreadableWorkbook("文件设置了打开密码，请取消密码后重新报送。")
        raise UnreadableWorkbook(
            "文件是旧版 .xls 格式，请用 Excel 或 WPS 另存为 .xlsx 后重新报送。"
        )
    if not data.startswith(ZIP):
        raise UnreadableWorkbook("文件不是 Excel 工作簿，请报送 .xlsx 文件。")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise UnreadableWorkbook("文件不完整或已损坏，请重新复制或重新报送。") from error
    names = {name.lower() for name in archive.namelist()}
    if "xl/workbook.xml" not in names:
        raise UnreadableWorkbook(
            "文件不是 .xlsx 工作簿（可能是改了扩展名的其他文件），请报送 .xlsx 文件。"
        )
    if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
        raise UnreadableWorkbook("文件解压后过大，请删去与自评表无关的内容后重新报送。")
    return archive


def _grid(book: calamine.CalamineWorkbook, name: str, package: Package) -> Grid:
    sheet = book.get_sheet_by_name(name)
    merges = tuple(
        Span(top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if (bottom - top + 1) * (right - left + 1) <= MAX_MERGE_CELLS
    )
    heads = {(span.top, span.left): span for span in merges}
    hidden = {
        (row, col)
        for span in merges
        for row in range(span.top, span.bottom + 1)
        for col in range(span.left, span.right + 1)
    } - heads.keys()
    facts = package.facts(name) if sheet.height * sheet.width < LEDGER_CELLS else {}
    cells = {}
    for place, raw in _values(sheet, facts):
        if place in hidden:
            continue
        span = heads.get(place) or Span(*place, *place)
        cell = _cell(span, raw, facts.get(place))
        if cell.text:
            cells[place] = cell
    return Grid(name, cells, merges)


def _values(
    sheet: calamine.CalamineSheet, facts: dict[tuple[int, int], Fact]
) -> list[tuple[tuple[int, int], Raw]]:
    """Non-blank places with their values, and places whose formula was never calculated."""
    if sheet.start is None:
        return [(place, None) for place, fact in facts.items() if fact.formula]
    top, left = sheet.start
    values: dict[tuple[int, int], Raw] = {
        (top + down, left + along): raw
        for down, row in enumerate(sheet.to_python(skip_empty_area=True))
        for along, raw in enumerate(row)
        if raw != ""
    }
    for place, fact in facts.items():
        if fact.formula or fact.error:
            values[place] = None
    return list(values.items())


def _cell(span: Span, raw: Raw, fact: Fact | None) -> Cell:
    if fact and (fact.formula or fact.error):
        return Cell(span, None, fact.formula or fact.error or "")
    if fact and fact.format and isinstance(raw, float | int):
        return Cell(span, raw, formatted(raw, fact.format) or shown(raw))
    return Cell(span, raw, shown(raw))

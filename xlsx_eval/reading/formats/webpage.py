"""Web pages: Excel's own, and tables that other systems export as HTML under the name .xls."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.formats import excelpage
from xlsx_eval.reading.formats.assemble import DAMAGED, Found
from xlsx_eval.reading.formats.bounded import Budget, Sheet
from xlsx_eval.reading.formats.displayed import of_text
from xlsx_eval.reading.formats.encodings import decoded, head
from xlsx_eval.reading.formats.large import PartOfForm, Watch
from xlsx_eval.reading.formats.markup import Tag, tokens
from xlsx_eval.reading.formats.pagecells import AS_TEXT, found_in
from xlsx_eval.reading.formats.tables import Place, Table
from xlsx_eval.reading.grid import Workbook

ONLY_FRAMES = (
    "文件只是网页的框架，各工作表的内容在同名的文件夹里，没有一起报送，"
    "请用 Excel 打开后另存为 .xlsx 重新报送。"
)
NO_TABLE = "文件是网页，里面没有表格，请核对后用 Excel 或 WPS 另存为 .xlsx 重新报送。"
DEEPEST = 20  # tables within tables

_PAGE = re.compile(
    r"""(?>\s+|<!--.*?(?:-->|\Z)|<\?[^>]*>|<!\[[^>]*>)*+
        <(?:!doctype\s+html|(?:html|head|meta|title|link|style|body|table|div|center|h\d|p|br)\b)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_SHEET_OF_LIBREOFFICE = re.compile(
    r'<a name="table\d+"><h1>[^<]*<em>([^<]*)</em></h1></a>', re.IGNORECASE
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_SPACES = re.compile("  +")
_LINE = "\n"
_BLOCK = "\x1e"  # a paragraph begins or ends: a new line, but no blank one
_AT_BLOCK = re.compile(r" ?\n? ?\x1e[ \x1e]*")
_AT_LINE = re.compile(r" ?\n ?")
_BLOCKS = frozenset(
    ("p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
     "center", "pre", "blockquote", "form", "fieldset", "section", "article", "header", "footer",
     "address")
)  # fmt: skip
_GROUPS = {"thead", "tbody", "tfoot"}
_NEVER_HIDE = {"td", "th", "tr", "col", "colgroup", "br", "hr", "img", "input", "meta", "link"}
_PICTURES = re.compile(r"mso-ignore:\s*vglayout(?!2)")
_ONLY_ROOM = re.compile(r"mso-ignore:\s*(?:colspan|rowspan)")


def looks_like(data: bytes) -> bool:
    """Whether a file begins as a web page does, after comments and declarations."""
    return bool(_PAGE.match(head(data)))


def read(data: bytes, part_of_form: PartOfForm | None = None) -> Workbook:
    """Bytes of a web page → its tables as one sheet, as Excel opens it.

    Only LibreOffice heads each of several sheets with its name. Of a sheet too large for a form
    only the beginning is read where `part_of_form` denies that it belongs to one. Raises
    UnreadableWorkbook with a Chinese sentence that says what the unit has to do.
    """
    text = decoded(data, lenient=True)
    formats = excelpage.formats(text)
    budget = Budget()
    sheets = []
    for name, page in _pages(text):
        budget.take_sheet()
        sheet = Sheet(name, budget)
        if fill(sheet, page, formats, part_of_form):
            sheets.append(sheet)
    if not sheets:
        raise UnreadableWorkbook(ONLY_FRAMES if excelpage.only_frames(text) else NO_TABLE)
    return Workbook(tuple(sheet.grid() for sheet in sheets))


def _pages(text: str) -> list[tuple[str, str]]:
    """Name and text of each sheet on a page."""
    _, *parts = _SHEET_OF_LIBREOFFICE.split(text)
    if parts:
        return [
            (html.unescape(name), page) for name, page in zip(parts[::2], parts[1::2], strict=True)
        ]
    listed = excelpage.sheets(text)
    return [(listed[0].name if len(listed) == 1 else "Sheet1", text)]


def fill(
    sheet: Sheet, text: str, formats: Mapping[str, str], part_of_form: PartOfForm | None
) -> bool:
    """Put a page's tables and the texts between them on a sheet; False if it has no table.

    `formats` are the number formats of its classes. Raises UnreadableWorkbook.
    """
    sheet.budget.take_tags(text.count("<"))
    page = _Page(sheet, formats, since_1904=excelpage.since_1904(text))
    watch = Watch(sheet, part_of_form)
    for token in tokens(text):
        if isinstance(token, str):
            page.write(token)
            continue
        page.obey(token)
        if token.name == "tr" and watch.has_seen_enough():
            return True
    page.end()
    return page.has_table


@dataclass(slots=True)
class _OpenCell:
    tag: Tag
    place: Place
    pieces: list[str] = field(default_factory=list)
    inner: Found | None = None  # the only cell of a table within it


@dataclass(slots=True)
class _OpenTable:
    table: Table
    texts: bool  # whether what looks like a number is text (Excel's x:str)
    cell: _OpenCell | None = None


class _Page:
    """The tables of a page, put on a sheet as their tags come."""

    def __init__(self, sheet: Sheet, formats: Mapping[str, str], *, since_1904: bool) -> None:
        self.has_table = False
        self._sheet = sheet
        self._formats = formats
        self._since_1904 = since_1904
        self._open: list[_OpenTable] = []
        self._between: list[str] = []  # text outside tables
        self._next_row = 0
        self._hidden = ""  # the name of a hidden element, and how deep within such names
        self._depth = 0

    def write(self, text: str) -> None:
        """Take a text; what stands in a table but in no cell belongs nowhere."""
        if self._hidden:
            return
        if not self._open:
            self._between.append(_BLANKS.sub(" ", text))
        elif cell := self._open[-1].cell:
            cell.pieces.append(_BLANKS.sub(" ", text))

    def obey(self, tag: Tag) -> None:
        """Do what a tag says."""
        if self._hidden:
            self._wait_for_end(tag)
        elif not tag.closes and tag.name not in _NEVER_HIDE and _is_hidden(tag):
            self._hidden, self._depth = tag.name, 1
        elif tag.name == "br":
            self._break(_LINE)
        elif tag.name in _BLOCKS:
            self._break(_BLOCK)
        elif tag.closes and (action := self._ENDS.get(tag.name)):
            action(self)
        elif not tag.closes and (begin := self._STARTS.get(tag.name)):
            begin(self, tag)

    def end(self) -> None:
        """The file has ended; raises UnreadableWorkbook where it broke off in a table."""
        if self._open:
            raise UnreadableWorkbook(DAMAGED)
        self._end_text()

    def _wait_for_end(self, tag: Tag) -> None:
        if tag.name == self._hidden:
            self._depth += -1 if tag.closes else 1
            if not self._depth:
                self._hidden = ""

    def _break(self, sign: str) -> None:
        if not self._open:
            self._between.append(sign)
        elif cell := self._open[-1].cell:
            cell.pieces.append(sign)

    def _end_text(self) -> None:
        """Each line of a text outside tables takes a row."""
        text, self._between = _visible(self._between), []
        for line in text.split(_LINE):
            if line.strip():
                self._sheet.put(self._next_row, 0, of_text(line.strip()))
                self._next_row += 1

    def _start_table(self, tag: Tag) -> None:
        if self._open and self._open[-1].cell is None:
            self._end_table()
        if len(self._open) == DEEPEST:
            raise UnreadableWorkbook(DAMAGED)
        self.has_table = True
        if self._open:
            table = Table(Sheet(self._sheet.name, self._sheet.budget), 0)
        else:
            self._end_text()
            table = Table(self._sheet, self._next_row)
        self._open.append(_OpenTable(table, "x:str" in tag.attributes))

    def _end_table(self) -> None:
        if not self._open:
            return
        self._end_cell()
        table = self._open.pop().table
        table.end_group()
        if not self._open:
            self._next_row = table.bottom + 1
        elif cell := self._open[-1].cell:
            self._take_in(cell, table.sheet)

    def _take_in(self, cell: _OpenCell, inner: Sheet) -> None:
        """A table within a cell: its only text is the cell's, more than one make it a layout."""
        if len(inner.found) > 1:
            text, cell.pieces = _visible(cell.pieces), []
            self._open[-1].table.lay_out(cell.place, text, inner)
        for found in inner.found.values() if len(inner.found) == 1 else ():
            cell.inner = found
            cell.pieces += [_BLOCK, found.text, _BLOCK]

    def _start_row(self, tag: Tag) -> None:
        if self._open:
            self._end_cell()
            self._open[-1].table.start_row(hidden=_is_hidden(tag))

    def _end_row(self) -> None:
        if self._open:
            self._end_cell()
            self._open[-1].table.end_row()

    def _start_group(self, _: Tag) -> None:
        self._end_group()

    def _end_group(self) -> None:
        if self._open:
            self._end_cell()
            self._open[-1].table.end_group()

    def _start_column(self, tag: Tag) -> None:
        if self._open:
            count = _count(tag.attributes.get("span"))
            self._open[-1].table.start_column(count, hidden=_is_hidden(tag))

    def _start_cell(self, tag: Tag) -> None:
        if not self._open:
            return
        self._end_cell()
        across = _count(tag.attributes.get("colspan"))
        down = _count(tag.attributes.get("rowspan"))
        merged = not _ONLY_ROOM.search(tag.style)
        place = self._open[-1].table.start_cell(across, down, merged=merged)
        self._open[-1].cell = _OpenCell(tag, place)

    def _start_caption(self, tag: Tag) -> None:
        if self._open:
            self._end_row()
            self._start_cell(tag)

    def _end_cell(self) -> None:
        if not self._open or (cell := self._open[-1].cell) is None:
            return
        text = "" if _is_hidden(cell.tag) else _visible(cell.pieces)
        if cell.inner and cell.inner.text == text:
            found = cell.inner
        else:
            code = excelpage.format_of(cell.tag.attributes, self._formats)
            if self._open[-1].texts and not code:
                code = AS_TEXT
            found = found_in(cell.tag.attributes, text, code, since_1904=self._since_1904)
        self._open[-1].table.end_cell(cell.place, found)
        self._open[-1].cell = None

    def _end_page(self) -> None:
        while self._open:
            self._end_table()

    _STARTS: ClassVar[dict[str, Callable[[_Page, Tag], None]]] = {
        "table": _start_table,
        "caption": _start_caption,
        "col": _start_column,
        "thead": _start_group,
        "tbody": _start_group,
        "tfoot": _start_group,
        "tr": _start_row,
        "td": _start_cell,
        "th": _start_cell,
    }
    _ENDS: ClassVar[dict[str, Callable[[_Page], None]]] = {
        "table": _end_table,
        "caption": _end_row,
        "thead": _end_group,
        "tbody": _end_group,
        "tfoot": _end_group,
        "tr": _end_row,
        "td": _end_cell,
        "th": _end_cell,
        "body": _end_page,
        "html": _end_page,
    }


def _is_hidden(tag: Tag) -> bool:
    """Whether nothing of an element shows, or only a picture that Excel lays over the cells."""
    return tag.hidden or bool(_PICTURES.search(tag.style))


def _count(written: str | None) -> int:
    """A number of columns or rows, as browsers read it: 1 for anything else."""
    return int(written[:9]) if written and written.isascii() and written.isdigit() else 1


def _visible(pieces: list[str]) -> str:
    """The text as a browser shows it."""
    text = _SPACES.sub(" ", "".join(pieces))
    if _BLOCK in text:
        text = _AT_BLOCK.sub(_LINE, text)
    if _LINE in text:
        text = _AT_LINE.sub(_LINE, text)
    return text.replace("\xa0", " ").strip(" \n")

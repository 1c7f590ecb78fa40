"""Web pages in one file (.mht), as Excel saves a workbook and as reporting systems write one."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from urllib.parse import unquote

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.formats import excelpage
from xlsx_eval.reading.formats.assemble import DAMAGED
from xlsx_eval.reading.formats.bounded import Budget, Sheet
from xlsx_eval.reading.formats.encodings import decoded, head, refuse_large
from xlsx_eval.reading.formats.large import PartOfForm
from xlsx_eval.reading.formats.webpage import NO_TABLE, fill
from xlsx_eval.reading.grid import Workbook

MAX_PARTS = 1000
LONGEST_HEADER = 4096

_HEADER = re.compile(r"[\w-]+:")
_OF_A_PAGE = re.compile(
    r"^(?:mime-version:|content-type:\s*(?:multipart/related|text/html))",
    re.IGNORECASE | re.MULTILINE,
)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_TABS = re.compile(r"tabstrip\.html?$")  # Excel's page with the names of the sheets


@dataclass(frozen=True, slots=True)
class _Page:
    """A part with a page: its address and number, by which others refer to it."""

    address: str
    number: str
    text: str

    def answers_to(self, reference: str) -> bool:
        """Whether a reference means this page: its end, as the folder is named at random."""
        wanted = _plain(reference)
        if wanted.startswith("cid:"):
            return self.number == wanted.removeprefix("cid:")
        return bool(wanted) and f"/{self.address}".endswith(f"/{wanted}")


def looks_like(data: bytes) -> bool:
    """Whether a file begins with the header of a page in one file."""
    start = head(data).replace("\r\n", "\n")
    return bool(_HEADER.match(start) and _OF_A_PAGE.search(start.partition("\n\n")[0]))


def read(data: bytes, part_of_form: PartOfForm | None = None) -> Workbook:
    """Bytes of an .mht file → its sheets.

    Of a sheet too large for a form only the beginning is read where `part_of_form` denies that it
    belongs to one. Raises UnreadableWorkbook with a Chinese sentence that says what the unit has
    to do.
    """
    refuse_large(data)
    pages, formats = _contents(data)
    if not pages:
        raise UnreadableWorkbook(DAMAGED)
    budget = Budget()
    sheets = []
    for name, page in _sheets(pages):
        budget.take_sheet()
        sheet = Sheet(name, budget, excelpage.hidden(page.text))
        if fill(sheet, page.text, formats | excelpage.formats(page.text), part_of_form):
            sheets.append(sheet)
    if not sheets:
        raise UnreadableWorkbook(NO_TABLE)
    return Workbook(tuple(sheet.grid() for sheet in sheets))


def _sheets(pages: list[_Page]) -> list[tuple[str, _Page]]:
    """Name and page of each sheet: as the first page lists them, else each page in order.

    Raises UnreadableWorkbook where one that is listed is missing.
    """
    listed = [sheet for sheet in excelpage.sheets(pages[0].text) if sheet.page]
    if not listed:
        others = [page for page in pages if not _TABS.search(page.address)]
        return [(_name(page.text) or f"Sheet{n}", page) for n, page in enumerate(others, 1)]
    found = []
    for sheet in listed:
        page = next((page for page in pages if page.answers_to(sheet.page)), None)
        if page is None:
            raise UnreadableWorkbook(DAMAGED)
        found.append((sheet.name, page))
    return found


def _name(text: str) -> str:
    listed = excelpage.sheets(text)
    return listed[0].name if len(listed) == 1 else ""


def _contents(data: bytes) -> tuple[list[_Page], dict[str, str]]:
    """The pages in order, and the number formats of the style sheets."""
    pages: list[_Page] = []
    formats: dict[str, str] = {}
    for header, body in _parts(data):
        kind = header.get_content_type()
        if kind not in {"text/html", "text/css"}:
            continue
        text = decoded(_unpacked(header, body), _charset(header), lenient=True)
        if kind == "text/css":
            formats |= excelpage.formats(text)
        else:
            address, number = (str(header.get(f"Content-{key}", "")) for key in ("Location", "ID"))
            pages.append(_Page(_plain(address), number.strip("<> ").lower(), text))
    return pages, formats


def _parts(data: bytes) -> Iterator[tuple[Message, bytes]]:
    """Header and body of the file's parts; the file itself where it has none."""
    whole = _header(data)
    boundary = whole[0].get_boundary() if whole else None
    if whole and not boundary:
        yield whole
    if not boundary:
        return
    pieces = data.split(b"--" + boundary.encode("ascii", "replace"), MAX_PARTS)
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            return
        if part := _header(piece.lstrip(b"\r\n")):
            yield part


def _header(data: bytes) -> tuple[Message, bytes] | None:
    """A header and what follows it; None where no header ends soon enough."""
    end = _BLANK_LINE.search(data, 0, LONGEST_HEADER)
    if not end:
        return None
    return BytesHeaderParser().parsebytes(data[: end.end()]), data[end.end() :]


def _unpacked(header: Message, body: bytes) -> bytes:
    """A body without its transfer encoding; raises UnreadableWorkbook where it is broken."""
    encoding = str(header.get("Content-Transfer-Encoding", "")).strip().lower()
    try:
        if encoding == "base64":
            return binascii.a2b_base64(body)
        return binascii.a2b_qp(body) if encoding == "quoted-printable" else body
    except binascii.Error as error:
        raise UnreadableWorkbook(DAMAGED) from error


def _charset(header: Message) -> str | None:
    charset = header.get_content_charset()
    return str(charset) if charset else None


def _plain(reference: str) -> str:
    r"""An address as it is compared: `Book1.files\sheet001.htm` is `book1.files/sheet001.htm`."""
    return unquote(reference).strip().replace("\\", "/").removeprefix("./").lower()

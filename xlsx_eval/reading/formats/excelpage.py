"""What Excel's web pages say beside their tables: sheets, number formats."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

HEAD = 1_000_000  # characters: it all stands before the table
_SHEET = re.compile(
    r"""<x:ExcelWorksheet>\s*<x:Name>([^<]*)</x:Name>
        (?:\s*<x:WorksheetSource\s+HRef\s*=\s*["']?([^"'>]*))?""",
    re.IGNORECASE | re.VERBOSE,
)
_HIDDEN = re.compile(r"<x:Visible>\s*Sheet(?:Very)?Hidden", re.IGNORECASE)
_SINCE_1904 = re.compile(r"<x:Date1904\s*/?>", re.IGNORECASE)
_FRAMES = re.compile("<frameset|<x:WorksheetSource", re.IGNORECASE)
_FORMAT = re.compile(
    r"""(?:mso-number-format|vnd\.ms-excel\.numberformat)\s*:\s*
        (?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^;]*))""",
    re.IGNORECASE | re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:(00[0-9a-f]{2})|(.))", re.IGNORECASE)
_CLASS = re.compile(r"\.([\w-]+)\s*$")


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet as the page of the workbook lists it; `page` is the file it stands in, if another."""

    name: str
    page: str = ""


def sheets(text: str) -> list[Listed]:
    """The sheets that a page lists: of the workbook, or the one it holds."""
    return [
        Listed(html.unescape(name).strip(), html.unescape(page).strip())
        for name, page in _SHEET.findall(text[:HEAD])
    ]


def hidden(text: str) -> bool:
    return bool(_HIDDEN.search(text[:HEAD]))


def since_1904(text: str) -> bool:
    return bool(_SINCE_1904.search(text[:HEAD]))


def only_frames(text: str) -> bool:
    """Whether a page without tables is the frame around sheets that stand in other files."""
    return bool(_FRAMES.search(text[:HEAD]))


def formats(css: str) -> dict[str, str]:
    """Class → number format, out of a style sheet or a page with one in its head."""
    codes = {}
    for rule in css[:HEAD].split("}"):
        selectors, _, body = rule.rpartition("{")
        if code := number_format(body):
            named = (_CLASS.search(selector) for selector in selectors[-1000:].split(","))
            codes.update({match[1]: code for match in named if match})
    return codes


def number_format(style: str) -> str | None:
    r"""The number format that a style states, as Excel knows it: `0\.00%` → `0.00%`."""
    match = _FORMAT.search(style)
    if not match:
        return None
    written = next((part for part in match.groups() if part is not None), "")
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], written).strip()


def format_of(attributes: Mapping[str, str], codes: Mapping[str, str]) -> str:
    """A cell's number format: its own, its class's, or what LibreOffice and SheetJS note."""
    if code := number_format(attributes.get("style", "")):
        return code
    for name in attributes.get("class", "").split():
        if code := codes.get(name):
            return code
    return attributes.get("sdnum", "").rpartition(";")[2] or attributes.get("data-z", "")

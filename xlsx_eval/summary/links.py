"""Links from the county workbook into the marked copies, whatever the files are called."""

from __future__ import annotations

from xlsx_eval import look

# what XlsxWriter says Excel escapes in a file's address, and # and %, which would cut it short
# or be taken for an escape; Chinese characters stand for themselves
_ESCAPED = dict.fromkeys('%# "<>[]^`{}?')
_ESCAPES = str.maketrans({char: f"%{ord(char):02X}" for char in _ESCAPED})

LONGEST_LINK = 2_079
MOST_LINKS = 65_530


def copy_link(annotated: str, sheet: str = "", cell: str = "") -> str | None:
    """Address of the marked copy, or of a cell in it; None where Excel could not hold it."""
    if not annotated:
        return None
    path = look.plain(annotated).translate(_ESCAPES)
    anchor = look.cell_reference(look.plain(sheet), cell or "A1") if sheet else ""
    if _units(path) > LONGEST_LINK or _units(anchor) > LONGEST_LINK:
        return None
    return f"external:{path}#{anchor}" if anchor else f"external:{path}"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2

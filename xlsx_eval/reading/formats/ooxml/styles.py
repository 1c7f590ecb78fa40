"""Cell styles, as far as they change what is read: their number formats."""

from __future__ import annotations

from array import array

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.formats.ooxml.package import THE_FILE, Package, damaged
from xlsx_eval.reading.formats.ooxml.parsing import Attributes, Listener
from xlsx_eval.reading.formats.styles import Styles

MAX_FORMATS = 70_000  # Excel itself has room for 65,490 styles and some hundred formats
LONGEST_FORMAT = 255


def styles(package: Package, part: str | None, *, since_1904: bool) -> Styles:
    """The styles part's number formats; without such a part all numbers show plain."""
    listener = _Styles()
    if part:
        package.tell(listener, part)
    return Styles(listener.formats, listener.styles, since_1904)


class _Styles(Listener):
    def __init__(self) -> None:
        super().__init__()
        self.formats: dict[int, str] = {}
        self.styles = array("L")
        self._for_cells = False
        self.starts["numFmt"] = self._format
        self.starts["cellXfs"] = self._begin_cells
        self.starts["xf"] = self._style
        self.ends["cellXfs"] = self._end_cells

    def _format(self, attributes: Attributes) -> None:
        code = attributes.get("formatCode", "")
        self._check(len(self.formats))
        if len(code) <= LONGEST_FORMAT:
            self.formats[_number(attributes)] = code

    def _style(self, attributes: Attributes) -> None:
        if self._for_cells:
            self._check(len(self.styles))
            self.styles.append(_number(attributes))

    def _begin_cells(self, _: Attributes) -> None:
        self._for_cells = True

    def _end_cells(self) -> None:
        self.done = True
        self.starts.clear()  # formats further down are not those of cells

    def _check(self, count: int) -> None:
        if count >= MAX_FORMATS:
            raise UnreadableWorkbook(damaged(THE_FILE))


def _number(attributes: Attributes) -> int:
    number = attributes.get("numFmtId", "0")
    return int(number) if number.isdecimal() and len(number) < 10 else 0

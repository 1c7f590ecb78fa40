"""A sheet while it is read: what it may hold is bounded, whatever its file says of repeats."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.formats.assemble import DAMAGED, MAX_MERGE_CELLS, Found, assemble
from xlsx_eval.reading.grid import Grid, Span, Width
from xlsx_eval.reading.limits import BYTES_A_CELL, CHARACTERS_A_MEGABYTE, USUAL

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MARGIN = 5 / 7  # characters beside the text of a cell
MAX_WIDTHS = 1_000  # stretches of columns with a width of their own


@dataclass
class Budget:
    """What the sheets of one workbook may hold together; spending more refuses the file."""

    sheets: int = USUAL.sheets
    unpacked: int = 512 * 1024 * 1024  # bytes of XML
    tags: int = 4_000_000  # in XML and HTML: what there is time for
    cells: int = USUAL.megabytes * 1024 * 1024 // BYTES_A_CELL
    repeated: int = 100_000  # cells that the file states once and repeats
    characters: int = USUAL.megabytes * CHARACTERS_A_MEGABYTE
    merged: int = 500_000  # cells under merges
    reached: int = 5_000_000  # places in a web page's rows that cells of rows above reach into

    def take_sheet(self) -> None:
        self.sheets -= 1
        if self.sheets < 0:
            raise UnreadableWorkbook("工作簿的工作表过多，请删去与自评表无关的工作表后重新报送。")

    def take_bytes(self, count: int) -> None:
        self.unpacked -= count
        if self.unpacked < 0:
            raise UnreadableWorkbook("文件解压后过大，请删去与自评表无关的内容后重新报送。")

    def take_tags(self, count: int) -> None:
        self.tags -= count
        if self.tags < 0:
            raise UnreadableWorkbook(
                "文件的行列或格式过多（空白的也算），请删去表格以外的行、列和格式后重新报送。"
            )

    def take_reached(self, count: int) -> None:
        self.reached -= count
        if self.reached < 0:
            raise UnreadableWorkbook("网页表格的合并单元格过多，请另存为 .xlsx 后重新报送。")

    def take_text(self, length: int) -> None:
        self.characters -= length
        if self.characters < 0:
            raise UnreadableWorkbook("文件的文字过多，请删去与自评表无关的内容后重新报送。")


@dataclass
class Sheet:
    """The cells and merges found so far; `grid` puts them together."""

    name: str
    budget: Budget
    hidden: bool = False
    review: bool = False
    found: dict[tuple[int, int], Found] = field(default_factory=dict)
    merges: list[Span] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    widths: list[Width] = field(default_factory=list)

    def put(self, row: int, col: int, found: Found) -> None:
        """Keep what stands in a cell; raises UnreadableWorkbook beyond what a sheet can hold."""
        if not (0 <= row < MAX_ROWS and 0 <= col < MAX_COLUMNS):
            raise UnreadableWorkbook(DAMAGED)
        self.budget.cells -= 1
        if self.budget.cells < 0:
            raise UnreadableWorkbook(
                f"工作表“{self.name}”的内容过多，请把台账、明细等大表移到另外的文件后重新报送。"
            )
        self.found[row, col] = found

    def take_repeated(self, count: int) -> None:
        """Allow a filled cell to be repeated so often, or raise UnreadableWorkbook."""
        self.budget.repeated -= count
        if self.budget.repeated < 0:
            raise UnreadableWorkbook(
                f"工作表“{self.name}”把同样的内容填满了成片的行列，请删去多余的行列后重新报送。"
            )

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Keep a merge; one cell is none, and merges beyond what any form has say nothing."""
        area = (bottom - top + 1) * (right - left + 1)
        inside = top >= 0 and left >= 0 and bottom < MAX_ROWS and right < MAX_COLUMNS
        if not (1 < area <= MAX_MERGE_CELLS and inside):
            return
        self.budget.merged -= area
        if self.budget.merged >= 0:
            self.merges.append(Span(top, left, bottom, right))

    def hide_columns(self, first: int, count: int) -> None:
        self.hidden_columns.update(range(max(first, 0), min(first + count, MAX_COLUMNS)))

    def set_width(self, first: int, count: int, characters: float) -> None:
        """Note how wide columns are; of no use beyond what a sheet can hold."""
        if first >= 0 and 0 < count <= MAX_COLUMNS - first and len(self.widths) < MAX_WIDTHS:
            self.widths.append(Width(first, first + count - 1, characters))

    def take_columns(self, first: int, count: int, parts: int, hidden: int) -> None:
        """Columns as a record tells of them: their width in 256ths, with the margin of cells."""
        self.set_width(first, count, round(max(parts / 256 - MARGIN, 0), 2))
        if hidden:
            self.hide_columns(first, count)

    def grid(self) -> Grid:
        return assemble(
            self.name,
            self.found,
            self.merges,
            hidden_rows=self.hidden_rows,
            hidden_columns=self.hidden_columns,
            hidden=self.hidden,
            widths=self.widths,
            review=self.review,
        )

"""What one file may cost, and how much of it has been spent."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlsx_eval.errors import UnreadableWorkbook

# Measured on a slow machine, with a margin: what a second and a megabyte are enough for.
MARKS_A_SECOND = 300_000
BYTES_A_SECOND = 50_000_000
BYTES_A_CELL = 1_500
CHARACTERS_A_MEGABYTE = 60_000


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` and `megabytes` (of memory, beyond what the program itself takes) for one file.

    A workbook has at most so many `sheets`. A sheet with more than `large_sheet` filled cells may
    be a unit's own list: its first `head_rows` filled rows tell whether it belongs to the form.
    """

    seconds: float = 10
    megabytes: int = 300
    sheets: int = 500
    large_sheet: int = 20_000
    head_rows: int = 300


USUAL = Limits()


@dataclass
class Budget:
    """What is left to spend on one file: bytes to unpack, marks to parse, cells, characters.

    Marks are the signs `<` and `=`: each tag and each attribute takes its time.
    """

    limits: Limits
    unpacked: float = field(init=False)
    marks: float = field(init=False)
    cells: int = field(init=False)
    characters: int = field(init=False)

    def __post_init__(self) -> None:
        self.unpacked = self.limits.seconds * BYTES_A_SECOND
        self.marks = self.limits.seconds * MARKS_A_SECOND
        self.cells = self.limits.megabytes * 1024 * 1024 // BYTES_A_CELL
        self.characters = self.limits.megabytes * CHARACTERS_A_MEGABYTE

    def unpack(self, count: int, where: str) -> None:
        """Spend bytes of an archive; raises UnreadableWorkbook where too many are asked for."""
        self.unpacked -= count
        if self.unpacked < 0:
            raise UnreadableWorkbook(
                f"{where}解压后过大，请删去与自评表无关的工作表、行列和格式后重新报送。"
            )

    def parse(self, marks: int, where: str) -> None:
        self.marks -= marks
        if self.marks < 0:
            raise UnreadableWorkbook(
                f"{where}的内容或格式过多（空白的行列也算），请删去与自评表无关的内容和格式后重新报送。"
            )

    def fill(self, cells: int, where: str) -> None:
        self.cells -= cells
        if self.cells < 0:
            raise UnreadableWorkbook(
                f"{where}的内容过多，请把台账、明细等大表移到另外的文件后重新报送。"
            )

    def write(self, characters: int, where: str) -> None:
        self.characters -= characters
        if self.characters < 0:
            raise UnreadableWorkbook(f"{where}的文字过多，请删去与自评表无关的内容后重新报送。")

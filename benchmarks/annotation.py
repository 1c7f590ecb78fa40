"""How long annotating takes beside openpyxl load + annotate + save, in the same run.

    python benchmarks/annotation.py [--rows 100000]

Each sample form, a plain form of 5 sheets of 150 cells, and a sheet of 100,000 × 10 cells; for the
last one the peak memory of either way as well, each in a process of its own.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import click
import openpyxl
import psutil
import xlsxwriter
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from timing import milliseconds

from xlsx_eval import look
from xlsx_eval.annotation import Mark, Review, annotate, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl.worksheet.worksheet import Worksheet

INBOX = Path(__file__).parents[1] / "samples" / "inbox"
CELLS = ("B3", "C4", "D5", "B6", "F5", "B9", "C9", "E2")
SMALL, LARGE = 5, 10  # times as fast as openpyxl, at least


def review(sheet: str) -> Review:
    """Eight findings on one sheet, of all severities."""
    marks = tuple(
        Mark(
            rule=f"F{101 + number}",
            name="实际支出大于实际到位",
            severity=tuple(look.SEVERITIES)[number % 3],
            sheet=sheet,
            cell=cell,
            related=f"'{sheet}'!B4",
            problem="实际支出195.5万元大于实际到位资金180万元，超出15.5万元。",
            advice="请核对到位资金和支出数。",
            basis="本表的勾稽关系",
            expected="不大于180万元",
            actual="195.5万元",
        )
        for number, cell in enumerate(CELLS)
    )
    return Review("城区背街小巷改造工程", "县住房和城乡建设局", "退回修改", marks)


def by_openpyxl(workbook: bytes, wanted: Review) -> bytes:
    """The same fills, comments and a sheet of findings, by loading and saving."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    for mark in wanted.marks:
        cell = book[mark.sheet or ""][mark.cell or ""]
        if isinstance(cell, Cell):
            cell.fill = PatternFill("solid", fgColor=look.SEVERITIES[mark.severity].fill)
            cell.comment = Comment(mark.problem, "xlsx-eval")
    book.active = _sheet_of_findings(book, wanted)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _sheet_of_findings(book: openpyxl.Workbook, wanted: Review) -> Worksheet:
    """Our sheet: a head, ten columns with borders, links to the cells, a list to choose from."""
    sheet: Worksheet = book.create_sheet("审核意见")
    rows = [[*page.COLUMNS]]
    for number, mark in enumerate(wanted.marks, 1):
        where = f"{mark.sheet}!{mark.cell}"
        rows.append([
            str(number), mark.severity, f"{mark.rule} {mark.name}", where, mark.problem,
            mark.expected, mark.actual, mark.advice, mark.reply, mark.decision,
        ])  # fmt: skip
    line = Side("thin", color=look.RULE)
    font, border = Font(name=look.FONT, size=10), Border(line, line, line, line)
    alignment = Alignment("left", "center", wrap_text=True)
    for number, text in enumerate((page.TITLE, wanted.project, wanted.verdict, wanted.unit), 1):
        sheet.cell(number, 1, text).font = Font(name=look.FONT, size=16 - number, bold=True)
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=10)
    for row in rows:
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            cell.font, cell.border, cell.alignment = font, border, alignment
    for number, width in enumerate(page.COLUMNS.values(), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    choices = DataValidation(type="list", formula1=f'"{",".join(look.DECISIONS)}"')
    for number, mark in enumerate(wanted.marks, 6):
        where = look.cell_reference(mark.sheet or "", mark.cell or "")
        sheet.cell(number, 4).hyperlink = Hyperlink(ref=f"D{number}", location=where)
    choices.add(f"J6:J{len(rows) + 4}")
    sheet.add_data_validation(choices)
    return sheet


WAYS: dict[str, Callable[[bytes, Review], bytes]] = {"ours": annotate, "openpyxl": by_openpyxl}


def written(sheets: int, rows: int, columns: int) -> bytes:
    """A plain workbook of texts and numbers."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        for number in range(sheets):
            sheet = book.add_worksheet(f"表{number + 1}")
            for row in range(rows):
                sheet.write_string(row, 0, f"第{row % 997}项支出")
                for column in range(1, columns):
                    sheet.write_number(row, column, row * column / 4)
    return content.getvalue()


def first_sheet(workbook: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True)
    return book.sheetnames[0]


def compared(name: str, workbook: bytes, times: int, wanted: float) -> bool:
    """Print one line; whether we are as many times as fast as wanted."""
    marks = review(first_sheet(workbook))
    ours, theirs = (milliseconds(lambda way=way: way(workbook, marks), times)  # type: ignore[misc]
                    for way in WAYS.values())  # fmt: skip
    click.echo(f"{name:<36}{ours:>10.1f}{theirs:>12.1f}{theirs / ours:>8.1f} ×")
    return theirs / ours >= wanted


def peak(path: Path, way: str) -> tuple[float, float]:
    """Seconds and peak memory in MiB, in a fresh process."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, __file__, "--one", way, str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    seconds, memory = json.loads(done.stdout)
    return seconds, memory


def measured(path: Path, way: str) -> None:
    """Print seconds and the memory the annotation added to the process at its peak, in MiB."""
    import resource  # noqa: PLC0415 - not on every system

    workbook = path.read_bytes()
    before = psutil.Process().memory_info().rss / 1024**2
    start = time.perf_counter()
    WAYS[way](workbook, review("表1"))
    seconds = time.perf_counter() - start
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    click.echo(json.dumps([seconds, most - before]))


@click.command()
@click.option("--rows", default=100_000, show_default=True, help="Rows of the large sheet.")
@click.option("--one", type=(click.Choice(list(WAYS)), click.Path(path_type=Path)), hidden=True)
def main(rows: int, one: tuple[str, Path] | None) -> None:
    """Compare; exit status 1 where we are not as fast as we should be."""
    if one is not None:
        measured(one[1], one[0])
        return
    click.echo(f"{'workbook':<36}{'ours ms':>10}{'openpyxl ms':>12}{'ratio':>10}")
    fast = [
        compared(path.stem, path.read_bytes(), 5, SMALL)
        for path in sorted(INBOX.rglob("*.xlsx"))
        if zipfile.is_zipfile(path)  # one unit sent a web page under this name
    ]  # fmt: skip
    fast.append(compared("plain form 5 × 150", written(5, 30, 5), 10, SMALL))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "large.xlsx")
        path.write_bytes(written(1, rows, 10))
        (ours, our_memory), (theirs, their_memory) = (peak(path, way) for way in WAYS)
        size = path.stat().st_size / 1024**2
    name = f"{rows:,} × 10 ({size:.1f} MiB)"
    click.echo(f"{name:<36}{ours * 1000:>10.1f}{theirs * 1000:>12.1f}{theirs / ours:>8.1f} ×")
    click.echo(f"{'  peak memory, MiB':<36}{our_memory:>10.0f}{their_memory:>12.0f}")
    sys.exit(0 if all(fast) and theirs / ours >= LARGE else 1)


if __name__ == "__main__":
    main()

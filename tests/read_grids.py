"""What tests ask of a workbook as read, and ways to damage a file."""

from __future__ import annotations

from collections.abc import Iterator

from xlsx_eval.reading.grid import Grid, Workbook, address


def only(workbook: Workbook) -> Grid:
    """The one sheet of a workbook."""
    (grid,) = workbook.sheets
    return grid


def texts(grid: Grid) -> dict[str, str]:
    """Address → text of each cell."""
    return {address(*place): cell.text for place, cell in grid.cells.items()}


def merges(grid: Grid) -> set[str]:
    """The merges as `A1:D1`."""
    return {
        f"{address(span.top, span.left)}:{address(span.bottom, span.right)}" for span in grid.merges
    }


def hidden(grid: Grid) -> set[str]:
    """The addresses of hidden cells."""
    return {address(*place) for place, cell in grid.cells.items() if cell.hidden}


def damaged(whole: bytes, times: int = 40) -> Iterator[bytes]:
    """The file cut off, with a byte changed, and with a part missing or doubled, here and there."""
    for number in range(times):
        at = len(whole) * number // times
        yield whole[:at]
        yield whole[:at] + bytes([whole[at] ^ 0x15]) + whole[at + 1 :]
        yield whole[:at] + whole[at + 37 :]
        yield whole[: at + 37] + whole[at:]

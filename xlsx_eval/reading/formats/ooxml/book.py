"""A package → the grids of its sheets; large lists that are no part of the form are left alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.formats.assemble import Found, assemble
from xlsx_eval.reading.formats.large import PartOfForm
from xlsx_eval.reading.formats.ooxml.contents import Contents, Sheet, contents
from xlsx_eval.reading.formats.ooxml.package import Package, damaged
from xlsx_eval.reading.formats.ooxml.sheet import Place, Scan, Stored, scan
from xlsx_eval.reading.formats.ooxml.strings import shared_strings
from xlsx_eval.reading.formats.ooxml.styles import styles
from xlsx_eval.reading.formats.ooxml.values import Values
from xlsx_eval.reading.grid import Grid, Workbook


def read(package: Package, workbook: str, part_of_form: PartOfForm | None = None) -> Workbook:
    """The sheets that the part `workbook` lists.

    A sheet too large for a form is read whole only where `part_of_form` (or nobody) says so of
    the texts at its beginning; else that beginning stands for it, without merges. Raises
    UnreadableWorkbook with a Chinese sentence.
    """
    listing = contents(package, workbook)
    if not listing.sheets:
        raise UnreadableWorkbook("工作簿里没有可以填写的工作表，请用模板填写后重新报送。")
    values = Values({}, styles(package, listing.styles, since_1904=listing.since_1904))
    book = _Book(package, listing, values, part_of_form)
    scans = [(sheet, book.first_scan(sheet, number)) for number, sheet in enumerate(listing.sheets)]
    book.load_strings([first for _, first in scans])
    return Workbook(tuple(book.grid(sheet, first) for sheet, first in scans))


@dataclass
class _Book:
    package: Package
    listing: Contents
    values: Values
    part_of_form: PartOfForm | None

    def first_scan(self, sheet: Sheet, number: int) -> Scan:
        """The whole sheet, or the first rows of a large one; the later ones leave room for all."""
        budget = self.package.budget
        share = budget.cells // (len(self.listing.sheets) - number)
        first = scan(self.package, sheet, min(budget.limits.large_sheet, share))
        if first.excess:
            first.cells = _first_rows(first.cells, budget.limits.head_rows)
            first.merges = []
        budget.fill(len(first.cells), sheet.where)
        return first

    def load_strings(self, scans: Iterable[Scan]) -> None:
        """Fetch those shared strings that the cells need; one that isn't there is found later."""
        wanted = {
            int(cell.value)
            for each in scans
            for cell in each.cells.values()
            if cell.kind == "s" and cell.value.strip().isdecimal()
        } - self.values.strings.keys()
        if self.listing.strings:
            self.values.strings |= shared_strings(self.package, self.listing.strings, wanted)

    def grid(self, sheet: Sheet, first: Scan) -> Grid:
        found = self._found(sheet, first)
        if first.excess and self._belongs(found.values()):
            first = self._whole(sheet, first)
            found = self._found(sheet, first)
        away = first.hidden_columns
        return assemble(
            sheet.name,
            found,
            first.merges,
            hidden_rows=first.hidden_rows,
            hidden_columns={column for _, column in found if away[column]},
            hidden=sheet.hidden,
        )

    def _belongs(self, found: Iterable[Found]) -> bool:
        texts = [each.text for each in found if isinstance(each.raw, str)]
        return self.part_of_form is None or self.part_of_form(texts)

    def _whole(self, sheet: Sheet, first: Scan) -> Scan:
        budget = self.package.budget
        budget.cells += len(first.cells)
        whole = scan(self.package, sheet, budget.cells)
        if whole.excess:
            raise UnreadableWorkbook(
                f"{sheet.where}的{whole.excess}过多，请把台账、明细等大表移到另外的文件后重新报送。"
            )
        budget.fill(len(whole.cells), sheet.where)
        self.load_strings([whole])
        return whole

    def _found(self, sheet: Sheet, scan: Scan) -> dict[Place, Found]:
        try:
            return {place: self.values.found(scan, place) for place in scan.cells}
        except (LookupError, ValueError) as error:  # a shared string that isn't there
            raise UnreadableWorkbook(damaged(sheet.where)) from error


def _first_rows(cells: dict[Place, Stored], count: int) -> dict[Place, Stored]:
    """The cells of the first rows that have any."""
    rows = sorted({row for row, _ in cells})[:count]
    return {place: cell for place, cell in cells.items() if place[0] <= rows[-1]}

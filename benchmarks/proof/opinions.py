"""What other programs see in a workbook: openpyxl, calamine and LibreOffice."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
import warnings
from typing import TYPE_CHECKING, Any

import openpyxl
import python_calamine
from openpyxl.cell import MergedCell

from proof.content import apart
from proof.marks import comment_texts, marks_missing
from proof.package import NotComparable, Package, child, merges, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from proof.targets import Plan

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
LARGEST = 2_000_000  # cells in merges, or in the extent of a sheet: more hangs or kills a reader

Facts = dict[tuple[str, str], tuple[object, ...]]


class Unopened(Exception):
    """The program can't open the workbook."""


def openpyxl_facts(content: bytes) -> Facts:
    """By sheet and cell: value, format, comment."""
    _screen(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
    except Exception as fault:
        raise Unopened(repr(fault)) from fault
    found: Facts = {(sheet, ""): () for sheet in book.sheetnames}
    known: dict[int, object] = {}
    for sheet in book.worksheets:
        for cell in list(sheet._cells.values()):  # noqa: SLF001 - iterating would make more cells
            comment = cell.comment
            found[sheet.title, cell.coordinate] = (
                _value(getattr(cell, "value", None)),
                _look(cell, known),
                None if comment is None else comment.text,
            )
    return found


def _value(value: object) -> str:
    """A value as text; array formulas and data tables have no text of their own."""
    return repr(vars(value)) if hasattr(value, "ref") else repr(value)


def _look(cell: Any, known: dict[int, object]) -> object:
    """Formats of a cell; those hidden in a merge get theirs from openpyxl."""
    if isinstance(cell, MergedCell):
        return None
    number: int = cell.style_id
    if number not in known:
        parts = (cell.font, cell.fill, cell.border, cell.alignment, cell.protection)
        known[number] = (cell.number_format, *map(repr, parts))
    return known[number]


def openpyxl_differences(
    original: Facts, content: bytes, plan: Plan, *, looks: bool = True
) -> Iterator[str]:
    """What openpyxl sees otherwise; `looks` too, which it makes up where there are no fonts."""
    try:
        facts = openpyxl_facts(content)
    except Unopened as fault:
        yield f"opens no longer: {fault}"
        return
    marked = {*plan.anchors, *plan.related}
    for key, before in original.items():
        after = facts.get(key)
        sheet, cell = key
        if after is None:
            yield f"{sheet}!{cell} is gone"
        elif before and before[0] != after[0]:
            yield f"{sheet}!{cell} value {before[0]} → {after[0]}"
        elif before and key not in marked and before[1 + (not looks) :] != after[1 + (not looks) :]:
            yield f"{sheet}!{cell} {apart(before[1:], after[1:])}"
    sheets = {sheet for sheet, cell in original if not cell}
    for key, after in facts.items():
        if key not in original and key[0] in sheets and key not in marked:
            yield f"{key[0]}!{key[1]} is new"
        wanted = plan.rules.get(key, []) if key not in plan.threaded else []
        said = str(after[2]) if len(after) == 3 else ""
        if missing := [rule for rule in wanted if rule not in said]:
            yield f"{key[0]}!{key[1]}: the comment {said!r} has no {missing}"


def calamine_facts(content: bytes) -> dict[str, list[list[str]]]:
    """By sheet, the values; blank rows and columns at the end don't count."""
    _screen(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {
            name: _trimmed(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        }
    except BaseException as fault:  # its panics are no Exception
        if isinstance(fault, KeyboardInterrupt):
            raise
        raise Unopened(repr(fault)) from fault


def _trimmed(values: list[list[Any]]) -> list[list[str]]:
    found = []
    for row in values:
        while row and row[-1] == "":
            row.pop()
        found.append([repr(value) for value in row])
    while found and not found[-1]:
        found.pop()
    return found


def calamine_differences(original: dict[str, list[list[str]]], content: bytes) -> Iterator[str]:
    try:
        facts = calamine_facts(content)
    except Unopened as fault:
        yield f"opens no longer: {fault}"
        return
    for sheet, before in original.items():
        if sheet not in facts:
            yield f"{sheet} is gone"
        elif facts[sheet] != before:
            pairs = zip(before, facts[sheet], strict=False)
            first = next((each for each in pairs if each[0] != each[1]), "rows")
            yield f"{sheet}: {first}"[:400]


def _screen(content: bytes) -> None:
    """Keep away what is known to hang a reader or to take all memory."""
    try:
        package = Package(content)
        for sheet in package.worksheets:
            tree = package.tree(sheet.part)
            boxes = merges(tree)
            merged = sum((b - t + 1) * (r - left + 1) for t, left, b, r in boxes)
            last = max((number for number, _ in rows(tree)), default=0)
            if max(merged, last) > LARGEST / 2:
                raise Unopened("too large to try")
    except NotComparable:
        return


# ------------------------------------------------------------------------------------- LibreOffice


def converted(workbooks: list[Path], folder: Path, target: str = "xlsx") -> dict[str, Path]:
    """What LibreOffice makes of the workbooks, by name; those it can't open are missing.

    One that kills it is not to take the others along: those that are missing get a second try.
    """
    out = folder / target
    _convert(workbooks, folder, target)
    if len(workbooks) > 1:
        for workbook in workbooks:
            if not (out / f"{workbook.stem}.{target}").exists():
                _convert([workbook], folder, target)
    return {path.stem: path for path in out.glob(f"*.{target}")}


def _convert(workbooks: list[Path], folder: Path, target: str) -> None:
    profile = (folder / "profile").as_uri()
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(  # noqa: S603
            [
                str(SOFFICE), f"-env:UserInstallation={profile}", "--headless", "--convert-to",
                target, "--outdir", str(folder / target), *map(str, workbooks),
            ],
            check=False, capture_output=True, timeout=60 + 5 * len(workbooks),
        )  # fmt: skip


def rewritten_by_office(package: Package) -> bool:
    """Whether LibreOffice fills sheets anew (pivot tables) or shifts comments (scenarios)."""
    return any(
        package.related(sheet.part, "pivotTable")
        or child(package.tree(sheet.part), "scenarios") is not None
        for sheet in package.worksheets
    )


def office_faults(converted_copy: bytes, plan: Plan) -> Iterator[str]:
    """Fills and comments that LibreOffice doesn't show."""
    package = Package(converted_copy)
    yield from marks_missing(package, plan)
    for sheet in package.worksheets:
        said = comment_texts(package, sheet)
        for (name, cell), rules in plan.rules.items():
            if name == sheet.name and (name, cell) not in plan.threaded:
                missing = [rule for rule in rules if rule not in said.get(cell, "")]
                if missing:
                    yield f"{name}!{cell}: the comment has no {missing}"

"""Five kinds of cell to mark in any workbook, and what the marks should show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from proof.package import (
    Element,
    Package,
    areas,
    attribute,
    cells,
    child,
    children,
    descendants,
    inside,
    local,
    merges,
    name_of,
    place,
    rows,
)
from xlsx_eval.annotation import Mark, Review

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proof.package import Sheet

SEVERITIES = ("error", "warning", "notice")
SHEETS = 6  # so many worksheets of a workbook are marked
KINDS = ("filled", "empty", "missing row", "commented", "in a merge", "threaded")

NOTHING_FOUND = Review("抽查项目", "抽查单位", "通过")


@dataclass(frozen=True, slots=True)
class Target:
    """A cell to mark; `anchor` is the cell that shows the mark."""

    sheet: str
    cell: str
    anchor: str
    kind: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A review, and by (sheet, cell) what its marks have to show."""

    targets: tuple[Target, ...]
    review: Review
    anchors: dict[tuple[str, str], str] = field(default_factory=dict)  # → severity
    rules: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    related: set[tuple[str, str]] = field(default_factory=set)
    threaded: set[tuple[str, str]] = field(default_factory=set)


def plan(package: Package) -> Plan:
    """Marks of all severities on the cells that there are, two on a filled one."""
    sheets = _unambiguous(package)[:SHEETS]
    targets = [target for sheet in sheets for target in _targets(package, sheet)]
    marks: list[Mark] = []
    made = Plan(tuple(targets), NOTHING_FOUND)
    for target in targets:
        _plan_mark(made, marks, target, "")
        if target.kind == "filled":
            beside = _another(package, target)
            _plan_mark(made, marks, target, beside)
            if beside:
                made.related.add((target.sheet, beside.rpartition("!")[2]))
        if target.kind == "threaded":
            made.threaded.add((target.sheet, target.anchor))
    made.related.difference_update(made.anchors)
    marks += [
        _mark(len(marks) + number, "error", sheet.name, "B2", "")
        for number, sheet in enumerate(package.sheets)
        if sheet.kind == "chartsheet"
    ]
    marks.append(_mark(len(marks), "notice", None, None, ""))
    review = Review("抽查项目", "抽查单位", "退回修改", tuple(marks))
    return Plan(made.targets, review, made.anchors, made.rules, made.related, made.threaded)


def _plan_mark(made: Plan, marks: list[Mark], target: Target, related: str) -> None:
    severity = SEVERITIES[(len(marks) + 1) % 3]
    mark = _mark(len(marks), severity, target.sheet, target.cell, related)
    marks.append(mark)
    where = target.sheet, target.anchor
    earlier = made.anchors.get(where, severity)
    made.anchors[where] = min(earlier, severity, key=SEVERITIES.index)
    made.rules.setdefault(where, []).append(mark.rule)


def _mark(number: int, severity: str, sheet: str | None, cell: str | None, related: str) -> Mark:
    answered = number % 4 == 0
    return Mark(
        rule=f"T{100 + number}",
        name="抽查",
        severity=severity,
        sheet=sheet,
        cell=cell,
        related=related,
        problem=f"第{number}个问题，金额 <{number}> & “引号”。",
        advice="请核对。",
        basis="本表的勾稽关系",
        expected="200万元",
        actual=f"{number}万元",
        reply=f"说明{number}：已归还。" if answered else "",
        decision="已说明" if answered else "",
    )


def _unambiguous(package: Package) -> list[Sheet]:
    """Worksheets with a name and a part of their own."""
    names = [sheet.name.casefold() for sheet in package.sheets]
    parts = [sheet.part for sheet in package.sheets]
    return [
        sheet
        for sheet in package.worksheets
        if names.count(sheet.name.casefold()) == 1 and parts.count(sheet.part) == 1
    ]


def _targets(package: Package, sheet: Sheet) -> Iterator[Target]:
    tree = package.tree(sheet.part)
    grid = _Grid(tree)
    comments = commented(package, sheet)
    threads = threaded(package, sheet)
    plain = set(comments) - threads
    found: dict[str, tuple[int, int] | None] = {
        "filled": grid.filled(set(comments)),
        "empty": grid.empty(set(comments)),
        "missing row": grid.missing_row(set(comments)),
        "commented": next((where for where in map(place, plain_order(comments, plain))), None),
        "threaded": next((place(each) for each in comments if each in threads), None),
        "in a merge": next(
            (box[2:] for box in grid.merges if box[:2] != box[2:]),
            None,
        ),
    }
    for kind, where in found.items():
        if where is not None:
            anchor = name_of(*grid.anchor(where))
            hidden = kind == "threaded" and anchor not in threads
            under = "threaded" if anchor in threads else "in a merge" if hidden else kind
            yield Target(sheet.name, name_of(*where), anchor, under)


def plain_order(comments: list[str], plain: set[str]) -> list[str]:
    return [each for each in comments if each in plain]


def commented(package: Package, sheet: Sheet) -> list[str]:
    """Cells with a comment."""
    part = package.related(sheet.part, "comments")
    if part is None:
        return []
    return [each.get("ref", "") for each in descendants(package.tree(part), "comment")]


def threaded(package: Package, sheet: Sheet) -> set[str]:
    """Cells with a thread of comments."""
    part = package.related(sheet.part, "threadedComment")
    if part is None:
        return set()
    return {each.get("ref", "") for each in package.tree(part) if local(each)}


class _Grid:
    """Which cells of a worksheet hold something, and its merges."""

    def __init__(self, tree: Element) -> None:
        self.merges = merges(tree)
        self.rows: dict[int, dict[int, bool]] = {}
        for number, row in rows(tree):
            held = self.rows.setdefault(number, {})
            held |= {column: any(map(local, cell)) for column, cell in cells(number, row)}

    def anchor(self, where: tuple[int, int]) -> tuple[int, int]:
        boxes = [box for box in self.merges if inside(where, box)]
        return boxes[0][:2] if boxes else where

    def _free(self, where: tuple[int, int], comments: set[str]) -> bool:
        merged = any(inside(where, box) for box in self.merges)
        return not merged and name_of(*where) not in comments

    def filled(self, comments: set[str]) -> tuple[int, int] | None:
        """A cell that holds something, from the middle of the sheet."""
        held = [
            (row, column)
            for row, columns in self.rows.items()
            for column, full in columns.items()
            if full and name_of(row, column) not in comments
        ]
        middle = len(held) // 2
        outward = held[middle:] + held[:middle][::-1]
        return next((where for where in outward if self.anchor(where) == where), None)

    def empty(self, comments: set[str]) -> tuple[int, int] | None:
        """A cell that is blank, or not there, in a row that is."""
        for row, columns in self.rows.items():
            for column in range(1, min(max(columns, default=0) + 2, 16_384)):
                if not columns.get(column) and self._free((row, column), comments):
                    return row, column
        return None

    def missing_row(self, comments: set[str]) -> tuple[int, int] | None:
        last = max(self.rows, default=0)
        gaps = (row for row in range(1, min(last + 4, 1_048_576)) if row not in self.rows)
        return next(((row, 2) for row in gaps if self._free((row, 2), comments)), None)


def _another(package: Package, target: Target) -> str:
    """Address of another filled cell on the sheet, one that no merge hides."""
    sheet = next(each for each in package.worksheets if each.name == target.sheet)
    tree = package.tree(sheet.part)
    grid = _Grid(tree)
    for row, columns in grid.rows.items():
        for column, full in columns.items():
            where = row, column
            if full and name_of(*where) != target.anchor and grid.anchor(where) == where:
                quoted = sheet.name.replace("'", "''")
                return f"'{quoted}'!{name_of(*where)}"
    return ""


def conditional(tree: Element) -> list[tuple[list[tuple[int, int, int, int]], list[Element]]]:
    """Conditional formats in the order of the document: the areas and the rules, x14 ones last."""
    found = [
        (areas(each.get("sqref", "")), children(each, "cfRule"))
        for each in children(tree, "conditionalFormatting")
    ]
    for listing in descendants(tree, "conditionalFormattings"):
        for each in children(listing, "conditionalFormatting"):
            references = child(each, "sqref")
            text = "" if references is None else references.text or ""
            found.append((areas(text), children(each, "cfRule")))
    return found


def relation_to(tree: Element, name: str) -> str | None:
    """Id of the relationship that `legacyDrawing` and the like name, wherever it stands."""
    for each in descendants(tree, name):
        return attribute(each, "id")
    return None

"""Whether a copy shows what its review says: fills, comments, the sheet of findings."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from proof.changes import in_order
from proof.content import apart
from proof.package import (
    cells,
    child,
    children,
    descendants,
    inside,
    local,
    merges,
    place,
    rows,
)
from proof.sheet_changes import SHEET_ORDER, ascending
from proof.targets import conditional, relation_to
from xlsx_eval.annotation import read_replies
from xlsx_eval.ours import REVIEW_SHEET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proof.package import Element, Package, Sheet
    from proof.targets import Plan
    from xlsx_eval.annotation import Review

FILLS = {"error": "FFC7CE", "warning": "FFE699", "notice": "DDEBF7"}
NAME = "审核意见"
# a marked cell may belong to another named style: what it looks like is said in its own format
_KEPT_OUT = {"fill", "applyFill", "named style", "its formats"}
_SHAPE_ID = re.compile(rb"<(?:v:)?shape\b[^>]*?\bid\s*=\s*[\"']([^\"']*)[\"']")


def marks_missing(copy: Package, plan: Plan, original: Package | None = None) -> Iterator[str]:
    """Anchors without the fill of their severity; with the original, other formats that changed."""
    for sheet in copy.worksheets:
        wanted = {c: s for (name, c), s in plan.anchors.items() if name == sheet.name}
        paler = {c for name, c in plan.related if name == sheet.name}
        if not wanted and not paler:
            continue
        tree = copy.tree(sheet.part)
        looks = _looks(tree, {place(cell) for cell in (*wanted, *paler)})
        for cell, severity in wanted.items():
            shown = _shown_fill(copy, tree, place(cell), looks.get(place(cell), 0))
            if shown != FILLS[severity]:
                yield f"{sheet.name}!{cell} is {shown}, not {FILLS[severity]} ({severity})"
            elif copy.styles.fill_number(looks.get(place(cell), 0)) == 1:
                yield f"{sheet.name}!{cell} has the second fill, in which Excel shows grey dots"
        if copy.styles.fill(0) != (original or copy).styles.fill(0):
            yield "every cell without a style is filled"
        if original is not None:
            yield from _formats(original, copy, sheet, [*wanted, *paler])
            yield from _paler(original, copy, sheet, paler)


def _looks(tree: Element, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Numbers of styles of cells; those that are not there have their row's or column's."""
    found: dict[tuple[int, int], int] = {}
    rests = dict(wanted_rows(wanted))
    columns = children(child(tree, "cols"), "col")
    for where in wanted:
        for each in columns:
            if int(each.get("min", "0")) <= where[1] <= int(each.get("max", "0")):
                found[where] = int(each.get("style", "0"))
    for number, row in rows(tree):
        if number not in rests:
            continue
        if row.get("customFormat") in {"1", "true"}:
            for column in rests[number]:
                found[number, column] = int(row.get("s", "0"))
        for column, cell in cells(number, row):
            if column in rests[number]:
                found[number, column] = int(cell.get("s", "0"))
    return found


def wanted_rows(wanted: set[tuple[int, int]]) -> Iterator[tuple[int, set[int]]]:
    for row, group in itertools.groupby(sorted(wanted), lambda where: where[0]):
        yield row, {column for _, column in group}


def _shown_fill(package: Package, tree: Element, where: tuple[int, int], style: int) -> str | None:
    """The colour a viewer shows: of the first condition's fill, of the cell where there is none."""
    rules = [
        (int(rule.get("priority", "0")), rule)
        for boxes, group in conditional(tree)
        if any(inside(where, box) for box in boxes)
        for rule in group
    ]
    for _, rule in sorted(rules, key=lambda each: each[0]):
        if rule.get("type") == "colorScale":
            return "a colour scale's"
        if fill := _rule_fill(package, rule):
            return fill
    return package.styles.fill(style)


def _rule_fill(package: Package, rule: Element) -> str | None:
    inner = child(rule, "dxf")  # x14 rules hold their format
    if inner is not None:
        return "another rule's" if child(inner, "fill") is not None else None
    number = rule.get("dxfId")
    if number is None or child_of_format(package, int(number)) is None:
        return None
    return package.styles.rule_fill(int(number)) or "another rule's"


def child_of_format(package: Package, number: int) -> Element | None:
    formats = package.styles.items("dxfs")
    return child(formats[number], "fill") if number < len(formats) else None


def _formats(original: Package, copy: Package, sheet: Sheet, marked: list[str]) -> Iterator[str]:
    """Number format, font, border, alignment and protection of the marked cells."""
    wanted = {place(cell) for cell in marked}
    old = _looks(original.tree(sheet.part), wanted)
    new = _looks(copy.tree(sheet.part), wanted)
    for cell in marked:
        before = original.styles.cell(old.get(place(cell), 0))
        after = copy.styles.cell(new.get(place(cell), 0))
        if not before:
            continue  # there were no styles at all
        for key in sorted((before.keys() | after.keys()) - _KEPT_OUT):
            default = key in {"font", "border"} and before[key] is None  # there were none at all
            if before.get(key) != after.get(key) and not default:
                yield f"{sheet.name}!{cell} {key}: {apart(before.get(key), after.get(key))}"


def _paler(original: Package, copy: Package, sheet: Sheet, paler: set[str]) -> Iterator[str]:
    wanted = {place(cell) for cell in paler}
    before, after = original.tree(sheet.part), copy.tree(sheet.part)
    old, new = _looks(before, wanted), _looks(after, wanted)
    for cell in paler:
        where = place(cell)
        was = original.styles.fill(old.get(where, 0))
        shown = _shown_fill(copy, after, where, new.get(where, 0))
        if shown == was or shown in FILLS.values():
            yield f"{sheet.name}!{cell} was {was} and is {shown}: no paler mark of its own"


# ---------------------------------------------------------------------------------------- comments


def comments_missing(copy: Package, plan: Plan, original: Package | None = None) -> Iterator[str]:
    """Anchors whose comment doesn't name every rule, or has no box of its own."""
    for sheet in copy.worksheets:
        wanted = {
            cell: rules
            for (name, cell), rules in plan.rules.items()
            if name == sheet.name and (name, cell) not in plan.threaded
        }
        if wanted:
            said = comment_texts(copy, sheet)
            for cell, rules in wanted.items():
                if missing := [rule for rule in rules if rule not in said.get(cell, "")]:
                    yield f"{sheet.name}!{cell}: the comment has no {missing}"
            yield from _boxes(copy, sheet, list(wanted), original or copy)


def comment_texts(package: Package, sheet: Sheet) -> dict[str, str]:
    part = package.related(sheet.part, "comments")
    if part is None:
        return {}
    return {
        each.get("ref", ""): "".join(text.text or "" for text in descendants(each, "t"))
        for each in descendants(package.tree(part), "comment")
    }


def _boxes(copy: Package, sheet: Sheet, wanted: list[str], original: Package) -> Iterator[str]:
    """One box for each comment, and as many as before for one that was there."""
    if not (name := _drawing(copy, sheet)):
        yield f"{sheet.name}: no drawing of the comments"
        return
    there = comment_texts(original, sheet)
    before = original.parts.get(_drawing(original, sheet), b"")
    was, drawn = _drawn(before), _drawn(copy.parts[name])
    for cell in wanted:
        due = was.count(place(cell)) if cell in there else 1
        if drawn.count(place(cell)) != due:
            yield f"{sheet.name}!{cell} has {drawn.count(place(cell))} boxes"
    doubled = [
        len(ids) - len(set(ids)) for ids in map(_SHAPE_ID.findall, (before, copy.parts[name]))
    ]
    if doubled[1] > doubled[0]:
        yield f"{sheet.name}: shape ids are there twice"


def _drawing(package: Package, sheet: Sheet) -> str:
    """Name of the part with the comments' boxes."""
    identity = relation_to(package.tree(sheet.part), "legacyDrawing")
    parts = [each.part for each in package.relations(sheet.part) if each.id == identity]
    return (package.find(parts[0]) or "") if parts and parts[0] else ""


def _drawn(data: bytes) -> list[tuple[int, int]]:
    """Cells of the comments that have a box."""
    text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8", "replace")
    notes = re.findall(r"<\w*:?ClientData\b[^>]*Note[^>]*>(.*?)</\w*:?ClientData", text, re.DOTALL)
    drawn = []
    for note in notes:
        row, column = (re.search(rf"{each}\s*>\s*(\d+)", note) for each in ("Row", "Column"))
        if row and column:
            drawn.append((int(row[1]) + 1, int(column[1]) + 1))
    return drawn


# ---------------------------------------------------------------------------- our sheet


def sheet_faults(original: Package, copy: Package, review: Review) -> Iterator[str]:
    """The sheet 审核意见: last, active, alone selected, under a free name, with every finding."""
    if len(copy.sheets) != len(original.sheets) + 1:
        yield f"{len(original.sheets)} sheets → {[sheet.name for sheet in copy.sheets]}"
        return
    ours = copy.sheets[-1]
    taken = {sheet.name.casefold() for sheet in original.sheets}
    names = (NAME if number == 1 else f"{NAME}({number})" for number in itertools.count(1))
    free = next(name for name in names if name.casefold() not in taken)
    if (ours.name, ours.state, ours.kind) != (free, "visible", "worksheet"):
        yield f"our sheet is {ours}, not {free}"
    yield from _open_on_last(copy)
    tree, said = copy.tree(ours.part), "\n".join(texts(copy, ours))
    for wanted in (review.verdict, *(mark.rule for mark in review.marks)):
        if wanted not in said:
            yield f"{ours.name} doesn't say {wanted}"
    if not in_order(tree, SHEET_ORDER):
        yield f"{ours.name} has elements out of order: {[local(each) for each in tree]}"
    yield from ascending(tree)
    boxes = merges(tree)
    if any(inside(first[:2], second) for first, second in itertools.permutations(boxes, 2)):
        yield f"{ours.name} has merges over each other"
    names_of_ours = [
        name
        for name in descendants(copy.tree(copy.workbook), "definedName")
        if name.get("name") == REVIEW_SHEET
    ]
    if len(names_of_ours) != 1:
        yield f"{len(names_of_ours)} names {REVIEW_SHEET}"


def _open_on_last(copy: Package) -> Iterator[str]:
    views = children(child(copy.tree(copy.workbook), "bookViews"), "workbookView")
    if {view.get("activeTab", "0") for view in views} != {str(len(copy.sheets) - 1)}:
        yield f"active tab {[view.get('activeTab') for view in views]}"
    for number, sheet in enumerate(copy.sheets):
        tree = copy.tree(sheet.part)
        selected = {view.get("tabSelected") for view in descendants(tree, "sheetView")} & {
            "1", "true",
        }  # fmt: skip
        if bool(selected) != (number == len(copy.sheets) - 1):
            yield f"{sheet.name} is {'' if selected else 'not '}selected"


def texts(package: Package, sheet: Sheet) -> list[str]:
    """Texts and numbers of a sheet's cells."""
    found = []
    part = package.related(package.workbook, "sharedStrings")
    shared = [] if part is None else children(package.tree(part), "si")
    for number, row in rows(package.tree(sheet.part)):
        for _, cell in cells(number, row):
            value = child(cell, "v")
            if cell.get("t") == "s" and value is not None:
                cell = shared[int(value.text or "0")]  # noqa: PLW2901
            found.append(
                "".join(each.text or "" for each in cell.iter() if local(each) in {"t", "v"})
            )
    return found


def replies_lost(copy: bytes, review: Review) -> Iterator[str]:
    """Answers that don't come back."""
    answers = (each for each in read_replies(copy) if each.reply or each.decision)
    there = {(each.rule, each.reply, each.decision) for each in answers}
    typed = {
        (each.rule, each.reply, each.decision)
        for each in review.marks
        if each.reply or each.decision
    }
    if there != typed:
        yield f"answers {sorted(typed)} came back as {sorted(there)}"

"""What a workbook says and how it looks, whatever parts and numbers it says it with."""

from __future__ import annotations

import hashlib
import re
from copy import copy
from typing import TYPE_CHECKING, Any

from proof.package import (
    NotComparable,
    Package,
    cells,
    child,
    children,
    descendants,
    drop,
    essence,
    local,
    name_of,
    rows,
)
from proof.targets import relation_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proof.package import Element, Sheet

    Content = dict[tuple[str, ...], object]

_SHAPE = re.compile(rb"<(v:)?shape\b.*?</(v:)?shape\s*>", re.DOTALL)
_STYLE = frozenset({"r", "s"})
_ROW = frozenset({"r", "s", "spans"})


def content(package: Package) -> Content:
    """Everything a user can tell apart, by where it stands.

    Which sheet is open is left out, as are blank cells that look like their row or column.
    """
    if "content" not in package.memo:
        package.memo["content"] = _content(package)
    found: Content = package.memo["content"]
    return found


def _content(package: Package) -> Content:
    found: Content = {}
    modelled = {package.workbook}
    for number, sheet in enumerate(package.sheets):
        key = f"sheet {number}"
        found[key,] = (sheet.name, sheet.state, sheet.kind, sheet.number)
        modelled.add(sheet.part)
        if sheet.kind == "worksheet":
            _sheet(package, sheet, found, modelled)
        else:
            tree = package.tree(sheet.part)
            found[sheet.name, "all"] = essence(_without_selection(tree))
    _workbook(package, found)
    for kind in ("styles", "sharedStrings"):
        modelled.add(package.related(package.workbook, kind) or "")
    for name, data in package.parts.items():
        if name not in modelled and not name.endswith((".rels", "/")) and name[0] != "[":
            found["part", name] = hashlib.sha256(data).hexdigest()
    return found


def told_apart(first: Content, second: Content) -> Iterator[str]:
    """Where two contents differ."""
    for key in sorted(first.keys() | second.keys()):
        if first.get(key) != second.get(key):
            yield f"{' '.join(key)}: {apart(first.get(key), second.get(key))}"


def apart(first: object, second: object) -> str:
    """Both, from shortly before where they differ."""
    texts = [
        "nothing" if each is None else re.sub(r"\{http://[^}]*\}", "", str(each))
        for each in (first, second)
    ]
    same = 0
    while texts[0][same : same + 1] == texts[1][same : same + 1] != "":
        same += 1
    start = max(same - 80, 0)
    return " → ".join(text[start : start + 240] for text in texts)


def _workbook(package: Package, found: Content) -> None:
    tree = package.tree(package.workbook)
    for each in tree:
        if local(each) not in {"", "sheets", "bookViews", "definedNames"}:
            found["workbook", local(each)] = essence(each)
    for number, view in enumerate(children(child(tree, "bookViews"), "workbookView")):
        found["window", str(number)] = essence(view, frozenset({"activeTab"}))
    for name in children(child(tree, "definedNames"), "definedName"):
        key = "name", name.get("name", ""), name.get("localSheetId", "")
        found[key] = essence(name)


def _sheet(package: Package, sheet: Sheet, found: Content, modelled: set[str]) -> None:
    tree = package.tree(sheet.part)
    if not isinstance(tree.tag, str) or local(tree) != "worksheet":
        raise NotComparable(f"{sheet.part} is a {tree.tag}")
    for number, each in enumerate(children(tree, "conditionalFormatting")):
        found[sheet.name, "condition", str(number)] = _condition(package, each)
    counts: dict[str, int] = {}
    apart = {"", "dimension", "sheetData", "legacyDrawing", "conditionalFormatting"}
    for each in _without_selection(tree):
        if local(each) not in apart:
            counts[local(each)] = counts.get(local(each), 0) + 1
            found[sheet.name, local(each), str(counts[local(each)])] = essence(each)
    _cells(package, sheet, tree, found)
    _comments(package, sheet, found, modelled)
    _shapes(package, sheet, tree, found, modelled)
    for relation in package.relations(sheet.part):
        if relation.kind not in {"comments", "vmlDrawing"}:
            found[sheet.name, "relation", relation.id] = (relation.type, relation.target)


def _without_selection(tree: Element) -> Element:
    views = [*descendants(tree, "sheetView")]
    selected = [view.get("tabSelected") for view in views]
    if not any(selected):
        return tree
    other = copy(tree)
    for view in descendants(other, "sheetView"):
        drop(view, "tabSelected")
    return other


def _condition(package: Package, element: Element) -> object:
    rules = []
    formats = package.styles.items("dxfs")
    for rule in children(element, "cfRule"):
        number = int(rule.get("dxfId", "-1"))
        look = essence(formats[number]) if 0 <= number < len(formats) else None
        rules.append((essence(rule, frozenset({"dxfId"})), look))
    return (element.get("sqref"), rules)


def _cells(package: Package, sheet: Sheet, tree: Element, found: Content) -> None:
    columns = [
        (int(each.get("min", "0")), int(each.get("max", "0")), int(each.get("style", "0")))
        for each in children(child(tree, "cols"), "col")
    ]
    strings, styles = package.strings, package.styles
    for number, row in rows(tree):
        row_style = int(row.get("s", "0")) if row.get("customFormat") in {"1", "true"} else None
        said = essence(row, _ROW)[1]
        if said or row_style is not None:
            look = None if row_style is None else styles.look(row_style)
            found[sheet.name, "row", str(number)] = (said, look)
        for column, cell in cells(number, row):
            look = styles.look(int(cell.get("s", "0")))
            if not (len(cell) or len(cell.attrib) > 2 or set(cell.attrib) - _STYLE):
                rest = _inherited(row_style, columns, column)
                if look is styles.look(rest):
                    continue
            key = sheet.name, "cell", name_of(number, column)
            found[key] = (_value(cell, strings), look)


def _inherited(row_style: int | None, columns: list[tuple[int, int, int]], column: int) -> int:
    if row_style is not None:
        return row_style
    return next((style for low, high, style in columns if low <= column <= high), 0)


def _value(cell: Element, strings: list[Any]) -> object:
    """Formula, value and type; a shared string's own words."""
    value = child(cell, "v")
    if cell.get("t") == "s" and value is not None and (value.text or "").strip().isdigit():
        number = int(value.text or "0")
        said = strings[number] if number < len(strings) else None
        rest = [essence(each) for each in cell if each is not value]
        return ("s", said, rest)
    return essence(cell, _STYLE)


def _comments(package: Package, sheet: Sheet, found: Content, modelled: set[str]) -> None:
    part = package.related(sheet.part, "comments")
    if part is None:
        return
    modelled.add(part)
    tree = package.tree(part)
    authors = [each.text for each in children(child(tree, "authors"), "author")]
    for each in descendants(tree, "comment"):
        number = int(each.get("authorId", "0"))
        author = authors[number] if number < len(authors) else None
        said = essence(each, frozenset({"authorId", "ref"}))
        found[sheet.name, "comment", each.get("ref", "")] = (author, said)


def _shapes(
    package: Package, sheet: Sheet, tree: Element, found: Content, modelled: set[str]
) -> None:
    """Comments' boxes and form controls, as they are written."""
    wanted = relation_to(tree, "legacyDrawing")
    for relation in package.relations(sheet.part):
        part = relation.part and package.find(relation.part)
        if relation.id == wanted and part:
            modelled.add(part)
            for number, shape in enumerate(_SHAPE.finditer(package.parts[part])):
                found[sheet.name, "shape", str(number)] = shape[0]

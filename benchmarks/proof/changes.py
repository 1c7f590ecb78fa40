"""Two versions of a part: what differs beyond the marks that were to be added.

Each function yields a sentence a difference.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from proof.package import (
    Package,
    child,
    children,
    descendants,
    drop,
    essence,
    local,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from proof.package import Element, Relation

    Where = tuple[int, int]

OUR_NAME = re.compile(r"_xlsx_eval\w*|_xlnm\.(Print_Titles|Print_Area)")

STYLES_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
    "tableStyles", "colors", "extLst",
)  # fmt: skip
WORKBOOK_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize",
    "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip


def difference(old: Element, new: Element, path: str = "") -> str | None:
    """Where two trees differ first, None where they say the same."""
    if essence(old) == essence(new):
        return None
    here = f"{path}/{local(old)}[{old.get('r') or old.get('ref') or old.get('name') or ''}]"
    if essence(hollow(old)) != essence(hollow(new)):
        return f"{here}: {shown(hollow(old))} → {shown(hollow(new))}"
    if len(old) != len(new):
        return f"{here}: {[local(each) for each in old]} → {[local(each) for each in new]}"[:400]
    for before, after in zip(old, new, strict=True):
        if found := difference(before, after, here):
            return found
    return f"{here}: blank space between elements"


def hollow(element: Element) -> Element:
    if not isinstance(element.tag, str):
        return element
    hollow = etree.Element(element.tag, {str(k): str(v) for k, v in element.attrib.items()})
    hollow.text = element.text if not len(element) else None
    return hollow


def shown(element: Element) -> str:
    return etree.tostring(element, encoding="unicode", with_tail=False)[:160]


def in_order(tree: Element, order: Sequence[str]) -> bool:
    """Whether the element's children stand as the schema wants them."""
    names = [_content_name(each) for each in tree]
    places = [order.index(name) for name in names if name in order]
    return places == sorted(places)


def _content_name(element: Element) -> str:
    if local(element) != "AlternateContent":
        return local(element)
    return next((local(inner) for choice in element for inner in choice), "")


def fresh(tree: Element) -> Element:
    return deepcopy(tree)


def remove(elements: Sequence[Element]) -> None:
    for element in elements:
        parent = element.getparent()
        if parent is not None:
            if element.tail and element.tail.strip():
                element.tail = None
            parent.remove(element)


# ------------------------------------------------------------------ styles, strings, the workbook


def styles_changes(old: Element, new: Element) -> Iterator[str]:
    """Beyond what is added behind the last of each collection."""
    if in_order(old, STYLES_ORDER) and not in_order(new, STYLES_ORDER):
        yield f"elements out of order: {[local(each) for each in new]}"
    yield from _lists_changes(old, new, frozenset({"tableStyles", "colors", "extLst"}))


def strings_changes(old: Element, new: Element) -> Iterator[str]:
    yield from _prefix("sst", list(old), list(new))


def _lists_changes(old: Element, new: Element, whole: frozenset[str]) -> Iterator[str]:
    if essence(hollow(old)) != essence(hollow(new)):
        yield f"{shown(hollow(old))} → {shown(hollow(new))}"
    for each in old:
        name = local(each)
        other = child(new, name)
        if not name:
            continue
        if other is None:
            yield f"{name} is gone"
        elif name in whole:
            if found := difference(each, other):
                yield found
        else:
            yield from _prefix(name, list(each), list(other))
            yield from _counted(each, other)


def _prefix(name: str, old: list[Element], new: list[Element]) -> Iterator[str]:
    if len(new) < len(old):
        yield f"{name}: {len(old)} → {len(new)}"
    for number, (before, after) in enumerate(zip(old, new, strict=False)):
        if found := difference(before, after, f"{name}[{number}]"):
            yield found


def _counted(old: Element, new: Element) -> Iterator[str]:
    count = new.get("count")
    right = old.get("count") == str(len([each for each in old if local(each)]))
    if count is not None and right and int(count) != len([each for each in new if local(each)]):
        yield f"{local(new)} counts {count} and has {len(new)}"
    drop = frozenset({"count"})
    before, after = essence(hollow(old), drop), essence(hollow(new), drop)
    if before[1] != after[1]:
        yield f"{shown(hollow(old))} → {shown(hollow(new))}"


def workbook_changes(old: Element, new: Element) -> Iterator[str]:
    """Beyond a sheet at the end, names of ours and which tab is active."""
    if in_order(old, WORKBOOK_ORDER) and not in_order(new, WORKBOOK_ORDER):
        yield f"elements out of order: {[local(each) for each in new]}"
    before, after = fresh(old), fresh(new)
    sheets = children(child(after, "sheets"), "sheet")
    numbers = [each.get("sheetId") for each in sheets]
    if len(set(numbers)) < len(numbers):
        yield f"a sheetId is there twice: {numbers}"
    remove(sheets[-1:])
    if child(before, "bookViews") is None:
        remove(children(after, "bookViews"))
    for tree in (before, after):
        for view in descendants(tree, "workbookView"):
            drop(view, "activeTab")
    names = child(after, "definedNames")
    if names is not None:
        theirs = [_named(each) for each in children(child(before, "definedNames"), "definedName")]
        remove([
            each
            for each in children(names, "definedName")
            if _named(each) not in theirs
            and OUR_NAME.fullmatch(each.get("name", ""))
            and each.get("localSheetId") in {None, str(len(sheets) - 1)}
        ])  # fmt: skip
        if child(before, "definedNames") is None:
            remove([names] if not len(names) else [])
    if found := difference(before, after):
        yield found


def _named(element: Element) -> tuple[str | None, str | None]:
    return element.get("name"), element.get("localSheetId")


# ------------------------------------------------------------------------- types and relationships


def types_changes(old: Package, new: Package) -> Iterator[str]:
    after = new.types()
    for (kind, name), value in old.types().items():
        if after.get((kind, name)) != value:
            yield f"{kind} {name}: {value} → {after.get((kind, name))}"


def relations_changes(old: list[Relation], new: list[Relation]) -> Iterator[str]:
    kept = [relation for relation in new if relation in old]
    if kept != old:
        yield f"lost: {[each.target for each in old if each not in new]}"
    ids = [relation.id for relation in new]
    if len(set(ids)) < len(ids):
        yield f"an id is there twice: {ids}"

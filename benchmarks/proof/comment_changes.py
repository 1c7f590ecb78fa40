"""Comments and their drawing, before and after: what differs beyond ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from proof.changes import difference, hollow, shown
from proof.package import child, children, essence, local

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proof.package import Element, Essence

AUTHOR = "xlsx-eval"
IDMAP = re.compile(rb"(<[\w:]*idmap\b[^>]*?\bdata=)(\"[^\"]*\"|'[^']*')")


def comments_changes(
    old: Element | None, new: Element, appended: set[str], added: set[str]
) -> Iterator[str]:
    """Beyond text behind the comments of `appended`, and new comments on `added`."""
    authors = [_authors(tree) for tree in (old, new)]
    if authors[1][: len(authors[0])] != authors[0]:
        yield f"authors {authors[0]} → {authors[1]}"
    listed = children(child(new, "commentList"), "comment")
    left = list(listed)
    for each in [] if old is None else children(child(old, "commentList"), "comment"):
        ref = each.get("ref")
        other = next((one for one in left if one.get("ref") == ref), None)
        if other is None:
            yield f"the comment on {each.get('ref')} is gone"
            continue
        left.remove(other)
        if each.get("ref") in appended:
            yield from _appended(each, other)
        elif found := difference(each, other):
            yield found
    for each in left:
        if each.get("ref") not in added:
            yield f"a comment on {each.get('ref')}"
        elif authors[1][int(each.get("authorId", "0"))] != AUTHOR:
            yield f"the comment on {each.get('ref')} is by {authors[1]}[{each.get('authorId')}]"
    if old is not None and (found := difference(hollow(old), hollow(new))):
        yield found


def _authors(tree: Element | None) -> list[str]:
    if tree is None:
        return []
    return [each.text or "" for each in children(child(tree, "authors"), "author")]


def _appended(old: Element, new: Element) -> Iterator[str]:
    ref = old.get("ref")
    if essence(hollow(old)) != essence(hollow(new)):
        yield f"comment on {ref}: {shown(hollow(old))} → {shown(hollow(new))}"
    before, after = (_runs(child(each, "text")) for each in (old, new))
    if after[: len(before)] != before:
        yield f"comment on {ref}: {before} → {after}"
    rest = [[each for each in tree if local(each) != "text"] for tree in (old, new)]
    if [essence(each) for each in rest[0]] != [essence(each) for each in rest[1]]:
        yield f"comment on {ref}: something beside its text changed"


def _runs(text: Element | None) -> list[tuple[Essence | None, str]]:
    """Pieces of text with their formats; blank ones are nobody's."""
    found: list[tuple[Essence | None, str]] = []
    for each in () if text is None else text:
        if local(each) == "t":
            found.append((None, each.text or ""))
        elif local(each) == "r":
            form, inner = child(each, "rPr"), child(each, "t")
            look = None if form is None else essence(form)
            found.append((look, "" if inner is None else inner.text or ""))
    return [run for run in found if run[1]]


def drawing_changes(old: bytes, new: bytes) -> Iterator[str]:
    """Beyond bytes put in at one place, and the numbers that the id map reserves."""
    if _put_in(old, new) or _put_in(IDMAP.sub(rb'\1"?"', old), IDMAP.sub(rb'\1"?"', new)):
        return
    yield "earlier shapes are not all there as they were"


def _put_in(old: bytes, new: bytes) -> bool:
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    return len(new) >= len(old) and new.endswith(old[start:])

"""The comments of a sheet: ours put in beside or below those that people wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xlsx_eval.annotation.ooxml.addresses import Position, address, ranges
from xlsx_eval.annotation.ooxml.markup import Element, Markup, escaped, quoted
from xlsx_eval.annotation.ooxml.package import Package
from xlsx_eval.annotation.ooxml.workbook import WorkbookPart

_KIND = "comments"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_FONT = b'<%(p)ssz val="9"/><%(p)scolor indexed="81"/><%(p)srFont val="%(font)s"/>'
_CHARSET = b'<%(p)scharset val="134"/>'


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a comment's text."""

    text: str
    bold: bool = False


class Comments:
    """The comments part of one sheet, made where there is none yet."""

    def __init__(self, book: WorkbookPart, sheet: str, font: str) -> None:
        self._book, self._package, self._sheet, self._font = book, book.package, sheet, font
        parts = [part for part in self._package.related(sheet, _KIND) if part in self._package]
        self.there = bool(parts)
        self.name = parts[0] if parts else self._package.free_name("xl/comments{}.xml")
        empty = (
            b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            b'<comments xmlns="%s"><authors></authors><commentList></commentList></comments>'
        )
        part = self._package.read(self.name) if self.there else empty % book.main.encode()
        self.markup = Markup(part)
        self._authors = self._listed("authors", "author")
        self._comments = self._listed("commentList", "comment")
        self._new_author: int | None = None
        self.shortened: set[Position] = set()

    def _listed(self, kind: str, item: str) -> list[Element]:
        listed = self.markup.root.first(kind)
        return listed.named(item) if listed is not None else []

    @property
    def usable(self) -> bool:
        return all(self.markup.root.first(kind) is not None for kind in ("authors", "commentList"))

    @property
    def positions(self) -> set[Position]:
        return set(self._by_position())

    def _by_position(self) -> dict[Position, Element]:
        found: dict[Position, Element] = {}
        for comment in self._comments:
            for area in ranges(self.markup.get(comment, "ref") or ""):
                found.setdefault((area.top, area.left), comment)
        return found

    def author(self, comment: Element) -> str:
        number = self.markup.number(comment, "authorId", -1)
        known = 0 <= number < len(self._authors)
        return self.markup.content(self._authors[number]) if known else ""

    # ---------------------------------------------------------------------------- putting in

    def add(self, author: str, texts: dict[Position, list[Run]]) -> None:
        """Comments on cells that have none."""
        listed = self.markup.root.first("commentList")
        assert listed is not None  # noqa: S101 – `usable` says so
        p, number = self.markup.root.prefix, self._author_number(author)
        added = b"".join(
            b'<%scomment ref="%s" authorId="%d"><%stext>%s</%stext></%scomment>'
            % (p, address(*at).encode(), number, p, self._runs(runs), p, p)
            for at, runs in texts.items()
        )
        if added:
            self.markup.append(listed, added)

    def add_below(self, texts: dict[Position, list[Run]]) -> None:
        """More text at the end of comments that are there."""
        there, p = self._by_position(), self.markup.root.prefix
        for at, runs in texts.items():
            comment, added = there[at], self._runs(runs)
            text = comment.first("text")
            if text is None:
                self.markup.append(comment, b"<%stext>%s</%stext>" % (p, added, p))
                continue
            pieces = [each for each in text.children if each.name in {"t", "r"}]
            if not pieces:
                self.markup.append(text, added)
                continue
            for each in pieces:
                if each.name == "t":  # a plain text becomes the first of the runs
                    self.markup.insert(each.start, b"<%sr>" % p)
                    self.markup.insert(each.end, b"</%sr>" % p)
            self.markup.insert(pieces[-1].end, added)

    def _author_number(self, author: str) -> int:
        for number, each in enumerate(self._authors):
            if self.markup.content(each) == author:
                return number
        if self._new_author is None:
            listed, p = self.markup.root.first("authors"), self.markup.root.prefix
            assert listed is not None  # noqa: S101 – `usable` says so
            self.markup.append(listed, b"<%sauthor>%s</%sauthor>" % (p, escaped(author), p))
            self._new_author = len(self._authors)
        return self._new_author

    def _runs(self, runs: list[Run]) -> bytes:
        p = self.markup.root.prefix
        font = _FONT % {b"p": p, b"font": quoted(self._font)} + _CHARSET % {b"p": p}
        return b"".join(
            b'<%sr><%srPr>%s%s</%srPr><%st xml:space="preserve">%s</%st></%sr>'
            % (p, p, b"<%sb/>" % p if run.bold else b"", font, p, p, escaped(run.text), p, p)
            for run in runs
        )

    # ---------------------------------------------------------------------------- taking off

    def remove(
        self,
        author: str,
        ours_in: Callable[[str], list[tuple[int, int]]],
        separator: str,
        *,
        whoever: bool,
    ) -> set[Position]:
        """Take off what is ours; comments with nothing else in them go, and the author with them.

        `whoever`: also from comments of others, in a workbook that is known to bear marks. What
        begins with the separator stands below a comment that somebody left blank.
        Returns the cells that have no comment any more; `shortened` tells of the others.
        """
        gone = set()
        for at, comment in self._by_position().items():
            text = comment.first("text")
            pieces = text.children if text is not None else []
            pieces = [each for each in pieces if each.name in {"t", "r"}]
            shown = [self.markup.content(_text_of(each)) for each in pieces]
            whole = "".join(shown)
            known = whoever or self.author(comment).strip() == author
            spans = ours_in(whole) if known else []
            ours = spans and sum(end - start for start, end in spans) == len(whole)
            if ours and not whole.lstrip().startswith(separator):
                self.markup.delete(comment)
                gone.add(at)
            elif spans:
                self._cut(pieces, shown, spans)
                self.shortened.add(at)
        self._remove_author(author, gone)
        return gone

    def _remove_author(self, author: str, gone: set[Position]) -> None:
        listed = self.markup.root.first("authors")
        if not gone or listed is None or len(self._authors) != len(listed.children):
            return
        last = self._authors[-1]
        left = (comment for at, comment in self._by_position().items() if at not in gone)
        used = {self.markup.number(comment, "authorId", -1) for comment in left}
        if self.markup.content(last) == author and len(self._authors) - 1 not in used:
            self.markup.delete(last)

    def _cut(self, pieces: list[Element], shown: list[str], spans: list[tuple[int, int]]) -> None:
        """Take the spans out of the pieces' texts; a piece that becomes empty goes."""
        left, position = [], 0
        for piece, says in zip(pieces, shown, strict=True):
            kept = "".join(
                char
                for at, char in enumerate(says, start=position)
                if not any(start <= at < end for start, end in spans)
            )
            position += len(says)
            if not kept:
                self.markup.delete(piece)
                continue
            left.append(piece)
            if kept != says:
                text = _text_of(piece)
                self.markup.replace(text.inner, text.outer, escaped(kept))
        first = pieces[0]
        plain = first.name == "r" and [each.name for each in first.children] == ["t"]
        if left == [first] and plain:
            # it was plain: only a text that we made the first of the runs has a run without format
            self.markup.replace(first.start, first.inner, b"")
            self.markup.replace(first.outer, first.end, b"")

    # -------------------------------------------------------------------------------- saving

    def save(self) -> None:
        if not self.markup.changed:
            return
        self._package.save(self.name, self.markup)
        if not self.there:
            self._package.declare(self.name, _TYPE)
            self._package.relate(self._sheet, _KIND, self.name, self._book.relations)

    def remove_part_if_empty(self, gone: set[Position]) -> bool:
        """Take out the part where all its comments were ours."""
        if not gone or len(gone) < len(self._comments):
            return False
        self._package.unrelate(self._sheet, self.name)
        self._package.remove(self.name)
        return True


def related_comments(package: Package, sheet: str) -> list[str]:
    return [part for part in package.related(sheet, _KIND) if part in package]


def _text_of(piece: Element) -> Element:
    return piece if piece.name == "t" else (piece.first("t") or piece)

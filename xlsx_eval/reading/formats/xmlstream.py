"""XML read as a stream: no tree, no document type, nothing from outside the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NoReturn, cast

from lxml import etree

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.formats.assemble import DAMAGED
from xlsx_eval.reading.formats.bounded import Budget


class Target:
    """Is told of elements as they begin and end, and of the text between.

    `heard` is set by each of them.
    """

    heard = False

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """An element `{namespace}name` begins."""
        raise NotImplementedError

    def finish(self, tag: str) -> None:
        """It ends."""
        raise NotImplementedError

    def write(self, text: str) -> None:
        """A piece of text, a long one bit by bit."""
        raise NotImplementedError

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.heard = True
        self.begin(tag, attributes)

    def end(self, tag: str) -> None:
        self.heard = True
        self.finish(tag)

    def data(self, text: str) -> None:
        self.heard = True
        self.write(text)

    def doctype(self, name: str, public: str | None, system: str | None) -> NoReturn:  # noqa: ARG002
        """Refused: it is there to define entities, and no spreadsheet program writes one."""
        raise UnreadableWorkbook(DAMAGED)

    def close(self) -> None:
        """The document ends."""


PIECE = 64 * 1024
LONGEST_TAG = 1024 * 1024  # the parser holds all of one


def pieces(text: str) -> Iterator[bytes]:
    """A text in UTF-8, piece by piece."""
    for begin in range(0, len(text), PIECE):
        yield text[begin : begin + PIECE].encode()


def parse(pieces: Iterable[bytes], target: Target, budget: Budget) -> None:
    """Tell the target of an XML file in UTF-8; raises UnreadableWorkbook where it is broken."""
    parser = etree.XMLParser(
        target=cast("etree.ParserTarget", target),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for piece in _sensible(pieces, target, budget):
            parser.feed(piece)
        parser.close()
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableWorkbook(DAMAGED) from error


def _sensible(pieces: Iterable[bytes], target: Target, budget: Budget) -> Iterator[bytes]:
    """The pieces, as long as they have no more tags and no longer ones than a spreadsheet has."""
    unheard = 0
    for piece in pieces:
        budget.take_bytes(len(piece))
        budget.take_tags(piece.count(b"<"))
        target.heard = False
        yield piece
        unheard = 0 if target.heard else unheard + len(piece)
        if unheard > LONGEST_TAG:
            raise UnreadableWorkbook(DAMAGED)

"""XML read as a stream: no tree, no document type, nothing from outside the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NoReturn, cast

from lxml import etree

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.formats.assemble import DAMAGED


class Target:
    """What the parser tells: elements as they begin and end, and the text between."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element `{namespace}name` begins."""

    def end(self, tag: str) -> None:
        """It ends."""

    def data(self, text: str) -> None:
        """A piece of text."""

    def doctype(self, name: str, public: str | None, system: str | None) -> NoReturn:  # noqa: ARG002
        """Refused: it is there to define entities, and no spreadsheet program writes one."""
        raise UnreadableWorkbook(DAMAGED)

    def close(self) -> None:
        """The document ends."""


PIECE = 64 * 1024


def pieces(text: str) -> Iterator[bytes]:
    """A text in UTF-8, piece by piece."""
    for begin in range(0, len(text), PIECE):
        yield text[begin : begin + PIECE].encode()


def parse(pieces: Iterable[bytes], target: Target) -> None:
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
        for piece in pieces:
            parser.feed(piece)
        parser.close()
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableWorkbook(DAMAGED) from error

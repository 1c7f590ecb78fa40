"""What a worksheet's cells say, for the sheets that we wrote ourselves and people filled in."""

from __future__ import annotations

from xlsx_eval.annotation.ooxml.addresses import column_number
from xlsx_eval.annotation.ooxml.markup import Element, Markup
from xlsx_eval.annotation.ooxml.workbook import WorkbookPart

_MOST = 8 << 20


def sheet_texts(book: WorkbookPart, part: str) -> list[dict[int, str]]:
    """Rows in order, each with its texts by column; numbers as they are stored.

    A sheet far larger than ours can be (8 MiB) has none.
    """
    content = book.package.read(part)
    if len(content) > _MOST:
        return []
    markup = Markup(content)
    data = markup.root.first("sheetData")
    shared = _shared(book) if b't="s"' in content or b"t='s'" in content else []
    rows = []
    for row in data.named("row") if data else []:
        texts, column = {}, 0
        for cell in row.named("c"):
            letters = (markup.get(cell, "r") or "").rstrip("0123456789")
            column = column_number(letters) if letters else column + 1
            texts[column] = _text(markup, cell, shared)
        rows.append(texts)
    return rows


def _text(markup: Markup, cell: Element, shared: list[str]) -> str:
    inline, value = cell.first("is"), cell.first("v")
    if inline is not None:
        return _joined(markup, inline)
    says = markup.content(value) if value is not None else ""
    if markup.get(cell, "t") == "s":
        return shared[int(says)] if says.isdigit() and int(says) < len(shared) else ""
    return says


def _shared(book: WorkbookPart) -> list[str]:
    for part in book.package.related(book.name, "sharedStrings"):
        if part in book.package:
            markup = Markup(book.package.read(part))
            return [_joined(markup, each) for each in markup.root.named("si")]
    return []


def _joined(markup: Markup, text: Element) -> str:
    """Text of a string's pieces, without the phonetic ones."""
    pieces = [each for each in text.children if each.name in {"t", "r"}]
    return "".join(
        markup.content(part)
        for each in pieces
        for part in ([each] if each.name == "t" else each.named("t"))
    )

"""What a worksheet's cells say, for the sheets that we wrote ourselves and people filled in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache

from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import from_excel

from xlsx_eval.annotation.ooxml.addresses import column_number
from xlsx_eval.annotation.ooxml.markup import Element, Markup
from xlsx_eval.annotation.ooxml.styles import Styles
from xlsx_eval.annotation.ooxml.workbook import WorkbookPart


def sheet_texts(book: WorkbookPart, part: str) -> list[dict[int, str]]:
    """Rows in order, each with its texts by column; dates and shares as they show.

    A sheet far larger than ours can be has none.
    """
    if book.package.is_large(part):
        return []
    content = book.package.read(part)
    markup = Markup(content)
    data = markup.root.first("sheetData")
    shared = _shared(book) if b't="s"' in content or b"t='s'" in content else []
    rows = []

    @cache
    def styles() -> Styles:
        return Styles(book)

    def formats(style: int) -> str:
        return styles().number_format(style)

    for row in data.named("row") if data else []:
        texts, column = {}, 0
        for cell in row.named("c"):
            letters = (markup.get(cell, "r") or "").rstrip("0123456789")
            column = column_number(letters) if letters else column + 1
            texts[column] = _text(markup, cell, shared) or _shown(markup, cell, formats)
        rows.append(texts)
    return rows


def _text(markup: Markup, cell: Element, shared: list[str]) -> str:
    inline, value = cell.first("is"), cell.first("v")
    if inline is not None:
        return _joined(markup, inline)
    says = markup.content(value) if value is not None else ""
    kind = markup.get(cell, "t") or "n"
    if kind == "s":
        return shared[int(says)] if says.isdigit() and int(says) < len(shared) else ""
    return "" if kind in {"n", "b"} else says


def _shown(markup: Markup, cell: Element, formats: Callable[[int], str]) -> str:
    """A number as its format shows it: a date, a share, or what it is."""
    value = cell.first("v")
    says = markup.content(value) if value is not None else ""
    if markup.get(cell, "t") == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(says, says)
    try:
        number = float(says)
    except ValueError:
        return says
    code = formats(markup.number(cell, "s"))
    if is_date_format(code):
        date = from_excel(number)
        return date.date().isoformat() if isinstance(date, datetime) else str(date)
    return f"{number * 100:.10g}%" if "%" in code else f"{number:.15g}"


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

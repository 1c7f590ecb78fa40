"""What is stored in a cell → what it holds and how it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError

from xlsx_eval.reading.formats.assemble import Found
from xlsx_eval.reading.formats.displayed import as_float
from xlsx_eval.reading.formats.ooxml.sheet import Place, Scan, Stored
from xlsx_eval.reading.formats.ooxml.strings import unescaped
from xlsx_eval.reading.formats.styles import Styles
from xlsx_eval.reading.grid import Raw, address, shown

MAX_TRANSLATED = 100_000  # characters of shared formulas in a workbook: a cell takes less time
TRUTHS = {"1": True, "true": True, "0": False, "false": False}


@dataclass
class Values:
    """Tells the value of each cell; `strings` are the shared ones."""

    strings: dict[int, str]
    styles: Styles
    untranslated: int = MAX_TRANSLATED

    def found(self, scan: Scan, place: Place) -> Found:
        """Raises LookupError or ValueError where a shared string is missing."""
        cell = scan.cells[place]
        formula = None if cell.formula is None else self._formula(cell, scan, place)
        if formula and not cell.value and cell.kind != "str":
            return Found(None, formula, formula)
        if cell.kind == "e":
            return Found(None, cell.value, formula, cell.value)
        if cell.kind == "n" and (number := as_float(cell.value)) is not None:
            style = int(cell.style) if cell.style and cell.style.isdecimal() else 0
            return self.styles.number(number, style, formula)
        raw = self._raw(cell)
        return Found(raw, shown(raw), formula)

    def _raw(self, cell: Stored) -> Raw:
        """The value of a cell that holds no number, or none that can be one: its text."""
        match cell.kind:
            case "s":
                return self.strings[int(cell.value)]
            case "b" if (value := cell.value.strip()) in TRUTHS:
                return TRUTHS[value]
            case "d":
                return _moment(cell.value) or unescaped(cell.value)
        return unescaped(cell.value)

    def _formula(self, cell: Stored, scan: Scan, place: Place) -> str:
        """The formula's text; `=` alone where many cells share it and only the first one has it."""
        if cell.formula or cell.shared not in scan.shared:
            return f"={unescaped(cell.formula or '')}"
        origin, text = scan.shared[cell.shared]
        self.untranslated -= len(text)
        if self.untranslated < 0:
            return "="
        try:
            translator = Translator(f"={unescaped(text)}", address(*origin))
            return str(translator.translate_formula(address(*place)))
        except (TokenizerError, TranslatorError):
            return "="


def _moment(text: str) -> Raw:
    """A date or time in ISO 8601, a day without a time as the day alone."""
    try:
        if "T" not in text and ":" in text:
            return time.fromisoformat(text)
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    day: date = moment.date()
    return day if moment.time() == time() else moment

"""What a user reads is Chinese: no Latin letters but units and what stands in the form itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any

import openpyxl

READ = ("message", "expected", "actual")
UNITS = frozenset({"km", "m", "cm", "mm", "kg", "t", "kW", "kWh", "MW", "GB", "TB", "Mbps", "pH"})

PROGRAMS = frozenset({"Excel", "WPS"})  # everybody calls them so

_CELL = re.compile(r"(?<![A-Za-z])[A-Z]{1,3}[0-9]+(?![A-Za-z])|(?<=第)[A-Z]{1,3}(?=列)")
_WORD = re.compile(r"[A-Za-z]+")


def words_of(texts: Iterable[object]) -> set[str]:
    """The Latin words of some texts; the address of a cell is none."""
    return {word for text in texts for word in _WORD.findall(_CELL.sub("", str(text)))}


def texts_in(workbook: bytes) -> Iterator[object]:
    """The values of all cells."""
    for sheet in openpyxl.load_workbook(BytesIO(workbook)).worksheets:
        for row in sheet.values:
            yield from (value for value in row if value is not None)


def strange_words(findings: Iterable[Mapping[str, Any]], form: Iterable[object]) -> set[str]:
    """The Latin words of findings, less units, programs and those of the form."""
    read = (finding[column] for finding in findings for column in READ)
    return words_of(read) - words_of(form) - UNITS - PROGRAMS


def clumsy(findings: Iterable[Mapping[str, Any]]) -> list[str]:
    """The sentences that tell of a blank as if it were a value, or break off."""
    return [
        each["message"]
        for each in findings
        if re.search(
            r"[“（]空白|空白(?:[”）]|万元|分[，。])|“”|（）|nan|None|<NA>", each["message"]
        )
        or not each["message"].endswith("。")
    ]

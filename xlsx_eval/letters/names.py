"""Units' names as names of files, on every system."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

UNNAMED = "未填写单位"
LONGEST = 180  # bytes: Linux takes 255 with the ending, and Windows counts the folders before it

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\s]+')
# Windows keeps these names for devices, whatever ending they have
_DEVICE = re.compile(r"(?i:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=$|[. ])")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def file_names(units: Iterable[str]) -> list[str]:
    """A file name (without ending) for each unit, no two alike to Windows."""
    names: list[str] = []
    taken: set[str] = set()
    for unit in units:
        name = free = _cleaned(unit)
        number = 2
        while free.casefold() in taken:
            free = f"{name} ({number})"
            number += 1
        taken.add(free.casefold())
        names.append(free)
    return names


def _cleaned(unit: str) -> str:
    text = unicodedata.normalize("NFC", unit)
    text = _FORBIDDEN.sub(" ", text)
    text = "".join(char for char in text if unicodedata.category(char) not in _INVISIBLE)
    text = text.encode()[:LONGEST].decode(errors="ignore")
    text = text.strip(" .~")  # an end that Windows cuts off; `~$` begins the name of a lock file
    if _DEVICE.match(text):
        text = f"_{text}"
    return text or UNNAMED

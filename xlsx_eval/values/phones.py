"""Telephone numbers and postcodes, as people write them."""

from __future__ import annotations

import re

from xlsx_eval.values.text import MAX_LENGTH, compact, normalise

_HIDDEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u00ad\ufeff]")
_DASH = re.compile(r"\s*[-‐‑–—―−_.]\s*")
_DECIMALS = re.compile(r"(?<=[0-9])\.0+(?![0-9])")
_MASKED = re.compile(r"[*×xX●•○◯□#]{2,}|[0-9][eE]\+?[0-9]")
_ELSEWHERE = re.compile(r"(?:同[上前左]|[见如][上前左封]|同.{0,4}负责人|略|保密|不便)")
# Numbers that are no telephone's: QQ 123456789, name@qq.com
_OTHER_NUMBER = re.compile(r"\S+@\S+|QQ号?[码群]*\s*[:=]?\s*[0-9-]+", re.IGNORECASE)
_COUNTRY = r"(?:\+?(?:00)?86[- ]*)?"
_LOCAL = (
    r"(?:[0-9]{7,8}(?![0-9])|[0-9]{3,4}[- ][0-9]{4}(?![- ]?[0-9])"
    r"|[0-9]{3,4}[- ][0-9]{2}[- ][0-9]{2}(?![- ]?[0-9]))"
)
_NUMBER = re.compile(
    rf"""
    (?<![0-9])(?:
        \(?{_COUNTRY}\)?[- ]*0?1[- ]?[3-9](?:[- ]?[0-9]){{9}}(?![0-9])       # a mobile
      | [48]00(?:[- ]?[0-9]){{7}}(?![0-9])                                    # 400-123-4567
      | \(?{_COUNTRY}\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?[- ]*{_LOCAL}       # with an area code
      | (?<![0-9]-)\(?{_COUNTRY}(?:10[- ]*[0-9]{{8}}(?![0-9])                 # its 0 gone
          | 2[0-9][- ]*[0-9]{{8}}(?![0-9]) | [3-9][0-9]{{2}}\)?[- ]*{_LOCAL})
      | {_LOCAL}
    )
    """,
    re.VERBOSE,
)
_DIGITS = re.compile(r"[0-9](?:[- ]?[0-9])*")
LONGEST_EXTENSION = 8
"""More digits than that beside a number are no extension of it, but a number gone wrong."""

_POSTCODE = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")


def is_no_phone(text: str) -> bool:
    """Tell whether a cell surely holds no telephone number, or one gone wrong beside another.

    Good are mobile numbers, landlines with or without area code and extension, and 400 numbers,
    several in a cell, names beside them. A masked number (138****0000) and words that refer to
    another cell (同上) can't be judged and pass.
    Example: `is_no_phone("1380013800")` is True, `is_no_phone("张三 0730-2260000转801")` is False.
    """
    if len(text) > MAX_LENGTH or _MASKED.search(text) or _ELSEWHERE.search(compact(text)):
        return False
    plain = _DECIMALS.sub("", _HIDDEN.sub("", normalise(text)))
    plain = _DASH.sub("-", _OTHER_NUMBER.sub(" ", plain)).replace("\n", "、")
    left, found = _NUMBER.subn("、", plain)
    spare = [sum(map(str.isdigit, digits)) for digits in _DIGITS.findall(left)]
    return not found or max(spare, default=0) > LONGEST_EXTENSION


def is_no_postcode(text: str) -> bool:
    """Tell whether a cell surely holds no postcode of six digits.

    Example: `is_no_postcode("41460")` is True, `is_no_postcode("4 1 4 6 0 0（城区）")` is False.
    """
    if len(text) > MAX_LENGTH or _MASKED.search(text) or _ELSEWHERE.search(compact(text)):
        return False
    plain = _DASH.sub("", _DECIMALS.sub("", normalise(text)))
    return not _POSTCODE.search(compact(plain)) and not _POSTCODE.search(plain)

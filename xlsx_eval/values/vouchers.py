"""The accounting vouchers a cell names, in free text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xlsx_eval.values.text import compact_value, normalise

_LONGEST_TEXT = 2000
_LONGEST_RANGE = 200
_LIST_SIGN = re.compile(r"\s*([,;、])\s*")
_WORDS = "银收|银付|现收|现付|银|现|记|收|付|转"
_NUMBER = r"[0-9]{1,5}(?![0-9年月日])"
_DASH = r"[-–—~〜]+"
_ITEM = rf"{_NUMBER}[号#]?(?:(?:{_DASH}|至|到){_NUMBER}[号#]?)?(?:凭证)?"
_GROUP = re.compile(
    rf"""
    [、,;和及]?
    (?:(?P<year>[0-9]{{4}})年)?
    (?:(?P<month>[0-9]{{1,2}})月份?(?:[0-9]{{1,2}}日)?)?
    (?:(?:记账|记帐|会计)凭证)?
    (?:(?P<word>{_WORDS})字?-?)?
    第?
    (?P<items>{_ITEM}(?:[、,;]{_ITEM})*)
    """,
    re.VERBOSE,
)
_PARTS = re.compile(rf"(?P<first>[0-9]+)[号#]?(?:(?P<to>{_DASH}|至|到)(?P<last>[0-9]+))?")


@dataclass(frozen=True, slots=True)
class Voucher:
    """A voucher: its word (记, 付, 银付 … or ""), month, number and year, as far as stated."""

    word: str
    month: int | None
    number: int
    year: int | None


def parse_vouchers(text: str, *, in_column: bool = False) -> tuple[Voucher, ...]:
    """Return the vouchers a cell names, in its order; () unless the whole text is understood.

    A later group of numbers takes over the year, and beside a word of its own the month. Texts that
    may be a date (3月12号, 2021-03-12) or a month with a number (1-33) are (); `in_column`, in a
    column of vouchers, 3月12号 is number 12 of March.
    Example: `parse_vouchers("1月31日33号凭证2月29日12号凭证")` names 33 of January, 12 of February.
    """
    if len(text) > _LONGEST_TEXT:
        return ()
    # 12, 15 is a list here, not a number with a blank in it.
    compacted = compact_value(_LIST_SIGN.sub(r"\1", normalise(text)), _LONGEST_TEXT)
    groups = _groups(compacted) if compacted else None
    if not groups or _may_be_dates(groups, in_column=in_column):
        return ()
    year: int | None = None
    month: int | None = None
    vouchers: list[Voucher] = []
    for group in groups:
        if not _continues(group, groups[0]):
            return ()
        month_before = month
        year = int(group["year"]) if group["year"] else year
        month = int(group["month"]) if group["month"] else month
        if month_before and month and month < month_before and not group["year"] and year:
            return ()  # 12月 then 1月: the year stated before may have ended.
        numbers = _numbers(group["items"], has_month=month is not None)
        if not numbers or not _is_real(year, month):
            return ()
        vouchers += [Voucher(group["word"] or "", month, number, year) for number in numbers]
    return tuple(vouchers)


def _groups(text: str) -> list[re.Match[str]]:
    """Split a text into groups of numbers with their heading; nothing if a rest is left over."""
    groups: list[re.Match[str]] = []
    position = 0
    while position < len(text):
        group = _GROUP.match(text, position)
        if group is None:
            return []
        groups.append(group)
        position = group.end()
    return groups


def _may_be_dates(groups: list[re.Match[str]], *, in_column: bool) -> bool:
    """Tell whether nothing shows that numbers are vouchers: 3月12号, 2021."""
    if in_column and all(g["month"] and not g["year"] and "号" in g["items"] for g in groups):
        return False
    if any(group["word"] or re.search(r"[#证]", group[0]) for group in groups):
        return False
    if len(groups) == 1 and re.fullmatch(r"(?:19|20)[0-9]{2}", groups[0]["items"]):
        return True
    lone = [re.fullmatch(r"([0-9]{1,2})号?", group["items"]) for group in groups]
    return all(
        group["month"] and number is not None and int(number[1]) <= 31
        for group, number in zip(groups, lone, strict=True)
    )


def _continues(group: re.Match[str], first: re.Match[str]) -> bool:
    """Tell whether a group states at least as much as the first, so that nothing is guessed."""
    if group is first:
        return True
    if not group["month"] and not group["word"]:
        return False
    is_month_clear = bool(first["month"]) or not group["month"]
    is_year_clear = bool(first["year"]) or not group["year"]
    return is_month_clear and is_year_clear and bool(first["word"]) == bool(group["word"])


def _numbers(items: str, *, has_month: bool) -> list[int]:
    """List the numbers of one group, ranges written out; nothing if any of them is unclear."""
    numbers: list[int] = []
    for item in _PARTS.finditer(items):
        first = int(item["first"])
        last = int(item["last"] or first)
        # 1-33 may be number 33 of January.
        is_unclear = (item["to"] or " ")[0] in "-–—" and first <= 12 and not has_month
        if is_unclear or not first or not first <= last < first + _LONGEST_RANGE:
            return []
        numbers += range(first, last + 1)
    return numbers


def _is_real(year: int | None, month: int | None) -> bool:
    return (year is None or 1990 <= year <= 2100) and (month is None or 1 <= month <= 12)

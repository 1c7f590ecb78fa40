"""Reading plain numbers, in Arabic digits or Chinese numerals, as exact decimals."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = "零一二三四五六七八九"
NUMERALS = f"{DIGITS}十百千万亿"
"""The characters that `plain_numerals` leaves of all ways to write a Chinese numeral."""

NUMBER = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3}){1,6}|0|[1-9][0-9]{0,18})(?:\.[0-9]{1,12})?"
"""A pattern for an Arabic number without a sign. A leading zero (a telephone number, a code) and
thousands separators in odd places are not one."""

_NUMBER = re.compile(rf"(?P<sign>[-+−]?)(?P<digits>{NUMBER})")
VARIANTS = "〇○壹贰貳叁叄肆伍陆陸柒捌玖拾佰仟萬億两兩"
"""The other characters of Chinese numerals, formal and old ones."""

_PLAIN = str.maketrans(
    VARIANTS,
    "零零一二二三三四五六六七八九十百千万亿二二",
)
_PLACES = ((1000, "千"), (100, "百"), (10, "十"), (1, ""))
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_MYRIAD_POWERS = {"": 0, "万": 4, "亿": 8}
_FORMAL_TEN_WITHOUT_DIGIT = re.compile(r"(?<![壹贰貳叁叄肆伍陆陸柒捌玖])拾")
_DECIMAL = re.compile(
    rf"(?P<whole>[{NUMERALS}]{{1,9}})点(?P<fraction>[{DIGITS}]{{1,12}})(?P<scale>[万亿]?)"
)


def read_python_number(value: float | Decimal) -> Decimal | None:
    """Return a cell's number exactly, a float as Excel shows it (15 significant digits).

    Truth values, infinities and not-a-number are None.
    Example: `read_python_number(206.20000000000002)` is `Decimal("206.2")`.
    """
    if isinstance(value, bool):
        return None
    number = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def read_number(text: str) -> Decimal | None:
    """Return the value of a compacted text that is one Arabic number and nothing else.

    Example: `read_number("-2,000.50")` is `Decimal("-2000.50")`; `read_number("1,23")` is None.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    sign = "-" if match["sign"] in {"-", "−"} else ""
    return Decimal(sign + match["digits"].replace(",", ""))


def plain_numerals(text: str) -> str:
    """Return the text with every numeral in its everyday form: 贰佰〇叁萬 becomes 二百零三万."""
    return text.translate(_PLAIN)


def read_chinese(text: str) -> Decimal | None:
    """Return the value of a well-formed Chinese numeral, everyday or formal, below 10**12.

    Colloquial short forms (二百五), lone digits in a row (九八) and a formal 拾 without a digit, as
    a blank form prints it, are None.
    Example: `read_chinese("贰佰零陆万贰仟")` is `Decimal("2062000")`.
    """
    if _FORMAL_TEN_WITHOUT_DIGIT.search(text):
        return None
    plain = plain_numerals(text)
    if (decimal := _DECIMAL.fullmatch(plain)) is None:
        whole = _read_whole(plain)
        return None if whole is None else Decimal(whole)
    whole = _read_whole(decimal["whole"])
    if whole is None:
        return None
    fraction = "".join(str(DIGITS.index(digit)) for digit in decimal["fraction"])
    return Decimal(f"{whole}.{fraction}E{_MYRIAD_POWERS[decimal['scale']]}")


def read_digit_row(text: str) -> int | None:
    """Return the number written digit by digit, as years are: 二〇二二, 2022 or 二0二二 is 2022."""
    digits = "".join(str(DIGITS.index(c)) if c in DIGITS else c for c in plain_numerals(text))
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else None


def read_small(text: str) -> int | None:
    """Return a month's or day's number, written 3, 03, 三, 零三 or 十二; else None."""
    if re.fullmatch(r"[0-9]{1,2}", text):
        return int(text)
    plain = plain_numerals(text)
    return _read_whole(plain.removeprefix("零") if len(plain) == 2 else plain)


def _read_whole(plain: str) -> int | None:
    """Read loosely, then accept only the one correct way to write what was read."""
    if plain == "零":
        return 0
    total = section = digit = 0
    for character in plain:
        if character in DIGITS:
            digit = DIGITS.index(character)
        elif character in _UNITS:
            # 十五 and 二百十五 leave out the 一 that 一十五 writes.
            section += (digit or (1 if character == "十" else 0)) * _UNITS[character]
            digit = 0
        elif character in _MYRIADS:
            total += (section + digit) * _MYRIADS[character]
            section = digit = 0
        else:
            return None
    total += section + digit
    # Bank rules allow 万零五千 beside 万五千.
    usual = re.sub(rf"(?<!零)万零(?=[{DIGITS}]千)", "万", plain)
    usual = re.sub(r"(?:^|(?<=[百千万亿零]))十", "一十", usual)
    return total if total and usual == _write(total) else None


def _write(number: int) -> str:
    """Write a whole number in everyday numerals, ten always as 一十."""
    rest, ones = divmod(number, 10**4)
    hundred_millions, myriads = divmod(rest, 10**4)
    text = ""
    for section, name in ((hundred_millions, "亿"), (myriads, "万"), (ones, "")):
        written = _write_section(section)
        text += f"{written}{name}" if section else "零"
    return re.sub("零+", "零", text).strip("零")


def _write_section(number: int) -> str:
    text = ""
    for place, name in _PLACES:
        digit, number = divmod(number, place)
        text += f"{DIGITS[digit]}{name}" if digit else "零"
    return text.rstrip("零")

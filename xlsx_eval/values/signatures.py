"""Whether a place for a signature and a date is filled in."""

from __future__ import annotations

import re

from xlsx_eval.values.text import compact, is_none_word

_DATE = re.compile(
    r"""
      (?:[0-9]{1,2}|[元一二三四五六七八九十]{1,3})月
    | [0-9]{1,4}[-/.][0-9]{1,2}(?:[-/.][0-9]{1,4})?
    | [0-9]{6,8}
    """,
    re.VERBOSE,
)
_YEAR_OR_DAY = re.compile(r"(?:[0-9]+|[〇零一二三四五六七八九十]+)[年日号]|[0-9]+")
# What the form prints there, and what says that somebody is still to sign.
_PRINTED = re.compile(
    r"(?:单位|部门)?(?:负责人)?(?:手写|亲笔|本人)?(?:签[字名章]|盖章|公章|印章)|日期|时间|[未待请年月日]"
)
_SIGNS = re.compile(r"[\W_]+")


def is_dated(text: str) -> bool:
    """Tell whether a text names a month or a day; 年 月 日 and 2022年 月 日 do not."""
    return _DATE.search(compact(text)) is not None


def is_signed(text: str) -> bool:
    """Tell whether anything but a date and printed words stands where a signature belongs.

    Example: `is_signed("王五 2022年3月2日")` and `is_signed("（已签）")` are True,
    `is_signed("（签字）")` and `is_signed("年 月 日")` are False.
    """
    if is_none_word(text):
        return False
    words = _YEAR_OR_DAY.sub("", _DATE.sub("", compact(text)))
    return bool(_PRINTED.sub("", _SIGNS.sub("", words)))


def mentions_signature(text: str) -> bool:
    """Tell whether a text speaks of a signature or a seal at all."""
    return re.search("签[字名章]|已签|[盖公印]章", compact(text)) is not None

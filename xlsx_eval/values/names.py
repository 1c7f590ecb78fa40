"""The people a cell names."""

from __future__ import annotations

import re
from itertools import groupby

from xlsx_eval.values.numerals import read_small
from xlsx_eval.values.text import MAX_LENGTH, compact, is_none_word, normalise

_TITLES = (
    "局长|主任|科长|股长|会计|出纳|站长|校长|院长|书记|工程师|所长|处长|部长|县长|镇长|乡长|组长|"
    "组员|成员|科员|干部|主席|委员|会计师|经理|主管"
)
_TITLE = rf"(?:(?:党组|党委|总|副|高级|助理|常务)*(?:{_TITLES}))"
_TITLE_ONLY = re.compile(_TITLE)
_TITLE_AT_END = re.compile(rf"(?P<name>.+?){_TITLE}")
_ANY_TITLE = re.compile(_TITLES)
# A remark that tells of a change (原, 现, 调离, 代) may itself name somebody.
_REMARK = re.compile(r"\([^()0-9原现调代]*\)")
_SEPARATOR = re.compile(r"[、,;/\n\r]+")
_DOT = re.compile("[·•‧・∙]")
_HAN = "[\u3400-\u4dbf\u4e00-\u9fff]"
_NAME = re.compile(rf"{_HAN}{{2,4}}|{_HAN}{{1,10}}(?:·{_HAN}{{1,10}}){{1,3}}")
_NOT_A_NAME = re.compile(
    r"""
      .*(?:局|厅|室|站|所|中心|公司|单位|小组)
    | 见附[表件] | 详见附[表件] | 同上 | 待定 | 签[字名章] | 姓名 | 盖章 | 暂[无缺] | 空缺 | 负责人
    | 以下空白 | .[总工处科]
    """,
    re.VERBOSE,
)
_COMPOUND_SURNAME = re.compile(
    "欧阳|上官|司马|诸葛|皇甫|尉迟|公孙|慕容|令狐|夏侯|东方|司徒|司空|端木"
)
_NOBODY = re.compile(r"以下空白|空白|合计|小计|[0-9.]+")
_ELSEWHERE = re.compile("附[后件表页]|[另后]附|详见|另[行见]|名单|组成员")
_HEADS = re.compile("(?:等|共|计)(?P<count>[0-9]{1,2}|[二两三四五六七八九十]{1,3})[人名位]")


def person_names(text: str) -> tuple[str, ...]:
    """Return the names of the people in a cell, blanks inside a name removed.

    Titles, beside a name or in brackets, are dropped. If any part is no clear name, the answer is
    (): so are 王局长, which lacks a given name, and 张 三 李 四, which could be split elsewhere.
    Example: `person_names("陈 一（局长）、张三 会计")` is `("陈一", "张三")`.
    """
    if len(text) > MAX_LENGTH or is_none_word(text):
        return ()
    plain = _REMARK.sub(" ", _DOT.sub("·", normalise(text)))
    names: list[str] = []
    for chunk in _SEPARATOR.split(re.sub(r"\s*·\s*", "·", plain)):
        words = [word for word in chunk.split() if not _TITLE_ONLY.fullmatch(word)]
        for word in _join_single_characters(words):
            found = _people(word)
            if not found:
                return ()
            names += found
    return tuple(names)


def people_in(text: str) -> tuple[str, ...] | None:
    """Return who a cell names, each as a text to tell them apart, read or not; None if elsewhere.

    Where no names can be read, whatever stands between signs or blanks counts as somebody: rather
    one too many. 张三等5人 are five, 见附表 is a list elsewhere.
    Example: `people_in("陈一、王局长")` is `("陈一", "王局长")`, though 王局长 is no whole name.
    """
    plain = compact(text)
    if not plain or is_none_word(text) or _NOBODY.fullmatch(plain):
        return ()
    if _ELSEWHERE.search(plain):
        return None
    heads = _HEADS.search(plain)
    if heads and (count := read_small(heads["count"].replace("两", "二"))):
        return tuple(f"{plain} {number}" for number in range(count))
    words = re.split(r"[、,;/\s]+", normalise(text))
    return person_names(text) or tuple(word for word in words if word)


def _join_single_characters(words: list[str]) -> list[str]:
    """Join 张 三 and 欧阳 修 to one name; what can't be one is left for `_people` to refuse."""
    joined: list[str] = []
    for is_single, run in groupby(words, key=lambda word: len(word) == 1):
        if not is_single:
            joined += run
            continue
        characters = "".join(run)
        if joined and len(characters) <= 2 and _COMPOUND_SURNAME.fullmatch(joined[-1]):
            joined[-1] += characters
        else:
            # Four single characters may be one name, or two.
            joined.append(characters if len(characters) <= 3 else "")
    return joined


def _people(word: str) -> list[str]:
    """Name the one person of a word, or the two that 和 joins; nothing if it is neither."""
    if name := _name(word):
        return [name]
    pairs = [
        pair
        for match in re.finditer("和", word)
        if all(pair := [_name(word[: match.start()]), _name(word[match.end() :])])
    ]
    return pairs[0] if len(pairs) == 1 else []


def _name(word: str) -> str:
    title = _TITLE_AT_END.fullmatch(word)
    name = title["name"] if title else word
    if _NAME.fullmatch(name) is None or _ANY_TITLE.search(name) or _NOT_A_NAME.fullmatch(name):
        return ""
    return "" if _COMPOUND_SURNAME.fullmatch(name) else name

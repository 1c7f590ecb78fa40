"""Names of projects and units, as far as they tell one from another."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from xlsx_eval.values.numerals import read_chinese
from xlsx_eval.values.text import compact, is_none_word

LONGEST = 300
"""A longer text is no name."""

_CODE = re.compile(r"^[0-9A-Z]{6,}[-_—–]*(?=[\u4e00-\u9fff(《])")
_YEAR = re.compile(r"(?<![0-9\-~至])(?P<year>(?:19|20)[0-9]{2})年(?:度|(?!代|[前后以底初来]))")
_YEAR_AT_FRONT = re.compile(r"^(?P<year>20[0-9]{2})(?=[\u4e00-\u9fff])(?!年)")
_ANY_YEAR = re.compile(r"(?:19|20)[0-9]{2}年?(?:[-~至](?:19|20)?[0-9]{2}年)?")
_ORDINAL = re.compile(
    r"第?(?P<number>[一二三四五六七八九十]{1,3}|[0-9]{1,3})(?=期|批|标段|阶段|季度)"
)
_NUMBERS = re.compile(
    r"[0-9]+|[一二三四五六七八九十]+(?=期|批|标|阶段|季度|号|组|村|中|小)|[东南西北上下新老甲乙丙丁]"
)
_DIVIDER = re.compile(r"(?<![0-9])[-_—–~·.]|[-_—–~·.](?![0-9])")
_SIGNS = re.compile(r"[()\[\]{}<>《》〈〉【】〔〕「」『』“”\"'‘’,，、;:。!?*#&+|\\/]")
_REPORT = re.compile(
    r"(?:项目支出|财政支出|财政专项|专项资金)?(?:绩效)?(?:自评价?|评价)(?:自评)?(?:报告书?|情况表?|表)?$"
)
_PROJECT = re.compile(r"项目(?=$|[0-9]+(?:期|批|标段|阶段|季度)$)")
_KIND = re.compile(r"(?:专项|资金|经费|项目|工程|工作)$")
_COUNTY = re.compile(r"^[^省市县区]{2,3}县(?![城乡域级道委直政])")

_REMARK = re.compile(r"\((?:盖章|公章|签章|章|本级|机关|单位|部门|公?盖章处)\)|(?:盖章|公章)$")
_SEAL = re.compile(r"[（(]\s*(?:公章|盖章|签章|章)\s*[）)]\s*$")
_UNIT_CODE = re.compile(r"^[0-9]{3,}[-_—–]*")
_PLACE = re.compile(
    r"""^(?:
        中共(?=.{2})
      | 中国共产党
      | [^省市县区州旗]{2,3}省
      | [^省市县区州旗]{2,6}自治[区州县旗]
      | [^省市县区州旗]{2,4}市(?![场政容民])
      | [^省市县区州旗镇乡]{1,4}县
      | [^省市县区州旗镇乡]{2,3}(?<![社园景矿林库灾校片开保新城发牧渔郊院辖功])区
      | 县
      | 区(?!域)
      | 市(?![场政容民])
    )""",
    re.VERBOSE,
)
_SHORTEST_UNIT = 2
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class ProjectName:
    """What tells a project from others: two of one unit with the same key are the same.

    The year that stands in a name is apart from the key. `loose` is the key without words that
    lists leave out or add (专项, 资金, 经费, 工程, the county's name): it may be another's too.
    """

    key: str
    loose: str
    year: int | None


def project_name(text: str) -> ProjectName | None:
    """Read a project's name; None where the text is none (blank, 无, a long prose).

    Example: `project_name("2021年度《农村公路养护》项目（二期）")` has the key 农村公路养护2期
    and the year 2021.
    """
    if len(text) > LONGEST or is_none_word(text):
        return None
    plain = _CODE.sub("", compact(text).upper())
    years = {int(match["year"]) for match in _YEAR.finditer(plain)}
    year = None
    stated = [match[0] for match in _ANY_YEAR.finditer(plain)]
    if len(years) == 1 and len(stated) == 1 and len(stated[0]) <= len("2021年"):
        year = years.pop()
        plain = _YEAR.sub("", plain)
    elif not years and (front := _YEAR_AT_FRONT.match(plain)):
        year = int(front["year"])
        plain = plain[front.end() :]
    plain = _SIGNS.sub("", _DIVIDER.sub("", plain))
    plain = _ORDINAL.sub(_in_digits, plain)
    key = _without(_PROJECT, _without(_REPORT, plain))
    loose = _COUNTY.sub("", key)
    while (shorter := _without(_KIND, loose)) != loose:
        loose = shorter
    return ProjectName(key, loose if len(loose) >= _SHORTEST_NAME else key, year) if key else None


def distinguishing(name: str) -> tuple[str, ...]:
    """The numbers and such words of a name: names that differ in them are of different projects."""
    return tuple(_NUMBERS.findall(name))


def unit_key(text: str) -> str:
    """What tells a unit from the others of its county: no county, no code, no (盖章).

    Example: `unit_key("清平县教育局（盖章）")` and `unit_key("县教育局")` are 教育局. A blank or
    无 gives the empty text.
    """
    return _placed(text)[1]


def _placed(text: str) -> tuple[str, str]:
    """The innermost place that a unit's name begins with (清平县, 县, or none), and the key."""
    if len(text) > LONGEST or is_none_word(text):
        return "", ""
    plain = _UNIT_CODE.sub("", _REMARK.sub("", compact(text)))
    plain = _SIGNS.sub("", plain)
    place = ""
    while match := _PLACE.match(plain):
        if len(plain) - match.end() < _SHORTEST_UNIT:
            break
        if not match[0].startswith("中") and not place.endswith(match[0]):
            place = match[0]
        plain = plain[match.end() :]
    return place, plain


def unit_names(texts: Iterable[str]) -> dict[str, str]:
    """Spelling → the commonest spelling of the same unit, the first of several; never with (盖章).

    Names of two places stay apart, and so does one without a place where there are several.
    Example: of 清平县教育局, 清平县 教育局（盖章） and 教育局 each is 清平县教育局.
    """
    spellings = Counter(texts)
    placed = {text: found for text in spellings if (found := _placed(text))[1]}
    places: dict[str, set[str]] = defaultdict(set)
    for place, key in placed.values():
        places[key].add(place)
    same: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    keys: dict[str, tuple[str, str]] = {}
    for text, (place, key) in placed.items():
        keys[text] = (_full_place(place, places[key]), key)
        same[keys[text]][_SEAL.sub("", text).strip()] += spellings[text]
    shown = {key: counts.most_common(1)[0][0] for key, counts in same.items()}
    return {text: shown[key] for text, key in keys.items()}


def _full_place(place: str, known: set[str]) -> str:
    """清平县 for 县 and for none, where no other place is known."""
    whole = {each for each in known if not any(o != each and o.endswith(each) for o in known)}
    meant = [each for each in whole if each.endswith(place)]
    return meant[0] if len(meant) == 1 else place


def may_be_same_unit(one: str, other: str) -> bool:
    """Whether two keys of units may mean the same: one is part of the other or abbreviates it.

    Example: 住建局 and 住房和城乡建设局; 公路养护中心 and 交通运输局公路养护中心.
    """
    short, long = sorted((one, other), key=len)
    if not short or short == long or long.endswith(short) or long.startswith(short):
        return True
    if len(short) < 3 or short[0] != long[0]:
        return False
    rest = iter(long)
    return all(character in rest for character in short)


def _in_digits(match: re.Match[str]) -> str:
    number = match["number"]
    value = int(number) if number.isascii() else read_chinese(number)
    return number if value is None else str(value)


def _without(ending: re.Pattern[str], name: str) -> str:
    shorter = ending.sub("", name)
    return shorter if len(shorter) >= _SHORTEST_NAME else name

"""How like a declared wording a written label is: decorated, added to, mistyped, or none of these.

Everything here looks at the text alone; where a label may stand is told by `similar`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from xlsx_eval.reading.labels import label_key
from xlsx_eval.reading.vocabulary import HEADS, LEVELS, NUMERALS, QUALIFIERS, WORDS

SHORTEST = 4  # characters of a wording in which a mistake may be seen
LONG = 7  # from so many on two mistakes may be
DECORATED, ONE_CHANGE = 0, 1

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_OPENING = re.compile(
    r"^\s*(?:[(（]\s*\d{1,2}\s*[)）]|[①-⑳]|\d{1,2}(?=\s)|[(（\[【〔<《{][^()（）\[\]【】〔〕<>《》{}]*填[)）\]】〕>》}])"
)
_CLOSING = re.compile(
    r"[(（\[【〔<《{][^()（）\[\]【】〔〕<>《》{}]{1,40}[)）\]】〕>》}]\s*[*＊★☆:：]*\s*$"
)
_ASKING = ("请填写", "必填项", "必填", "选填")

_AMOUNT = "(?:资金|支出|到位|安排|结余|结转|预算|拨款|补助|自筹|财政)$"
_SUFFIXES = tuple(
    (re.compile(tail), words.split())
    for tail, words in (
        (_AMOUNT, "数 额 金额 数额 总额 总数 合计"),
        ("(?:支出|到位|安排|结余|结转|预算|财政)$", "资金"),
        ("财政$", "拨款 补助 拨款资金 补助资金"),
        ("(?:单位|部门|机构)$", "名称 全称"),
        ("(?:项目|单位|部门|机构)名称$", "全称"),
        ("电话$", "号码 号"),
        ("人$", "姓名"),
        ("凭证$", "号 号码 编号"),
        ("凭证号$", "码 码数"),
        ("(?:起止时间|起止日期|实施时间|期限)$", "段"),
        ("得分$", "分数"),
        ("完成$", "值 数 情况"),
        ("(?:情况|明细|信息|人员|概况)$", "表 一览表"),
        ("(?:明细|信息|人员)$", "情况 情况表"),
    )
)
_PREFIXES = tuple(
    (re.compile(head), words.split())
    for head, words in (
        ("^(?!本|该|项目)", "项目 本项目 该项目"),
        ("^(?!本|该)项目", "本 该"),
        ("^(?:项目)?(?:支出)?内容$", "主要 具体 详细"),
        ("^(?:通讯|单位|项目)地址$", "详细"),
        ("^(?:完成值|实际值|实际完成值)$", "指标 指标目标"),
    )
)
_INNER = tuple(
    (re.compile(label), words.split())
    for label, words in (
        ("负责人", "主要"),
        ("项目地址$", "详细 具体"),
        ("支出内容$", "主要 具体"),
        ("目标值$", "完成"),
    )
)
_ANY_SUFFIX, _ANY_PREFIX, _ANY_INNER = (
    re.compile(pattern.format("|".join(word for _, words in additions for word in words)))
    for pattern, additions in (("(?:{})$", _SUFFIXES), ("(?:{})", _PREFIXES), ("{}", _INNER))
)


@dataclass(frozen=True)
class Wordings:
    """The keys of all that a form may call its parts, and of other words it prints."""

    keys: frozenset[str]

    @cached_property
    def _middling(self) -> list[str]:
        return sorted(key for key in self.keys if SHORTEST <= len(key) < LONG)

    @cached_property
    def _long(self) -> list[str]:
        return sorted(key for key in self.keys if len(key) >= LONG)

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.keys), default=0)

    @cached_property
    def _characters(self) -> frozenset[str]:
        return frozenset("".join(self.keys))

    def like(self, text: str) -> dict[str, int]:
        """Key of a wording that the text may be meant for → how many changes it is away."""
        if self._strange(text) > len(text) - 2:
            return {}
        key = label_key(text)
        bare = label_key(_undecorated(text))
        if bare in self.keys:
            return {bare: DECORATED}
        found: dict[str, int] = {}
        for written in dict.fromkeys((key, bare)):
            if SHORTEST - 1 <= len(written) <= self._longest + 4 and _HAN.fullmatch(written):
                found |= dict(self._mistyped(written))
                found |= dict.fromkeys(_without_additions(written, self.keys), ONE_CHANGE)
        return found

    def roughly_like(self, text: str) -> dict[str, int]:
        """The same by the number of changes alone, also where another word comes of them."""
        keys = dict.fromkeys((label_key(text), label_key(_undecorated(text))))
        return {wording: distance for key in keys for wording, distance in self._near(key)}

    def _mistyped(self, written: str) -> Iterator[tuple[str, int]]:
        for wording, distance in self._near(written):
            if is_mistyped(written, wording, distance):
                yield wording, distance

    def _strange(self, text: str) -> int:
        """How many characters of a text are in no wording."""
        return sum(char not in self._characters for char in text)

    def _near(self, written: str) -> Iterator[tuple[str, int]]:
        if self._strange(written) > 2:
            return
        for wordings, most in ((self._middling, 1), (self._long, 2)):
            for wording, distance, _ in process.extract(
                written, wordings, scorer=OSA.distance, score_cutoff=most, limit=None
            ):
                yield wording, int(distance)


def _undecorated(text: str) -> str:
    """`（1）项目名称【必填】*` → 项目名称: without number, asterisks and remarks around a label."""
    before = None
    while before != text:
        before = text
        text = _CLOSING.sub("", _OPENING.sub("", text))
    plain = text.strip(" \t\r\n\u3000*＊★☆:：")
    for word in _ASKING:
        plain = plain.removeprefix(word).removesuffix(word)
    return plain


def _without_additions(written: str, keys: Collection[str]) -> Iterator[str]:
    """The wordings that a label is but for harmless words before, behind or within it."""
    for tail, words in _SUFFIXES if _ANY_SUFFIX.search(written) else ():
        for word in words:
            rest = written.removesuffix(word)
            if rest != written and len(rest) >= SHORTEST and rest in keys and tail.search(rest):
                yield rest
    for head, words in _PREFIXES if _ANY_PREFIX.match(written) else ():
        for word in words:
            rest = written.removeprefix(word)
            if rest != written and rest in keys and len(rest) >= SHORTEST - 1 and head.search(rest):
                yield rest
    for label, words in _INNER if _ANY_INNER.search(written) else ():
        for word in words:
            rest = written.replace(word, "", 1)
            if rest != written and rest in keys and label.search(rest) and word not in rest:
                yield rest


def is_mistyped(written: str, wording: str, distance: int) -> bool:
    """Whether changes that turn a wording into the text can be slips: no other word comes of them.

    `distance` counts two characters that changed places as one change.
    """
    if _new_words(written, wording):
        return False
    changes = Levenshtein.editops(wording, written)
    if len(changes) > distance:
        return distance == 1  # two characters changed places
    places = sorted(change.dest_pos for change in changes)
    if any(right - left < 2 for left, right in pairwise(places)):
        return False  # a word in place of another
    return all(
        _is_slip(change.tag, change.src_pos, change.dest_pos, written, wording)
        for change in changes
    )


def _new_words(written: str, wording: str) -> bool:
    """Whether the text has a word that is its own thing and that the wording has not."""
    return bool(_words_in(written) - _words_in(wording))


def _words_in(text: str) -> Counter[str]:
    return Counter(
        text[start : start + length]
        for length in (2, 3)
        for start in range(len(text) - length + 1)
        if text[start : start + length] in WORDS
    )


def _is_slip(tag: str, at: int, to: int, written: str, wording: str) -> bool:
    lost = "" if tag == "insert" else wording[at]
    new = "" if tag == "delete" else written[to]
    if {lost, new} & (LEVELS | NUMERALS):
        return False
    if tag == "replace":
        return to < len(written) - 1 or new not in HEADS
    if tag == "delete":
        return at < len(wording) - 1 or len(wording) > SHORTEST
    if new in {written[to - 1 : to], written[to + 1 : to + 2]}:
        return True  # typed twice
    if wording[at - 1 : at + 1] in WORDS:
        return True  # within a word, where nothing can be added to its meaning
    return 0 < to < len(written) - 1 and new not in QUALIFIERS | HEADS

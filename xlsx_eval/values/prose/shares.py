"""Percentages that a text gives, and what they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xlsx_eval.values.numerals import NUMBER
from xlsx_eval.values.prose.clauses import plain, sentences
from xlsx_eval.values.prose.figures import Figure, percentage
from xlsx_eval.values.text import compact

_RISEN = re.compile(
    rf"[由从](?:上年|去年|原来|年初)?的?{NUMBER}%(?=提高|提升|上升|增加|增长|降|下降|减少)"
)
_SHARE = re.compile(
    rf"(?P<name>[^\d%]+?)(?:均|已|高)*(?:达到了?|达|为|是|(?:提高|提升|上升|增加|降低|下降|减少)[到至])?"
    rf"(?P<number>(?<![\d.-]){NUMBER})%"
)
_NOT_ACTUAL = re.compile(
    r"目标|指标值|预期|计划|预计|不[低高少]于|[以之][上下内]|超过|大于|小于|[≥≤><]|上年|去年|往年|年初|同比|提高$|增长$"
    r"|下降$|降低$|减少$|增加$|上升$|提升$|其中|[约近占]$|占.*的$|[较比]|要求|应"
)
_AIMS = re.compile(
    r"目标(?:值|为|是|如下|设定|设置|包括|有|情况|分别)*$|^预期|(?:计划|预期|拟)(?:完成|实现|达到)"
)
_REACHED = re.compile(r"实际|完成情况|实现情况|自评|结果|绩效情况|绩效分析|已完成|全面完成")
_BEFORE = re.compile(r"上年|去年|往年|(?:实施|改造|治理|建设|项目)(?:之)?前|原来")
_YEAR = re.compile(r"(?<!\d)(\d{4})年")
_BEFORE_NAME = re.compile(
    r"(?:\d{4}年度?|全年|本年度?|当年|经?(?:问卷|电话|抽样|入户|随机)?(?:调查|统计|抽查|回访|问卷)(?:结果)?(?:显示|表明)"
    r"|[该本]?项目(?:的|区)?(?=..)|实际|我县|全县|实现|使|确保)+"
)
_AFTER_NAME = re.compile(
    r"的?(?:(?:问卷|电话|抽样|随机|入户)*(?:调查|测评|统计|回访)(?:综合|平均)?结果|(?:综合|平均)值)$"
)
_SEVERAL = re.compile(r"\n|[2２②][、.．)）]|；|;")
_NOT_HAN = re.compile(r"[^\u4e00-\u9fff]")
_SHORTEST = 4
SATISFACTION = re.compile(r"满意[度率]?$")


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage with the name that the text gives it; `year` is one its sentence names."""

    name: str
    figure: Figure
    clause: str
    year: int | None = None

    @property
    def is_satisfaction(self) -> bool:
        return bool(SATISFACTION.search(self.name))


def shares(text: str) -> list[Share]:
    """The percentages that a text says were reached, with their names.

    Example: `政务外网高效运行率达98%，群众满意度96%。` tells 98 of 政务外网高效运行 and 96 of
    群众满意度; targets, bounds and comparisons tell nothing.
    """
    if "%" not in text and "％" not in text:
        return []
    found: list[Share] = []
    aims = False
    for clauses in sentences(_RISEN.sub("", plain(text))):
        year, past = None, False
        for clause in clauses:
            if _REACHED.search(clause):
                aims = False
            if _AIMS.search(clause):
                aims = True
            past = past or bool(_BEFORE.search(clause))
            if years := _YEAR.findall(clause):
                year = int(years[-1])
            match = _SHARE.fullmatch(clause)
            if not match or aims or past or _NOT_ACTUAL.search(match["name"]):
                continue
            if name := share_name(match["name"]):
                found.append(Share(name, percentage(match["number"]), clause, year))
    return found


def share_name(text: str) -> str:
    """What a percentage is called, in comparable form; empty where it tells too little.

    Example: `本项目验收合格率` and `验收合格` are both `验收合格`.
    """
    if _SEVERAL.search(text.strip()):
        return ""
    name = compact(text)
    opening = _BEFORE_NAME.match(name)
    name = name[opening.end() :] if opening else name
    name = _AFTER_NAME.sub("", _NOT_HAN.sub("", name))
    if SATISFACTION.search(name):
        return name
    name = name.removesuffix("率")
    return name if len(name) >= _SHORTEST else ""

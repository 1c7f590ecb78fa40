"""The years in which a text says that the whole project was completed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xlsx_eval.values.prose.clauses import plain, sentences

_SUBJECT = r"""
    (?:[该本此]|整个)?(?:项目|工程|专项)(?:建设|实施)?
  | (?:[该本]?(?:项目|工程))?(?:各项|全部|所有)(?:建设)?(?:任务|工作|内容|工程|目标)
"""
_WHEN = r"""
    (?P<year>(?<!\d)\d{4})年(?:\d{1,2}月份?(?:\d{1,2}日|[初中底末]|[上中下]旬)?|[初底末]|[上下]半年)?
    (?:之?前|以前)?
"""
_DONE = re.compile(
    rf"""
    (?P<subject>{_SUBJECT})?(?:已经?|均|都)*[于在]?{_WHEN}(?P<more>{_SUBJECT})?(?:已经?|均|都|就)*
    (?P<wholly>(?:全面|全部|如期|按期|按时|顺利|圆满|提前|整体)*)
    (?:完成|完工|竣工|建成|实施完毕|实施完成|完成建设|建设完成|完成实施)
    了?(?:(?:全部|各项|所有|年度|既定)?(?:建设|目标|实施)?(?:任务|内容|工作|目标)|全部建设)?
    """,
    re.VERBOSE,
)
_ALL_WORKS = re.compile("全部|所有|各项")
_EARLIER_STAGE = re.compile(
    r"[一二三四]期|前期|上一?[轮期]|以来|历年|分[年期]|移交|投入(?:使用|运行|运营)"
)
_YEAR = re.compile(r"(?<!\d)(\d{4})年")
_BUILT = re.compile("建成|竣工")
_BEGUN = re.compile(
    r"(?:[该本此]|整个)?(?:项目|工程|专项)(?:建设|实施)?(?:已|均)*[于从自]?(?:\d{4}年)?"
    r"(?:\d{1,2}月份?(?:\d{1,2}日|[初中底末]|[上中下]旬)?)?(?:正式|全面)*(?:开工|启动|动工|开始)(?:建设|实施)?"
)
_HEADING = re.compile(
    r"(?:项目|产出|时效|数量|质量|进度|实施|完成|工程|建设|指标|情况|分析|方面|目标|总体|及时性|[及和与、的])*"
)
_NOT_YET = re.compile(r"计划|预计|拟|力争|要求|应当|需|争取|确保|将|如果|约定|合同|截[至止]|目标值")


@dataclass(frozen=True, slots=True)
class Completed:
    """A year in which the whole project is said to have been completed.

    `wholly`: all of it, as the text says, so that nothing older than the project can be meant: no
    earlier stage, and no works that it looks after. `beside`: all years that the sentence names.
    """

    year: int
    clause: str
    wholly: bool
    beside: tuple[int, ...] = ()


def completions(text: str) -> list[Completed]:
    """The years in which a text says that the whole project was completed.

    Example: `该项目在2022年12月31日前全面完成。` tells 2022; a plan, a part of the project or its
    acceptance tells nothing.
    """
    if "年" not in text:
        return []
    plain_text = plain(text)
    earlier = bool(_EARLIER_STAGE.search(plain_text))
    return [
        found for clauses in sentences(plain_text) for found in _completed(clauses, earlier=earlier)
    ]


def _completed(clauses: list[str], *, earlier: bool) -> list[Completed]:
    if any(_NOT_YET.search(clause) for clause in clauses):
        return []
    subject = False
    for clause in clauses:
        if match := _DONE.fullmatch(clause):
            whole = subject or match["subject"] or match["more"] or match["wholly"]
            all_of_it = match["wholly"] or _ALL_WORKS.search(clause)
            wholly = bool(all_of_it) and not _BUILT.search(clause) and not earlier
            named = tuple(int(year) for each in clauses for year in _YEAR.findall(each))
            return [Completed(int(match["year"]), clause, wholly, named)] if whole else []
        if _BEGUN.fullmatch(clause):
            subject = True
        elif not _HEADING.fullmatch(clause):
            return []
    return []

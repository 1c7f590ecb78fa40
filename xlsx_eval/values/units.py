"""Units of quantities: which are one and the same, which convert, which measure other things."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

# What the units of a line may measure, then units that convert exactly into one another, each with
# its size in the first. 里 and 公里 are mixed up too often to convert: they count as different.
_TABLE = """
share                             % 1; ‰ 0.1
money                             万元 1
length                            米 1; m 1; 公里 1000; 千米 1000; km 1000; 厘米 0.01; 毫米 0.001
li                                里 1; 华里 1; 市里 1
area                              平方米 1; m² 1; 平米 1; 公顷 10000; 平方公里 1000000
area                              亩 1
volume                            立方米 1; m³ 1; 立方 1; 方 1; 升 0.001
mass                              公斤 1; 千克 1; kg 1; 斤 0.5; 市斤 0.5; 克 0.001; 吨 1000; t 1000
time                              个月 1; 月 1; 年 12; 个季度 3; 季度 3
time                              天 1; 日 1; 日历天 1; 自然日 1; 个自然日 1
time                              工作日 1; 个工作日 1
time                              分钟 1; 小时 60; 个小时 60; h 60
time                              周 1; 个星期 1
people                            人 1; 名 1; 位 1; 个人 1
people,times                      人次 1
people,times,things               例 1
households                        户 1; 户家庭 1
households,times                  户次 1
times                             次 1
times                             场 1; 场次 1
times                             期 1
times                             届 1
times,things                      批次 1; 批 1
times,things                      起 1
things,people,households,times    个 1
things,households                 家 1
things,times                      项 1
things                            处 1
things                            所 1
things                            座 1
things                            栋 1; 幢 1
things                            台 1; 台套 1; 台/套 1
things                            套 1
things                            件 1
things                            条 1
things                            口 1
things                            份 1
things                            只 1
things                            头 1
things                            株 1
things                            棵 1
things                            本 1
things                            册 1
things                            辆 1
"""
_MULTIPLES = re.compile(r"(?:[十百千]?万|亿)(?=.)")
_SCALES = {
    "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
}  # fmt: skip
_COUNTED = re.compile(r"(?P<counter>[个家处所座栋幢台套件条口户名位项])(?P<what>[\u4e00-\u9fff]+)")
_NOT_COUNTED = re.compile(r"个(?:百分点|点|年|周|星期|月|季|学|工作日|日|小时|课时)|名次|位次")


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit may measure, and its size in `base`; only what has one base compares."""

    kinds: frozenset[str]
    base: str
    size: Decimal


def _known_units() -> dict[str, Unit]:
    known = {}
    for line in _TABLE.strip().splitlines():
        kinds, _, units = line.partition(" ")
        words = [unit.split() for unit in units.split(";")]
        for word, size in words:
            known[word] = Unit(frozenset(kinds.split(",")), words[0][0], Decimal(size))
    return known


_KNOWN = _known_units()


@lru_cache(maxsize=1024)
def read_unit(unit: str) -> Unit | None:
    """Return what is known of a unit, also with 万 before it, 数 after it or what it counts.

    Example: `read_unit("万人次")` is 10000 人次; 个村 counts things, but only beside 个村 itself.
    """
    scaled = _MULTIPLES.match(unit)
    if unit not in _KNOWN and scaled:
        rest = read_unit(unit[scaled.end() :])
        return rest and Unit(rest.kinds, rest.base, rest.size * _SCALES[scaled[0]])
    known = _KNOWN.get(unit) or _KNOWN.get(unit.removesuffix("数"))
    if known or _NOT_COUNTED.match(unit):
        return known
    counted = _COUNTED.fullmatch(unit)
    return Unit(_KNOWN[counted["counter"]].kinds, unit, Decimal(1)) if counted else None


def sizes(unit: str | None, other: str | None) -> tuple[Decimal, Decimal] | None:
    """Return the sizes of two units in what both convert into, None where they don't.

    Example: `sizes("年", "个月")` is (12, 1), `sizes("人次", "人")` is None.
    """
    if unit == other:
        return Decimal(1), Decimal(1)
    one, two = (read_unit(each) if each else None for each in (unit, other))
    return (one.size, two.size) if one and two and one.base == two.base else None


def measure_other_things(unit: str | None, other: str | None) -> bool:
    """Tell whether two units surely measure different things: % and 万元, 公里 and 个."""
    units = [read_unit(each) for each in (unit, other) if each]
    known = [each for each in units if each]
    return len(known) == 2 and not known[0].kinds & known[1].kinds

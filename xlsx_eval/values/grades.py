"""Grades of an evaluation, and the bands of scores they stand for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from xlsx_eval.values.choices import checked_option
from xlsx_eval.values.text import MAX_LENGTH, compact


@dataclass(frozen=True, slots=True)
class Band:
    """A grade, the lowest score that earns it, and the other words that mean it."""

    name: str
    minimum: Decimal
    words: tuple[str, ...] = ()


BANDS = (
    Band("优", Decimal(90), ("优秀", "优等")),
    Band("良", Decimal(80), ("良好", "良等")),
    Band("中", Decimal(60), ("中等", "合格", "及格")),
    Band("差", Decimal(0), ("差等", "不合格", "不及格")),
)
"""The bands of 《项目支出绩效评价管理办法》(财预〔2020〕10号), best first."""

GRADES = tuple(band.name for band in BANDS)


def parse_grade(text: str, bands: tuple[Band, ...] = BANDS) -> str | None:
    """Return the grade (the name of a band) a cell gives, in words or as a tick list.

    A remark in brackets is passed over unless it speaks of grades itself.
    Example: `parse_grade("优 秀（90分以上）")` is `"优"`.
    """
    if len(text) > MAX_LENGTH:
        return None
    grades, remark = _vocabulary(bands)
    plain = compact(text)
    for reading in (plain, re.sub("等[次级]$", "", remark.sub("", plain))):
        if option := checked_option(reading, tuple(grades)):
            return grades[option]
    return None


def grade_of(score: Decimal, bands: tuple[Band, ...] = BANDS) -> str:
    """Return the grade a score belongs to: the first band, best first, that it reaches."""
    return next((band.name for band in bands if score >= band.minimum), bands[-1].name)


def describe_bands(bands: tuple[Band, ...] = BANDS) -> str:
    """Say the bands in Chinese: 90分及以上为优，80分及以上为良，60分及以上为中，60分以下为差."""
    said = [f"{band.minimum:f}分及以上为{band.name}" for band in bands[:-1]]
    lowest = f"{bands[-2].minimum:f}分以下为{bands[-1].name}" if said else f"都为{bands[-1].name}"
    return "，".join((*said, lowest))


@lru_cache(maxsize=16)
def _vocabulary(bands: tuple[Band, ...]) -> tuple[dict[str, str], re.Pattern[str]]:
    """Return each word with its grade, and what a mere explanation in brackets looks like.

    A remark that names a grade itself or takes one back is no explanation.
    """
    stated = {compact(word): band.name for band in bands for word in (band.name, *band.words)}
    common = [pair for band in bands for pair in _common_words(band)]
    claims = Counter(word for word, _ in common)
    grades = {word: name for word, name in common if claims[word] == 1} | stated
    spoken = re.escape("".join(sorted({char for band in bands for char in compact(band.name)})))
    remark = re.compile(rf"\((?:(?![{spoken}格不非未原拟√✓✔xX])[^()])+\)")
    return grades, remark


def _common_words(band: Band) -> Iterator[tuple[str, str]]:
    """What a grade is called elsewhere: a band named 优秀 is meant by 优 as well."""
    for known in BANDS:
        if band.name in (known.name, *known.words):
            for word in (known.name, *known.words):
                yield word, band.name

"""Grades of an evaluation, and the bands of scores they stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsx_eval.values.choices import checked_option
from xlsx_eval.values.text import MAX_LENGTH, compact

if TYPE_CHECKING:
    from decimal import Decimal

GRADES = ("优", "良", "中", "差")
_WORDS = {
    "优": "优 优秀 优等",
    "良": "良 良好 良等",
    "中": "中 中等 合格 及格",
    "差": "差 差等 不合格 不及格",
}
_GRADE_OF_WORD = {word: grade for grade, words in _WORDS.items() for word in words.split()}
# A remark that names a grade itself or takes one back is no mere explanation.
_REMARK = re.compile(r"\((?:(?![优良中差格不非未原拟√✓✔xX])[^()])+\)")


def parse_grade(text: str) -> str | None:
    """Return the grade (one of `GRADES`) a cell gives, in words or as a tick list.

    A remark in brackets is passed over unless it speaks of grades itself.
    Example: `parse_grade("优 秀（90分以上）")` is `"优"`.
    """
    if len(text) > MAX_LENGTH:
        return None
    plain = re.sub("等[次级]$", "", _REMARK.sub("", compact(text)))
    return _GRADE_OF_WORD.get(checked_option(plain, tuple(_GRADE_OF_WORD)) or "")


def grade_of(score: Decimal) -> str:
    """Return the grade a score belongs to: from 90 优, from 80 良, from 60 中, below 差.

    The bands are those of 《项目支出绩效评价管理办法》(财预〔2020〕10号).
    """
    if score >= 90:
        return "优"
    if score >= 80:
        return "良"
    return "中" if score >= 60 else "差"

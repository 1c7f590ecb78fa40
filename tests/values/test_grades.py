from decimal import Decimal

import pytest
from hypothesis import given
from writing import ANY_TEXT

from xlsx_eval.values.grades import GRADES, grade_of, parse_grade


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("优", "优"),
        ("优 秀", "优"),
        ("优秀等次", "优"),
        ("优（90分以上）", "优"),
        ("良", "良"),
        ("良好", "良"),
        ("中", "中"),
        ("合格", "中"),
        ("及格", "中"),
        ("差", "差"),
        ("不合格", "差"),
        ("☑优 □良 □中 □差", "优"),
        ("优秀□ 良好√ 合格□ 不合格□", "良"),
        ("优秀（90分以上）□ 良好（80-89分）☑", "良"),
        ("优（ ）良（√）", "良"),
    ],
)
def test_grades(text: str, expected: str) -> None:
    assert expected == parse_grade(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "无",
        "98",
        "A",
        "较好",
        "基本合格",
        "优良",
        "优（拟）",
        "优（原良）",
        "优□ 良□",
        "不优",
        "优/良",
    ],
)
def test_unclear_grades_stay_unread(text: str) -> None:
    assert parse_grade(text) is None


@pytest.mark.parametrize(
    ("score", "expected"),
    [("100", "优"), ("90", "优"), ("89.99", "良"), ("80", "良"), ("79.9", "中"), ("60", "中")],
)
def test_bands(score: str, expected: str) -> None:
    assert expected == grade_of(Decimal(score))


def test_the_lowest_band() -> None:
    assert grade_of(Decimal("59.99")) == "差"


@given(ANY_TEXT)
def test_no_text_raises(text: str) -> None:
    assert parse_grade(text) in {None, *GRADES}

from decimal import Decimal

import pytest
from hypothesis import given
from writing import ANY_TEXT

from xlsx_eval.values.grades import GRADES, Band, describe_bands, grade_of, parse_grade


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


class TestBandsOfACounty:
    FIVE = (
        Band("优秀", Decimal(95)),
        Band("良好", Decimal(85), ("较好",)),
        Band("合格", Decimal(70)),
        Band("基本合格", Decimal(60)),
        Band("不合格", Decimal(0)),
    )

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("优秀", "优秀"),
            ("优", "优秀"),
            ("较好", "良好"),
            ("中", "合格"),
            ("基本合格", "基本合格"),
            ("基 本 合 格（60-70分）", "基本合格"),
            ("优秀□ 良好□ 合格□ 基本合格☑ 不合格□", "基本合格"),
            ("差", "不合格"),
            ("一般", None),
        ],
    )
    def test_words(self, text: str, expected: str | None) -> None:
        assert expected == parse_grade(text, self.FIVE)

    @pytest.mark.parametrize(
        ("score", "expected"),
        [("95", "优秀"), ("94.9", "良好"), ("60", "基本合格"), ("59", "不合格"), ("-1", "不合格")],
    )
    def test_bands(self, score: str, expected: str) -> None:
        assert expected == grade_of(Decimal(score), self.FIVE)

    def test_in_words(self) -> None:
        assert describe_bands(self.FIVE) == (
            "95分及以上为优秀，85分及以上为良好，70分及以上为合格，60分及以上为基本合格，60分以下为不合格"
        )

    def test_a_word_that_two_bands_may_mean_says_nothing(self) -> None:
        bands = (Band("中等", Decimal(80)), Band("合格", Decimal(60)), Band("差", Decimal(0)))

        assert parse_grade("中等", bands) == "中等"
        assert parse_grade("合格", bands) == "合格"
        assert parse_grade("及格", bands) is None

    def test_letters(self) -> None:
        bands = (Band("A", Decimal(90)), Band("B", Decimal("82.5")), Band("C", Decimal(0)))

        assert parse_grade("B（82.5分以上）", bands) == "B"
        assert parse_grade("□A ☑B □C", bands) == "B"
        assert parse_grade("优", bands) is None

    @given(ANY_TEXT)
    def test_no_text_raises(self, text: str) -> None:
        assert parse_grade(text, self.FIVE) in {None, *(band.name for band in self.FIVE)}


def test_the_bands_in_words() -> None:
    assert describe_bands() == ("90分及以上为优，80分及以上为良，60分及以上为中，60分以下为差")

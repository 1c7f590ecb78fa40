"""In which years a text says that the whole project was completed."""

from __future__ import annotations

import pytest

from xlsx_eval.values.prose.completion import completions


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("时效指标分析：该项目在 2022 年 12 月 31 日前全面完成。", [2022]),
        ("项目于2021年12月底全部完成建设任务。", [2021]),
        ("本项目已于2021年11月20日竣工。", [2021]),
        ("2021年12月底前所有工程全部完工。", [2021]),
        ("项目于2021年3月开工，2022年6月完工。", [2022]),
        ("该项目2022年如期完成。", [2022]),
        ("2021年年度各项任务已圆满完成。", []),
        ("该工程于1976年建成，本次除险加固。", [1976]),
        # parts, plans, acceptance, as of a day
        ("道路工程于2021年3月开工，2022年6月完工。", []),
        ("主体工程于2022年1月完工。", []),
        ("2022年1月15日通过竣工验收。", []),
        ("项目于2022年1月完成竣工验收。", []),
        ("2020年11月完成招投标，2021年3月进场施工。", []),
        ("项目于2020年完成前期工作。", []),
        ("项目计划于2022年6月完工。", []),
        ("合同约定项目于2022年6月完工。", []),
        ("项目将于2022年6月全部完成。", []),
        ("截至2022年2月，项目已全面完成。", []),
        ("确保项目在2022年12月31日前完成。", []),
        ("2022年3月完成绩效自评报告。", []),
        ("自2015年以来，全县完成道路硬化320公里。", []),
        ("根据《关于下达2020年预算的通知》（财预〔2020〕10号），项目按期完成。", []),
        ("“十四五”规划要求2025年全面完成。", []),
        ("评价组于2022年3月完成评价工作。", []),
        ("全部标段于2021年12月20日前交工。", []),
    ],
)
def test_completions(text: str, years: list[int]) -> None:
    assert [each.year for each in completions(text)] == years


def test_what_was_built_may_be_older_than_the_project() -> None:
    assert [each.wholly for each in completions("该工程于2020年全部建成。")] == [False]
    assert [each.wholly for each in completions("该项目于2020年全部完成。")] == [True]

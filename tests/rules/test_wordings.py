"""What words say of an indicator's values: thirty ways to word one, and which side is good."""

from decimal import Decimal

import pytest

from xlsx_eval.rules.required import kinds_of
from xlsx_eval.rules.wordings import better, is_share_of_a_whole
from xlsx_eval.values.quantities import parse_quantity


@pytest.mark.parametrize(
    ("kind", "content", "target", "side"),
    [
        ("质量指标", "验收合格率", "≥95%", "more"),
        ("质量指标", "验收合格率", "95%", "more"),
        ("质量指标", "检验差错率", "≤1%", "less"),
        ("质量指标", "检验差错率", "1%", "less"),
        ("质量指标", "投诉办结率", "≥95%", "more"),
        ("质量指标", "不合格率", "2%", "less"),
        ("质量指标", "返工率", "5%", "less"),
        ("质量指标", "含水比重", "5%", ""),
        ("质量指标", "安全事故发生数", "2起", "less"),
        ("质量指标", "优良品比重", "100%", "more"),
        ("数量指标", "养护里程", "320公里", "more"),
        ("数量指标", "压减会议次数", "20次", ""),
        ("数量指标", "信访件数", "5件", "less"),
        ("数量指标", "工资总额", "300万元", ""),
        ("时效指标", "项目工期", "12个月", "less"),
        ("时效指标", "开放时间", "56小时", ""),
        ("时效指标", "完成时间", "≥12个月", ""),
        ("时效指标", "每周开放", "≥56小时", "more"),
        ("成本指标", "项目总成本", "300万元", "less"),
        ("成本指标", "项目总成本", "≥300万元", ""),
        ("服务对象满意度指标", "各使用单位", "95%", "more"),
        ("服务对象满意度指标", "各使用单位", "≤95%", ""),
        ("经济效益指标", "带动增收", "500元", ""),
        ("社会效益指标", "完成", "完成率95%", "more"),
    ],
)
def test_which_side_of_a_target_is_good(kind: str, content: str, target: str, side: str) -> None:
    quantity = parse_quantity(target)
    assert quantity is not None
    unit = quantity.unit or ""

    assert better((content, target), kind, quantity.operator, quantity.value, unit) == side


def test_a_bare_number_of_something_is_not_judged() -> None:
    assert better(("编制", "20"), "社会效益指标", "=", Decimal(20), "") == ""


@pytest.mark.parametrize(
    "words",
    ["群众满意度", "验收合格率", "任务完成率", "服务覆盖面", "按期完工率", "问题整改到位率"],
)
def test_shares_of_a_whole(words: str) -> None:
    assert is_share_of_a_whole(words)


@pytest.mark.parametrize(
    "words",
    ["产值增长率", "合格率提高", "床位使用率", "同比完成率", "毛入学率", "投资收益率", "里程"],
)
def test_what_may_exceed_the_whole(words: str) -> None:
    assert not is_share_of_a_whole(words)


@pytest.mark.parametrize(
    ("level1", "level2", "kinds"),
    [
        ("产出指标", "数 量\n指标", {"数量"}),
        ("产出指标", "数量、质量指标", {"数量", "质量"}),
        ("成本指标", "生态环境成本指标", {"成本"}),
        ("效益指标", "社会效益指标", {"社会"}),
        ("效益指标", "可持续发展指标", {"可持续"}),
        ("满意度指标", "", {"满意"}),
        ("项目效益指标", "服务对象满意度", {"满意"}),
        ("项目效益指标", "", {"效益"}),
        ("产出指标", "工程指标", set()),
    ],
)
def test_kinds_of_indicators(level1: str, level2: str, kinds: set[str]) -> None:
    assert kinds_of(level1, level2) == kinds

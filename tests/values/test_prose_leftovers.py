"""What a template leaves in an answer."""

from __future__ import annotations

import pytest

from xlsx_eval.values.prose.leftovers import guide_key, leftover

GUIDES = frozenset(
    map(guide_key, ["填写项目全称，与预算批复文件一致", "资金安排、到位、使用情况。"])
)


@pytest.mark.parametrize(
    "text",
    [
        "填写项目全称，与预算批复文件一致",
        " 填写项目全称,与预算批复文件一致。",
        "例如：2021年1月-2021年12月",
        "XX县交通运输局",
        "××项目",
        "2021年XX月XX日",
        "共投入资金XX万元",
        "20XX年农村公路养护项目",
        "XXX",
        "（此处填写项目内容）",
        "（请简要说明项目的主要内容）",
        "结合自评情况，分析存在的问题及原因。(200字以内)",
        "请填写项目单位全称",
    ],
)
def test_left(text: str) -> None:
    assert leftover(text, GUIDES)


@pytest.mark.parametrize(
    "text",
    [
        "农村公路养护项目",
        "2021年1月-2021年12月",
        "X012线路面病害处治",
        "规格3×5米",
        "XXL号工作服",
        "村民张××反映道路破损",
        "邀请群众填写问卷120份",
        "群众反映的问题，例如：路灯损坏，都已处理",
        "139XXXX1234",
        "≥95%",
        "无",
        "/",
        "资金安排、到位、使用情况良好",
    ],
)
def test_the_units_own_words(text: str) -> None:
    assert leftover(text, GUIDES) is None


def test_in_prose_guidance_is_a_sentence() -> None:
    assert leftover("资金安排、到位、使用情况。\n项目资金已到位。", GUIDES, prose=True)
    assert leftover("项目资金安排、到位、使用情况良好。", GUIDES, prose=True) is None
    assert leftover("例如：将路灯改为太阳能。", GUIDES, prose=True) is None

"""Percentages that a text says were reached."""

from __future__ import annotations

import pytest

from xlsx_eval.values.prose.shares import share_name, shares


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电子政务外网高效运行达 98%。", ["电子政务外网高效运行 98"]),
        ("问卷显示沿线群众满意度为94%。", ["沿线群众满意度 94"]),
        ("群众满意度：96％", ["群众满意度 96"]),
        ("库区水质达标率97%、群众满意度96%和设备完好率99.5%。",
         ["库区水质达标 97", "群众满意度 96", "设备完好 99.5"]),
        ("覆盖率由76%提高到92%，村民15分钟就医圈覆盖率由76%提高到92%。", []),
        ("农田灌溉水利用率由58%提高到64%。", ["农田灌溉水利用 64"]),
        ("生活污水收集率达到了73%（目标70%）。", ["生活污水收集 73"]),
        ("绩效目标为：群众满意度90%，完好率95%。自评结果：群众满意度96%。", ["群众满意度 96"]),
        ("绩效目标。1.设备完好率95%。2.群众满意度90%。", []),
        ("改造前，群众满意度70%。", []),
        # targets, bounds, comparisons, too general a name
        ("验收合格率目标值95%，预期验收合格率95%。", []),
        ("群众满意度达到95%以上，满意度不低于90%，合格率≥95%。", []),
        ("群众满意度比上年提高5%，较上年提高了5个百分点。", []),
        ("上年群众满意度89%，2020年满意度同比增长3%。", []),
        ("完成率100%，保障率100%。", []),
        ("满意的占96%，占总数的96%。", []),
        ("完成预算的约98%。", []),
        ("完成率达到1.2.3%。", []),
    ],
)  # fmt: skip
def test_shares(text: str, expected: list[str]) -> None:
    assert [f"{each.name} {each.figure.value}" for each in shares(text)] == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("验收合格率", "验收合格"),
        ("工程 验收 合格率（%）", "工程验收合格"),
        ("本项目验收合格率", "验收合格"),
        ("沿线群众满意度", "沿线群众满意度"),
        ("完成率", ""),
        ("1、外网延伸到各单位 2、设备正常运行", ""),
        ("线路完好率\n设备完好率", ""),
    ],
)
def test_share_name(text: str, name: str) -> None:
    assert share_name(text) == name

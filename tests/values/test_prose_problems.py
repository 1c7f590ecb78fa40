"""Whether a section on experience, problems and suggestions states a problem."""

from __future__ import annotations

import pytest

from xlsx_eval.values.prose.problems import states_problem

STATED = (
    "主要做法：统一采购。存在问题：部分终端设备老化。建议：建立更新计划。",
    "存在问题：\n1.乡村医生收入偏低\n2.设备使用不熟练\n建议：加强培训",
    "（二）存在的问题及原因\n县级配套资金到位慢。",
    "问题：小型水库日常管护经费标准偏低。",
    "项目实施中也存在一些问题，主要是宣传力度不够。",
    "数字资源宣传不够，农村读者使用较少；零星支出报账不及时。",
    "资金拨付进度有待加快。",
    "技术力量欠缺，工作经费紧张。",
    "偏远村组老年人居住分散，上门成本高。",
    "受疫情影响，部分活动改在线上举行。",
    "个别学校水压不稳，影响洗消设备使用。",
    "绩效目标设置需进一步细化。",
    "尚未解决的问题：入户协调难度大。",
    "项目执行率较低，尚有尾款没有支付。",
    "未发现截留挪用等问题，但报账资料仍需完善。",
    "存在问题：管护人员少。",
    "不足之处：档案整理滞后。",
)
NONE = (
    "无",
    "存在问题：无。",
    "存在问题：暂无。建议：继续实施。",
    "主要做法：统一采购。存在问题：没有明显问题。建议：继续安排资金。",
    "存在的问题：未发现问题\n改进措施：无",
    "存在问题和建议：无",
    (
        "经验：信息化项目统建统筹，有利于成本节约；专人专管，有利于专业的人做专业的事；"
        "统一招标采购，有利于政府投资项目监管；\n建议从长远看，将全县信息化项目统一归口建设，"
        "成立信息化项目建设专班，组建信息化人才队伍，以政务外网等为支撑，形成全县信息化专网，"
        "打造智慧清岚数据底座。"
    ),
    "经验：坚持问题导向，解决了群众出行难等问题。建议：继续实施。",
    "资金使用规范，未发现截留、挪用等问题。",
    "主要做法：领导重视，责任到人，严格考核。",
    "存在问题：\n建议：继续加大投入。",
)


@pytest.mark.parametrize("text", STATED, ids=[text[:20] for text in STATED])
def test_stated(text: str) -> None:
    assert states_problem(text)


@pytest.mark.parametrize("text", NONE, ids=[text[:20] for text in NONE])
def test_none_stated(text: str) -> None:
    assert not states_problem(text)

"""How long the comparison of texts takes, and how many planted copies it finds.

    python benchmarks/similarity.py [PROJECTS]

Makes PROJECTS (5,000) reports of six sections each, every text made up of sentences of its own in
the structure all share, and a copy with other names, other figures and up to a tenth of other
words in every fiftieth project. Then one boilerplate text for a tenth of them.
"""

from __future__ import annotations

import random
import re
import sys
import time

import click

from xlsx_eval.rules.alike import alike

SECTIONS = 6
COPIED = 50  # every so many projects, a text is copied from another one
LIKENESS = 0.9
WORDS = re.findall(
    r"\w+",
    """
    公路 水库 校舍 食堂 管网 路灯 卫生室 林地 渠道 桥梁 护栏 设备 药品 教材 帐篷
    苗木 农田 泵站 线路 机房 采购 招标 施工 验收 巡查 培训 支付 公示 检测 养护
    监理 设计 拨付 审计 评审 调度 排查 改造 清淤 绿化 及时 规范 有效 全面 逐步
    持续 稳定 公开 严格 集中 分批 按季 就近 统一 专人 实地 随机 同步 定期 重点
    群众 学生 老人 患者 农户 游客 职工 村民 企业 干部 司机 医生 教师 护林员 社区
    乡镇 单位 专家 小组 中心 安全 质量 成本 进度 效率 收入 环境 服务 能力 水平
    秩序 风险 隐患 台账 制度 合同 票据 资料 档案 数据
    """,
)
FRAMES = (
    "项目由{}组织实施，{}{}后{}，", "资金用于{}和{}，{}按{}{}，", "经{}{}，{}的{}达到预期，",
    "对{}开展{}，保证了{}的{}，", "通过{}{}，{}得到{}改善，", "为{}{}了{}，{}由{}负责，",
)  # fmt: skip


def text(chance: random.Random) -> str:
    """A text of some 150 to 400 characters."""
    sentences = []
    for _ in range(chance.randint(9, 22)):
        frame = chance.choice(FRAMES)
        sentences.append(frame.format(*chance.choices(WORDS, k=frame.count("{}"))))
    return "".join(sentences)


def copied(original: str, chance: random.Random) -> str:
    """A copy in which up to a twentieth of the characters are others, in words of two."""
    characters = list(original)
    for _ in range(chance.randint(0, len(original) // 40)):
        place = chance.randrange(len(characters) - 1)
        characters[place : place + 2] = chance.choice([word for word in WORDS if len(word) == 2])
    return "".join(characters)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    chance = random.Random(1)  # noqa: S311 - the same texts every time
    took, planted, found, others = 0.0, 0, 0, 0
    for _ in range(SECTIONS):
        texts = [text(chance) for _ in range(count)]
        copies = {
            number: copied(texts[number - 1], chance) for number in range(COPIED, count, COPIED)
        }
        for number, copy in copies.items():
            texts[number] = copy
        start = time.perf_counter()
        matches = alike(texts, LIKENESS)
        took += time.perf_counter() - start
        planted += len(copies)
        found += sum(number in matches and matches[number].other == number - 1 for number in copies)
        others += sum(number not in copies and number + 1 not in copies for number in matches)
    click.echo(f"{count} projects of {SECTIONS} sections: {took:.1f} s")
    click.echo(f"copies found: {found} of {planted}; texts of their own taken for copies: {others}")
    boilerplate = text(chance)
    texts = [text(chance) for _ in range(count)]
    texts[: count // 10] = [copied(boilerplate, chance) for _ in range(count // 10)]
    start = time.perf_counter()
    matches = alike(texts, LIKENESS)
    click.echo(
        f"one text for {count // 10}: {len(matches)} found in {time.perf_counter() - start:.1f} s, "
        f"the first with {matches[0].count} others"
    )


if __name__ == "__main__":
    main()

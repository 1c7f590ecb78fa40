"""What an indicator's words say of its values: is more better, or less; is a share bounded."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from xlsx_eval.values.text import compact
from xlsx_eval.values.units import read_unit

Better = Literal["more", "less", ""]
"""Which side of a target is the good one; "" is not known for sure."""

MONEY = "万元"
_SHARES = ("%", "‰")
_RISES = re.compile(r"增长|增幅|增速|增收|提高|提升")
_MOVES = re.compile(
    rf"{_RISES.pattern}|增加|上升|下降|降低|降幅|减少|减幅|节约|节省|压减|同比|环比|[较比]上年|利润|收益率|回报"
)
_SHARE_OF_A_WHOLE = re.compile(
    r"""
      满意 | 覆盖(?:面|比例) | 完成(?:比例|百分比|进度|情况)
    | (?: 完成 | 合格 | 覆盖 | 达标 | 及时 | 到位 | 优良 | 参保 | 执行 | 通过 | 验收
        | 普及 | 知晓 | 参与 | 办结 | 处置 | 整改 | 公开 | 公示 | 开工 | 完工 | 竣工
        | 按时 | 按期 | 准确 | 保障 | 正常 | 落实 | 建成 | 签订 | 在岗 | 注册 | 入库
        | 收集 | 处理 | 出勤 | 巩固 | 签约 | 接种 | 治愈 | 成活 | 保存 | 结案 | 发放
        | 支付 | 兑现 | 就业 | 合规 | 规范 | 解决 | 回复 | 接入 | 建立 | 持证 | 绿化
        | 优质 )
      .{0,2} 率
    """,
    re.VERBOSE,
)
_EVIL = (
    r"(?:投诉|差错|错误|事故|违规|违法|死亡|伤亡|发病|感染|失业|返贫|辍学|流失|破损|损坏|故障|误差|损耗|超支"
    r"|超标|漏检|漏报|漏损|空置|闲置|返工|逾期|延误|信访|上访|火灾|不合格|不满意)"
)
_LESS_IS_BETTER = re.compile(rf"{_EVIL}(?:案件)?(?:发生)?(?:率|[次起件例人]?数|量|$)")
_TERM = re.compile(
    r"""
      工期 | 时限 | 期限 | 用时 | 耗时 | 按时 | 按期 | 如期 | 及时
    | (?: 完成 | 完工 | 建成 | 竣工 | 建设 | 实施 | 项目 | 工程 | 施工 | 响应 | 到场
        | 办理 | 办结 | 处理 | 拨付 | 到账 | 到位 | 审批 | 处置 | 等待 | 等候 | 发放
        | 支付 ) 的?(?:时间|周期|天数)
    """,
    re.VERBOSE,
)
_LESS_IS_MEANT = re.compile(r"减少|压减|精简|降低|下降|节约|节省|控制|削减|压缩|缩短|缩减")
_AT_LEAST, _AT_MOST = (">=", ">"), ("<=", "<")


def is_share(unit: str) -> bool:
    return unit in _SHARES


def is_time(unit: str) -> bool:
    known = read_unit(unit)
    return known is not None and "time" in known.kinds


def is_share_of_a_whole(words: str) -> bool:
    """Whether words name a share that lies between 0 and 100 %: 满意度, 合格率, 覆盖率."""
    plain = compact(words)
    return bool(_SHARE_OF_A_WHOLE.search(plain)) and not _MOVES.search(plain)


def is_growth(words: str) -> bool:
    """Whether words name by how much something grows, a share without an upper bound."""
    return bool(_RISES.search(compact(words)))


def better(texts: tuple[str, str], kind: str, operator: str, value: Decimal, unit: str) -> Better:
    """Which side of a target is surely the good one.

    `texts` are an indicator's content and target, `kind` its 二级指标, `unit` is "" where there is
    none. An operator (≥, ≤) says so unless the words say otherwise. A bare target (5%, 12个月) says
    neither; then more is better only of 100 %, of shares of a whole and of the pieces of a
    数量指标, less only of complaints and the like, of terms and of cost.
    """
    worded = _worded(texts, kind, unit)
    if operator in _AT_LEAST:
        return "" if worded == "less" else "more"
    if operator in _AT_MOST:
        return "" if worded == "more" else "less"
    if worded or _LESS_IS_MEANT.search(compact("".join(texts))):
        return worded
    whole = is_share(unit) and value == 100
    pieces = "数量" in kind and unit != MONEY and not is_share(unit) and not is_time(unit)
    return "more" if whole or pieces else ""


def _worded(texts: tuple[str, str], kind: str, unit: str) -> Better:
    words = [compact(text) for text in texts]
    if any(_LESS_IS_BETTER.search(text) for text in words):
        return "less"
    if is_time(unit):
        return "less" if any(_TERM.search(text) for text in words) else ""
    if "成本" in kind:
        return "less" if unit == MONEY else ""
    named = "".join(words) + ("满意" if "满意" in kind else "")
    return "more" if is_share(unit) and is_share_of_a_whole(named) else ""

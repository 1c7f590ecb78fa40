"""The names of cells and the titles of columns that are known, in their usual wordings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

Words = Mapping[str, tuple[str, ...]]

MONEY = ("planned", "received", "spent", "balance")
RATES = ("received_rate", "execution_rate")

# the first wording of a line is the one that documents and messages name
_AMOUNTS: Words = {
    "planned": (
        "计划安排", "计划", "计划安排资金", "计划资金", "计划数", "计划金额", "计划投入",
        "计划安排数", "计划安排金额", "计划投资", "全年预算数", "调整后预算数", "全年预算",
        "预算数", "预算金额", "预算", "预算安排", "预算安排数", "预算安排资金", "年度预算",
        "年度预算数", "预算资金", "安排资金", "资金安排", "planned", "budget",
    ),
    "received": (
        "实际到位", "到位", "到位资金", "实际到位资金", "资金到位", "到位数", "到位金额",
        "实际到位数", "实际到位金额", "资金到位数", "已到位资金", "received",
    ),
    "spent": (
        "实际支出", "支出", "支出数", "支出金额", "实际支出数", "实际支出金额", "实际支出资金",
        "资金支出", "已支出", "执行数", "全年执行数", "预算执行数", "实际执行数", "执行金额",
        "实际使用", "实际使用资金", "使用资金", "spent",
    ),
    "balance": (
        "结余", "结余资金", "资金结余", "结余数", "结余金额", "项目结余", "结转结余", "结余结转",
        "年末结余", "结转结余资金", "balance",
    ),
}  # fmt: skip
_RATES: Words = {
    "received_rate": ("资金到位率", "到位率", "received_rate"),
    "execution_rate": ("预算执行率", "执行率", "资金执行率", "支出率", "execution_rate"),
}
_COUNTS: Words = {
    "errors": ("错误", "错误数", "错误条数", "errors"),
    "warnings": ("疑点", "疑点数", "疑点条数", "warnings"),
    "notices": ("提示", "提示数", "提示条数", "notices"),
}

FIGURES: Words = {
    "county": ("县", "县名", "县区", "区县", "county"),
    "year": ("年度", "年份", "评价年度", "预算年度", "year"),
    "date": ("审核日期", "汇总日期", "日期", "date"),
    "bureau": ("审核单位", "汇总单位", "bureau"),
    "projects": ("项目数", "项目个数", "项目总数", "项目数量", "projects", "project_count"),
    "units": ("单位数", "单位个数", "单位总数", "项目单位数", "units", "unit_count"),
    **_AMOUNTS,
    **_RATES,
    "score": (
        "平均分", "平均得分", "平均分数", "均分", "average_score", "mean_score",
    ),
    **_COUNTS,
    "passed": ("通过", "通过数", "通过项目数", "passed"),
    "to_verify": ("需核实", "需核实数", "需核实项目数", "to_verify"),
    "returned": ("退回修改", "退回", "退回数", "退回修改数", "退回修改项目数", "returned"),
    "expected": (
        "应报送", "应报送数", "应报数", "应报", "应报项目数", "应报送项目数", "花名册项目数",
        "expected",
    ),
    "missing": ("未报送", "未报", "未报送数", "未报数", "未报项目数", "未报送项目数", "missing"),
    "unread": ("未能读取", "无法读取", "unread"),
    "repeated": ("重复报送", "重复报送数", "repeated"),
}  # fmt: skip

COLUMNS: Words = {
    "name": (
        "项目名称", "自评项目名称", "评价项目名称", "预算项目名称", "项目全称", "项目名",
        "二级项目名称", "project", "project_name",
    ),
    "number": ("序号", "编号", "no"),
    "unit": (
        "项目单位", "项目实施单位", "实施单位", "项目单位名称", "单位名称", "预算单位",
        "预算单位名称", "填报单位", "报送单位", "资金使用单位", "单位", "unit", "project_unit",
    ),
    "department": (
        "主管部门", "项目主管部门", "主管部门名称", "业务主管部门", "主管单位", "主管预算部门",
        "部门", "department",
    ),
    **_AMOUNTS,
    **_RATES,
    "score": ("得分", "自评得分", "自评总分", "自评分", "评价得分", "总分", "评分", "score"),
    "grade": (
        "等级", "等次", "自评等级", "自评等次", "评价等级", "评价等次", "评价结果", "grade",
    ),
    **_COUNTS,
    "verdict": ("审核结论", "结论", "审核结果", "verdict"),
    "problems": (
        "主要问题", "存在问题", "存在的问题", "存在的主要问题", "审核发现的问题", "问题",
        "problems",
    ),
    "file": ("文件", "文件名", "文件名称", "file"),
    "remark": ("备注", "说明", "remark"),
}  # fmt: skip

# other wordings of amounts, put together as people do
_STATE = "(?:年初|年度|全年|当年|本年|累计|实际|已|项目|资金|预算|财政)*"
_SUM = "(?:资金|数|额|金额|总额|总数|情况)?"
_PATTERNS = {
    "planned": re.compile(rf"{_STATE}(?:计划|预算|安排)(?:安排|投入|投资|批复|下达)?{_SUM}"),
    "received": re.compile(rf"{_STATE}到位{_SUM}"),
    "spent": re.compile(rf"{_STATE}(?:支出|执行|使用|支付){_SUM}"),
    "balance": re.compile(rf"{_STATE}(?:结余|结转结余|结余结转){_SUM}"),
}

IN_WAN = {"元": Decimal(10000), "万元": Decimal(1), "亿元": Decimal("0.0001")}
"""How many of a unit make 1 万元."""

_UNIT = re.compile(r"[(\[](?:金额)?(?:单位:?)?(?:人民币)?(?P<unit>亿元|万元|元)[)\]]")
_BARE_UNIT = re.compile(r"(?<=.)(?P<unit>亿元|万元)$")
_STATED = re.compile(r"(?:单位:?(?:人民币)?|^\(?(?:人民币)?)(?P<unit>亿元|万元|元)\)?$")
_BRACKETS = re.compile(r"[(\[].*?[)\]]")
_YEAR = re.compile(r"^20[0-9]{2}年?度?")
_TOTAL = re.compile(r"^(?:合计|总计|total_?)|(?:合计|总计|总额|_?total)$")


def figure_key(name: str) -> str | None:
    """The figure that a defined name asks for: `计划合计` and `planned_total` are planned."""
    text = _plain(name)
    return _key(text, FIGURES) or _key(_TOTAL.sub("", text), _AMOUNTS)


def column_key(title: str) -> tuple[str, int] | None:
    """The column that a header's title asks for, and the rank of its wording."""
    text = _plain(title)
    text = _YEAR.sub("", _BRACKETS.sub("", text)).rstrip(":0123456789*")
    if not text:
        return None
    bare = _BARE_UNIT.sub("", text)
    for key, words in COLUMNS.items():
        for rank, word in enumerate(words):
            shown = f"{word}%" if key in RATES else word
            if text in {word, shown} or (key in MONEY and bare == word):
                return key, rank
    for key, pattern in _PATTERNS.items():
        if pattern.fullmatch(bare):
            return key, len(COLUMNS[key])
    return None


def unit_in_title(title: str) -> str | None:
    """The unit of money that a column's title states: `计划安排（元）`."""
    text = _plain(title)
    found = _UNIT.search(text) or _BARE_UNIT.search(text)
    return found["unit"] if found else None


def says_percent(title: str) -> bool:
    """Whether a column's title states that its rates are percentages: `预算执行率（%）`."""
    return "%" in _plain(title)


def stated_unit(text: str) -> str | None:
    """The unit of money that a cell states for its sheet: `金额单位：万元`."""
    found = _STATED.search(_plain(text)) if len(text) <= 200 else None
    return found["unit"] if found else None


def known_names() -> str:
    """The first wordings, for a message."""
    return "、".join(words[0] for words in FIGURES.values())


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text[:500])).casefold()


def _key(text: str, words: Words) -> str | None:
    return next((key for key, known in words.items() if text in known), None)

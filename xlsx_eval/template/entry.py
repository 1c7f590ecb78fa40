"""An input cell: what may be entered, and what Excel says to whoever enters it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsx_eval.template.filled import Value
    from xlsx_eval.template.style import EntryKind

# Excel refuses a longer title or message.
LONGEST_TITLE = 32
LONGEST_MESSAGE = 255
FIRST_DATE = date(2000, 1, 1)
LAST_DATE = date(2100, 12, 31)
DATE_PROMPT = "填写日期，例如 2022-3-15"

Validation = dict[str, object]


@dataclass(frozen=True, slots=True)
class Entry:
    """`title` and `prompt` appear beside the cell when it is chosen; `name` is its defined name.

    `lenient` lets a user keep an unusual value after a warning.
    """

    kind: EntryKind
    title: str
    prompt: str = ""
    options: tuple[str, ...] = ()
    name: str = ""
    value: Value | None = None
    lenient: bool = False


@dataclass(frozen=True, slots=True)
class _Limit:
    """What a kind allows, in XlsxWriter's words, and the sentence for what it does not."""

    rule: Mapping[str, object]
    message: str
    severity: Literal["stop", "warning"] = "stop"


_LIMITS: Mapping[EntryKind, _Limit] = {
    "amount": _Limit(
        {"validate": "decimal", "criteria": ">=", "value": 0},
        "金额应为不小于 0 的数字，只填数字，不要写“万元”等文字，也不要用顿号隔开。",
    ),
    "score": _Limit(
        {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100},
        "分数应为 0 至 100 之间的数字。",
    ),
    "points": _Limit(
        {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100},
        "分值和得分应为 0 至 100 之间的数字。",
    ),
    "rate": _Limit(
        {"validate": "decimal", "criteria": ">=", "value": 0},
        "应为不小于 0 的百分数，例如 95%。",
    ),
    "date": _Limit(
        {"validate": "date", "criteria": "between", "minimum": FIRST_DATE, "maximum": LAST_DATE},
        "请按 2022-3-15 的样式填写年、月、日。",
    ),
    # Numbers of phones and postcodes go wrong in ways nobody foresees: these only warn.
    "postcode": _Limit(
        {"validate": "length", "criteria": "==", "value": 6}, "邮政编码应为六位数字。", "warning"
    ),
    "phone": _Limit(
        {"validate": "length", "criteria": "between", "minimum": 7, "maximum": 60},
        "电话号码至少七位，请检查是否完整；固定电话加区号，例如 0730-2260000。",
        "warning",
    ),
}


def validation(entry: Entry) -> Validation | None:
    """Return the entry's data validation for XlsxWriter; None where there is nothing to say."""
    limit = _limit(entry)
    if limit is None and not entry.prompt:
        return None
    rules: Validation = dict(limit.rule) if limit else {"validate": "any"}
    if entry.prompt:
        rules["input_title"] = entry.title[:LONGEST_TITLE]
        rules["input_message"] = entry.prompt[:LONGEST_MESSAGE]
    if limit:
        rules["error_title"] = f"请检查{entry.title}"[:LONGEST_TITLE]
        rules["error_message"] = limit.message[:LONGEST_MESSAGE]
        rules["error_type"] = "warning" if entry.lenient else limit.severity
    return rules


def _limit(entry: Entry) -> _Limit | None:
    if entry.options:
        message = f"请从下拉列表中选择：{'、'.join(entry.options)}。"
        return _Limit({"validate": "list", "source": list(entry.options)}, message)
    return _LIMITS.get(entry.kind)

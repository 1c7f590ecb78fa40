"""A county's own rules: arithmetic checks between named fields, declared in its settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Annotated

import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from xlsx_eval.errors import UsageError
from xlsx_eval.rules.expressions import (
    EXACT,
    Comparison,
    Kind,
    Node,
    Value,
    Values,
    evaluate,
    failing,
    fields_of,
)
from xlsx_eval.rules.fields import FIELDS, NOWHERE, part_of
from xlsx_eval.rules.findings import Place, report
from xlsx_eval.rules.parsing import nearest, parse_condition, parse_expression
from xlsx_eval.rules.registry import CODE, COUNTY, GENERAL, Catalogue, Rule, Severity
from xlsx_eval.values.amounts import format_amount

if TYPE_CHECKING:
    from xlsx_eval.rules.field_values import FieldValues, Found
    from xlsx_eval.rules.settings import Settings

ADVICE = "请核对并更正；确属实际情况的，请说明原因。"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_TENTH_OF_A_YUAN = Decimal("0.00001")
_BOUNDS = {
    "<=": "不超过{}", ">=": "不低于{}", "<": "低于{}", ">": "高于{}", "==": "{}", "!=": "不等于{}",
}  # fmt: skip
_TURNED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}


def _refusing(read: Callable[[str], object]) -> AfterValidator:
    """A validator that keeps the text where it can be read, else gives our reason."""

    def checked(text: str) -> str:
        try:
            read(text)
        except UsageError as error:
            raise ValueError(str(error)) from error
        return text

    return AfterValidator(checked)


def _code(text: str) -> str:
    code = text.strip().upper()
    if not CODE.fullmatch(code):
        raise ValueError("a code is one to three letters and up to four digits, such as X101")
    return code


def _condition(text: str) -> Node:
    node = parse_condition(text, FIELDS)
    if not set(fields_of(node)) - NOWHERE:
        raise UsageError("it names no field of the form, such as funds.spent.total")
    return node


def _anchor(text: str) -> None:
    if text not in FIELDS or text in NOWHERE:
        raise UsageError(f"there is no field {text} with a cell{nearest(text, FIELDS)}")


def _sentence(text: str) -> list[str | Node]:
    """A message as its texts and, in braces, its values."""
    parts: list[str | Node] = list(_PLACEHOLDER.split(text))
    for place in range(1, len(parts), 2):
        node = parse_expression(str(parts[place]), FIELDS)
        if node.kind is Kind.TRUTH:
            raise UsageError(f"{{{parts[place]}}} is no value but a condition")
        parts[place] = node
    if any(brace in part for part in parts if isinstance(part, str) for brace in "{}"):
        raise UsageError("a brace { or } without its partner")
    return parts


class OwnRule(BaseModel):
    """A check that the county adds to the catalogue."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    code: Annotated[str, AfterValidator(_code)]
    """The rule's code; codes from X101 on are left free for counties.
    规则代码，建议从X101起编。"""
    title: str = Field(min_length=1, max_length=40)
    """Its name in lists and summaries.
    规则名称。"""
    check: Annotated[str, _refusing(_condition)]
    """What must hold; where a value is missing nothing is said. Fields: docs/own-rules.md.
    应当成立的条件；有数据没有填写时不提示。可用的字段见docs/own-rules.md。"""
    severity: Severity = "warning"
    """error, warning or notice.
    级别：error错误、warning疑点、notice提示。"""
    message: Annotated[str, _refusing(_sentence)] = Field(min_length=1)
    """What the finding says, with fields or arithmetic in braces.
    问题说明，花括号内写字段或算式。"""
    advice: str = ADVICE
    """What to do.
    改正办法。"""
    when: Annotated[str, _refusing(lambda text: text and parse_condition(text, FIELDS))] = ""
    """Look only where this holds too.
    只在此条件成立时检查。"""
    at: Annotated[str, _refusing(lambda text: text and _anchor(text))] = ""
    """The field whose cell is marked; the check's first field unless said.
    标注哪个字段的单元格，不写则为check中的第一个字段。"""
    forms: tuple[str, ...] = ()
    """Only on these forms, such as yueyang_project; all of them unless said.
    只查这些表，不写则查所有的表。"""


def rule_of(own: OwnRule) -> Rule:
    """The declared check as a rule of the catalogue."""
    catalogue = Catalogue(f"own {own.code}", forms=frozenset(own.forms)) if own.forms else GENERAL
    return Rule(
        own.code, f"own-{own.code.lower()}", own.title, own.severity, _ended(own.advice), COUNTY,
        "xlsx-eval.toml", _check_of(own), catalogue=catalogue,
    )  # fmt: skip


def _ended(sentence: str) -> str:
    return sentence if not sentence or sentence[-1] in "。！？；.!?" else f"{sentence}。"


def _check_of(own: OwnRule) -> Callable[..., pd.DataFrame]:
    check, sentence = _condition(own.check), _sentence(_ended(own.message))
    when = parse_condition(own.when, FIELDS) if own.when else None
    named = tuple(name for name in fields_of(check) if name not in NOWHERE)
    anchors = tuple(dict.fromkeys((own.at or named[0], *named)))
    texts = [part for part in sentence if not isinstance(part, str)]
    used = {name for node in (check, when, *texts) if node for name in fields_of(node)}

    def checked(field_values: FieldValues, settings: Settings) -> pd.DataFrame:
        columns = {name: field_values[name] for name in (*used, *anchors)}
        rows = []
        for file in field_values.files:
            found = {name: column[file] for name, column in columns.items() if file in column}
            values = _values(found)
            if when and evaluate(when, values, settings.tolerance) is not True:
                continue
            broken = failing(check, values, settings.tolerance)
            if broken is not None:
                places = _places(anchors, found)
                expected, actual = _compared(broken, anchors[0], values)
                rows.append(
                    {
                        "file": file, "at": next(iter(places), None), "related": places[1:],
                        "problem": _said(sentence, values),
                        "expected": expected, "actual": actual,
                    }
                )  # fmt: skip
        return report(
            pd.DataFrame(rows),
            anchor="at",
            otherwise=part_of(anchors[0]),
            related="related",
            problem="{problem}",
            expected="{expected}",
            actual="{actual}",
        )

    checked.__doc__ = _documentation(own)
    return checked


def _values(found: dict[str, Found]) -> Values:
    return lambda name: found[name].value if name in found else None


def _places(anchors: tuple[str, ...], found: dict[str, Found]) -> tuple[Place, ...]:
    """The cells of the fields, that to be marked first."""
    return tuple(place for name in anchors if name in found for place in found[name].places)


def _said(sentence: list[str | Node], values: Values) -> str:
    return "".join(
        part if isinstance(part, str) else _shown(evaluate(part, values)) for part in sentence
    )


def _shown(value: Value) -> str:
    """A value as an accountant writes it, to a tenth of a yuan."""
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Decimal):
        if value == value.to_integral_value(context=EXACT):
            return format_amount(value)
        return format_amount(value.quantize(_TENTH_OF_A_YUAN, ROUND_HALF_EVEN, EXACT))
    return "空白"


def _compared(broken: Node, anchor: str, values: Values) -> tuple[str, str]:
    """What was expected and what was found, seen from the marked field."""
    if not isinstance(broken, Comparison):
        return "", ""
    sign, left, right = broken.sign, broken.left, broken.right
    if anchor in fields_of(right) and anchor not in fields_of(left):
        sign, left, right = _TURNED.get(sign, sign), right, left
    unit = "万元" if broken.of_amounts else ""
    bound, actual = (_shown(evaluate(side, values)) + unit for side in (right, left))
    return _BOUNDS[sign].format(bound), actual


def _documentation(own: OwnRule) -> str:
    only = f", looked at only where {own.when}" if own.when else ""
    only_zh = f"只在{own.when}时检查。" if own.when else ""
    return "\n\n".join(
        (
            f"A requirement of the county's own, declared in its settings{only}.",
            f"Passes: {own.check}",
            f"检查：{_ended(own.title)}{only_zh}",
            f"通过：{own.check}",
        )
    )

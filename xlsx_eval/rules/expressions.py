"""The arithmetic of a county's own rules: `funds.spent.total <= 95% * funds.planned.total`.

A small language of its own: known fields, numbers, `+ - * /`, comparisons, `and or not` and a few
functions. Nothing of it is handed to Python, and its size is limited, so no text can do more than
compute. A value that is missing, or a division by zero, makes what it decides unknown (None).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from enum import Enum
from typing import TypeAlias

EXACT = Context(prec=60)
"""Far more digits than amounts have."""


class Kind(Enum):
    """What a value is; what is computed from an amount is compared as one."""

    AMOUNT = "an amount"
    NUMBER = "a number"
    DATE = "a date"
    TRUTH = "true or false"

    @property
    def numeric(self) -> bool:
        return self in {Kind.AMOUNT, Kind.NUMBER}


Value: TypeAlias = Decimal | date | bool | None
Values: TypeAlias = Callable[[str], Value]
"""A field's name → what stands there, None where that is not known."""


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal
    kind: Kind = Kind.NUMBER


@dataclass(frozen=True, slots=True)
class Named:
    """A field."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Node, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Arithmetic:
    sign: str
    left: Node
    right: Node
    kind: Kind


@dataclass(frozen=True, slots=True)
class Comparison:
    sign: str
    left: Node
    right: Node
    kind: Kind = Kind.TRUTH

    @property
    def of_amounts(self) -> bool:
        return Kind.AMOUNT in (self.left.kind, self.right.kind)


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` of several, `not` of one."""

    word: str
    parts: tuple[Node, ...]
    kind: Kind = Kind.TRUTH


Node: TypeAlias = Number | Named | Call | Arithmetic | Comparison | Logic


def fields_of(node: Node) -> tuple[str, ...]:
    """The fields an expression names, in order, each once."""
    return tuple(dict.fromkeys(_names(node)))


def _names(node: Node) -> Iterator[str]:
    match node:
        case Named():
            yield node.name
        case Call():
            for each in node.arguments:
                yield from _names(each)
        case Arithmetic() | Comparison():
            yield from _names(node.left)
            yield from _names(node.right)
        case Logic():
            for each in node.parts:
                yield from _names(each)


# -------------------------------------------------------------------------------- evaluation


def evaluate(node: Node, values: Values, tolerance: Decimal = Decimal(0)) -> Value:
    """What an expression gives; amounts that differ by no more than the tolerance are equal."""
    match node:
        case Number():
            return node.value
        case Named():
            return values(node.name)
        case Comparison():
            return _compared(node, values, tolerance)
        case Logic():
            return _decided(node, values, tolerance)
        case Arithmetic():
            left = evaluate(node.left, values, tolerance)
            right = evaluate(node.right, values, tolerance)
            return None if left is None or right is None else _computed(node.sign, left, right)
        case Call():
            given = [evaluate(each, values, tolerance) for each in node.arguments]
            known = [each for each in given if each is not None]
            return FUNCTIONS[node.function].make(*known) if len(known) == len(given) else None


def failing(node: Node, values: Values, tolerance: Decimal) -> Node | None:
    """The part that makes a condition false: of several joined by `and`, the first false one."""
    if evaluate(node, values, tolerance) is not False:
        return None
    if isinstance(node, Logic) and node.word == "and":
        parts = (failing(part, values, tolerance) for part in node.parts)
        return next(part for part in parts if part is not None)
    return node


def _compared(node: Comparison, values: Values, tolerance: Decimal) -> bool | None:
    left = evaluate(node.left, values, tolerance)
    right = evaluate(node.right, values, tolerance)
    if left is None or right is None:
        return None
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        difference = EXACT.subtract(left, right)
        allowed = tolerance if node.of_amounts else Decimal(0)
        order = 0 if difference.copy_abs() <= allowed else (1 if difference > 0 else -1)
    elif isinstance(left, date) and isinstance(right, date):
        order = (left > right) - (left < right)
    else:
        return None
    return COMPARISONS[node.sign](order)


def _decided(node: Logic, values: Values, tolerance: Decimal) -> bool | None:
    """Of three kinds: `false and unknown` is false, `true and unknown` is unknown."""
    answers = [evaluate(part, values, tolerance) for part in node.parts]
    if node.word == "not":
        return None if answers[0] is None else not answers[0]
    deciding = node.word == "or"
    if any(answer is deciding for answer in answers):
        return deciding
    return None if None in answers else not deciding


def _computed(sign: str, left: Value, right: Value) -> Value:
    try:
        match left, right:
            case Decimal(), Decimal():
                return None if sign == "/" and not right else _ARITHMETIC[sign](left, right)
            case date(), date():
                return Decimal((left - right).days)
            case date(), Decimal():
                days = timedelta(days=int(right))
                return left + days if sign == "+" else left - days
    except (ArithmeticError, ValueError):  # beyond what a number or a calendar holds
        return None
    return None


_ARITHMETIC: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply, "/": EXACT.divide,
}  # fmt: skip
COMPARISONS: Mapping[str, Callable[[int], bool]] = {
    "==": lambda order: order == 0, "!=": lambda order: order != 0,
    "<": lambda order: order < 0, "<=": lambda order: order <= 0,
    ">": lambda order: order > 0, ">=": lambda order: order >= 0,
}  # fmt: skip


# --------------------------------------------------------------------------------- functions


@dataclass(frozen=True, slots=True)
class Function:
    """What may be called: `most` arguments of a kind (numbers of any kind where it is NUMBER)."""

    make: Callable[..., Value]
    takes: Kind
    gives: Kind | None
    """None: the kind of its arguments."""
    least: int = 1
    most: int = 1


def _date(year: Decimal, month: Decimal, day: Decimal) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except (ArithmeticError, ValueError):
        return None


def _sum(*numbers: Decimal) -> Decimal | None:
    total: Value = Decimal(0)
    for number in numbers:
        total = _computed("+", total, number)
    return total if isinstance(total, Decimal) else None


MANY = 50
FUNCTIONS: Mapping[str, Function] = {
    "abs": Function(lambda number: number.copy_abs(), Kind.NUMBER, None),
    "min": Function(min, Kind.NUMBER, None, most=MANY),
    "max": Function(max, Kind.NUMBER, None, most=MANY),
    "sum": Function(_sum, Kind.NUMBER, None, most=MANY),
    "date": Function(_date, Kind.NUMBER, Kind.DATE, least=3, most=3),
    "year": Function(lambda day: Decimal(day.year), Kind.DATE, Kind.NUMBER),
    "month": Function(lambda day: Decimal(day.month), Kind.DATE, Kind.NUMBER),
}

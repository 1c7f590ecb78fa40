"""Text → expression, or a sentence that says where it goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from xlsx_eval.errors import UsageError
from xlsx_eval.rules.expressions import (
    COMPARISONS,
    EXACT,
    FUNCTIONS,
    Arithmetic,
    Call,
    Comparison,
    Function,
    Kind,
    Logic,
    Named,
    Node,
    Number,
)

LONGEST = 1000  # characters
MOST_TOKENS = 200
DEEPEST = 25  # brackets, signs and `not` within one another
DIGITS = 15

_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?[%％]?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)"
    r"|(?P<sign>==|＝＝|!=|<=|>=|[-+*/()<>,＋－＊×／÷（）＜＞，≤≥≠])"
)
# as Chinese keyboards write them
_PLAIN = str.maketrans(
    {"（": "(", "）": ")", "，": ",", "＋": "+", "－": "-", "＊": "*", "×": "*", "／": "/",
     "÷": "/", "＜": "<", "＞": ">", "≤": "<=", "≥": ">=", "≠": "!=", "％": "%", "＝": "="}
)  # fmt: skip
_END = "the end"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def parse_expression(text: str, fields: Mapping[str, Kind]) -> Node:
    """Text → expression over the named fields. Raises UsageError with the place of a fault."""
    if len(text) > LONGEST:
        raise UsageError(f"it is longer than {LONGEST} characters")
    return _Parser(_tokens(text), fields).whole()


def parse_condition(text: str, fields: Mapping[str, Kind]) -> Node:
    """An expression that is true or false. Raises UsageError with the place of a fault."""
    node = parse_expression(text, fields)
    if node.kind is not Kind.TRUTH:
        raise UsageError(f"it gives {node.kind.value}; compare it with something (<=, == …)")
    return node


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean X?`, or nothing where no known name comes near."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            hint = "; equality is written ==" if text[at] in "=＝" else ""
            raise UsageError(f"character {at + 1}: {text[at]!r} has no meaning here{hint}")
        if len(tokens) == MOST_TOKENS:
            raise UsageError(f"it has more than {MOST_TOKENS} words and signs")
        tokens.append(_Token(match.lastgroup or "", match[0].translate(_PLAIN), at + 1))
        at = match.end()
    tokens.append(_Token("end", _END, len(text) + 1))
    return tokens


class _Parser:
    """A method a level: or, and, not, comparison, sum, product, sign, the parts."""

    def __init__(self, tokens: list[_Token], fields: Mapping[str, Kind]) -> None:
        self.tokens = tokens
        self.fields = fields
        self.place = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.either()
        if self.next.kind != "end":
            raise self.unexpected()
        return node

    def either(self) -> Node:
        return self.joined("or", self.both)

    def both(self) -> Node:
        return self.joined("and", self.negated)

    def joined(self, word: str, part: Callable[[], Node]) -> Node:
        start = self.next
        parts = [part()]
        while self.next.text == word:
            self.take()
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        self.all_true_or_false(start, word, parts)
        return Logic(word, tuple(parts))

    def negated(self) -> Node:
        if self.next.text != "not":
            return self.comparison()
        start = self.take()
        with self.deeper():
            node = self.negated()
        self.all_true_or_false(start, "not", [node])
        return Logic("not", (node,))

    def comparison(self) -> Node:
        left = self.sum()
        found: list[Node] = []
        while self.next.text in COMPARISONS:
            token = self.take()
            right = self.sum()
            numeric = left.kind.numeric and right.kind.numeric
            if not numeric and not left.kind == right.kind == Kind.DATE:
                raise self.misfit(token, left.kind, right.kind)
            found.append(Comparison(token.text, left, right))
            left = right
        if len(found) > 1:  # 60 <= projects.score < 90
            return Logic("and", tuple(found))
        return found[0] if found else left

    def sum(self) -> Node:
        return self.computed("+-", self.product)

    def product(self) -> Node:
        return self.computed("*/", self.signed)

    def computed(self, signs: str, part: Callable[[], Node]) -> Node:
        left = part()
        while self.next.text in tuple(signs):
            token = self.take()
            right = part()
            kind = _kind_of(token.text, left.kind, right.kind)
            if kind is None:
                raise self.misfit(token, left.kind, right.kind)
            left = Arithmetic(token.text, left, right, kind)
        return left

    def signed(self) -> Node:
        if self.next.text not in ("+", "-"):
            return self.part()
        token = self.take()
        with self.deeper():
            node = self.signed()
        if not node.kind.numeric:
            raise self.misfit(token, Kind.NUMBER, node.kind)
        return node if token.text == "+" else Arithmetic("-", Number(Decimal(0)), node, node.kind)

    def part(self) -> Node:
        token = self.next
        if token.kind == "number":
            return self.number()
        if token.kind == "name" and token.text not in {"and", "or", "not"}:
            self.take()
            return self.call(token) if self.next.text == "(" else self.field(token)
        if token.text != "(":
            raise self.unexpected()
        self.take()
        with self.deeper():
            node = self.either()
        self.expect(")")
        return node

    def number(self) -> Node:
        token = self.take()
        digits = token.text.rstrip("%")
        if len(digits.replace(".", "")) > DIGITS:
            raise UsageError(f"character {token.column}: a number of more than {DIGITS} digits")
        value = Decimal(digits)
        return Number(EXACT.divide(value, Decimal(100)) if token.text.endswith("%") else value)

    def field(self, token: _Token) -> Node:
        if token.text not in self.fields:
            near = nearest(token.text, self.fields)
            raise UsageError(f"character {token.column}: there is no field {token.text}{near}")
        return Named(token.text, self.fields[token.text])

    def call(self, name: _Token) -> Node:
        function = FUNCTIONS.get(name.text)
        if function is None:
            there = ", ".join(FUNCTIONS)
            raise UsageError(
                f"character {name.column}: there is no function {name.text}; there is: {there}"
            )
        self.expect("(")
        with self.deeper():
            arguments = [self.either()]
            while self.next.text == ",":
                self.take()
                arguments.append(self.either())
        self.expect(")")
        return self.checked_call(name, function, arguments)

    def checked_call(self, name: _Token, function: Function, arguments: list[Node]) -> Node:
        where = f"character {name.column}: {name.text}"
        if not function.least <= len(arguments) <= function.most:
            count = function.least if function.least == function.most else f"1 to {function.most}"
            raise UsageError(f"{where} takes {count} values in its brackets")
        for each in arguments:
            fits = each.kind.numeric if function.takes.numeric else each.kind is function.takes
            if not fits:
                raise UsageError(f"{where} takes {function.takes.value}, not {each.kind.value}")
        amount = any(each.kind is Kind.AMOUNT for each in arguments)
        kind = function.gives or (Kind.AMOUNT if amount else Kind.NUMBER)
        return Call(name.text, tuple(arguments), kind)

    # ------------------------------------------------------------------------------- the tokens

    @property
    def next(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        token = self.next
        self.place += 1
        return token

    def expect(self, sign: str) -> None:
        if self.next.text != sign:
            raise self.unexpected(f"; {sign!r} should come here")
        self.take()

    @contextmanager
    def deeper(self) -> Iterator[None]:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UsageError(f"more than {DEEPEST} brackets and signs within one another")
        yield
        self.depth -= 1

    def unexpected(self, hint: str = "") -> UsageError:
        token = self.next
        if token.kind == "end":
            what = "it is empty" if len(self.tokens) == 1 else "it ends too soon"
            return UsageError(f"{what}{hint}")
        return UsageError(f"character {token.column}: {token.text!r} is not expected here{hint}")

    def misfit(self, token: _Token, left: Kind, right: Kind) -> UsageError:
        return UsageError(
            f"character {token.column}: {token.text!r} can't join {left.value} and {right.value}"
        )

    def all_true_or_false(self, token: _Token, word: str, parts: Iterable[Node]) -> None:
        for part in parts:
            if part.kind is not Kind.TRUTH:
                raise UsageError(
                    f"character {token.column}: {word!r} takes conditions, not {part.kind.value}"
                )


def _kind_of(sign: str, left: Kind, right: Kind) -> Kind | None:
    """What arithmetic gives; None where it makes no sense."""
    if left.numeric and right.numeric:
        amount = left is Kind.AMOUNT if sign == "/" else Kind.AMOUNT in (left, right)
        share = sign == "/" and right is Kind.AMOUNT
        return Kind.AMOUNT if amount and not share else Kind.NUMBER
    if left is Kind.DATE and sign in "+-":
        if right is Kind.DATE:
            return Kind.NUMBER if sign == "-" else None
        return Kind.DATE if right is Kind.NUMBER else None
    return None

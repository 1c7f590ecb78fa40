"""The registry: what a rule is, and the one list of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from xlsx_eval.errors import UsageError

Severity = Literal["error", "warning", "notice"]
Check = Callable[..., pd.DataFrame]

ARITHMETIC = "本表的勾稽关系"
MEASURES_2020 = "《项目支出绩效评价管理办法》（财预〔2020〕10号）"
COMPLETENESS = "本表的填报要求"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as declared: its condition is `check`, its documentation the check's docstring.

    `after` names rules whose findings it takes; `yields_to` names rules whose finding in the same
    workbook explains this one, which then stands back.
    """

    code: str
    name: str
    title: str
    severity: Severity
    advice: str
    basis: str
    since: str
    check: Check
    after: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()

    @property
    def documentation(self) -> str:
        return inspect.getdoc(self.check) or ""

    @property
    def parameters(self) -> tuple[str, ...]:
        """What the check asks for by name: frames, views, settings, findings."""
        return tuple(inspect.signature(self.check).parameters)


_RULES: dict[str, Rule] = {}


def rule(
    code: str,
    name: str,
    title: str,
    severity: Severity,
    *,
    advice: str,
    basis: str = ARITHMETIC,
    since: str = "0.1.0",
    after: tuple[str, ...] = (),
    yields_to: tuple[str, ...] = (),
) -> Callable[[Check], Check]:
    """Declare a check as a rule. `advice` is the Chinese sentence that says what to do."""

    def declare(check: Check) -> Check:
        if code in _RULES:
            raise ValueError(f"rule {code} is declared twice")
        _RULES[code] = Rule(
            code, name, title, severity, advice, basis, since, check, after, yields_to
        )
        return check

    return declare


def all_rules() -> dict[str, Rule]:
    """Code → rule, by code."""
    return dict(sorted(_RULES.items()))


def find_rule(code: str) -> Rule:
    """The rule of that code (any letter case). Raises UsageError where there is none."""
    known = all_rules()
    if code.upper() not in known:
        raise UsageError(f"no rule {code!r}; `xlsx-eval rule` lists them")
    return known[code.upper()]


def selected_codes(select: tuple[str, ...], ignore: tuple[str, ...]) -> frozenset[str]:
    """The codes chosen by codes or prefixes (`F`, `F1`, `F101`); an empty `select` means all.

    Raises UsageError for a code or prefix that no rule has.
    """
    for prefix in (*select, *ignore):
        if not any(code.startswith(prefix.upper()) for code in _RULES):
            raise UsageError(f"no rule begins with {prefix!r}; `xlsx-eval rule` lists them")
    return frozenset(
        code
        for code in _RULES
        if (not select or any(code.startswith(prefix.upper()) for prefix in select))
        and not any(code.startswith(prefix.upper()) for prefix in ignore)
    )

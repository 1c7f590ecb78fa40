"""The registry: what a rule is, and the one list of them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from xlsx_eval.errors import UsageError
from xlsx_eval.frames import LAYOUTS
from xlsx_eval.values.grades import BANDS, Band, describe_bands

Severity = Literal["error", "warning", "notice"]
Hides = Literal["cell", "part"]
Check = Callable[..., pd.DataFrame]

CODE = re.compile(r"[A-Z]{1,3}[0-9]{1,4}")
GIVEN = frozenset({*LAYOUTS, "settings", "chosen", "forms", "findings", "roster", "previous"})
"""What a check may ask for besides views."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule rests on, in Chinese (as users see it) and in English."""

    chinese: str
    english: str


ARITHMETIC = Basis("本表的勾稽关系", "the form's own arithmetic")
COMPLETENESS = Basis("本表的填报要求", "what the form asks to be filled in")
MEASURES_2020 = Basis(
    "《项目支出绩效评价管理办法》（财预〔2020〕10号）",
    "《项目支出绩效评价管理办法》 (财预〔2020〕10号)",
)
COUNTY = Basis("本县的要求", "the county's own requirement")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Rules that hold together, for the evaluated years and the forms named (none: for all).

    A later catalogue declares only what changes: where it holds, its rules replace those of the
    same code in earlier catalogues, and `dropped` codes no longer hold.
    """

    name: str
    first_year: int | None = None
    last_year: int | None = None
    forms: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()

    def holds(self, form: str, year: int | None) -> bool:
        """Whether it holds for a form in an evaluated year; None is a year that is not known."""
        if self.forms and form not in self.forms:
            return False
        if year is None:
            return self.first_year is None and self.last_year is None
        return (self.first_year or year) <= year <= (self.last_year or year)


GENERAL = Catalogue("general")
"""The catalogue that holds where no later one says otherwise."""


@dataclass(frozen=True, slots=True)
class Corrects:
    """What a finding would set right: the value of a frame that stands on the finding's cell.

    With `related` it is the value on the first of the finding's related cells.
    """

    frame: str
    column: str
    cell: str
    related: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as declared: its condition is `check`, its documentation the check's docstring.

    `after` names rules whose findings it takes. A finding stands back for one of a rule in
    `yields_to` in the same workbook, for one of a rule in `yields_at` on the same cell, and for one
    of a rule in `explained_by` where it would not be there were that one corrected: its rule says
    by `corrects` which value the `right` one of the finding takes the place of. `{bands}` in the
    advice stands for the bands of grades in force.

    `hides` says that a finding of this rule tells why something is unknown, so that other findings
    on it stand back: "cell", on its cell and the related ones, "part", those without a cell of
    their own on the parts of the form it names (`otherwise`, divided by blanks).
    """

    code: str
    name: str
    title: str
    severity: Severity
    advice: str
    basis: Basis
    since: str
    check: Check
    after: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    yields_at: tuple[str, ...] = ()
    explained_by: tuple[str, ...] = ()
    corrects: tuple[Corrects, ...] = ()
    catalogue: Catalogue = GENERAL
    hides: Hides | None = None

    @property
    def documentation(self) -> str:
        return inspect.getdoc(self.check) or ""

    @property
    def parameters(self) -> tuple[str, ...]:
        """What the check asks for by name: frames, views, settings, findings."""
        return tuple(inspect.signature(self.check).parameters)


_CATALOGUES: list[Catalogue] = [GENERAL]
_RULES: dict[tuple[str, str], Rule] = {}
VIEWS: dict[str, Callable[..., Any]] = {}
"""What checks may ask for besides frames and settings, by name; made once a run."""


def view(make: Callable[..., Any]) -> Callable[..., Any]:
    """Declare what checks may ask for by the function's name; it asks for others by name itself."""
    if make.__name__ in VIEWS:
        raise ValueError(f"view {make.__name__} is declared twice")
    VIEWS[make.__name__] = make
    return make


def rule(  # noqa: PLR0913 - a rule is declared in one place
    code: str,
    name: str,
    title: str,
    severity: Severity,
    *,
    advice: str,
    basis: Basis = ARITHMETIC,
    since: str = "0.1.0",
    after: tuple[str, ...] = (),
    yields_to: tuple[str, ...] = (),
    yields_at: tuple[str, ...] = (),
    explained_by: tuple[str, ...] = (),
    corrects: Corrects | tuple[Corrects, ...] = (),
    catalogue: Catalogue = GENERAL,
    hides: Hides | None = None,
) -> Callable[[Check], Check]:
    """Declare a check as a rule. `advice` is the Chinese sentence that says what to do."""
    targets = (corrects,) if isinstance(corrects, Corrects) else corrects

    def declare(check: Check) -> Check:
        add_rule(
            Rule(
                code, name, title, severity, advice, basis, since, check,
                after, yields_to, yields_at, explained_by, targets, catalogue, hides,
            )
        )  # fmt: skip
        return check

    return declare


def add_rule(added: Rule) -> None:
    """Take a rule into its catalogue; catalogues count in the order in which they come in."""
    if not CODE.fullmatch(added.code):
        raise ValueError(
            f"rule code {added.code!r} is not capital letters and digits, such as X101"
        )
    if (added.catalogue.name, added.code) in _RULES:
        raise ValueError(f"rule {added.code} is declared twice")
    if added.catalogue not in _CATALOGUES:
        _CATALOGUES.append(added.catalogue)
    _RULES[added.catalogue.name, added.code] = added


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of a run: those declared here, and a county's own."""

    rules: tuple[Rule, ...]
    catalogues: tuple[Catalogue, ...]

    def in_force(self, form: str, year: int | None) -> dict[str, Rule]:
        """Code → the rule that holds for a form in an evaluated year, by code."""
        found: dict[str, Rule] = {}
        for catalogue in self.catalogues:
            if catalogue.holds(form, year):
                own = {each.code: each for each in self.rules if each.catalogue == catalogue}
                kept = {code: each for code, each in found.items() if code not in catalogue.dropped}
                found = kept | own
        return dict(sorted(found.items()))

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(each.code for each in self.rules)

    def by_code(self) -> dict[str, Rule]:
        """Code → rule, by code; of several the one that came in last."""
        return {each.code: each for each in sorted(self.rules, key=lambda each: each.code)}

    def with_severities(self, severities: Mapping[str, Severity]) -> Rulebook:
        """The same rules with other severities, by code."""
        rules = tuple(
            replace(each, severity=severities.get(each.code, each.severity)) for each in self.rules
        )
        return Rulebook(rules, self.catalogues)

    def find(self, code: str) -> tuple[Rule, ...]:
        """The rules of that code (any letter case), a later catalogue's after the one it replaces.

        Raises UsageError where there is none.
        """
        found = tuple(each for each in self.rules if each.code == code.upper())
        if not found:
            raise UsageError(f"no rule {code!r}; `xlsx-eval rule` lists them")
        return found

    def selected(self, select: tuple[str, ...], ignore: tuple[str, ...]) -> frozenset[str]:
        """The codes chosen by codes or prefixes (`F`, `F1`, `F101`); an empty `select` means all.

        Raises UsageError for a code or prefix that no rule has.
        """
        for prefix in (*select, *ignore):
            if not any(code.startswith(prefix.upper()) for code in self.codes):
                raise UsageError(f"no rule begins with {prefix!r}; `xlsx-eval rule` lists them")
        return frozenset(
            code
            for code in self.codes
            if (not select or any(code.startswith(prefix.upper()) for prefix in select))
            and not any(code.startswith(prefix.upper()) for prefix in ignore)
        )


def rulebook(own: tuple[Rule, ...] = (), bands: tuple[Band, ...] = BANDS) -> Rulebook:
    """The declared rules and a county's own, with the bands of grades in force in their advice.

    Raises UsageError for an own code that is taken.
    """
    declared = tuple(_worded(each, bands) for each in _RULES.values())
    taken = {each.code for each in declared}
    for each in own:
        if each.code in taken:
            raise UsageError(f"rule {each.code} is there already; choose another code")
        taken.add(each.code)
    catalogues = dict.fromkeys((*_CATALOGUES, *(each.catalogue for each in own)))
    return Rulebook((*declared, *own), tuple(catalogues))


def _worded(rule: Rule, bands: tuple[Band, ...]) -> Rule:
    """A rule whose advice names the bands; those of a county's own rest on its own requirement."""
    if "{bands}" not in rule.advice:
        return rule
    advice = rule.advice.replace("{bands}", describe_bands(bands))
    return replace(rule, advice=advice, basis=rule.basis if bands == BANDS else COUNTY)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Rules and views declared within are taken in together, or none of them on an error.

    Raises ValueError where a check or view asks for what there is not.
    """
    rules, views, catalogues = dict(_RULES), dict(VIEWS), list(_CATALOGUES)
    try:
        yield
        for key in _RULES.keys() - rules.keys():
            _refuse_unknown(f"rule {key[1]}", _RULES[key].parameters)
        for name in VIEWS.keys() - views.keys():
            _refuse_unknown(f"view {name}", inspect.signature(VIEWS[name]).parameters)
    except BaseException:
        _RULES.clear()
        _RULES.update(rules)
        VIEWS.clear()
        VIEWS.update(views)
        _CATALOGUES[:] = catalogues
        raise


def _refuse_unknown(who: str, asked: Iterable[str]) -> None:
    for name in asked:
        if name not in GIVEN and name not in VIEWS:
            raise ValueError(f"{who} asks for {name!r}; there is no such frame or view")


def all_rules() -> dict[str, Rule]:
    """Code → rule, by code, as declared here."""
    return rulebook().by_code()

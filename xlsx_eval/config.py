"""`xlsx-eval.toml` → settings, or sentences that say which line is wrong and why."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from xlsx_eval.errors import UsageError
from xlsx_eval.forms import known_forms
from xlsx_eval.reading import Limits
from xlsx_eval.rules import Settings, rulebook_of
from xlsx_eval.rules.own_rules import OwnRule
from xlsx_eval.rules.parsing import nearest
from xlsx_eval.rules.settings import GradeBand
from xlsx_eval.toml_lines import key_lines, line_of

FILE_NAME = "xlsx-eval.toml"

__all__ = ["FILE_NAME", "Settings", "limits_of", "load_settings"]

Place: TypeAlias = tuple[int | str, ...]
Fault: TypeAlias = tuple[Place, str]
"""The keys that lead to what is wrong, and why it is."""

_MODELS: Mapping[str, type[BaseModel]] = {"rules": OwnRule, "grade_bands": GradeBand}
_TOML_FAULT = re.compile(r"(?P<why>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)")
_REASONS = {
    "missing": "it must be given",
    "greater_than_equal": "it must be at least {ge}",
    "less_than_equal": "it must be at most {le}",
    "greater_than": "it must be more than {gt}",
    "int_type": "it must be a whole number",
    "int_parsing": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "decimal_type": "it must be a number",
    "decimal_parsing": "it must be a number",
    "bool_type": "it must be true or false",
    "bool_parsing": "it must be true or false",
    "float_type": "it must be a number",
    "float_parsing": "it must be a number",
    "finite_number": "it must be a number",
    "string_type": "it must be a text in quotes",
    "path_type": "it must be a text in quotes",
    "string_too_short": "it must not be empty",
    "string_too_long": "it must have at most {max_length} characters",
    "tuple_type": "it must be a list in square brackets",
    "too_short": "it must not be empty",
    "dict_type": "it must be a table",
    "model_type": "it must be a table",
    "literal_error": "it must be {expected}",
    "date_type": "it must be a date such as 2022-03-31",
    "date_parsing": "it must be a date such as 2022-03-31",
    "date_from_datetime_parsing": "it must be a date such as 2022-03-31",
    "date_from_datetime_inexact": "it must be a date such as 2022-03-31",
    "value_error": "{error}",
}


def load_settings(config: Path | None = None, inbox: Path | None = None, **given: Any) -> Settings:
    """Settings from `config`, else from `xlsx-eval.toml` beside INBOX or in the current folder.

    What is `given` (and not empty) wins over the file. Raises UsageError for a file that can't be
    read, an unknown key, a wrong value or an unknown rule code, each with its line, and FormError
    for a form of the county's own whose declaration is wrong. The file names `forms`, `roster`,
    `previous` and `summary_template` from its own folder.
    """
    path = config or _found(inbox)
    given = {key: value for key, value in given.items() if value}
    source = _Source.of(path, given) if path else _Source(frozenset(given))
    try:
        settings = Settings.model_validate(source.stated | given)
    except ValidationError as error:
        raise source.refusal((fault["loc"], _reason(fault)) for fault in error.errors()) from error
    if faults := list(_misnamed(settings)):
        raise source.refusal(faults)
    return settings


def limits_of(settings: Settings, times: int = 1) -> Limits:
    """What one file may cost, or so many times that."""
    return Limits(seconds=settings.file_seconds * times, megabytes=settings.file_megabytes * times)


@dataclass(frozen=True)
class _Source:
    """Where settings come from: a file, and what is given besides."""

    given: frozenset[str]
    path: Path | None = None
    stated: dict[str, Any] = field(default_factory=dict)
    text: str = ""

    @classmethod
    def of(cls, path: Path, given: Mapping[str, Any]) -> _Source:
        text = _text(path)
        stated = _read(path, text)
        if isinstance(forms := stated.get("forms"), list):
            stated["forms"] = [str(path.resolve().parent / str(name)) for name in forms]
        for key in ("roster", "previous", "summary_template"):
            if isinstance(place := stated.get(key), str):
                stated[key] = str(path.resolve().parent / place)
        return cls(frozenset(given), path, stated, text)

    def refusal(self, faults: Iterator[Fault] | list[Fault]) -> UsageError:
        """All faults in one error, a line each, in the file's order."""
        lines = key_lines(self.text)
        told = []
        for place, reason in faults:
            own = self.path is None or (place[:1] and place[0] in self.given)
            line = None if own else line_of(place, lines)
            where = "" if own else f"{self.path}{f', line {line}' if line else ''}: "
            told.append((line or 0, f"{where}{_named(place)}: {reason}"))
        return UsageError("\n".join(sentence for _, sentence in sorted(told, key=lambda x: x[0])))


def _found(inbox: Path | None) -> Path | None:
    folders = [inbox, inbox.resolve().parent] if inbox else []
    candidates = [folder / FILE_NAME for folder in (*folders, Path())]
    return next((path for path in candidates if path.is_file()), None)


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}, line {line}: not UTF-8; save the file as UTF-8") from error


def _read(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        fault = _TOML_FAULT.fullmatch(str(error))
        line = fault["line"] if fault else None
        where = line or len(text.splitlines())
        why = fault["why"] if fault else str(error)
        raise UsageError(f"{path}, line {where}: not TOML: {why}") from error
    except RecursionError as error:
        raise UsageError(f"{path}: not TOML: brackets nested too deep") from error


# ------------------------------------------------------------------------------------- reasons


def _named(place: Place) -> str:
    """("rules", 0, "check") → `rules[1].check`: people count from one."""
    keys = [part for part in place if part != "[key]"]
    name = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in keys)
    return name.removeprefix(".")


def _reason(fault: ErrorDetails) -> str:
    """Why a value is refused, in plain words where we know the kind of fault."""
    if fault["type"] == "extra_forbidden":
        *outer, key = fault["loc"]
        model = _MODELS[str(outer[0])] if outer else Settings
        return f"there is no such setting{nearest(str(key), model.model_fields)}"
    reason = _REASONS.get(fault["type"])
    return reason.format(**fault.get("ctx", {})) if reason else fault["msg"]


def _misnamed(settings: Settings) -> Iterator[Fault]:
    """Rules and forms that the settings name and that there are not."""
    own = settings.rules
    rules = rulebook_of(settings.model_copy(update={"rules": ()}))
    taken = {code: rule.title for code, rule in rules.by_code().items()}
    forms = known_forms(settings.forms)
    for number, each in enumerate(own):
        if each.code in taken:
            title = taken[each.code]
            yield (
                ("rules", number, "code"),
                f"{each.code} is the code of “{title}” already; choose another, such as X101",
            )
        taken[each.code] = each.title
        for place, form in enumerate(each.forms):
            if form not in forms:
                reason = f"there is no form {form}{nearest(form, forms)}"
                yield ("rules", number, "forms", place), reason
    for key in ("select", "ignore"):
        for place, prefix in enumerate(getattr(settings, key)):
            if not any(code.startswith(prefix) for code in taken):
                reason = f"no rule begins with {prefix!r}; `xlsx-eval rule` lists them"
                yield (key, place), reason
    for code in settings.severities:
        if code not in taken:
            yield ("severities", code), "there is no such rule; `xlsx-eval rule` lists them"

"""`xlsx-eval.toml` → settings, or a sentence that says which key is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from xlsx_eval.errors import UsageError
from xlsx_eval.forms import known_forms
from xlsx_eval.rules import Settings, rulebook_of

FILE_NAME = "xlsx-eval.toml"

__all__ = ["FILE_NAME", "Settings", "load_settings"]


def load_settings(config: Path | None = None, inbox: Path | None = None, **given: Any) -> Settings:
    """Settings from `config`, else from `xlsx-eval.toml` beside INBOX or in the current folder.

    What is `given` (and not empty) wins over the file. Raises UsageError for a file that can't be
    read, an unknown key, a wrong value or an unknown rule code, FormError for a form of the
    county's own whose declaration is wrong. The file names `forms`, `roster` and `previous` from
    its own folder.
    """
    path = config or _found(inbox)
    stated = _read(path) if path else {}
    if path and isinstance(forms := stated.get("forms"), list):
        stated["forms"] = [str(path.resolve().parent / str(name)) for name in forms]
    for key in ("roster", "previous"):
        if path and isinstance(place := stated.get(key), str):
            stated[key] = str(path.resolve().parent / place)
    stated |= {key: value for key, value in given.items() if value}
    settings = _validated(stated, str(path or "settings"))
    rules = rulebook_of(settings)
    rules.selected(settings.select, settings.ignore)
    known_forms(settings.forms)
    for code in settings.severities:
        if code not in rules.codes:
            raise UsageError(f"{path}: severities.{code}: there is no such rule")
    return settings


def _found(inbox: Path | None) -> Path | None:
    folders = [inbox, inbox.resolve().parent] if inbox else []
    candidates = [folder / FILE_NAME for folder in (*folders, Path.cwd())]
    return next((path for path in candidates if path.is_file()), None)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error


def _validated(stated: Mapping[str, Any], source: str) -> Settings:
    try:
        return Settings.model_validate(stated)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        raise UsageError(f"{source}: {faults}") from error

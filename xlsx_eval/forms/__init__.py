"""Form declarations: loaded from TOML, validated, or refused with the place of the fault."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from xlsx_eval.errors import FormError
from xlsx_eval.forms.model import Form

DEFAULT_FORM = "yueyang_project"

__all__ = ["DEFAULT_FORM", "Form", "available_forms", "load_form", "parse_form"]


def available_forms() -> tuple[str, ...]:
    """The names of the declarations that come with the package."""
    folder = resources.files(__name__)
    return tuple(sorted(Path(f.name).stem for f in folder.iterdir() if f.name.endswith(".toml")))


@cache
def load_form(name: str = DEFAULT_FORM) -> Form:
    """The declared form of that name.

    Raises FormError where there is none or its declaration is wrong.
    """
    if name not in available_forms():
        raise FormError(f"no form {name!r}; there is: {', '.join(available_forms())}")
    text = resources.files(__name__).joinpath(f"{name}.toml").read_text("utf-8")
    return parse_form(text, f"{name}.toml")


def parse_form(text: str, source: str) -> Form:
    """Declaration text → form. Raises FormError naming `source` and each place of a fault."""
    try:
        declared = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormError(f"{source}: not TOML: {error}") from error
    try:
        form = Form.model_validate(declared)
    except ValidationError as error:
        faults = "; ".join(f"{_place(f['loc'])}: {f['msg']}" for f in error.errors())
        raise FormError(f"{source}: {faults}") from error
    if form.form != Path(source).stem:
        raise FormError(f"{source}: form: {form.form!r} must be the file's name without ending")
    return form


def _place(loc: tuple[int | str, ...]) -> str:
    """('sections', 1, 'blocks', 0, 'fields', 'key') → sections[1].blocks[0].fields.key."""
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return place.lstrip(".") or "form"

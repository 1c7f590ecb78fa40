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

__all__ = [
    "DEFAULT_FORM",
    "Form",
    "available_forms",
    "known_forms",
    "load_form",
    "parse_form",
    "read_form",
]


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


def read_form(path: Path) -> Form:
    """The form a county declares in a file of its own.

    Raises FormError where the file can't be read or its declaration is wrong.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FormError(f"cannot read {path}: {error}") from error
    return parse_form(text, path.name)


@cache
def known_forms(own: tuple[Path, ...] = ()) -> dict[str, Form]:
    """Name → form: the default one, the others of the package, a county's own declarations.

    Raises FormError for a declaration that is wrong or takes a name that another one has.
    """
    others = [name for name in available_forms() if name != DEFAULT_FORM]
    forms = {name: load_form(name) for name in (DEFAULT_FORM, *others)}
    for path in own:
        form = read_form(path)
        if form.form in forms:
            raise FormError(f"{path}: there is a form {form.form!r} already; choose another name")
        forms[form.form] = form
    return forms


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

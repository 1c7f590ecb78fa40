"""The commented `xlsx-eval.toml` that `init` writes: every setting, its meaning, its default.

Explanations begin with `# `, settings with a bare `#`: taking that away switches one on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from xlsx_eval.rules import Settings

HEAD = """\
# Settings of xlsx-eval. Every setting is optional. To change one, take away the # before its
# name and change what stands behind the =. Every # followed by a blank begins an explanation.
# xlsx-eval的设置，各项都可以不写。要改哪一项，就删去该项名称前的#，再改等号后面的内容；
# “#”后面有空格的是说明文字。
"""
EXAMPLE = ("Not set; an example:", "默认不设，例如：")


def starting_config() -> str:
    """The text of the file."""
    fields = Settings.model_fields.items()
    plain = [(name, field) for name, field in fields if not _is_table(_shown(field))]
    tables = [(name, field) for name, field in fields if _is_table(_shown(field))]
    return "\n".join((HEAD, *(line for each in (*plain, *tables) for line in _setting(*each))))


def _setting(name: str, field: FieldInfo) -> Iterator[str]:
    shown = _shown(field)
    tables = shown if isinstance(shown, tuple) and _is_table(shown) else ()
    explained = [line.strip() for line in (field.description or "").splitlines()]
    parts = _parts(type(tables[0])) if tables else ()
    for line in (*explained, *parts, *(EXAMPLE if field.examples else ())):
        yield f"# {line}"
    if tables:
        for each in tables:
            yield f"#[[{name}]]"
            yield from _pairs(dict(each))
    elif isinstance(shown, Mapping):
        yield f"#[{name}]"
        yield from _pairs(shown)
    else:
        yield from _pairs({name: shown})
    yield ""


def _parts(model: type[BaseModel]) -> Iterator[str]:
    """What each part of a table means."""
    for name, field in model.model_fields.items():
        english, *chinese = (field.description or "").splitlines()
        yield f"  {name}: {english.strip()}"
        yield from (f"  {' ' * len(name)}  {line.strip()}" for line in chinese)


def _pairs(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        yield f"#{name} = {_toml(value)}"


def _shown(field: FieldInfo) -> Any:
    """The default, or an example where there is none that would say anything."""
    return field.examples[0] if field.examples else field.get_default(call_default_factory=True)


def _is_table(value: object) -> bool:
    tables = isinstance(value, tuple) and bool(value) and isinstance(value[0], BaseModel)
    return isinstance(value, Mapping) or tables


def _toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
        case tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case Decimal() | int() | float() | date():
            return str(value)
    raise TypeError(f"no TOML for {value!r}")

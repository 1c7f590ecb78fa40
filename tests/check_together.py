"""Many forms checked in one go: the catalogue costs a county little more than one form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import xlsx_eval as xe
from xlsx_eval.pipeline import check_files

Said = dict[str, list[tuple[str, str]]]
"""Name of a form → (rule, cell) of its findings, in their order."""


def check_together(forms: Mapping[str, bytes], folder: Path) -> Said:
    """All rules but those across submissions, on forms by name."""
    names = {}
    for number, (name, data) in enumerate(forms.items()):
        path = folder / f"{number}.xlsx"
        path.write_bytes(data)
        names[str(path)] = name
    findings, unread = check_files([Path(path) for path in names], xe.Settings(ignore=("C",)))
    assert not unread
    said: Said = {name: [] for name in forms}
    for file, rule, cell in zip(findings["file"], findings["rule"], findings["cell"], strict=True):
        said[names[file]].append((rule, cell))
    return said

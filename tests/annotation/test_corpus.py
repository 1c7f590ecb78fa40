"""Marked copies of public workbooks, where a folder of them lies beside the project.

`XLSX_EVAL_CORPUS` names another folder. `docs/fidelity.md` is the table of a larger one.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from proof.checks import examine
from proof.opinions import SOFFICE, converted, office_faults
from proof.package import Package
from proof.targets import plan

from xlsx_eval.annotation import annotate

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("XLSX_EVAL_CORPUS") or ROOT.parent / "shared" / "corpus")
WORKBOOKS = sorted(
    (path for path in CORPUS.rglob("*.xls[xm]") if path.is_file()),
    key=lambda path: path.stat().st_size,
)
GROUPS = 8
SAMPLE = ("AllShapes", "FileWithButton", "complex_icon_set", "27template", "threesheets")

pytestmark = pytest.mark.skipif(not WORKBOOKS, reason=f"no workbooks in {CORPUS}")


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_copy_differs_by_our_marks_only(group: int) -> None:
    problems = [
        f"{path.relative_to(CORPUS)} {problem.check}: {problem.text}"
        for path in WORKBOOKS[group::GROUPS]
        for problem in examine(path.read_bytes()).problems
    ]

    assert problems == []


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not installed")
@pytest.mark.xdist_group("office")
def test_libreoffice_shows_fills_and_comments(tmp_path: Path) -> None:
    plans = {}
    for path in WORKBOOKS:
        if path.stem in SAMPLE:
            plans[path.stem] = plan(Package(path.read_bytes()))
            copy = annotate(path.read_bytes(), plans[path.stem].review)
            (tmp_path / path.name).write_bytes(copy)

    shown = converted(sorted(tmp_path.glob("*.xls*")), tmp_path)

    assert sorted(shown) == sorted(plans)
    for name, path in shown.items():
        assert list(office_faults(path.read_bytes(), plans[name])) == []

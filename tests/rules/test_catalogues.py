"""Catalogues: a later one changes rules for a form or a year, and leaves the old ones be."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from correct_form import changed
from correct_table import correct_table

import xlsx_eval as xe
from xlsx_eval.frames import Frames
from xlsx_eval.rules import GENERAL, Catalogue, Rule, Rulebook, places, report, run_rules
from xlsx_eval.rules.registry import ARITHMETIC, add_rule

YEAR = Catalogue("2024", first_year=2024)
ISSUER = Catalogue(
    "national", forms=frozenset({"national_selfeval"}), dropped=frozenset({"F108", "Z3"})
)
BRIEF = Catalogue("2024 to 2025", first_year=2024, last_year=2025, dropped=frozenset({"Z1"}))


def every_project(projects: pd.DataFrame) -> pd.DataFrame:
    rows = projects.assign(at=places(projects, "project_name_cell", "project_name_sheet"))
    return report(rows, anchor="at", problem="一。")


def declared(code: str, title: str, catalogue: Catalogue = GENERAL) -> Rule:
    return Rule(
        code, code.lower(), title, "warning", "请核对。", ARITHMETIC, "1", every_project,
        catalogue=catalogue,
    )  # fmt: skip


@pytest.fixture
def book() -> Rulebook:
    return Rulebook(
        (
            declared("S403", "old"), declared("Z1", "first"), declared("Z3", "third"),
            declared("S403", "new", YEAR), declared("Z2", "added", YEAR),
            declared("S403", "national", ISSUER),
        ),
        (GENERAL, YEAR, ISSUER, BRIEF),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("form", "year", "expected"),
    [
        ("yueyang_project", 2021, {"S403": "old", "Z1": "first", "Z3": "third"}),
        ("yueyang_project", None, {"S403": "old", "Z1": "first", "Z3": "third"}),
        ("yueyang_project", 2024, {"S403": "new", "Z2": "added", "Z3": "third"}),
        ("yueyang_project", 2025, {"S403": "new", "Z2": "added", "Z3": "third"}),
        ("yueyang_project", 2026, {"S403": "new", "Z1": "first", "Z2": "added", "Z3": "third"}),
        ("national_selfeval", 2021, {"S403": "national", "Z1": "first"}),
        ("national_selfeval", 2024, {"S403": "national", "Z2": "added"}),
    ],
)
def test_which_rules_hold(
    form: str, year: int | None, expected: dict[str, str], book: Rulebook
) -> None:
    assert {code: rule.title for code, rule in book.in_force(form, year).items()} == expected


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2021, {"county.xlsx": ["S403 old", "Z1 first", "Z3 third"],
                "national.xlsx": ["S403 national", "Z1 first"]}),
        (2024, {"county.xlsx": ["S403 new", "Z2 added", "Z3 third"],
                "national.xlsx": ["S403 national", "Z2 added"]}),
    ],
)  # fmt: skip
def test_old_and_new_hold_in_one_run(
    year: int,
    expected: dict[str, list[str]],
    book: Rulebook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("xlsx_eval.rules.engine.rulebook_of", lambda _: book)
    (tmp_path / "county.xlsx").write_bytes(changed({}))
    (tmp_path / "national.xlsx").write_bytes(correct_table("national_selfeval"))
    read = [xe.read(tmp_path / file) for file in expected]
    frames = Frames(
        **{name: pd.concat([each[name] for each in read], ignore_index=True) for name in read[0]}
    )

    found = run_rules(frames, xe.Settings(year=year))

    said = found["rule"] + " " + found["name"]
    assert {file: list(said[found["file"] == file]) for file in expected} == expected


def test_a_code_twice_in_one_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="rule F101 is declared twice"):
        add_rule(declared("F101", "again"))


def test_a_code_is_letters_and_digits() -> None:
    with pytest.raises(ValueError, match="is not capital letters and digits"):
        add_rule(declared("f-101", "odd"))

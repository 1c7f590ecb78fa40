"""Every rule on cells: what it must find, what it must leave alone."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from correct_form import changed, correct_bytes, place
from correct_table import FORMS, SHEET, correct_table
from county_case import county_findings, county_missing
from plain_words import clumsy, strange_words, texts_in

import xlsx_eval as xe
from xlsx_eval.rules import all_rules

Case = dict[str, Any]
CASES: list[tuple[str, Case]] = [
    (code, case)
    for path in sorted((Path(__file__).parent / "cases").glob("*.toml"))
    for code, cases in tomllib.loads(path.read_text("utf-8")).items()
    for case in cases
]


def check(data: bytes, folder: Path, *codes: str, **settings: Any) -> list[dict[str, Any]]:
    path = folder / "form.xlsx"
    path.write_bytes(data)
    chosen = xe.Settings(select=codes, **settings)
    findings: list[dict[str, Any]] = xe.check(path, chosen).to_dict("records")
    return findings


@pytest.mark.parametrize(
    ("code", "case"), CASES, ids=[f"{code} {case['why']}" for code, case in CASES]
)
def test_case(code: str, case: Case, tmp_path: Path) -> None:
    form = case.get("form")
    codes = (code, *case.get("with", ()))
    if "forms" in case:
        found = county_findings(case, tmp_path, *codes)
    else:
        data = correct_table(form, case["set"]) if form else changed(case["set"])
        found = check(data, tmp_path, *codes, **case.get("settings", {}))
    if "missing" in case:
        assert county_missing(case, tmp_path) == case["missing"]
    findings = [each for each in found if each["rule"] == code]

    assert strange_words(found, (*texts_of(form), case)) == set()
    assert clumsy(found) == []
    if "forms" in case:
        assert [(each["file"], (each["sheet"], each["cell"])) for each in findings] == [
            (file, at(name, case["forms"][file].get("form")))
            for file, name in (place.split() for place in case["at"])
        ]
    else:
        assert [(each["sheet"], each["cell"]) for each in findings] == [
            at(name, form) for name in case["at"]
        ]
    for each in findings:
        if "related" in case:
            places = [at(name, form) for name in case["related"]]
            references = [f"{sheet}!{cell}" for sheet, cell in places]
            assert each["related"].replace("'", "").split(";") == references
        assert each["message"].startswith(case.get("says", ""))
        assert each["severity"] == case.get("severity", all_rules()[code].severity)
        for column in ("expected", "actual"):
            assert each[column] == case.get(column, each[column])


@cache
def texts_of(form: str | None) -> tuple[object, ...]:
    """What stands in the correct form."""
    return tuple(texts_in(correct_table(form) if form else correct_bytes()))


def at(name: str, form: str | None) -> tuple[str, str]:
    return (SHEET, name) if form else place(name)


def test_the_correct_form_has_no_finding(tmp_path: Path) -> None:
    assert check(correct_bytes(), tmp_path) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_correct_table_has_no_finding(form: str, tmp_path: Path) -> None:
    assert check(correct_table(form), tmp_path) == []


@pytest.mark.parametrize("code", all_rules())
def test_every_rule_has_cases_that_fail_that_pass_and_that_nearly_fail(code: str) -> None:
    cases = [case for name, case in CASES if name == code]

    assert any(speaks(case) for case in cases)
    assert any(not speaks(case) for case in cases)
    assert any(case.get("near_miss") for case in cases)


def test_a_near_miss_is_silent() -> None:
    assert not [case["why"] for _, case in CASES if case.get("near_miss") and speaks(case)]


def speaks(case: Case) -> bool:
    return bool(case.get("missing") or case["at"])

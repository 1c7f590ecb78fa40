"""The sample county: its workbooks say what the facts say, and the program finds what it must."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from build import build
from cases import INBOX, Case, all_cases
from one_sheet import Place, places
from samples.account import found, stated, template_places

import xlsx_eval as xe

if TYPE_CHECKING:
    from collections.abc import Mapping

CASES = all_cases()
READABLE = [case for case in CASES if not case.rejected]
LARGEST = 60 * 1024

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
each_readable = pytest.mark.parametrize("case", READABLE, ids=lambda case: case.name)


def parts(data: bytes) -> dict[str, bytes] | bytes:
    """A workbook's parts uncompressed (another zlib packs otherwise), other files as they are."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile:
        return data


def places_of(case: Case) -> Mapping[str, Place]:
    if case.kind == "template":
        return template_places(build(case), case.form)
    return places(case.form, case.facts, case.layout)


def test_inbox_holds_one_file_a_case() -> None:
    there = {path for path in INBOX.rglob("*") if path.is_file()}
    assert there == {case.path for case in CASES}
    assert len(CASES) == 14


@each_case
def test_inbox_is_up_to_date(case: Case) -> None:
    """`python samples/build.py` rebuilds what has changed."""
    assert parts(case.path.read_bytes()) == parts(build(case))
    assert case.path.stat().st_size < LARGEST


@each_readable
def test_reader_gives_the_facts_back(case: Case) -> None:
    account = {key: value for key, (value, _) in found(xe.read(case.path), case.form).items()}
    expected = stated(case)
    assert {key: account.get(key) for key in expected} == expected


@each_readable
def test_reader_finds_no_row_that_is_not_there(case: Case) -> None:
    rows = re.compile(r"(expenditures|goals|indicators|evaluators)\.")
    expected = {key for key in stated(case) if rows.match(key)}
    read = {
        key for key, (value, _) in found(xe.read(case.path), case.form).items() if value is not None
    }
    assert {key for key in read if rows.match(key)} <= expected | {"expenditures.total.item"}


@each_readable
def test_reader_tells_where_each_value_stands(case: Case) -> None:
    expected = {key: place for key, place in places_of(case).items() if key in stated(case)}
    account = {key: place for key, (_, place) in found(xe.read(case.path), case.form).items()}
    assert {key: account.get(key) for key in expected} == expected


@each_readable
def test_findings_are_the_expected_ones(case: Case) -> None:
    findings = xe.check(case.path)
    got = sorted(zip(findings["rule"], findings["sheet"], findings["cell"], strict=True))
    assert got == sorted((each.rule, each.sheet, each.cell) for each in case.findings)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.rejected], ids=lambda case: case.name
)
def test_bad_files_are_refused_with_a_reason(case: Case) -> None:
    with pytest.raises(xe.UnreadableWorkbook, match=case.rejected):
        xe.read(case.path)

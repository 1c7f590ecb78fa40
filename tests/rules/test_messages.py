"""What findings say is plain Chinese: over all samples."""

from __future__ import annotations

import pytest
from cases import Case, all_cases
from plain_words import clumsy, strange_words, texts_in

import xlsx_eval as xe


@pytest.mark.parametrize(
    "case", [case for case in all_cases() if not case.rejected], ids=lambda case: case.name
)
def test_findings_of_the_samples_are_plain_chinese(case: Case) -> None:
    findings = xe.check(case.path).to_dict("records")

    assert strange_words(findings, texts_in(case.path.read_bytes())) == set()
    assert clumsy(findings) == []

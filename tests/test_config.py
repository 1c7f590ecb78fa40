"""Settings: from where they come, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import xlsx_eval as xe


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert xe.load_settings() == xe.Settings()


def test_the_file_beside_the_inbox_is_found(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "xlsx-eval.toml").write_text('tolerance = "0.1"\ncounty = "清平县"\n', "utf-8")

    settings = xe.load_settings(inbox=tmp_path / "inbox")

    assert (settings.county, settings.tolerance) == ("清平县", Decimal("0.1"))


def test_what_is_given_wins_over_the_file(tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text('select = ["F"]\n', "utf-8")

    assert xe.load_settings(config, select=("D",)).select == ("D",)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("tolerence = 1", "tolerence"),
        ("tolerance = 5", "tolerance"),
        ('select = ["Q"]', "no rule begins with 'Q'"),
        ('[severities]\nF999 = "error"', "severities.F999"),
        ('[severities]\nF = "notice"', "severities.F:"),
        ('[severities]\nF101 = "grave"', "severities.F101"),
        ("tolerance = = 1", "line 1"),
    ],
)
def test_wrong_settings_are_refused(text: str, sentence: str, tmp_path: Path) -> None:
    config = tmp_path / "xlsx-eval.toml"
    config.write_text(text, "utf-8")

    with pytest.raises(xe.UsageError) as refusal:
        xe.load_settings(config)

    assert sentence in str(refusal.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(xe.UsageError, match="cannot read"):
        xe.load_settings(tmp_path / "none.toml")

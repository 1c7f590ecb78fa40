"""The code itself: lint, format, types, the rooms' import contracts, and the documents."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from xlsx_eval.cli import main

ROOT = Path(__file__).parents[1]
TEST_COMMAND = "python3 -m venv .venv && .venv/bin/pip install -q '.[test]' && .venv/bin/pytest"


@pytest.mark.parametrize(
    "arguments",
    [
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
    ],
    ids=["lint", "format", "types", "rooms"],
)
def test_code(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_readme_names_every_command(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")

    for command in main.commands:
        assert f"xlsx-eval {command}" in text
    for command in re.findall(r"xlsx-eval ([a-z]+)", text):
        assert command in main.commands
    assert TEST_COMMAND in text


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_what_the_readme_links_to_is_there(readme: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / readme).read_text("utf-8")):
        assert (ROOT / target).exists(), target


def test_ci_calls_the_readmes_test_command() -> None:
    assert TEST_COMMAND in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()


@pytest.mark.parametrize("command", [[], *([name] for name in main.commands)])
def test_every_command_explains_itself(command: list[str]) -> None:
    shown = CliRunner().invoke(main, [*command, "--help"])

    assert shown.exit_code == 0
    assert "Usage:" in shown.output

"""Rules that another package brings along, as documented in docs/own-rules.md."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from correct_form import changed

ROOT = Path(__file__).parents[2]
DOCUMENTED, CATALOGUE = re.findall(
    r"```python\n(.*?)```", (ROOT / "docs" / "own-rules.md").read_text("utf-8"), re.DOTALL
)


def install(folder: Path, name: str, code: str) -> None:
    """A package as pip would leave it: its module, and what its metadata names."""
    (folder / f"{name}.py").write_text(code, "utf-8")
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[xlsx_eval.rules]\n{name} = {name}\n", "utf-8")


def xlsx_eval(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(folder), str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "xlsx_eval", *arguments],
        cwd=folder, env=os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def declares(code: str, asks: str = "projects") -> str:
    return (
        "from xlsx_eval.rules import nothing, rule\n"
        f'@rule("{code}", "own", "本县规则", "error", advice="请核对。")\n'
        f"def own({asks}):\n    return nothing()\n"
    )


def test_the_documented_one_is_found_and_speaks(tmp_path: Path) -> None:
    install(tmp_path, "qingping_rules", DOCUMENTED)
    (tmp_path / "form.xlsx").write_bytes(
        changed({"expenditures_note[0]": "合同2021-07", "expenditures_note[2]": "零星采购"})
    )

    told = xlsx_eval(tmp_path, "rule", "q101", "--language", "zh")
    checked = xlsx_eval(tmp_path, "check", "form.xlsx", "--select", "Q", "--format", "csv")

    assert "大额支出未注明合同" in told.stdout
    assert "《清平县项目支出管理办法》" in told.stdout
    rows = checked.stdout.splitlines()[1:]
    assert [row.split(",")[2] for row in rows] == ["Q101", "Q101"], checked.stderr
    assert "支出“人工工资”100万元，备注中没有写明合同。请在备注中写明合同编号。" in rows[0]
    assert rows[1].endswith(",写明合同编号,零星采购")


@pytest.mark.parametrize(
    ("year", "expected"),
    [("2021", ["B802,notice", "S404,warning"]), ("2024", ["S404,error"])],
)
def test_the_documented_catalogue_holds_from_its_year_on(
    year: str, expected: list[str], tmp_path: Path
) -> None:
    install(tmp_path, "later_form", CATALOGUE)
    (tmp_path / "form.xlsx").write_bytes(changed({"grade": "", "postcode": ""}))
    (tmp_path / "xlsx-eval.toml").write_text(f"year = {year}\n", "utf-8")

    checked = xlsx_eval(tmp_path, "check", "form.xlsx", "--select", "B802,S404", "--format", "csv")

    found = [",".join(row.split(",")[2:4]) for row in checked.stdout.splitlines()[1:]]
    assert sorted(found) == expected, checked.stderr


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (declares("F101"), "rule F101 is declared twice"),
        (declares("Q101") + declares("Q101"), "rule Q101 is declared twice"),
        (declares("q101"), "rule code 'q101' is not capital letters"),
        (declares("Q101", "project"), "rule Q101 asks for 'project'; there is no such frame"),
        ("import no_such_module", "No module named 'no_such_module'"),
        ("def broken(:", "invalid syntax"),
        ("raise RuntimeError", "RuntimeError"),
        ("from xlsx_eval.rules import view\n@view\ndef totals(): ...", "view totals is declared"),
        ("from xlsx_eval.rules import view\n@view\ndef odd(nope): ...", "view odd asks for 'nope'"),
    ],
)
def test_one_that_cannot_be_used_is_named(code: str, reason: str, tmp_path: Path) -> None:
    install(tmp_path, "qingping_rules", code)

    listed = xlsx_eval(tmp_path, "rule")

    assert listed.returncode == 2
    assert "the rules of the package qingping_rules 1.0 (qingping_rules) cannot be used" in (
        listed.stderr
    )
    assert reason in listed.stderr
    assert "Traceback" not in listed.stderr


def test_two_that_take_one_code(tmp_path: Path) -> None:
    install(tmp_path, "alpha", declares("Q101"))
    install(tmp_path, "beta", declares("Q101"))

    listed = xlsx_eval(tmp_path, "rule")

    assert "the rules of the package beta 1.0 (beta) cannot be used" in listed.stderr


def test_an_own_rule_may_not_take_its_code(tmp_path: Path) -> None:
    install(tmp_path, "qingping_rules", declares("Q101"))
    (tmp_path / "xlsx-eval.toml").write_text(
        '[[rules]]\ncode = "Q101"\ntitle = "t"\ncheck = "projects.score > 1"\nmessage = "m"\n',
        "utf-8",
    )

    listed = xlsx_eval(tmp_path, "rule")

    assert listed.stderr.startswith(
        "xlsx-eval.toml, line 2: rules[1].code: Q101 is the code of “本县规则” already"
    )

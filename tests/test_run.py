"""The main job through its doors: `xe.run` and the command line."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from correct_form import changed, correct_bytes
from correct_table import correct_table

import xlsx_eval as xe
from xlsx_eval.cli import main

OVERSPENT = {
    "funds_spent_total": 306.2, "expenditures_total": 306.2, "project_unit": "清平县柳溪镇公路站",
}  # fmt: skip


@pytest.fixture(scope="module")
def overspent() -> bytes:
    return changed(OVERSPENT)


@pytest.fixture
def inbox(tmp_path: Path, overspent: bytes) -> Path:
    """A correct form, an overspent one in a folder, a text named .xlsx and a lock file."""
    folder = tmp_path / "收件箱"
    (folder / "交通局 2021#1").mkdir(parents=True)
    (folder / "correct.xlsx").write_bytes(correct_bytes())
    (folder / "交通局 2021#1" / "超支 表.xlsx").write_bytes(overspent)
    (folder / "notes.xlsx").write_text("这不是工作簿", "utf-8")
    (folder / "~$correct.xlsx").write_bytes(b"lock")
    return folder


def xlsx_eval(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def account(out: Path) -> dict[str, dict[str, Any]]:
    files = json.loads((out / "run.json").read_text("utf-8"))["files"]
    return {each["file"]: each for each in files}


def test_run_writes_everything(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    result = xlsx_eval("run", inbox, "--out", out)

    assert result.exit_code == 3  # one file can't be read
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*.xlsx")) == [
        "annotated/correct.xlsx",
        "annotated/交通局 2021#1/超支 表.xlsx",
        "summary.xlsx",
    ]
    assert sorted(path.name for path in out.iterdir()) == [
        "annotated", "findings.csv", "frames", "run.json", "summary.xlsx",
    ]  # fmt: skip
    files = account(out)
    assert {file: each["status"] for file, each in files.items()} == {
        "correct.xlsx": "checked",
        "notes.xlsx": "rejected",
        "交通局 2021#1/超支 表.xlsx": "checked",
    }
    assert files["correct.xlsx"]["findings"] == {"error": 0, "warning": 0, "notice": 0}
    assert files["correct.xlsx"]["sha256"] == hashlib.sha256(correct_bytes()).hexdigest()
    assert files["notes.xlsx"]["reason"] == (
        "文件不是 Excel 工作簿，而是改了扩展名的纯文本或 CSV 文件，"
        "请用 Excel 或 WPS 打开，核对后另存为 .xlsx 重新报送。"
    )


def test_findings_csv_is_what_the_contract_says(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    xlsx_eval("run", inbox, "--out", out)

    data = (out / "findings.csv").read_bytes()
    findings = pd.read_csv(out / "findings.csv", dtype=str)

    assert data.startswith(b"\xef\xbb\xbf")
    assert list(findings.columns) == [
        "file", "project", "rule", "severity", "sheet", "cell", "related", "message", "expected",
        "actual",
    ]  # fmt: skip
    f101 = findings[findings["rule"] == "F101"].iloc[0]
    assert f101["file"] == "交通局 2021#1/超支 表.xlsx"
    assert f101["project"] == "农村公路养护项目"
    assert (f101["severity"], f101["sheet"], f101["cell"]) == ("error", "一、项目基本情况", "F5")
    assert f101["related"] == "'一、项目基本情况'!D5;'一、项目基本情况'!H5"
    assert f101["message"] == (
        "实际支出306.2万元，超过实际到位300万元，超出6.2万元。"
        "请核对到位资金是否漏填上年结转，或说明超支资金的来源。"
    )


def test_frames_come_as_parquet_with_exact_amounts(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    xlsx_eval("run", inbox, "--out", out)

    funds = pd.read_parquet(out / "frames" / "funds.parquet")
    spent = funds[(funds["measure"] == "spent") & (funds["source"] == "total")]

    assert {path.stem for path in (out / "frames").iterdir()} >= {
        "projects", "funds", "expenditures", "goals", "indicators", "evaluators", "opinions",
        "narratives",
    }  # fmt: skip
    assert [str(amount) for amount in spent["amount"]] == ["300.000000", "306.200000"]
    assert list(spent["amount_cell"]) == ["F5", "F5"]


def test_the_inbox_is_not_touched(inbox: Path, tmp_path: Path) -> None:
    def state() -> dict[Path, tuple[int, bytes]]:
        return {
            path: (path.stat().st_mtime_ns, path.read_bytes())
            for path in inbox.rglob("*")
            if path.is_file()
        }

    before = state()
    xlsx_eval("run", inbox, "--out", tmp_path / "out")

    assert state() == before


def test_run_tells_what_it_did(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    result = xlsx_eval("run", inbox, "--out", out)

    assert "workbooks checked" in result.stdout
    assert str(out / "summary.xlsx") in result.stdout
    assert "notes.xlsx: 文件不是 Excel 工作簿" in result.stderr
    assert xlsx_eval("run", inbox, "--out", out, "--quiet").stdout == ""


def test_fail_on_and_selection(inbox: Path, tmp_path: Path) -> None:
    (inbox / "notes.xlsx").unlink()
    run = ("run", inbox, "--out", tmp_path / "out", "--quiet")

    assert xlsx_eval(*run).exit_code == 0
    assert xlsx_eval(*run, "--fail-on", "error").exit_code == 1
    assert xlsx_eval(*run, "--fail-on", "error", "--select", "P,W").exit_code == 0
    assert xlsx_eval(*run, "--fail-on", "error", "--ignore", "F,D,I").exit_code == 0
    assert xlsx_eval(*run, "--fail-on", "warning", "--ignore", "F,D,I").exit_code == 1
    assert xlsx_eval(*run, "--select", "F1,Q").exit_code == 2


def test_an_empty_folder_is_nothing_to_do(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    result = xlsx_eval("run", tmp_path / "empty", "--out", tmp_path / "out")

    assert (result.exit_code, result.output.count("\n")) == (0, 1)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["run", "watch"])
def test_a_missing_folder_is_said_in_one_line(command: str, tmp_path: Path) -> None:
    result = xlsx_eval(command, tmp_path / "none", "--out", tmp_path / "out")

    assert (result.exit_code, result.output) == (2, f"there is no folder {tmp_path / 'none'}\n")


def test_an_out_that_is_a_file_is_refused(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", "utf-8")

    result = xlsx_eval("run", inbox, "--out", tmp_path / "out")

    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "cannot write to" in result.output


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere"
)
def test_an_unwritable_out_is_refused(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)

    result = xlsx_eval("run", inbox, "--out", tmp_path / "out")

    assert (result.exit_code, result.output.count("\n")) == (2, 1)


@pytest.mark.parametrize("out", [".", "annotated/out"])
def test_an_out_inside_the_inbox_is_refused(out: str, inbox: Path) -> None:
    result = xlsx_eval("run", inbox, "--out", inbox / out)

    assert result.exit_code == 2
    assert "lies inside INBOX" in result.output
    assert not (inbox / "summary.xlsx").exists()


def test_a_run_that_dies_leaves_the_outputs_before_whole(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    xe.run(inbox, out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("xlsx_eval.pipeline.write_summary", full)
    with pytest.raises(OSError, match="No space"):
        xe.run(inbox, out)

    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_what_was_typed_into_an_annotated_copy_survives(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    xe.run(inbox, out)
    copy = out / "annotated" / "交通局 2021#1" / "超支 表.xlsx"
    book = openpyxl.load_workbook(copy)
    sheet = book["审核意见"]
    at = {str(cell.value): cell.coordinate for row in sheet.iter_rows() for cell in row}
    row = next(place for text, place in at.items() if text.startswith("F101")).lstrip("ABC")
    reply = at["单位说明"].rstrip("0123456789") + row
    decision = at["处理意见"].rstrip("0123456789") + row
    sheet[reply], sheet[decision] = "含上年结转6.2万元", "已说明"
    book.save(copy)
    edited = copy.read_bytes()

    result = xe.run(inbox, out)

    again = openpyxl.load_workbook(copy)["审核意见"]
    assert (again[reply].value, again[decision].value) == ("含上年结转6.2万元", "已说明")
    assert result.kept == ("edited/交通局 2021#1/超支 表.xlsx",)
    assert (out / result.kept[0]).read_bytes() == edited


def test_the_copy_of_a_file_that_is_gone_goes_too(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    xe.run(inbox, out)
    (inbox / "correct.xlsx").unlink()

    xe.run(inbox, out)

    assert not (out / "annotated" / "correct.xlsx").exists()
    assert "correct.xlsx" not in account(out)


def test_the_units_word_and_the_reviewers_both_survive(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    name = "交通局 2021#1/超支 表.xlsx"
    xe.run(inbox, out)
    sent = answer((out / "annotated" / name).read_bytes(), reply="含上年结转6.2万元")
    kept = answer((out / "annotated" / name).read_bytes(), decision="待核实")
    (inbox / name).write_bytes(sent)
    (out / "annotated" / name).write_bytes(kept)

    xe.run(inbox, out)

    assert answers((out / "annotated" / name).read_bytes()) == ("含上年结转6.2万元", "待核实")


def _places(sheet: Any) -> tuple[str, str]:
    at = {str(cell.value): cell.coordinate for row in sheet.iter_rows() for cell in row}
    row = next(place for text, place in at.items() if text.startswith("F101")).lstrip("ABC")
    reply, decision = (at[title].rstrip("0123456789") + row for title in ("单位说明", "处理意见"))
    return reply, decision


def answer(data: bytes, reply: str = "", decision: str = "") -> bytes:
    """An annotated copy in which a person answered the F101."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["审核意见"]
    for place, text in zip(_places(sheet), (reply, decision), strict=True):
        sheet[place] = text or None
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def answers(data: bytes) -> tuple[Any, ...]:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["审核意见"]
    return tuple(sheet[place].value for place in _places(sheet))


def test_what_a_reviewer_typed_into_the_summary_is_carried_on(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    xe.run(inbox, out)
    book = openpyxl.load_workbook(out / "summary.xlsx")
    book["问题清单"]["M4"] = "已说明"
    book["问题清单"]["N4"] = "单位已补材料"
    book.save(out / "summary.xlsx")

    assert xe.run(inbox, out).kept == ("edited/summary.xlsx",)
    xe.run(inbox, out)

    sheet = openpyxl.load_workbook(out / "summary.xlsx")["问题清单"]
    assert (sheet["M4"].value, sheet["N4"].value) == ("已说明", "单位已补材料")


def test_what_a_unit_typed_is_no_formula_in_the_findings(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "=a.xlsx").write_bytes(
        changed({"project_name": "=1+1", "funds_spent_total": -15.5, "funds_balance_total": None})
    )
    xe.run(tmp_path / "inbox", tmp_path / "out", jobs=1)

    found = pd.read_csv(tmp_path / "out" / "findings.csv", dtype=str).set_index("rule")
    assert set(found["file"]) == {"'=a.xlsx"}
    assert set(found["project"]) == {"'=1+1"}
    assert found.loc["F110", "actual"] == "-15.5万元"
    shown = xlsx_eval(
        "check", tmp_path / "inbox" / "=a.xlsx", "--format", "csv", "--select", "F110"
    )
    assert ",'=1+1,F110,error," in shown.stdout


def test_a_summary_that_a_person_changed_is_set_aside(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    xe.run(inbox, out)
    (out / "summary.xlsx").write_bytes(b"changed")

    assert xe.run(inbox, out).kept == ("edited/summary.xlsx",)
    assert (out / "edited" / "summary.xlsx").read_bytes() == b"changed"
    assert xe.run(inbox, out).kept == ()


def test_outputs_are_replaced_all_or_not_at_all(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    xe.run(inbox, out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    replace = Path.replace

    def locked(source: Path, target: Path) -> Path:
        if source == out / "summary.xlsx":
            raise PermissionError(13, "locked", str(source))
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(xe.UsageError, match=r"summary\.xlsx: close it in Excel or WPS"):
        xe.run(inbox, out, xe.Settings(select=("D",)))

    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_a_score_of_many_decimals_stops_nobody(inbox: Path, tmp_path: Path) -> None:
    (inbox / "mean.xlsx").write_bytes(changed({"score": 91.3333333333333}))

    result = xe.run(inbox, tmp_path / "out")

    projects = result.frames.projects.set_index("file")
    assert str(projects.loc["mean.xlsx", "score"]) == "91.333333"


def test_a_workbook_with_a_damaged_part_that_no_mark_touches_is_annotated(
    inbox: Path, tmp_path: Path
) -> None:
    with (
        zipfile.ZipFile(io.BytesIO(correct_bytes())) as source,
        zipfile.ZipFile(inbox / "correct.xlsx", "w") as target,
    ):
        for name in source.namelist():
            target.writestr(name, b"<cut" if name == "docProps/core.xml" else source.read(name))

    xe.run(inbox, tmp_path / "out")

    file = account(tmp_path / "out")["correct.xlsx"]
    assert (file["status"], file["annotated"]) == ("checked", "annotated/correct.xlsx")
    with zipfile.ZipFile(tmp_path / "out" / "annotated" / "correct.xlsx") as copy:
        assert copy.read("docProps/core.xml") == b"<cut"


def test_check_prints_findings(tmp_path: Path, overspent: bytes) -> None:
    path = tmp_path / "超支.xlsx"
    path.write_bytes(overspent)

    text = xlsx_eval("check", path, "--select", "F101")
    listed = xlsx_eval("check", path, "--select", "F101", "--format", "json")
    table = xlsx_eval("check", path, "--select", "F101", "--format", "csv")

    assert text.exit_code == 0
    assert "F101 error" in text.output
    assert "实际支出306.2万元" in text.output
    assert [each["rule"] for each in json.loads(listed.output)] == ["F101"]
    assert table.output.splitlines()[0].startswith("file,project,rule,severity,sheet,cell")


def test_check_says_what_it_cannot_read(tmp_path: Path, overspent: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 truncated")
    (tmp_path / "b.xlsx").write_bytes(overspent)

    result = xlsx_eval("check", tmp_path / "a.xlsx", tmp_path / "b.xlsx")

    assert result.exit_code == 3
    assert "a.xlsx: 文件不完整或已损坏" in result.stderr
    assert "F101" in result.stdout


def test_rule_lists_and_explains() -> None:
    assert "overspent-received" in xlsx_eval("rule").output
    explained = xlsx_eval("rule", "f101").output
    assert "Total spent is greater than total received." in explained
    assert "To correct: check whether a carry-over is missing" in explained
    assert "改正：请核对到位资金" in xlsx_eval("rule", "F101", "--language", "zh").output
    assert xlsx_eval("rule", "F999").exit_code == 2


def test_template_is_written(tmp_path: Path) -> None:
    target = tmp_path / "blank.xlsx"

    assert xlsx_eval("template", "-o", target).exit_code == 0
    assert "封面" in openpyxl.load_workbook(target).sheetnames
    assert xlsx_eval("template", "-o", tmp_path / "no" / "blank.xlsx").exit_code == 2


def test_watch_runs_again_when_a_workbook_lands(tmp_path: Path, overspent: bytes) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    (inbox / "a.xlsx").write_bytes(correct_bytes())
    watching = subprocess.Popen([sys.executable, "-m", "xlsx_eval", "watch", inbox, "--out", out])
    try:
        assert _comes(lambda: set(account(out)) == {"a.xlsx"})
        time.sleep(1)  # the watch begins after the first run
        (inbox / "b.xlsx").write_bytes(overspent)
        assert _comes(lambda: set(account(out)) == {"a.xlsx", "b.xlsx"})
    finally:
        watching.terminate()
        watching.wait(timeout=20)


def _comes(condition: Any, seconds: float = 40) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if condition():
                return True
        except FileNotFoundError:
            pass
        time.sleep(0.2)
    return False


def test_from_python(inbox: Path, tmp_path: Path, overspent: bytes) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(overspent)

    frames = xe.read(path)
    result = xe.run(inbox, tmp_path / "out", settings=xe.Settings(select=("F101",)))

    assert frames.projects.loc[0, "project_name"] == "农村公路养护项目"
    assert frames["projects"] is frames.projects
    assert list(xe.check(path)["rule"]) == list(xe.check(frames)["rule"])
    assert list(result.findings["rule"]) == ["F101"]
    assert len(result.frames.projects) == 2
    with pytest.raises(xe.UnreadableWorkbook, match="不是 Excel 工作簿"):
        xe.read(inbox / "notes.xlsx")


def test_a_form_that_asks_for_no_money_received(inbox: Path, tmp_path: Path) -> None:
    (inbox / "国家表.xlsx").write_bytes(correct_table("national_selfeval", {"C3": "桥梁加固项目"}))

    result = xe.run(inbox, tmp_path / "out")

    book = openpyxl.load_workbook(tmp_path / "out" / "summary.xlsx", data_only=True)
    rows = {row[3]: row for row in book["项目汇总表"].iter_rows(min_row=5, values_only=True)}
    assert result.files.set_index("file")["verdict"]["国家表.xlsx"] == "通过"
    assert rows["桥梁加固项目"][4:10] == (300, None, 270, None, None, 0.9)
    assert "执行率按计划安排（全年预算）计算" in book["项目汇总表"]["A2"].value

"""The roster and last year's run through the doors: settings, command line, outputs."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from correct_form import changed, correct_bytes
from grids import workbook
from pages import cards, columns

import xlsx_eval as xe
from xlsx_eval.cli import main

ROSTER = """
2021年度花名册 | < | < | <
主管部门 | 项目单位 | 项目名称 | 预算（万元）
清平县交通运输局 | 清平县公路养护中心 | 农村公路养护项目 | 320
清平县交通运输局 | 清平县公路养护中心 | 桥梁加固项目 | 80.5
清平县水利局 | 清平县水利站 | 水库除险加固 | 100
"""


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A correct form, a file that can't be read, settings that name the roster beside them."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "公路.xlsx").write_bytes(correct_bytes())
    (folder / "水库除险加固.xlsx").write_text("坏", "utf-8")
    (tmp_path / "roster.xlsx").write_bytes(workbook({"花名册": ROSTER}))
    (tmp_path / "xlsx-eval.toml").write_text('roster = "roster.xlsx"\n', "utf-8")
    return folder


def xlsx_eval(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_roster_of_the_settings(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = xlsx_eval("run", inbox, "--out", out, "--jobs", 1)

    assert "not submitted" in result.stdout
    findings = pd.read_csv(out / "findings.csv", dtype=str)
    assert list(findings["rule"]) == ["C005"]
    assert json.loads((out / "run.json").read_text("utf-8"))["missing"] == [
        {
            "unit": "清平县公路养护中心", "project": "桥梁加固项目", "budget": "80.500000",
            "department": "清平县交通运输局", "remark": "", "submitted_as": None,
        },
        {
            "unit": "清平县水利站", "project": "水库除险加固", "budget": "100.000000",
            "department": "清平县水利局",
            "remark": "“水库除险加固.xlsx”未能读取，可能是该项目的自评报告。",
            "submitted_as": None,
        },
    ]  # fmt: skip
    book = openpyxl.load_workbook(out / "summary.xlsx")
    assert "未报送" in book.sheetnames
    assert book["未报送"]["D4"].value == "桥梁加固项目"


def test_the_roster_from_python(inbox: Path, tmp_path: Path) -> None:
    settings = xe.Settings(roster=tmp_path / "roster.xlsx")
    result = xe.run(inbox, tmp_path / "out", settings, jobs=1)

    assert list(result.missing["project"]) == ["桥梁加固项目", "水库除险加固"]
    assert list(result.missing["budget"]) == [Decimal("80.5"), Decimal(100)]
    assert list(xe.check(inbox / "公路.xlsx", settings)["rule"]) == ["C005"]


def test_whoever_ignores_c004_gets_no_list(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    xlsx_eval("run", inbox, "--out", out, "--ignore", "C004", "--jobs", 1, "--quiet")

    assert json.loads((out / "run.json").read_text("utf-8"))["missing"] is None
    assert "未报送" not in openpyxl.load_workbook(out / "summary.xlsx").sheetnames


def test_a_roster_in_the_inbox_is_no_submission(inbox: Path, tmp_path: Path) -> None:
    roster = inbox / "花名册.xlsx"
    (tmp_path / "roster.xlsx").rename(roster)
    result = xlsx_eval("run", inbox, "--out", tmp_path / "out", "--roster", roster, "--jobs", 1)

    assert "workbooks checked  1" in result.stdout
    assert (
        "花名册.xlsx" not in (tmp_path / "out" / "run.json").read_text("utf-8").split("outputs")[0]
    )


def test_check_takes_a_roster(inbox: Path, tmp_path: Path) -> None:
    checked = xlsx_eval("check", inbox / "公路.xlsx", "--roster", tmp_path / "roster.xlsx")

    assert "花名册中该项目的预算为320万元" in checked.stdout


@pytest.mark.parametrize("option", ["--roster", "--previous"])
def test_what_can_t_be_read_ends_with_2(option: str, inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = xlsx_eval("run", inbox, "--out", out, option, tmp_path / "none")

    assert result.exit_code == 2
    assert "cannot read" in result.stderr
    assert not (out / "run.json").exists()


def test_last_year_s_balance(inbox: Path, tmp_path: Path) -> None:
    last, out = tmp_path / "last", tmp_path / "out"
    (tmp_path / "xlsx-eval.toml").write_text("year = 2020\n", "utf-8")
    (inbox / "公路.xlsx").write_bytes(changed({"funds_balance_total": 5}))
    xlsx_eval("run", inbox, "--out", last, "--quiet", "--jobs", 1)
    (tmp_path / "xlsx-eval.toml").write_text('year = 2021\nprevious = "last"\n', "utf-8")
    (inbox / "公路.xlsx").write_bytes(changed({"narrative_2": "含上年结转6.2万元，一并使用。" * 2}))
    xlsx_eval("run", inbox, "--out", out, "--quiet", "--jobs", 1, "--select", "C")

    findings = pd.read_csv(out / "findings.csv", dtype=str)
    assert list(findings["rule"]) == ["C007"]
    (tmp_path / "xlsx-eval.toml").write_text('year = 2022\nprevious = "last"\n', "utf-8")
    refused = xlsx_eval("run", inbox, "--out", out, "--quiet")
    assert (refused.exit_code, "is a run of 2020" in refused.stderr) == (2, True)


def test_only_the_later_of_two_submissions_counts(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "a.xlsx").write_bytes(correct_bytes())
    (folder / "b.xlsx").write_bytes(changed({"report_date": "2022-03-20", "phone": "0730-0000009"}))
    result = xe.run(folder, tmp_path / "out", jobs=1)
    book = openpyxl.load_workbook(tmp_path / "out" / "summary.xlsx", data_only=True)

    assert list(result.findings["rule"]) == ["C001", "C001"]
    before, later = result.findings["message"]
    assert before.startswith(
        "项目“农村公路养护项目”报送了2份，以“b.xlsx”为准（报告日期较晚），本份不计入汇总。"
    )
    assert later.startswith(
        "项目“农村公路养护项目”报送了2份，另一份是“a.xlsx”；以本份为准（报告日期较晚）。"
    )
    assert book["项目汇总表"]["E3"].value == 300
    xe.run(folder, tmp_path / "all", xe.Settings(ignore=("C001",)), jobs=1)
    book = openpyxl.load_workbook(tmp_path / "all" / "summary.xlsx", data_only=True)
    assert book["项目汇总表"]["E3"].value == 600


def test_a_unit_spelled_in_several_ways_is_one_in_the_summary(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    spelled = [
        ("清平县公路站", "清平县交通局"), ("清平县 公路站", "清平县 交通局"),
        ("清平县公路站（公章）", "清平县交通局（盖章）"), ("公路站", "交通局"),
    ]  # fmt: skip
    for number, (unit, department) in enumerate(spelled, start=1):
        told = {"project_unit": unit, "department": department, "project_name": f"{number}号桥"}
        (folder / f"{number}.xlsx").write_bytes(changed(told))
    result = xe.run(folder, tmp_path / "out", jobs=1)

    assert list(result.frames.projects["project_unit"]) == [unit for unit, _ in spelled]
    book = openpyxl.load_workbook(tmp_path / "out" / "summary.xlsx", data_only=True)
    assert cards(book["总览"])["单位数"] == 1
    assert columns(book["部门汇总"], "序号", "主管部门", "单位数", "项目数") == [
        ("清平县交通局", 1, 4)
    ]
    assert columns(book["单位汇总"], "序号", "主管部门", "项目单位", "项目数") == [
        ("清平县交通局", "清平县公路站", 4)
    ]
    assert {unit for (unit,) in columns(book["项目汇总表"], "序号", "项目单位")} == {"清平县公路站"}

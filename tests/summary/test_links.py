"""Links from the county workbook into the marked copies."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest

from xlsx_eval.summary import County, write_summary

MakeCounty = Callable[..., County]
MakeReport = Callable[..., Any]
Opened = Callable[[bytes], Any]

NAMES = [
    "报送/县医院.xlsx",
    "有 空格/100%完成 #2.xlsx",
    "a%20b.xlsx",
    "%41.xlsx",
    "[汇总]{1}^`.xlsx",
    'a"b<c>.xlsx',
    "什么？?.xlsx",
    "a&b='c'.xlsx",
    "C:夹/a.xlsx",
]


def targets(content: bytes, sheet: int) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        part = package.read(f"xl/worksheets/_rels/sheet{sheet}.xml.rels").decode()
    found = re.findall(r'Target="([^"]*)" TargetMode="External"', part)
    return [each.replace("&amp;", "&").replace("&quot;", '"') for each in found]


@pytest.mark.parametrize("name", NAMES)
def test_a_link_leads_to_the_file_whatever_it_is_called(
    make_county: MakeCounty, make_report: MakeReport, name: str
) -> None:
    report = make_report(
        "项目", "单位", None, ("1", "1", "1", "0"), "90", "优", [("F101", "error")], file=name
    )
    content = write_summary(make_county([report]))
    for sheet in (2, 3):
        (target,) = targets(content, sheet)
        assert "#" not in target
        assert unquote(target).replace("\\", "/") == f"annotated/{name}"


def test_a_finding_links_to_its_cell(
    make_county: MakeCounty, make_report: MakeReport, opened: Opened
) -> None:
    report = make_report(
        "项目", "单位", None, ("1", "1", "1", "0"), "90", "优", [("F101", "error")],
        sheet="三、绩效 #1's",
    )  # fmt: skip
    cell = opened(write_summary(make_county([report])))["问题清单"]["F4"]
    assert cell.value == "三、绩效 #1's!D13"
    assert cell.hyperlink.location == "'三、绩效 #1''s'!D13"
    assert cell.hyperlink.target == "annotated\\报送\\0001.xlsx"


def test_a_finding_without_a_file_has_no_link(
    make_county: MakeCounty, make_report: MakeReport, opened: Opened
) -> None:
    missing = {
        "project": "道路硬化", "rule": "C004", "severity": "error", "message": "没有收到自评表。",
    }  # fmt: skip
    report = make_report("项目", "单位", None, ("1", "1", "1", "0"), "90", "优")
    sheet = opened(write_summary(make_county([report], extra_findings=[missing])))["问题清单"]
    assert [cell.value for cell in sheet[4]][:7] == [
        1, "错误", "C004 应报未报", "道路硬化", None, None, "没有收到自评表。",
    ]  # fmt: skip
    assert sheet["F4"].hyperlink is None


def test_a_path_too_long_for_excel_is_written_without_a_link(
    make_county: MakeCounty, make_report: MakeReport, opened: Opened
) -> None:
    report = make_report(
        "项目", "单位", None, ("1", "1", "1", "0"), "90", "优", file="长" * 2100 + ".xlsx"
    )
    cell = opened(write_summary(make_county([report])))["项目汇总表"]["D5"]
    assert (cell.value, cell.hyperlink) == ("项目", None)


def test_past_the_limit_of_links_places_are_plain_text(
    make_county: MakeCounty,
    make_report: MakeReport,
    opened: Opened,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("xlsx_eval.summary.sheet.MOST_LINKS", 2)
    report = make_report(
        "项目", "单位", None, ("1", "1", "1", "0"), "90", "优", [("F101", "error")] * 3
    )
    sheet = opened(write_summary(make_county([report])))["问题清单"]
    assert [bool(sheet.cell(row, 6).hyperlink) for row in (4, 5, 6)] == [True, True, False]
    assert sheet["F6"].value == "一、项目基本情况!D13"

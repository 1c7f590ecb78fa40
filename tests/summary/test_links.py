"""Links from the county workbook into the marked copies."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from pages import links, records

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


PROJECTS, PROBLEMS, FILES = 2, 7, 9  # the sheets' numbers


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
    for sheet in (PROJECTS, PROBLEMS, FILES):
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
    cell = opened(write_summary(make_county([report])))["问题清单"]["I4"]
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
    (record,) = records(sheet)
    assert {name: value for name, value in record.items() if value is not None} == {
        "序号": 1, "级别": "错误", "规则": "C004", "问题": "应报未报", "项目名称": "道路硬化",
        "问题与处理": "没有收到自评表。", "部门序号": 0,
    }  # fmt: skip
    assert links(sheet, "序号", "位置") == [None]


def test_a_path_too_long_for_excel_is_written_without_a_link(
    make_county: MakeCounty, make_report: MakeReport, opened: Opened
) -> None:
    report = make_report(
        "项目", "单位", None, ("1", "1", "1", "0"), "90", "优", file="长" * 2100 + ".xlsx"
    )
    sheet = opened(write_summary(make_county([report])))["项目汇总表"]
    assert links(sheet, "序号", "批注副本") == [None]
    assert sheet["D5"].value == "项目"


def test_past_the_limit_of_links_places_are_plain_text(
    make_county: MakeCounty,
    make_report: MakeReport,
    opened: Opened,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("xlsx_eval.summary.sheet.MOST_LINKS", 2)
    monkeypatch.setattr("xlsx_eval.summary.problems.MOST_LINKS", 2)
    report = make_report(
        "项目", "单位", None, ("1", "1", "1", "0"), "90", "优", [("F101", "error")] * 3
    )
    sheet = opened(write_summary(make_county([report])))["问题清单"]
    assert [bool(each) for each in links(sheet, "序号", "位置")] == [True, True, False]
    assert sheet["I6"].value == "一、项目基本情况!D13"
    assert "只有前 2 条可点击" in sheet["A2"].value


def test_a_project_links_to_its_findings(
    make_county: MakeCounty, make_report: MakeReport, opened: Opened
) -> None:
    some = [
        make_report(
            name, "单位", None, ("1", "1", "1", "0"), "90", "优", [("F101", "error")] * count
        )
        for name, count in (("甲", 2), ("乙", 0), ("丙", 3))
    ]
    sheet = opened(write_summary(make_county(some)))["项目汇总表"]
    assert links(sheet, "序号", "问题") == ["'问题清单'!A4:N5", None, "'问题清单'!A6:N8"]

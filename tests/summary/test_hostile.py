"""Whatever a unit typed is written as text: no formula, link or markup comes of it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from xlsx_eval.csv_text import harmless_csv
from xlsx_eval.summary import County, Decision, read_decisions, write_summary

MakeCounty = Callable[..., County]
MakeReport = Callable[..., Any]

HOSTILE = [
    "=1+1", '=cmd|"/c calc"!A1', "+1+1", "-1+1", "@SUM(A1)", "http://example.com", "mailto:a@b.cn",
    "{=1}", "internal:Sheet1!A1", "external:c:\\a.exe", "#REF!", "TRUE", "1e5", "_x0041_",
    "<r><t>粗</t></r>", "<r></is></c></r>", "]]>", "&amp;", '"&A1&"', "*", "~?", "'",
    "＝1+1", "－1", "<r></r>",
]  # fmt: skip
OURS = {
    f"{name}("
    for name in ("SUBTOTAL", "SUM", "SUMIFS", "COUNTIFS", "COUNT", "COUNTA", "COUNTBLANK",
                 "AVERAGE", "ROUND", "ROWS", "IF", "AND", "OR", "N", "ISNUMBER")
}  # fmt: skip


@pytest.fixture(scope="module")
def content(make_county: MakeCounty, make_report: MakeReport) -> bytes:
    """A county's workbook: every text is once everything that a unit or reviewer can type."""
    reports = [
        make_report(
            text, text, text, ("1", "1", "1", "0"), "90", "优", [("F101", "error")], message=text,
            sheet=text, file=f"{text}.xlsx", indicators=[("数量指标", "attained")],
        )
        for text in HOSTILE
    ]  # fmt: skip
    county = make_county(reports, rejected=[(text, text) for text in HOSTILE], name='"&A1&"')
    told = [Decision(f"{text}.xlsx", "F101", f"{text}!D13", text, text, text) for text in HOSTILE]
    gone = [Decision(text, "F102", text, text, text, text) for text in HOSTILE]
    return write_summary(replace(county, decisions=(*told, *gone)))


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))


@pytest.mark.parametrize("text", HOSTILE)
def test_it_stays_the_text_that_it_is(text: str, book: Any) -> None:
    for sheet, column in [
        ("项目汇总表", "B"), ("项目汇总表", "C"), ("项目汇总表", "D"), ("部门汇总", "B"),
        ("单位汇总", "C"), ("资金来源汇总", "A"), ("问题清单", "E"), ("问题清单", "G"),
        ("问题清单", "J"), ("问题清单", "M"), ("问题清单", "N"), ("处理情况", "A"),
        ("处理情况", "C"), ("指标明细", "B"), ("指标明细", "D"), ("以往审核意见", "D"),
        ("以往审核意见", "G"), ("以往审核意见", "H"),
    ]:  # fmt: skip
        cells = [cell for cell in book[sheet][column] if unescape(str(cell.value)) == text]
        assert cells, (sheet, column)
        for cell in cells:
            assert (cell.data_type, cell.hyperlink) == ("s", None)
            assert cell.quotePrefix is (text[0] in "=+-@＝＋－＠")


def test_the_name_of_the_county_is_no_code_in_the_header(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        part = package.read("xl/worksheets/sheet1.xml").decode()
    (header,) = re.findall("<oddHeader>(.*)</oddHeader>", part)
    assert '"&amp;&amp;A1&amp;&amp;"2021年度项目绩效自评汇总&amp;R' in header.replace("&quot;", '"')


def test_the_formulas_and_links_are_ours(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    formulas = [
        each for part in parts.values() for each in re.findall(r"<(?:f|c:f)>([^<]*)</", part)
    ]
    assert len(formulas) > 1000
    for each in formulas:
        calls = re.sub(r"&quot;[^&]*&quot;|'[^']*'!", "", each)
        assert not set(re.findall(r"[A-Z]+\(", calls)) - OURS
    targets = [
        target
        for name, part in parts.items()
        if name.endswith(".rels")
        for target in re.findall(r'Target="([^"]*)" TargetMode="External"', part)
    ]
    assert targets
    assert all(target.startswith("annotated\\") for target in targets)
    assert not [name for name in parts if "vba" in name or "externalLink" in name]


def test_what_a_reviewer_typed_comes_back_as_it_was(content: bytes) -> None:
    told = {decision.decision for decision in read_decisions(content)}
    assert told == {text.strip() for text in HOSTILE}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1+1", "'  =1+1"),
        ("\t=1+1", "'\t=1+1"),
        ("\n正常", "'\n正常"),
        ("＝1+1", "'＝1+1"),
        ("-15.5", "-15.5"),
        ("+3", "+3"),
        ("-1,234.50", "-1,234.50"),
        ("-15.4万元", "-15.4万元"),
        ("-3.5%", "-3.5%"),
        ("-5公里|calc", "'-5公里|calc"),
        ("1=1", "1=1"),
        ("项目-一期", "项目-一期"),
        ("", ""),
    ],
)
def test_texts_in_a_csv_file(text: str, written: str) -> None:
    assert harmless_csv(text) == written

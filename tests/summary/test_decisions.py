"""What reviewers type into 问题清单 comes back in the next summary."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from pages import columns, header

from xlsx_eval.summary import County, Decision, read_decisions, write_summary

MakeCounty = Callable[..., County]
MakeReport = Callable[..., Any]
Opened = Callable[[bytes], Any]


def edited(content: bytes, change: Callable[[Any], None]) -> bytes:
    book = load_workbook(io.BytesIO(content))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def answer(book: Workbook) -> None:
    book["问题清单"]["M4"] = "已说明"
    book["问题清单"]["N4"] = " 超支由单位自筹\n已附凭证 "
    book["问题清单"]["N6"] = "电话核实"


def rows(content: bytes, opened: Opened, sheet: str = "问题清单") -> list[tuple[Any, ...]]:
    return columns(opened(content)[sheet], "序号", "规则", "文件", "审核决定", "备注")


ANSWERED = [
    ("F101", "报送/0001.xlsx", "已说明", " 超支由单位自筹\n已附凭证 "),
    ("D204", "报送/0001.xlsx", None, None),
    ("F108", "报送/0001.xlsx", None, "电话核实"),
    ("D204", "报送/0002.xlsx", None, None),
]


def again(county: County, before: bytes) -> bytes:
    return write_summary(replace(county, decisions=read_decisions(before)))


def test_decisions_and_remarks_come_back(three_projects: County, opened: Opened) -> None:
    before = edited(write_summary(three_projects), answer)
    assert read_decisions(before)[0] == Decision(
        "报送/0001.xlsx", "F101", "一、项目基本情况!D13",
        "实际支出大于实际到位资金，请核对到位资金和支出数，确有垫付的说明资金来源。",
        "已说明", " 超支由单位自筹\n已附凭证 ", "实际支出大于实际到位",
    )  # fmt: skip
    second = again(three_projects, before)
    assert rows(second, opened) == ANSWERED
    assert rows(again(three_projects, second), opened) == ANSWERED


def test_the_sheet_tells_how_many_are_decided(three_projects: County, stored: Opened) -> None:
    after = again(three_projects, edited(write_summary(three_projects), answer))
    assert stored(after)["问题清单"]["N2"].value == "筛选出 4 条，已审核 1 / 4 条"


def test_people_sort_insert_rows_and_rename_the_sheet(
    three_projects: County, opened: Opened
) -> None:
    def rearrange(book: Any) -> None:
        answer(book)
        sheet = book["问题清单"]
        found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=7)]
        for number, values in enumerate(reversed(found), start=4):
            for column, value in enumerate(values, start=1):
                sheet.cell(number, column).value = value
        sheet.insert_rows(2, 3)
        sheet.title = "张三已看"

    after = again(three_projects, edited(write_summary(three_projects), rearrange))
    assert rows(after, opened) == ANSWERED


def test_an_answer_to_what_is_no_longer_found_is_kept(
    three_projects: County, opened: Opened
) -> None:
    before = edited(write_summary(three_projects), answer)
    corrected = replace(three_projects, findings=three_projects.findings.iloc[[0, 2, 3]])
    without = again(corrected, before)
    assert rows(without, opened, "以往审核意见") == [ANSWERED[0]]
    assert "超支由单位自筹" not in str(rows(without, opened))
    assert rows(again(three_projects, without), opened) == ANSWERED  # found again
    assert "以往审核意见" not in opened(again(three_projects, without)).sheetnames


def test_of_several_findings_on_a_cell_the_same_message_is_answered(
    make_county: MakeCounty, make_report: MakeReport, opened: Opened
) -> None:
    report = make_report("项目", "单位", None, ("1", "1", "1", "0"), None, None)
    same = {"file": "报送/0001.xlsx", "rule": "D205", "severity": "error", "sheet": "表",
            "cell": "D13"}  # fmt: skip
    two = [same | {"message": text} for text in ("与第3行重复", "与第5行重复")]
    county = make_county([report], extra_findings=two)
    told = Decision("报送/0001.xlsx", "D205", "表!D13", "与第5行重复", "已更正", "")
    after = write_summary(replace(county, decisions=(told,)))
    assert [each[2] for each in rows(after, opened)] == [None, "已更正"]
    changed = replace(told, message="与第7行重复")  # its figures differ, its cell is the same
    after = write_summary(replace(county, decisions=(changed,)))
    assert [each[2] for each in rows(after, opened)] == ["已更正", None]


def test_a_finding_without_a_file_is_known_by_its_message(
    make_county: MakeCounty, opened: Opened
) -> None:
    missing = [
        {"rule": "C004", "severity": "error", "project": name, "message": f"“{name}”没有报送。"}
        for name in ("甲项目", "乙项目")
    ]
    county = make_county([], extra_findings=missing)
    told = Decision("", "C004", "", "“乙项目”没有报送。", "待核实", "")
    after = write_summary(replace(county, decisions=(told, replace(told, message="旧"))))
    assert [each[2] for each in rows(after, opened)] == [None, "待核实"]
    assert [each[0] for each in rows(after, opened, "以往审核意见")] == ["C004"]


def test_what_a_copied_sheet_says_again_is_said_once(
    three_projects: County, opened: Opened
) -> None:
    def copied(book: Any) -> None:
        answer(book)
        book.copy_worksheet(book["问题清单"])

    after = again(three_projects, edited(write_summary(three_projects), copied))
    assert rows(after, opened) == ANSWERED
    assert "以往审核意见" not in opened(after).sheetnames
    corrected = replace(three_projects, findings=three_projects.findings.iloc[[0, 2, 3]])
    without = again(corrected, edited(write_summary(three_projects), copied))
    assert rows(without, opened, "以往审核意见") == [ANSWERED[0]]


@pytest.mark.parametrize(
    ("typed", "number_format", "kept"),
    [
        (dt.date(2022, 3, 10), "yyyy-mm-dd", "2022-03-10"),
        (dt.datetime(2022, 3, 10, 9, 30), 'm"月"d"日"', "2022-03-10 09:30:00"),  # noqa: DTZ001
        (dt.date(2022, 3, 10), "m/d/yyyy", "2022-03-10"),
        (44630, "0", "44630"),
        (0.1 + 0.2, "General", "0.3"),
        (True, "General", "TRUE"),
        (" 电话 ", "General", " 电话 "),
        ("<r>x</r>", "General", "<r>x</r>"),
        (" ", "General", None),
    ],
)
def test_what_is_typed_comes_back_as_it_showed(
    three_projects: County, opened: Opened, typed: Any, number_format: str, kept: str | None
) -> None:
    def type_in(book: Any) -> None:
        book["问题清单"]["N4"] = typed
        book["问题清单"]["N4"].number_format = number_format

    second = again(three_projects, edited(write_summary(three_projects), type_in))
    assert [each[3] for each in rows(second, opened)] == [kept, None, None, None]
    third = again(three_projects, second)
    assert [each[3] for each in rows(third, opened)] == [kept, None, None, None]


def test_a_date_in_a_format_that_a_chinese_excel_has_of_itself(
    three_projects: County, opened: Opened
) -> None:
    def type_in(book: Any) -> None:
        book["问题清单"]["N4"] = dt.date(2022, 3, 10)
        book["问题清单"]["N4"].number_format = "mm-dd-yy"  # which is 14

    saved = io.BytesIO()
    typed = zipfile.ZipFile(io.BytesIO(edited(write_summary(three_projects), type_in)))
    with typed, zipfile.ZipFile(saved, "w") as package:
        for name in typed.namelist():
            part = typed.read(name)
            if name == "xl/styles.xml":
                assert b'numFmtId="14"' in part
                part = part.replace(b'numFmtId="14"', b'numFmtId="31"')  # 2022年3月10日
            package.writestr(name, part)
    assert rows(again(three_projects, saved.getvalue()), opened)[0][3] == "2022-03-10"


@pytest.mark.parametrize("content", [b"", b"changed", b"PK\x03\x04" + b"x" * 100])
def test_what_is_no_summary_has_no_decisions(content: bytes) -> None:
    assert read_decisions(content) == ()


def test_another_workbook_has_no_decisions() -> None:
    saved = io.BytesIO()
    book = Workbook()
    book.active.append(["文件", "规则", "备注"])  # type: ignore[union-attr]
    book.active.append(["a.xlsx", "F101", "看过"])  # type: ignore[union-attr]
    book.save(saved)
    assert read_decisions(saved.getvalue()) == ()


def test_the_choices_are_offered(three_opened: Any) -> None:
    sheet = three_opened["问题清单"]
    assert header(sheet, "审核决定") == 3
    (offered,) = sheet.data_validations.dataValidation
    assert (str(offered.sqref), offered.formula1) == ("M4:M7", '"已更正,已说明,不予采纳,待核实"')

"""Every formula's stored value is what LibreOffice makes of it."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from xlsx_eval.frames import MISSING, table
from xlsx_eval.summary import Absent, County, Decision, read_decisions, write_summary

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*extension is not supported"),  # that LibreOffice writes
    pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not installed"),
    pytest.mark.xdist_group("office"),
]

Values = dict[tuple[str, str], Any]


@pytest.fixture(scope="module")
def county(make_county: Callable[..., County], make_reports: Any, make_report: Any) -> County:
    """All there may be: patterns for names, two kinds of forms, blanks, a repetition, a roster."""
    odd = [
        make_report(
            f"项目{number}", name, name, ("10", "9", spent, None), score, "优",
            [("F101", "error"), ("D204", "warning")],
            sources={("planned", "central"): "3", ("planned", "county"): "6.5",
                     ("received", "county"): "5", ("spent", "county"): "4.99"},
            indicators=[("数量指标", "attained"), ("质量指标", "missed"), ("其他指标", "unclear")],
            file=f"{number}.xlsx",
        )
        for number, (name, spent, score) in enumerate(
            [("*", "9", "90"), (">0", "9.01", None), ("=", None, "0"), ("住?局", "7.2", "88.88"),
             ("~", "0", None), ("1", "8.1", "70"), (None, "9", "91"), ("单位", "9", "92")]
        )
    ]  # fmt: skip
    national = make_report(
        "国家表", "单位", "局", ("90", "100", "80.5"), "80", "良",
        asks_for=("initial", "planned", "spent"), file="国家.xlsx",
        sources={("planned", "fiscal"): "100", ("spent", "fiscal"): "80.5"},
    )  # fmt: skip
    blank = make_report(None, None, None, (None,) * 4, None, None, file="空.xlsx")
    made = make_county([*odd, national, blank, *make_reports(40)], [("坏.xlsx", "已损坏。")])
    due = table([{"project": "桥", "budget": Decimal("12.5")}, {"project": "路"}], MISSING)
    told = Decision("0.xlsx", "F101", "一、项目基本情况!D13", "", "已说明", "")
    return replace(made, replaced={"7.xlsx": "6.xlsx"}, absent=Absent(60, due), decisions=(told,))


def formulas(content: bytes) -> Iterator[tuple[str, str]]:
    for sheet in load_workbook(io.BytesIO(content)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate


def values(content: bytes) -> Values:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in load_workbook(io.BytesIO(content), data_only=True).worksheets
        for row in sheet.iter_rows()
        for cell in row
    }


@pytest.fixture(scope="module")
def content(county: County) -> bytes:
    return write_summary(county)


@pytest.fixture(scope="module")
def there(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The workbook as LibreOffice saves it; it is given none of the stored values."""
    folder = tmp_path_factory.mktemp("summary")
    book = load_workbook(io.BytesIO(content))
    book.save(folder / "summary.xlsx")  # openpyxl writes formulas without values
    subprocess.run(
        [
            str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
            "--convert-to", "xlsx", "--outdir", folder / "there", folder / "summary.xlsx",
        ],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return (folder / "there" / "summary.xlsx").read_bytes()


def test_every_formula_calculates_to_its_stored_value(content: bytes, there: bytes) -> None:
    stored, calculated = values(content), values(there)
    places = list(formulas(content))
    assert len(places) > 1200
    assert {sheet for sheet, _ in places} == {
        "总览", "项目汇总表", "部门汇总", "单位汇总", "资金来源汇总", "指标完成情况", "问题清单",
        "问题统计", "未报送", "图表数据",
    }  # fmt: skip
    for place in places:
        told, found = stored[place], calculated[place]
        if isinstance(told, str):
            assert found == told, place
        else:
            assert (found or 0) == pytest.approx(told or 0, abs=1e-9), place
            assert (found in {None, ""}) == (told is None), place


def test_decisions_are_read_from_what_another_program_saved(there: bytes) -> None:
    assert [(each.file, each.rule, each.decision) for each in read_decisions(there)] == [
        ("0.xlsx", "F101", "已说明"),
    ]  # fmt: skip

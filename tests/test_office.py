"""What LibreOffice makes of our workbooks: they open, print, and calculate to the stored values."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from correct_form import changed, correct_bytes

import xlsx_eval as xe
from xlsx_eval.annotation import strip
from xlsx_eval.forms import load_form
from xlsx_eval.template import build_template

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*extension is not supported"),  # that LibreOffice writes
    pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not installed"),
    pytest.mark.xdist_group("office"),  # one conversion serves them all
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template, an annotated copy and the summary, converted to PDF and back to .xlsx."""
    folder = tmp_path_factory.mktemp("office")
    inbox, out = folder / "inbox", folder / "out"
    inbox.mkdir()
    (inbox / "correct.xlsx").write_bytes(correct_bytes())
    (inbox / "overspent.xlsx").write_bytes(changed({"funds_spent_total": 306.2}))
    xe.run(inbox, out)
    shutil.copy(out / "annotated" / "overspent.xlsx", folder / "annotated.xlsx")
    shutil.copy(out / "summary.xlsx", folder / "summary.xlsx")
    (folder / "template.xlsx").write_bytes(build_template(load_form()))
    for target in ("pdf", "xlsx"):
        convert(sorted(folder.glob("*.xlsx")), target, folder / target)
    return folder


def convert(workbooks: list[Path], target: str, folder: Path) -> None:
    profile = (workbooks[0].parent / "profile").as_uri()
    subprocess.run(
        [
            str(SOFFICE), f"-env:UserInstallation={profile}", "--headless", "--convert-to", target,
            "--outdir", folder, *workbooks,
        ],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["template", "annotated", "summary"])
def test_it_prints(name: str, folder: Path) -> None:
    data = (folder / "pdf" / f"{name}.pdf").read_bytes()

    assert data.startswith(b"%PDF")
    assert len(data) > 10_000


def test_the_annotated_copy_keeps_its_marks(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "xlsx" / "annotated.xlsx")
    spent = book["一、项目基本情况"]["F5"]

    assert book.active is not None
    assert book.active.title == "审核意见"
    assert spent.fill.fgColor.rgb == "FFFFC7CE"
    assert "F104" in spent.comment.text


def test_the_marks_come_off_a_copy_that_libreoffice_saved(folder: Path) -> None:
    stripped = strip((folder / "xlsx" / "annotated.xlsx").read_bytes())
    book = openpyxl.load_workbook(io.BytesIO(stripped))
    before = openpyxl.load_workbook(folder / "inbox" / "overspent.xlsx")

    assert book.sheetnames == before.sheetnames
    for sheet in before.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                there = book[sheet.title][cell.coordinate]
                assert (there.value, there.comment) == (cell.value, None)
                assert there.fill.fgColor.rgb[2:] == cell.fill.fgColor.rgb[2:], cell.coordinate


def test_every_formula_calculates_to_its_stored_value(folder: Path) -> None:
    for name in ("summary", "template"):
        formulas = openpyxl.load_workbook(folder / f"{name}.xlsx")
        stored = openpyxl.load_workbook(folder / f"{name}.xlsx", data_only=True)
        calculated = openpyxl.load_workbook(folder / "xlsx" / f"{name}.xlsx", data_only=True)
        for sheet in formulas.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type != "f":
                        continue
                    there = calculated[sheet.title][cell.coordinate].value
                    here = stored[sheet.title][cell.coordinate].value
                    if isinstance(here, float | int):
                        assert there == pytest.approx(here), (name, sheet.title, cell.coordinate)
                    else:
                        assert (there or "") == (here or ""), (name, sheet.title, cell.coordinate)

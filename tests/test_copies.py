"""The annotated copies of a run: their names, other formats, and answers from round to round."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from correct_form import changed, correct_bytes
from other_formats import as_xml2003

import xlsx_eval as xe
from xlsx_eval.conversion import Office
from xlsx_eval.copies import copy_names
from xlsx_eval.reading import Limits

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
FUNDS = "一、项目基本情况"
SPENT = "F5"
MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


@pytest.fixture(scope="module")
def overspent() -> bytes:
    return changed({"funds_spent_total": 306.2, "expenditures_total": 306.2})


@pytest.fixture(scope="module")
def overspent_xml(overspent: bytes) -> bytes:
    return as_xml2003(overspent)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Office, "installed", lambda _: None)


def copies(out: Path) -> dict[str, str | None]:
    files = json.loads((out / "run.json").read_text("utf-8"))["files"]
    return {each["file"]: each["annotated"] for each in files}


def sheet(copy: Path, name: str) -> Any:
    return openpyxl.load_workbook(copy)[name]


def place(review: Any, title: str) -> str:
    """Where people answer the F101: in the column with this title."""
    at = {str(cell.value): cell for row in review.iter_rows() for cell in row}
    row = next(cell.row for text, cell in at.items() if text.startswith("F101"))
    return f"{at[title].column_letter}{row}"


def answer(copy: Path, title: str, text: str) -> bytes:
    book = openpyxl.load_workbook(copy)
    review = book["审核意见"]
    review[place(review, title)] = text
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def answers(copy: Path) -> tuple[object, ...]:
    review = sheet(copy, "审核意见")
    return tuple(review[place(review, title)].value for title in ("单位说明", "处理意见"))


# ------------------------------------------------------------------------------------------ names


def test_a_copy_tells_its_format_by_its_name() -> None:
    formats = {
        "a.xlsx": "xlsx",
        "a.XLSX.xlsx": "xlsx",
        "局/a.XLSM": "xlsm",
        "a.xls": "xls",
        "old.xls": "xlsx",
        "macros.xlsx": "xlsm",
        "form.et": "xls",
        "page.xlsx": "webpage",
        "template.xltx": "xltx",
    }

    assert copy_names(formats) == {
        "a.xlsx": "a.xlsx",
        "a.XLSX.xlsx": "a.XLSX.xlsx",
        "局/a.XLSM": "局/a.XLSM",
        "a.xls": "a.xls.xlsx",
        "old.xls": "old.xls.xlsx",
        "macros.xlsx": "macros.xlsx.xlsm",
        "form.et": "form.et.xlsx",
        "page.xlsx": "page.xlsx",
        "template.xltx": "template.xltx",
    }


def test_no_two_copies_have_one_name() -> None:
    names = copy_names({"a.xls": "xls", "A.XLS.xlsx": "xlsx", "a.XLS": "xls"})

    assert names == {
        "A.XLS.xlsx": "A.XLS.xlsx", "a.xls": "a.xls (2).xlsx", "a.XLS": "a.XLS (3).xlsx",
    }  # fmt: skip


def test_a_name_stays_as_short_as_a_file_system_needs() -> None:
    (name,) = copy_names({f"局/{'长' * 83}.xls": "xls"}).values()

    assert name.startswith("局/长")
    assert name.endswith(".xlsx")
    assert len(name.removeprefix("局/").encode()) <= 255


def test_a_workbook_by_a_wrong_name_gets_the_right_one_without_libreoffice(
    inbox: Path, out: Path, overspent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody_asked(_: Limits) -> None:
        raise AssertionError("no file needs it")

    monkeypatch.setattr(Office, "installed", nobody_asked)
    with_macros = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(overspent)) as old, zipfile.ZipFile(with_macros, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(PLAIN.encode(), MACROS.encode()))
        new.writestr("xl/vbaProject.bin", b"the macros")
    (inbox / "a.xls").write_bytes(overspent)
    (inbox / "b.xlsx").write_bytes(with_macros.getvalue())
    (inbox / "c.xlsm").write_bytes(with_macros.getvalue())

    xe.run(inbox, out)

    assert copies(out) == {
        "a.xls": "annotated/a.xls.xlsx",
        "b.xlsx": "annotated/b.xlsx.xlsm",
        "c.xlsm": "annotated/c.xlsm",
    }
    assert sheet(out / "annotated/a.xls.xlsx", FUNDS)[SPENT].value == 306.2
    with zipfile.ZipFile(out / "annotated/c.xlsm") as copy:
        assert MACROS.encode() in copy.read("[Content_Types].xml")
        assert copy.read("xl/vbaProject.bin") == b"the macros"


# ---------------------------------------------------------------------------------- other formats


@pytest.fixture(scope="module")
def rebuilt(
    tmp_path_factory: pytest.TempPathFactory, overspent: bytes, overspent_xml: bytes
) -> tuple[Path, xe.Result]:
    """What a run makes of an XML spreadsheet, a web page, and an .xlsx by another name."""
    folder = tmp_path_factory.mktemp("rebuilt")
    (folder / "inbox" / "局").mkdir(parents=True)
    (folder / "inbox" / "局" / "a.xls").write_bytes(overspent_xml)
    (folder / "inbox" / "b.xls").write_bytes(overspent)
    (folder / "inbox" / "网页.xls").write_text(
        "<html><table><tr><td>项目名称</td><td>河道清淤</td></tr></table></html>", "utf-8"
    )
    with pytest.MonkeyPatch.context() as without:
        without.setattr(Office, "installed", lambda _: None)
        return folder, xe.run(folder / "inbox", folder / "out")


def test_without_libreoffice_a_copy_is_built_from_the_values(
    rebuilt: tuple[Path, xe.Result],
) -> None:
    folder, result = rebuilt
    form = sheet(folder / "out/annotated/局/a.xls.xlsx", FUNDS)
    page = sheet(folder / "out/annotated/网页.xls.xlsx", "Sheet1")

    assert result.files[["file", "format", "reason", "annotated"]].to_numpy().tolist() == [
        ["b.xls", "xlsx", "", "annotated/b.xls.xlsx"],
        ["局/a.xls", "xml2003", "", "annotated/局/a.xls.xlsx"],
        ["网页.xls", "webpage", "", "annotated/网页.xls.xlsx"],
    ]
    assert form[SPENT].value == 306.2
    assert form[SPENT].fill.fgColor.rgb.endswith("FFC7CE")
    assert "超过实际到位300万元" in form[SPENT].comment.text
    assert page["B1"].value == "河道清淤"


def test_a_rebuilt_copy_reads_as_the_original_does(rebuilt: tuple[Path, xe.Result]) -> None:
    folder, _ = rebuilt

    before = xe.read(folder / "inbox/局/a.xls")
    after = xe.read(folder / "out/annotated/局/a.xls.xlsx")

    for name, frame in before.items():
        columns = [column for column in frame.columns if column != "file"]
        assert after[name][columns].equals(frame[columns]), name


def test_the_summary_links_to_a_copy_by_its_own_name(rebuilt: tuple[Path, xe.Result]) -> None:
    book = openpyxl.load_workbook(rebuilt[0] / "out" / "summary.xlsx")
    targets = {
        cell.hyperlink.target.replace("\\", "/")
        for page in book.worksheets
        for row in page.iter_rows()
        for cell in row
        if cell.hyperlink and cell.hyperlink.target
    }

    assert targets == {
        "annotated/b.xls.xlsx", "annotated/局/a.xls.xlsx", "annotated/网页.xls.xlsx",
    }  # fmt: skip


def test_a_copy_says_where_it_comes_from(rebuilt: tuple[Path, xe.Result]) -> None:
    folder, _ = rebuilt
    said = {
        name: " ".join(
            str(cell.value)
            for row in sheet(folder / "out" / "annotated" / name, "审核意见").iter_rows()
            for cell in row
        )
        for name in ("局/a.xls.xlsx", "b.xls.xlsx")
    }

    assert "报送的文件是 XML 表格 2003 格式，本副本按其中的数据重新制作" in said["局/a.xls.xlsx"]
    assert "报送的文件内容是 .xlsx 格式，与扩展名不符" in said["b.xls.xlsx"]


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_a_conversion_that_moved_cells_is_not_taken(
    inbox: Path, out: Path, tmp_path: Path, overspent_xml: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wrong.xlsx").write_bytes(correct_bytes())
    program = tmp_path / "soffice"
    program.write_text(
        f"#!{sys.executable}\nimport pathlib, shutil, sys\n"
        'made = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])\n'
        f'shutil.copy({str(tmp_path / "wrong.xlsx")!r}, made / "000000.xlsx")\n',
        "utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setattr(Office, "installed", lambda _: Office(program, Limits(60, 3000)))
    (inbox / "a.xls").write_bytes(overspent_xml)
    steps = []

    xe.run(inbox, out, progress=lambda *step: steps.append(step))

    assert sheet(out / "annotated/a.xls.xlsx", FUNDS)[SPENT].value == 306.2
    assert ("converting", 1, 1) in steps


@pytest.mark.xdist_group("office")
@pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_keeps_the_looks_and_the_formulas(
    inbox: Path, out: Path, tmp_path: Path, overspent: bytes
) -> None:
    original = openpyxl.load_workbook(io.BytesIO(overspent))
    original[FUNDS]["H5"] = "=D5-F5"
    original.save(tmp_path / "form.xlsx")
    subprocess.run(
        [
            str(SOFFICE), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
            "--convert-to", "xls", "--outdir", inbox, tmp_path / "form.xlsx",
        ],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    (inbox / "form.xls").rename(inbox / "form.et")

    xe.run(inbox, out)

    form = sheet(out / "annotated/form.et.xlsx", FUNDS)
    assert form[SPENT].value == 306.2
    assert form[SPENT].fill.fgColor.rgb.endswith("FFC7CE")
    assert form["H5"].data_type == "f"
    assert form["A1"].font.b == original[FUNDS]["A1"].font.b
    assert form["A1"].font.sz == original[FUNDS]["A1"].font.sz


# ---------------------------------------------------------------------------------------- answers


@pytest.mark.usefixtures("no_office")
def test_a_unit_may_send_the_copy_of_its_xls_back(
    inbox: Path, out: Path, overspent_xml: bytes
) -> None:
    copy = out / "annotated" / "a.xls.xlsx"
    (inbox / "a.xls").write_bytes(overspent_xml)
    xe.run(inbox, out)
    (inbox / "a.xls.xlsx").write_bytes(answer(copy, "单位说明", "含上年结转6.2万元"))
    copy.write_bytes(answer(copy, "处理意见", "待核实"))

    result = xe.run(inbox, out)  # the .xls is still there

    assert result.kept == ("edited/a.xls.xlsx",)

    assert copies(out) == {
        "a.xls": "annotated/a.xls (2).xlsx", "a.xls.xlsx": "annotated/a.xls.xlsx",
    }  # fmt: skip
    assert answers(copy) == ("含上年结转6.2万元", "待核实")

    (inbox / "a.xls").unlink()
    xe.run(inbox, out)

    assert copies(out) == {"a.xls.xlsx": "annotated/a.xls.xlsx"}
    assert answers(copy) == ("含上年结转6.2万元", "待核实")


@pytest.mark.usefixtures("no_office")
def test_an_xlsx_that_takes_the_place_of_an_xls_takes_its_answers_on(
    inbox: Path, out: Path, overspent: bytes, overspent_xml: bytes
) -> None:
    (inbox / "a.xls").write_bytes(overspent_xml)
    xe.run(inbox, out)
    copy = out / "annotated" / "a.xls.xlsx"
    copy.write_bytes(answer(copy, "处理意见", "待核实"))
    (inbox / "a.xls").unlink()
    (inbox / "a.xlsx").write_bytes(overspent)

    xe.run(inbox, out)

    assert copies(out) == {"a.xlsx": "annotated/a.xlsx"}
    copy = out / "annotated" / "a.xlsx"
    assert answers(copy) == (None, "待核实")

    (inbox / "a.xlsx").write_bytes(correct_bytes())
    for _ in range(2):  # the finding is gone, what was said about it stays, round after round
        xe.run(inbox, out)
        review = sheet(copy, "审核意见")
        assert sheet(copy, FUNDS)[SPENT].comment is None
        assert [row[9].value for row in review.iter_rows(min_row=6)].count("待核实") == 1


@pytest.fixture
def returned(inbox: Path, out: Path, overspent: bytes) -> Path:
    """The unit has answered and sent its copy back; the next run put that into the new copy."""
    form, copy = inbox / "a.xlsx", out / "annotated" / "a.xlsx"
    form.write_bytes(overspent)
    xe.run(inbox, out)
    form.write_bytes(answer(copy, "单位说明", "含上年结转6.2万元"))
    xe.run(inbox, out)
    assert answers(copy) == ("含上年结转6.2万元", None)
    return copy


def test_an_answer_that_the_unit_deletes_does_not_come_back(
    inbox: Path, out: Path, returned: Path
) -> None:
    (inbox / "a.xlsx").write_bytes(answer(returned, "单位说明", ""))
    returned.write_bytes(answer(returned, "处理意见", "待核实"))

    for _ in range(2):
        xe.run(inbox, out)
        assert answers(returned) == (None, "待核实")


def test_answers_follow_a_form_whose_sheet_was_renamed(
    inbox: Path, out: Path, returned: Path
) -> None:
    book = openpyxl.load_workbook(returned)
    book[FUNDS].title = f"{FUNDS}（修改）"
    book.save(inbox / "a.xlsx")

    for _ in range(2):
        xe.run(inbox, out)
        assert answers(returned) == ("含上年结转6.2万元", None)
        texts = [cell.value for row in sheet(returned, "审核意见") for cell in row]
        assert f"{FUNDS}（修改）!F5" in texts
        assert f"{FUNDS}!F5" not in texts


@pytest.mark.usefixtures("no_office")
@pytest.mark.parametrize("named", [True, False], ids=["with our name", "without"])
def test_answers_in_a_copy_saved_as_another_format_without_libreoffice(
    inbox: Path, out: Path, returned: Path, named: bool
) -> None:
    sent = as_xml2003(answer(returned, "单位说明", "另有\n上年结转")).decode()
    (inbox / "a.xlsx").unlink()
    (inbox / "a.xls").write_text(sent if named else sent.replace("_xlsx_eval_review", "x"), "utf-8")

    xe.run(inbox, out)

    (review,) = (
        each
        for each in openpyxl.load_workbook(out / "annotated" / "a.xls.xlsx")
        if "_xlsx_eval_review" in each.defined_names
    )
    assert review[place(review, "单位说明")].value == "另有\n上年结转"


@pytest.mark.xdist_group("office")
@pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not installed")
@pytest.mark.usefixtures("no_office")
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_answers_in_what_an_office_saved_are_read_without_it(
    inbox: Path, out: Path, tmp_path: Path, returned: Path, ending: str
) -> None:
    (tmp_path / "a.xlsx").write_bytes(answer(returned, "单位说明", "另有\n上年结转"))
    (inbox / "a.xlsx").unlink()
    subprocess.run(
        [
            str(SOFFICE), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
            "--convert-to", ending, "--outdir", inbox, tmp_path / "a.xlsx",
        ],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip

    xe.run(inbox, out)

    copy = out / "annotated" / f"a.{ending}.xlsx"
    assert answers(copy) == ("另有\n上年结转", None)
    names = openpyxl.load_workbook(copy).sheetnames
    assert [name for name in names if name.startswith("审核意见")] == ["审核意见"]

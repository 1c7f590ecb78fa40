"""The letters back to units, through a run and one by one."""

from __future__ import annotations

import io
import json
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from correct_form import changed, correct_bytes
from openpyxl.worksheet.worksheet import Worksheet

import xlsx_eval as xe
from xlsx_eval import look
from xlsx_eval.cli import main
from xlsx_eval.letters import Item, Letter, Office, file_names, write_letter

UNIT = "清平县公路养护中心"
SETTINGS = xe.Settings(
    county="清平县",
    year=2021,
    today=date(2022, 4, 6),
    letters=True,
    letter_deadline="2022-04-30",
    bureau="清平县财政局绩效评价股",
)


def sheet_of(path: Path) -> Worksheet:
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["整改通知"]
    return book.worksheets[0]


def texts(sheet: Worksheet) -> list[list[object]]:
    rows: list[list[object]] = [list(row) for row in sheet.iter_rows(values_only=True)]
    return [found for row in rows if (found := [value for value in row if value is not None])]


def footer(sheet: Worksheet, side: str) -> str:
    return str(getattr(sheet.oddFooter, side).text)


def xlsx_eval(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A correct form, two projects of one unit, one of no unit, and one with a notice only."""
    folder = tmp_path_factory.mktemp("inbox")
    spent = {"funds_spent_total": 306.2, "expenditures_total": 306.2}
    (folder / "correct.xlsx").write_bytes(correct_bytes())
    unit = {"project_unit": "=柳溪镇/公路站（盖章）"}
    (folder / "1.xlsx").write_bytes(changed({**spent, **unit}))
    (folder / "2.xlsx").write_bytes(changed({**unit, "project_name": "桥梁加固", "leader": None}))
    (folder / "局").mkdir()
    (folder / "局" / "无单位.xlsx").write_bytes(changed({"project_unit": "无"}))
    return folder


@pytest.fixture(scope="module")
def out(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    result = xe.run(inbox, folder, SETTINGS)
    assert result.letters == ("letters/=柳溪镇 公路站.xlsx", "letters/局 无单位.xlsx")
    assert result.filled == ""
    return folder


def test_units_with_something_to_correct_get_a_letter(out: Path) -> None:
    assert sorted(path.name for path in (out / "letters").iterdir()) == [
        "=柳溪镇 公路站.xlsx", "局 无单位.xlsx",
    ]  # fmt: skip
    outputs = json.loads((out / "run.json").read_text("utf-8"))["outputs"]
    assert {"letters/=柳溪镇 公路站.xlsx", "letters/局 无单位.xlsx"} < set(outputs)


def test_what_a_letter_says(out: Path) -> None:
    sheet = sheet_of(out / "letters" / "=柳溪镇 公路站.xlsx")
    rows = texts(sheet)

    assert rows[0] == ["清平县2021年度项目绩效自评整改通知"]
    assert rows[1] == ["致：=柳溪镇/公路站"]
    assert sheet["A2"].data_type == "s"
    assert str(rows[2][0]).startswith("　　你单位报送的2份项目绩效自评表已审核，其中2份存在问题，")
    assert str(rows[2][0]).endswith("连同自评表，于2022年4月30日前反馈。")
    assert rows[3] == ["整改期限", "2022年4月30日"]
    assert rows[4] == ["序号", "项目", "级别", "位置", "问题", "处理要求", "整改情况"]
    by_project = [str(row[1]) for row in rows[5:-3]]
    assert by_project == sorted(by_project, key=("农村公路养护项目", "桥梁加固").index)
    assert [row[0] for row in rows[5:-3]] == list(range(1, len(by_project) + 1))
    assert {row[2] for row in rows[5:-3]} <= {"错误", "疑点"}
    assert [
        "错误", "一、项目基本情况!F5", "实际支出306.2万元，超过实际到位300万元，超出6.2万元。",
        "请核对到位资金是否漏填上年结转，或说明超支资金的来源。",
    ] in [row[2:] for row in rows]  # fmt: skip
    assert rows[-3] == ["清平县财政局绩效评价股（盖章）"]
    assert rows[-2] == ["2022年4月6日"]
    assert rows[-1][0] == "单位回执"


def test_a_letter_prints_on_a4(out: Path) -> None:
    sheet = sheet_of(out / "letters" / "=柳溪镇 公路站.xlsx")

    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$5:$5"
    assert footer(sheet, "right") == "第 &P 页，共 &N 页"
    last = sheet.max_row - 5
    assert all(sheet.row_dimensions[row].height >= 30 for row in range(6, last + 1))


def test_a_project_without_a_unit_is_named_by_its_file(out: Path) -> None:
    rows = texts(sheet_of(out / "letters" / "局 无单位.xlsx"))

    assert rows[1] == ["致：（未填写项目单位）"]
    assert "项目单位" in str(rows[5][4])


@pytest.fixture
def overspent(tmp_path: Path, inbox: Path) -> Path:
    """An inbox of one workbook, with an error."""
    (tmp_path / "inbox").mkdir()
    shutil.copy(inbox / "1.xlsx", tmp_path / "inbox")
    return tmp_path / "inbox"


def test_letters_come_by_option_and_go_without_it(overspent: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shown = xlsx_eval("run", overspent, "--out", out, "--letters", "--select", "F101")
    names = [path.name for path in (out / "letters").iterdir()]
    letter = out / "letters" / names[0]
    letter.write_bytes(b"typed into")
    again = xlsx_eval("run", overspent, "--out", out, "--select", "F101")

    assert names == ["=柳溪镇 公路站.xlsx"]
    assert f"letters            1 in {out / 'letters'}" in shown.output
    assert "letters  " not in again.output
    assert not letter.exists()
    assert (out / "edited" / "letters" / names[0]).read_bytes() == b"typed into"


def test_notices_alone_are_no_reason_to_write(overspent: Path, tmp_path: Path) -> None:
    settings = SETTINGS.model_copy(update={"select": ("F101",), "severities": {"F101": "notice"}})

    assert xe.run(overspent, tmp_path / "out", settings).letters == ()
    assert not (tmp_path / "out" / "letters").exists()


def test_who_has_not_reported_is_asked_to(tmp_path: Path) -> None:
    inbox, roster = tmp_path / "inbox", tmp_path / "roster.xlsx"
    inbox.mkdir()
    (inbox / "correct.xlsx").write_bytes(correct_bytes())
    book = openpyxl.Workbook()
    book.worksheets[0].append(["项目名称", "项目单位"])
    book.worksheets[0].append(["农村公路养护项目", UNIT])
    book.worksheets[0].append(["农村危桥改造", UNIT])
    book.save(roster)
    settings = xe.Settings(letters=True, roster=roster, select=("C004",))

    result = xe.run(inbox, tmp_path / "out", settings)

    assert result.letters == (f"letters/{UNIT}.xlsx",)
    rows = texts(sheet_of(tmp_path / "out" / result.letters[0]))
    assert rows[2][0] == (
        "　　你单位报送的1份项目绩效自评表已审核。你单位有1个应报送的项目尚未收到自评表。"
        "请尽快补报“未报送”的项目；将结果填入“整改情况”栏，连同自评表，于整改期限前反馈。"
    )
    assert rows[3] == ["整改期限", "　　　　年　　月　　日"]
    assert rows[5][1:4] == ["农村危桥改造", "未报送", "—"]
    assert rows[-3] == ["＿＿＿＿＿＿＿＿＿＿＿＿＿＿（盖章）"]


def test_an_inbox_among_the_letters_is_refused(tmp_path: Path) -> None:
    inbox = tmp_path / "letters"
    inbox.mkdir()
    (inbox / "correct.xlsx").write_bytes(correct_bytes())

    with pytest.raises(xe.UsageError, match="lies among the outputs"):
        xe.run(inbox, tmp_path)


OFFICE = Office("整改通知", "", "收到后10个工作日内", date(2022, 4, 6))


def letter(unit: str, *items: Item) -> Letter:
    return Letter(unit, 1, 1, len(items), 0, 0, items)


def test_texts_are_never_formulas_and_rows_show_them_in_full() -> None:
    long = "内容与表内不一致，" * 20
    item = Item("=HYPERLINK(1)", look.SEVERITIES["error"], "Sheet1!A1", long, "@请核对")

    data = write_letter(letter("农业&水利局\n", item), OFFICE)

    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert [(sheet[at].value, sheet[at].data_type) for at in ("B6", "F6")] == [
        ("=HYPERLINK(1)", "s"), ("@请核对", "s"),
    ]  # fmt: skip
    assert [sheet[at].quotePrefix for at in ("B6", "D6", "F6")] == [True, False, True]
    assert sheet["E6"].value == long
    # 180 characters, 20 in a line: nine lines of 15.5 points
    assert sheet.row_dimensions[6].height >= 9 * 15.5
    assert footer(sheet, "left") == "农业&&水利局 "
    assert "于收到后10个工作日内反馈。" in str(sheet["A3"].value)


def test_the_same_letter_is_the_same_bytes() -> None:
    item = Item("项目", look.SEVERITIES["error"], "Sheet1!A1", "问题。", "请核对。")

    assert write_letter(letter("局", item), OFFICE) == write_letter(letter("局", item), OFFICE)


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("县/教育局:2021*", "县 教育局 2021"),
        ("县教育局\n（盖章）", "县教育局 （盖章）"),
        ("..\\..\\etc", "etc"),
        ("CON", "_CON"),
        ("com1.办公室", "_com1.办公室"),
        ("Conference 中心", "Conference 中心"),
        ("教育局. ", "教育局"),
        ("~$教育局", "$教育局"),
        ("教育\u200b局\u202e", "教育局"),
        ("?*", "未填写单位"),
        ("局" * 100, "局" * 60),
    ],
)
def test_names_of_files_are_fit_for_windows(unit: str, name: str) -> None:
    assert file_names([unit]) == [name]


def test_names_of_files_do_not_collide() -> None:
    assert file_names(["局/A", "局 a", "局:A", "局 A (2)"]) == [
        "局 A", "局 a (2)", "局 A (3)", "局 A (2) (2)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "deadline"),
    [
        ("2022-04-30", "2022年4月30日"),
        ('"2022-04-30"', "2022年4月30日"),
        ('"收到后10个工作日内"', "收到后10个工作日内"),
    ],
)
def test_the_deadline_is_a_date_or_words(stated: str, deadline: str, tmp_path: Path) -> None:
    path = tmp_path / "xlsx-eval.toml"
    path.write_text(f"letters = true\nletter_deadline = {stated}\n", "utf-8")

    settings = xe.load_settings(path)

    assert (settings.letters, settings.letter_deadline) == (True, deadline)


def test_letters_are_true_or_false(tmp_path: Path) -> None:
    path = tmp_path / "xlsx-eval.toml"
    path.write_text('letters = "每单位"\n', "utf-8")

    with pytest.raises(xe.UsageError, match="line 1: letters: it must be true or false"):
        xe.load_settings(path)

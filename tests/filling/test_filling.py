"""The bureau's own workbook filled in, through a run and through the room's door."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from correct_form import changed
from openpyxl.chart import BarChart, Reference
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Side
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as Picture
from python_calamine import CalamineWorkbook

import xlsx_eval as xe
from xlsx_eval.cli import main
from xlsx_eval.filling import Value, read_template
from xlsx_eval.filling.words import COLUMNS, FIGURES

THIN = Side(style="thin")
FRAME = Border(THIN, THIN, THIN, THIN)
Fill = Callable[..., Workbook]


def saved(book: Workbook, path: Path) -> Path:
    book.save(path)
    return path


def named(book: Workbook, name: str, where: str) -> None:
    book.defined_names[name] = DefinedName(name, attr_text=where)


def projects(count: int) -> list[dict[str, Value]]:
    """Projects as a run tells of them: 100 万元 planned, 90 spent, and so on."""
    return [
        {
            "number": number, "name": f"项目{number}", "unit": "县公路局", "department": "县交通局",
            "planned": Decimal(100), "received": Decimal("95.5"), "spent": Decimal("90.1"),
            "balance": Decimal("5.4"), "execution_rate": Decimal("0.9435"), "score": Decimal(92),
            "grade": "优", "errors": 0, "warnings": 2, "verdict": "需核实",
        }
        for number in range(1, count + 1)
    ]  # fmt: skip


@pytest.fixture
def filled(tmp_path: Path) -> Fill:
    """Fills a template's workbook and opens the result."""

    def fill(
        book: Workbook,
        rows: Sequence[Mapping[str, Value]] = (),
        figures: Mapping[str, Value] | None = None,
        missing: Sequence[Mapping[str, Value]] = (),
    ) -> Workbook:
        template = read_template(saved(book, tmp_path / "template.xlsx"))
        content = template.filled(figures or {}, {"projects": rows, "missing": missing})
        return openpyxl.load_workbook(io.BytesIO(content))

    return fill


def values(sheet: Worksheet, rows: range) -> list[list[object]]:
    return [[cell.value for cell in sheet[row]] for row in rows]


def annex() -> Workbook:
    """A list with a header of two rows, one row for a project, a total and a signature line."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "附表 1"
    sheet["A1"], sheet["H2"] = "自评情况汇总表", "单位：元"
    sheet.merge_cells("A1:H1")
    for column, title in zip(
        "ABCGH", ("序号", "项目单位", "项目名称", "执行率", "备注"), strict=True
    ):
        sheet[f"{column}3"] = title
        sheet.merge_cells(f"{column}3:{column}4")
    sheet["D3"] = "资金情况"
    sheet.merge_cells("D3:F3")
    for column, title in zip(
        "DEF", ("计划安排\n资金", "2021年到位数", "支出资金（万元）"), strict=True
    ):
        sheet[f"{column}4"] = title
    sheet["G5"] = '=IF(D5=0,"",F5/D5)'
    sheet["A6"] = "合计"
    sheet.merge_cells("A6:C6")
    for column in "DEF":
        sheet[f"{column}6"] = f"=SUM({column}5:{column}5)"
        sheet[f"{column}5"].number_format = "#,##0.00"
    sheet["A8"] = "制表人：　　　　审核人："
    sheet.merge_cells("A8:H8")
    for row in range(3, 7):
        for column in "ABCDEFGH":
            sheet[f"{column}{row}"].border = FRAME
    sheet.row_dimensions[5].height = 31
    sheet.row_dimensions[8].height = 44
    return book


def test_a_row_a_project_below_the_header(filled: Fill) -> None:
    sheet = filled(annex(), projects(3)).worksheets[0]

    assert values(sheet, range(5, 9)) == [
        [1, "县公路局", "项目1", 1000000, 955000, 90.1, '=IF(D5=0,"",F5/D5)', None],
        [2, "县公路局", "项目2", 1000000, 955000, 90.1, '=IF(D6=0,"",F6/D6)', None],
        [3, "县公路局", "项目3", 1000000, 955000, 90.1, '=IF(D7=0,"",F7/D7)', None],
        ["合计", None, None, "=SUM(D5:D7)", "=SUM(E5:E7)", "=SUM(F5:F7)", None, None],
    ]
    assert sheet["A10"].value == "制表人：　　　　审核人："
    assert {str(each) for each in sheet.merged_cells.ranges} >= {"A1:H1", "A8:C8", "A10:H10"}
    assert [sheet.row_dimensions[row].height for row in (5, 6, 7, 10)] == [31, 31, 31, 44]
    assert sheet["D7"].number_format == "#,##0.00"
    assert sheet["H7"].border.left.style == "thin"


@pytest.mark.parametrize(
    ("title", "number_format", "value", "shown"),
    [
        ("预算执行率（%）", "0.00", 103.1, "0.00"),
        ("预算执行率％", "General", 103.1, "0.00"),
        ("预算执行率（%）", "0.0%", 1.031, "0.0%"),
        ("预算执行率", "0.00", 1.031, "0.00%"),
        ("预算执行率", "General", 1.031, "0.00%"),
        ("预算执行率", "0%", 1.031, "0%"),
        ("预算执行率", '0.0"%"', 103.1, '0.0"%"'),
    ],
)
def test_a_rate_is_in_the_unit_that_its_title_or_format_states(
    title: str, number_format: str, value: float, shown: str, filled: Fill
) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["项目名称", title])
    for row in (2, 3):
        sheet[f"A{row}"].border = FRAME
        sheet[f"B{row}"].number_format = number_format

    sheet = filled(book, [{"name": "桥", "execution_rate": Decimal("1.031")}] * 3).worksheets[0]

    for row in (2, 3, 4):
        assert sheet[f"B{row}"].value == pytest.approx(value)
        assert sheet[f"B{row}"].number_format == shown


def test_what_looks_like_an_escape_or_a_formula_stays_as_typed(tmp_path: Path) -> None:
    names = ["甲_x0041_乙", "=1+1", "＝1+1", " -1+1", "桥"]
    book = Workbook()
    book.worksheets[0].append(["项目名称", "得分"])
    template = read_template(saved(book, tmp_path / "template.xlsx"))
    rows: list[Mapping[str, Value]] = [{"name": name} for name in names]
    content = template.filled({}, {"projects": rows})

    (sheet,) = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    shown = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet)
    assert [row[0] for row in shown.to_python()][1:] == names
    cells = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["A"][1:]
    assert [cell.quotePrefix for cell in cells] == [False, True, True, True, False]
    assert {cell.data_type for cell in cells} == {"s"}


def test_what_points_below_the_list_follows(filled: Fill) -> None:
    book = annex()
    sheet = book.worksheets[0]
    other = book.create_sheet("总览")
    other["A1"] = "='附表 1'!D6+SUM('附表 1'!D5:D5)"
    named(book, "合计格", "'附表 1'!$D$6")
    sheet.print_area = "A1:H8"
    sheet.print_title_rows = "3:4"
    red = Rule(type="cellIs", operator="lessThan", formula=["$D$6"])
    sheet.conditional_formatting.add("F5", red)
    choice = DataValidation(type="list", formula1='"优,良"')
    choice.add("H5")
    sheet.add_data_validation(choice)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=4, min_row=5, max_row=5))
    sheet.add_chart(chart, "A11")

    after = filled(book, projects(4))

    sheet = after["附表 1"]
    assert after["总览"]["A1"].value == "='附表 1'!D9+SUM('附表 1'!D5:D8)"
    assert after.defined_names["合计格"].attr_text == "'附表 1'!$D$9"
    assert sheet.print_area == "'附表 1'!$A$1:$H$11"
    assert sheet.print_title_rows == "$3:$4"
    assert [(str(each.sqref), each.rules[0].formula) for each in sheet.conditional_formatting] == [
        ("F5:F8", ["$D$9"])
    ]
    assert [str(each.sqref) for each in sheet.data_validations.dataValidation] == ["H5:H8"]
    drawn = vars(sheet)["_charts"][0]  # openpyxl shows it nowhere else
    assert drawn.series[0].val.numRef.f == "'附表 1'!$D$5:$D$8"
    assert vars(drawn.anchor)["_from"].row == 13


def test_links_to_what_moves_follow(filled: Fill) -> None:
    book = annex()
    other = book.create_sheet("目录")
    places = {"A1": "#'附表 1'!A6", "A2": "#'附表 1'!A3", "A3": "#目录!A6", "A4": "http://a.cn/#A6"}
    for cell, target in places.items():
        other[cell] = cell
        other[cell].hyperlink = target
    other["A5"] = "合计"
    other["A5"].hyperlink = Hyperlink(ref="A5", location="'附表 1'!A6")

    sheet = filled(book, projects(4))["目录"]

    links = [sheet[f"A{row}"].hyperlink for row in range(1, 6)]
    assert [link.target or link.location for link in links] == [
        "#'附表 1'!A9", "#'附表 1'!A3", "#目录!A6", "http://a.cn/#A6", "'附表 1'!A9",
    ]  # fmt: skip


def test_rows_that_are_there_are_used_first(filled: Fill) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["序号", "项目名称", "得分"])
    for row in range(2, 6):
        for column in "ABC":
            sheet[f"{column}{row}"].border = FRAME
        sheet[f"A{row}"] = row - 1
    sheet["B2"], sheet["C2"] = "示例项目", 100
    sheet["A6"], sheet["C6"] = "平均", "=AVERAGE(C2:C5)"

    assert values(filled(book, projects(2)).worksheets[0], range(2, 7)) == [
        [1, "项目1", 92], [2, "项目2", 92], [None] * 3, [None] * 3,
        ["平均", None, "=AVERAGE(C2:C5)"],
    ]  # fmt: skip


def test_a_total_right_below_the_header_moves(filled: Fill) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["项目名称", "计划数"])
    sheet.append(["总计", "=SUM(B1:B1)"])

    assert values(filled(book, projects(2)).worksheets[0], range(1, 5)) == [
        ["项目名称", "计划数"], ["项目1", 100], ["项目2", 100], ["总计", "=SUM(B1:B3)"],
    ]  # fmt: skip


def test_a_total_on_top_stays_there(filled: Fill) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["项目名称", "计划数"])
    sheet.append(["合计", "=SUM(B3:B4)"])
    for row in (3, 4):
        for column in "AB":
            sheet[f"{column}{row}"].border = FRAME
    sheet["A5"] = "注：金额为填报数。"

    assert values(filled(book, projects(3)).worksheets[0], range(1, 7)) == [
        ["项目名称", "计划数"], ["合计", "=SUM(B3:B5)"], ["项目1", 100], ["项目2", 100],
        ["项目3", 100], ["注：金额为填报数。", None],
    ]  # fmt: skip


def test_without_a_project_the_examples_go(filled: Fill) -> None:
    book = annex()
    sheet = book.worksheets[0]
    sheet["C5"], sheet["D5"], sheet["H5"] = "示例", 1, "示例"

    assert values(filled(book).worksheets[0], range(5, 7)) == [
        [None] * 6 + ['=IF(D5=0,"",F5/D5)', None],
        ["合计", None, None, "=SUM(D5:D5)", "=SUM(E5:E5)", "=SUM(F5:F5)", None, None],
    ]


def test_a_name_in_the_list_does_not_hide_a_project(filled: Fill) -> None:
    book = annex()
    named(book, "计划", "'附表 1'!$D$5")

    sheet = filled(book, projects(1), figures={"planned": Decimal(5)}).worksheets[0]

    assert sheet["D5"].value == 1000000


def test_an_excel_table_grows(filled: Fill) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["B3"], sheet["C3"], sheet["D3"] = "项目名称", "审核结论", "我们的栏"
    sheet["B4"] = "去年的项目"
    sheet.add_table(Table(displayName="明细", ref="B3:D4"))
    sheet["B6"] = "表后的文字"

    sheet = filled(book, projects(3)).worksheets[0]

    assert sheet.tables["明细"].ref == "B3:D6"
    assert [sheet[f"B{row}"].value for row in range(4, 9)] == [
        "项目1", "项目2", "项目3", None, "表后的文字",
    ]  # fmt: skip
    assert [sheet[f"C{row}"].value for row in range(4, 7)] == ["需核实"] * 3


def test_named_cells_get_the_figures(filled: Fill) -> None:
    book = Workbook()
    front, back = book.worksheets[0], book.create_sheet("数字")
    front.merge_cells("B2:D2")
    named(book, "县名", "Sheet!$B$2:$D$2")
    named(book, "year", "Sheet!$B$3")
    named(book, "计划合计", "数字!$B$1")
    named(book, "执行率", "数字!$B$2")
    named(book, "平均分", "数字!$B$3")
    named(book, "结余", "数字!$B$4")
    named(book, "支出", "数字!$B$5:$B$9")  # a column of the bureau's own
    back.defined_names["错误"] = DefinedName("错误", attr_text="数字!$B$10")
    front["B3"] = "待填"
    back["B3"], back["B4"], back["B5"] = "待填", "=B1-1", "不动"

    after = filled(
        book,
        figures={
            "county": "=清平县", "planned": Decimal("2754.7"), "execution_rate": Decimal("0.9654"),
            "score": None, "balance": Decimal(1), "spent": Decimal(2), "errors": 17,
        },
    )  # fmt: skip

    front, back = after.worksheets
    assert (front["B2"].value, front["B2"].data_type) == ("=清平县", "s")
    assert front["B3"].value == "待填"  # a year that nobody set
    assert [back[f"B{row}"].value for row in (1, 2, 3, 4, 5, 10)] == [
        2754.7, 0.9654, None, "=B1-1", "不动", 17,
    ]  # fmt: skip
    assert back["B2"].number_format == "0.00%"


def test_money_in_the_unit_that_the_sheet_states(filled: Fill) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = "（金额单位：人民币元）"
    named(book, "支出", "Sheet!$B$2")

    after = filled(book, figures={"spent": Decimal("206.21")})

    assert after.worksheets[0]["B2"].value == 2062100


def test_the_sums_of_groups_of_columns(filled: Fill) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["项目名称", "计划安排资金", None, None, "实际支出", None])
    sheet.append([None, "合计", "中央", "县级", "中央", "县级"])
    sheet.merge_cells("B1:D1")
    sheet.merge_cells("E1:F1")

    assert values(filled(book, projects(2)).worksheets[0], range(1, 5)) == [
        ["项目名称", "计划安排资金", None, None, "实际支出", None],
        [None, "合计", "中央", "县级", "中央", "县级"],
        ["项目1", 100, None, None, None, None],
        ["项目2", 100, None, None, None, None],
    ]


def test_a_list_of_what_is_missing_gets_just_that(filled: Fill) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["未报送项目清单"])
    sheet.append(["序号", "项目单位", "项目名称", "预算数（元）", "备注"])
    roster = book.create_sheet("花名册")
    roster.append(["项目名称", "项目单位", "预算数"])
    roster.append(["农村危桥改造", "县公路局", 1])
    absent = {
        "number": 1, "unit": "县公路局", "name": "农村危桥改造", "planned": Decimal("12.5"),
        "remark": "请催报",
    }  # fmt: skip

    sheet, roster = filled(book, projects(2), missing=[absent]).worksheets

    assert values(sheet, range(3, 4)) == [[1, "县公路局", "农村危桥改造", 125000, "请催报"]]
    assert sheet.max_row == 3
    assert values(roster, range(2, 3)) == [["农村危桥改造", "县公路局", 1]]


def test_a_list_of_findings_is_left_alone(filled: Fill) -> None:
    book = annex()
    findings = book.create_sheet("问题清单")
    findings.append(["序号", "级别", "项目名称", "文件", "问题与处理"])

    assert filled(book, projects(2))["问题清单"].max_row == 1


def test_labels_of_one_project_are_no_header(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["C1"] = "项目名称：", "项目单位："

    with pytest.raises(xe.UsageError, match="has nothing to fill in: give cells names such as"):
        read_template(saved(book, tmp_path / "form.xlsx"))


def test_two_thousand_projects(filled: Fill) -> None:
    book = annex()
    sheet = book.worksheets[0]
    sheet.merge_cells("G5:H5")
    for row in range(20, 400):
        sheet[f"A{row}"] = f"=SUM(D5:D5)+D{row}"

    after = filled(book, projects(2000))

    sheet = after.worksheets[0]
    assert sheet["C2004"].value == "项目2000"
    assert sheet["D2005"].value == "=SUM(D5:D2004)"
    assert sheet["A2398"].value == "=SUM(D5:D2004)+D2398"
    assert "G2004:H2004" in {str(each) for each in sheet.merged_cells.ranges}


def test_what_cannot_be_kept_is_known(tmp_path: Path) -> None:
    path = saved(annex(), tmp_path / "template.xlsx")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/drawings/drawing1.xml", "<xdr:wsDr><xdr:sp></xdr:sp></xdr:wsDr>")
        package.writestr("xl/ctrlProps/ctrlProp1.xml", "<formControlPr/>")

    assert read_template(path).left_out == ("shapes", "form controls")


def test_pictures_stay(tmp_path: Path) -> None:
    emblem = io.BytesIO()
    Picture.new("RGB", (40, 40), "red").save(emblem, "PNG")
    book = annex()
    book.worksheets[0].add_image(Image(emblem), "K1")
    template = read_template(saved(book, tmp_path / "template.xlsx"))

    content = template.filled({}, {"projects": projects(2), "missing": []})

    assert template.left_out == ()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert "xl/media/image1.png" in package.namelist()


def test_the_page_on_templates_names_every_word() -> None:
    page = (Path(__file__).parents[2] / "docs" / "summary-template.md").read_text("utf-8")

    for key, words in FIGURES.items():
        assert words[0] in page or key in {"county", "year"}, key
        assert f"`{next(word for word in words if word.isascii())}`" in page, key
    for key, words in COLUMNS.items():
        assert words[0] in page or key == "remark", key


# ------------------------------------------------------------------------------------- in a run


@pytest.fixture(scope="module")
def overspent() -> bytes:
    return changed({"funds_spent_total": 306.2, "project_name": "=农村公路养护"})


def with_macros(path: Path) -> bytes:
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/vbaProject.bin", b"the macros")
    return path.read_bytes()


def test_a_run_fills_the_template_in(overspent: bytes, tmp_path: Path) -> None:
    inbox, out, path = tmp_path / "inbox", tmp_path / "out", tmp_path / "inbox" / "汇总.xlsm"
    inbox.mkdir()
    (inbox / "1.xlsx").write_bytes(overspent)
    book = annex()
    sheet = book.worksheets[0]
    for column, title in zip("IJKL", ("得分", "等级", "审核结论", "主要问题"), strict=True):
        sheet[f"{column}4"] = title
    named(book, "日期", "'附表 1'!$D$8")
    named(book, "项目数", "'附表 1'!$J$1")
    named(book, "退回", "'附表 1'!$K$1")
    before = with_macros(saved(book, path))
    (inbox / "xlsx-eval.toml").write_text('summary_template = "汇总.xlsm"\n', "utf-8")

    shown = CliRunner().invoke(
        main, ["run", str(inbox), "--out", str(out), "--select", "F101,D201"]
    )

    assert shown.exit_code == 0
    assert f"filled template    {out / 'summary_filled.xlsm'}" in shown.output
    assert path.read_bytes() == before
    with zipfile.ZipFile(out / "summary_filled.xlsm") as package:
        assert package.read("xl/vbaProject.bin") == b"the macros"
    sheet = openpyxl.load_workbook(out / "summary_filled.xlsm").worksheets[0]
    assert [cell.value for cell in sheet[5]][:6] == [
        1, "清平县公路养护中心", "=农村公路养护", 3000000, 3000000, 306.2,
    ]  # fmt: skip
    assert sheet["C5"].data_type == "s"
    assert [sheet[f"{column}5"].value for column in "IJK"] == [95, "优", "退回修改"]
    assert str(sheet["L5"].value).split("；")[0] == "实际支出大于实际到位"
    assert (sheet["J1"].value, sheet["K1"].value) == (1, 1)


def test_a_filled_template_that_a_person_changed_is_set_aside(
    overspent: bytes, tmp_path: Path
) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    (inbox / "1.xlsx").write_bytes(overspent)
    path = saved(annex(), tmp_path / "template.xlsx")
    settings = xe.Settings(summary_template=path, select=("F101",), today=date(2022, 4, 6))
    first = xe.run(inbox, out, settings)
    written = (out / first.filled).read_bytes()
    (out / first.filled).write_bytes(b"changed")

    second = xe.run(inbox, out, settings)

    assert first.filled == "summary_filled.xlsx"
    assert second.kept == ("edited/summary_filled.xlsx",)
    assert (out / second.filled).read_bytes() == written  # the same bytes for the same county
    assert xe.run(inbox, out, xe.Settings(select=("F101",))).filled == ""
    assert not (out / "summary_filled.xlsx").exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot read the template {path}: No such file or directory"),
        (b"no workbook", "cannot open the template {path}: it is damaged or no .xlsx or .xlsm"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "it has a password or is an old .xls"),
    ],
)
def test_a_template_that_cannot_be_opened_stops_the_run_before_it_begins(
    content: bytes | None, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "template.xlsx"
    if content is not None:
        path.write_bytes(content)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "1.xlsx").write_bytes(b"")
    out = tmp_path / "out"

    shown = CliRunner().invoke(
        main, ["run", str(tmp_path / "inbox"), "--out", str(out), "--summary-template", str(path)]
    )

    assert shown.exit_code == 2
    assert sentence.format(path=path) in shown.output
    assert not out.exists()


def test_a_template_among_the_outputs_is_refused(overspent: bytes, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "1.xlsx").write_bytes(overspent)
    (tmp_path / "out").mkdir()
    path = saved(annex(), tmp_path / "out" / "summary_filled.xlsx")

    with pytest.raises(xe.UsageError, match="lies in OUT"):
        xe.run(tmp_path / "inbox", tmp_path / "out", xe.Settings(summary_template=path))

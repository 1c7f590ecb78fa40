"""Forms that are one table on one sheet: what stands where, what is open, how it prints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from template_cells import first_sheet, is_input, named, opened, texts, validation

from xlsx_eval import look
from xlsx_eval.forms import load_form
from xlsx_eval.forms.model import FieldsBlock, Form, Labelled, MatrixBlock, TableBlock
from xlsx_eval.template import build_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl import Workbook

FORMS = ("national_selfeval", "sichuan_selfeval")
each_form = pytest.mark.parametrize("name", FORMS)


@pytest.fixture(scope="module")
def blank() -> dict[str, Workbook]:
    return {name: opened(build_template(load_form(name))) for name in FORMS}


# -------------------------------------------------------------------------------- labels


@each_form
def test_all_sections_stand_on_one_sheet_without_a_guide(
    name: str, blank: dict[str, Workbook]
) -> None:
    assert blank[name].sheetnames == ["项目支出绩效自评表", "_xlsx_eval"]
    assert blank[name]["_xlsx_eval"]["B1"].value == name


@each_form
def test_every_printed_label_stands_on_the_sheet(name: str, blank: dict[str, Workbook]) -> None:
    printed = {_plain(text) for _, text in texts(first_sheet(blank[name]))}
    assert set(_labels(load_form(name), printed=True)) - printed == set()


@each_form
def test_what_is_not_printed_stands_nowhere(name: str, blank: dict[str, Workbook]) -> None:
    left_out = set(_labels(load_form(name), printed=False))
    assert {"实际到位数", "填报日期"} <= left_out
    assert left_out & {_plain(text) for _, text in texts(first_sheet(blank[name]))} == set()
    assert "funds_received_total" not in blank[name].defined_names
    assert "report_date" not in blank[name].defined_names


def test_the_national_form_looks_as_issued(blank: dict[str, Workbook]) -> None:
    rows = _rows(blank["national_selfeval"])
    assert [rows[row] for row in range(1, 12)] == [
        "A项目支出绩效自评表",
        "A（　　　　年度）",
        "A项目名称",
        "A主管部门 E实施单位",
        "A项目资金/（万元） D年初预算数 E全年预算数 F全年执行数 G分值 H执行率 I得分",
        "B年度资金总额",
        "B其中：当年财政拨款 G— I—",
        "B上年结转资金 G— I—",
        "B其他资金 G— I—",
        "A年度总体/目标 B预期目标 E实际完成情况",
        "",
    ]
    assert rows[12].split() == [
        "A绩效指标", "B一级指标", "C二级指标", "D三级指标", "E年度指标值", "F实际完成值", "G分值",
        "H得分", "I偏差原因分析/及改进措施",
    ]  # fmt: skip
    assert rows[13] == "B产出指标 C数量指标"
    assert rows[31] == "A总分"


def test_the_sichuan_form_looks_as_issued(blank: dict[str, Workbook]) -> None:
    rows = _rows(blank["sichuan_selfeval"])
    assert rows[8].split() == [
        "A预算执行/情况/（10分）", "B金额单位：/万元", "C年初预算", "D调整后预算数", "E预算执行数",
        "G预算执行率", "I权重", "J得分", "K原因",
    ]  # fmt: skip
    assert [rows[row] for row in (5, 6, 7, 9, 10, *range(37, 42))] == [
        "A项目基本/情况 B1.项目年度目标完成情况 D项目年度目标 H年度目标完成情况",
        "",
        "B2.项目实施内容及过程概述",
        "B总额",
        "B其中：/财政资金 I— J—",
        "A合计",
        "A评价结论",
        "A存在问题",
        "A改进措施",
        "A项目负责人：",
    ]


@pytest.mark.parametrize(
    ("name", "areas"),
    [
        (
            "national_selfeval",
            {"A1:I1", "A2:I2", "C3:I3", "A5:A9", "A10:A11", "A12:A30", "A31:F31"},
        ),
        ("national_selfeval", {"B13:B20", "C13:C14", "B29:B30", "C29:C30"}),
        ("sichuan_selfeval", {"A5:A7", "A8:A13", "A14:A36", "A37:H37", "K9:K13", "C38:K38"}),
    ],
)
def test_headings_stand_left_of_all_they_head(
    name: str, areas: set[str], blank: dict[str, Workbook]
) -> None:
    merged = {str(area) for area in first_sheet(blank[name]).merged_cells.ranges}
    assert areas - merged == set()


@each_form
def test_cells_people_type_lines_into_are_not_merged(name: str, blank: dict[str, Workbook]) -> None:
    """Excel fits a row by itself only to cells that are not merged."""
    book = blank[name]
    merged = first_sheet(book).merged_cells
    for column in ("content", "target", "actual", "weight", "points", "reason"):
        assert named(book, f"indicators_{column}").coordinate not in merged


# ---------------------------------------------------------------------------------- inputs


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("national_selfeval", "project_name department project_unit"),
        ("national_selfeval", "funds_initial_total funds_planned_fiscal funds_spent_carry_over"),
        ("national_selfeval", "funds_weight_total funds_points_total goals_expected goals_actual"),
        ("national_selfeval", "indicators_content indicators_weight indicators_reason"),
        ("sichuan_selfeval", "process conclusion problems improvement leader funds_reason_total"),
        ("sichuan_selfeval", "funds_spent_special indicators_nature indicators_unit"),
    ],
)
def test_every_input_has_a_name_and_is_open(
    form: str, names: str, blank: dict[str, Workbook]
) -> None:
    for name in names.split():
        assert is_input(named(blank[form], name)), name


@each_form
def test_labels_and_results_are_locked(name: str, blank: dict[str, Workbook]) -> None:
    book = blank[name]
    sheet = first_sheet(book)
    assert sheet.protection.sheet
    for cell, _ in texts(sheet):
        assert cell.protection.locked or cell.coordinate == "A2"
    for computed in ("funds_rate_total", "funds_rate_fiscal", "weight_total", "score"):
        cell = named(book, computed)
        assert cell.protection.locked
        assert cell.fill.fgColor.rgb == f"FF{look.COMPUTED}"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("funds_weight_total", "预算执行率的分值，一般为10"),
        ("indicators_weight", "该指标的分值"),
        ("indicators_points", "不超过该指标的分值"),
    ],
)
def test_points_are_from_0_to_100(name: str, says: str, blank: dict[str, Workbook]) -> None:
    rules = validation(named(blank["national_selfeval"], name))
    assert (rules.type, rules.formula1, rules.formula2) == ("decimal", "0", "100")
    assert rules.prompt == says
    assert rules.error == "分值和得分应为 0 至 100 之间的数字。"


def test_the_year_can_be_written_in(blank: dict[str, Workbook]) -> None:
    cell = named(blank["national_selfeval"], "fiscal_year")
    assert cell.coordinate == "A2"
    assert not cell.protection.locked
    assert validation(cell).prompt == "填写预算年度，例如：（2021年度）"


# ---------------------------------------------------------------------------------- print and file


@each_form
def test_it_prints_on_upright_a4_one_page_wide(name: str, blank: dict[str, Workbook]) -> None:
    sheet = first_sheet(blank[name])
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.orientation == "portrait"
    assert sheet.sheet_properties.pageSetUpPr
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_a_second_page_begins_with_the_indicators_and_later_ones_repeat_their_header(
    blank: dict[str, Workbook],
) -> None:
    national, sichuan = (first_sheet(blank[name]) for name in FORMS)
    assert national.print_title_rows == "$12:$12"
    assert national.row_breaks.brk == []
    assert sichuan.print_title_rows == "$14:$14"
    assert [page.id for page in sichuan.row_breaks.brk] == [13]


# --------------------------------------------------------------------------------- reading helpers


def _rows(book: Workbook) -> dict[int, str]:
    """Row → its printed texts after their column's letter, `/` for a line break."""
    found: dict[int, list[str]] = {row: [] for row in range(1, 42)}
    for cell, text in texts(first_sheet(book)):
        found[cell.row].append(f"{cell.column_letter}{text}".replace("\n", "/"))
    return {row: " ".join(cells) for row, cells in found.items()}


def _labels(form: Form, *, printed: bool) -> Iterator[str]:
    """The labels that are printed, or those that are only read."""
    for section, block in form.blocks():
        if printed:
            yield _plain(section.title)
        parts: list[Labelled] = []
        match block:
            case FieldsBlock():
                parts += block.fields
            case MatrixBlock():
                parts += (*block.measures, *block.sources, *block.columns)
            case TableBlock():
                parts += block.columns
        yield from (_plain(each.label) for each in parts if each.printed == printed)


def _plain(text: str) -> str:
    """Return a label without its line breaks and what stands around it: 其中：, a colon."""
    return re.sub(r"\n|^其中：|：$", "", text.replace("：\n", "："))

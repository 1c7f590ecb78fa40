"""The template as a unit gets it: what stands where, what may be entered, what is computed."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook
from template_cells import is_input, named, opened, part, parts, texts, validation

from xlsx_eval import look
from xlsx_eval.errors import FormError
from xlsx_eval.forms import load_form
from xlsx_eval.forms.model import (
    FieldsBlock,
    Form,
    MatrixBlock,
    NarrativesBlock,
    OpinionsBlock,
    Section,
    TableBlock,
)
from xlsx_eval.template import Filled, Opinion, build_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsx_eval.template.filled import Row

COMMITTED = Path(__file__).parents[1] / "templates" / "evaluation_template.xlsx"
GUIDE = "填报说明"
SHEETS = [
    "填报说明",
    "封面",
    "一、项目基本情况",
    "二、项目支出明细情况",
    "三、项目绩效评价情况",
    "四、评价人员",
    "五、评价报告综述",
]
LONG_TEXT = "本项目按照批复的内容和时限组织实施。" * 150

FILLED = Filled(
    fields={
        "project_name": "电子政务外网运行维护",
        "evaluation_type": "项目完成结果评价",
        "report_date": date(2022, 3, 15),
        "postcode": "414600",
        "score": 98,
    },
    funds={
        ("planned", "total"): Decimal("220.2"),
        ("received", "total"): Decimal(200),
        ("spent", "total"): Decimal("206.2"),
        ("received", "county"): Decimal(200),
    },
    tables={
        "expenditures": [
            {"item": "线路租赁费", "amount": Decimal("120.1"), "voucher": "3-12"},
            {"item": "设备维护费", "amount": Decimal("86.2"), "voucher": "1月34、41号"},
        ],
        "goals": [{"expected": "政务外网正常运行", "actual": "已全面完成"}],
        "indicators": [
            {
                "level1": "项目效益指标",
                "level2": "社会效益指标",
                "content": "电子政务外网高效运行",
                "target": "≥95%",
                "actual": "98%",
            }
        ],
        "evaluators": [{"name": "张三", "title": "副局长", "unit": "行政审批服务局"}],
    },
    opinions={"unit": Opinion("情况属实。", "陈一", "2022-03-16")},
    narratives={1: LONG_TEXT},
)


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form()


@pytest.fixture(scope="module")
def blank(form: Form) -> Workbook:
    return opened(build_template(form))


@pytest.fixture(scope="module")
def filled(form: Form) -> Workbook:
    return opened(build_template(form, FILLED))


@pytest.fixture(scope="module")
def filled_values(form: Form) -> Workbook:
    return opened(build_template(form, FILLED), values=True)


# ------------------------------------------------------------------------------- sheets and labels


def test_guide_comes_first_then_the_sections_in_the_official_order(blank: Workbook) -> None:
    assert blank.sheetnames == [*SHEETS, "_xlsx_eval"]


def test_every_declared_label_stands_on_the_sheet_of_its_section(
    form: Form, blank: Workbook
) -> None:
    for section in form.sections:
        printed = {_plain(text) for _, text in texts(blank[section.sheet])}
        assert {_plain(label) for label in _labels(section)} - printed == set()


def test_funds_labels_are_printed_as_on_the_official_form(blank: Workbook) -> None:
    printed = [text for _, text in texts(blank["一、项目基本情况"])]
    assert printed.count("计划安排资金\n(万元)") == 1
    assert printed.count("其中：中央财政") == 4
    assert printed.count("省财政") == 4


def test_each_second_level_indicator_has_room_for_three(blank: Workbook) -> None:
    sheet = blank["三、项目绩效评价情况"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert (sheet["A2"].value, sheet["B5"].value, sheet["C5"].value) == (
        "项目绩效定性目标及实施计划完成情况",
        "项目产出指标",
        "数量指标",
    )
    assert {"A2:A3", "A4:A31", "B5:B16", "B17:B31", "C5:C7", "C29:C31"} <= merged


def test_guide_has_no_cell_that_reads_as_a_label(form: Form, blank: Workbook) -> None:
    labels = {_bare(label) for section in form.sections for label in _labels(section)}
    for _, text in texts(blank[GUIDE]):
        assert _bare(text) not in labels
        assert _bare(re.split(r"[:：]", text)[0]) not in labels


def test_hidden_sheet_and_properties_tell_form_and_version(blank: Workbook) -> None:
    sheet = blank["_xlsx_eval"]
    assert sheet.sheet_state == "veryHidden"
    assert [[cell.value for cell in row] for row in sheet["A1:B2"]] == [
        ["form", "yueyang_project"],
        ["version", "1.0"],
    ]
    assert blank.properties.title == "财政支出项目绩效评价自评报告"
    properties = blank.custom_doc_props.props  # type: ignore[attr-defined]
    assert {each.name: each.value for each in properties} == {
        "form": "yueyang_project",
        "version": "1.0",
    }


# --------------------------------------------------------------------------------- inputs


def test_each_field_has_a_name_that_leads_to_its_tinted_open_cell(
    form: Form, blank: Workbook
) -> None:
    for section, field in form.fields():
        cell = named(blank, field.key)
        assert cell.parent.title == section.sheet
        assert is_input(cell), field.key


@pytest.mark.parametrize(
    "name",
    [
        "funds_planned_total",
        "funds_spent_other",
        "expenditures_item",
        "goals_expected",
        "indicators_target",
        "evaluators_name",
        "opinion_leader",
        "signatory_unit",
        "opinion_date_finance",
        "narrative_6",
    ],
)
def test_every_other_input_has_a_name_too(blank: Workbook, name: str) -> None:
    assert is_input(named(blank, name))


def test_a_table_columns_name_covers_all_its_rows(blank: Workbook) -> None:
    assert blank.defined_names["expenditures_voucher"].attr_text == (
        "'二、项目支出明细情况'!$C$3:$C$42"
    )
    assert blank.defined_names["indicators_actual"].attr_text == (
        "'三、项目绩效评价情况'!$F$5:$F$31"
    )


def test_labels_and_computed_cells_are_locked_on_protected_sheets(
    form: Form, blank: Workbook
) -> None:
    for section in form.sections:
        sheet = blank[section.sheet]
        protection = sheet.protection
        assert protection.sheet
        assert protection.password is None
        # In the file a false attribute allows.
        forbidden = (protection.formatRows, protection.insertRows, protection.deleteRows)
        assert not any(forbidden)
        defaults = {"部门（单位）绩效自评", "部门（单位）评价组"}
        for cell, text in texts(sheet):
            assert cell.protection.locked or text in defaults, text
    for name in ("funds_balance_total", "expenditures_total"):
        cell = named(blank, name)
        assert cell.protection.locked
        assert cell.fill.fgColor.rgb == f"FF{look.COMPUTED}"


def test_item_rows_are_open_to_their_end_so_that_excel_deletes_them(blank: Workbook) -> None:
    xml = part(build_template(load_form()), "xl/worksheets/sheet4.xml")
    style = re.search(r'<row r="3"[^>]* s="(\d+)"', xml)
    assert style
    row_format = blank["二、项目支出明细情况"].row_dimensions[3]
    assert row_format.protection.locked is False


def test_defaults_of_the_form_are_entered_already(blank: Workbook) -> None:
    assert named(blank, "evaluation_method").value == "部门（单位）绩效自评"
    assert named(blank, "project_name").value is None


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        ("project_name", None, "填写项目全称，与预算批复文件一致"),
        ("evaluation_type", "list", "从下拉列表中选择一项"),
        ("grade", "list", "从下拉列表中选择"),
        ("report_date", "date", "填写日期，例如 2022-3-15"),
        ("opinion_date_unit", "date", "填写日期，例如 2022-3-15"),
        ("postcode", "textLength", "填写六位邮政编码"),
        ("phone", "textLength", "填写手机号码，或带区号的固定电话"),
        ("score", "decimal", "填写 0 至 100 之间的分数"),
        ("funds_spent_county", "decimal", "实际支出的资金，万元"),
        ("expenditures_amount", "decimal", "填写金额，万元"),
        ("narrative_2", None, "资金安排、到位、使用和管理情况。"),
    ],
)
def test_choosing_an_input_shows_what_to_enter(
    blank: Workbook, name: str, kind: str | None, says: str
) -> None:
    rules = validation(named(blank, name))
    assert rules.type == kind
    assert rules.prompt == says
    assert rules.showInputMessage
    assert bool(rules.error) == (kind is not None)


def test_negative_amounts_are_refused_in_funds_and_questioned_in_details(blank: Workbook) -> None:
    funds = validation(named(blank, "funds_planned_total"))
    details = validation(named(blank, "expenditures_amount"))
    assert (funds.operator, funds.formula1, funds.errorStyle) == ("greaterThanOrEqual", "0", None)
    assert (details.operator, details.formula1) == ("greaterThanOrEqual", "0")
    assert details.errorStyle == "warning"


def test_list_choices_are_the_declared_options(blank: Workbook) -> None:
    assert validation(named(blank, "grade")).formula1 == '"优秀,良好,合格,不合格"'


def test_text_is_kept_as_typed(blank: Workbook) -> None:
    for name in ("postcode", "phone", "period", "expenditures_voucher", "indicators_target"):
        assert named(blank, name).number_format == "@"


# --------------------------------------------------------------------------------- formulas


def test_balance_is_received_less_spent_exactly(filled: Workbook, filled_values: Workbook) -> None:
    assert named(filled, "funds_balance_total").value == ('=IF(COUNT(D5,F5)=0,"",ROUND(D5-F5,6))')
    assert named(filled_values, "funds_balance_total").value == -6.2
    assert named(filled_values, "funds_balance_county").value == 200
    assert named(filled_values, "funds_balance_city").value is None


def test_total_adds_every_row_above_it_also_one_inserted_last(
    filled: Workbook, filled_values: Workbook
) -> None:
    items = "B2:INDEX($B:$B,ROW()-1)"
    assert named(filled, "expenditures_total").value == (
        f'=IF(COUNT({items})=0,"",ROUND(SUM({items}),6))'
    )
    assert named(filled_values, "expenditures_total").value == 206.3


def test_formulas_over_blanks_show_nothing(form: Form) -> None:
    content = build_template(form)
    for sheet in ("xl/worksheets/sheet3.xml", "xl/worksheets/sheet4.xml"):
        shown = re.findall(r"</f><v>(.*?)</v>", part(content, sheet))
        assert set(shown) == {""}


# --------------------------------------------------------------------------------- prefilled


def test_values_stand_in_their_inputs(filled: Workbook) -> None:
    expected = {
        "project_name": "电子政务外网运行维护",
        "report_date": datetime(2022, 3, 15),  # noqa: DTZ001 - Excel's dates have no zone
        "postcode": "414600",
        "score": 98,
        "funds_planned_total": 220.2,
        "expenditures_item": "线路租赁费",
        "goals_actual": "已全面完成",
        "evaluators_unit": "行政审批服务局",
        "opinion_unit": "情况属实。",
        "signatory_unit": "陈一",
        "opinion_date_unit": datetime(2022, 3, 16),  # noqa: DTZ001
        "narrative_1": LONG_TEXT,
    }
    assert {name: named(filled, name).value for name in expected} == expected


def test_an_indicator_goes_to_the_rows_of_its_second_level(filled: Workbook) -> None:
    sheet = filled["三、项目绩效评价情况"]
    assert [cell.value for cell in sheet[20]] == [
        None,
        None,
        "社会效益指标",
        "电子政务外网高效运行",
        "≥95%",
        "98%",
    ]


def test_more_rows_than_the_template_has_get_their_room(form: Form) -> None:
    items: list[Row] = [{"item": f"支出{n}", "amount": Decimal("0.1")} for n in range(1, 61)]
    book = build_template(form, Filled(tables={"expenditures": items}))
    names = opened(book).defined_names
    assert names["expenditures_total"].attr_text == "'二、项目支出明细情况'!$B$63"
    assert named(opened(book, values=True), "expenditures_total").value == 6


def test_a_long_narrative_gets_the_height_it_needs(blank: Workbook, filled: Workbook) -> None:
    def height(book: Workbook) -> float:
        sheet = book["五、评价报告综述"]
        return sum(sheet.row_dimensions[row].height or 0 for row in (3, 4, 5))

    assert height(blank) == pytest.approx(228, abs=2)
    # 2700 characters, 47 on a line of 15 points.
    assert 2700 / 47 * 15 < height(filled) < 3 * 409


@pytest.mark.parametrize(
    ("unknown", "told"),
    [
        (Filled(fields={"projekt": "x"}), "no field to fill in: projekt"),
        (Filled(funds={("balance", "total"): Decimal(1)}), "no funds to fill in"),
        (Filled(tables={"goals": [{"aim": "x"}]}), "no column of table 'goals' to fill in: aim"),
        (Filled(tables={"indicators": [{"level2": "数量"}]}), "no group of table 'indicators'"),
        (Filled(opinions={"mayor": Opinion()}), "no opinion to fill in: mayor"),
        (Filled(narratives={7: "x"}), "no narrative to fill in: 7"),
    ],
)
def test_what_the_form_has_no_place_for_is_refused(form: Form, unknown: Filled, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        build_template(form, unknown)


def test_a_key_that_excel_reads_as_a_cell_is_refused(form: Form) -> None:
    cover = form.sections[0]
    block = cover.blocks[0]
    assert isinstance(block, FieldsBlock)
    field = block.fields[1].model_copy(update={"key": "ab12"})
    broken = block.model_copy(update={"fields": (field,)})
    sections = (cover.model_copy(update={"blocks": (broken,)}), *form.sections[1:])
    with pytest.raises(FormError, match="ab12"):
        build_template(form.model_copy(update={"sections": sections}))


# --------------------------------------------------------------------------------- print and file


def test_every_sheet_prints_on_a4_one_page_wide_with_page_numbers(blank: Workbook) -> None:
    for name in SHEETS:
        sheet = blank[name]
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.print_area
        footer = sheet.oddFooter
        assert footer
        assert footer.center
        assert "第 &P 页 共 &N 页" in str(footer.center.text)


def test_long_tables_repeat_their_header(blank: Workbook) -> None:
    assert blank["二、项目支出明细情况"].print_title_rows == "$2:$2"
    assert blank["三、项目绩效评价情况"].print_title_rows == "$4:$4"


def test_the_same_form_gives_the_same_bytes(form: Form) -> None:
    assert build_template(form, FILLED) == build_template(form, FILLED)


def test_the_committed_template_is_up_to_date(form: Form) -> None:
    """Parts are compared unzipped: another zlib packs the same content differently."""
    committed, built = COMMITTED.read_bytes(), build_template(form)
    assert parts(committed) == parts(built), (
        "stale: run `xlsx-eval template -o templates/evaluation_template.xlsx`"
    )


# --------------------------------------------------------------------------------- reading helpers


def _labels(section: Section) -> Iterator[str]:
    yield section.title
    for block in section.blocks:
        match block:
            case FieldsBlock():
                yield from (field.label for field in block.fields)
            case MatrixBlock():
                yield from (part.label for part in (*block.measures, *block.sources))
            case TableBlock():
                yield from (column.label for column in block.columns)
                yield from ([block.title] if block.title else [])
                yield from ([block.total.label] if block.total else [])
                yield from (title for g in block.groups for title in (g.title, *g.rows))
            case OpinionsBlock():
                yield from (text for role in block.roles for text in (role.title, role.signature))
            case NarrativesBlock():
                yield from (text.heading for text in block.texts)


def _plain(text: str) -> str:
    """Return a printed label without what the form puts around it: number, 其中：, unit."""
    text = re.sub(r"^（[一二三四五六]）|^其中：|\n\(万元\)$|：$", "", text)
    return text.strip()


def _bare(text: str) -> str:
    """Take a label as forgivingly as a reader may: letters only, without its number."""
    letters = re.sub(r"[\W_]", "", text)
    return re.sub(r"^[一二三四五六]", "", letters)

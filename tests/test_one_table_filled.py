"""One-table forms filled in: values in their inputs, results of formulas, what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from template_cells import first_sheet, named, opened

from xlsx_eval.errors import FormError
from xlsx_eval.forms import load_form
from xlsx_eval.forms.model import MatrixBlock
from xlsx_eval.template import Filled, build_template

if TYPE_CHECKING:
    from openpyxl import Workbook

NATIONAL = Filled(
    fields={"project_name": "农村公路养护", "project_unit": "清平县公路养护中心"},
    funds={
        ("initial", "total"): Decimal(180),
        ("planned", "total"): Decimal(200),
        ("spent", "total"): Decimal("24.69"),
        ("planned", "fiscal"): Decimal(0),
        ("spent", "fiscal"): Decimal(10),
        ("planned", "other"): Decimal(40),
    },
    execution={("total", "weight"): Decimal(10), ("total", "points"): Decimal("1.2")},
    tables={
        "goals": [{"expected": "养护320公里。", "actual": "养护325公里。"}],
        "indicators": [
            {
                "level1": "产出指标",
                "level2": "成本指标",
                "content": "项目总成本",
                "target": "≤200万元",
                "actual": "24.69万元",
                "weight": Decimal("40.1"),
                "points": Decimal("0.2"),
            },
            {
                "level1": "满意度指标",
                "level2": "服务对象满意度指标",
                "content": "群众满意度",
                "target": "≥90%",
                "actual": "88%",
                "weight": Decimal("49.9"),
                "points": Decimal("48.1"),
                "reason": "雨季塌方两次，已增设边沟。",
            },
        ],
    },
    fiscal_year=2021,
)
TEXT = "项目分两期实施，全部验收合格。" * 40
SICHUAN = Filled(
    fields={"process": TEXT, "conclusion": "自评97分。", "leader": "周岚"},
    execution={("total", "reason"): "年末一笔款项跨年支付。"},
    tables={
        "indicators": [
            {
                "level1": "产出指标",
                "level2": "质量指标",
                "content": "验收合格率",
                "nature": "≥",
                "target": "95",
                "unit": "%",
                "actual": "98",
                "weight": 20,
                "points": 20,
            }
        ]
    },
)
FILLED = {"national_selfeval": NATIONAL, "sichuan_selfeval": SICHUAN}


@pytest.fixture(scope="module")
def national() -> Workbook:
    return opened(build_template(load_form("national_selfeval"), NATIONAL))


@pytest.fixture(scope="module")
def national_values() -> Workbook:
    return opened(build_template(load_form("national_selfeval"), NATIONAL), values=True)


@pytest.fixture(scope="module")
def sichuan() -> Workbook:
    return opened(build_template(load_form("sichuan_selfeval"), SICHUAN))


# ---------------------------------------------------------------------------------- formulas


def test_the_rate_is_executed_by_budget(national: Workbook, national_values: Workbook) -> None:
    rate = named(national, "funds_rate_total")
    assert rate.value == '=IF(OR(N(E6)=0,COUNT(F6)=0),"",ROUND(F6/E6,4))'
    assert rate.number_format == "0.00%"
    # 24.69 of 200 are 12.345%; Excel rounds a half up.
    assert named(national_values, "funds_rate_total").value == 0.1235


@pytest.mark.parametrize("source", ["fiscal", "carry_over", "other"])
def test_there_is_no_rate_of_a_budget_of_zero_or_before_anything_is_entered(
    source: str, national_values: Workbook
) -> None:
    assert named(national_values, f"funds_rate_{source}").value in (None, "")


def test_totals_add_the_execution_to_the_indicators(
    national: Workbook, national_values: Workbook
) -> None:
    items = "G12:INDEX($G:$G,ROW()-1),G6"
    total = named(national, "weight_total")
    assert total.value == f'=IF(COUNT({items})=0,"",ROUND(SUM({items}),6))'
    assert total.coordinate == "G31"
    # The points of the execution stand in another column than those of the indicators.
    assert "SUM(H12:INDEX($H:$H,ROW()-1),I6)" in str(named(national, "score").value)
    assert named(national_values, "weight_total").value == 100
    assert named(national_values, "score").value == 49.5


@pytest.mark.parametrize("name", FILLED)
def test_formulas_over_blanks_show_nothing(name: str) -> None:
    book = opened(build_template(load_form(name)), values=True)
    for computed in ("funds_rate_total", "weight_total", "score"):
        assert named(book, computed).value in (None, "")


def test_a_rate_of_nothing_is_refused() -> None:
    form = load_form("national_selfeval")
    section = next(each for each in form.sections if each.key == "funds")
    block = section.blocks[0]
    assert isinstance(block, MatrixBlock)
    measures = tuple(measure for measure in block.measures if measure.key != "planned")
    broken = section.model_copy(
        update={"blocks": (block.model_copy(update={"measures": measures}),)}
    )
    sections = tuple(broken if each is section else each for each in form.sections)
    with pytest.raises(FormError, match="执行率: a rate needs the measures 'planned' and 'spent'"):
        build_template(form.model_copy(update={"sections": sections}))


# ---------------------------------------------------------------------------------- prefilled


def test_values_stand_in_their_inputs(national: Workbook, sichuan: Workbook) -> None:
    expected = {
        "project_name": "农村公路养护",
        "funds_initial_total": 180,
        "funds_weight_total": 10,
        "funds_points_total": 1.2,
        "goals_actual": "养护325公里。",
    }
    assert {name: named(national, name).value for name in expected} == expected
    expected = {
        "process": TEXT,
        "conclusion": "自评97分。",
        "leader": "周岚",
        "funds_reason_total": "年末一笔款项跨年支付。",
    }
    assert {name: named(sichuan, name).value for name in expected} == expected


def test_an_indicator_goes_to_the_rows_of_its_second_level(
    national: Workbook, sichuan: Workbook
) -> None:
    assert [cell.value for cell in first_sheet(national)[29]][1:] == [
        "满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "88%", 49.9, 48.1,
        "雨季塌方两次，已增设边沟。",
    ]  # fmt: skip
    assert [cell.value for cell in first_sheet(sichuan)[17]][2:10] == [
        "质量指标", "验收合格率", "≥", "95", "%", "98", 20, 20,
    ]  # fmt: skip


def test_a_long_text_gets_the_height_it_needs(sichuan: Workbook) -> None:
    heights = first_sheet(sichuan).row_dimensions
    assert heights[38].height == pytest.approx(80, abs=1)
    # 600 characters, 40 on a line of 15 points.
    assert 600 / 40 * 15 < (heights[7].height or 0) < 300


def test_the_year_stands_under_the_title(national: Workbook) -> None:
    assert named(national, "fiscal_year").value == "（2021年度）"


@pytest.mark.parametrize(
    ("unknown", "told"),
    [
        (Filled(execution={("total", "rate"): Decimal(1)}), "no execution to fill in"),
        (Filled(execution={("fiscal", "weight"): 10}), "no execution to fill in"),
        (Filled(fields={"leader": "周岚"}), "no field to fill in: leader"),
        (Filled(funds={("received", "total"): Decimal(1)}), "no funds to fill in"),
    ],
)
def test_what_the_template_has_no_place_for_is_refused(unknown: Filled, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        build_template(load_form("national_selfeval"), unknown)


def test_a_form_of_several_sheets_has_no_year_to_fill_in() -> None:
    with pytest.raises(ValueError, match="no fiscal year to fill in: 2021"):
        build_template(load_form(), Filled(fiscal_year=2021))


@pytest.mark.parametrize("name", FILLED)
def test_the_same_values_give_the_same_bytes(name: str) -> None:
    form, filled = load_form(name), FILLED[name]
    assert build_template(form, filled) == build_template(form, filled)

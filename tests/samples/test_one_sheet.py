"""The bent form: deterministic, refused where it can't be, and true about its places."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from one_sheet import ExtraSheet, Facts, Layout, places, write_one_sheet, written
from one_sheet.desk import spans
from openpyxl import load_workbook

from xlsx_eval.forms import load_form
from xlsx_eval.template import Filled, Opinion

FACTS = Facts(
    Filled(
        fields={"project_name": "防汛抗旱", "leader": "周岚", "score": 91, "preparer": "罗小满"},
        funds={("received", "total"): Decimal(200), ("spent", "total"): Decimal("206.2")},
        tables={
            "expenditures": [
                {"item": "抽水机", "amount": Decimal("150.5"), "voucher": "3月记-2号"},
                {"item": "编织袋", "amount": Decimal("55.7")},
            ],
            "evaluators": [{"name": "秦立新", "title": "局长", "unit": "水利局"}],
        },
        opinions={"unit": Opinion("同意。", "周岚", "2022-03-10")},
        narratives={1: "第一段。\n第二段。"},
    )
)


def value_at(layout: Layout, key: str, facts: Facts = FACTS) -> object:
    """What openpyxl reads in the cell the writer names."""
    done = written(load_form(), facts, layout)
    sheet, cell = done.places[key]
    return load_workbook(BytesIO(done.data), data_only=True)[sheet][cell].value


def test_same_facts_give_the_same_bytes() -> None:
    form = load_form()
    assert write_one_sheet(form, FACTS, Layout()) == write_one_sheet(form, FACTS, Layout())


@pytest.mark.parametrize(
    ("layout", "key", "expected"),
    [
        (Layout(), "fields.project_name", "防汛抗旱"),
        (Layout(), "fields.preparer", "填报人：罗小满"),
        (Layout(half_width=True), "fields.preparer", "填报人:罗小满"),
        (Layout(cover="sheet"), "fields.project_name", "防汛抗旱"),
        (Layout(fields={"score": "below"}), "fields.score", 91),
        (Layout(), "funds.spent.total", 206.2),
        (Layout(amounts="元"), "funds.spent.total", "2,062,000元"),
        (Layout(amounts="万元"), "funds.balance.total", "-6.2万元"),
        (Layout(row=3, column=2), "expenditures.1.item", "编织袋"),
        (Layout(), "expenditures.total.amount", 206.2),
        (Layout(formulas=True), "expenditures.total.amount", 206.2),
        (Layout(blank_row_every=1), "expenditures.1.amount", 55.7),
        (Layout(repeat_header_after=1), "expenditures.1.amount", 55.7),
        (Layout(), "evaluators.0.unit", "水利局"),
        (Layout(), "narratives.1", "第一段。"),
        (Layout(texts="whole"), "narratives.1", "第一段。\n第二段。"),
    ],
)
def test_places_lead_to_the_values(layout: Layout, key: str, expected: object) -> None:
    assert value_at(layout, key) == expected


def test_opinion_signature_and_date_share_a_cell() -> None:
    text = value_at(Layout(), "opinions.unit.signatory")
    assert text == "同意。\n\n项目单位负责人（签字）：周岚            2022年3月10日"


def test_balance_by_formula_has_the_binary_result_of_excel() -> None:
    assert value_at(Layout(formulas=True), "funds.balance.total") == 200 - 206.2


@pytest.mark.parametrize(
    ("stated", "expected"), [(Decimal(6), 6), ("约6", "约6"), ("", None)], ids=str
)
def test_stated_balance_stands_instead_of_the_right_one(
    stated: Decimal | str, expected: object
) -> None:
    facts = Facts(FACTS.filled, funds={("balance", "total"): stated})
    assert value_at(Layout(), "funds.balance.total", facts) == expected


def test_sections_come_in_the_order_of_the_layout() -> None:
    order = ("narratives", "evaluators", "performance", "expenditures", "basics")
    where = places(load_form(), FACTS, Layout(order=order, cover="none"))
    rows = [int(where[f"sections.{key}"].cell.removeprefix("A")) for key in order]
    assert rows == sorted(rows)


def test_extra_sheets_stand_in_front_or_behind() -> None:
    extra = (
        ExtraSheet("台账", (("序号", Decimal(1)),), first=True),
        ExtraSheet("清单", (("品名",),)),
    )
    data = write_one_sheet(load_form(), FACTS, Layout(sheet="自评", extra_sheets=extra))
    assert load_workbook(BytesIO(data)).sheetnames == ["台账", "自评", "清单"]


def test_undeclared_wording_is_refused() -> None:
    with pytest.raises(ValueError, match="declares no wording '盈余'"):
        written(load_form(), FACTS, Layout(wordings={"funds.balance": "盈余"}))


def test_unknown_section_is_refused() -> None:
    with pytest.raises(ValueError, match="no section appendix"):
        written(load_form(), FACTS, Layout(omitted=("appendix",)))


def test_columns_are_shared_out_by_weight() -> None:
    assert spans([38, 16, 26, 20], 8) == [(0, 2), (3, 3), (4, 5), (6, 7)]

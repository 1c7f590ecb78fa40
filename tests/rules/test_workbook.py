"""W9xx: what is wrong with the workbook makes other findings stand back."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from check_together import check_together
from correct_form import CORRECT, changed, place
from correct_table import correct_table
from typed_over import type_over

import xlsx_eval as xe
from xlsx_eval.forms import load_form
from xlsx_eval.rules.cells import refers_elsewhere
from xlsx_eval.template import build_template

BASICS = "一、项目基本情况"
DETAILS = "二、项目支出明细情况"


def check(data: bytes, folder: Path, **settings: Any) -> list[tuple[str, str]]:
    """(rule, cell) of the findings."""
    path = folder / "form.xlsx"
    path.write_bytes(data)
    findings = xe.check(path, xe.Settings(**settings))
    return list(zip(findings["rule"], findings["cell"], strict=True))


def cell(name: str) -> str:
    return place(name)[1]


# ------------------------------------------------------------------------ labels that are gone


GONE = {
    f"{BASICS}!A2": "A1",
    f"{BASICS}!A4": "A1",
    f"{BASICS}!E3": "A1",
    f"{BASICS}!A5": "A1",
    f"{BASICS}!C5": "A1",
    f"{BASICS}!E5": "A1",
    "封面!B5": "A2",
    "封面!B6": "A2",
    "封面!B10": "A2",
    f"{DETAILS}!A2": "A1",
    f"{DETAILS}!B2": "A1",
    f"{DETAILS}!C2": "A1",
    "三、项目绩效评价情况!C4": "A1",
    "三、项目绩效评价情况!D4": "A1",
    "三、项目绩效评价情况!E4": "A1",
    "三、项目绩效评价情况!F4": "A1",
    "三、项目绩效评价情况!A32": "A1",
    "三、项目绩效评价情况!A33": "A1",
    "四、评价人员!A2": "A1",
    "四、评价人员!B2": "A1",
    "四、评价人员!C2": "A1",
    "四、评价人员!A19": "A1",
}
"""Label → the heading that the finding stands on."""


def test_a_label_that_is_gone_is_one_finding(tmp_path: Path) -> None:
    forms = {label: changed({label: ""}) for label in GONE}

    assert check_together(forms, tmp_path) == {
        label: [("W902", heading)] for label, heading in GONE.items()
    }


def test_what_is_missing_is_told_where_labels_are_not(tmp_path: Path) -> None:
    data = changed({f"{BASICS}!A4": ""})

    assert check(data, tmp_path, ignore=("W902",)) == [("B801", "A1")]


def test_other_faults_of_the_part_are_told_all_the_same(tmp_path: Path) -> None:
    data = changed({f"{BASICS}!A4": "", "postcode": ""})

    assert check(data, tmp_path) == [("W902", "A1"), ("B802", cell("postcode"))]


# ------------------------------------------------------------------------ values that are unknown


UNKNOWN = (
    "funds_spent_total", "funds_spent_county", "score", "grade", "period", "project_name",
    "expenditures_amount[1]", "expenditures_voucher[1]", "postcode", "phone",
)  # fmt: skip


@pytest.mark.parametrize(("value", "rule"), [("#REF!", "W903"), ("=B99+C99", "W908")])
def test_a_cell_whose_value_is_unknown_is_one_finding(
    value: str, rule: str, tmp_path: Path
) -> None:
    forms = {name: changed({name: value}) for name in UNKNOWN}

    assert check_together(forms, tmp_path) == {name: [(rule, cell(name))] for name in UNKNOWN}


def test_an_error_that_comes_from_another_one_is_related_to_it(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(_with_errors())
    findings = xe.check(path, xe.Settings(select=("W903",)))

    assert [tuple(row) for row in findings[["cell", "related"]].to_numpy()] == [
        ("D5", f"'{BASICS}'!H5")
    ]


def _with_errors() -> bytes:
    """The template with a received amount in error, and the balance that is computed from it."""
    whole = build_template(load_form(), CORRECT)
    return _replaced(whole, {"D5": ("", "#REF!"), "H5": ("D5-F5", "#REF!")})


def _replaced(workbook: bytes, cells: dict[str, tuple[str, str]]) -> bytes:
    """Cells of the basic facts' sheet with a formula (or none) and an error as its result."""
    done = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(done, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            if part.endswith("sheet3.xml"):
                for name, (formula, error) in cells.items():
                    inside = f"<f>{formula}</f><v>{error}</v>" if formula else f"<v>{error}</v>"
                    text = re.sub(
                        rf'<c r="{name}"( s="\d+")[^>]*>.*?</c>',
                        rf'<c r="{name}"\1 t="e">{inside}</c>',
                        text.decode(),
                    ).encode()
            new.writestr(part, text)
    return done.getvalue()


# ------------------------------------------------------------------------ formulas typed over


@pytest.mark.parametrize(
    ("name", "number"),
    [("funds_balance_total", 30), ("funds_balance_county", -5), ("expenditures_total", 310)],
)
def test_a_number_typed_over_a_formula_is_told_beside_the_wrong_sum(
    name: str, number: int, tmp_path: Path
) -> None:
    data = type_over(build_template(load_form(), CORRECT), {name: Decimal(number)})

    error = "D201" if name.startswith("expenditures") else "F102"
    assert check(data, tmp_path) == [(error, cell(name)), ("W904", cell(name))]


def test_the_same_number_in_a_form_without_formulas_is_an_error_of_its_own(tmp_path: Path) -> None:
    rules = ("F102", "D201", "D202", "W")

    assert check(changed({"funds_balance_total": 30}), tmp_path, select=rules) == [("F102", "H5")]
    assert check(changed({"expenditures_total": 310}), tmp_path, select=rules) == [("D201", "B43")]


def test_where_it_is_not_asked_for_the_arithmetic_is_told(tmp_path: Path) -> None:
    data = type_over(build_template(load_form(), CORRECT), {"funds_balance_total": Decimal(30)})

    assert check(data, tmp_path, ignore=("W904",)) == [("F102", "H5")]


def test_the_template_as_it_was_filled_in_has_no_finding(tmp_path: Path) -> None:
    assert check(build_template(load_form(), CORRECT), tmp_path) == []


# ------------------------------------------------------------------------ other workbooks


@pytest.mark.parametrize(
    "formula",
    [
        "=[1]Sheet1!A1",
        "=[1]!预算",
        "=SUM([台账.xlsx]支出!$B$2:$B$9)",
        r"='C:\财务\[2021 台账.xls]支 出'!B2+1",
        "='file:///C:/budget.ods'#$Sheet1.B2",
        "=Excel|Sheet1!R1C1",
        '=DDE("soffice";"C:/a.ods";"Sheet1.A1")',
    ],
)
def test_formulas_that_refer_to_another_workbook(formula: str) -> None:
    assert refers_elsewhere(formula)


@pytest.mark.parametrize(
    "formula",
    [
        "=A1+B2", "='二、支出'!B2", "=R[-1]C+Sheet2!R1C1", "=[.B2]-[.C2]", "=[$Sheet2.A1]*2",
        "=SUM(表1[金额])", '="[1]Sheet1!A1"', "=Sheet1!A1|B1", '=IF(A1="","",B1)',
    ],
)  # fmt: skip
def test_formulas_that_stay_in_the_workbook(formula: str) -> None:
    assert not refers_elsewhere(formula)


# ------------------------------------------------------------------------ one-table forms


@pytest.mark.parametrize("form", ["national_selfeval", "sichuan_selfeval"])
def test_a_header_that_is_gone_in_a_table(form: str, tmp_path: Path) -> None:
    columns = {"national_selfeval": "D5", "sichuan_selfeval": "D7"}

    found = check(correct_table(form, {columns[form]: ""}), tmp_path)

    assert [rule for rule, _ in found] == ["W902"]

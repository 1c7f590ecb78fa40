"""One mistake gives one finding: what was changed in a correct form, and all that is then said.

In the correct form 100 万元 of the province and 200 of the county are planned, received and spent;
the items are 150, 100 and 50, the cost indicator says 300万元, and the score is 95, 优秀.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from check_together import check_together
from correct_form import changed
from correct_table import correct_table

import xlsx_eval as xe

# 280 of the 300 万元 were spent, and 20 of the county's are left
LEFT = {
    "funds_spent_total": 280, "funds_spent_county": 180,
    "funds_balance_total": 20, "funds_balance_county": 20,
    "expenditures_amount[0]": 130, "expenditures_total": 280, "indicators_actual[9]": "280万元",
}  # fmt: skip
# no source is filled in, which F105 says of every such form; the cost is told in words
TOTALS_ONLY = {
    f"funds_{measure}_{source}": ""
    for measure in ("planned", "received", "spent", "balance")
    for source in ("province", "county")
} | {"indicators_target[9]": "控制在预算内", "indicators_actual[9]": "控制在预算内"}
LEFT_TOTALS_ONLY = LEFT | TOTALS_ONLY
ROW_COPIED = {
    "expenditures_item[3]": "路面修补材料", "expenditures_amount[3]": 150,
    "expenditures_voucher[3]": "3月记12",
}  # fmt: skip

SEVERAL = {
    "funds_spent_total": 306.2,  # its sources add up to 300
    "expenditures_amount[0]": 160,  # 合计 is 300
    "expenditures_voucher[2]": "3月记12",
    "score": 85,
    "indicators_actual[0]": "",
}

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, ""),
    "nothing where money is left": (LEFT, ""),
    "nothing but the sources": (LEFT_TOTALS_ONLY, "F105"),
    # a total
    "planned mistyped": ({"funds_planned_total": 290}, "F104"),
    "received mistyped, too small": ({"funds_received_total": 200}, "F104"),
    "received mistyped, too large": ({"funds_received_total": 310}, "F104"),
    "spent mistyped, too large": ({"funds_spent_total": 306.2}, "F104"),
    "spent mistyped, too small": ({"funds_spent_total": 200}, "F104"),
    "spent mistyped where money is left": (LEFT | {"funds_spent_total": 270}, "F104"),
    "balance mistyped": (LEFT | {"funds_balance_total": 30}, "F102"),
    "planned blank": ({"funds_planned_total": ""}, "F113"),
    "received blank": ({"funds_received_total": ""}, "F113"),
    "spent blank": ({"funds_spent_total": ""}, "F113"),
    "spent blank where money is left": (LEFT | {"funds_spent_total": ""}, "F113"),
    "balance blank": (LEFT | {"funds_balance_total": ""}, "F114"),
    "planned unreadable": ({"funds_planned_total": "约300"}, "F112"),
    "received unreadable": ({"funds_received_total": "见文件"}, "F112"),
    "spent unreadable": ({"funds_spent_total": "约300"}, "F112"),
    "balance unreadable": (LEFT | {"funds_balance_total": "约20"}, "F112"),
    "planned in 元": ({"funds_planned_total": 3000000}, "F111"),
    "received in 元": ({"funds_received_total": 3000000}, "F111"),
    "spent in 元": ({"funds_spent_total": 3000000}, "F111"),
    "spent in 元 where money is left": (LEFT | {"funds_spent_total": 2800000}, "F111"),
    "spent and its sources in 元": (
        {
            "funds_spent_total": 3000000,
            "funds_spent_province": 1000000,
            "funds_spent_county": 2000000,
        },
        "F111",
    ),
    "a total with its unit, 元": ({"funds_spent_total": "3000000元"}, "F111"),
    "a minus before planned": ({"funds_planned_total": -300}, "F110"),
    "a minus before received": ({"funds_received_total": -300}, "F110"),
    # a source
    "a source of planned mistyped": ({"funds_planned_county": 210}, "F104"),
    "a source of received too small": ({"funds_received_county": 150}, "F104"),
    "a source of received too large": ({"funds_received_county": 250}, "F104"),
    "a source of spent too large": ({"funds_spent_county": 206.2}, "F104"),
    "a source of spent too small": ({"funds_spent_county": 150}, "F104"),
    "a source of spent mistyped where money is left": (LEFT | {"funds_spent_county": 170}, "F104"),
    "a source of received mistyped there": (LEFT | {"funds_received_county": 190}, "F104"),
    "a source of the balance mistyped": (LEFT | {"funds_balance_county": 10}, "F104"),
    "a source blank": ({"funds_received_county": ""}, "F104"),
    "the only source of the balance blank": (LEFT | {"funds_balance_county": ""}, "F105"),
    "a source unreadable": ({"funds_received_county": "约200"}, "F112"),
    "a source in 元": ({"funds_spent_county": 2000000}, "F104"),
    "a source with its unit, 元": ({"funds_spent_county": "2000000元"}, ""),
    "a minus before a source of received": ({"funds_received_county": -200}, "F110"),
    "a minus before a source of spent": ({"funds_spent_county": -200}, "F110"),
    # without sources
    "planned mistyped, totals only": (TOTALS_ONLY | {"funds_planned_total": 290}, "F103 F105"),
    "balance mistyped, totals only": (
        LEFT_TOTALS_ONLY | {"funds_balance_total": 30},
        "F102 F105",
    ),
    "spent mistyped, totals only": (LEFT_TOTALS_ONLY | {"funds_spent_total": 270}, "D202 F105"),
    "spent far too small, totals only": (
        LEFT_TOTALS_ONLY | {"funds_spent_total": 200},
        "D202 F105",
    ),
    "spent above received, totals only: it stays an error of its own": (
        LEFT_TOTALS_ONLY | {"funds_spent_total": 310},
        "D202 F101 F105 S405",
    ),
    "a balance where nothing is left": ({"funds_balance_total": 5}, "F102"),
    # the details
    "合计 mistyped": ({"expenditures_total": 310}, "D201"),
    "合计 blank": ({"expenditures_total": ""}, ""),
    "合计 unreadable": ({"expenditures_total": "约300"}, "F112"),
    "合计 in 元": ({"expenditures_total": 3000000}, "D201"),
    "an item mistyped": ({"expenditures_amount[0]": 160}, "D201"),
    "an item mistyped, 合计 blank": (
        {"expenditures_amount[0]": 160, "expenditures_total": ""},
        "D202",
    ),
    "an item mistyped, and added up so": (
        {"expenditures_amount[0]": 160, "expenditures_total": 310},
        "D202",
    ),
    "an item's amount blank": ({"expenditures_amount[0]": ""}, "D206"),
    "an item's amount blank, 合计 blank": (
        {"expenditures_amount[0]": "", "expenditures_total": ""},
        "D206",
    ),
    "an item unreadable": ({"expenditures_amount[0]": "约150"}, "F112"),
    "an item in 元": ({"expenditures_amount[0]": 1500000}, "D201"),
    "a minus before an item": ({"expenditures_amount[0]": -150}, "F110"),
    "a voucher twice": ({"expenditures_voucher[2]": "3月记12"}, "D205"),
    "a row entered twice, and counted": (ROW_COPIED | {"expenditures_total": 450}, "D202 D207"),
    "a row entered twice": (ROW_COPIED, "D201 D207"),
    # score and grade
    "score mistyped": ({"score": 85}, "S403"),
    "score blank": ({"score": ""}, "S401"),
    "score unreadable": ({"score": "九十多分"}, "S401"),
    "score out of range": ({"score": 950}, "S402"),
    "a decimal point too many": ({"score": 9.5}, "S403"),
    "grade mistyped": ({"grade": "良好"}, "S403"),
    "grade blank": ({"grade": ""}, "S404"),
    # the cost indicator
    "cost actual blank": ({"indicators_actual[9]": ""}, "I302"),
    "cost actual mistyped": ({"indicators_actual[9]": "290万元"}, "I304 S405"),
    "cost actual mistyped, over the target": ({"indicators_actual[9]": "310万元"}, "I304 S405"),
    "cost target mistyped": ({"indicators_target[9]": "≤290万元"}, "I305 S405"),
    "cost target blank": ({"indicators_target[9]": ""}, "I301"),
}

TABLES: dict[str, tuple[dict[str, Any], str]] = {
    "score mistyped": ({"H20": 98}, "S406"),
    "score mistyped, in another band": ({"H20": 79}, "S406"),
    "points mistyped": ({"H16": 9}, "S406"),
    "points above their weight": ({"H16": 12}, "I312"),
    "the rate mistyped": ({"H6": "95%"}, "I314"),
    "executed mistyped": ({"F6": 260}, "F104"),
    "budget mistyped": ({"E6": 330}, "F104"),
}


pytestmark = pytest.mark.xdist_group("root causes")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Case → the rules that speak."""
    forms = {name: changed(cells) for name, (cells, _) in CASES.items()}
    tables = {
        f"table: {name}": correct_table("national_selfeval", cells)
        for name, (cells, _) in TABLES.items()
    }
    together = {**forms, **tables, "several mistakes": changed(SEVERAL)}
    found = check_together(together, tmp_path_factory.mktemp("forms"))
    return {name: " ".join(sorted(rule for rule, _ in each)) for name, each in found.items()}


@pytest.mark.parametrize("name", CASES)
def test_one_mistake(name: str, said: dict[str, str]) -> None:
    assert said[name] == CASES[name][1]


@pytest.mark.parametrize("name", TABLES)
def test_one_mistake_in_one_table(name: str, said: dict[str, str]) -> None:
    assert said[f"table: {name}"] == TABLES[name][1]


def test_several_mistakes_are_all_told(said: dict[str, str]) -> None:
    assert said["several mistakes"] == "D201 D205 F104 I302 S403"


def test_what_is_not_chosen_explains_nothing(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(changed({"funds_spent_total": 306.2}))

    found = xe.check(path, xe.Settings(ignore=("F104",)))["rule"]
    assert sorted(found) == ["D202", "F101", "S405"]

"""The workbook's totals beside the frames': added up again, with pandas, from what was read."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from pages import records, totals

from xlsx_eval.summary import County, write_summary

MakeCounty = Callable[..., County]
Opened = Callable[[bytes], Any]

MEASURES = {
    "planned": "计划安排", "received": "实际到位", "spent": "实际支出", "balance": "结余",
}  # fmt: skip


@pytest.fixture(scope="module")
def county(make_county: MakeCounty, make_reports: Callable[[int], Any]) -> County:
    return make_county(make_reports(150))


@pytest.fixture(scope="module")
def pages(county: County, stored: Opened) -> Any:
    return stored(write_summary(county))


def stated(county: County) -> pd.DataFrame:
    """Totals a project: department, unit and the four amounts, as exact decimals."""
    funds = county.frames.funds
    total = funds[funds["source"] == "total"]
    wide = total.pivot_table(index="file", columns="measure", values="amount", aggfunc="first")
    names = county.frames.projects.set_index("file")[["department", "project_unit"]]
    return names.join(wide)


def cents(amount: Any) -> Decimal:
    return Decimal(str(amount or 0)).quantize(Decimal("0.01"))


def test_the_county(county: County, pages: Any) -> None:
    sums = stated(county)
    found = totals(pages["项目汇总表"])
    for measure, title in MEASURES.items():
        assert cents(found[title]) == cents(sum(sums[measure]))
    assert found["预算执行率"] == pytest.approx(
        float(sum(sums["spent"]) / sum(sums["received"])), abs=5e-7
    )


@pytest.mark.parametrize(
    ("sheet", "title", "column"),
    [("部门汇总", "主管部门", "department"), ("单位汇总", "项目单位", "project_unit")],
)
def test_departments_and_units(
    county: County, pages: Any, sheet: str, title: str, column: str
) -> None:
    listed = {record[title]: record for record in records(pages[sheet])}
    groups = stated(county).groupby(column)
    assert set(listed) == set(groups.groups)
    for name, rows in groups:
        assert listed[name]["项目数"] == len(rows)
        for measure, shown in MEASURES.items():
            assert cents(listed[name][shown]) == cents(sum(rows[measure]))


def test_findings(county: County, pages: Any) -> None:
    counts = county.findings.groupby(["rule", "severity"]).size()
    words = {"错误": "error", "疑点": "warning", "提示": "notice"}
    found = {
        (record["规则"], severity): record[word]
        for record in records(pages["问题统计"], "规则")
        for word, severity in words.items()
    }
    assert {key: count for key, count in found.items() if count} == counts.to_dict()
    assert sum(record["错误"] for record in records(pages["项目汇总表"])) == sum(
        county.findings["severity"] == "error"
    )

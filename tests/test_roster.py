"""The roster as counties write it: titles, merges, units of money, totals, notes, sheets."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from grids import workbook

import xlsx_eval as xe
from xlsx_eval.frames import ROSTER
from xlsx_eval.roster import read_roster
from xlsx_eval.values.amounts import format_amount


def roster(tmp_path: Path, *sheets: str, year: int | None = None) -> list[tuple[object, ...]]:
    """(unit, project, budget, department) of each row."""
    return rows(tmp_path, {f"Sheet{n}": sheet for n, sheet in enumerate(sheets, 1)}, year)


def rows(
    tmp_path: Path, sheets: dict[str, str], year: int | None = None
) -> list[tuple[object, ...]]:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(workbook(sheets))
    frame = read_roster(path, year=year)
    assert {name: frame[name].dtype for name in frame} == ROSTER
    return [
        (
            _or_none(unit),
            project,
            None if pd.isna(budget) else format_amount(budget),
            _or_none(department),
        )
        for unit, project, budget, department in zip(
            frame["unit"], frame["project"], frame["budget"], frame["department"], strict=True
        )
    ]  # fmt: skip


def _or_none(value: object) -> object:
    return None if pd.isna(value) else value


def test_a_plain_list(tmp_path: Path) -> None:
    assert roster(
        tmp_path,
        """
        主管部门 | 项目单位 | 项目名称 | 预算（万元）
        交通局 | 养护中心 | 公路养护 | 300
        水利局 | 水管站 | 水库加固 | 1,250.55
        """,
    ) == [
        ("养护中心", "公路养护", "300", "交通局"),
        ("水管站", "水库加固", "1250.55", "水利局"),
    ]


def test_a_title_merges_totals_blanks_and_notes(tmp_path: Path) -> None:
    assert roster(
        tmp_path,
        """
        2021年度项目支出绩效自评花名册 | < | < | < | <
        编制单位：财政局 | < | < | 单位：元 | <
        序 号 | 主管部门 | 项 目 单 位 | 项目\\n名称 | 年初预算数
        1 | 交通局 | 养护中心 | 公路养护 | 3000000
        2 | ^ | ^ | 桥梁加固 | '1,500,000.00
        小计 | < | < | < | 4500000

        3 | 水利局 | 水管站 | 水库加固 | 200万元
        4 | ^ | 河道站 | 河道清淤 | /
        合  计 | < | < | < | 6500000
        注：金额为年初批复数。 | < | < | < | <
        填表人：李二 | | | 审核人：张三 |
        """,
    ) == [
        ("养护中心", "公路养护", "300", "交通局"),
        ("养护中心", "桥梁加固", "150", "交通局"),
        ("水管站", "水库加固", "200", "水利局"),
        ("河道站", "河道清淤", None, "水利局"),
    ]


def test_a_unit_written_once_holds_below(tmp_path: Path) -> None:
    assert roster(
        tmp_path,
        """
        部门 | 单位 | 项目 | 预算数
        交通局 | 养护中心 | 公路养护 | 300
        | | 桥梁加固 | 150
        水利局 | | 水库加固 | 200
        """,
    ) == [
        ("养护中心", "公路养护", "300", "交通局"),
        ("养护中心", "桥梁加固", "150", "交通局"),
        ("水利局", "水库加固", "200", "水利局"),
    ]


def test_a_header_of_two_rows(tmp_path: Path) -> None:
    assert roster(
        tmp_path,
        """
        序号 | 预算单位 | 项目名称 | 预算金额（万元） | < | <
        ^ | ^ | ^ | 上级资金 | 县级资金 | 合计
        1 | 养护中心 | 公路养护 | 100 | 200 | 300
        2 | 水管站 | 水库加固 | | 50 | 50
        """,
    ) == [("养护中心", "公路养护", "300", None), ("水管站", "水库加固", "50", None)]


def test_groups_in_the_projects_column(tmp_path: Path) -> None:
    assert roster(
        tmp_path,
        """
        序号 | 项目名称 | 批复金额
        | 一、交通局 | 450
        1 | 公路养护 | 300
        2 | 桥梁加固 | 150
        | 二、水利局 | 200
        1 | 水库加固 | 200
        """,
    ) == [
        ("交通局", "公路养护", "300", None),
        ("交通局", "桥梁加固", "150", None),
        ("水利局", "水库加固", "200", None),
    ]


def test_numbered_projects_are_no_groups(tmp_path: Path) -> None:
    plain = [(None, "公路养护", None, None), (None, "2.5公里道路", None, None)]
    assert roster(tmp_path, "项目名称\n一、公路养护\n二、2.5公里道路") == plain
    assert roster(tmp_path, "项目名称\n1.公路养护\n(2)2.5公里道路") == plain
    assert roster(tmp_path, "项目名称\n1、公路养护\n2、2.5公里道路") == plain


def test_one_project_over_several_lines_of_money(tmp_path: Path) -> None:
    assert roster(
        tmp_path,
        """
        单位 | 项目名称 | 资金来源 | 金额 | 总额
        养护中心 | 公路养护 | 上级 | 100 | 300
        ^ | ^ | 县级 | 200 | ^
        """,
    ) == [
        ("养护中心", "公路养护", "100", None),
        ("养护中心", "公路养护", "200", None),
    ]


def test_a_sum_merged_over_projects_is_none_s_own(tmp_path: Path) -> None:
    assert roster(
        tmp_path,
        """
        单位 | 项目名称 | 预算
        养护中心 | 公路养护 | 300
        养护中心 | 桥梁加固 | ^
        """,
    ) == [("养护中心", "公路养护", None, None), ("养护中心", "桥梁加固", None, None)]


def test_the_year_s_column_and_sheet(tmp_path: Path) -> None:
    sheets = {
        "2020年": "单位 | 项目名称 | 预算\n养护中心 | 旧项目 | 1",
        "2021年": "单位 | 项目名称 | 2020年预算数 | 2021年预算数\n养护中心 | 公路养护 | 250 | 300",
    }
    assert rows(tmp_path, sheets, 2021) == [("养护中心", "公路养护", "300", None)]


def test_a_sheet_a_department(tmp_path: Path) -> None:
    assert roster(
        tmp_path,
        "说明 | 请各单位核对\n联系人 | 李二",
        "单位 | 项目名称\n养护中心 | 公路养护",
        "单位 | 项目名称\n水管站 | 水库加固\n养护中心 | 公路养护",
    ) == [("养护中心", "公路养护", None, None), ("水管站", "水库加固", None, None)]


def test_repeated_headers_and_long_lists(tmp_path: Path) -> None:
    lines = "\n".join(f"单位{n % 7} | 项目甲{n} | {n + 1}" for n in range(600))
    found = roster(
        tmp_path, f"单位 | 项目名称 | 预算（万元）\n{lines}\n单位 | 项目名称 | 预算\n单位1 | 末 | 5"
    )

    assert len(found) == 601
    assert found[-1] == ("单位1", "末", "5", None)


def test_other_formats(tmp_path: Path) -> None:
    path = tmp_path / "roster.xls"
    path.write_text(
        "<html><meta charset=utf-8><table><tr><td>单位<td>项目名称<td>预算（万元）"
        "<tr><td>养护中心<td>公路养护<td>300</table></html>",
        "utf-8",
    )
    frame = read_roster(path)

    assert list(frame["project"]) == ["公路养护"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的"),
        (b"not a workbook", "cannot read the roster"),
        (workbook({"A": "单位 | 预算\n养护中心 | 300"}), "has no list of projects"),
        (workbook({"A": "单位 | 项目名称 | 预算\n合计 | | 300"}), "lists no project"),
        (workbook({"A": "项目\n公路养护"}), "has no list of projects"),
    ],
)
def test_what_is_no_roster_is_refused(data: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(data)

    with pytest.raises(xe.UsageError, match=sentence):
        read_roster(path)


def test_a_missing_roster_is_refused(tmp_path: Path) -> None:
    with pytest.raises(xe.UsageError, match="cannot read the roster"):
        read_roster(tmp_path / "none.xlsx")


def test_formulas_errors_and_numbers_as_names(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for values in (
        ("单位", "项目名称", "预算"),
        ("养护中心", "=A1", "=1+1"),
        ("水管站", 2021, "#REF!"),
    ):
        sheet.append(values)
    path = tmp_path / "roster.xlsx"
    book.save(path)
    frame = read_roster(path)

    assert frame["budget"].isna().all()

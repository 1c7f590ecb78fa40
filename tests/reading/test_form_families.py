"""The national and Sichuan's self-evaluation: recognised by themselves, the same frames."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from correct_table import FORMS, SHEET, correct_table
from grids import workbook

import xlsx_eval as xe


def read(folder: Path, data: bytes) -> xe.Frames:
    path = folder / "form.xlsx"
    path.write_bytes(data)
    return xe.read(path)


def text_of(form: str) -> str:
    return (Path(__file__).parents[1] / "forms" / f"{form}.txt").read_text("utf-8")


def amounts(frames: xe.Frames, measure: str) -> dict[str, Decimal | None]:
    funds = frames.funds[frames.funds["measure"] == measure]
    return {
        source: None if pd.isna(amount) else amount
        for source, amount in zip(funds["source"], funds["amount"], strict=True)
    }


def row(frame: pd.DataFrame, number: int, *columns: str) -> tuple[Any, ...]:
    values = frame.iloc[number][list(columns)]
    return tuple(None if pd.isna(value) else value for value in values)


def test_the_national_form(tmp_path: Path) -> None:
    frames = read(tmp_path, correct_table("national_selfeval"))
    project = frames.projects.iloc[0]

    assert project["form"] == "national_selfeval"
    assert (project["project_name"], project["project_name_cell"]) == ("农村公路养护项目", "C3")
    assert (project["project_unit"], project["project_unit_cell"]) == ("清平县公路养护中心", "G4")
    assert (project["score"], project["score_cell"]) == (97, "H20")
    assert (project["weight_total"], project["weight_total_cell"]) == (100, "G20")
    assert amounts(frames, "initial") == {
        "total": 200, "fiscal": 200, "carry_over": None, "other": None,
    }  # fmt: skip
    assert amounts(frames, "planned") == {
        "total": 300, "fiscal": 200, "carry_over": 80, "other": 20,
    }  # fmt: skip
    assert amounts(frames, "spent") == {
        "total": 270, "fiscal": 180, "carry_over": 70, "other": 20,
    }  # fmt: skip
    assert amounts(frames, "received") == {}
    assert row(frames.execution, 0, "source", "rate", "rate_cell", "weight", "points") == (
        "total", Decimal("0.9"), "H6", 10, 9,
    )  # fmt: skip
    assert row(frames.execution, 2, "source", "rate", "weight", "weight_text", "points") == (
        "carry_over", Decimal("0.875"), None, "—", None,
    )  # fmt: skip
    assert row(frames.goals, 0, "expected_cell", "actual", "actual_cell") == (
        "B11", "养护325公里，路况良好。", "F11",
    )  # fmt: skip
    assert list(frames.indicators["content"]) == [
        "指标1：养护里程", "指标1：验收合格率", "指标1：完成时间", "指标1：项目总成本",
        "指标1：通行保障率", "指标1：沿线群众满意度",
    ]  # fmt: skip
    assert row(
        frames.indicators, 4,
        "level1", "level2", "target", "target_operator", "target_value", "actual_value",
        "weight", "points", "points_cell", "reason",
    ) == (
        "效益指标（30分）", "社会效益指标", "≥95%", ">=", 95, 98,
        30, 28, "H18", "雨季塌方两次，已增设边沟。",
    )  # fmt: skip


def test_sichuans_form(tmp_path: Path) -> None:
    frames = read(tmp_path, correct_table("sichuan_selfeval"))
    project = frames.projects.iloc[0]

    assert project["form"] == "sichuan_selfeval"
    assert project["project_name"] == "51000021R000000019951-农村公路养护项目"
    assert (project["leader"], project["leader_cell"]) == ("周岚", "A23")
    assert (project["score"], project["score_cell"]) == (97, "J19")
    assert amounts(frames, "planned") == {
        "total": 300, "fiscal": 200, "special": 0, "unit": 100, "other": None,
    }  # fmt: skip
    assert row(frames.execution, 0, "source", "rate", "weight", "points", "reason") == (
        "total", Decimal("0.9"), 10, 9, "年末一笔款项跨年支付。",
    )  # fmt: skip
    assert row(
        frames.indicators, 0,
        "content", "nature", "target", "unit", "target_operator", "target_value", "target_unit",
        "actual", "actual_value", "actual_unit",
    ) == ("养护里程", "≥", "320", "公里", ">=", 320, "公里", "325", 325, "公里")  # fmt: skip
    assert row(frames.indicators, 3, "nature", "target", "target_value") == (
        "定性", "明显改善", None,
    )  # fmt: skip
    assert list(zip(frames.narratives["section"], frames.narratives["text"], strict=True)) == [
        (3, "按计划分两期实施，全部验收合格。"),
        (4, "自评97分，路况明显改善。"),
        (6, "雨季养护力量不足。"),
        (6, "增设边沟，储备应急材料。"),
    ]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_recognised_without_its_title(form: str, tmp_path: Path) -> None:
    text = text_of(form).split("\n", maxsplit=1)[1]

    assert read(tmp_path, workbook({"Sheet1": text})).projects["form"][0] == form


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_recognised_under_another_ones_title(form: str, tmp_path: Path) -> None:
    text = text_of(form)
    title = text.split(" | ", maxsplit=1)[0]
    other = text.replace(title, "财政支出项目绩效评价自评报告", 1)

    assert read(tmp_path, workbook({"Sheet1": other})).projects["form"][0] == form


@pytest.mark.parametrize(
    ("form", "cell", "heading"),
    [
        ("national_selfeval", "A5", "项目资金\n（元）"),
        ("sichuan_selfeval", "B7", "年度预算数（元）"),
    ],
)
def test_a_heading_may_state_another_unit(
    form: str, cell: str, heading: str, tmp_path: Path
) -> None:
    frames = read(tmp_path, correct_table(form, {cell: heading}))

    assert amounts(frames, "planned")["total"] == Decimal("0.03")


@pytest.mark.parametrize("form", FORMS)
def test_the_same_in_the_middle_of_a_sheet(form: str, tmp_path: Path) -> None:
    here = read(tmp_path, correct_table(form))
    moved = read(tmp_path, workbook({SHEET: text_of(form)}, at="D9"))

    for name in ("funds", "indicators", "execution", "goals", "narratives"):
        columns = [
            each for each in here[name].columns if not each.endswith(("cell", "sheet", "file"))
        ]
        pd.testing.assert_frame_equal(here[name][columns], moved[name][columns])


def test_the_labels_a_form_was_read_by(tmp_path: Path) -> None:
    labels = read(tmp_path, correct_table("national_selfeval")).labels
    found = labels.set_index(["block", "part", "key"])

    assert row(found.loc[[("funds", "measure", "spent")]], 0, "label", "text", "match", "cell") == (
        "全年执行数", "全年执行数", "exact", "F5",
    )  # fmt: skip
    assert row(found.loc[[("indicators", "column", "reason")]], 0, "cell") == ("I12",)
    assert ("basics", "field", "phone") not in found.index  # the form need not have it


def test_a_missing_label_is_told(tmp_path: Path) -> None:
    data = correct_table("national_selfeval", {"A4": None})
    labels = read(tmp_path, data).labels.set_index(["block", "part", "key"])

    assert row(labels.loc[[("basics", "field", "department")]], 0, "label", "match", "cell") == (
        "主管部门", None, None,
    )  # fmt: skip


def test_numbers_stored_as_text_are_told(tmp_path: Path) -> None:
    cells = read(tmp_path, correct_table("national_selfeval", {"F6": "270"})).cells

    assert ("F6", "text") in set(zip(cells["cell"], cells["stored"], strict=True))
    assert "E6" not in set(cells["cell"])


def test_rows_merged_over_several_rows_of_the_sheet_are_one(tmp_path: Path) -> None:
    text = text_of("national_selfeval")
    stretched = []
    for line in text.strip().split("\n"):
        stretched += [line, " | ".join(["^"] * (line.count("|") + 1))]

    here = read(tmp_path, correct_table("national_selfeval"))
    tall = read(tmp_path, workbook({SHEET: "\n".join(stretched)}))

    assert list(tall.indicators["content"]) == list(here.indicators["content"])
    assert list(tall.goals["actual"]) == list(here.goals["actual"])
    assert amounts(tall, "spent") == amounts(here, "spent")


@pytest.mark.parametrize("blank_first", [True, False])
def test_a_blank_form_left_in_is_passed_over(blank_first: bool, tmp_path: Path) -> None:
    filled = text_of("sichuan_selfeval")
    labels = {"51000021R000000019951-农村公路养护项目", "清平县交通运输局", "清平县公路养护中心"}
    blank = "\n".join(
        " | ".join("" if _is_answer(cell, labels) else cell for cell in line.split(" | "))
        for line in filled.strip().split("\n")
    )
    sheets = {"空表": blank, SHEET: filled} if blank_first else {SHEET: filled, "空表": blank}

    frames = read(tmp_path, workbook(sheets))

    assert frames.projects["project_unit"][0] == "清平县公路养护中心"
    assert set(frames.indicators["sheet"]) == {SHEET}
    assert amounts(frames, "planned")["total"] == 300


def _is_answer(cell: str, answers: set[str]) -> bool:
    plain = cell.strip()
    return plain in answers or plain.lstrip("'").replace(".", "").rstrip("%").isdigit()


@pytest.mark.parametrize(
    "line", ["单位：元", "（2021年度）        金额单位：元", "附件2    单位：元（人民币）"]
)
def test_a_unit_stated_at_the_top_counts_for_the_table(line: str, tmp_path: Path) -> None:
    text = text_of("sichuan_selfeval").replace("年度预算数（万元）", "年度预算数")

    frames = read(tmp_path, workbook({SHEET: f"{line}\n{text}"}))

    assert amounts(frames, "planned")["total"] == Decimal("0.03")


def test_the_unit_that_reports_is_no_unit_of_money(tmp_path: Path) -> None:
    text = f"填报单位：元氏县财政局\n{text_of('national_selfeval')}"

    assert amounts(read(tmp_path, workbook({SHEET: text})), "planned")["total"] == 300


def test_who_signs_beside_is_not_the_leader(tmp_path: Path) -> None:
    apart = correct_table("sichuan_selfeval", {"A23": "项目负责人："})
    together = correct_table("sichuan_selfeval", {"A23": "项目负责人：周岚      财务负责人：何川"})

    assert pd.isna(read(tmp_path, apart).projects["leader"][0])
    assert read(tmp_path, together).projects["leader"][0] == "周岚"


def test_a_score_in_words_below_the_table(tmp_path: Path) -> None:
    data = correct_table("national_selfeval", {"H20": None, "A22": "自评得分：97分"})

    project = read(tmp_path, data).projects.iloc[0]

    assert (project["score"], project["score_cell"]) == (97, "A22")

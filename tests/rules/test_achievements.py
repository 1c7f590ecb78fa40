"""What became of the indicators of a form, told for the summary."""

from __future__ import annotations

from pathlib import Path

import pytest
from grids import workbook

import xlsx_eval as xe
from xlsx_eval.rules.achievements import achievements

TITLES = "一级指标|二级指标|指标内容|目标值|实际完成值\n"
BASICS = (
    "一、项目基本情况\n项目负责人|周岚|联系电话|0730-2260000\n"
    "项目起止时间|2021年1月-2021年12月|邮 编|414600\n三、项目绩效评价情况\n"
)


def told(folder: Path, rows: str, *columns: str) -> list[tuple[str, ...]]:
    path = folder / "form.xlsx"
    path.write_bytes(workbook({"表": BASICS + TITLES + rows + "四、评价人员\n"}))
    found = achievements(xe.read(path))
    return list(found[list(columns)].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("level2", "content", "target", "actual", "outcome"),
    [
        ("质量指标", "验收合格率", "≥95%", "98%", "attained"),
        ("质量指标", "验收合格率", "≥95%", "92%", "missed"),
        ("质量指标", "验收合格率", "100%", "99%", "missed"),
        ("数量指标", "新建校舍", "18个", "20个", "attained"),
        ("数量指标", "新建校舍", "18个", "17个", "missed"),
        ("时效指标", "工期", "≤12个月", "1年", "attained"),
        ("时效指标", "工期", "≤5天", "7天", "missed"),
        ("社会效益指标", "发生投诉", "0起", "无", "attained"),
        ("社会效益指标", "发生投诉", "≤3起", "无", "attained"),
        ("质量指标", "验收合格率", "≥95%", "全部合格", "unclear"),
        ("数量指标", "修建道路", "≥5公里", "8个", "unclear"),
        ("可持续影响指标", "管护机制", "建立", "已建立", "unclear"),
        ("质量指标", "验收合格率", "≥95%", "", "blank"),
        ("质量指标", "验收合格率", "", "98%", "blank"),
        ("质量指标", "验收合格率", "/", "98%", "blank"),
    ],
)
def test_an_indicator_s_outcome(
    tmp_path: Path, level2: str, content: str, target: str, actual: str, outcome: str
) -> None:
    rows = f"产出指标|{level2}|{content}|{target}|{actual}\n"
    assert told(tmp_path, rows, "content", "outcome") == [(content, outcome)]


def test_an_indicator_nobody_filled_in_is_none(tmp_path: Path) -> None:
    rows = "产出指标|数量指标|培训人数|≥60人|65人\n^|质量指标|||\n效益指标|生态效益指标|无|/|/\n"
    assert told(tmp_path, rows, "content", "target", "actual", "cell") == [
        ("培训人数", "≥60人", "65人", "E6"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("level2", "kind"),
    [
        ("数量指标", "数量指标"),
        ("经济成本指标", "成本指标"),
        ("经济效益指标", "经济效益指标"),
        ("可持续发展指标", "可持续影响指标"),
        ("服务对象满意度指标", "满意度指标"),
        ("数量、质量指标", "其他指标"),
        ("补充指标", "其他指标"),
    ],
)
def test_an_indicator_s_kind(tmp_path: Path, level2: str, kind: str) -> None:
    rows = f"自定指标|{level2}|内容|≥60人|65人\n"
    assert told(tmp_path, rows, "level2", "kind") == [(level2, kind)]


def test_signs_and_units_of_columns_of_their_own_are_told() -> None:
    inbox = Path(__file__).parents[2] / "samples" / "inbox"
    found = achievements(xe.read(next(inbox.rglob("技能培训*.xlsx")))).set_index("content")
    assert tuple(found.loc["培训人数", ["target", "actual", "outcome"]]) == (
        "≥600人", "624人", "attained",
    )  # fmt: skip
    assert tuple(found.loc["学员就业跟踪服务机制", ["target", "outcome"]]) == ("建立", "unclear")


def test_a_county_without_indicators(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(workbook({"表": BASICS + "四、评价人员\n"}))
    assert len(achievements(xe.read(path))) == 0

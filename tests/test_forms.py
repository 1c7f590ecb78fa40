"""The form as data: the declaration that comes along, and faults in others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from grids import workbook

import xlsx_eval as xe
from xlsx_eval.cli import main
from xlsx_eval.config import load_settings
from xlsx_eval.forms import available_forms, known_forms, load_form, parse_form
from xlsx_eval.forms.columns import PROJECT_FIELDS, TABLE_COLUMNS
from xlsx_eval.frames import LAYOUTS

ROOT = Path(__file__).parents[1]

MINIMAL = """
form = "county"
version = "1"
title = "表"
unit = "万元"
[[sections]]
key = "basics"
title = "一、基本情况"
sheet = "基本情况"
[[sections.blocks]]
kind = "fields"
key = "basics"
frame = "projects"
fields = [{ key = "leader", label = "项目负责人", kind = "person" }]
"""


def test_the_form_is_declared_whole() -> None:
    form = load_form()

    assert [section.title for section in form.sections] == [
        "财政支出项目绩效评价自评报告",
        "一、项目基本情况",
        "二、项目支出明细情况",
        "三、项目绩效评价情况",
        "四、评价人员",
        "五、评价报告综述（文字部分）",
    ]
    assert [block.key for _, block in form.blocks()] == [
        "cover", "basics", "funds", "expenditures", "goals", "indicators", "score", "evaluators",
        "opinions", "preparer", "narratives",
    ]  # fmt: skip


def test_a_small_declaration_is_accepted() -> None:
    assert parse_form(MINIMAL, "county.toml").unit == "万元"


@pytest.mark.parametrize(
    ("wrong", "right", "place"),
    [
        ('kind = "persona"', 'kind = "person"', "sections[0].blocks[0].fields.fields[0].kind"),
        ('unit = "美元"', 'unit = "万元"', "unit"),
        ('colour = "red"\nform = "county"', 'form = "county"', "colour"),
        ('key = "Basics"', 'key = "basics"', "sections[0].key"),
        ('sheet = "a/b"', 'sheet = "基本情况"', "sections[0].sheet"),
        ("fields = []", 'fields = [{ key = "leader", label = "项目负责人", kind = "person" }]',
         "sections[0].blocks[0].fields.fields"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_refused_with_the_place(wrong: str, right: str, place: str) -> None:
    with pytest.raises(xe.FormError) as refusal:
        parse_form(MINIMAL.replace(right, wrong, 1), "county.toml")

    assert str(refusal.value).startswith(f"county.toml: {place}: ")


def test_a_repeated_key_is_refused() -> None:
    twice = MINIMAL + MINIMAL[MINIMAL.index("[[sections]]") :]

    with pytest.raises(xe.FormError, match="section declared twice: basics"):
        parse_form(twice, "county.toml")


def test_the_name_must_be_the_files() -> None:
    with pytest.raises(xe.FormError, match="must be the file's name"):
        parse_form(MINIMAL, "other.toml")


def test_broken_toml_is_refused_with_its_line() -> None:
    with pytest.raises(xe.FormError, match=r"county\.toml: not TOML: .*line 3"):
        parse_form('form = "county"\nversion = "1"\ntitle =\n', "county.toml")


def test_an_unknown_form_names_those_there_are() -> None:
    with pytest.raises(xe.FormError, match="yueyang_project"):
        load_form("elsewhere")
    assert "yueyang_project" in available_forms()


@pytest.mark.parametrize(
    ("wrong", "right", "sentence"),
    [
        ('key = "bank", label', 'key = "leader", label', "no field 'bank'; there is: address, "),
        ('frame = "narratives"', 'frame = "projects"', "a section is named by narratives"),
    ],
)
def test_a_key_that_no_frame_has_is_refused(wrong: str, right: str, sentence: str) -> None:
    with pytest.raises(xe.FormError, match=sentence):
        parse_form(MINIMAL.replace(right, wrong, 1), "county.toml")


def test_what_may_be_declared_are_the_frames_columns() -> None:
    def columns(frame: str) -> set[str]:
        layout = LAYOUTS[frame]
        return {*layout.values, *layout.parsed}

    assert columns("projects") == set(PROJECT_FIELDS)
    for frame, declared in TABLE_COLUMNS.items():
        assert columns(frame) == declared


class TestOwnForm:
    """The example of docs/forms.md, as a county would use it."""

    FILLED = """
一、基本情况
项目名称 | 河道清淤 | 填报单位 | 清平县水利局
项目负责人 | 周岚 | 自评得分 | 92
二、资金情况
 | 预算数 | 支出数
合计 | 200 | 206
省级资金 | 150 | 150
本级资金 | 50 | 56
三、支出明细
支出内容 | 金额 | 凭证号
清淤工程 | 200 | 3月12号
监理 | 6 | 5月3号
合计 | 206
"""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        text = (ROOT / "docs" / "forms.md").read_text("utf-8")
        example, setting = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
        (tmp_path / "county_simple.toml").write_text(example, "utf-8")
        (tmp_path / "xlsx-eval.toml").write_text(setting, "utf-8")
        (tmp_path / "inbox").mkdir()
        (tmp_path / "inbox" / "河道.xlsx").write_bytes(workbook({"Sheet1": self.FILLED}))
        return tmp_path

    def test_it_is_read_and_checked(self, folder: Path) -> None:
        settings = load_settings(inbox=folder / "inbox")
        path = folder / "inbox" / "河道.xlsx"

        frames = xe.read(path, settings)
        findings = xe.check(path, settings)

        assert frames.projects["form"][0] == "county_simple"
        assert list(zip(findings["rule"], findings["cell"], strict=True)) == [("F103", "C6")]

    def test_it_has_a_template_that_is_read_as_it(self, folder: Path) -> None:
        settings = load_settings(inbox=folder / "inbox")
        declaration, blank = folder / "county_simple.toml", folder / "blank.xlsx"

        done = CliRunner().invoke(main, ["template", "--form", str(declaration), "-o", str(blank)])

        assert done.exit_code == 0
        assert xe.read(blank, settings).projects["form"][0] == "county_simple"

    def test_a_fault_in_it_is_told_before_anything_is_read(self, folder: Path) -> None:
        with (folder / "county_simple.toml").open("a", encoding="utf-8") as file:
            file.write("[[sections]]\n")

        done = CliRunner().invoke(
            main, ["run", str(folder / "inbox"), "--out", str(folder / "out")]
        )

        assert done.exit_code == 2
        assert "county_simple.toml: sections[3].key: Field required" in done.output

    def test_a_name_that_is_taken(self, folder: Path) -> None:
        text = (folder / "county_simple.toml").read_text("utf-8")
        taken = folder / "national_selfeval.toml"
        taken.write_text(text.replace('"county_simple"', '"national_selfeval"'), "utf-8")

        with pytest.raises(xe.FormError, match="there is a form 'national_selfeval' already"):
            known_forms((taken,))

"""The form as data: the declaration that comes along, and faults in others."""

from __future__ import annotations

import pytest

import xlsx_eval as xe
from xlsx_eval.forms import available_forms, load_form, parse_form

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

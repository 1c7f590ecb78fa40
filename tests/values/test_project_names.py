import pytest
from hypothesis import given
from writing import ANY_TEXT

from xlsx_eval.values.project_names import (
    distinguishing,
    may_be_same_unit,
    project_name,
    unit_key,
    unit_names,
)


def key(text: str) -> str:
    name = project_name(text)
    assert name
    return name.key


@pytest.mark.parametrize(
    "text",
    [
        "农村公路养护",
        "农村公路养护项目",
        " 农 村 公 路\n养护 项目",
        "《农村公路养护》项目",
        "“农村公路养护”",
        "2021年农村公路养护项目",
        "2021年度农村公路养护",
        "２０２１年度农村公路养护",
        "2021农村公路养护项目",
        "农村公路养护项目（2021年度）",
        "农村公路养护项目绩效自评报告",
        "51000021R000000019951-农村公路养护项目",
    ],
)
def test_the_same_project(text: str) -> None:
    assert key(text) == "农村公路养护"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("农村公路养护（一期）", "农村公路养护（二期）"),
        ("农村公路养护（第一批）", "农村公路养护（第二批）"),
        ("道路改造（一标段）", "道路改造（2标段）"),
        ("农村公路养护", "农村公路养护（二期）"),
        ("2020-2021年农村公路养护", "2021-2022年农村公路养护"),
        ("X012线改造", "X021线改造"),
        ("城东小学改造", "城西小学改造"),
        ("1-2期道路", "12期道路"),
    ],
)
def test_different_projects(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("道路改造（一期）", "道路改造1期"),
        ("道路改造第二批项目", "道路改造（2批）"),
        ("道路改造项目（二期）", "道路改造（第二期）项目"),
        ("道路改造（十二标段）", "道路改造12标段"),
    ],
)
def test_phases_in_numbers_and_words(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2021年农村公路养护", 2021),
        ("2021年度农村公路养护", 2021),
        ("农村公路养护（2020年）", 2020),
        ("农村公路养护", None),
        ("2020-2021年农村公路养护", None),
        ("2020年至2021年农村公路养护", None),
        ("2020年结转2021年公路养护", None),
    ],
)
def test_the_year_of_a_name(text: str, year: int | None) -> None:
    name = project_name(text)
    assert name
    assert name.year == year


@pytest.mark.parametrize(
    "text", ["农村公路养护专项资金", "清平县农村公路养护工程", "农村公路养护工作经费"]
)
def test_words_that_lists_add(text: str) -> None:
    name = project_name(text)
    assert name
    assert name.loose == "农村公路养护"
    assert name.key != "农村公路养护"


@pytest.mark.parametrize("text", ["", "无", "/", "——", " ", "公路" * 200])
def test_no_name(text: str) -> None:
    assert project_name(text) is None


def test_a_name_of_nothing_but_such_words_stays() -> None:
    assert (key("项目"), key("专项资金"), key("项目经费")) == ("项目", "专项资金", "项目经费")


def test_what_tells_similar_names_apart() -> None:
    assert distinguishing("城东小学3号楼") != distinguishing("城西小学3号楼")
    assert distinguishing("县第一中学食堂") != distinguishing("县第二中学食堂")
    assert distinguishing("公路养护和保洁") == distinguishing("公路养护及保洁")


@pytest.mark.parametrize(
    "text",
    ["清平县教育局", "县教育局", "教育局", "清平县教育局（盖章）", "教育局（本级）",
     "105001-县教育局", "湖南省岳阳市清平县教育局", "云溪区教育局", "区教育局"],
)  # fmt: skip
def test_the_same_unit(text: str) -> None:
    assert unit_key(text) == "教育局"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("市场监督管理局", "市场监督管理局"),
        ("清平县市场监督管理局", "市场监督管理局"),
        ("东街社区卫生服务中心", "东街社区卫生服务中心"),
        ("清平县城关镇人民政府", "城关镇人民政府"),
        ("城关镇人民政府", "城关镇人民政府"),
        ("高新区管委会", "高新区管委会"),
        ("清平县", "清平县"),
        ("无", ""),
        ("", ""),
    ],
)
def test_what_is_left_of_a_unit(text: str, expected: str) -> None:
    assert unit_key(text) == expected


def test_the_party_s_units() -> None:
    assert unit_key("中共清平县委办公室") == unit_key("县委办公室")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("住建局", "住房和城乡建设局", True),
        ("人社局", "人力资源和社会保障局", True),
        ("卫健委", "卫生健康委员会", True),
        ("公路养护中心", "交通运输局公路养护中心", True),
        ("教育局", "水利局", False),
        ("第一中学", "第二中学", False),
        ("城关镇人民政府", "柳溪镇人民政府", False),
        ("", "教育局", True),
    ],
)
def test_units_that_may_be_the_same(one: str, other: str, *, same: bool) -> None:
    assert may_be_same_unit(one, other) is same
    assert may_be_same_unit(other, one) is same


@given(ANY_TEXT)
def test_any_text_is_read(text: str) -> None:
    name = project_name(text)
    assert name is None or name.key
    assert isinstance(unit_key(text), str)


def test_one_unit_spelled_in_several_ways_has_one_name() -> None:
    spellings = ["清岚县 民政局", "清岚县民政局（盖章）", "清岚县民政局", "民政局", "县民政局"]
    assert unit_names([*spellings, "无"]) == dict.fromkeys(spellings, "清岚县民政局")
    assert unit_names(["民政局 ", "县民政局"]) == {"民政局 ": "民政局", "县民政局": "民政局"}


def test_units_of_two_places_keep_their_names() -> None:
    two = ["金凤区教育局", "兴庆区教育局", "教育局", "市教育局"]
    assert unit_names(two) == dict(zip(two, two, strict=True))

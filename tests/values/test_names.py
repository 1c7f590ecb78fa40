import pytest
from hypothesis import given
from hypothesis import strategies as st
from writing import ANY_TEXT

from xlsx_eval.values.names import people_in, person_names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("陈 一", ["陈一"]),
        ("陈\u3000一", ["陈一"]),
        ("张三 李四", ["张三", "李四"]),
        ("张 三\n李 四", ["张三", "李四"]),
        ("陈一、张三，李四;王五/赵六", ["陈一", "张三", "李四", "王五", "赵六"]),
        ("张三、\n", ["张三"]),
        ("陈一（局长）", ["陈一"]),
        ("陈一局长", ["陈一"]),
        ("陈 一 副局长", ["陈一"]),
        ("陈一党组书记、局长", ["陈一"]),
        ("张三 会计、李四 出纳", ["张三", "李四"]),
        ("阿卜杜拉·买买提", ["阿卜杜拉·买买提"]),
        ("阿卜杜拉 • 买买提", ["阿卜杜拉·买买提"]),
        ("欧阳 修", ["欧阳修"]),
        ("张三和李四", ["张三", "李四"]),
        ("李和平", ["李和平"]),
        ("张和平和李四", ["张和平", "李四"]),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert tuple(expected) == person_names(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "无", "/", "——", "王局长", "张副局长", "局长陈一", "局长", "王总", "张", "司马 相如"),
        *("张 三 李 四", "陈一等5人", "陈一 13800000000", "组长：陈一", "湘阴县数据中心", "财政局"),
        *("见附表", "张三（现为李四）", "陈一（局长"),
    ],
)
def test_unclear_names_stay_unread(text: str) -> None:
    assert person_names(text) == ()


@given(
    st.lists(st.sampled_from(["陈一", "张三丰", "欧阳明日"]), max_size=5),
    st.sampled_from("、，；\n/"),
)
def test_written_names_are_read_back(names: list[str], separator: str) -> None:
    assert tuple(names) == person_names(separator.join(names))


@given(ANY_TEXT)
def test_no_text_raises(text: str) -> None:
    assert all(len(name) >= 2 for name in person_names(text))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        *(("陈一、张三", 2), ("陈一、王局长", 2), ("王局长", 1), ("陈一等5人", 5), ("共三人", 3)),
        *(("张 三 李 四", 4), ("无", 0), ("/", 0), ("以下空白", 0), ("4", 0), ("", 0)),
    ],
)
def test_people_are_counted_where_no_name_can_be_read(text: str, count: int) -> None:
    people = people_in(text)

    assert people is not None
    assert len(set(people)) == count


@pytest.mark.parametrize("text", ["见附表", "名单附后", "详见评价组名单", "评价组成员（另附）"])
def test_a_list_elsewhere_can_not_be_counted(text: str) -> None:
    assert people_in(text) is None


@given(ANY_TEXT)
def test_no_text_is_too_much_to_count(text: str) -> None:
    people_in(text)

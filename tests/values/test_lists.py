import pytest
from hypothesis import given
from writing import ANY_TEXT

from xlsx_eval.values.lists import numbered_parts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1、外网通达各单位 2、大厅设备正常 3. 视频会议正常  4. 网站正常", 4),
        ("1.外网畅通；2.设备正常", 2),
        ("１、外网畅通\n２、设备正常", 2),
        ("（1）外网畅通（2）设备正常", 2),
        ("1）外网畅通 2）设备正常", 2),
        ("（一）外网畅通（二）设备正常", 2),
        ("一、外网畅通 二、设备正常", 2),
        ("一是外网畅通，二是设备正常，三是网站正常", 3),
        ("①外网畅通②设备正常③网站正常", 3),
        ("指标1：外网畅通\n指标2：设备正常", 2),
        ("1、100% 2、95%", 2),
        ("1. 98%；2. 95%", 2),
    ],
)
def test_lists(text: str, count: int) -> None:
    assert len(numbered_parts(text)) == count


def test_parts_are_returned_without_their_numbers() -> None:
    assert numbered_parts("1、外网畅通； 2.设备正常。") == ["外网畅通", "设备正常"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "养护里程", "1、养护里程", "指标1：养护里程", "1.5公里、2.5公里", "1、2号楼改造"),
        *("改造1、2、3号楼", "1、2、3号楼", "外网畅通、设备正常、网站正常", "2021年1月、2月"),
        *("改造水库：1、石门冲 2、金竹", "一次、二次装修", "第一、第二批", "2、设备 3、网站"),
    ],
)
def test_what_is_no_list_from_its_beginning(text: str) -> None:
    assert numbered_parts(text) == []


@given(ANY_TEXT)
def test_no_text_raises(text: str) -> None:
    assert len(numbered_parts(text)) != 1

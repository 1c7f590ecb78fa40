"""Binary workbooks (.xlsb): what their cells hold, and what no bent file may do."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from biff import bent, cell12, cut_short, record12, row12, text12, xlsb

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.ours import REVIEW_SHEET
from xlsx_eval.reading.formats.xlsb import read
from xlsx_eval.reading.grid import Cell, Grid, Raw, Span, Width, Workbook, address

FILES = Path(__file__).parent / "files"
DAMAGED = "文件已损坏，无法打开，请重新导出或重新报送。"
SEVEN = struct.pack("<I", 7 << 2 | 2)


def sheet(data: bytes) -> Grid:
    return read(data).sheets[0]


def raws(data: bytes) -> dict[str, Raw]:
    """Address → value."""
    return {address(*place): cell.raw for place, cell in sheet(data).cells.items()}


def texts(data: bytes) -> dict[str, str]:
    return {address(*place): cell.text for place, cell in sheet(data).cells.items()}


def strings(*items: str) -> bytes:
    return b"".join(record12(19, b"\0" + text12(item)) for item in items)


def styles(*codes: str) -> bytes:
    """Cell styles 0, 1, 2 … with these number formats, behind one that is not of cells."""
    own = b"".join(
        record12(44, struct.pack("<H", 164 + n) + text12(code)) for n, code in enumerate(codes)
    )
    other = record12(626) + record12(47, struct.pack("<HH", 0, 14)) + record12(627)
    cells = b"".join(record12(47, struct.pack("<HH", 0, 164 + n)) for n in range(len(codes)))
    return own + other + record12(617) + cells + record12(618)


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableWorkbook) as refused:
        read(data)
    return str(refused.value)


@pytest.fixture(scope="module")
def book() -> Workbook:
    return read((FILES / "selfeval.xlsb").read_bytes())


class TestWorkbookOfAnOffice:
    def test_sheets(self, book: Workbook) -> None:
        assert [(each.name, each.hidden) for each in book.sheets] == [
            ("自评表", False),
            ("隐藏表", True),
            ("深藏表", True),
            ("审核意见", False),
            ("空表", False),
            ("图表", False),
        ]

    def test_texts(self, book: Workbook) -> None:
        found = {address(*place): cell.text for place, cell in book.sheets[0].cells.items()}

        assert found == {
            "B2": "财政支出项目绩效自评表",
            "B3": "项目名称", "C3": "农村道路提升工程",
            "B5": "计划安排资金", "C5": "206.2", "D5": "-17", "E5": "1234567.891", "F5": "0.3",
            "G5": "隐藏的列", "H5": "看不见",
            "B6": "完成率", "C6": "98.5%", "D6": "≥95%", "E6": "12公里", "F6": "50%",
            "B7": "日期", "C7": "2021-03-15", "D7": "2021-03-15 18:30:00", "E7": "08:30:00",
            "F7": "1 day, 12:00:00",
            "B8": "是否完成", "C8": "TRUE", "D8": "FALSE", "E8": "TRUE",
            "B9": "合计", "C9": "189.2", "D9": "项目名称：𠮷县", "E9": "#DIV/0!", "F9": "#N/A",
            "G9": "98.5%",
            "B10": "隐藏的行",
            "B11": "第一行\n第二行",
        }  # fmt: skip

    def test_merges_and_what_is_hidden(self, book: Workbook) -> None:
        hidden = {cell.text for cell in book.sheets[0].cells.values() if cell.hidden}

        assert book.sheets[0].merges == (Span(1, 1, 1, 5), Span(2, 2, 3, 3))
        assert hidden == {"看不见", "隐藏的行"}


def test_every_kind_of_cell() -> None:
    data = xlsb(
        row12(2)
        + cell12(1, 0)
        + cell12(2, 1, SEVEN)
        + cell12(3, 2, b"\x17")
        + cell12(4, 3, b"\1")
        + cell12(5, 4, struct.pack("<d", 1.5))
        + cell12(6, 5, text12("单独"))
        + cell12(7, 6, struct.pack("<I", 1))
        + cell12(62, 7, b"\1" + text12("多种字体") + bytes(12)),
        strings=strings("道路", "共享"),
    )

    assert raws(data) == {
        "B3": 7.0, "C3": None, "D3": True, "E3": 1.5, "F3": "单独", "G3": "共享", "H3": "多种字体",
    }  # fmt: skip
    assert sheet(data).cells[2, 2].error == "#REF!"


def test_formulas() -> None:
    data = xlsb(
        row12(0)
        + cell12(8, 0, text12("合格") + bytes(6))
        + cell12(9, 1, struct.pack("<d", 0.5) + bytes(6), style=0)
        + cell12(10, 2, b"\0" + bytes(6))
        + cell12(11, 3, b"\x07" + bytes(6)),
        styles=styles("0%"),
    )

    assert list(sheet(data).cells.values()) == [
        Cell(Span(0, 0, 0, 0), "合格", "合格", "="),
        Cell(Span(0, 1, 0, 1), 0.5, "50%", "="),
        Cell(Span(0, 2, 0, 2), False, "FALSE", "="),
        Cell(Span(0, 3, 0, 3), None, "#DIV/0!", "=", "#DIV/0!"),
    ]


def test_cells_that_follow_the_last_one_tell_no_column() -> None:
    style = b"\1\0\0\0"
    data = xlsb(
        row12(0)
        + cell12(5, 3, struct.pack("<d", 2))
        + record12(13, style + SEVEN)
        + record12(12, style)
        + record12(17, style + text12("后面"))
        + row12(1)
        + record12(16, style + struct.pack("<d", 0.25)),
        styles=styles("General", "0%"),
    )

    assert texts(data) == {"D1": "2", "E1": "700%", "G1": "后面", "A2": "25%"}


def test_formats_and_dates() -> None:
    cells = [cell12(5, n, struct.pack("<d", 44270), style=n) for n in range(3)]
    shown = styles('yyyy"年"m"月"d"日"', '0"公里"', "#,##0.00")

    data = xlsb(row12(0) + b"".join(cells), styles=shown)
    since_1904 = xlsb(row12(0) + cells[0], styles=shown, book=record12(153, b"\1" + bytes(11)))

    assert texts(data) == {"A1": "2021-03-15", "B1": "44270公里", "C1": "44270"}
    assert raws(since_1904) == {"A1": date(2025, 3, 16)}


def test_hidden_rows_and_columns() -> None:
    columns = [(0, 0, 0), (2, 16383, 1), (0, 16383, 1)]
    data = xlsb(
        b"".join(record12(60, struct.pack("<IIIIH", a, z, 0, 0, flags)) for a, z, flags in columns)
        + row12(0)
        + cell12(2, 0, SEVEN)
        + cell12(2, 2, SEVEN)
        + row12(1, hidden=True)
        + cell12(2, 0, SEVEN)
    )

    assert {place: cell.hidden for place, cell in sheet(data).cells.items()} == {
        (0, 0): False,
        (0, 2): True,
        (1, 0): True,
    }


def test_widths_of_columns() -> None:
    widths = [(0, 1, 6327), (1, 1, 2560), (2, 20_000, 2560)]
    data = xlsb(b"".join(record12(60, struct.pack("<IIIIH", *each, 0, 0)) for each in widths))

    assert sheet(data).widths == (Width(0, 1, 24.0),)


def test_merges_larger_than_any_form_has() -> None:
    ranges = [(0, 1_048_575, 0, 16_383), (5, 4, 0, 1), (0, 2**32 - 1, 0, 0), (1, 2, 0, 1)]
    data = xlsb(row12(0) + b"".join(record12(176, struct.pack("<IIII", *each)) for each in ranges))

    assert sheet(data).merges == (Span(1, 0, 2, 1),)


def test_our_own_review_is_kept_apart() -> None:
    """The hidden name that marks it belongs to the second sheet."""
    name = record12(39, struct.pack("<IBI", 1, 0, 1) + text12(REVIEW_SHEET))
    global_name = record12(39, struct.pack("<IBI", 0, 0, 0xFFFFFFFF) + text12("资金"))
    one = row12(0) + cell12(2, 0, SEVEN)
    data = xlsb({"自评表": one, "审核意见": one}, book=name + global_name)

    assert [each.name for each in read(data).sheets] == ["自评表"]
    assert [each.name for each in read(data).reviews] == ["审核意见"]


def test_sheets_of_charts_are_passed_over() -> None:
    one = row12(0) + cell12(2, 0, SEVEN)
    data = xlsb({"图": b"", "自评表": one})
    chart = _with_part(
        data,
        "xl/_rels/workbook.bin.rels",
        lambda part: part.replace(b"/worksheet", b"/chartsheet", 1),
    )

    assert [each.name for each in read(chart).sheets] == ["自评表"]


class TestLargeSheets:
    DATA = xlsb(
        {
            "台账": b"".join(
                row12(row) + cell12(7, 0, bytes(4)) + cell12(2, 1, SEVEN) for row in range(10_500)
            )
            + record12(176, struct.pack("<IIII", 0, 1, 0, 0)),
            "自评表": row12(0) + cell12(7, 0, bytes(4)),
        },
        strings=strings("凭证"),
    )

    def test_only_the_beginning_of_a_list_is_read(self) -> None:
        book = read(self.DATA, lambda texts: texts != ["凭证"] * 300)

        assert [len(each.cells) for each in book.sheets] == [600, 1]

    @pytest.mark.parametrize("part_of_form", [None, lambda _: True], ids=["unasked", "asked"])
    def test_all_of_a_form(self, part_of_form: Callable[[list[str]], bool] | None) -> None:
        book = read(self.DATA, part_of_form)

        assert [len(each.cells) for each in book.sheets] == [20_999, 1]


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (xlsb(row12(0) + cell12(5, 0, b"\0")), DAMAGED),
            (xlsb(row12(0) + cell12(7, 0, bytes(4))), DAMAGED),
            (xlsb(row12(0) + cell12(6, 0, b"\5\0\0\0a\0")), DAMAGED),
            (xlsb(cell12(2, 0, SEVEN)), DAMAGED),
            (xlsb(row12(1_048_576) + cell12(2, 0, SEVEN)), DAMAGED),
            (xlsb(row12(0) + cell12(2, 16_384, SEVEN)), DAMAGED),
            (xlsb(row12(0)[:-1]), DAMAGED),
            (xlsb(b"\5\xff\xff\xff\x7f"), DAMAGED),
            (xlsb({}), "工作簿里没有可以填写的工作表，请用模板填写后重新报送。"),
        ],
        ids=[
            "short cell", "no such text", "short text", "no row", "row", "column", "cut off",
            "length", "no sheets",
        ],
    )  # fmt: skip
    def test_sentence(self, data: bytes, sentence: str) -> None:
        assert refusal(data) == sentence

    def test_unpacked_it_is_too_large(self) -> None:
        assert refusal(xlsb(bytes(101 * 1024 * 1024))) == (
            "文件解压后过大，请删去与自评表无关的工作表、行列和格式后重新报送。"
        )

    def test_too_many_texts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = xlsb(row12(0) + cell12(7, 0, bytes(4)), strings=strings(*"道路桥梁"))
        monkeypatch.setattr("xlsx_eval.reading.formats.xlsb.MAX_TEXTS", 3)

        assert refusal(data) == "文件的文字过多，请删去与自评表无关的内容后重新报送。"

    def test_a_missing_sheet(self) -> None:
        data = _with_part(xlsb(b""), "xl/worksheets/sheet0.bin", None)

        assert refusal(data) == DAMAGED

    def test_any_is_read_or_refused(self) -> None:
        data = (FILES / "selfeval.xlsb").read_bytes()

        for broken in (*cut_short(data, 100), *bent(data, 200)):
            _read_or_refused(broken)

    @pytest.mark.parametrize("part", ["workbook", "sharedStrings", "styles", "worksheets/sheet1"])
    def test_any_part_is_read_or_refused(self, part: str) -> None:
        data = (FILES / "selfeval.xlsb").read_bytes()
        name = f"xl/{part}.bin"
        whole = zipfile.ZipFile(BytesIO(data)).read(name)

        for broken in (*cut_short(whole, 40), *bent(whole, 100)):
            _read_or_refused(_with_part(data, name, partial(_instead, broken)))


def _with_part(data: bytes, name: str, change: Callable[[bytes], bytes] | None) -> bytes:
    """The workbook with one of its parts changed, or without it."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
            elif change:
                new.writestr(each, change(old.read(each)))
    return buffer.getvalue()


def _instead(part: bytes, _: bytes) -> bytes:
    return part


def _read_or_refused(data: bytes) -> None:
    try:
        assert isinstance(read(data), Workbook)
    except UnreadableWorkbook as refused:
        assert str(refused).endswith("。")  # noqa: PT017 - most are refused, some are not

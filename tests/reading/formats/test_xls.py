"""Old workbooks (.xls): what their cells hold, and what no bent file may do."""

from __future__ import annotations

import struct
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from biff import (
    BYTES,
    CHART,
    EOF,
    SHEET,
    begin,
    bent,
    cut_short,
    formula,
    label,
    number,
    record,
    text,
    xls,
)

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.formats.bounded import Budget
from xlsx_eval.reading.formats.xls import read
from xlsx_eval.reading.grid import Cell, Grid, Raw, Span, Width, Workbook, address

FILES = Path(__file__).parent / "files"
TEXT_RESULT, NO_TEXT_RESULT = b"\0\0\0\0\0\0\xff\xff", b"\3\0\0\0\0\0\xff\xff"
DAMAGED = "文件已损坏，无法打开，请重新导出或重新报送。"
TOO_OLD = "文件是 Excel 4.0 以前的格式，请用 Excel 或 WPS 打开，核对后另存为 .xlsx 重新报送。"
PROTECTED = "文件设置了打开密码，请取消密码后重新报送。"


def sheet(data: bytes) -> Grid:
    return read(data).sheets[0]


def raws(data: bytes) -> dict[str, Raw]:
    """Address → value."""
    return {address(*place): cell.raw for place, cell in sheet(data).cells.items()}


def texts(data: bytes) -> dict[str, str]:
    return {address(*place): cell.text for place, cell in sheet(data).cells.items()}


def shared(*texts: bytes, count: int | None = None) -> bytes:
    """The record of shared texts; each is its length and characters."""
    count = len(texts) if count is None else count
    return record(0xFC, struct.pack("<II", count, count) + b"".join(texts))


def shared_text(row: int, column: int, which: int) -> bytes:
    return record(0xFD, struct.pack("<HHHI", row, column, 0, which))


def formats(*codes: bytes) -> bytes:
    """Cell styles 0, 1, 2 … with these number formats."""
    own = b"".join(record(0x41E, struct.pack("<H", 164 + n) + c) for n, c in enumerate(codes))
    return own + b"".join(record(0xE0, struct.pack("<HH", 0, 164 + n)) for n in range(len(codes)))


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableWorkbook) as refused:
        read(data)
    return str(refused.value)


@pytest.fixture(scope="module")
def book() -> Workbook:
    return read((FILES / "selfeval.xls").read_bytes())


class TestWorkbookOfAnOffice:
    def test_sheets(self, book: Workbook) -> None:
        """The review that we wrote ourselves is kept apart."""
        assert len(book.reviews) == 1
        assert [(each.name, each.hidden) for each in book.sheets] == [
            ("自评表", False),
            ("隐藏表", True),
            ("深藏表", True),
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

    def test_values(self, book: Workbook) -> None:
        found = {address(*place): cell.raw for place, cell in book.sheets[0].cells.items()}

        assert found["C5"] == 206.2
        assert found["C6"] == 0.985
        assert found["C7"] == date(2021, 3, 15)
        assert found["D7"] == datetime(2021, 3, 15, 18, 30)  # noqa: DTZ001
        assert found["E7"] == time(8, 30)
        assert found["F7"] == timedelta(hours=36)
        assert found["C8"] is True
        assert found["E9"] is None

    def test_formulas_and_errors(self, book: Workbook) -> None:
        cells = book.sheets[0].cells

        assert cells[8, 2] == Cell(Span(8, 2, 8, 2), 189.2, "189.2", formula="=")
        assert cells[8, 4] == Cell(Span(8, 4, 8, 4), None, "#DIV/0!", "=", "#DIV/0!")
        assert cells[4, 2].formula is None

    def test_merges(self, book: Workbook) -> None:
        assert book.sheets[0].merges == (Span(1, 1, 1, 5), Span(2, 2, 3, 3))
        assert book.sheets[0].cells[2, 2].span == Span(2, 2, 3, 3)

    def test_hidden_rows_and_columns(self, book: Workbook) -> None:
        hidden = {cell.text for cell in book.sheets[0].cells.values() if cell.hidden}

        assert hidden == {"看不见", "隐藏的行"}


@pytest.mark.parametrize("name", ["structure_protected", "structure_protected_later"])
def test_protection_of_the_structure_takes_no_password(name: str) -> None:
    found = texts((FILES / f"{name}.xls").read_bytes())

    assert len(found) == 80
    assert (found["A40"], found["B40"]) == ("第40行，农村道路提升", "58.5")


@pytest.mark.parametrize(
    "protection",
    [
        struct.pack("<HHH", 1, 1, 1) + bytes(48),
        struct.pack("<HHHII", 1, 4, 2, 4, 34) + bytes(34 + 4 + 32 + 4 + 20),
        struct.pack("<HHH", 0, 1234, 5678),
        struct.pack("<HH", 1234, 5678),
    ],
    ids=["97", "2002", "disguised", "95"],
)
def test_password(protection: bytes) -> None:
    assert refusal(xls(number(0, 0, 1), before=record(0x2F, protection))) == PROTECTED


def test_numbers() -> None:
    packed = [0x3FF00000, 0x3FF00001, (7 << 2) | 2, (12345 << 2) | 3, 0xFFFFFFFE]
    many = struct.pack("<HH", 1, 2) + struct.pack("<HIHIH", 0, packed[2], 0, packed[3], 3)
    cells = [struct.pack("<HHHI", 0, column, 0, each) for column, each in enumerate(packed)]
    data = xls(b"".join(record(0x27E, cell) for cell in cells) + record(0xBD, many))

    assert raws(data) == {
        "A1": 1.0, "B1": 0.01, "C1": 7.0, "D1": 123.45, "E1": -1.0, "C2": 7.0, "D2": 123.45,
    }  # fmt: skip


def test_what_is_no_number_is_an_error() -> None:
    cell = sheet(xls(number(0, 0, float("nan")))).cells[0, 0]

    assert (cell.raw, cell.text, cell.error) == (None, "#NUM!", "#NUM!")


def test_truths_and_errors() -> None:
    cells = [(0, 1, 0), (1, 0, 0), (2, 0x17, 1), (3, 0x2A, 1), (4, 0x99, 1)]
    data = xls(b"".join(record(0x205, struct.pack("<HHHBB", 0, c, 0, v, e)) for c, v, e in cells))

    assert texts(data) == {
        "A1": "TRUE",
        "B1": "FALSE",
        "C1": "#REF!",
        "D1": "#N/A",
        "E1": "#VALUE!",
    }
    assert raws(data) == {"A1": True, "B1": False, "C1": None, "D1": None, "E1": None}


class TestFormulas:
    def test_text_behind_what_is_shared(self) -> None:
        shared_formula = record(0x4BC, bytes(12))
        data = xls(formula(0, 0, TEXT_RESULT) + shared_formula + record(0x207, text("合格")))

        assert texts(data) == {"A1": "合格"}

    def test_long_text(self) -> None:
        first, second = "上" * 4000, "下" * 4000
        result = record(0x207, struct.pack("<HB", 8000, 1) + first.encode("utf-16-le"))
        rest = record(0x3C, b"\1" + second.encode("utf-16-le"))

        assert texts(xls(formula(0, 0, TEXT_RESULT) + result + rest)) == {"A1": first + second}

    def test_empty_text(self) -> None:
        assert texts(xls(formula(0, 0, NO_TEXT_RESULT))) == {}

    def test_without_a_result(self) -> None:
        """The text of the next formula is not taken for it."""
        data = xls(
            formula(0, 0, TEXT_RESULT) + formula(1, 0, TEXT_RESULT) + record(0x207, text("合格"))
        )
        cells = sheet(data).cells

        assert cells[0, 0] == Cell(Span(0, 0, 0, 0), None, "=", "=")
        assert cells[1, 0] == Cell(Span(1, 0, 1, 0), "合格", "合格", "=")


class TestTexts:
    def test_with_fonts_and_pronunciation(self) -> None:
        plain = text("道路")
        fonts = struct.pack("<HBH", 2, 9, 1) + "桥梁".encode("utf-16-le") + bytes(4)
        spoken = struct.pack("<HBI", 2, 5, 6) + "水渠".encode("utf-16-le") + b"\1" * 6
        narrow = b"\3\0\0abc"
        data = xls(
            b"".join(shared_text(0, column, column) for column in range(4)),
            before=shared(fonts, spoken, plain, narrow),
        )

        assert texts(data) == {"A1": "桥梁", "B1": "水渠", "C1": "道路", "D1": "abc"}

    def test_continued(self) -> None:
        """Each continuation says anew of how many bytes its characters are."""
        pair = "𠮷".encode("utf-16-le")
        start = shared(struct.pack("<HB", 5, 0) + b"ab", count=2)
        middle = record(0x3C, b"\1" + pair[:2])
        end = record(0x3C, b"\1" + pair[2:] + "县".encode("utf-16-le") + b"\1\0\0x")

        data = xls(shared_text(0, 0, 0) + shared_text(0, 1, 1), before=start + middle + end)

        assert texts(data) == {"A1": "ab𠮷县", "B1": "x"}

    def test_one_shorter_than_said(self) -> None:
        data = xls(label(0, 0, b"\5\0\0abc") + label(0, 1, b"\0\0"))

        assert texts(data) == {"A1": "abc"}

    def test_half_a_character(self) -> None:
        assert texts(xls(label(0, 0, b"\2\0\1" + "好".encode("utf-16-le") + b"\x3d\xd8"))) == {
            "A1": "好\ufffd"
        }

    def test_more_are_said_than_there_are(self) -> None:
        before = shared(text("道路"), count=2**31)

        assert texts(xls(shared_text(0, 0, 0), before=before)) == {"A1": "道路"}
        assert refusal(xls(shared_text(0, 0, 1), before=before)) == DAMAGED

    def test_too_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("xlsx_eval.reading.formats.xls.MAX_TEXTS", 3)

        assert refusal(xls(b"", before=shared(*[text("路")] * 4))) == (
            "文件的文字过多，请删去与自评表无关的内容后重新报送。"
        )


class TestFormats:
    def test_own(self) -> None:
        codes = ["0.0%", '"≥"0%', 'yyyy"年"m"月"', '#,##0.00" 万元"', "0.00"]
        cells = b"".join(number(0, column, 0.5, style=column) for column in (0, 1, 3, 4))
        data = xls(cells + number(0, 2, 44197, style=2), before=formats(*map(text, codes)))

        assert texts(data) == {
            "A1": "50.0%", "B1": "≥50%", "C1": "2021-01-01", "D1": "0.50 万元", "E1": "0.5",
        }  # fmt: skip

    @pytest.mark.parametrize("built_in", [14, 27, 31, 57])
    def test_built_in_dates(self, built_in: int) -> None:
        style = record(0xE0, struct.pack("<HH", 0, built_in))

        assert raws(xls(number(0, 0, 44270), before=style)) == {"A1": date(2021, 3, 15)}

    def test_one_shorter_than_said(self) -> None:
        assert texts(xls(number(0, 0, 0.25), before=formats(b"\3\0\x000%"))) == {"A1": "25%"}

    def test_since_1904(self) -> None:
        before = record(0x22, b"\1\0") + record(0xE0, struct.pack("<HH", 0, 14))

        assert raws(xls(number(0, 0, 42808), before=before)) == {"A1": date(2021, 3, 15)}

    def test_a_style_that_is_not_there(self) -> None:
        assert raws(xls(number(0, 0, 44270, style=99))) == {"A1": 44270.0}


class TestExcel95:
    def test_texts_are_bytes(self) -> None:
        value = "农村道路".encode("gbk")
        rich = struct.pack("<HHHH", 1, 0, 0, len(value)) + value + b"\1\0\0"
        short = bytes([len(value)])
        data = xls(
            {"自评表": label(0, 0, struct.pack("<H", len(value)) + value) + record(0xD6, rich)},
            before=record(0x42, struct.pack("<H", 936)) + record(0x41E, b"\xa4\0" + short + value),
            version=BYTES,
        )

        assert read(data).sheets[0].name == "自评表"
        assert texts(data) == {"A1": "农村道路", "A2": "农村道路"}

    def test_formula(self) -> None:
        value = "合格".encode("gbk")
        result = record(0x207, struct.pack("<H", len(value)) + value)

        assert texts(xls(formula(0, 0, TEXT_RESULT) + result, version=BYTES)) == {"A1": "合格"}

    def test_an_unknown_code_page(self) -> None:
        data = xls(label(0, 0, b"\1\0a"), before=record(0x42, b"\1\0"), version=BYTES)

        assert refusal(data) == DAMAGED


def test_one_sheet_and_nothing_else() -> None:
    """As exports write it that know only the records of cells."""
    value = "项目".encode("gbk")
    start = record(0x809, struct.pack("<HHI", 0, SHEET, 0))
    data = start + label(0, 0, struct.pack("<H", len(value)) + value) + number(0, 1, 5) + EOF

    assert texts(data) == {"A1": "项目", "B1": "5"}


def test_a_chart_inside_a_sheet() -> None:
    chart = begin(CHART) + begin(CHART) + number(0, 0, 1) + EOF + number(0, 1, 2) + EOF

    assert raws(xls(number(3, 0, 3) + chart + number(4, 0, 4))) == {"A4": 3.0, "A5": 4.0}


def test_sheets_of_charts_and_macros_are_passed_over() -> None:
    data = xls({"图": number(0, 0, 1), "宏": number(0, 0, 2), "表": number(0, 0, 3)})
    kinds = data.replace(b"\0\0\1\1\xfe\x56", b"\0\2\1\1\xfe\x56", 1)
    kinds = kinds.replace(b"\0\0\1\1\x8f\x5b", b"\0\1\1\1\x8f\x5b", 1)

    assert [each.name for each in read(kinds).sheets] == ["表"]
    assert refusal(xls(b"").replace(begin(SHEET), begin(CHART))) == (
        "工作簿里没有可以填写的工作表，请用模板填写后重新报送。"
    )


def test_large_merges_and_columns_beyond_the_sheet() -> None:
    ranges = [(0, 65535, 0, 255), (0, 0, 0, 0), (5, 4, 0, 1), (1, 2, 0, 0)]
    merges = struct.pack("<H", 4) + b"".join(struct.pack("<HHHH", *each) for each in ranges)
    columns = record(0x7D, struct.pack("<HHHHHH", 1, 65535, 0, 0, 1, 0))
    found = sheet(xls(number(0, 1, 1) + record(0xE5, merges) + columns))

    assert found.merges == (Span(1, 0, 2, 0),)
    assert found.cells[0, 1].hidden


def test_widths_of_columns() -> None:
    widths = [(0, 0, 6327), (2, 65535, 0), (300, 301, 2560)]
    columns = b"".join(
        record(0x7D, struct.pack("<HHHHHH", first, last, width, 0, 0, 0))
        for first, last, width in widths
    )

    assert sheet(xls(columns)).widths == (Width(0, 0, 24.0), Width(2, 255, 0.0))


class TestLargeSheets:
    DATA = xls(
        {
            "台账": b"".join(
                label(row, 0, text("凭证")) + number(row, 1, row) for row in range(10_500)
            ),
            "自评表": label(0, 0, text("项目名称")),
        }
    )

    def test_only_the_beginning_of_a_list_is_read(self) -> None:
        heads: list[list[str]] = []

        def no_part(texts: list[str]) -> bool:
            heads.append(texts)
            return False

        book = read(self.DATA, no_part)

        assert [len(each.cells) for each in book.sheets] == [600, 1]
        assert heads == [["凭证"] * 300]

    @pytest.mark.parametrize("part_of_form", [None, lambda _: True], ids=["unasked", "asked"])
    def test_all_of_a_form(self, part_of_form: None) -> None:
        assert [len(each.cells) for each in read(self.DATA, part_of_form).sheets] == [21_000, 1]

    def test_more_than_can_be_held(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("xlsx_eval.reading.formats.xls.Budget", lambda: Budget(cells=1000))
        row = struct.pack("<HI", 0, 7) * 256
        data = xls(
            b"".join(record(0xBD, struct.pack("<HH", n, 0) + row + b"\xff\0") for n in range(4))
        )

        assert refusal(data) == (
            "工作表“Sheet1”的内容过多，请把台账、明细等大表移到另外的文件后重新报送。"
        )


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", DAMAGED),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), DAMAGED),
            (xls(b"")[:-4], DAMAGED),
            (xls(record(0x203, b"\0" * 6)), DAMAGED),
            (
                b"\x09\x04\6\0\0\4\x10\0\0\0",
                TOO_OLD,
            ),
        ],
        ids=["empty", "container", "no end", "short record", "Excel 4"],
    )
    def test_sentence(self, data: bytes, sentence: str) -> None:
        assert refusal(data) == sentence

    def test_no_workbook_in_the_container(self) -> None:
        data = (FILES / "selfeval.xls").read_bytes()
        other = data.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le"))

        assert refusal(other) == (
            "文件不是 Excel 工作簿（可能是改了扩展名的其他文件），请报送 .xlsx 文件。"
        )

    def test_sheets_at_the_same_place(self) -> None:
        """One sheet listed many times would be read as often."""
        data = xls({"A": record(0xFFFF, bytes(100)) * 50, "B": b"", "C": b""})
        first = data.index(begin(SHEET))
        places = [at for at in range(first) if data[at : at + 4] == b"\x85\0\x0a\0"]
        for at in places:
            data = data[: at + 4] + struct.pack("<I", first) + data[at + 8 :]

        assert refusal(data) == DAMAGED

    @pytest.mark.parametrize("name", ["selfeval.xls", "structure_protected.xls"])
    def test_any_is_read_or_refused(self, name: str) -> None:
        data = (FILES / name).read_bytes()

        for broken in (*cut_short(data, 150), *bent(data, 250)):
            _read_or_refused(broken)

    def test_any_stream_is_read_or_refused(self) -> None:
        data = xls(
            {
                "表": label(0, 0, text("道路")) + shared_text(0, 1, 0) + number(0, 2, 0.5)
                + formula(0, 3, TEXT_RESULT) + record(0x207, text("好"))
                + record(0xE5, struct.pack("<HHHHH", 1, 0, 1, 0, 1))
            },
            before=shared(text("桥梁")) + formats(text("0%")) + record(0x22, b"\1\0"),
        )  # fmt: skip

        for broken in (*cut_short(data, len(data)), *bent(data, 1500)):
            _read_or_refused(broken)


def _read_or_refused(data: bytes) -> None:
    try:
        assert isinstance(read(data), Workbook)
    except UnreadableWorkbook as refused:
        assert str(refused).endswith("。")  # noqa: PT017 - most are refused, some are not

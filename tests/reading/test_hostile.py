"""Broken, bloated and hostile workbooks: read right or refused with one sentence, at little cost.

Most have a tenth of the usual limits, and what is too much is then a tenth as much.
"""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress

import openpyxl
import pytest
from packages import book, listing, parts, relations, sheet, strings, styles, zipped
from read_grids import only, texts

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.files import open_workbook
from xlsx_eval.reading.grid import address
from xlsx_eval.reading.limits import Limits

TIGHT = Limits(seconds=1, megabytes=30)
FORM = '<row r="1"><c r="A1" t="inlineStr"><is><t>项目名称</t></is></c></row>'
READ = {"A1": "项目名称"}


def read(rows: str, before: str = "", after: str = "", **more: str) -> dict[str, str]:
    data = book(sheet(FORM + rows, before, after), **more)
    return texts(only(open_workbook(data, TIGHT)))


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableWorkbook) as refused:
        open_workbook(data, TIGHT)
    return str(refused.value)


# ------------------------------------------------------------------- bloated, and yet a form


def test_a_cell_at_the_end_of_the_sheet() -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

    assert read(far) == READ | {"XFD1048576": "1"}


def test_a_hundred_thousand_blank_rows_with_a_format() -> None:
    blank = "".join(
        f'<row r="{row}" spans="1:9" s="3" customFormat="1" ht="15"/>' for row in range(2, 100_000)
    )

    assert read(blank) == READ


def test_rows_of_blank_cells_with_a_format_to_the_last_column() -> None:
    columns = [address(0, column)[:-1] for column in range(16_384)]
    blank = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{name}{row}" s="1"/>' for name in columns) + "</row>"
        for row in range(2, 12)
    )

    assert read(blank) == READ


def test_thousands_of_styles_and_formats() -> None:
    codes = {number: f'0.00"{number}"' for number in range(200, 4_200)}
    formats = styles(*[14] * 20_000, 4_199, codes=codes)

    shown = read('<row r="2"><c r="A2" s="20000"><v>5</v></c></row>', styles=formats)

    assert shown == READ | {"A2": "5.004199"}


def test_columns_that_are_hidden_over_and_over() -> None:
    hidden = '<col min="1" max="16384" hidden="1"/>' * 20_000

    assert read("", before=f"<cols>{hidden}</cols>") == READ


def test_a_few_strings_wanted_of_very_many() -> None:
    many = strings(*[f"<t>第{number}项</t>" for number in range(100_000)])

    shown = read('<row r="2"><c r="A2" t="s"><v>99999</v></c></row>', strings=many)

    assert shown == READ | {"A2": "第99999项"}


def test_relations_in_circles_and_of_unknown_kinds() -> None:
    content = parts(sheet(FORM))
    content["xl/_rels/workbook.xml.rels"] = relations(
        {
            "r1": ("unheardOf", "worksheets/sheet1.xml"),
            "r2": ("worksheet", "workbook.xml"),
            "r3": ("styles", "_rels/workbook.xml.rels"),
            "r4": ("sharedStrings", "workbook.xml"),
        }
    )

    assert texts(only(open_workbook(zipped(content), TIGHT))) == READ


# ------------------------------------------------------------------------------------ hostile

TOO_MUCH = (
    "工作表“表”的内容或格式过多（空白的行列也算），请删去与自评表无关的内容和格式后重新报送。"
)
UNPACKS = "工作表“表”解压后过大，请删去与自评表无关的工作表、行列和格式后重新报送。"
TOO_LONG = "工作表“表”里有单元格的文字超过32767个字，请分成几个单元格填写后重新报送。"
DAMAGED = "工作表“表”已损坏，无法打开，请重新导出或重新报送。"
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
TEXT = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'


def unlike_excel(what: str) -> str:
    return (
        f"工作表“表”含有 Excel 不会写入的内容（{what}），不能读取，"
        "请用 Excel 或 WPS 打开后另存为 .xlsx 重新报送。"
    )


def hostile() -> Iterator[tuple[str, str, str]]:
    """What it is, the sheet's part, and the sentence that refuses it."""
    dtd = unlike_excel("DTD 声明")
    attributes = " ".join(f'a{number}=""' for number in range(20_000))
    laughs = f'<!DOCTYPE x [<!ENTITY a0 "哈">{ENTITIES}]>'
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    yield "entities that explode", laughs + sheet(TEXT.format("&a9;"))[39:], dtd
    yield "an entity from outside", outside + sheet(TEXT.format("&a;"))[39:], dtd
    yield "a DTD from outside", '<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><x/>', dtd
    yield "deep nesting", sheet("<row>" + "<c>" * 200_000), unlike_excel("过深的嵌套")
    yield "a tag without end", sheet(f'<c x="{"长" * 1_000_000}"/>'), unlike_excel("过长的标记")
    yield "a remark without end", sheet(f"<!--{'x' * 3_000_000}-->"), unlike_excel("过长的标记")
    yield "a long text", sheet(TEXT.format("长" * 3_000_000)), TOO_LONG
    yield "a text of many pieces", sheet(TEXT.format("</t><t>".join(["长"] * 70_000))), TOO_LONG
    yield "tiny cells", sheet(f"<row>{'<c/>' * 400_000}</row>"), TOO_MUCH
    yield "tiny rows", sheet("<row/>" * 400_000), TOO_MUCH
    yield "attributes", sheet("<row>" + f"<c {attributes}/>" * 20 + "</row>"), TOO_MUCH
    yield "names", sheet("".join(f"<x{number}/>" for number in range(1_000))), DAMAGED
    yield "prefixes", sheet("".join(f"<x{number}:c/>" for number in range(1_000))), DAMAGED
    yield "blanks", sheet(" " * 60_000_000), UNPACKS


@pytest.mark.parametrize(("part", "sentence"), [
    pytest.param(part, sentence, id=name) for name, part, sentence in hostile()
])  # fmt: skip
def test_hostile_sheets_are_refused(part: str, sentence: str) -> None:
    assert refusal(book(part)) == sentence


def test_a_workbook_with_thousands_of_sheets_is_refused() -> None:
    content = parts(sheet(FORM))
    again = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="r1"/>' for n in range(2, 5_000))
    content["xl/workbook.xml"] = str(content["xl/workbook.xml"]).replace(
        "</sheets>", f"{again}</sheets>"
    )

    assert refusal(zipped(content)) == (
        "工作簿的工作表超过500张，请删去与自评表无关的工作表后重新报送。"
    )


def test_hundreds_of_sheets_of_one_large_part_are_refused() -> None:
    content = parts({f"表{number}": sheet(listing(500)) for number in range(3)})
    again = "".join(f'<sheet name="附{n}" sheetId="{n}" r:id="r1"/>' for n in range(9, 400))
    content["xl/workbook.xml"] = str(content["xl/workbook.xml"]).replace(
        "</sheets>", f"{again}</sheets>"
    )

    assert "过多" in refusal(zipped(content))


def test_texts_that_are_too_many_together() -> None:
    texts = "".join(f'<row><c t="inlineStr"><is><t>{"字" * 30_000}</t></is></c></row>' * 80)

    assert (
        refusal(book(sheet(texts))) == "工作表“表”的文字过多，请删去与自评表无关的内容后重新报送。"
    )


def test_long_formulas_that_very_many_cells_share_are_not_all_told() -> None:
    long = "+".join(["A1"] * 2_000)
    first = f'<row r="1"><c r="B1"><f t="shared" ref="B1:B300" si="0">{long}</f><v>1</v></c></row>'
    rest = "".join(f'<row><c/><c><f t="shared" si="0"/><v>{n}</v></c></row>' for n in range(300))

    grid = only(open_workbook(book(sheet(first + rest)), TIGHT))

    assert grid.at(1, 1).formula == "=" + "+".join(["A2"] * 2_000)
    assert (grid.at(300, 1).formula, grid.at(300, 1).raw) == ("=", 299.0)


# ----------------------------------------------------------------------------------- archives


def in_directory(data: bytes, offset: int, value: bytes) -> bytes:
    """The archive with some bytes replaced in its directory, in the last entry there."""
    at = data.rindex(b"PK\x01\x02") + offset
    return data[:at] + value + data[at + len(value) :]


def last_is_the_sheet() -> bytes:
    content = parts(sheet(FORM))
    return zipped({**content, "xl/worksheets/sheet1.xml": content.pop("xl/worksheets/sheet1.xml")})


def test_sizes_that_lie() -> None:
    data = last_is_the_sheet()

    assert refusal(in_directory(data, 24, struct.pack("<I", 20))) == DAMAGED
    claims_much = in_directory(data, 24, struct.pack("<I", 4_000_000_000))
    assert texts(only(open_workbook(claims_much, TIGHT))) == READ


def test_entries_that_lie_on_one_another() -> None:
    data = last_is_the_sheet()
    start = data.index(b"PK\x01\x02")
    first = struct.unpack_from("<I", data, start + 42)[0]

    assert refusal(in_directory(data, 42, struct.pack("<I", first))) == DAMAGED


def test_other_ways_to_pack() -> None:
    for method in (9, 12, 14, 95, 99):
        assert refusal(in_directory(last_is_the_sheet(), 10, struct.pack("<H", method))) == DAMAGED


def test_very_many_entries() -> None:
    entries = b"PK\x01\x02" * 30_000

    assert refusal(book(sheet(FORM)) + entries) == (
        "文件里的部件过多，不是正常的工作簿，请另存为 .xlsx 后重新报送。"
    )


def test_a_claim_of_billions_of_strings_is_not_believed() -> None:
    claimed = strings("<t>甲</t>").replace("<sst ", '<sst count="4000000000" uniqueCount="-1" ')

    assert read('<row><c t="s"><v>0</v></c></row>', strings=claimed) == READ | {"A2": "甲"}


# ------------------------------------------------------------------------------- by any damage


def saved() -> bytes:
    """A small workbook as openpyxl writes it."""
    work = openpyxl.Workbook()
    for number in range(1, 30):
        work.worksheets[0].append([f"第{number}项", number * 1.5, f"=B{number}*2"])
    work.worksheets[0].merge_cells("A3:B4")
    buffer = io.BytesIO()
    work.save(buffer)
    return buffer.getvalue()


def damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 3, 10])):
        at = chance.randrange(len(changed))
        match chance.randrange(4):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + chance.randrange(1, 30)]
            case 2:
                changed[at:at] = chance.choice(
                    [b"<", b'"', b"-1", b"&", b"<c/>", b"</c>", b"9" * 11]
                )
            case _:
                changed[at:at] = changed[: chance.randrange(1, 200)]
    return bytes(changed[: chance.choice([len(changed), len(changed), chance.randrange(1, 9_999)])])


def test_a_damaged_file_is_read_or_refused() -> None:
    whole, chance = saved(), random.Random(7)  # noqa: S311 - nothing to guess
    for _ in range(200):
        with suppress(UnreadableWorkbook):
            open_workbook(damaged(whole, chance), TIGHT)


def test_a_damaged_part_is_read_or_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(saved())) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(8)  # noqa: S311 - nothing to guess
    for _ in range(200):
        name = chance.choice(sorted(whole))
        with suppress(UnreadableWorkbook):
            open_workbook(zipped(whole | {name: damaged(whole[name], chance)}), TIGHT)


# ------------------------------------------------------------------------------------- memory

MEASURE = """
import resource, sys
from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.reading.files import open_workbook

def used():
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 / (1024 if sys.platform == "darwin" else 1)

before = used()
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        data = file.read()
    try:
        open_workbook(data)
    except UnreadableWorkbook:
        pass
print(round(used() - before))
"""


def test_peak_memory(tmp_path_factory: pytest.TempPathFactory) -> None:
    pytest.importorskip("resource", reason="measures memory as Unix does")
    folder = tmp_path_factory.mktemp("worst")
    merged = "".join(f'<mergeCell ref="A{row}:B{row + 1}"/>' for row in range(1, 80_000, 2))
    worst = {
        "dense": sheet(listing(8_000)),
        "merged": sheet(FORM, after=f"<mergeCells>{merged}</mergeCells>"),
        "deep": sheet("<c>" * 2_000_000),
        "long": sheet(TEXT.format("长" * 20_000_000)),
        "remark": sheet(f"<!--{'x' * 100_000_000}-->"),
    }
    for name, part in worst.items():
        (folder / name).write_bytes(book(part))

    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, *(str(folder / name) for name in worst)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert int(measured.stdout) < 300

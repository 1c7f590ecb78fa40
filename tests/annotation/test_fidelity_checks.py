"""The checks themselves: a workbook beside itself passes, each seeded damage is seen."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from odd_sheets import Tab
from odd_workbooks import Book, written
from proof.checks import Outcome, compare, content_differences
from proof.marks import comments_missing, marks_missing
from proof.opinions import (
    calamine_differences,
    calamine_facts,
    openpyxl_differences,
    openpyxl_facts,
)
from proof.package import Package
from proof.targets import NOTHING_FOUND, Plan, plan

NOTHING = Plan((), NOTHING_FOUND)

FORMULA = '<§c t="str"><§f>A1&amp;"元"</§f><§v>12.5元</§v></§c>'
BOOK = Book(
    (
        Tab(
            "表",
            rows=(
                ('<§c s="1"><§v>12.5</§v></§c>', '<§c t="s"><§v>0</§v></§c>'),
                (
                    '<§c t="str"><§f>A1&amp;"元"</§f><§v>12.5元</§v></§c>',
                    None,
                    "<§c><§v>7</§v></§c>",
                ),
            ),
            merges=("B4:B5",),
            comments=(("A1", "rich"),),
            drawing="button",
            conditions=(("fill", "A1:B3"),),
            extras=frozenset({"protection", "links", "x14"}),
        ),
        Tab("底稿", state="hidden", rows=(("<§c><§v>1</§v></§c>",),)),
    ),
    defined=True,
    extra_parts=True,
)

SHEET = "xl/worksheets/sheet1.xml"


def rewritten(content: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def replaced(part: str, old: str, new: str, content: bytes | None = None) -> bytes:
    """The workbook with other bytes at one place of a part."""

    def change(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[part]
        parts[part] = parts[part].replace(old.encode(), new.encode(), 1)

    return rewritten(content or written(BOOK), change)


def failed(copy: bytes) -> set[str]:
    """Checks that the copy fails; it has no sheet 审核意见, so that one doesn't count."""
    outcome = Outcome()
    compare(Package(written(BOOK)), Package(copy), NOTHING, outcome)
    return {problem.check for problem in outcome.problems} - {"sheet"}


def test_a_workbook_beside_itself_passes() -> None:
    content = written(BOOK)
    packed_otherwise = rewritten(content, dict.copy)

    assert failed(content) == set()
    assert failed(packed_otherwise) == set()
    assert list(content_differences(Package(content), packed_otherwise)) == []
    assert list(openpyxl_differences(openpyxl_facts(content), content, NOTHING)) == []
    assert list(calamine_differences(calamine_facts(content), content)) == []


def test_what_may_be_added_passes() -> None:
    """An empty cell and its row in a marked place, numbered rows, a style behind the last."""
    made = Plan((), NOTHING_FOUND, anchors={("表", "B9"): "error"})
    added = {
        SHEET: {"</sheetData>": '<row r="9"><c r="B9" s="4"/></row></sheetData>'},
        "xl/styles.xml": {
            '<cellXfs count="4">': '<cellXfs count="5">',
            "</cellXfs>": '<xf fillId="3" applyFill="1"/></cellXfs>',
            '<fills count="3">': '<fills count="4">',
            "</fills>": '<fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/>'
            "</patternFill></fill></fills>",
        },
    }
    content = written(BOOK)
    for part, changes in added.items():
        for old, new in changes.items():
            content = replaced(part, old, new, content)
    outcome = Outcome()
    compare(Package(written(BOOK)), Package(content), made, outcome)

    assert [each for each in outcome.problems if each.check not in {"sheet", "comments"}] == []


DAMAGES = {
    "value": (SHEET, "<v>12.5</v>", "<v>12.50</v>", {"touched", "values"}),
    "cached value": (SHEET, "12.5元", "12.6元", {"touched", "values"}),
    "formula": (SHEET, 'A1&amp;"元"', 'B1&amp;"元"', {"touched", "values"}),
    "cell gone": (SHEET, '<c r="C2"><v>7</v></c>', "", {"touched", "values"}),
    "another style": (SHEET, 'r="C2"', 'r="C2" s="1"', {"touched"}),
    "merge gone": (SHEET, '<mergeCell ref="B4:B5"/>', "", {"touched"}),
    "protection": (SHEET, 'password="CC1A"', "", {"touched"}),
    "condition": (SHEET, 'priority="1"', 'priority="2"', {"touched"}),
    "x14": (SHEET, "A3:B4", "A3:B5", {"touched"}),
    "blank cell added": (SHEET, 'r="C2"', 'r="C2"/><c r="D2"', {"touched", "values"}),
    "shared string": ("xl/sharedStrings.xml", "项目名称", "项目名", {"touched", "values"}),
    "font of a style": ("xl/styles.xml", 'fontId="1"', 'fontId="0"', {"touched"}),
    "a fill in between": ("xl/styles.xml", "</fill>", "</fill><fill/>", {"touched"}),
    "comment": ("xl/comments1.xml", "张会计:", "李会计:", {"untouched"}),
    "a part": ("xl/customThing.bin", "\x01\x02", "\x01\x03", {"untouched"}),
    "sheet's name": ("xl/workbook.xml", 'name="底稿"', 'name="底搞"', {"touched", "values"}),
    "shown sheet": ("xl/workbook.xml", 'state="hidden"', 'state="visible"', {"touched", "values"}),
    "defined name": ("xl/workbook.xml", "1+1", "1+2", {"touched"}),
    "content type": ("[Content_Types].xml", "text/plain", "text/html", {"touched"}),
    "relationship": ("xl/_rels/workbook.xml.rels", "customThing.bin", "custom.bin",
                     {"package", "touched"}),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_seeded_damage_is_seen(damage: str) -> None:
    part, old, new, checks = DAMAGES[damage]

    assert failed(replaced(part, old, new)) == checks


def test_a_part_that_is_gone_is_seen() -> None:
    copy = rewritten(written(BOOK), lambda parts: parts.pop("unrelated.txt"))

    assert failed(copy) == {"untouched"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_seen() -> None:
    buffer = io.BytesIO(written(BOOK))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(SHEET, archive.read(SHEET))

    assert failed(buffer.getvalue()) == {"package"}


def test_a_stray_part_is_seen() -> None:
    copy = rewritten(written(BOOK), lambda parts: parts.update({"xl/stray.xml": b"<x/>"}))

    assert failed(copy) == {"package"}


def test_a_shape_that_is_gone_is_seen() -> None:
    """In a drawing that may be added to, because its sheet is marked."""
    original = written(BOOK)
    made = plan(Package(original))

    def change(parts: dict[str, bytes]) -> None:
        name = "xl/drawings/vmlDrawing1.vml"
        parts[name] = re.sub(rb"<v:shape id.*?</v:shape>", b"", parts[name], count=1)

    outcome = Outcome()
    compare(Package(original), Package(rewritten(original, change)), made, outcome)

    assert any(
        each.check == "touched" and "vmlDrawing1" in each.text for each in outcome.problems
    )  # fmt: skip


def test_what_is_not_marked_is_told() -> None:
    package = Package(written(BOOK))
    made = plan(package)

    assert len(list(marks_missing(package, made))) == len(made.anchors)
    assert len(list(comments_missing(package, made))) >= len(made.anchors)


def test_readers_see_a_changed_value() -> None:
    original = written(BOOK)
    copy = replaced(SHEET, "<v>12.5</v>", "<v>13.5</v>")

    assert list(calamine_differences(calamine_facts(original), copy)) == [
        "表: (['12.5', \"'项目名称'\"], ['13.5', \"'项目名称'\"])"
    ]
    assert "表!A1 value 12.5 → 13.5" in list(
        openpyxl_differences(openpyxl_facts(original), copy, NOTHING)
    )


def test_contents_tell_a_lost_comment() -> None:
    original = written(BOOK)
    copy = replaced("xl/comments1.xml", 'ref="A1"', 'ref="A2"')

    told = list(content_differences(Package(original), copy))

    assert [each.partition(":")[0] for each in told] == ["表 comment A1", "表 comment A2"]

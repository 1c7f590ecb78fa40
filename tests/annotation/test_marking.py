"""The cells and comments of a marked copy."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill

from xlsx_eval import look
from xlsx_eval.annotation import Review, annotate
from xlsx_eval.errors import UnreadableWorkbook

FUNDS = "一、项目基本情况"
GOALS = "三、绩效 指标's"

MakeMark = Callable[..., Any]
Opened = Callable[..., Any]


def fill(book: Workbook, sheet: str, cell: str) -> str:
    colour: str = book[sheet][cell].fill.fgColor.rgb
    return colour[-6:]


def package_parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def package_of(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return content.getvalue()


def comment(book: Workbook, sheet: str, cell: str) -> Any:
    return book[sheet][cell].comment


def with_marks(*marks: Any) -> Review:
    return Review("背街小巷改造", "县住建局", "退回修改", marks)


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_cells_are_filled_by_severity(form: bytes, review: Review, opened: Opened) -> None:
    book = opened(annotate(form, review))
    assert fill(book, FUNDS, "B5") == "FFC7CE"
    assert fill(book, GOALS, "C2") == "FFE699"
    assert fill(book, FUNDS, "B4") == "DDEBF7"


def test_the_worst_finding_wins_on_a_cell(form: bytes, mark: MakeMark, opened: Opened) -> None:
    review = with_marks(mark(severity="notice"), mark(severity="error"), mark(severity="warning"))
    assert fill(opened(annotate(form, review)), FUNDS, "B5") == look.SEVERITIES["error"].fill


def test_other_cells_stay_as_they_were(form: bytes, review: Review, opened: Opened) -> None:
    before, after = opened(form), opened(annotate(form, review))
    for sheet in before.sheetnames:
        values = [[cell.value for cell in row] for row in before[sheet].iter_rows()]
        assert [[cell.value for cell in row] for row in after[sheet].iter_rows()] == values
    assert fill(after, FUNDS, "B3") == "FFFBE6"


def test_a_marked_cell_keeps_its_other_formats(form: bytes, review: Review, opened: Opened) -> None:
    cell = opened(annotate(form, review))[FUNDS]["B5"]
    assert cell.value == 195.5
    assert cell.number_format == "#,##0.00"
    assert (cell.font.name, cell.font.bold) == ("宋体", True)
    assert cell.border.left.style == "thin"
    assert cell.alignment.horizontal == "right"
    assert cell.protection.locked is False


def test_a_cell_inside_a_merge_is_marked_at_its_top_left(
    form: bytes, mark: MakeMark, opened: Opened
) -> None:
    book = opened(annotate(form, with_marks(mark(cell="D5"))))
    assert fill(book, FUNDS, "B5") == "FFC7CE"
    assert "F101" in comment(book, FUNDS, "B5").text


def test_the_comment_tells_every_finding_worst_first(
    form: bytes, review: Review, opened: Opened
) -> None:
    note = comment(opened(annotate(form, review)), FUNDS, "B5")
    assert note.author == "xlsx-eval"
    assert note.text == (
        "【错误 F101 实际支出大于实际到位】\n"
        "实际支出195.5万元大于实际到位资金180万元，超出15.5万元。\n"
        "处理：请核对到位资金和支出数；确有垫付的在“单位说明”栏写明资金来源。\n"
        "依据：本表的勾稽关系\n"
        "\n"
        "【疑点 F108 资金未足额到位】\n"
        "资金到位率为90.0%。\n"
        "处理：请说明资金未足额到位的原因。\n"
        "依据：本表的勾稽关系"
    )


def drawn_height(content: bytes) -> float:
    """Height in pixels of the last comment's box on the first sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        drawing = package.read("xl/drawings/commentsDrawing1.vml").decode()
    return float(drawing.rpartition("height:")[2].partition("pt")[0]) * 4 / 3


def test_the_comment_grows_with_its_text(form: bytes, mark: MakeMark) -> None:
    short = annotate(form, with_marks(mark(cell="B1", problem="缺。", advice="补。")))
    long = annotate(form, with_marks(mark(cell="B1", problem="长" * 230, advice="补。")))
    assert 70 <= drawn_height(short) < 120
    assert drawn_height(long) >= 10 * 15  # 230 characters, at most 26 on a line of 320 pixels


def test_what_a_finding_is_compared_with_is_filled_lighter(
    form: bytes, mark: MakeMark, opened: Opened
) -> None:
    related = f"'{FUNDS}'!B4;'{FUNDS}'!C6;'{GOALS.replace(chr(39), chr(39) * 2)}'!C3"
    marks = (
        mark(cell="B5", severity="warning", related=related),
        mark(cell="B4", severity="notice"),
    )
    book = opened(annotate(form, with_marks(*marks)))
    assert fill(book, FUNDS, "B5") == look.SEVERITIES["warning"].fill
    assert fill(book, FUNDS, "B4") == look.SEVERITIES["notice"].fill  # itself found fault with
    assert fill(book, FUNDS, "B6") == look.SEVERITIES["warning"].pale  # the merge that C6 lies in
    assert fill(book, GOALS, "C3") == look.SEVERITIES["warning"].pale
    assert comment(book, GOALS, "C3") is None


def test_a_fill_shows_through_a_conditional_format(
    form: bytes, mark: MakeMark, opened: Opened
) -> None:
    book = load_workbook(io.BytesIO(form))
    green = PatternFill("solid", bgColor="00FF00")
    rule = FormulaRule(formula=["$B5>0"], fill=green)  # type: ignore[no-untyped-call]
    book[FUNDS].conditional_formatting.add("B3:B5", rule)
    marks = with_marks(mark(related=""), mark(cell="B1", related=""))
    sheet = opened(annotate(saved(book), marks))[FUNDS]
    first, second = sheet.conditional_formatting
    assert (str(first.sqref), str(second.sqref)) == ("B5", "B3:B5")
    assert first.rules[0].priority == 1
    assert first.rules[0].dxf.fill.bgColor.rgb == f"FF{look.SEVERITIES['error'].fill}"
    assert second.rules[0].formula == ["$B5>0"]


def test_a_thread_of_comments_is_left_alone(form: bytes, mark: MakeMark, opened: Opened) -> None:
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    parts = package_parts(form)
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    related = f'<Relationship Id="rId99" Type="{kind}" Target="/xl/threads.xml"/></Relationships>'
    parts[rels] = parts[rels].replace(b"</Relationships>", related.encode())
    parts["xl/threads.xml"] = b'<ThreadedComments><threadedComment ref="B6"/></ThreadedComments>'
    book = opened(annotate(package_of(parts), with_marks(mark(cell="B6"))))
    assert comment(book, FUNDS, "B6").text == "财务：与账面一致，见3月凭证。"
    assert fill(book, FUNDS, "B6") == look.SEVERITIES["error"].fill
    assert book["审核意见"]["D6"].value == f"{FUNDS}!B6"


def test_a_signed_workbook_is_told_of(form: bytes, mark: MakeMark, opened: Opened) -> None:
    signed = package_of(package_parts(form) | {"_xmlsignatures/sig1.xml": b"<Signature/>"})
    sheet = opened(annotate(signed, with_marks(mark())))["审核意见"]
    assert sheet["A7"].value == "注：原文件带有数字签名；加入审核意见后签名失效，以原文件为准。"


def test_only_our_sheet_is_selected(form: bytes, mark: MakeMark, opened: Opened) -> None:
    book = load_workbook(io.BytesIO(form))
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = True
    marked = opened(annotate(saved(book), with_marks(mark())))
    assert [s.title for s in marked.worksheets if s.sheet_view.tabSelected] == ["审核意见"]


def test_a_comment_far_down_has_plain_numbers(form: bytes, mark: MakeMark) -> None:
    marked = package_parts(annotate(form, with_marks(mark(cell="B900000"))))
    style = marked["xl/drawings/commentsDrawing1.vml"].decode().rpartition('style="position')[2]
    assert "margin-top:13499975.25pt;" in style  # 899,998 rows of 15 points and a gap


def test_what_a_drawing_is_stands_before_what_parts_are(mark: MakeMark, opened: Opened) -> None:
    book = Workbook()
    marked = annotate(saved(book), with_marks(mark(sheet="Sheet", cell="B5")))
    types = package_parts(marked)["[Content_Types].xml"]
    assert types.index(b'Extension="vml"') < types.index(b"<Override")
    assert comment(opened(marked), "Sheet", "B5").author == "xlsx-eval"


def test_an_existing_comment_is_kept_above_ours(
    form: bytes, mark: MakeMark, opened: Opened
) -> None:
    note = comment(opened(annotate(form, with_marks(mark(cell="B6")))), FUNDS, "B6")
    assert note.author == "张会计"
    assert note.text.startswith("财务：与账面一致，见3月凭证。\n")
    assert "【错误 F101 实际支出大于实际到位】" in note.text


def test_annotating_twice_gives_the_same_as_once(
    form: bytes, review: Review, mark: MakeMark, opened: Opened
) -> None:
    review = Review(review.project, review.unit, review.verdict, (*review.marks, mark(cell="B6")))
    once = opened(annotate(form, review))
    twice = opened(annotate(annotate(form, review), review))
    assert twice.sheetnames == once.sheetnames
    for sheet, cell in ((FUNDS, "B5"), (FUNDS, "B6"), (GOALS, "C2")):
        assert comment(twice, sheet, cell).text == comment(once, sheet, cell).text
    rows = [[cell.value for cell in row] for row in once["审核意见"].iter_rows()]
    assert [[cell.value for cell in row] for row in twice["审核意见"].iter_rows()] == rows


def test_a_corrected_cell_gets_back_what_it_had(
    form: bytes, mark: MakeMark, opened: Opened
) -> None:
    first = annotate(form, with_marks(mark(cell="B5"), mark(cell="B6")))
    book = opened(annotate(first, with_marks()))
    assert comment(book, FUNDS, "B5") is None
    assert fill(book, FUNDS, "B5") == "FFFBE6"
    assert comment(book, FUNDS, "B6").text == "财务：与账面一致，见3月凭证。"
    assert fill(book, FUNDS, "B6") == "FFFBE6"


@pytest.mark.parametrize(
    "changes", [{"sheet": None, "cell": None}, {"sheet": "已删除"}, {"cell": "附件"}]
)
def test_a_finding_without_a_cell_is_only_listed(
    form: bytes, mark: MakeMark, opened: Opened, changes: dict[str, Any]
) -> None:
    book = opened(annotate(form, with_marks(mark(**changes))))
    assert fill(book, FUNDS, "B5") == "FFFBE6"
    assert book["审核意见"]["C6"].value == "F101 实际支出大于实际到位"


def test_hidden_sheets_stay_hidden(form: bytes, review: Review, opened: Opened) -> None:
    assert opened(annotate(form, review))["底稿"].sheet_state == "hidden"


def test_a_workbook_without_a_window_opens_on_our_sheet(
    form: bytes, mark: MakeMark, opened: Opened
) -> None:
    book = load_workbook(io.BytesIO(form))
    book.views = []
    assert opened(annotate(saved(book), with_marks(mark()))).active.title == "审核意见"


def test_macros_are_kept(form: bytes, review: Review) -> None:
    content = io.BytesIO(form)
    with zipfile.ZipFile(content, "a") as package:
        package.writestr("xl/vbaProject.bin", b"the macros")
    marked = annotate(content.getvalue(), review)
    with zipfile.ZipFile(io.BytesIO(marked)) as package:
        assert package.read("xl/vbaProject.bin") == b"the macros"


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04"])
def test_what_is_no_workbook_is_refused_in_chinese(content: bytes) -> None:
    with pytest.raises(UnreadableWorkbook, match="文件不完整或已损坏"):
        annotate(content, with_marks())


def test_a_package_without_sheets_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
    with pytest.raises(UnreadableWorkbook):
        annotate(content.getvalue(), with_marks())


def test_a_chart_sheet_is_passed_over(form: bytes, mark: MakeMark, opened: Opened) -> None:
    book = load_workbook(io.BytesIO(form))
    book.create_chartsheet("图", 0).add_chart(BarChart())
    marked = opened(annotate(saved(book), with_marks(mark(sheet="图"))))
    assert marked.sheetnames == ["图", FUNDS, GOALS, "底稿", "审核意见"]
    assert marked.active.title == "审核意见"
    assert marked["审核意见"].print_title_rows == "$5:$5"
    assert marked["审核意见"]["D6"].hyperlink is None

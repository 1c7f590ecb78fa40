"""Marks taken off: the workbook is what it was before."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill

from xlsx_eval.annotation import Review, annotate, read_replies, strip
from xlsx_eval.cli import main
from xlsx_eval.errors import UnreadableWorkbook

FUNDS = "一、项目基本情况"
GOALS = "三、绩效 指标's"

MakeMark = Callable[..., Any]


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def with_everything(review: Review, mark: MakeMark) -> Review:
    """Marks on a filled cell, a commented one, an empty one and in rows that are not there."""
    marks = (
        *review.marks,
        mark(cell="B6"),
        mark(cell="F3", severity="notice"),
        mark(cell="C90", severity="warning"),
        mark(sheet=GOALS, cell="H50"),
    )
    return Review(review.project, review.unit, review.verdict, marks)


def test_every_part_is_what_it_was(form: bytes, review: Review, mark: MakeMark) -> None:
    assert parts(strip(annotate(form, with_everything(review, mark)))) == parts(form)


def test_a_workbook_without_marks_comes_back_as_it_is(form: bytes) -> None:
    assert strip(form) is form


def test_marks_come_off_after_another_program_saved_the_copy(
    form: bytes, review: Review, mark: MakeMark
) -> None:
    saved = io.BytesIO()
    load_workbook(io.BytesIO(annotate(form, with_everything(review, mark)))).save(saved)
    before, after = (load_workbook(io.BytesIO(each)) for each in (form, strip(saved.getvalue())))
    assert after.sheetnames == before.sheetnames
    for sheet in before.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                other = after[sheet.title][cell.coordinate]
                assert other.value == cell.value
                for look in ("fill", "font", "border", "alignment", "protection"):
                    assert repr(getattr(other, look)) == repr(getattr(cell, look))
                assert other.number_format == cell.number_format
                theirs, ours = (each.comment.text if each.comment else "" for each in (cell, other))
                assert ours == theirs
    assert tuple(after.sheetnames[:2]) == (FUNDS, GOALS)


def test_fills_come_off_where_a_program_lost_the_styles(form: bytes, mark: MakeMark) -> None:
    """It drops styles without a name, and the numbers that cells refer to them by stay."""
    packed = parts(form)
    styles = packed["xl/styles.xml"].decode()
    nameless = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>' * 7
    packed["xl/styles.xml"] = styles.replace(
        "</cellStyleXfs>", nameless + "</cellStyleXfs>"
    ).encode()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, part in packed.items():
            package.writestr(name, part)
    marks = (mark(cell="A5", related=f"'{FUNDS}'!A4"),)
    saved = io.BytesIO()
    load_workbook(io.BytesIO(annotate(content.getvalue(), Review("", "", "", marks)))).save(saved)
    sheet = load_workbook(io.BytesIO(strip(saved.getvalue())))[FUNDS]
    assert [sheet[cell].fill.fill_type for cell in ("A5", "A4")] == [None, None]
    assert sheet["B5"].fill.fgColor.rgb[-6:] == "FFFBE6"


def test_the_marks_of_the_first_version_come_off(form: bytes) -> None:
    """It filled cells and wrote comments, and kept nothing of what was there before."""
    book = load_workbook(io.BytesIO(form))
    red = PatternFill("solid", fgColor="FFC7CE")
    book[FUNDS]["A5"].fill = book[FUNDS]["A6"].fill = red
    book[FUNDS]["A5"].comment = Comment("【错误 F101 实际支出大于实际到位】\n超出。", "xlsx-eval")
    saved = io.BytesIO()
    book.save(saved)
    sheet = load_workbook(io.BytesIO(strip(saved.getvalue())))[FUNDS]
    assert (sheet["A5"].comment, sheet["A5"].fill.fill_type) == (None, None)
    assert sheet["A6"].fill.fgColor.rgb == "00FFC7CE"  # without a comment of ours: their own


def test_our_sheet_is_found_where_it_was_moved_and_renamed(form: bytes, review: Review) -> None:
    book = load_workbook(io.BytesIO(annotate(form, review)))
    book.move_sheet("审核意见", -3)
    book["审核意见"].title = "回复"
    saved = io.BytesIO()
    book.save(saved)
    assert load_workbook(io.BytesIO(strip(saved.getvalue()))).sheetnames == [FUNDS, GOALS, "底稿"]


def test_our_sheet_is_found_beside_charts(form: bytes, review: Review) -> None:
    """A library may number the sheets of names without the chart sheets."""
    book = load_workbook(io.BytesIO(form))
    book.create_chartsheet("图", 0).add_chart(BarChart())
    saved = io.BytesIO()
    book.save(saved)
    again = io.BytesIO()
    load_workbook(io.BytesIO(annotate(saved.getvalue(), review))).save(again)
    names = load_workbook(io.BytesIO(strip(again.getvalue()))).sheetnames
    assert names == ["图", FUNDS, GOALS, "底稿"]


def test_what_a_person_put_into_a_cell_that_was_not_there_stays(
    form: bytes, mark: MakeMark
) -> None:
    book = load_workbook(io.BytesIO(annotate(form, Review("", "", "", (mark(cell="C90"),)))))
    book[FUNDS]["C90"] = "补充说明"
    saved = io.BytesIO()
    book.save(saved)
    cell = load_workbook(io.BytesIO(strip(saved.getvalue())))[FUNDS]["C90"]
    assert (cell.value, cell.fill.fill_type, cell.comment) == ("补充说明", None, None)


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        pytest.param(lambda _: "已核对，见凭证。", "已核对，见凭证。", id="instead of ours"),
        pytest.param(lambda ours: f"单位：见附件。\n{ours}", "单位：见附件。\n", id="before ours"),
        pytest.param(lambda ours: f"{ours}\n单位：见附件3。", "单位：见附件3。", id="behind ours"),
        pytest.param(lambda ours: f"xlsx-eval:\n{ours}", None, id="with a byline"),
        pytest.param(lambda ours: ours.replace("\n", "\r\n"), None, id="with other line ends"),
    ],
)
def test_what_people_type_into_our_comment_stays(
    typed: Callable[[str], str], left: str | None, form: bytes, mark: MakeMark
) -> None:
    review = Review("", "", "退回修改", (mark(), mark(rule="F102", severity="warning")))
    book = load_workbook(io.BytesIO(annotate(form, review)))
    comment = book[FUNDS]["B5"].comment
    assert comment is not None
    book[FUNDS]["B5"].comment = Comment(typed(comment.text), "李四")
    saved = io.BytesIO()
    book.save(saved)
    kept = load_workbook(io.BytesIO(strip(saved.getvalue())))[FUNDS]["B5"].comment
    assert (kept.text if kept else None) == left
    again = load_workbook(io.BytesIO(annotate(saved.getvalue(), review)))[FUNDS]["B5"].comment
    assert again is not None
    assert again.text.count("【错误 F101") == again.text.count("【疑点 F102") == 1


def test_what_people_type_behind_ours_in_their_own_comment_stays(
    form: bytes, mark: MakeMark
) -> None:
    book = load_workbook(io.BytesIO(annotate(form, Review("", "", "", (mark(cell="B6"),)))))
    comment = book[FUNDS]["B6"].comment
    assert comment is not None
    comment.text += "\n李四：已改"
    saved = io.BytesIO()
    book.save(saved)
    kept = load_workbook(io.BytesIO(strip(saved.getvalue())))[FUNDS]["B6"].comment
    assert kept is not None
    assert kept.text == "财务：与账面一致，见3月凭证。\n李四：已改"


def test_the_command_writes_the_workbook_without_marks(
    form: bytes, review: Review, tmp_path: Path
) -> None:
    (tmp_path / "copy.xlsx").write_bytes(annotate(form, review))
    output = tmp_path / "clean.xlsx"
    result = CliRunner().invoke(main, ["strip", str(tmp_path / "copy.xlsx"), "-o", str(output)])
    assert (result.exit_code, result.output) == (0, f"Wrote {output}.\n")
    assert parts(output.read_bytes()) == parts(form)


@pytest.mark.parametrize(
    ("content", "output", "status", "says"),
    [
        (b"no workbook", "clean.xlsx", 3, "文件不完整或已损坏"),
        (b"no workbook", "copy.xlsx", 2, "is the annotated copy itself"),
        (b"no workbook", "none/clean.xlsx", 3, "文件不完整或已损坏"),
    ],
)
def test_the_command_refuses_in_a_sentence(
    content: bytes, output: str, status: int, says: str, tmp_path: Path
) -> None:
    (tmp_path / "copy.xlsx").write_bytes(content)
    arguments = ["strip", str(tmp_path / "copy.xlsx"), "-o", str(tmp_path / output)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == status
    assert says in result.output
    assert (tmp_path / "copy.xlsx").read_bytes() == content


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(UnreadableWorkbook, match="文件不完整或已损坏"):
        strip(b"no workbook")


def resaved(content: bytes, change: Callable[[Any], None]) -> bytes:
    """The workbook as a person changed it in another program."""
    book = load_workbook(io.BytesIO(content))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_formats_that_a_person_changed_stay(form: bytes, mark: MakeMark) -> None:
    def change(book: Any) -> None:
        cell = book[FUNDS]["B5"]
        cell.value, cell.number_format = 0.95, "0%"
        cell.font = Font(color="FFFF0000")
        book[FUNDS]["B4"].fill = PatternFill("solid", fgColor="00FF00")

    marked = annotate(form, Review("", "", "", (mark(),)))
    sheet = load_workbook(io.BytesIO(strip(resaved(marked, change))))[FUNDS]
    assert (sheet["B5"].number_format, sheet["B5"].font.color.rgb) == ("0%", "FFFF0000")
    assert sheet["B5"].fill.fgColor.rgb[-6:] == "FFFBE6"
    assert sheet["B4"].fill.fgColor.rgb[-6:] == "00FF00"


def test_whole_columns_and_rows_lose_a_copied_mark(form: bytes, mark: MakeMark) -> None:
    def change(book: Any) -> None:
        sheet = book[FUNDS]
        sheet.column_dimensions["H"]._style = sheet["A5"]._style  # noqa: SLF001
        sheet.row_dimensions[33]._style = sheet["A5"]._style  # noqa: SLF001

    marked = annotate(form, Review("", "", "", (mark(cell="A5", related=""),)))
    sheet = load_workbook(io.BytesIO(strip(resaved(marked, change))))[FUNDS]
    assert sheet.column_dimensions["H"].fill.fill_type is None
    assert sheet.row_dimensions[33].fill.fill_type is None


def test_a_fill_like_ours_that_was_there_before_stays(form: bytes, mark: MakeMark) -> None:
    def colour(book: Any) -> None:
        for cell in ("A5", "A6"):
            book[FUNDS][cell].fill = PatternFill("solid", fgColor="FFC7CE")

    marked = annotate(resaved(form, colour), Review("", "", "", (mark(cell="A5", related=""),)))
    sheet = load_workbook(io.BytesIO(strip(resaved(marked, lambda _: None))))[FUNDS]
    assert [sheet[cell].fill.fgColor.rgb[-6:] for cell in ("A5", "A6")] == ["FFC7CE", "FFC7CE"]


def test_our_sheet_is_known_without_its_name(form: bytes, review: Review) -> None:
    def change(book: Any) -> None:
        book["审核意见"].defined_names.clear()
        book["审核意见"]["I6"] = "已归还。"
        book["审核意见"].title = "回复"

    returned = resaved(annotate(form, review), change)
    assert [answer.reply for answer in read_replies(returned)][:2] == ["已归还。", ""]
    assert load_workbook(io.BytesIO(strip(returned))).sheetnames == [FUNDS, GOALS, "底稿"]
    again = load_workbook(io.BytesIO(annotate(returned, review)))
    assert again.sheetnames == [FUNDS, GOALS, "底稿", "审核意见"]


def test_one_sheet_is_shown_where_people_hid_all_but_ours(form: bytes, review: Review) -> None:
    def change(book: Any) -> None:
        for sheet in book.worksheets[:-1]:
            sheet.sheet_state = "hidden"

    returned = resaved(annotate(form, review), change)
    states = [s.sheet_state for s in load_workbook(io.BytesIO(strip(returned))).worksheets]
    assert states == ["visible", "hidden", "hidden"]
    states = [s.sheet_state for s in load_workbook(io.BytesIO(annotate(returned, review)))]
    assert states == ["hidden", "hidden", "hidden", "visible"]


@pytest.mark.parametrize(
    "theirs",
    [
        "我方对【错误 F101 实际支出大于实际到位】有异议，\n实际到位资金为100万元。\n第三行",
        "请看：\n【错误 F101 实际支出大于实际到位】\n这一条我们已说明，见附件。",
        "【提示 A001 注意】\n请于周五前填报。",
    ],
)
def test_people_may_quote_a_finding(theirs: str, form: bytes, mark: MakeMark) -> None:
    def quote(book: Any) -> None:
        book[FUNDS]["A5"].comment = Comment(theirs, "王五")

    quoting = resaved(form, quote)
    assert strip(quoting) is quoting
    marked = annotate(quoting, Review("", "", "", (mark(),)))
    shown = load_workbook(io.BytesIO(marked))[FUNDS]["A5"].comment
    assert shown is not None
    assert shown.text == theirs


def test_problems_of_several_lines_leave_nothing_behind(form: bytes, mark: MakeMark) -> None:
    marks = (mark(problem="甲\n\n乙", basis=""), mark(rule="F102", problem="丙\n", advice=""))
    marked = annotate(form, Review("", "", "", marks))
    assert annotate(marked, Review("", "", "", marks)) == marked
    assert parts(strip(marked)) == parts(form)


def test_a_format_given_to_a_cell_that_we_made_stays(form: bytes, mark: MakeMark) -> None:
    def change(book: Any) -> None:
        book[FUNDS]["J5"].number_format = "0%"
        book[FUNDS]["J6"].fill = PatternFill("solid", fgColor="00B050")

    marks = tuple(mark(cell=cell, related="") for cell in ("J4", "J5", "J6"))
    marked = annotate(form, Review("", "", "", marks))
    sheet = load_workbook(io.BytesIO(strip(resaved(marked, change))))[FUNDS]
    assert (sheet["J5"].number_format, sheet["J5"].fill.fill_type) == ("0%", None)
    assert sheet["J6"].fill.fgColor.rgb == "0000B050"
    assert (4, 10) not in sheet._cells  # noqa: SLF001


def test_our_conditional_formats_go_without_our_styles(form: bytes, mark: MakeMark) -> None:
    def condition(book: Any) -> None:
        rule = FormulaRule(formula=["$B5>0"])  # type: ignore[no-untyped-call]
        book[FUNDS].conditional_formatting.add("B3:B5", rule)

    marked = parts(annotate(resaved(form, condition), Review("", "", "", (mark(),))))
    styles = re.sub(rb'<cellStyle name="xlsx-eval[^>]*/>', b"", marked["xl/styles.xml"])
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, part in (marked | {"xl/styles.xml": styles}).items():
            package.writestr(name, part)
    sheet = load_workbook(io.BytesIO(strip(content.getvalue())))[FUNDS]
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["B3:B5"]


def test_our_sheet_is_known_by_its_columns(form: bytes, review: Review) -> None:
    def change(book: Any) -> None:
        sheet = book["审核意见"]
        sheet["A1"], sheet["I5"], sheet["I6"] = "审核意见", "单位说明（必填）", "已归还。"

    returned = resaved(annotate(form, review), change)
    assert read_replies(returned)[0].reply == "已归还。"
    assert load_workbook(io.BytesIO(annotate(returned, review))).sheetnames[2:] == [
        "底稿", "审核意见",
    ]  # fmt: skip

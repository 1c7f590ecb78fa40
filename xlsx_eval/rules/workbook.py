"""W9xx 工作簿: the workbook as a form."""

from __future__ import annotations

import re

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.rules.cells import causes, in_reading_order, refers_elsewhere
from xlsx_eval.rules.findings import Place, certain, flagged, flags, report
from xlsx_eval.rules.findings import places as places_of
from xlsx_eval.rules.missing import missing_labels, parts_of
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.values.text import compact

_NUMBER = re.compile(r"[-+−]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_ERRORS = {
    "#REF!": "公式引用的单元格已被删除",
    "#DIV/0!": "公式的除数是零或没有填写",
    "#VALUE!": "参与计算的内容不是数字",
    "#N/A": "公式没有查到对应的内容",
    "#NAME?": "公式中的名称无法识别",
    "#NUM!": "公式算不出有效的数字",
    "#NULL!": "公式引用的区域没有交集",
}
LONGEST_FORMULA = 60
FEW = 5  # cells named in a sentence


@rule(
    "W901",
    "section-not-found",
    "缺少表的一部分",
    "error",
    advice="请补上这一部分；标题或表头被改动的，请按原表恢复。",
    basis=COMPLETENESS,
    hides="part",
)
def section_not_found(places: pd.DataFrame) -> pd.DataFrame:
    """A section of the form can't be found; the cover may be left out.

    A section without its heading is still there where its own labels are.

    Why it matters: what the section asks for is unknown, and nothing in it can be checked.

    Fails: a form without 四、评价人员.

    Passes: a form with all five sections, in any order and on any sheets.

    To correct: put the section back; where its heading or header row was changed, restore it.

    检查：表中找不到某一部分；封面可以不填。只少了标题、栏目还在的，不算缺少。

    意义：这一部分填写的内容无从得知，也无法核对。

    不通过：没有“四、评价人员”。

    通过：五个部分齐全，先后次序和所在工作表不限。
    """
    rows = places.assign(at=places_of(places, "cell"))
    rows = flagged(rows, rows["required"] & ~rows["found"] & rows["section"])
    return report(
        rows,
        anchor="at",
        problem="没有找到“{title}”这一部分。",
        expected="{title}",
        actual="没有找到",
    )


@rule(
    "W902",
    "label-not-found",
    "栏目名称缺失",
    "warning",
    advice="请按原表恢复栏目名称。",
    basis=COMPLETENESS,
    hides="part",
)
def label_not_found(
    labels: pd.DataFrame,
    places: pd.DataFrame,
    projects: pd.DataFrame,
    read_parts: frozenset[tuple[str, str, str]],
    forms: dict[str, Form],
) -> pd.DataFrame:
    """A field's label has been deleted or altered beyond recognition.

    One finding a block of the form names all of its labels that are gone. What the form must have
    (a field that is required, the score, the columns that are checked) is missed in any case, the
    rest only where a value still stands beside or below the label's place: a unit may leave out
    what need not be filled in. Silent where a whole table is gone or the value was found otherwise.

    Why it matters: without its label a value can't be told from a note, and is not read.

    Fails: the cell that said 项目起止时间 is empty, 2021年1月-2021年12月 stands beside it.

    Passes: 项目实施期限 in place of 项目起止时间.

    To correct: write the label again, as the form prints it.

    检查：栏目名称被删除，或改得无法辨认。同一栏组缺几个名称，合并为一条。

    意义：没有栏目名称，填写的内容无法识别，也就无法核对。

    不通过：“项目起止时间”几个字被删掉，旁边只剩2021年1月-2021年12月。

    通过：“项目起止时间”写成“项目实施期限”。
    """
    rows = missing_labels(labels, places, projects, read_parts, forms)
    groups = rows.groupby(["file", "section", "block"], sort=False)
    blocks = groups.agg(
        names=("label", "”“".join), left=("left_at", tuple), keys=("key", tuple)
    ).reset_index()
    begins = places[places["section"] & places["found"]]
    begins = begins.assign(at=places_of(begins, "cell"))[["file", "place", "at"]]
    blocks = blocks.merge(begins, left_on=["file", "section"], right_on=["file", "place"])
    found = report(
        blocks,
        anchor="at",
        related="left",
        problem="没有找到“{names}”栏，栏目名称可能被删除或改动，该栏填写的内容无法读取。",
        expected="“{names}”",
        actual="没有找到",
    )
    form_of = dict(zip(projects["file"], projects["form"], strict=True))
    parts = [
        parts_of(row.block, row.keys, row.section, forms[form_of[row.file]])
        for row in blocks.itertuples(index=False)
    ]
    return found.assign(otherwise=parts)


@rule(
    "W903",
    "error-value",
    "单元格是错误值",
    "error",
    advice="请改正公式，或直接填写正确的内容。",
    hides="cell",
)
def error_value(cells: pd.DataFrame) -> pd.DataFrame:
    """A value cell holds #REF!, #DIV/0!, #N/A or another error.

    An error that only comes from another one is no finding of its own: it is related to that one.

    Why it matters: the value is unknown, and so is everything computed from it.

    Fails: 实际支出 shows #REF!.

    Passes: 实际支出 shows 200.

    To correct: mend the formula, or type the value.

    检查：填写内容的单元格显示#REF!、#DIV/0!、#N/A等错误值。由它引起的其他错误值不另列。

    意义：这一格的内容无从得知，由它计算的数也都不可靠。

    不通过：实际支出显示#REF!。

    通过：实际支出显示200。
    """
    rows = in_reading_order(cells[cells["error"].notna()])
    rows = causes(rows.assign(at=places_of(rows, "cell")))
    why = rows["error"].map(_ERRORS).fillna("公式出错")
    return report(
        rows.assign(why=why),
        anchor="at",
        related="follow",
        problem="单元格显示错误值“{error}”（{why}），读不到内容。",
        expected="正确的内容",
        actual="{error}",
    )


@rule(
    "W905",
    "hidden-content",
    "隐藏的内容",
    "warning",
    advice="请取消隐藏并核对；不应报送的内容请删除。",
)
def hidden_content(cells: pd.DataFrame) -> pd.DataFrame:
    """A filled cell of the form lies in a hidden row, column or sheet.

    One finding a stretch of hidden rows or columns, or a sheet. Rows that a filter has taken away
    are hidden too. Printed words, dashes and formulas that come to nothing are no content.

    Why it matters: what a reader of the form can't see is counted all the same.

    Fails: row 14 is hidden, an item of 50 stands in it.

    Passes: row 14 is hidden and blank.

    To correct: show the rows, columns or sheet again and check them; delete what is not meant.

    检查：填有内容的单元格在隐藏的行、列或工作表里（筛选掉的行也算）。同一段隐藏的行列只报一条。

    意义：看表的人看不见的内容，仍会参与计算。

    不通过：第14行被隐藏，里面填有一笔50万元的支出。

    通过：第14行被隐藏，里面是空白。
    """
    rows = in_reading_order(cells[cells["hidden_in"].notna()])
    rows = rows.assign(at=places_of(rows, "cell"), wrong=rows["error"].notna())
    rows = rows.sort_values("wrong", kind="stable")  # of an error another rule speaks
    groups = rows.groupby(["file", "sheet", "hidden_in"], sort=False)
    found = groups.agg(at=("at", "first"), all=("at", tuple), count=("at", "size")).reset_index()
    where = [
        _stretch(each, sheet)
        for each, sheet in zip(found["hidden_in"], found["sheet"], strict=True)
    ]
    return report(
        found.assign(where=where),
        anchor="at",
        related="all",
        problem="{where}被隐藏，其中有{count}个填写了内容的单元格。",
        expected="不隐藏",
        actual="{where}隐藏",
    )


def _stretch(hidden_in: str, sheet: str) -> str:
    first, _, last = hidden_in.partition(":")
    if not last:
        return f"工作表“{sheet}”"
    kind = "行" if first.isdigit() else "列"
    ordinal = "第" if kind == "行" else ""
    return f"{ordinal}{first}{kind}" if first == last else f"{ordinal}{first}至{last}{kind}"


@rule(
    "W906",
    "number-as-text",
    "数字以文本存放",
    "notice",
    advice="请把这些单元格转换为数字。",
)
def number_as_text(number_texts: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """An amount or score is a number stored as text; it is still read. One finding a form.

    An amount with its unit (200万元) is a text, and no number stored as one.

    Why it matters: the formulas of a worksheet pass over it, so that a total comes out too small.

    Fails: 200, typed into a cell formatted as text.

    Passes: 200 as a number; 200万元.

    To correct: convert the cells to numbers.

    检查：金额或得分是以文本格式存放的数字（仍按数字读取）。一张表只报一条。

    意义：表格公式不计算文本，合计会偏小。

    不通过：在文本格式的单元格里填写200。

    通过：数字200；200万元。
    """
    text = cells[cells["stored"] == "text"][["file", "sheet", "cell"]]
    plain = number_texts[flags(number_texts["text"], _is_plain_number)]
    rows = in_reading_order(text.merge(plain, on=["file", "sheet", "cell"]))
    forms = _by_form(rows)
    return report(
        forms,
        anchor="at",
        related="all",
        problem="有{count}个数字以文本格式存放（{named}），表格公式不会计算在内。",
        expected="数字格式",
        actual="文本格式",
    )


def _is_plain_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(compact(text)))


def _by_form(rows: pd.DataFrame) -> pd.DataFrame:
    """A row a form: `at`, its first cell, `all` of them, their `count`, and the first `named`."""
    rows = rows.assign(at=places_of(rows, "cell"))
    groups = rows.groupby("file", sort=False)
    forms = groups.agg(at=("at", "first"), all=("at", tuple), count=("at", "size")).reset_index()
    return forms.assign(named=[_named(each) for each in forms["all"]])


def _named(places: tuple[Place, ...]) -> str:
    cells = "、".join(place.cell for place in places[:FEW])
    return f"{cells}等" if len(places) > FEW else cells


@rule(
    "W907",
    "external-link",
    "引用其他工作簿",
    "warning",
    advice="请改为直接填写数值。",
)
def external_link(cells: pd.DataFrame) -> pd.DataFrame:
    """A value comes from a formula that refers to another workbook.

    Why it matters: the source was not submitted, and the value changes or is lost on the way.

    Fails: =[1]Sheet1!B2.

    Passes: =Sheet1!B2, on a sheet of the same workbook.

    To correct: replace the formula by its value.

    检查：内容来自引用其他工作簿的公式。

    意义：被引用的文件没有一并报送，无法核对，打开时数值还可能改变或丢失。

    不通过：=[1]Sheet1!B2。

    通过：=Sheet1!B2，引用本工作簿的工作表。
    """
    rows = in_reading_order(cells[flags(cells["formula"], refers_elsewhere)])
    return report(
        rows.assign(
            at=places_of(rows, "cell"),
            shown=rows["formula"].map(lambda text: text[:LONGEST_FORMULA]),
        ),
        anchor="at",
        problem="单元格的公式“{shown}”引用了其他工作簿，无法核对数据来源。",
        expected="直接填写的数值",
        actual="{shown}",
    )


@rule(
    "W908",
    "not-calculated",
    "公式没有计算",
    "warning",
    advice="请用Excel或WPS打开文件，保存后重新报送。",
    hides="cell",
)
def not_calculated(cells: pd.DataFrame) -> pd.DataFrame:
    """A formula without a cached value: the file was never calculated. One finding a form.

    Where other formulas have their results, one that may come to an empty text has done so.

    Why it matters: the file holds no result, and what Excel would show is unknown.

    Fails: a workbook written by another program, with formulas and no results.

    Passes: a workbook saved by Excel or WPS.

    To correct: open the file in Excel or WPS, save it and submit it again.

    检查：公式没有计算结果，说明文件没有经过计算。一张表只报一条。

    意义：文件里没有这些数，无法核对。

    不通过：由其他软件导出、只有公式没有结果的文件。

    通过：用Excel或WPS保存过的文件。
    """
    bare = certain(cells["stored"] == "formula")
    calculated = cells["file"].isin(cells[cells["formula"].notna() & ~bare]["file"])
    empty = calculated & flags(cells["formula"], lambda formula: '""' in formula)
    forms = _by_form(in_reading_order(cells[bare & ~empty]))
    return report(
        forms,
        anchor="at",
        related="all",
        problem="有{count}个公式没有计算结果（{named}），读不到数值。",
        expected="公式的计算结果",
        actual="没有结果",
    )

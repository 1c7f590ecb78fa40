"""N70x 文字部分: the sections that are there, long enough, candid, and the unit's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.forms.model import FieldsBlock, NarrativesBlock
from xlsx_eval.rules.findings import flagged, flags, places, report, together
from xlsx_eval.rules.registry import COMPLETENESS, rule, view
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.views import says_attached
from xlsx_eval.values.prose.problems import states_problem
from xlsx_eval.values.text import is_none_word

_ABOUT_PROBLEMS = re.compile("问题|不足")
_MAY_BE_NONE = re.compile("问题|不足|建议|改进|措施")
_LONGEST_NONE = 20
_DECLARED = {"label": "object", "part": "object", "brief": "bool", "asked": "bool"}


@view
def written(
    narratives: pd.DataFrame, projects: pd.DataFrame, forms: dict[str, Form]
) -> pd.DataFrame:
    """`narratives` beside what their form declares, with places.

    `label` as printed; `part`, the key of the part of the form they stand in; `brief`: the form
    asks for a few words beside a label, not for a section; `asked`: the form prints the label.
    """
    declared = {name: list(_declared(form)) for name, form in forms.items()}
    known = projects[projects["form"].isin(declared)].set_index("file")["form"]
    numbers = narratives.groupby("file", sort=False).cumcount()
    found = [
        declared[form][number]
        if form in declared and number < len(declared[form])
        else ("", "", False, False)
        for form, number in zip(narratives["file"].map(known), numbers, strict=True)
    ]
    columns = {
        name: pd.Series([each[number] for each in found], narratives.index, dtype=dtype)
        for number, (name, dtype) in enumerate(_DECLARED.items())
    }
    return narratives.assign(
        **columns,
        heading_at=places(narratives, "heading_cell"),
        text_at=places(narratives, "text_cell"),
    )


def _declared(form: Form) -> Iterator[tuple[str, str, bool, bool]]:
    """(label, part, brief, asked) of each text of a form, in the order in which they are read."""
    for section, block in form.blocks():
        if isinstance(block, NarrativesBlock):
            for text in block.texts:
                yield text.heading, section.key, False, True
        elif isinstance(block, FieldsBlock) and block.frame == "narratives":
            for field in block.fields:
                yield field.label, section.key, True, field.printed


@rule(
    "N701",
    "section-missing",
    "文字部分缺少内容",
    "warning",
    advice="请补写这一部分。",
    basis=COMPLETENESS,
    yields_at=("W902",),
)
def section_missing(written: pd.DataFrame) -> pd.DataFrame:
    """One of the narrative's sections is absent or empty.

    One finding each. 无 answers a section on problems and suggestions, and no other. Where the
    whole narrative can't be found, section-not-found says so.

    Why it matters: the text explains what the tables can't, and the county publishes it.

    Fails: nothing under （三）项目组织实施情况.

    Passes: a text under each heading.

    To correct: write the missing section; where the report is a file of its own, copy it in.

    检查：文字部分缺少某一部分的标题，或标题下没有内容。

    意义：表格说明不了的情况要靠文字说明，文字部分还要对外公开。

    不通过：“（三）项目组织实施情况”下面是空白。

    通过：每个标题下面都有内容。
    """
    asked = written[written["asked"]]
    none = flags(asked["text"], _says_none) & ~flags(asked["label"], _may_be_none)
    absent = asked["text"].isna() & asked["heading"].isna()
    empty = asked["text"].isna() & asked["heading"].notna()
    return together(
        *(
            report(
                rows,
                anchor="heading_at",
                otherwise=part,
                problem=problem,
                expected="填写{label}",
                actual=actual,
            )
            for part, own in asked.groupby("part", sort=False)
            for kind, problem, actual in (
                (absent, "没有找到“{label}”这一部分的文字。", "没有找到"),
                (empty, "“{label}”没有填写。", "空白"),
                (none, "“{label}”只写了“{text}”。", "{text}"),
            )
            if len(rows := own[kind.loc[own.index]])
        )
    )


def _says_none(text: str) -> bool:
    return len(text) < _LONGEST_NONE and is_none_word(text)


def _may_be_none(label: str) -> bool:
    return bool(_MAY_BE_NONE.search(label))


@rule(
    "N702",
    "section-too-short",
    "文字过短",
    "notice",
    advice="请写明具体情况。",
    basis=COMPLETENESS,
    yields_at=("N706", "N707"),
)
def section_too_short(written: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """A section of the narrative has fewer than 20 characters.

    Blanks don't count. Forms that ask for a few words beside a label may be answered in a few.

    Why it matters: a reader learns nothing from 情况良好 or 详见附件.

    Fails: 资金管理规范。

    Passes: 资金由县财政直接支付，实行专账核算，全年检查两次，没有发现违规支出。

    To correct: say what was done, how much and how well.

    检查：文字部分的某一部分不足20个字（不计空格）。

    意义：“情况良好”“详见附件”等看不出项目的实际情况。

    不通过：资金管理规范。

    通过：资金由县财政直接支付，实行专账核算，全年检查两次，没有发现违规支出。
    """
    texts = written[~written["brief"] & written["text"].notna()]
    texts = texts[~flags(texts["text"], _says_none)]
    texts = texts.assign(length=[len("".join(text.split())) for text in texts["text"]])
    return report(
        flagged(texts, texts["length"] < settings.short_text),
        anchor="text_at",
        related="heading_at",
        problem="“{label}”只有{length}个字。",
        expected=f"不少于{settings.short_text}字",
        actual="{length}字",
    )


@rule(
    "N706",
    "no-problems-stated",
    "没有写存在的问题",
    "notice",
    advice="请如实写明存在的问题；确实没有的，可以不改。",
    basis=COMPLETENESS,
    yields_at=("N707",),
)
def no_problems_stated(written: pd.DataFrame) -> pd.DataFrame:
    """The section on problems states none.

    Any wording of something that is lacking, late, weak or hard counts as a problem stated; a text
    that only says the details are attached tells nothing either way.

    Why it matters: a self-evaluation is made to find what can be done better.

    Fails: 经验：统一采购，节约成本。建议：继续实施。

    Passes: 存在问题：部分设备老化，更换不及时。

    To correct: name what did not go well, or leave it where there is nothing.

    检查：“存在问题”部分没有写出任何问题。

    意义：自评是为了发现可以改进的地方。

    不通过：经验：统一采购，节约成本。建议：继续实施。

    通过：存在问题：部分设备老化，更换不及时。
    """
    sections = written[flags(written["label"], _is_about_problems)]
    texts = written.merge(sections[["file", "section"]].drop_duplicates(), on=["file", "section"])
    candid = {
        file
        for file, label, brief, text in zip(
            texts["file"], texts["label"], texts["brief"], texts["text"], strict=True
        )
        if pd.notna(text) and _tells_of_problems(label, text, brief=brief)
    }
    rows = sections[sections["text"].notna() & ~sections["file"].isin(candid)]
    return report(
        rows.drop_duplicates("file"),
        anchor="text_at",
        related="heading_at",
        problem="“{label}”没有写出存在的问题。",
        expected="写明存在的问题",
        actual="没有写出问题",
    )


def _is_about_problems(label: str) -> bool:
    return bool(_ABOUT_PROBLEMS.search(label))


def _tells_of_problems(label: str, text: str, *, brief: bool) -> bool:
    """Whether an answer states a problem; one beside 存在问题 does unless it says none."""
    if says_attached(text):
        return True
    if brief and _is_about_problems(label):
        return states_problem(f"存在问题：{text}")
    return states_problem(text)

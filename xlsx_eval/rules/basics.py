"""B8xx 基本信息: what every form must say of its project."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.forms.model import FormField
from xlsx_eval.rules.findings import places as places_of
from xlsx_eval.rules.findings import report, together
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.values.text import compact, is_none_word

_GUIDANCE = re.compile(
    r"[(\[【<]?(?:(?:请|此处|此栏|在此)+(?:输入|选择)|(?:请|此处|此栏|在此)*填[写入])[^。]{0,30}[)\]】>]?"
)
_NOTHING_YET = re.compile(
    r"[_.…·]+|(?:待|未|请)(?:填写?|补充?|定)|[(]?(?:待填写?|待补充?|空白)[)]?"
)
_NO_DATE = re.compile(r"[年月日起止至到自\W_]+")


def missing(
    projects: pd.DataFrame, forms: dict[str, Form], asked: Callable[[FormField], bool]
) -> pd.DataFrame:
    """The fields that a form asks for and a unit did not answer, one finding each."""
    return together(
        *(
            _unanswered(projects[projects["form"] == name], section.key, field)
            for name in projects["form"].unique()
            for section, field in forms[name].fields()
            if asked(field)
        )
    )


def _unanswered(projects: pd.DataFrame, section: str, field: FormField) -> pd.DataFrame:
    text = f"{field.key}_text" if f"{field.key}_text" in projects else field.key
    says_nothing = [pd.isna(said) or is_no_answer(said, field) for said in projects[text]]
    rows = projects[says_nothing]
    said = rows[text].fillna("")
    return report(
        rows.assign(
            at=places_of(rows, f"{field.key}_cell", f"{field.key}_sheet"),
            instead=[f"栏内是“{each}”，" if each else "" for each in said],
            seen=[each or "空白" for each in said],
        ),
        anchor="at",
        otherwise=section,
        problem=f"{{instead}}没有填写{field.label}。",
        expected=f"填写{field.label}",
        actual="{seen}",
    )


def is_no_answer(text: str, field: FormField) -> bool:
    """Whether a text answers nothing: the form's guidance, an empty 年 月 日, a dash or 无.

    无 may be the answer where a form only hopes for words: no department above, no one address.
    """
    plain = compact(text)
    if is_none_word(text):
        return field.kind != "text" or field.required == "error"
    if field.kind in {"date", "period"} and _NO_DATE.fullmatch(plain):
        return True
    guidance = bool(field.prompt) and plain.strip("()") == compact(field.prompt).strip("()")
    return guidance or is_placeholder(text)


def is_placeholder(text: str) -> bool:
    """Whether a text only says that something is to be filled in: 请填写单位全称, 待补充, ____."""
    plain = compact(text)
    return bool(_GUIDANCE.fullmatch(plain) or _NOTHING_YET.fullmatch(plain))


@rule(
    "B801",
    "required-field-missing",
    "必填项未填",
    "error",
    advice="请补充填写。",
    basis=COMPLETENESS,
)
def required_field_missing(projects: pd.DataFrame, forms: dict[str, Form]) -> pd.DataFrame:
    """项目名称, 项目单位 or 项目起止时间 is missing.

    A dash, 无, an empty 年 月 日 and the form's own guidance answer nothing. What can't be read
    (全年) is there all the same.

    Why it matters: the county tells projects apart by name and unit, and other rules compare with
    the period.

    Fails: a form without 项目名称, or with 填写项目全称 in its place.

    Passes: a form with all three.

    To correct: fill in what is missing.

    检查：项目名称、项目单位、项目起止时间有一项没有填写；“无”、“/”、空的“年 月 日”和填表提示
    不算填写。

    意义：全县汇总靠名称和单位区分项目，其他检查要与起止时间对照。

    不通过：没有填写项目名称，或栏内仍是“填写项目全称”。

    通过：三项都已填写。
    """
    return missing(projects, forms, lambda field: field.required == "error")


@rule(
    "B802",
    "field-missing",
    "基本信息未填",
    "notice",
    advice="请补充填写。",
    basis=COMPLETENESS,
)
def field_missing(
    projects: pd.DataFrame, labels: pd.DataFrame, places: pd.DataFrame, forms: dict[str, Form]
) -> pd.DataFrame:
    """主管部门, 项目负责人, 联系电话, 项目地址, 邮编 or 报告日期 is missing.

    A dash or 无 answers nothing, but for 主管部门 and 项目地址: there may be none. Silent of what
    stands on the cover, where a unit left the cover out.

    Why it matters: a reviewer who has a question must know whom to ask, and when the report was
    written.

    Fails: a form without 邮编, or with 联系电话 “/”.

    Passes: a form with all six.

    To correct: fill in what is missing.

    检查：主管部门、项目负责人、联系电话、项目地址、邮编、报告日期有一项没有填写；主管部门和项目地址
    填写“无”的不算漏填。

    意义：审核中有疑问时，要知道找谁、报告是什么时候写的。

    不通过：没有填写邮编，或联系电话填写“/”。

    通过：六项都已填写。
    """
    found = missing(projects, forms, lambda field: field.required == "notice")
    gone = _left_out(labels, places)
    here = zip(found["file"], found["at"], found["otherwise"], strict=True)
    kept = [at is not None or (file, section) not in gone for file, at, section in here]
    return found[pd.Series(kept, index=found.index, dtype=bool)]


def _left_out(labels: pd.DataFrame, places: pd.DataFrame) -> set[tuple[str, str]]:
    """(file, section) of the parts that may be left out and whose heading was not found."""
    optional = places[places["section"] & ~places["required"]]
    gone = labels[(labels["part"] == "heading") & labels["cell"].isna()]
    both = optional.merge(gone, left_on=["file", "place"], right_on=["file", "key"])
    return set(zip(both["file"], both["place"], strict=True))

"""P5xx 联系方式: whom a reviewer can ask, and how to reach them."""

from __future__ import annotations

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.rules.basics import is_placeholder, missing
from xlsx_eval.rules.findings import flags, places, report
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.values.phones import is_no_phone, is_no_postcode
from xlsx_eval.values.text import is_none_word


@rule(
    "P504",
    "phone-invalid",
    "联系电话有误",
    "warning",
    advice="请填写手机号码，或带区号的固定电话。",
    basis=COMPLETENESS,
    yields_at=("B802",),
)
def phone_invalid(projects: pd.DataFrame) -> pd.DataFrame:
    """A telephone number is neither a mobile's nor a landline's with or without area code.

    Several numbers, names and extensions beside them are fine; masked numbers (138****0000) and
    同上 pass.

    Why it matters: a reviewer who has a question must reach somebody.

    Fails: 1380013800 (a digit short).

    Passes: 13800138000; 0730-2260000转801; 2260000.

    To correct: fill in the right number.

    检查：联系电话既不是手机号码，也不是固定电话（区号可以不写）；一格写多个号码、带姓名或分机的均可，
    隐去中间几位的不检查。

    意义：审核中有疑问时要能联系到人。

    不通过：1380013800（少一位）。

    通过：13800138000；0730-2260000转801；2260000。
    """
    both = [
        _stated(projects, key).assign(whose=whose)
        for key, whose in (("phone", "联系电话"), ("preparer_phone", "填报人联系电话"))
    ]
    rows = pd.concat(both).drop_duplicates(["file", "at"])
    return report(
        rows[flags(rows["text"], is_no_phone)],
        anchor="at",
        problem="{whose}填写为“{text}”，不是手机号码，也不是固定电话号码。",
        expected="手机号码或固定电话",
        actual="{text}",
    )


@rule(
    "P505",
    "postcode-invalid",
    "邮编有误",
    "warning",
    advice="请填写六位邮政编码。",
    basis=COMPLETENESS,
    yields_at=("B802",),
)
def postcode_invalid(projects: pd.DataFrame) -> pd.DataFrame:
    """邮编 is not six digits.

    A zero in front that the workbook lost (56000, stored as a number) is no fault of the unit.

    Why it matters: reports and rulings are sent by post.

    Fails: 41460.

    Passes: 414600.

    To correct: fill in the postcode of the project's address.

    检查：邮编不是六位数字；以数字存储而丢掉首位0的不算错。

    意义：来往文件按邮编投递。

    不通过：41460。

    通过：414600。
    """
    rows = _stated(projects, "postcode")
    return report(
        rows[flags(rows["text"], is_no_postcode)],
        anchor="at",
        problem="邮编填写为“{text}”，不是六位数字。",
        expected="六位数字",
        actual="{text}",
    )


def _stated(projects: pd.DataFrame, key: str) -> pd.DataFrame:
    """A row a form that says something in a field: `file, text, at`."""
    rows = pd.DataFrame(
        {
            "file": projects["file"],
            "text": projects[key],
            "at": places(projects, f"{key}_cell", f"{key}_sheet"),
        }
    )
    return rows[flags(rows["text"], _says_something)]


def _says_something(text: str) -> bool:
    return not (is_none_word(text) or is_placeholder(text) or text.startswith("="))


@rule(
    "P507",
    "preparer-missing",
    "填报人未填",
    "notice",
    advice="请填写填报人姓名。",
    basis=COMPLETENESS,
    yields_at=("B801", "B802"),
)
def preparer_missing(projects: pd.DataFrame, forms: dict[str, Form]) -> pd.DataFrame:
    """填报人 is blank, in a form that prints it.

    Why it matters: questions about figures go to whoever filled them in.

    Fails: 填报人： with nothing behind it.

    Passes: 填报人：李二.

    To correct: name whoever filled in the form.

    检查：没有填写填报人。

    意义：数字上的疑问要向填报人核实。

    不通过：“填报人：”后面空白。

    通过：“填报人：李二”。
    """
    return missing(projects, forms, lambda field: field.key == "preparer" and field.printed)

"""P5xx 人员: who evaluated, and for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.forms.model import TableBlock
from xlsx_eval.rules.findings import flags, places, report, together
from xlsx_eval.rules.registry import COMPLETENESS, rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.values.names import people_in, person_names
from xlsx_eval.values.text import compact, is_none_word

# A body, and behind it who somebody is there: 县交通局副局长
_BODY_AND_TITLE = re.compile(
    r".{2,}(?:局|厅|委|办|院|校|镇|乡|村|站|所|中心|公司|中学|小学|社区|街道|政府|协会|集团)(?!长)"
    r".*(?:长|主任|书记|会计|出纳|员|师|干部|主席|教授|经理|主管)"
)


@rule(
    "P501",
    "too-few-evaluators",
    "评价人员不足",
    "warning",
    advice="请补充评价人员，或说明理由。",
    basis=COMPLETENESS,
)
def too_few_evaluators(
    evaluators: pd.DataFrame,
    labels: pd.DataFrame,
    projects: pd.DataFrame,
    forms: dict[str, Form],
    settings: Settings,
) -> pd.DataFrame:
    """Fewer people evaluated than the form asks for (`minimum_evaluators`, usually three).

    One cell may name several people; whoever stands in two rows counts once. Silent where the
    table isn't there (another finding says so) or refers to a list elsewhere.

    Why it matters: a self-evaluation is the judgement of a group.

    Fails: 张三 and 李四.

    Passes: 张三, 李四 and 王五; or 张三、李四、王五 in one cell.

    To correct: add who else took part in the evaluation, or explain why there were fewer.

    检查：评价人员少于规定人数（一般为3人）；一格写多人的按人数计算，同一人重复填写的只算一次。

    意义：自评应由评价组集体作出。

    不通过：只有张三、李四两人。

    通过：张三、李四、王五三人。
    """
    return together(
        *(
            _too_few(files, evaluators, block, settings)
            for block, files in _forms_with_evaluators(projects, labels, forms)
        )
    )


def _forms_with_evaluators(
    projects: pd.DataFrame, labels: pd.DataFrame, forms: dict[str, Form]
) -> Iterator[tuple[str, pd.Series]]:
    """Each table of evaluators with the files in which its column of names was found."""
    named = labels[(labels["key"] == "name") & labels["cell"].notna()]
    for name in projects["form"].unique():
        files = projects[projects["form"] == name]["file"]
        for _, block in forms[name].blocks():
            if isinstance(block, TableBlock) and block.frame == "evaluators":
                there = named[named["block"] == block.key]["file"]
                yield block.key, files[files.isin(there)]


def _too_few(
    files: pd.Series, evaluators: pd.DataFrame, block: str, settings: Settings
) -> pd.DataFrame:
    least = settings.minimum_evaluators
    counted = {file: _count(rows) for file, rows in evaluators.groupby("file")}
    counts = [(file, counted.get(file, 0)) for file in files]
    few = [
        (file, count, f"评价人员只有{count}人" if count else "没有填写评价人员", None)
        for file, count in counts
        if count is not None and count < least
    ]
    return report(
        pd.DataFrame(few, columns=["file", "count", "said", "at"], dtype="object"),
        anchor="at",
        otherwise=block,
        problem=f"{{said}}，少于规定的{least}人。",
        expected=f"不少于{least}人",
        actual="{count}人",
    )


def _count(evaluators: pd.DataFrame) -> int | None:
    """How many people a form's rows name; None where one refers to a list elsewhere.

    The same name of the same unit counts once; a row with a title and no name is somebody.
    """
    people: set[tuple[str, str]] = set()
    rows = zip(evaluators["name"], evaluators["title"], evaluators["unit"], strict=True)
    for number, (name, title, unit) in enumerate(rows):
        if pd.notna(name):
            here = people_in(name)
        else:
            here = (f"{number}",) if pd.notna(title) and not is_none_word(title) else ()
        if here is None:
            return None
        people |= {(each, str(unit)) for each in here}
    return len(people)


@rule(
    "P502",
    "leader-evaluates-own-project",
    "项目负责人参与评价",
    "warning",
    advice="请由项目负责人以外的人员评价，或说明理由。",
    basis=COMPLETENESS,
)
def leader_evaluates_own_project(projects: pd.DataFrame, evaluators: pd.DataFrame) -> pd.DataFrame:
    """项目负责人 is among the evaluators.

    Blanks inside a name and titles beside it don't count; a name that can't be read is silent.

    Why it matters: nobody judges their own work.

    Fails: leader 陈 一, evaluator 陈一.

    Passes: leader 陈一, evaluators 张三, 李二 and 王五.

    To correct: let others evaluate, or explain why the leader did.

    检查：项目负责人出现在评价人员中；姓名中的空格、姓名旁的职务不影响判断。

    意义：自己不宜评价自己负责的项目。

    不通过：负责人“陈 一”，评价人员中有“陈一”。

    通过：负责人陈一，评价人员为张三、李二、王五。
    """
    leaders = _people(projects, "leader", "leader_sheet")
    people = _people(evaluators, "name", "sheet").drop_duplicates()
    both = people.merge(leaders.drop_duplicates(), on=["file", "person"], suffixes=("", "_leader"))
    return report(
        both,
        anchor="at",
        related="at_leader",
        problem="评价人员“{person}”就是项目负责人。",
        expected="项目负责人以外的人员",
        actual="{person}",
    )


def _people(frame: pd.DataFrame, column: str, sheet: str) -> pd.DataFrame:
    """A row a person that a column of names names: `file, person, at`."""
    found = [
        (file, person, at)
        for file, names, at in zip(
            frame["file"], frame[column], places(frame, f"{column}_cell", sheet), strict=True
        )
        if pd.notna(names)
        for person in person_names(names)
    ]
    return pd.DataFrame(found, columns=["file", "person", "at"], dtype="object")


@rule(
    "P503",
    "evaluator-incomplete",
    "评价人员信息不全",
    "notice",
    advice="请补充填写。",
    basis=COMPLETENESS,
)
def evaluator_incomplete(evaluators: pd.DataFrame) -> pd.DataFrame:
    """An evaluator without title or unit.

    A cell merged over several people counts for each of them; a unit given for the first person
    alone counts for all; 县交通局副局长 is both; a dash or 无 is an answer.

    Why it matters: the reader of the report wants to know who judged, and from where.

    Fails: 张三, 副局长, no unit, while others have one.

    Passes: 张三, 副局长, 县交通局.

    To correct: fill in what is missing.

    检查：评价人员没有填写职称/职务或单位；合并单元格对所含各人有效，只在第一人处填写的单位视为各人
    相同，填“无”的不算漏填。

    意义：报告的读者要知道评价人是谁、来自哪里。

    不通过：张三，副局长，单位空白。

    通过：张三，副局长，县交通局。
    """
    rows = evaluators.assign(
        title_at=places(evaluators, "title_cell"), unit_at=places(evaluators, "unit_cell")
    )
    rows = rows[flags(rows["name"], lambda name: bool(person_names(name)))]
    beside = flags(rows["name"], lambda name: compact(name) not in person_names(name))
    no_title = _blank(rows, "title") & ~beside & ~flags(rows["unit"], _is_both)
    no_unit = _blank(rows, "unit") & ~beside & ~flags(rows["title"], _is_both) & ~_as_above(rows)
    what = {(True, True): "职称/职务和单位", (True, False): "职称/职务", (False, True): "单位"}
    rows = rows.assign(
        at=rows["title_at"].where(no_title, rows["unit_at"]),
        what=[what.get(each, "") for each in zip(no_title, no_unit, strict=True)],
        also=rows["unit_at"].where(no_unit, None),
    )
    return report(
        rows[no_title | no_unit],
        anchor="at",
        related="also",
        problem="评价人员“{name}”没有填写{what}。",
        expected="填写{what}",
        actual="空白",
    )


def _blank(evaluators: pd.DataFrame, column: str) -> pd.Series:
    return evaluators[column].isna() & evaluators[f"{column}_cell"].notna()


def _is_both(text: str) -> bool:
    """Whether a text says whence somebody comes and who they are there."""
    return bool(_BODY_AND_TITLE.fullmatch(compact(text)))


def _as_above(evaluators: pd.DataFrame) -> pd.Series:
    """Whether a form gives the unit of the first of three or more people, and no other's."""
    filled = evaluators["unit"].notna()
    groups = filled.groupby(evaluators["file"])
    alone = (groups.transform("sum") == 1) & (groups.transform("size") > 2)
    return alone & groups.transform("first")

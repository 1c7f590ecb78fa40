"""问题统计: how often each rule found something, by severity and by department."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

from xlsx_eval import look
from xlsx_eval.summary import problems, style
from xlsx_eval.summary.places import exactly
from xlsx_eval.summary.projects import NOT_FILLED
from xlsx_eval.summary.records import rate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsx_eval.summary.county import County
    from xlsx_eval.summary.records import Group
    from xlsx_eval.summary.sheet import Sheet

NAME = "问题统计"
COLUMNS = {"规则": 8, "问题": 30, "错误": 8, "疑点": 8, "提示": 8, "合计": 9, "占比": 10}
MOST_DEPARTMENTS = 15
OTHERS = "其他及未指明部门"
_NOTE = "按问题清单计算，包括重复报送的工作簿。"

TOTALS = 2
HEADER = 3
FIRST = 4
SEVERITIES = {severity: 2 + order for order, severity in enumerate(look.SEVERITIES)}
SUM, SHARE, DEPARTMENTS = 5, 6, 7
_DEPARTMENT_WIDTH = 10.0


def write(sheet: Sheet, county: County) -> None:
    departments = _departments(county)
    titles = [group.department or NOT_FILLED for group in departments] + [OTHERS]
    last_column = DEPARTMENTS + len(titles) - 1
    sheet.wide_list(HEADER, COLUMNS, frozen=2, printed=last_column + 1)
    sheet.page.set_column(DEPARTMENTS, last_column, _DEPARTMENT_WIDTH)
    sheet.title(county.title(NAME), last_column + 1)
    note = _NOTE
    if len(departments) == MOST_DEPARTMENTS:
        note += f"单列问题最多的 {MOST_DEPARTMENTS} 个部门。"
    sheet.text(1, 0, note, "note")
    height = look.row_height((title, _DEPARTMENT_WIDTH) for title in titles)
    if not county.problems:
        sheet.header(HEADER, COLUMNS)
        sheet.sentence(FIRST, len(COLUMNS), problems.NOTHING_FOUND)
        return
    rules = sorted(county.commonest())
    last = FIRST + len(rules) - 1
    counts = _counts(county)
    _totals(sheet, county, counts, departments, last)
    sheet.header(HEADER, [*COLUMNS, *titles], height)
    for row, (rule, name, count) in enumerate(rules, start=FIRST):
        _rule(sheet, row, county, (rule, name), count, counts, departments, last)
    sheet.page.autofilter(HEADER, 0, last, last_column)
    sheet.bars(FIRST, last, SUM)
    heat = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": style.HEAT,
            "min_type": "num", "min_value": 0}  # fmt: skip
    if departments:
        sheet.page.conditional_format(FIRST, DEPARTMENTS, last, last_column - 1, heat)
    sheet.print_to(last)


def _departments(county: County) -> list[Group]:
    """The departments with the most findings, the most first."""
    counts = Counter(problem.department for problem in county.problems if problem.file)
    known = [group for group in county.departments if counts[group.department]]
    ordered = sorted(known, key=lambda group: (-counts[group.department], group.number))
    return ordered[:MOST_DEPARTMENTS]


def _counts(county: County) -> Counter[tuple[str, str]]:
    """(rule, severity) and (rule, department's number) → findings."""
    counts: Counter[tuple[str, str]] = Counter()
    for problem in county.problems:
        counts[problem.rule, problem.severity] += 1
        if problem.file:
            number = county.department_numbers.get(problem.department, 0)
            counts[problem.rule, str(number)] += 1
    return counts


def _totals(
    sheet: Sheet,
    county: County,
    counts: Mapping[tuple[str, str], int],
    departments: list[Group],
    last: int,
) -> None:
    sheet.page.set_row(TOTALS, 24)
    sheet.merged(TOTALS, 0, 2, "合计（随筛选变化）", "total")
    found = len(county.problems)
    sums: dict[int, int] = {SUM: found}
    for severity, column in SEVERITIES.items():
        sums[column] = county.severities[severity]
    for column, group in enumerate(departments, start=DEPARTMENTS):
        own = str(group.number)
        sums[column] = sum(count for (_, key), count in counts.items() if key == own)
    others = DEPARTMENTS + len(departments)
    sums[others] = found - sum(sums[column] for column in range(DEPARTMENTS, others))
    for column, value in sums.items():
        formula = f"=SUBTOTAL(109,{sheet.range(FIRST, last, column)})"
        sheet.formula(TOTALS, column, formula, value, "total few")
    letter = xl_col_to_name(SUM)
    whole = f"SUM({letter}${FIRST + 1}:{letter}${last + 1})"
    formula = f'=IF({whole}=0,"",ROUND({letter}{TOTALS + 1}/{whole},6))'
    sheet.formula(TOTALS, SHARE, formula, Decimal(1), "total rate")


def _rule(
    sheet: Sheet,
    row: int,
    county: County,
    rule: tuple[str, str],
    count: int,
    counts: Mapping[tuple[str, str], int],
    departments: list[Group],
    last: int,
) -> None:
    code, name = rule
    listed = problems.listing(county)
    own = (problems.CODE, exactly(code))
    sheet.page.set_row(row, look.row_height([(name, COLUMNS["问题"])]))
    sheet.text(row, 0, code, "centred")
    sheet.text(row, 1, name)
    for severity, column in SEVERITIES.items():
        word = exactly(look.SEVERITIES[severity].word)
        formula = listed.counted([own, (problems.SEVERITY, word)])
        sheet.formula(row, column, f"={formula}", counts.get((code, severity), 0), "few")
    letters = [xl_col_to_name(column) for column in (*SEVERITIES.values(), SUM)]
    formula = f"=SUM({letters[0]}{row + 1}:{letters[2]}{row + 1})"
    sheet.formula(row, SUM, formula, count, "count")
    whole = f"SUM({letters[3]}${FIRST + 1}:{letters[3]}${last + 1})"
    formula = f"=ROUND({letters[3]}{row + 1}/{whole},6)"
    share = rate(Decimal(count), Decimal(len(county.problems)))
    sheet.formula(row, SHARE, formula, share, "rate")
    named = 0
    for column, group in enumerate(departments, start=DEPARTMENTS):
        here = counts.get((code, str(group.number)), 0)
        formula = listed.counted([own, (problems.DEPARTMENT, str(group.number))])
        sheet.formula(row, column, f"={formula}", here, "few")
        named += here
    others = DEPARTMENTS + len(departments)
    if departments:
        left, right = (xl_col_to_name(each) for each in (DEPARTMENTS, others - 1))
        formula = f"={letters[3]}{row + 1}-SUM({left}{row + 1}:{right}{row + 1})"
    else:
        formula = f"={letters[3]}{row + 1}"
    sheet.formula(row, others, formula, count - named, "few")

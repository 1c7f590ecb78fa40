"""The county workbook: its sheets in order, the same bytes for the same county."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import xlsxwriter

from xlsx_eval import look
from xlsx_eval.summary import (
    chart_data,
    earlier,
    files,
    groups,
    indicator_list,
    indicators,
    missing,
    overview,
    problems,
    projects,
    sources,
    statistics,
)
from xlsx_eval.summary.sheet import Sheet
from xlsx_eval.summary.style import Styles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xlsx_eval.summary.county import County

# a workbook that told when it was written would differ from run to run
_CREATED = dt.datetime(2020, 1, 1)  # noqa: DTZ001 - XlsxWriter takes local time

_OPTIONS = {
    "constant_memory": True,  # every row goes to disk when the next one begins
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_summary(county: County) -> bytes:
    """County → workbook, a sheet after the other as `_sheets` lists them; amounts in 万元."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, _OPTIONS)
    book.set_properties(
        {
            "title": county.title("汇总"),
            "subject": "项目支出绩效自评汇总",
            "author": "xlsx_eval",
            "company": county.name,
            "category": "绩效评价",
            "keywords": "绩效自评 汇总 审核",
            "comments": "由 xlsx_eval 根据各单位报送的自评表汇总，金额单位：万元。",
            "created": _CREATED,
        }
    )
    styles = Styles(book)
    for name, write in _sheets(county):
        write(Sheet(book, styles, name, county.title("汇总")))
    book.worksheets()[0].set_tab_color("#" + look.HEADER)
    book.close()
    return content.getvalue()


def _sheets(county: County) -> Iterator[tuple[str, Callable[[Sheet], None]]]:
    """The sheets' names in order, and what writes each."""
    yield overview.NAME, lambda sheet: overview.write(sheet, county)
    yield projects.NAME, lambda sheet: projects.write(sheet, county)
    for level in (groups.DEPARTMENTS, groups.UNITS):
        yield level.name, lambda sheet, level=level: groups.write(sheet, county, level)  # type: ignore[misc]
    yield sources.NAME, lambda sheet: sources.write(sheet, county)
    yield indicators.NAME, lambda sheet: indicators.write(sheet, county)
    for part in problems.listing(county).parts:
        yield part.sheet, lambda sheet, part=part: problems.write(sheet, county, part)  # type: ignore[misc]
    yield statistics.NAME, lambda sheet: statistics.write(sheet, county)
    if county.absent is not None:
        yield missing.NAME, lambda sheet: missing.write(sheet, county)
    yield files.NAME, lambda sheet: files.write(sheet, county)
    if county.indicators:
        for part in indicator_list.listing(county).parts:
            yield part.sheet, lambda sheet, part=part: indicator_list.write(sheet, county, part)  # type: ignore[misc]
    if county.answers.left:
        yield earlier.NAME, lambda sheet: earlier.write(sheet, county)
    yield chart_data.NAME, lambda sheet: chart_data.write(sheet, county)

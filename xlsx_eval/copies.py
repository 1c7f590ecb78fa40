"""The annotated copies: every checked workbook marked in parallel, as .xlsx where it was none."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from xlsx_eval.annotation import Answer, Mark, Review, annotate, answers_in, read_replies
from xlsx_eval.answers import answered
from xlsx_eval.config import Settings, limits_of
from xlsx_eval.conversion import Office, Source, agrees, rebuild, sheet_names
from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.forms import known_forms
from xlsx_eval.frames import Frames
from xlsx_eval.outputs import Outputs, digest
from xlsx_eval.reading import OOXML, belongs_to, open_workbook
from xlsx_eval.workers import Lost, Workers

Step = Literal["reading", "converting", "annotating"]
Progress = Callable[[Step, int, int], None]

FOLDER = "annotated"
COPYING = 10  # times what reading may cost: a copy holds the whole workbook
LONGEST_NAME = 255  # bytes of a file's name
WORKBOOK_ENDINGS = {
    ".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods", ".fods", ".et", ".xml", ".htm",
    ".html", ".mht", ".mhtml",
}  # fmt: skip
FORMATS = {
    "xls": ".xls",
    "xlsb": ".xlsb",
    "ods": ".ods",
    "xml2003": "XML 表格 2003",
    "mhtml": "单个文件网页（.mht）",
    "webpage": "网页（HTML）",
}
CONVERTED = (
    "报送的文件是 {format} 格式，本副本由 LibreOffice 转为 .xlsx，"
    "数据已逐格核对，版式可能略有变化，以报送的文件为准。"
)
REBUILT = (
    "报送的文件是 {format} 格式，本副本按其中的数据重新制作，只保留数值、文字、合并单元格和列宽，"
    "没有公式、图片和其他格式，以报送的文件为准。"
)
RENAMED = "报送的文件内容是 .{ending} 格式，与扩展名不符，本副本改用 .{ending} 扩展名，内容未变。"
NO_COPY = "已检查，但无法写批注副本：{reason}"
CHANGED = "文件在处理过程中被改动，请重新运行。"
LOCKED = "文件无法打开（{reason}），请关闭占用它的程序后重新运行。"


@dataclass(frozen=True)
class _Marking:
    """What a worker needs to write one annotated copy; `name` is its path below `annotated`.

    `sheets` are those that the form stands on.
    """

    path: Path
    sha256: str
    format: str
    name: str
    review: Review
    sheets: frozenset[str]
    previous: Path | None
    settings: Settings
    converted: Path | None = None


def stage_copies(
    inbox: Path,
    outputs: Outputs,
    frames: Frames,
    findings: pd.DataFrame,
    files: pd.DataFrame,
    settings: Settings,
    jobs: int,
    progress: Progress | None,
) -> pd.DataFrame:
    """Stage an annotated copy of each checked file; `files` with `annotated` and its digest.

    `annotated` is the copy's path relative to OUT, with `/`. A file without a copy has the reason.
    """
    checked = files[files["status"] == "checked"]
    names = copy_names(dict(zip(checked["file"], checked["format"], strict=True)))
    previous = _previous_copies(outputs, files["file"], names)
    sheets = frames.places.dropna(subset="sheet").groupby("file")["sheet"].agg(set)
    markings = [
        _Marking(
            inbox / row.file, row.sha256, row.format, names[row.file], review,
            frozenset(sheets.get(row.file, ())), previous.get(row.file), settings,
        )
        for row, review in _reviews(frames, findings, checked)
    ]  # fmt: skip
    rows = files.set_index("file")
    rows[["annotated", "annotated_sha256"]] = pd.NA
    with (
        tempfile.TemporaryDirectory(prefix="xlsx-eval-", ignore_cleanup_errors=True) as place,
        Workers(jobs, limits_of(settings, COPYING)) as workers,
    ):
        markings = _with_conversions(markings, Path(place), settings, progress)
        for done, (number, copy) in enumerate(workers.map(_copy, markings), start=1):
            file = markings[number].path.relative_to(inbox).as_posix()
            if isinstance(copy, bytes):
                target = f"{FOLDER}/{markings[number].name}"
                outputs.stage(target, copy)
                rows.loc[file, ["annotated", "annotated_sha256"]] = target, digest(copy)
            else:
                reason = copy.sentence if isinstance(copy, Lost) else copy
                rows.loc[file, "reason"] = NO_COPY.format(reason=reason)
            if progress:
                progress("annotating", done, len(markings))
    return rows.reset_index().astype({"annotated": "string", "annotated_sha256": "string"})


# ---------------------------------------------------------------------------------- what to say


def _reviews(
    frames: Frames, findings: pd.DataFrame, checked: pd.DataFrame
) -> Iterator[tuple[Any, Review]]:
    """Each checked file's row, and what is to be said about it."""
    marks = {file: list(rows.itertuples()) for file, rows in findings.groupby("file")}
    projects = frames.projects.set_index("file")[["project_name", "project_unit"]].fillna("")
    for row in checked.itertuples():
        name, unit = projects.loc[row.file]
        yield row, Review(name, unit, row.verdict, tuple(map(_mark, marks.get(row.file, ()))))


def _mark(finding: object) -> Mark:
    columns = ("rule", "name", "severity", "sheet", "cell", "related", "problem", "advice",
               "basis", "expected", "actual")  # fmt: skip
    return Mark(**{column: getattr(finding, column) for column in columns})


# ------------------------------------------------------------------------------ names of copies


def copy_names(formats: Mapping[str, object]) -> dict[str, str]:
    """File and its format → name of its copy, unique also where letter case makes no difference.

    A file keeps its name where that tells its format as Excel wants it: `a.xls` and `a.xlsx` give
    `a.xls.xlsx` and `a.xlsx`, a workbook with macros that is called `b.xlsx` gives `b.xlsx.xlsm`.
    """
    endings = {file: f".{kind}" if kind in OOXML else ".xlsx" for file, kind in formats.items()}
    names = {file: file for file, ending in endings.items() if file.lower().endswith(ending)}
    taken = {name.casefold() for name in names}
    for file in [file for file in formats if file not in names]:
        names[file] = _free_name(file, endings[file], taken)
        taken.add(names[file].casefold())
    return names


def _free_name(file: str, ending: str, taken: Iterable[str]) -> str:
    folder, slash, name = file.rpartition("/")
    number, more = 1, ending
    while True:
        kept = name.encode()[: LONGEST_NAME - len(more)].decode(errors="ignore")
        free = f"{folder}{slash}{kept}{more}"
        if free.casefold() not in taken:
            return free
        number += 1
        more = f" ({number}){ending}"


def _previous_copies(
    outputs: Outputs, files: Iterable[str], names: Mapping[str, str]
) -> dict[str, Path]:
    """File → the copy that the run before wrote of it, or of the file that it stands for now.

    That is one with the same name but for its format, gone from INBOX since: a unit was asked for
    an .xlsx, or sends the annotated copy `a.xls.xlsx` back.
    """
    present = set(files)
    gone = {_root(file): copy for file, copy in outputs.copies.items() if file not in present}
    found = {}
    for file, name in names.items():
        candidates = (outputs.copies.get(file), gone.get(_root(file)), f"{FOLDER}/{name}")
        paths = (outputs.out / candidate for candidate in candidates if candidate)
        if path := next((path for path in paths if path.is_file()), None):
            found[file] = path
    return found


def _root(file: str) -> str:
    """A file's name without what tells its format."""
    path = Path(file)
    while path.suffix.lower() in WORKBOOK_ENDINGS:
        path = path.with_suffix("")
    return path.as_posix().casefold()


# ----------------------------------------------------------------------------------- conversion


def _with_conversions(
    markings: list[_Marking], folder: Path, settings: Settings, progress: Progress | None
) -> list[_Marking]:
    """Those of other formats with what LibreOffice made of them, where it is installed."""
    numbers = [n for n, marking in enumerate(markings) if marking.format not in OOXML]
    office = Office.installed(limits_of(settings, COPYING)) if numbers else None
    if office is None:
        return markings
    sources = [Source(markings[number].path, markings[number].format) for number in numbers]

    def tell(done: int) -> None:
        if progress:
            progress("converting", done, len(sources))

    made = office.convert(sources, folder, tell)
    converted = {number: made.get(place) for place, number in enumerate(numbers)}
    return [replace(each, converted=converted.get(n)) for n, each in enumerate(markings)]


# ----------------------------------------------------------------------------- inside a process


def _copy(marking: _Marking) -> bytes | str:
    """The annotated copy, or the reason why there is none."""
    try:
        data = marking.path.read_bytes()
        converted = marking.converted.read_bytes() if marking.converted else b""
        previous = marking.previous.read_bytes() if marking.previous else b""
    except OSError as error:
        return LOCKED.format(reason=error.strerror)
    if digest(data) != marking.sha256:
        return CHANGED
    try:
        base, review = _base(marking, data, converted)
        sent = read_replies(data) if marking.format in OOXML else _answers_in(marking, data)
        review = answered(review, sent, read_replies(previous), marking.sheets)
        return annotate(base, review)
    except UnreadableWorkbook as error:
        return str(error)


def _answers_in(marking: _Marking, data: bytes) -> tuple[Answer, ...]:
    """What the unit typed into an annotated copy that it saved in another format."""
    workbook = open_workbook(data, limits_of(marking.settings, COPYING))
    return tuple(
        answer
        for grid in workbook.reviews or workbook.sheets
        for answer in answers_in(
            {cell.col: cell.text for cell in row} for row in grid.rows.values()
        )
    )


def _base(marking: _Marking, data: bytes, converted: bytes) -> tuple[bytes, Review]:
    """The workbook to mark, and the review that says where it comes from."""
    review = marking.review
    if marking.format in OOXML:
        if marking.path.suffix.lower() == f".{marking.format}":
            return data, review
        return data, replace(review, note=RENAMED.format(ending=marking.format))
    ending = marking.path.suffix.lower()
    name = ending if ending == ".et" else FORMATS[marking.format]
    if converted and _is_faithful(marking, data, converted):
        return converted, replace(review, note=CONVERTED.format(format=name))
    workbook = open_workbook(data, limits_of(marking.settings, COPYING))
    names = sheet_names(workbook)
    marks = tuple(
        replace(mark, sheet=names.get(mark.sheet, mark.sheet) if mark.sheet else mark.sheet)
        for mark in review.marks
    )
    note = REBUILT.format(format=name)
    return rebuild(workbook), replace(review, marks=marks, note=note)


def _is_faithful(marking: _Marking, data: bytes, converted: bytes) -> bool:
    forms = tuple(known_forms(marking.settings.forms).values())
    part_of_form = partial(belongs_to, forms)
    limits = limits_of(marking.settings, COPYING)
    pointed = {(mark.sheet, mark.cell) for mark in marking.review.marks if mark.sheet and mark.cell}
    try:
        return agrees(
            open_workbook(data, limits, part_of_form),
            open_workbook(converted, limits, part_of_form),
            pointed,
        )
    except UnreadableWorkbook:
        return False

"""The run: workbooks read in parallel, the county checked at once, copies written in parallel."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from watchfiles import watch

from xlsx_eval.config import FILE_NAME, Settings, limits_of
from xlsx_eval.copies import FOLDER, LOCKED, Progress, stage_copies
from xlsx_eval.csv_text import harmless_texts
from xlsx_eval.errors import UnreadableWorkbook, UsageError
from xlsx_eval.forms import known_forms
from xlsx_eval.frames import FINDINGS, MISSING, Frames, build_frames, table, verdict
from xlsx_eval.handouts import stage_handouts, template_of
from xlsx_eval.outputs import RUN, Outputs, digest
from xlsx_eval.previous import read_previous
from xlsx_eval.reading import Submission, format_of, read_submission
from xlsx_eval.roster import read_roster
from xlsx_eval.rules import rulebook_of, run_rules
from xlsx_eval.rules.achievements import achievements
from xlsx_eval.rules.county_roster import due, missing
from xlsx_eval.rules.submissions import replaced_by
from xlsx_eval.summary import Absent, County, read_decisions, write_summary
from xlsx_eval.values.grades import parse_grade
from xlsx_eval.values.project_names import unit_names
from xlsx_eval.workers import Lost, Workers

SETTLED = 3000  # milliseconds: a workbook copied over a network comes in pieces


@dataclass(frozen=True)
class Result:
    """What a run found: the canonical frames, the findings, and a row a file (`files`)."""

    frames: Frames
    findings: pd.DataFrame
    files: pd.DataFrame
    kept: tuple[str, ...] = ()
    """Copies that a person had changed and that were set aside, relative to OUT."""
    missing: pd.DataFrame = field(default_factory=lambda: table([], MISSING))
    """Projects of the roster without a submission, with the columns of `MISSING`."""
    filled: str = ""
    """The bureau's own workbook, filled in, relative to OUT; empty without a template."""
    left_out: tuple[str, ...] = ()
    """What the template shows and the filled one does not: pictures, shapes …."""
    letters: tuple[str, ...] = ()
    """The letters to units, relative to OUT."""


@dataclass(frozen=True)
class _Reading:
    """What a worker needs to read one file."""

    path: Path
    file: str
    settings: Settings


@dataclass(frozen=True)
class _Read:
    """One file as a worker read it: its submission, or the reason why there is none."""

    file: str
    sha256: str
    submission: Submission | None = None
    reason: str = ""
    format: str = ""


# ---------------------------------------------------------------------------------------- doors


def read(path: str | Path, settings: Settings | None = None) -> Frames:
    """One workbook → the canonical frames, amounts in 万元.

    Which form it is, is recognised by itself. Raises UnreadableWorkbook with a Chinese sentence
    where it can't be read as one of them.
    """
    path, settings = Path(path), settings or Settings()
    forms = tuple(known_forms(settings.forms).values())
    limits = limits_of(settings)
    return build_frames([read_submission(path.read_bytes(), path.name, forms, limits)])


def check(source: str | Path | Frames, settings: Settings | None = None) -> pd.DataFrame:
    """One workbook, or frames → findings with the columns of `FINDINGS`."""
    settings = settings or Settings()
    frames = source if isinstance(source, Frames) else read(source, settings)
    return run_rules(frames, settings, **_beside(settings))[list(FINDINGS)]


def check_files(
    paths: Iterable[Path], settings: Settings
) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """Some workbooks → their findings, and (file, reason) of those that can't be read."""
    beside = _beside(settings)
    outcomes = [_read_file(_Reading(path, str(path), settings)) for path in dict.fromkeys(paths)]
    submissions = [each.submission for each in outcomes if each.submission]
    findings = run_rules(build_frames(submissions), settings, **beside)[list(FINDINGS)]
    return findings, [(each.file, each.reason) for each in outcomes if not each.submission]


def run(
    inbox: str | Path,
    out: str | Path,
    settings: Settings | None = None,
    *,
    jobs: int = 0,
    progress: Progress | None = None,
) -> Result:
    """Check everything in INBOX and write OUT.

    `jobs` is the number of processes (0: one a core). Raises UsageError where INBOX is no folder,
    OUT lies inside INBOX or can't be written to. INBOX is never written to.
    """
    started = time.monotonic()
    inbox, out = Path(inbox), Path(out)
    settings = settings or Settings()
    paths = submissions_in(inbox, settings)
    _keep_apart(inbox, out)
    beside = _beside(settings)
    template = template_of(settings, out)
    outputs = Outputs.open(out)
    try:
        with Workers(jobs, limits_of(settings)) as workers:
            outcomes = _read_all(workers, inbox, paths, settings, progress)
        frames = build_frames(each.submission for each in outcomes if each.submission)
        findings = run_rules(frames, settings, **beside)
        files = _files(outcomes, frames, findings, settings)
        absent = _absent(frames, files, settings, beside)
        files = stage_copies(inbox, outputs, frames, findings, files, settings, jobs, progress)
        county = _county(outputs.before("summary.xlsx"), frames, findings, files, settings, absent)
        written = _stage_tables(outputs, county)
        handouts = stage_handouts(outputs, county, findings, settings, template)
        duration = round(time.monotonic() - started, 3)
        written |= handouts.digests
        outputs.stage(RUN, _run_json(files, written, settings, duration, absent))
        kept = outputs.publish()
    finally:
        outputs.discard()
    shown = {} if absent is None else {"missing": absent.missing}
    return Result(
        frames, findings[list(FINDINGS)], files, tuple(kept), **shown,
        filled=handouts.filled, left_out=handouts.left_out, letters=handouts.letters,
    )  # fmt: skip


def _beside(settings: Settings) -> dict[str, pd.DataFrame]:
    """What the rules are given beside the frames: the roster, last year's balances."""
    beside = {}
    if settings.roster:
        beside["roster"] = read_roster(settings.roster, limits_of(settings), settings.year)
    if settings.previous:
        beside["previous"] = read_previous(settings.previous, settings.year)
    return beside


def changes_in(inbox: Path) -> Iterator[None]:
    """Yield whenever files in INBOX have changed and come to rest; ends on Ctrl+C."""
    for _ in watch(inbox, debounce=SETTLED, step=500, raise_interrupt=False):
        yield


def submissions_in(inbox: Path, settings: Settings | None = None) -> list[Path]:
    """Every file in INBOX and its folders, in order, but for lock files and what settings name.

    Raises UsageError where INBOX is no folder.
    """
    if not inbox.exists():
        raise UsageError(f"there is no folder {inbox}")
    if not inbox.is_dir():
        raise UsageError(f"{inbox} is a file; give the folder that holds the workbooks")
    beside = (settings.roster, settings.summary_template) if settings else ()
    ours = {path.resolve() for path in beside if path}
    return sorted(
        path
        for path in inbox.rglob("*")
        if path.is_file()
        and not path.name.startswith("~$")
        and path != inbox / FILE_NAME
        and (not ours or path.resolve() not in ours)
    )


def _keep_apart(inbox: Path, out: Path) -> None:
    source, target = inbox.resolve(), out.resolve()
    if target == source or source in target.parents:
        raise UsageError(f"OUT ({out}) lies inside INBOX ({inbox}); choose another folder")
    ours = {FOLDER, "edited", "letters"}
    if target in source.parents and source.relative_to(target).parts[0] in ours:
        raise UsageError(f"INBOX ({inbox}) lies among the outputs in {out}; choose another folder")


# -------------------------------------------------------------------------------------- reading


def _read_all(
    workers: Workers,
    inbox: Path,
    paths: list[Path],
    settings: Settings,
    progress: Progress | None,
) -> list[_Read]:
    names = [path.relative_to(inbox).as_posix() for path in paths]
    outcomes: dict[int, _Read] = {}
    items = [_Reading(path, name, settings) for path, name in zip(paths, names, strict=True)]
    for number, outcome in workers.map(_read_file, items):
        outcomes[number] = (
            _Read(names[number], "", reason=outcome.sentence)
            if isinstance(outcome, Lost)
            else outcome
        )
        if progress:
            progress("reading", len(outcomes), len(paths))
    return [outcomes[number] for number in range(len(paths))]


def _read_file(item: _Reading) -> _Read:
    try:
        data = item.path.read_bytes()
    except OSError as error:
        return _Read(item.file, "", reason=LOCKED.format(reason=error.strerror))
    forms = tuple(known_forms(item.settings.forms).values())
    try:
        submission = read_submission(data, item.file, forms, limits_of(item.settings))
    except UnreadableWorkbook as error:
        return _Read(item.file, digest(data), reason=str(error))
    return _Read(item.file, digest(data), submission, format=format_of(data) or "")


def _files(
    outcomes: list[_Read], frames: Frames, findings: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """A row a file.

    Columns: `file, format, sha256, status, reason, errors, warnings, notices, verdict, grade`.
    """
    files = pd.DataFrame(
        {
            "file": [each.file for each in outcomes],
            "format": [each.format or None for each in outcomes],
            "sha256": [each.sha256 for each in outcomes],
            "status": ["checked" if each.submission else "rejected" for each in outcomes],
            "reason": [each.reason for each in outcomes],
        },
        dtype="string",
    )
    checked = files["status"] == "checked"
    counts = findings.groupby(["file", "severity"]).size()
    for column, severity in (("errors", "error"), ("warnings", "warning"), ("notices", "notice")):
        files[column] = [int(counts.get((file, severity), 0)) for file in files["file"]]
    verdicts = pd.Series(
        [verdict(e, w) for e, w in zip(files["errors"], files["warnings"], strict=True)],
        dtype="string",
    )
    files["verdict"] = verdicts.where(checked)
    projects = frames.projects.set_index("file")
    written = projects["grade"].fillna(projects["grade_text"])
    grades = written.map(partial(parse_grade, bands=settings.bands), na_action="ignore")
    files["grade"] = files["file"].map(grades).astype("string")
    return files


def _absent(
    frames: Frames, files: pd.DataFrame, settings: Settings, beside: dict[str, pd.DataFrame]
) -> Absent | None:
    """Who did not report; None without a roster, and where nobody asks (C004 ignored)."""
    if "roster" not in beside or "C004" not in _chosen(settings):
        return None
    rejected = list(files[files["status"] == "rejected"]["file"])
    found = missing(frames.projects, beside["roster"], rejected)
    return Absent(len(due(beside["roster"])), found)


def _chosen(settings: Settings) -> frozenset[str]:
    return rulebook_of(settings).selected(settings.select, settings.ignore)


# --------------------------------------------------------------------------------------- tables


def _county(
    before: bytes,
    frames: Frames,
    findings: pd.DataFrame,
    files: pd.DataFrame,
    settings: Settings,
    absent: Absent | None,
) -> County:
    """What the summary, the filled template and the letters tell of.

    `before` is the summary of the run before: what people typed into it goes on.
    """
    titles = {code: rule.title for code, rule in rulebook_of(settings).by_code().items()}
    year = str(settings.year or "")
    replaced = replaced_by(frames.projects) if "C001" in _chosen(settings) else {}
    shown = findings[list(FINDINGS)]
    grades = tuple(band.name for band in settings.bands)
    told = pd.concat([frames.projects["project_unit"], frames.projects["department"]])
    return County(
        settings.county, year, frames, shown, files, titles, grades, replaced, absent,
        achievements(frames), read_decisions(before), unit_names(told.dropna()),
    )  # fmt: skip


def _stage_tables(outputs: Outputs, county: County) -> dict[str, str]:
    """Stage summary, findings and frames; the summary's digest by its name."""
    summary = write_summary(county)
    outputs.stage("summary.xlsx", summary)
    csv = harmless_texts(county.findings).to_csv(index=False, lineterminator="\r\n")
    outputs.stage("findings.csv", csv.encode("utf-8-sig"))
    for name, frame in county.frames.items():
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False)
        outputs.stage(f"frames/{name}.parquet", buffer.getvalue())
    return {"summary.xlsx": digest(summary)}


def _run_json(
    files: pd.DataFrame,
    outputs: dict[str, str],
    settings: Settings,
    duration: float,
    absent: Absent | None,
) -> bytes:
    """The account of the run: every file with its digest, status, reason and counts."""
    packages = ("xlsx-eval", "lxml", "openpyxl", "pandas", "pyarrow", "xlsxwriter")
    account = {
        "files": [
            {
                **{key: row[key] for key in ("file", "sha256", "status", "reason")},
                "findings": {
                    "error": row["errors"], "warning": row["warnings"], "notice": row["notices"]
                },
                **{key: _known(row[key]) for key in ("verdict", "annotated", "annotated_sha256")},
            }
            for row in files.to_dict("records")
        ],
        "missing": None if absent is None else _missing_records(absent.missing),
        "outputs": outputs,
        "versions": {package: version(package) for package in packages},
        "settings": settings.model_dump(mode="json"),
        "duration": duration,
    }  # fmt: skip
    return json.dumps(account, ensure_ascii=False, indent=2).encode()


def _missing_records(absent: pd.DataFrame) -> list[dict[str, str | None]]:
    """Projects of the roster without a submission; budgets exact, as texts, in 万元."""
    return [
        {str(key): None if pd.isna(value) else str(value).strip() for key, value in row.items()}
        for row in absent.to_dict("records")
    ]


def _known(value: object) -> object:
    return None if pd.isna(value) else value

"""The command line: arguments in, the pipeline called, a few lines out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from xlsx_eval import pipeline
from xlsx_eval.annotation import strip as strip_marks
from xlsx_eval.config import FILE_NAME, Settings, load_settings
from xlsx_eval.csv_text import harmless_texts
from xlsx_eval.errors import UnreadableWorkbook, UsageError, XlsxEvalError
from xlsx_eval.forms import DEFAULT_FORM, Form, available_forms, load_form, read_form
from xlsx_eval.frames import SEVERITIES
from xlsx_eval.rules import Rule, rulebook_of
from xlsx_eval.rules.documentation import PAGES, Language, entry, families, heading
from xlsx_eval.rules.registry import Rulebook
from xlsx_eval.starting_config import starting_config
from xlsx_eval.template import build_template

FOUND, WRONG_USAGE, UNREADABLE, INTERRUPTED = 1, 2, 3, 130
COLOURS = {"error": "red", "warning": "yellow", "notice": "blue"}

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

folder = click.Path(path_type=Path)
config_option = click.option(
    "--config", type=folder, help="Settings file; else xlsx-eval.toml beside INBOX or here."
)
select_option = click.option(
    "--select",
    default="",
    help="Only these rules: codes or prefixes (F, F1, F101), comma-separated.",
)
ignore_option = click.option("--ignore", default="", help="All rules but these.")
jobs_option = click.option(
    "--jobs", type=click.IntRange(min=0), default=0, help="Processes; 0 is one a core."
)
quiet_option = click.option("--quiet", is_flag=True, help="Print nothing but errors.")


roster_option = click.option(
    "--roster", type=folder, help="Workbook that lists the projects of which a report is due."
)
previous_option = click.option(
    "--previous", type=folder, help="Outputs of last year's run, for its balances."
)


def handing_out(command: Callable[..., None]) -> Callable[..., None]:
    """The options of the commands that write outputs."""
    for option in (
        click.option(
            "--letters", is_flag=True, help="Write each unit with errors or warnings a letter."
        ),
        click.option(
            "--summary-template", type=folder, help="The bureau's own workbook, to be filled in."
        ),
    ):
        command = option(command)
    return command


def common(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every command that checks workbooks."""
    for option in (
        quiet_option, jobs_option, previous_option, roster_option, ignore_option, select_option,
        config_option,
    ):  # fmt: skip
        command = option(command)
    return command


fail_option = click.option(
    "--fail-on", type=click.Choice(SEVERITIES), help="Exit with 1 on findings this bad or worse."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="xlsx-eval")
def main() -> None:
    """Read, check and consolidate project performance self-evaluation workbooks."""


@main.command()
@click.argument("inbox", type=folder)
@click.option("--out", "target", type=folder, required=True, help="Folder for all outputs.")
@common
@handing_out
@fail_option
def run(
    inbox: Path,
    target: Path,
    config: Path | None,
    select: str,
    ignore: str,
    jobs: int,
    fail_on: str | None,
    quiet: bool,
    **beside: Path | bool | None,
) -> None:
    """Check everything in INBOX: annotated copies, county summary and findings in OUT."""
    with _sentences():
        settings = _settings(config, inbox, select, ignore, beside)
        if not pipeline.submissions_in(inbox, settings):
            _say(f"No file in {inbox}: nothing to do.", quiet)
            return
        result = _run(inbox, target, settings, jobs, quiet)
    sys.exit(
        _status(result.findings, fail_on, unreadable=(result.files["status"] == "rejected").any())
    )


@main.command()
@click.argument(
    "files", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True
)
@click.option("--format", "style", type=click.Choice(["text", "json", "csv"]), default="text")
@common
@fail_option
def check(
    files: tuple[Path, ...],
    style: str,
    config: Path | None,
    select: str,
    ignore: str,
    jobs: int,  # noqa: ARG001 - a few workbooks need one process
    fail_on: str | None,
    quiet: bool,
    **beside: Path | None,
) -> None:
    """Print the findings of some workbooks."""
    with _sentences():
        settings = _settings(config, files[0].parent, select, ignore, beside)
        findings, unreadable = pipeline.check_files(files, settings)
    for file, reason in unreadable:
        err.print(f"{file}: {reason}", style="red", markup=False, highlight=False)
    if not quiet:
        _print_findings(findings, style)
    sys.exit(_status(findings, fail_on, unreadable=bool(unreadable)))


@main.command()
@click.option(
    "--form",
    "name",
    default=DEFAULT_FORM,
    show_default=True,
    help=f"{', '.join(available_forms())}, or a declaration's FILE.toml.",
)
@click.option("-o", "--output", type=folder, default=Path("evaluation_template.xlsx"))
@quiet_option
def template(name: str, output: Path, quiet: bool) -> None:
    """Write the blank template of a form."""
    with _sentences():
        try:
            output.write_bytes(build_template(_form(name)))
        except OSError as error:
            raise UsageError(f"cannot write {output}: {error.strerror}") from error
    _say(f"Wrote {output}.", quiet)


def _form(name: str) -> Form:
    return read_form(Path(name)) if name.endswith(".toml") else load_form(name)


@main.command()
@click.option("-o", "--output", type=folder, default=Path(FILE_NAME), show_default=True)
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@quiet_option
def init(output: Path, force: bool, quiet: bool) -> None:
    """Write a settings file with every setting explained, in English and Chinese."""
    with _sentences():
        try:
            with output.open("w" if force else "x", encoding="utf-8") as file:
                file.write(starting_config())
        except FileExistsError as error:
            raise UsageError(f"{output} is there already; --force replaces it") from error
        except OSError as error:
            raise UsageError(f"cannot write {output}: {error.strerror}") from error
    _say(f"Wrote {output}.", quiet)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=folder, required=True, help="The workbook without marks.")
@quiet_option
def strip(file: Path, output: Path, quiet: bool) -> None:
    """Take all marks off an annotated copy: fills, comments and the sheet 审核意见."""
    with _sentences():
        if output.resolve() == file.resolve():
            raise UsageError(f"{output} is the annotated copy itself; give another name with -o")
        try:
            content = file.read_bytes()
        except OSError as error:
            raise UsageError(f"cannot read {file}: {error.strerror}") from error
        try:
            stripped = strip_marks(content)
        except UnreadableWorkbook as error:
            err.print(f"{file}: {error}", style="red", markup=False, highlight=False)
            sys.exit(UNREADABLE)
        try:
            output.write_bytes(stripped)
        except OSError as error:
            raise UsageError(f"cannot write {output}: {error.strerror}") from error
    none = " There were no marks in it." if stripped == content else ""
    _say(f"Wrote {output}.{none}", quiet)


@main.command()
@click.argument("code", required=False)
@click.option("--language", type=click.Choice(list(PAGES)), default="en", show_default=True)
@config_option
def rule(code: str | None, language: Language, config: Path | None) -> None:
    """List the rules, or explain one, as the settings have them."""
    with _sentences():
        settings = load_settings(config)
        book = rulebook_of(settings).with_severities(settings.severities)
        if code:
            for found in book.find(code):
                _explain(found, book, language)
        else:
            _list(book, language)


@main.command()
@click.argument("inbox", type=folder)
@click.option("--out", "target", type=folder, required=True, help="Folder for all outputs.")
@common
@handing_out
def watch(
    inbox: Path,
    target: Path,
    config: Path | None,
    select: str,
    ignore: str,
    jobs: int,
    quiet: bool,
    **beside: Path | bool | None,
) -> None:
    """Run now, and again whenever something in INBOX changes, until Ctrl+C."""
    with _sentences():
        settings = _settings(config, inbox, select, ignore, beside)
        _run(inbox, target, settings, jobs, quiet)
        _say(f"Watching {inbox}; Ctrl+C ends.", quiet)
        for _ in pipeline.changes_in(inbox):
            try:
                _run(inbox, target, settings, jobs, quiet)
            except XlsxEvalError as error:  # a summary open in Excel now is closed by the next time
                err.print(str(error), style="red", markup=False, highlight=False)


# ------------------------------------------------------------------------------------- printing


def _run(inbox: Path, target: Path, settings: Settings, jobs: int, quiet: bool) -> pipeline.Result:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=err, transient=True, disable=quiet or not err.is_terminal,
        auto_refresh=False,  # no thread while worker processes are forked
    ) as bar:  # fmt: skip
        tasks = {
            step: bar.add_task(step, total=None, visible=False)
            for step in ("reading", "converting", "annotating")
        }

        def progress(step: str, done: int, total: int) -> None:
            bar.update(tasks[step], completed=done, total=total, visible=True, refresh=True)

        result = pipeline.run(inbox, target, settings, jobs=jobs, progress=progress)
    if not quiet:
        _print_result(result, target)
    return result


def _print_result(result: pipeline.Result, target: Path) -> None:
    files = result.files
    rejected = files[files["status"] == "rejected"]
    counts = result.findings["severity"].value_counts()
    absent = int(result.missing["submitted_as"].isna().sum())
    rows = [
        ("workbooks checked", len(files) - len(rejected), ""),
        ("could not be read", len(rejected), "red" if len(rejected) else ""),
        *((f"{each}s", counts.get(each, 0), COLOURS[each]) for each in SEVERITIES),
        *([("not submitted", absent, "red")] if absent else ()),
        ("county summary", target / "summary.xlsx", ""),
        *([("filled template", target / result.filled, "")] if result.filled else ()),
        *(
            [("letters", f"{len(result.letters)} in {target / 'letters'}", "")]
            if result.letters
            else ()
        ),
        ("annotated copies", target / "annotated", ""),
        ("findings", target / "findings.csv", ""),
        ("frames", target / "frames", ""),
    ]
    for what, value, style in rows:
        out.print(f"{what:<19}{value}", style=style, markup=False, highlight=False)
    for file, reason in zip(rejected["file"], rejected["reason"], strict=True):
        err.print(f"{file}: {reason}", style="red", markup=False, highlight=False)
    if result.left_out:
        lacking = f"{result.filled} lacks the template's {', '.join(result.left_out)}."
        err.print(lacking, style="yellow", markup=False, highlight=False)
    for name in result.kept:
        out.print(
            f"Changed since the last run, kept as {target / name}", markup=False, highlight=False
        )


def _print_findings(findings: pd.DataFrame, style: str) -> None:
    if style == "csv":
        click.echo(harmless_texts(findings).to_csv(index=False, lineterminator="\n"), nl=False)
    elif style == "json":
        click.echo(json.dumps(findings.to_dict("records"), ensure_ascii=False, indent=2))
    else:
        for row in findings.itertuples(index=False):
            place = f"{row.file}  {row.sheet}!{row.cell}"
            out.print(
                f"{row.rule} {row.severity}  {place}",
                style=COLOURS[row.severity],
                markup=False,
                highlight=False,
            )
            out.print(f"    {row.message}", markup=False, highlight=False)


def _explain(rule: Rule, book: Rulebook, language: Language) -> None:
    for text in (heading(rule, language), "", entry(rule, book, language)):
        out.print(text, markup=False, highlight=False)


def _list(book: Rulebook, language: Language) -> None:
    name = max(len(each.name) for each in book.rules)
    for title, rules in families(book.rules, language):
        out.print(title, style="bold")
        for each in rules:
            line = f"  {each.code:<5} {each.severity:<8} {each.name:<{name}}  {each.title}"
            out.print(line, style=COLOURS[each.severity], markup=False, highlight=False)


def _say(sentence: str, quiet: bool) -> None:
    if not quiet:
        out.print(sentence, markup=False, highlight=False)


# ------------------------------------------------------------------------------------ arguments


def _settings(
    config: Path | None,
    inbox: Path,
    select: str,
    ignore: str,
    beside: Mapping[str, Path | bool | None],
) -> Settings:
    return load_settings(config, inbox, select=_codes(select), ignore=_codes(ignore), **beside)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip().upper() for code in text.split(",") if code.strip())


def _status(findings: pd.DataFrame, fail_on: str | None, *, unreadable: bool) -> int:
    if unreadable:
        return UNREADABLE
    bad = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on else ()
    return FOUND if findings["severity"].isin(bad).any() else 0


@contextmanager
def _sentences() -> Iterator[None]:
    """Our own errors end the program with their sentence and status 2."""
    try:
        yield
    except XlsxEvalError as error:
        _stop(str(error))
    except KeyboardInterrupt:
        err.print("interrupted; the outputs before are as they were")
        sys.exit(INTERRUPTED)


def _stop(sentence: str) -> NoReturn:
    err.print(sentence, style="red", markup=False, highlight=False)
    sys.exit(WRONG_USAGE)

"""Annotate every workbook of a folder and tell whether the copies differ by our marks only.

    python benchmarks/fidelity.py FOLDER [-o docs/fidelity.md] [--office]

Five kinds of cell are marked on each worksheet: a filled one, an empty one, one in a row that is
not there, one with a comment, one inside a merge. Exit status 1 when a check fails.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import queue
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from proof.checks import Outcome, Problem, examine
from proof.opinions import SOFFICE, converted, office_faults, rewritten_by_office
from proof.package import Package
from proof.table import Table
from proof.targets import NOTHING_FOUND, Plan, plan

from xlsx_eval.annotation import annotate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

ENDINGS = {".xlsx", ".xlsm"}
MEMORY = 6 * 1024**3
NOTHING = Plan((), NOTHING_FOUND)
BATCH = 20  # workbooks LibreOffice converts in one go


@dataclass
class Worker:
    """A process that examines workbooks, and is replaced when one kills or hangs it."""

    timeout: float
    process: multiprocessing.process.BaseProcess | None = None
    pipe: Connection | None = None

    def examine(self, path: Path) -> Outcome:
        if self.process is None or self.pipe is None:
            self._start()
        assert self.pipe is not None  # noqa: S101 - started
        try:
            self.pipe.send(path)
            if self.pipe.poll(self.timeout):
                found = self.pipe.recv()
                assert isinstance(found, Outcome)  # noqa: S101 - what `_serve` sends
                return found
            said = f"took more than {self.timeout:.0f} s"
        except (EOFError, OSError):
            said = "the process died"
        self.stop()
        return Outcome(problems=[Problem("taken", said)])

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
        self.process = self.pipe = None


def _serve(pipe: Connection) -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    while True:
        try:
            path: Path = pipe.recv()
        except EOFError:
            return
        try:
            outcome = examine(path.read_bytes())
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is told
            outcome = Outcome(problems=[Problem("taken", f"{type(fault).__name__}: {fault}"[:300])])
        pipe.send(outcome)


def examined(paths: list[Path], jobs: int, timeout: float) -> Iterator[tuple[Path, Outcome]]:
    """Outcomes in the order of the paths."""
    idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
    workers = [Worker(timeout) for _ in range(jobs)]
    for worker in workers:
        idle.put(worker)

    def one(path: Path) -> Outcome:
        worker = idle.get()
        try:
            return worker.examine(path)
        finally:
            idle.put(worker)

    with concurrent.futures.ThreadPoolExecutor(jobs) as threads:
        yield from zip(paths, threads.map(one, paths), strict=True)
    for worker in workers:
        worker.stop()


# ------------------------------------------------------------------------------------- LibreOffice


def ask_office(found: dict[Path, Outcome]) -> None:
    """Let LibreOffice convert originals and copies; what it opened before it opens after."""
    annotated = [path for path, outcome in found.items() if outcome.made and not outcome.refused]
    for start in range(0, len(annotated), BATCH):
        with tempfile.TemporaryDirectory() as folder:
            _ask_office(annotated[start : start + BATCH], Path(folder), found)


def _ask_office(paths: list[Path], folder: Path, found: dict[Path, Outcome]) -> None:
    written: dict[str, Path] = {}
    for number, path in enumerate(paths):
        for kind, content in (("was", path.read_bytes()), ("is", _copy(path))):
            target = folder / f"{number}{kind}{path.suffix}"
            target.write_bytes(content)
            written[target.stem] = target
    shown = converted([*written.values()], folder)
    for number, path in enumerate(paths):
        if f"{number}was" not in shown:
            continue
        after = shown.get(f"{number}is")
        original = Package(path.read_bytes())
        made = NOTHING if rewritten_by_office(original) else plan(original)
        found[path].add(
            "office",
            lambda after=after, made=made: (  # type: ignore[misc]
                ["is no longer converted"]
                if after is None
                else office_faults(after.read_bytes(), made)
            ),
        )


def _copy(path: Path) -> bytes:
    content = path.read_bytes()
    return annotate(content, plan(Package(content)).review)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="Markdown file."
)
@click.option("--office", is_flag=True, help="Convert originals and copies with LibreOffice too.")
@click.option("--jobs", default=2, show_default=True, help="Processes.")
@click.option("--timeout", default=180.0, show_default=True, help="Seconds a workbook.")
def main(folder: Path, output: Path | None, jobs: int, timeout: float, *, office: bool) -> None:
    """Annotate every workbook in FOLDER and check the copies."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    paths = [path for path in paths if path.is_file()]
    table = Table(folder)
    for path, outcome in examined(paths, jobs, timeout):
        table.found[path] = outcome
        if sys.stderr.isatty():
            click.echo(f"\r{len(table.found)}/{len(paths)}", nl=False, err=True)
    if office and SOFFICE:
        ask_office(table.found)
    text = table.text()
    if output is not None:
        output.write_text(text, encoding="utf-8")
    click.echo(text if output is None else f"{output}: {len(table.failures)} problems")
    sys.exit(1 if table.failures else 0)


if __name__ == "__main__":
    main()

"""LibreOffice as a converter: many workbooks a call, whatever one of them does to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from xlsx_eval.reading.limits import Limits

BATCH = 40  # files a call: starting takes as long as converting one
LOOK = 0.5  # seconds: looking at all processes takes its time
FRUITLESS = 3  # calls in succession that bring nothing before the rest is left alone
MEGABYTE = 1024 * 1024
TARGET = "xlsx:Calc MS Excel 2007 XML"
ENDINGS = {"xls": "xls", "xlsb": "xlsb", "ods": "ods", "xml2003": "xml", "webpage": "xls"}
"""Formats it reads as spreadsheets → an ending by which it does: a page's would make it a text."""

_NOTHING_FROM_OUTSIDE = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "MacroSecurityLevel": "3",  # the highest
        "DisableMacrosExecution": "true",
        "BlockUntrustedRefererLinks": "true",
    },
    "org.openoffice.Office.Calc/Content/Update": {"Link": "1"},  # never
    "org.openoffice.Office.Calc/Formula/Load": {"OOXMLRecalcMode": "1", "ODFRecalcMode": "1"},
    "org.openoffice.Inet/Settings": {  # a proxy that nobody is: pictures of web pages stay away
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
        "ooInetNoProxy": "",
    },
}


@dataclass(frozen=True, slots=True)
class Source:
    """A workbook to convert, and the format that its content is in."""

    path: Path
    format: str


@dataclass(frozen=True)
class Office:
    """LibreOffice, with a profile of its own that runs no macros and fetches nothing.

    `limits` are what one workbook may take: seconds by the clock, megabytes in all.
    """

    program: Path
    limits: Limits

    @classmethod
    def installed(cls, limits: Limits) -> Office | None:
        """The one that is on the PATH or where its installers put it."""
        found = next((path for path in _places() if path.is_file()), None)
        return cls(found, limits) if found else None

    def convert(
        self,
        sources: Sequence[Source],
        folder: Path,
        progress: Callable[[int], None] = lambda _: None,
    ) -> dict[int, Path]:
        """Number of the source → the .xlsx made of it in `folder`; none for what it can't convert.

        `progress` is told how many sources are done with.
        """
        numbers = [number for number, source in enumerate(sources) if source.format in ENDINGS]
        results: dict[int, Path] = {}
        fruitless = done = 0
        while numbers and fruitless < FRUITLESS:
            batch, numbers = numbers[:BATCH], numbers[BATCH:]
            names = {number: f"{number:06}.{ENDINGS[sources[number].format]}" for number in batch}
            made = folder / f"{batch[0]:06}"
            files = {name: sources[number].path for number, name in names.items()}
            finished = self._call(files, made, partial(_tell_more, progress, done))
            found = {
                number: path
                for number, name in names.items()
                if zipfile.is_zipfile(path := (made / name).with_suffix(".xlsx"))
            }
            results |= found
            fruitless = 0 if found or finished else fruitless + 1
            if not finished:  # the first without a result is to blame; those after it had no turn
                last = max((batch.index(number) for number in found), default=-1)
                batch, again = batch[: last + 2], batch[last + 2 :]
                numbers = again + numbers
            done += len(batch)
            progress(done)
        return results

    def _call(self, files: dict[str, Path], made: Path, progress: Callable[[int], None]) -> bool:
        """Convert files, by their names in the call, into `made`; whether it came to its end."""
        made.mkdir(parents=True)
        with tempfile.TemporaryDirectory(prefix="xlsx-eval-", ignore_cleanup_errors=True) as place:
            folder = Path(place)
            _write_profile(folder / "profile")
            for name, path in files.items():
                with suppress(OSError):  # taken away meanwhile: marking says so
                    shutil.copyfile(path, folder / name)
            process = subprocess.Popen(  # noqa: S603 - no shell, names of our own
                [
                    str(self.program), f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                    "--headless", "--norestore", "--nologo", "--nolockcheck", "--nodefault",
                    "--convert-to", TARGET, "--outdir", str(made.resolve()), *files,
                ],
                cwd=folder, env=os.environ | {"SAL_USE_VCLPLUGIN": "svp"},
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
            try:
                return self._ends(process, made, progress)
            finally:
                _kill(process)

    def _ends(
        self, process: subprocess.Popen[bytes], made: Path, progress: Callable[[int], None]
    ) -> bool:
        """Wait for the end; False where it crashed, or one file took more than its limits."""
        count, since = 0, time.monotonic()
        while True:
            try:
                return process.wait(LOOK) == 0
            except subprocess.TimeoutExpired:
                now = sum(1 for _ in made.glob("*.xlsx"))
            if now != count:
                count, since = now, time.monotonic()
                progress(count)
            too_slow = time.monotonic() - since > self.limits.seconds
            if too_slow or _memory(process) > self.limits.megabytes * MEGABYTE:
                return False


def _tell_more(progress: Callable[[int], None], before: int, count: int) -> None:
    progress(before + count)


def _places() -> Iterator[Path]:
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            yield _console_program(Path(found))
    if sys.platform == "win32":
        for variable in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
            if root := os.environ.get(variable):
                yield Path(root, "LibreOffice", "program", "soffice.com")
    if sys.platform == "linux":
        yield from sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)
    if sys.platform == "darwin":
        for root in (Path("/"), Path.home()):
            yield root / "Applications/LibreOffice.app/Contents/MacOS/soffice"


def _console_program(program: Path) -> Path:
    """On Windows the one of both that ends when the conversion does."""
    console = program.with_suffix(".com")
    return console if sys.platform == "win32" and console.is_file() else program


def _write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, values in _NOTHING_FROM_OUTSIDE.items()
        for name, value in values.items()
    )
    target = profile / "user" / "registrymodifications.xcu"
    target.parent.mkdir(parents=True)
    target.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>",
        "utf-8",
    )


def _family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The process and those it started: the program itself is a child of its launcher."""
    try:
        root = psutil.Process(process.pid)
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []


def _memory(process: subprocess.Popen[bytes]) -> int:
    total = 0
    for member in _family(process):
        with suppress(psutil.Error):
            total += member.memory_info().rss
    return total


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End it and all it started; nothing is left of one that came to its end."""
    family = _family(process) if process.poll() is None else []
    for member in family:
        with suppress(psutil.Error):
            member.kill()
    psutil.wait_procs(family, timeout=10)
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)

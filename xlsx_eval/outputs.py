"""The outputs folder: written beside its place, moved there at the end, edits by people kept."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Self

from xlsx_eval.errors import UsageError

RUN = "run.json"
STAGING = ".xlsx-eval-"
A_DAY = 24 * 60 * 60


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Outputs:
    """OUT during one run: what the run before left, and a staging folder for what comes."""

    out: Path
    staging: Path
    written: Mapping[str, str]  # file that the run before wrote → its SHA-256 then
    copies: Mapping[str, str]  # file of INBOX → its annotated copy, as the run before wrote it

    @classmethod
    def open(cls, out: Path) -> Self:
        """Make OUT ready. Raises UsageError where it can't be written to."""
        try:
            out.mkdir(parents=True, exist_ok=True)
            _sweep(out)
            staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=out))
        except OSError as error:
            raise UsageError(f"cannot write to {out}: {error.strerror}") from error
        return cls(out, staging, *_written_before(out / RUN))

    def discard(self) -> None:
        shutil.rmtree(self.staging, ignore_errors=True)

    def before(self, name: str) -> bytes:
        """An output as it stands, with what people typed into it; empty where there is none."""
        try:
            return (self.out / name).read_bytes()
        except OSError:
            return b""  # none, or open in another program: then it can't be replaced either

    def stage(self, name: str, data: bytes) -> None:
        """Write one output, named relative to OUT, beside its place."""
        path = self.staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def publish(self) -> list[str]:
        """Move everything staged into its place, or leave everything as it was.

        Returns where files that a person had changed since the run before were kept. Raises
        UsageError where a file in its place is open in another program.
        """
        staged = sorted(
            path.relative_to(self.staging) for path in self.staging.rglob("*") if path.is_file()
        )
        gone = [Path(name) for name in self.written if Path(name) not in staged]
        with tempfile.TemporaryDirectory(prefix=STAGING, dir=self.out) as aside:
            moved: list[tuple[Path, Path]] = []
            try:
                for name in (*staged, *gone):
                    _move(self.out / name, Path(aside, name), moved)
                for name in staged:
                    _move(self.staging / name, self.out / name, moved)
            except OSError as error:
                for source, target in reversed(moved):
                    target.replace(source)
                raise UsageError(
                    f"cannot replace {error.filename}: close it in Excel or WPS and run again"
                ) from error
            return self._keep_edited(Path(aside))

    def _keep_edited(self, aside: Path) -> list[str]:
        """Keep those of the files before that a person had changed, under `edited/`."""
        kept = []
        for name, before in self.written.items():
            path = aside / name
            if not path.is_file() or digest(path.read_bytes()) == before:
                continue
            own = PurePosixPath(name)
            own = own.relative_to("annotated") if own.parts[0] == "annotated" else own
            target = _free_name(self.out / "edited" / own)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
            kept.append(target.relative_to(self.out).as_posix())
        return kept


def _move(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
        moved.append((source, target))


def _free_name(path: Path) -> Path:
    """The path, or with a number where it is taken: nothing set aside is ever replaced."""
    number, free = 2, path
    while free.exists():
        free = path.with_stem(f"{path.stem} ({number})")
        number += 1
    return free


def _written_before(run: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Outputs of the run before with their digests, and its copies; {} without such a run."""
    try:
        account: dict[str, Any] = json.loads(run.read_text("utf-8"))
        annotated = [each for each in account["files"] if each.get("annotated")]
        copies = {each["file"]: each["annotated"] for each in annotated}
        digests = {each["annotated"]: each["annotated_sha256"] for each in annotated}
        outputs: dict[str, str] = account.get("outputs", {})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}, {}  # no run before, or not one of ours: nothing is known to be ours
    return {**digests, **outputs}, copies


def _sweep(out: Path) -> None:
    """Take away what runs that were killed more than a day ago left behind."""
    for path in out.glob(f"{STAGING}*"):
        if path.is_dir() and time.time() - path.stat().st_mtime > A_DAY:
            shutil.rmtree(path, ignore_errors=True)

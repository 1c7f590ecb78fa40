"""The outputs folder: written beside its place, moved there at the end, edits by people kept."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Self

from xlsx_eval.errors import UsageError

RUN = "run.json"
STAGING = ".xlsx-eval-"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Outputs:
    """OUT during one run: what the run before left, and a staging folder for what comes."""

    out: Path
    staging: Path
    written: Mapping[str, str]  # annotated copy of the run before → its SHA-256 then

    @classmethod
    def open(cls, out: Path) -> Self:
        """Make OUT ready. Raises UsageError where it can't be written to."""
        try:
            out.mkdir(parents=True, exist_ok=True)
            staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=out))
        except OSError as error:
            raise UsageError(f"cannot write to {out}: {error.strerror}") from error
        return cls(out, staging, _written_before(out / RUN))

    def discard(self) -> None:
        shutil.rmtree(self.staging, ignore_errors=True)

    def stage(self, name: str, data: bytes) -> None:
        """Write one output, named relative to OUT, beside its place."""
        path = self.staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def publish(self) -> list[str]:
        """Move everything staged into its place.

        Returns where copies that a person had changed since the run before were kept. Raises
        UsageError where a file in its place is open in another program.
        """
        staged = [
            path.relative_to(self.staging) for path in self.staging.rglob("*") if path.is_file()
        ]
        kept = self._keep_edited({path.as_posix() for path in staged})
        for name in sorted(staged, key=lambda path: path.as_posix() == RUN):  # run.json comes last
            target = self.out / name
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                (self.staging / name).replace(target)
            except OSError as error:
                raise UsageError(
                    f"cannot replace {target}: close it in Excel or WPS and run again"
                ) from error
        return kept

    def _keep_edited(self, staged: set[str]) -> list[str]:
        """Set aside what people changed; take away copies of files that are gone."""
        kept = []
        for name, before in self.written.items():
            path = self.out / name
            if not path.is_file():
                continue
            if digest(path.read_bytes()) != before:
                aside = _free_name(
                    self.out / "edited" / PurePosixPath(name).relative_to("annotated")
                )
                aside.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, aside)
                kept.append(aside.relative_to(self.out).as_posix())
            if name not in staged:
                path.unlink()
        return kept


def _free_name(path: Path) -> Path:
    """The path, or with a number where it is taken: nothing set aside is ever replaced."""
    number, free = 2, path
    while free.exists():
        free = path.with_stem(f"{path.stem} ({number})")
        number += 1
    return free


def _written_before(run: Path) -> dict[str, str]:
    """Annotated copies that the run before wrote, with their digests; {} without such a run."""
    try:
        files: list[dict[str, Any]] = json.loads(run.read_text("utf-8"))["files"]
        return {
            each["annotated"]: each["annotated_sha256"] for each in files if each.get("annotated")
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # no run before, or not one of ours: nothing is known to be ours

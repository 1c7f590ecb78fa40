"""How long the steps take, each beside what openpyxl needs for the same workbook in the same run.

    python benchmarks/bench.py [WORKBOOKS]

Prints milliseconds a workbook and the ratio to openpyxl (below 1 is faster), then a whole run over
WORKBOOKS (200) copies of the samples.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import time
from pathlib import Path

import click
import openpyxl
from timing import milliseconds

import xlsx_eval as xe
from xlsx_eval.annotation import Mark, Review, annotate
from xlsx_eval.forms import known_forms
from xlsx_eval.frames import build_frames
from xlsx_eval.reading import read_submission
from xlsx_eval.rules import run_rules

INBOX = Path(__file__).parents[1] / "samples" / "inbox"


def load_and_save(samples: list[tuple[Path, bytes]]) -> None:
    for _, data in samples:
        openpyxl.load_workbook(io.BytesIO(data)).save(io.BytesIO())


def readable(paths: list[Path]) -> list[tuple[Path, bytes]]:
    found = []
    for path in paths:
        try:
            xe.read(path)
        except xe.UnreadableWorkbook:
            continue
        found.append((path, path.read_bytes()))
    return found


def steps(samples: list[tuple[Path, bytes]]) -> None:
    """Each step over all samples."""
    forms = tuple(known_forms().values())
    marks = (Mark("F101", "实际支出大于实际到位", "error", None, "A1", "", "…", "…", "…", "", ""),)
    review = Review("项目", "单位", "退回修改", marks)
    submissions = [read_submission(data, path.name, forms) for path, data in samples]
    county = build_frames(submissions)
    load = milliseconds(lambda: [openpyxl.load_workbook(io.BytesIO(d)) for _, d in samples])
    save = milliseconds(lambda: load_and_save(samples), 3)
    rows = [
        (
            "read",
            milliseconds(lambda: [read_submission(d, p.name, forms) for p, d in samples]),
            load,
        ),
        ("frames", milliseconds(lambda: build_frames(submissions)), load),
        ("rules", milliseconds(lambda: run_rules(county), 3), load),
        ("annotate", milliseconds(lambda: [annotate(d, review) for _, d in samples], 3), save),
    ]
    click.echo(f"{'step':<10}{'ms':>8}{'openpyxl ms':>14}{'ratio':>8}")
    for name, own, theirs in rows:
        each, other = own / len(samples), theirs / len(samples)
        click.echo(f"{name:<10}{each:>8.1f}{other:>14.1f}{own / theirs:>8.2f}")


def whole_run(samples: list[tuple[Path, bytes]], count: int) -> None:
    """`xlsx-eval run` over many copies."""
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder, "inbox")
        inbox.mkdir()
        for number in range(count):
            source = samples[number % len(samples)][0]
            shutil.copy(source, inbox / f"{number:05} {source.name}")
        start = time.perf_counter()
        xe.run(inbox, Path(folder, "out"))
        took = time.perf_counter() - start
    click.echo(f"run: {count} workbooks in {took:.1f} s, {took / count * 1000:.0f} ms each")


def main() -> None:
    samples = readable(sorted(INBOX.rglob("*.xlsx")))
    steps(samples)
    whole_run(samples, int(sys.argv[1]) if len(sys.argv) > 1 else 200)


if __name__ == "__main__":
    main()

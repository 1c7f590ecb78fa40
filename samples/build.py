"""Rebuild samples/inbox from samples/facts: `python samples/build.py`."""

from __future__ import annotations

import sys
from pathlib import Path

from cases import Case, all_cases
from one_sheet import write_one_sheet
from typed_over import type_over

from xlsx_eval.template import build_template

# The share of a file that arrived before its copying broke off.
ARRIVED = 0.6


def build(case: Case) -> bytes:
    """The bytes of a case's file. Raises ValueError for facts the kind can't hold."""
    match case.kind:
        case "template":
            if case.facts.funds or case.facts.totals:
                raise ValueError(f"{case.name}: the template computes balance and total itself")
            template = build_template(case.form, case.facts.filled)
            return type_over(template, case.typed) if case.typed else template
        case "one_sheet":
            return write_one_sheet(case.form, case.facts, case.layout)
        case "truncated":
            whole = write_one_sheet(case.form, case.facts, case.layout)
            return whole[: int(len(whole) * ARRIVED)]
        case "plain_text":
            return case.text.replace("\n", "\r\n").encode("gb18030")


def main() -> None:
    for case in all_cases():
        case.path.parent.mkdir(parents=True, exist_ok=True)
        case.path.write_bytes(build(case))
        sys.stdout.write(f"{case.path.relative_to(Path(__file__).parent)}\n")


if __name__ == "__main__":
    main()

"""Writes docs/rules.md and docs/rules.zh-CN.md anew from the rules: `python docs/build.py`."""

from __future__ import annotations

from pathlib import Path

from xlsx_eval.rules import documentation
from xlsx_eval.rules.registry import rulebook

HERE = Path(__file__).parent


def main() -> None:
    for language, name in documentation.PAGES.items():
        (HERE / name).write_text(documentation.page(rulebook(), language), "utf-8", newline="\n")


if __name__ == "__main__":
    main()

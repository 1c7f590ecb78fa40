"""The rules' documentation: what docstrings say, as entries in English and in Chinese.

One entry feeds `xlsx-eval rule F101` and the pages docs/rules.md and docs/rules.zh-CN.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Literal

from xlsx_eval.look import SEVERITIES
from xlsx_eval.rules.registry import GENERAL, Rule, Rulebook

Language = Literal["en", "zh"]

PAGES: dict[Language, str] = {"en": "rules.md", "zh": "rules.zh-CN.md"}
"""Language → its page in docs/."""

FAMILIES = {
    "F": ("Funds", "资金"),
    "D": ("Expenditure details", "支出明细"),
    "I": ("Indicators", "绩效指标"),
    "S": ("Score and grade", "得分与等次"),
    "P": ("People and signatures", "人员与签章"),
    "T": ("Dates", "时间"),
    "N": ("Narrative", "文字部分"),
    "B": ("Basics", "基本信息"),
    "W": ("The workbook", "工作簿"),
    "C": ("Across the county", "全县"),
}
"""What a code begins with → its family; in this order."""

_OTHERS = ("Other rules", "其他规则")


@dataclass(frozen=True, slots=True)
class Documentation:
    """What a check's docstring says; a part that is missing is empty."""

    what: str = ""
    why: str = ""
    fails: str = ""
    passes: str = ""
    correct: str = ""
    what_zh: str = ""
    why_zh: str = ""
    fails_zh: str = ""
    passes_zh: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts the docstring lacks."""
        return tuple(part.name for part in fields(self) if not getattr(self, part.name))


_PARTS = {
    "Why it matters:": "why", "Fails:": "fails", "Passes:": "passes", "To correct:": "correct",
    "检查：": "what_zh", "意义：": "why_zh", "不通过：": "fails_zh", "通过：": "passes_zh",
}  # fmt: skip
_BETWEEN_CHINESE = re.compile(r"(?<=[^\x00-\xff])\n(?=[^\x00-\xff])")


def parse(docstring: str) -> Documentation:
    """A docstring taken apart by its words at the beginnings of lines (`Fails:`, `检查：` …).

    What stands before the first of them says what the rule checks.
    """
    lines: dict[str, list[str]] = {}
    part = "what"
    for line in docstring.splitlines():
        begins = next((word for word in _PARTS if line.startswith(word)), "")
        part = _PARTS.get(begins, part)
        lines.setdefault(part, []).append(line.removeprefix(begins).strip())
    return Documentation(**{part: _paragraphs(each) for part, each in lines.items()})


def _paragraphs(lines: list[str]) -> str:
    """Lines as paragraphs of one line each; Chinese is joined without a blank."""
    paragraphs = re.split(r"\n{2,}", "\n".join(lines).strip())
    return "\n\n".join(_BETWEEN_CHINESE.sub("", each).replace("\n", " ") for each in paragraphs)


# --------------------------------------------------------------------------------------- one rule


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one language."""

    why: str
    fails: str
    passes: str
    correct: str
    basis: str
    since: str
    holds: str
    silent: str
    named: str
    same_workbook: str
    same_cell: str
    explained: str
    stop: str


_WORDS: dict[Language, _Words] = {
    "en": _Words(
        "Why it matters: ", "Fails: ", "Passes: ", "To correct: ", "Basis: ", "Since: ",
        "Holds for: ", "Stands back: ",
        "{code} ({name})", "for {rule} in the same workbook", "for {rule} on the same cell",
        "where setting {rule} right would set this right too", "; ",
    ),
    "zh": _Words(
        "意义：", "不通过：", "通过：", "改正：", "依据：", "始于版本：",
        "适用：", "不重复提出：",
        "{code}（{name}）", "同一份工作簿已有{rule}时", "同一单元格已有{rule}时",
        "更正{rule}后即可消除时", "；",
    ),
}  # fmt: skip


def heading(rule: Rule, language: Language = "en") -> str:
    """`F101 overspent-received`, or `F101 实际支出大于实际到位`."""
    named = f"{rule.code} {_name(rule, language)}"
    return named if rule.catalogue == GENERAL else f"{named} ({rule.catalogue.name})"


def _name(rule: Rule, language: Language) -> str:
    return rule.title if language == "zh" else rule.name


def entry(rule: Rule, book: Rulebook, language: Language = "en") -> str:
    """All there is to say about a rule, below its heading: plain text that is Markdown too."""
    words, told = _WORDS[language], parse(rule.documentation)
    chinese = language == "zh"
    severity = SEVERITIES[rule.severity].word if chinese else rule.severity
    other_name = _name(rule, "en" if chinese else "zh")
    what = (told.what_zh or told.what) if chinese else told.what
    lines = (
        (words.why, told.why_zh if chinese else told.why),
        (words.fails, told.fails_zh if chinese else told.fails),
        (words.passes, told.passes_zh if chinese else told.passes),
        (words.correct, rule.advice if chinese else told.correct or rule.advice),
        (words.basis, rule.basis.chinese if chinese else rule.basis.english),
        (words.since, rule.since),
        (words.holds, _holds(rule, language)),
        (words.silent, words.stop.join(_stands_back(rule, book, language))),
    )
    listed = "\n".join(f"- {word}{_indented(text)}" for word, text in lines if text)
    return "\n\n".join(each for each in (f"{other_name} · {severity}", what, listed) if each)


def _indented(text: str) -> str:
    """Paragraphs that stay one item of a list."""
    return text.replace("\n\n", "\n\n  ")


def _stands_back(rule: Rule, book: Rulebook, language: Language) -> Iterator[str]:
    """In words: the rules it stands back for."""
    words, known = _WORDS[language], book.by_code()
    for sentence, codes in (
        (words.same_workbook, rule.yields_to),
        (words.same_cell, rule.yields_at),
        (words.explained, rule.explained_by),
    ):
        if codes:
            named = (
                words.named.format(code=code, name=_name(known[code], language))
                for code in codes
                if code in known
            )
            joint = "、" if language == "zh" else ", "
            yield sentence.format(rule=joint.join(named))


def _holds(rule: Rule, language: Language) -> str:
    """The forms and years a later catalogue is for; nothing where a rule holds for all."""
    catalogue = rule.catalogue
    first, last = catalogue.first_year, catalogue.last_year
    years = f"{first or ''}–{last or ''}" if first or last else ""
    joint = "、" if language == "zh" else ", "
    return joint.join(each for each in (*sorted(catalogue.forms), years) if each)


# -------------------------------------------------------------------------------------- all rules


def families(rules: Iterable[Rule], language: Language = "en") -> list[tuple[str, list[Rule]]]:
    """The rules by family, each with its title; what belongs to none comes last."""
    letters = [*FAMILIES, ""]

    def place(rule: Rule) -> tuple[int, str, str]:
        catalogue = "" if rule.catalogue == GENERAL else rule.catalogue.name
        return letters.index(_family(rule)), rule.code, catalogue

    return [
        (FAMILIES.get(letter, _OTHERS)[language == "zh"], list(members))
        for letter, members in groupby(sorted(rules, key=place), _family)
    ]


def _family(rule: Rule) -> str:
    letters = rule.code.rstrip("0123456789")
    return letters if letters in FAMILIES else ""


_INTRODUCTION: dict[Language, str] = {
    "en": """\
# The rules

[中文](rules.zh-CN.md)

Written by `python docs/build.py` from the rules themselves; `xlsx-eval rule F101` prints an entry.

- A finding is an **error** (错误: the form contradicts itself or a requirement; it must be
  corrected or explained), a **warning** (疑点: a reviewer has to look) or a **notice** (提示: worth
  knowing).
- `--select` and `--ignore`, or `select` and `ignore` in `xlsx-eval.toml`, take codes and their
  beginnings: `F` is all about funds, `F10` is F101 to F109, `F101` one rule. No rule stands back
  for one that is left out.
- `[severities]` in `xlsx-eval.toml` gives a rule another severity: `F105 = "notice"`.
- A form without mistakes has no findings. A rule that can't be sure is silent, and where it can be
  told that several findings have one cause, one of them is shown: the others stand back.
- Amounts are in 万元 and compared exactly, with a tolerance of 0.01 (`tolerance`).
""",
    "zh": """\
# 审核规则

[English](rules.md)

本页由 `python docs/build.py` 根据规则本身生成；`xlsx-eval rule F101 --language zh` 显示其中一条。

- **错误**：表内自相矛盾或不合要求，必须更正或说明。
- **疑点**：需要人工核实。
- **提示**：供参考，不影响审核结论。
- 选择规则：用 `--select`、`--ignore`，或在 `xlsx-eval.toml` 里写 `select`、`ignore`。
- 填规则代码或代码的开头：`F` 是全部资金规则，`F10` 是 F101 至 F109，`F101` 是一条。
- 修改级别：在 `xlsx-eval.toml` 的 `[severities]` 下写 `F105 = "notice"`。
- 三个级别依次写作 `error`（错误）、`warning`（疑点）、`notice`（提示）。
- 没有错误的表不会有任何问题。拿不准的不提；看得出是同一处错误引起的，只提一个问题。
- 金额单位为万元，按十进制精确比较，允许误差 0.01（`tolerance`）。
""",
}

_HEADER: dict[Language, str] = {
    "en": "| code | severity | name | 规则 |\n| --- | --- | --- | --- |",
    "zh": "| 代码 | 级别 | 规则 | name |\n| --- | --- | --- | --- |",
}


def page(book: Rulebook, language: Language) -> str:
    """The page of all rules: an index, then the families with an entry a rule."""
    grouped = families(book.rules, language)
    rows = (_row(rule, language) for _, rules in grouped for rule in rules)
    parts = [_INTRODUCTION[language], "\n".join((_HEADER[language], *rows)) + "\n"]
    for title, rules in grouped:
        parts.append(f"## {title}\n")
        for rule in rules:
            text = _escaped(entry(rule, book, language))
            parts.append(f"### {heading(rule, language)}\n\n{text}\n")
    return "\n".join(parts)


def _row(rule: Rule, language: Language) -> str:
    link = f"[{rule.code}](#{_anchor(heading(rule, language))})"
    if language == "zh":
        return f"| {link} | {SEVERITIES[rule.severity].word} | {rule.title} | {rule.name} |"
    return f"| {link} | {rule.severity} | {rule.name} | {rule.title} |"


def _anchor(text: str) -> str:
    """The name GitHub gives a heading: small letters, no punctuation, hyphens for blanks."""
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def _escaped(text: str) -> str:
    """Characters that Markdown would take for its own."""
    return re.sub(r"([*~<|\\])", r"\\\1", text)

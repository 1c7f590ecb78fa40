"""The rules' documentation: complete, in two languages, and the pages as the rules say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from xlsx_eval.cli import main
from xlsx_eval.rules import Rule, all_rules
from xlsx_eval.rules.documentation import PAGES, Documentation, entry, families, page, parse
from xlsx_eval.rules.registry import ARITHMETIC, COMPLETENESS, Catalogue, rulebook

DOCS = Path(__file__).parents[2] / "docs"
STALE = "`python docs/build.py` writes the pages anew"

each_rule = pytest.mark.parametrize("rule", all_rules().values(), ids=all_rules())


def no_docstring() -> pd.DataFrame:
    raise NotImplementedError


def other_shape() -> pd.DataFrame:
    """Own sums are checked."""
    raise NotImplementedError


def bilingual() -> pd.DataFrame:
    """Travel costs more than allowed.

    A trip abroad is left out.

    Why it matters: travel is capped, and the cap is
    small.

    Fails: cap 3, travel 5.

    Passes: cap 3, travel 2.

    To correct: check the trips.

    检查：差旅费超过限额，
    出国不在此列。

    意义：差旅费有限额。

    不通过：限额3，差旅费5。

    通过：限额3，差旅费2。
    """
    raise NotImplementedError


DOCUMENTED = Rule(
    "X2", "travel-over-cap", "出差超支", "warning", "请核对差旅费。", ARITHMETIC, "0.2.0",
    bilingual, yields_to=("F113",), explained_by=("F104", "D201"),
)  # fmt: skip
OWN = Rule(
    "X1", "own-rule", "本县的规则", "notice", "请核对。", COMPLETENESS, "0.1.0", other_shape,
    yields_to=("F101", "X9"), yields_at=("D201",),
)  # fmt: skip


@each_rule
def test_every_rule_is_documented_in_both_languages(rule: Rule) -> None:
    told = parse(rule.documentation)

    assert told.missing == ()
    for text in (told.what_zh, told.why_zh, told.fails_zh, told.passes_zh, rule.advice):
        assert text.endswith("。")


@pytest.mark.parametrize("language", PAGES)
def test_the_pages_are_up_to_date(language: str) -> None:
    here = (DOCS / PAGES[language]).read_text("utf-8")  # type: ignore[index]
    assert here == page(rulebook(), language), STALE  # type: ignore[arg-type]


@pytest.mark.parametrize("language", PAGES)
@each_rule
def test_the_command_prints_what_the_page_says(rule: Rule, language: str) -> None:
    shown = CliRunner().invoke(main, ["rule", rule.code.lower(), "--language", language])

    printed = shown.output.split("\n", 2)[2].strip()
    assert shown.output.startswith(f"{rule.code} ")
    assert printed in (DOCS / PAGES[language]).read_text("utf-8").replace("\\", "")  # type: ignore[index]


def test_an_entry_in_english() -> None:
    assert entry(DOCUMENTED, rulebook((DOCUMENTED,))) == (
        "出差超支 · warning\n"
        "\n"
        "Travel costs more than allowed.\n"
        "\n"
        "A trip abroad is left out.\n"
        "\n"
        "- Why it matters: travel is capped, and the cap is small.\n"
        "- Fails: cap 3, travel 5.\n"
        "- Passes: cap 3, travel 2.\n"
        "- To correct: check the trips.\n"
        "- Basis: the form's own arithmetic\n"
        "- Since: 0.2.0\n"
        "- Stands back: for F113 (amount-missing) in the same workbook; where setting F104 "
        "(sources-do-not-sum), D201 (items-do-not-sum) right would set this right too"
    )


def test_an_entry_in_chinese() -> None:
    assert entry(DOCUMENTED, rulebook((DOCUMENTED,)), "zh") == (
        "travel-over-cap · 疑点\n"
        "\n"
        "差旅费超过限额，出国不在此列。\n"
        "\n"
        "- 意义：差旅费有限额。\n"
        "- 不通过：限额3，差旅费5。\n"
        "- 通过：限额3，差旅费2。\n"
        "- 改正：请核对差旅费。\n"
        "- 依据：本表的勾稽关系\n"
        "- 始于版本：0.2.0\n"
        "- 不重复提出：同一份工作簿已有F113（金额未填）时；"
        "更正F104（各来源之和不等于合计）、D201（明细之和不等于合计）后即可消除时"
    )


def test_a_rule_of_a_county_needs_no_such_docstring() -> None:
    book = rulebook((OWN,))

    assert entry(OWN, book) == (
        "本县的规则 · notice\n"
        "\n"
        "Own sums are checked.\n"
        "\n"
        "- To correct: 请核对。\n"
        "- Basis: what the form asks to be filled in\n"
        "- Since: 0.1.0\n"
        "- Stands back: for F101 (overspent-received) in the same workbook; for D201 "
        "(items-do-not-sum) on the same cell"
    )
    assert entry(replace(OWN, check=no_docstring), book, "zh").startswith(
        "own-rule · 提示\n\n- 改正"
    )
    assert families(book.rules, "zh")[-1] == ("其他规则", [OWN])
    assert "### X1 own-rule\n" in page(book, "en")


def test_a_later_catalogue_says_for_what_it_holds() -> None:
    later = Catalogue("later", first_year=2023, forms=frozenset({"national_selfeval"}))
    rule = replace(all_rules()["F101"], catalogue=later)
    book = rulebook()
    book = replace(book, rules=(*book.rules, rule), catalogues=(*book.catalogues, later))

    assert "- Holds for: national_selfeval, 2023–\n" in entry(rule, book)
    assert "### F101 overspent-received\n" in page(book, "en")
    assert "### F101 overspent-received (later)\n" in page(book, "en")


def test_a_docstring_is_taken_apart() -> None:
    assert parse(
        "The balance is\nwrong.\n\nA blank one is not.\n\nWhy it matters: it goes\nback.\n\n"
        "Fails: 1.\nPasses: 2.\n\n检查：结余\n填错，\n合计 2 万元。\n\n意义：要上缴。"
    ) == Documentation(
        what="The balance is wrong.\n\nA blank one is not.",
        why="it goes back.",
        fails="1.",
        passes="2.",
        what_zh="结余填错，合计 2 万元。",
        why_zh="要上缴。",
    )
    assert parse("") == Documentation()


def test_the_list_names_every_rule_by_family() -> None:
    lines = CliRunner().invoke(main, ["rule"]).output.splitlines()

    assert lines[0] == "Funds"
    assert lines[1].split() == ["F101", "error", "overspent-received", "实际支出大于实际到位"]
    assert {line.split()[0] for line in lines if line.startswith("  ")} == set(all_rules())
    assert CliRunner().invoke(main, ["rule", "--language", "zh"]).output.startswith("资金\n")


@pytest.mark.parametrize("language", PAGES)
def test_every_link_of_the_index_leads_to_an_entry(language: str) -> None:
    lines = page(rulebook(), language).splitlines()  # type: ignore[arg-type]
    anchors = {line[4:].lower().replace(" ", "-") for line in lines if line.startswith("### ")}

    linked = {line.split("](#")[1].split(")")[0] for line in lines if line.startswith("| [")}
    assert linked == anchors

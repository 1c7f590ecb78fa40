"""A county's own arithmetic checks, from its settings to the marked cell."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from correct_form import changed, correct_bytes, place
from correct_table import correct_table
from pydantic import ValidationError

import xlsx_eval as xe
from xlsx_eval.cli import main
from xlsx_eval.frames import LAYOUTS, Frames
from xlsx_eval.rules import OwnRule, all_rules, run_rules
from xlsx_eval.rules.fields import FIELDS

ROOT = Path(__file__).parents[2]

OVER_PLAN: dict[str, Any] = {
    "code": "X101",
    "title": "支出超过计划的95%",
    "check": "funds.spent.total <= 0.95 * funds.planned.total",
    "severity": "warning",
    "message": "实际支出{funds.spent.total}万元，超过计划{funds.planned.total}万元的95%。",
    "advice": "请说明原因。",
}


def own(check: str, **more: Any) -> dict[str, Any]:
    return {"code": "X101", "title": "本县规则", "message": "不符合要求", "check": check, **more}


@pytest.fixture
def found(tmp_path: Path) -> Any:
    """The findings of one own rule on the correct form with some cells set."""

    def check(
        rule: dict[str, Any],
        cells: dict[str, object] | None = None,
        form: str = "",
        **settings: Any,
    ) -> list[dict[str, Any]]:
        path = tmp_path / "form.xlsx"
        path.write_bytes(correct_table(form) if form else changed(cells or {}))
        chosen = xe.Settings(rules=(OwnRule(**rule),), select=("X101", "F111"), **settings)
        findings = xe.check(path, chosen)
        own: list[dict[str, Any]] = findings[findings["rule"] == "X101"].to_dict("records")
        return own

    return check


def test_a_finding_has_all_that_others_have(found: Any) -> None:
    sheet, spent = place("funds_spent_total")

    assert found(OVER_PLAN) == [
        {
            "file": "form.xlsx",
            "project": "农村公路养护项目",
            "rule": "X101",
            "severity": "warning",
            "sheet": sheet,
            "cell": spent,
            "related": f"'{sheet}'!{place('funds_planned_total')[1]}",
            "message": "实际支出300万元，超过计划300万元的95%。请说明原因。",
            "expected": "不超过285万元",
            "actual": "300万元",
        }
    ]


def test_it_passes_where_the_check_holds(found: Any) -> None:
    assert found(OVER_PLAN, {"funds_spent_total": 285}) == []


@pytest.mark.parametrize(
    ("check", "cells", "fails"),
    [
        ("funds.spent.total <= funds.planned.total", {"funds_spent_total": 300.01}, False),
        ("funds.spent.total <= funds.planned.total", {"funds_spent_total": 300.02}, True),
        ("funds.spent.total <= funds.planned.total", {"funds_spent_total": None}, False),
        ("funds.spent.total <= funds.planned.total", {"funds_spent_total": "约300"}, False),
        ("funds.spent.total <= funds.planned.total", {"funds_spent_total": 3000000}, False),  # 元
        ("funds.spent.county == 200", {}, False),
        ("funds.spent.county == 201", {}, True),
        ("funds.spent.central == 0", {}, False),
        ("funds.spent.central > 0", {}, True),  # blank, and the others add up to the total
        ("funds.spent.central > 0", {"funds_spent_county": 150}, False),  # they do not
        ("funds.spent.carry_over > 0", {}, False),  # the form knows no such source
        ("expenditures.sum == 300", {}, False),
        ("expenditures.sum == 250", {"expenditures_amount[2]": 0}, False),
        ("expenditures.sum == 300", {"expenditures_amount[2]": 0}, True),
        ("expenditures.sum == 300", {"expenditures_amount[2]": "约50"}, False),
        ("expenditures.total == 250", {}, True),
        ("expenditures.count == 3", {}, False),
        ("expenditures.count == 4", {}, True),
        ("expenditures.count == 4", {"expenditures_item[3]": "其余明细附后"}, False),
        ("indicators.count >= 7", {}, True),
        ("indicators.count == 6", {}, False),
        ("evaluators.count >= 5", {}, True),
        ("evaluators.count == 3", {}, False),
        ("evaluators.count == 4", {"evaluators_name[0]": "郑一鸣、何川"}, False),
        ("evaluators.count == 0", {f"evaluators_name[{n}]": "" for n in range(3)}, False),
        ("evaluators.count >= 3", {f"evaluators_name[{n}]": "" for n in range(3)}, True),
        ("projects.score >= 96", {}, True),
        ("projects.score >= 96", {"score": "九十多分"}, False),
        ("year(projects.period_end) == 2021", {}, False),
        ("year(projects.period_end) == 2021", {"period": "2021年1月-2022年3月"}, True),
        ("projects.report_date - projects.period_end <= 60", {}, True),
        ("projects.report_date - projects.period_end <= 90", {}, False),
        ("execution.rate >= 0.9", {}, False),  # the form states none
    ],
)  # fmt: skip
def test_fields(check: str, cells: dict[str, object], fails: bool, found: Any) -> None:
    assert len(found(own(check), cells)) == fails


def test_a_form_that_states_an_execution_rate(found: Any) -> None:
    (finding,) = found(own("execution.rate >= 0.95"), form="national_selfeval")

    assert (finding["cell"], finding["expected"], finding["actual"]) == ("H6", "不低于0.95", "0.9")


@pytest.mark.parametrize(
    ("rule", "cell", "related"),
    [
        (own("1 > funds.spent.total - funds.spent.county"), "funds_spent_total",
         ["funds_spent_county"]),
        (own("funds.spent.total < 1", at="funds.planned.total"), "funds_planned_total",
         ["funds_spent_total"]),
        (own("projects.period_end < projects.period_start"), "period", []),
        (own("expenditures.sum < 1"), "expenditures_total",
         [f"expenditures_amount[{n}]" for n in range(3)]),
        (own("settings.year == year(projects.report_date)"), "report_date", []),
    ],
)  # fmt: skip
def test_which_cells(rule: dict[str, Any], cell: str, related: list[str], found: Any) -> None:
    (finding,) = found(rule, year=2021)

    assert (finding["sheet"], finding["cell"]) == place(cell)
    places = [place(name) for name in related]
    assert finding["related"] == ";".join(f"'{sheet}'!{at}" for sheet, at in places)


def test_what_has_no_cell_stands_on_its_part_of_the_form(found: Any) -> None:
    (finding,) = found(own("evaluators.count >= 5", message="只有{evaluators.count}人"))

    assert (finding["sheet"], finding["cell"]) == ("四、评价人员", "A1")
    assert finding["message"] == "只有3人。请核对并更正；确属实际情况的，请说明原因。"
    assert (finding["expected"], finding["actual"]) == ("不低于5", "3")


@pytest.mark.parametrize(
    ("check", "expected", "actual"),
    [
        ("funds.spent.total < funds.planned.total", "低于300万元", "300万元"),
        ("funds.planned.total * 0.9 > funds.spent.total", "高于300万元", "270万元"),
        ("95% * funds.planned.total >= funds.spent.total", "不低于300万元", "285万元"),
        ("funds.spent.total == 1", "1万元", "300万元"),
        ("funds.spent.total != 300", "不等于300万元", "300万元"),
        ("funds.spent.total / 7 / funds.planned.total > 1", "高于1", "0.14286"),
        ("projects.period_end < date(2021, 12, 1)", "低于2021年12月1日", "2021年12月31日"),
        ("projects.score > 1 and projects.score > 96", "高于96", "95"),
        ("96 < projects.score < 98", "高于96", "95"),
        ("projects.score > 96 or projects.score < 1", "", ""),
        ("not projects.score > 1", "", ""),
    ],
)
def test_expected_and_actual(check: str, expected: str, actual: str, found: Any) -> None:
    (finding,) = found(own(check))

    assert (finding["expected"], finding["actual"]) == (expected, actual)


def test_they_are_told_from_the_marked_field(found: Any) -> None:
    rule = own("95% * funds.planned.total >= funds.spent.total", at="funds.spent.total")

    (finding,) = found(rule)

    assert (finding["expected"], finding["actual"]) == ("不超过285万元", "300万元")


def test_a_message_may_compute(found: Any) -> None:
    message = "超出{funds.spent.total - 95% * funds.planned.total}万元，{projects.period_end}，"
    message += "{funds.spent.city * 1}"

    (finding,) = found(
        own("funds.spent.total < 1", message=message, advice=""), {"funds_spent_county": 1}
    )

    assert finding["message"] == "超出15万元，2021年12月31日，空白。"


def test_only_where_it_applies(found: Any) -> None:
    assert found(OVER_PLAN | {"when": "funds.planned.total > 300"}) == []
    assert found(OVER_PLAN | {"when": "funds.planned.county > 100"}) != []
    assert found(OVER_PLAN | {"when": "funds.planned.city > 0"}, {"funds_planned_county": 1}) == []


def test_only_on_the_forms_it_is_for(found: Any) -> None:
    check = own("funds.spent.total < 1")

    assert len(found(check | {"forms": ["yueyang_project"]})) == 1
    assert found(check | {"forms": ["national_selfeval"]}) == []
    assert len(found(check | {"forms": ["national_selfeval"]}, form="national_selfeval")) == 1


def test_severities_and_the_tolerance_hold_for_it(found: Any) -> None:
    (finding,) = found(OVER_PLAN, severities={"x101": "error"})

    assert finding["severity"] == "error"
    assert found(OVER_PLAN, {"funds_spent_total": 285.9}, tolerance="1") == []


def test_it_is_chosen_as_any_other(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(correct_bytes())

    def codes(**settings: Any) -> list[str]:
        return list(xe.check(path, xe.Settings(rules=(OwnRule(**OVER_PLAN),), **settings))["rule"])

    assert codes() == ["X101"]
    assert codes(select=("x1",)) == ["X101"]
    assert codes(ignore=("X",)) == []
    assert codes(select=("F",)) == []


class TestRefused:
    @pytest.mark.parametrize(
        ("change", "key", "reason"),
        [
            ({"code": "支出"}, "code", "one to three letters and up to four digits, such as X101"),
            ({"code": "X"}, "code", "such as X101"),
            ({"check": "funds.spend.total <= 1"}, "check", "did you mean funds.spent.total?"),
            ({"check": "funds.spent.total"}, "check", "it gives an amount; compare it"),
            ({"check": "1 < 2"}, "check", "it names no field of the form"),
            ({"check": "settings.year == 2021"}, "check", "it names no field of the form"),
            ({"check": "__import__('os')"}, "check", "has no meaning here"),
            ({"when": "funds.spent.total >"}, "when", "it ends too soon"),
            ({"at": "funds.spent.totl"}, "at", "did you mean funds.spent.total?"),
            ({"at": "settings.year"}, "at", "there is no field settings.year with a cell"),
            ({"message": "{funds.spend.total}"}, "message", "did you mean funds.spent.total?"),
            ({"message": "{}"}, "message", "it is empty"),
            ({"message": "{funds.spent.total!r}"}, "message", "has no meaning here"),
            ({"message": "{funds.spent.total:>99999999}"}, "message", "has no meaning here"),
            ({"message": "{funds.spent.total.__class__}"}, "message", "there is no field"),
            ({"message": "{1 < 2}"}, "message", "is no value but a condition"),
            ({"message": "支出{funds.spent.total万元"}, "message", "without its partner"),
            ({"message": "支出}"}, "message", "without its partner"),
            ({"severity": "grave"}, "severity", ""),
        ],
    )  # fmt: skip
    def test_with_its_reason(self, change: dict[str, str], key: str, reason: str) -> None:
        with pytest.raises(ValidationError) as refusal:
            xe.Settings.model_validate({"rules": [OVER_PLAN | change]})

        (fault,) = refusal.value.errors()
        assert fault["loc"] == ("rules", 0, key)
        assert reason in fault["msg"]

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ('code = "f101"', "line 2: rules[1].code: F101 is the code of “实际支出大于实际到位”"),
            ('code = "1"', "line 2: rules[1].code: a code is one to three letters"),
            ('code = "X1"\nchek = "1"',
             "line 3: rules[1].chek: there is no such setting; did you mean check?"),
            ('code = "X1"\ntitle = ""', "line 3: rules[1].title: it must not be empty"),
            ('code = "X1"', "line 1: rules[1].check: it must be given"),
            ('code = "X1"\nforms = ["yueyang_projekt"]',
             "line 3: rules[1].forms[1]: there is no form yueyang_projekt; did you mean yue"),
        ],
    )  # fmt: skip
    def test_with_its_line(self, text: str, sentence: str, tmp_path: Path) -> None:
        config = tmp_path / "own.toml"
        keys = {"title": "t", "check": "projects.score > 1", "message": "m"}
        rest = [f'{key} = "{value}"' for key, value in keys.items() if key not in text]
        whole = text if "given" in sentence else "\n".join([text, *rest])
        config.write_text(f"[[rules]]\n{whole}\n", "utf-8")

        with pytest.raises(xe.UsageError) as refusal:
            xe.load_settings(config)

        assert f"{config}, {sentence}" in str(refusal.value)

    def test_a_code_of_their_own_taken_twice(self, tmp_path: Path) -> None:
        config = tmp_path / "own.toml"
        one = "\n".join(f"{key} = {json.dumps(value)}" for key, value in OVER_PLAN.items())
        config.write_text(f"[[rules]]\n{one}\n[[rules]]\n{one}\n", "utf-8")

        with pytest.raises(xe.UsageError, match=r"line 9: rules\[2\]\.code: X101 is the code of"):
            xe.load_settings(config)

    def test_from_python(self) -> None:
        settings = xe.Settings.model_validate({"rules": [OVER_PLAN | {"code": "F101"}]})

        with pytest.raises(xe.UsageError, match="rule F101 is there already"):
            run_rules(Frames(**empty_frames()), settings)


def empty_frames() -> dict[str, pd.DataFrame]:
    return {name: pd.DataFrame(columns=list(each.columns())) for name, each in LAYOUTS.items()}


class TestWholeRun:
    """The example of docs/own-rules.md, as a county would use it, in worker processes."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        example = examples("toml")[0]
        (tmp_path / "xlsx-eval.toml").write_text(f"year = 2021\n{example}", "utf-8")
        (tmp_path / "inbox").mkdir()
        (tmp_path / "inbox" / "公路.xlsx").write_bytes(correct_bytes())
        (tmp_path / "inbox" / "配套.xlsx").write_bytes(
            changed({"funds_planned_county": 80, "funds_planned_province": 220})
        )
        (tmp_path / "inbox" / "跨年.xlsx").write_bytes(
            changed({"funds_spent_total": 200, "period": "2021年3月-2022年2月"})
        )
        return tmp_path

    def test_run(self, folder: Path) -> None:
        out = folder / "out"

        done = CliRunner().invoke(
            main,
            ["run", str(folder / "inbox"), "--out", str(out), "--select", "X", "--jobs", "2"],
        )

        assert done.exit_code == 0, done.output
        found = pd.read_csv(out / "findings.csv")
        assert list(zip(found["file"], found["rule"], found["severity"], strict=True)) == [
            ("公路.xlsx", "X101", "warning"),
            ("跨年.xlsx", "X103", "notice"),
            ("配套.xlsx", "X101", "warning"),
            ("配套.xlsx", "X102", "warning"),
        ]
        assert found["message"][1] == (
            "项目从2021年3月1日到2022年2月28日，跨了年度。请核对并更正；确属实际情况的，请说明原因。"
        )
        assert found["message"][3].startswith("县级配套80万元，只占计划的26.66667%。")
        marked = openpyxl.load_workbook(out / "annotated" / "公路.xlsx")
        sheet, cell = place("funds_spent_total")
        comment = marked[sheet][cell].comment
        assert comment is not None
        assert "超过计划300万元的95%" in comment.text
        shown = " ".join(
            str(each)
            for page in openpyxl.load_workbook(out / "summary.xlsx").worksheets
            for row in page.iter_rows(values_only=True)
            for each in row
            if each
        )
        assert "X101" in shown
        assert "支出超过计划的95%" in shown

    def test_rule_explains_it(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(folder)

        listed = CliRunner().invoke(main, ["rule"])
        told = CliRunner().invoke(main, ["rule", "x102", "--language", "zh"])

        assert "县级配套不足三成" in listed.output
        assert "funds.planned.county >= 30% * funds.planned.total" in told.output
        assert "本县的要求" in told.output


def examples(language: str) -> list[str]:
    text = (ROOT / "docs" / "own-rules.md").read_text("utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_documentation_names_every_field() -> None:
    text = (ROOT / "docs" / "own-rules.md").read_text("utf-8")

    for field in FIELDS:
        frame, *parts = field.split(".")
        if frame == "funds":
            assert all(re.search(rf"\b{part}\b", text) for part in parts)
        else:
            assert f"`{field}`" in text


def test_no_rule_of_ours_takes_a_county_code() -> None:
    assert not [code for code in all_rules() if code.startswith("X")]


def test_many_rules_on_a_county(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(changed({"funds_spent_total": 280}))
    one = xe.read(path)
    files = [f"{number:04}.xlsx" for number in range(50)]
    county = Frames(
        **{
            name: pd.concat([frame.assign(file=file) for file in files]).astype(frame.dtypes)
            for name, frame in one.items()
        }
    )
    rules = tuple(
        OwnRule(
            **OVER_PLAN | {"code": f"X{number}", "check": f"{OVER_PLAN['check']} + {number - 110}"}
        )
        for number in range(101, 121)
    )
    found = run_rules(county, xe.Settings(rules=rules, select=("X",)))

    assert len(found) == 200


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readmes_example_holds(readme: str, tmp_path: Path) -> None:
    text = (ROOT / readme).read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    config = tmp_path / "xlsx-eval.toml"
    config.write_text(example.replace('forms = ["our_form.toml"]', ""), "utf-8")

    assert [rule.code for rule in xe.load_settings(config).rules] == ["X101"]

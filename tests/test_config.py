"""Settings: from where they come, and what is refused."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from correct_form import changed

import xlsx_eval as xe
from xlsx_eval.cli import main
from xlsx_eval.rules import OwnRule
from xlsx_eval.rules.settings import GradeBand


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert xe.load_settings() == xe.Settings()


def test_the_file_beside_the_inbox_is_found(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "xlsx-eval.toml").write_text('tolerance = "0.1"\ncounty = "清平县"\n', "utf-8")

    settings = xe.load_settings(inbox=tmp_path / "inbox")

    assert (settings.county, settings.tolerance) == ("清平县", Decimal("0.1"))


def test_what_is_given_wins_over_the_file(tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text('select = ["F"]\n', "utf-8")

    assert xe.load_settings(config, select=("D",)).select == ("D",)


def refusal(config: Path, text: str) -> str:
    config.write_text(text, "utf-8")
    with pytest.raises(xe.UsageError) as refused:
        xe.load_settings(config)
    return str(refused.value).replace(str(config), config.name)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("# 本县\n\nlow_execution_bellow = 0.7",
         "3: low_execution_bellow: there is no such setting; did you mean low_execution_below?"),
        ("qwerty = 1", "line 1: qwerty: there is no such setting"),
        ("tolerance = 5", "line 1: tolerance: it must be at most 1"),
        ("tolerance = -1", "line 1: tolerance: it must be at least 0"),
        ("tolerance = nan", "line 1: tolerance: it must be a number"),
        ('tolerance = "一分"', "line 1: tolerance: it must be a number"),
        ("tolerance = [1]", "line 1: tolerance: it must be a number"),
        ("far_above_target = 0", "line 1: far_above_target: it must be more than 0"),
        ("year = 21", "line 1: year: it must be at least 2000"),
        ("year = 2021.5", "line 1: year: it must be a whole number"),
        ("year = 2021-01-01", "line 1: year: it must be a whole number"),
        ('today = "明天"', "line 1: today: it must be a date such as 2022-03-31"),
        ("county = 7", "line 1: county: it must be a text in quotes"),
        ('select = "F"', "line 1: select: it must be a list in square brackets"),
        ("select = [\n  'F',\n  7,\n]", "line 3: select[2]: it must be a text in quotes"),
        ("select = ['F',\n 'Q']", "line 2: select[2]: no rule begins with 'Q'"),
        ("ignore = ['F999']", "line 1: ignore[1]: no rule begins with 'F999'"),
        ('[severities]\nF101 = "notice"\nF999 = "error"',
         "line 3: severities.F999: there is no such rule"),
        ('[severities]\nF = "notice"', "line 2: severities.F: there is no such rule"),
        ('[severities]\nF101 = "grave"',
         "line 2: severities.F101: it must be 'error', 'warning' or 'notice'"),
        ('severities.F101 = "grave"', "line 1: severities.F101: it must be"),
        ("severities = 1", "line 1: severities: it must be a table"),
        ("rules = 1", "line 1: rules: it must be a list in square brackets"),
        ("rules = [1]", "line 1: rules[1]: it must be a table"),
        ("[[grade_bands]]\nname = '优'\nminimum = 90\nword = []\n",
         "line 4: grade_bands[1].word: there is no such setting; did you mean words?"),
        ("[[grade_bands]]\nname = '优'", "line 1: grade_bands[1].minimum: it must be given"),
        ("grade_bands = []", "line 1: grade_bands: it must not be empty"),
        ("tolerance = = 1", "line 1: not TOML: Invalid value"),
        ('county = "清平"\n\ncounty = "县"', "line 3: not TOML: Cannot overwrite a value"),
        ('county = "清平"\nselect = [', "line 2: not TOML: "),
        ("x = " + "[" * 5000, "not TOML: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, sentence: str, tmp_path: Path) -> None:
    told = refusal(tmp_path / "xlsx-eval.toml", text)

    assert told.startswith("xlsx-eval.toml")
    assert sentence in told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    told = refusal(tmp_path / "own.toml", 'tolerance = 5\ncounty = "x"\nyear = 1\nyeer = 1\n')

    assert told == (
        "own.toml, line 1: tolerance: it must be at most 1\n"
        "own.toml, line 3: year: it must be at least 2000\n"
        "own.toml, line 4: yeer: there is no such setting; did you mean year?"
    )


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_bytes("year = 2021\ncounty = '清平县'\n".encode("gbk"))

    with pytest.raises(xe.UsageError, match="line 2: not UTF-8; save the file as UTF-8"):
        xe.load_settings(config)


def test_what_is_given_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text('select = ["F"]\n', "utf-8")

    with pytest.raises(xe.UsageError) as refused:
        xe.load_settings(config, select=("Q",))

    assert str(refused.value) == ("select[1]: no rule begins with 'Q'; `xlsx-eval rule` lists them")


def test_codes_may_be_in_small_letters(tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text('select = ["f", " d2"]\nignore = ["f1"]\n[severities]\nd201 = "notice"\n')

    settings = xe.load_settings(config)

    assert (settings.select, settings.ignore) == (("F", "D2"), ("F1",))
    assert settings.severities == {"D201": "notice"}


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(xe.UsageError, match="cannot read"):
        xe.load_settings(tmp_path / "none.toml")


class TestGradeBands:
    FIVE = """
    grade_bands = [
      { name = "优秀", minimum = 95 },
      { name = "良好", minimum = 85, words = ["较好"] },
      { name = "合格", minimum = 70 },
      { name = "基本合格", minimum = 60 },
      { name = "不合格", minimum = 0 },
    ]
    """

    @pytest.mark.parametrize(
        ("wrong", "right", "reason"),
        [
            ("minimum = 85", "minimum = 96", "良好 must begin below 优秀; put the best first"),
            ("minimum = 0", "minimum = 10", "the last band, 不合格, must have minimum = 0"),
            ('"较好"', '"优秀"', "优秀 stands for two grades"),
            ('"良好"', '"优秀"', "优秀 stands for two grades"),
        ],
    )
    def test_bands_that_make_no_sense(
        self, wrong: str, right: str, reason: str, tmp_path: Path
    ) -> None:
        told = refusal(tmp_path / "own.toml", self.FIVE.replace(wrong, right))

        assert told == f"own.toml, line 2: grade_bands: {reason}"

    @pytest.fixture
    def settings(self, tmp_path: Path) -> xe.Settings:
        config = tmp_path / "own.toml"
        config.write_text(self.FIVE, "utf-8")
        return xe.load_settings(config)

    @pytest.mark.parametrize(
        ("cells", "found"),
        [
            ({"score": 95, "grade": "优"}, []),
            ({"score": 90, "grade": "较好"}, []),
            ({"score": 65, "grade": "优秀□ 良好□ 合格□ 基本合格☑ 不合格□"}, []),
            ({"score": 90, "grade": "优秀"}, [("S403", "良好")]),
            ({"score": 65, "grade": "合格"}, [("S403", "基本合格")]),
            ({"score": 90, "grade": "一般"}, []),
            ({"score": 97, "funds_spent_total": 306.2}, [("S405", "与问题相称的等次")]),
            ({"score": 90, "grade": "良好", "funds_spent_total": 306.2}, []),
            ({"score": 90, "grade": ""}, [("S404", "填写等次")]),
        ],
    )
    def test_the_rules_go_by_them(
        self,
        cells: dict[str, object],
        found: list[tuple[str, str]],
        settings: xe.Settings,
        tmp_path: Path,
    ) -> None:
        path = tmp_path / "form.xlsx"
        path.write_bytes(changed(cells))

        findings = xe.check(path, settings.model_copy(update={"select": ("S",)}))

        assert list(zip(findings["rule"], findings["expected"], strict=True)) == found
        for rule, message in zip(findings["rule"], findings["message"], strict=True):
            assert ("95分及以上为优秀，85分及以上为良好" in message) == (rule != "S405")

    def test_the_summary_goes_by_them(self, settings: xe.Settings, tmp_path: Path) -> None:
        (tmp_path / "inbox").mkdir()
        (tmp_path / "inbox" / "a.xlsx").write_bytes(changed({"score": 90, "grade": "较好"}))
        (tmp_path / "inbox" / "b.xlsx").write_bytes(
            changed({"score": 65, "grade": "优秀□ 良好□ 合格□ 基本合格☑ 不合格□"})
        )

        result = xe.run(tmp_path / "inbox", tmp_path / "out", settings)

        assert list(result.files["grade"]) == ["良好", "基本合格"]
        book = openpyxl.load_workbook(tmp_path / "out" / "summary.xlsx")
        shown = [each for row in book["总览"].iter_rows(values_only=True) for each in row]
        for grade in ("优秀", "良好", "合格", "基本合格", "不合格"):
            assert f"{grade}（项目）" in shown
        assert "差" not in shown

    def test_rule_tells_them(self, tmp_path: Path) -> None:
        config = tmp_path / "own.toml"
        config.write_text(self.FIVE, "utf-8")

        told = CliRunner().invoke(
            main, ["rule", "s403", "--language", "zh", "--config", str(config)]
        )

        assert "60分及以上为基本合格，60分以下为不合格" in told.output
        assert "本县的要求" in told.output


class TestInit:
    @pytest.fixture
    def written(self, tmp_path: Path) -> str:
        path = tmp_path / "new.toml"
        done = CliRunner().invoke(main, ["init", "-o", str(path)])
        assert (done.exit_code, done.output) == (0, f"Wrote {path}.\n")
        return path.read_text("utf-8")

    def test_as_written_nothing_is_set(self, written: str, tmp_path: Path) -> None:
        path = tmp_path / "new.toml"

        assert xe.load_settings(path) == xe.Settings()
        assert all(line.startswith("#") for line in written.splitlines() if line)

    def test_with_every_line_switched_on_it_holds_the_defaults_and_the_examples(
        self, written: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "all.toml"
        path.write_text(re.sub(r"(?m)^#(?=\S)", "", written), "utf-8")

        settings = xe.load_settings(path)

        assert settings.model_fields_set == set(xe.Settings.model_fields)
        for name, field in xe.Settings.model_fields.items():
            default = field.get_default(call_default_factory=True)
            expected = (field.examples or [default])[0]
            if name in {"roster", "previous", "summary_template"}:  # from the settings' folder
                expected = tmp_path / str(expected)
            assert getattr(settings, name) == expected
        assert [rule.code for rule in settings.rules] == ["X101"]

    def test_every_setting_is_explained_in_both_languages(self, written: str) -> None:
        for model in (xe.Settings, GradeBand, OwnRule):
            for name, field in model.model_fields.items():
                english, chinese = (field.description or "").splitlines()
                assert english.strip() in written, name
                assert re.search("[a-z]{2} ?", english), name
                assert chinese.strip() in written, name
                assert re.search("[\u4e00-\u9fff]{2}", chinese), name

    def test_what_is_there_is_kept(self, tmp_path: Path) -> None:
        path = tmp_path / "xlsx-eval.toml"
        path.write_text("year = 2021\n", "utf-8")

        refused = CliRunner().invoke(main, ["init", "-o", str(path)])
        kept = path.read_text("utf-8")
        forced = CliRunner().invoke(main, ["init", "-o", str(path), "--force", "--quiet"])

        assert refused.exit_code == 2
        assert "is there already; --force replaces it" in refused.output
        assert kept == "year = 2021\n"
        assert (forced.exit_code, forced.output) == (0, "")
        assert "#year = 2021" in path.read_text("utf-8")

    def test_where_it_cannot_be_written(self, tmp_path: Path) -> None:
        done = CliRunner().invoke(main, ["init", "-o", str(tmp_path / "none" / "x.toml")])

        assert done.exit_code == 2
        assert "cannot write" in done.output

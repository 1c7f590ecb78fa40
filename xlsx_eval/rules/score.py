"""S4xx 得分与等次: the score the unit gives itself and the grade that follows from it."""

from __future__ import annotations

from functools import partial

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.rules.findings import flagged, flags, places, report
from xlsx_eval.rules.registry import COMPLETENESS, MEASURES_2020, Corrects, rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.views import asks_for, misses, sums_of
from xlsx_eval.values.grades import grade_of, parse_grade


def _scores(projects: pd.DataFrame) -> pd.DataFrame:
    return projects[["file", "score", "score_text", "grade_text"]].assign(
        grade=projects["grade"].fillna(projects["grade_text"]),
        score_at=places(projects, "score_cell", "score_sheet"),
        grade_at=places(projects, "grade_cell", "grade_sheet"),
    )


def _graded(projects: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The scores with `band`, the grade as the bands in force call it."""
    rows = _scores(projects)
    parse = partial(parse_grade, bands=settings.bands)
    return rows.assign(band=rows["grade"].map(parse, na_action="ignore"))


@rule(
    "S401",
    "score-missing",
    "没有综合得分",
    "error",
    advice="请填写0至100之间的分数。",
    basis=COMPLETENESS,
)
def score_missing(projects: pd.DataFrame, forms: dict[str, Form]) -> pd.DataFrame:
    """No score, or none that is a number, in a form that asks for one.

    Why it matters: the score is the result of the whole evaluation, and the grade follows from it.

    Fails: 九十多分.

    Passes: 98.

    To correct: fill in a number from 0 to 100.

    检查：没有填综合得分，或者填的不是分数。

    意义：综合得分是自评的结果，评价等次由它而定。

    不通过：九十多分。

    通过：98。
    """
    rows = _scores(projects[asks_for(projects, forms, "score")])
    formula = flags(rows["score_text"], lambda text: text.startswith("="))
    rows = rows[rows["score"].isna() & ~formula]
    blank = rows["score_text"].isna()
    said = ("综合得分填写为“" + rows["score_text"].fillna("") + "”，不是分数。").where(
        ~blank, "综合得分没有填写。"
    )
    return report(
        rows.assign(said=said),
        anchor="score_at",
        otherwise="performance",
        problem="{said}",
        expected="0至100之间的分数",
        actual="{score_text}",
    )


@rule(
    "S402",
    "score-out-of-range",
    "得分超出范围",
    "error",
    advice="请填写0至100之间的分数。",
    basis=MEASURES_2020,
)
def score_out_of_range(projects: pd.DataFrame) -> pd.DataFrame:
    """The score is below 0 or above 100.

    Why it matters: the scale ends at 100; extra points do not exist.

    Fails: 102.

    Passes: 100.

    To correct: fill in a number from 0 to 100.

    检查：综合得分低于0分或高于100分。

    意义：满分是100分，没有附加分。

    不通过：102。

    通过：100。
    """
    rows = _scores(projects)
    return report(
        flagged(rows, (rows["score"] < 0) | (rows["score"] > 100)),
        anchor="score_at",
        problem="综合得分{score}分，不在0至100分之间。",
        expected="0至100分",
        actual="{score}分",
    )


@rule(
    "S403",
    "grade-differs-from-score",
    "等次与得分不符",
    "error",
    advice="请按得分更正等次（{bands}）。",
    basis=MEASURES_2020,
    yields_to=("S402",),
    explained_by=("S406",),
)
def grade_differs_from_score(projects: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The grade is not the band of the score: ≥ 90 优, ≥ 80 良, ≥ 60 中, else 差.

    优秀, 良好, 合格 and 不合格 are the same four. A score out of range (S402) has no band.

    Why it matters: the county counts projects by grade, and the bands are fixed.

    Fails: 85 and 优秀.

    Passes: 85 and 良好.

    To correct: take the grade from the score, or correct the score.

    检查：评价等次与综合得分不符：90分及以上为优，80分及以上为良，60分及以上为中，60分以下为差。
    优秀、良好、合格、不合格分别就是优、良、中、差。

    意义：全县按等次统计，分档标准是统一的。

    不通过：得分85，等次“优秀”。

    通过：得分85，等次“良好”。
    """
    rows = _graded(projects, settings).dropna(subset=["score", "band"])
    rows = rows.assign(right=rows["score"].map(partial(grade_of, bands=settings.bands)))
    return report(
        rows[rows["right"] != rows["band"]],
        anchor="grade_at",
        related="score_at",
        problem="综合得分{score}分对应的等次是“{right}”，填报的等次是“{grade}”。",
        expected="{right}",
        actual="{grade}",
    )


@rule(
    "S404",
    "grade-missing",
    "没有评价等次",
    "warning",
    advice="请按得分填写等次（{bands}）。",
    basis=MEASURES_2020,
)
def grade_missing(projects: pd.DataFrame, forms: dict[str, Form]) -> pd.DataFrame:
    """A score without a grade, in a form that asks for one.

    Why it matters: the county counts projects by grade.

    Fails: 98, no grade.

    Passes: 98 and 优秀.

    To correct: fill in the grade of the score's band.

    检查：填了综合得分，没有填评价等次。

    意义：全县按等次统计，没有等次的项目统计不进去。

    不通过：得分98，等次空白。

    通过：得分98，等次“优秀”。
    """
    rows = _scores(projects[asks_for(projects, forms, "grade")]).dropna(subset=["score"])
    return report(
        rows[rows["grade_text"].isna()],
        anchor="grade_at",
        otherwise="performance",
        related="score_at",
        problem="综合得分{score}分，没有填写评价等次。",
        expected="填写等次",
        actual="空白",
    )


@rule(
    "S405",
    "top-grade-despite-errors",
    "存在问题而自评为优",
    "warning",
    advice="请结合上述问题重新核定得分和等次，或说明理由。",
    basis=MEASURES_2020,
    after=("F101", "F106", "I303", "I304", "I305"),
    yields_at=("S403",),
)
def top_grade_despite_errors(
    projects: pd.DataFrame, findings: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Grade 优 while the form itself says otherwise.

    More was spent than received, in all (F101) or of one source (F106), the cost indicator is not
    what was spent (I304) or over its target (I305), or a target was not met.

    Why it matters: the best grade says that everything was reached within the money.

    Fails: 优秀, received 200, spent 206.2.

    Passes: 优秀, every target met, no more spent than received.

    To correct: correct what is named, or score and grade accordingly, or explain.

    检查：自评等次为优，而表内存在支出大于到位、成本指标与实际支出不一致、
    成本超过目标值或指标未达到目标值的情况。

    意义：评为优，意味着在资金范围内完成了全部目标。

    不通过：等次“优秀”，实际到位200，实际支出206.2。

    通过：等次“优秀”，指标全部达到目标值，支出没有超过到位。
    """
    reasons = {
        "F101": "实际支出大于实际到位", "F106": "某来源支出大于到位",
        "I304": "成本指标与实际支出不一致", "I305": "成本超过目标值", "I303": "有指标未达到目标值",
    }  # fmt: skip
    faults = findings.assign(reason=findings["rule"].map(reasons))
    faults = faults.sort_values("rule", key=lambda codes: codes.map([*reasons].index))
    by_file = faults.groupby("file", sort=False).agg(
        at=("at", tuple), reasons=("reason", lambda each: "、".join(dict.fromkeys(each)))
    )
    rows = _graded(projects, settings)
    rows = flagged(rows, rows["band"] == settings.bands[0].name)
    return report(
        rows.merge(by_file.reset_index(), on="file"),
        anchor="grade_at",
        related="at",
        problem="自评等次为“{grade}”，但存在：{reasons}。",
        expected="与问题相称的等次",
        actual="{grade}",
    )


@rule(
    "S406",
    "points-do-not-sum",
    "得分合计与总分不符",
    "error",
    advice="请核对各项得分和总分。",
    basis=MEASURES_2020,
    yields_to=("S402", "I312"),
    corrects=Corrects("projects", "score", "score_cell"),
)
def points_do_not_sum(
    weighted: pd.DataFrame, projects: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Forms with points: they do not add up to the score.

    Points that can't be read leave the sum unknown; without those of the execution rate only a sum
    above the score is surely wrong.

    Why it matters: the score is nothing but the sum of the points.

    Fails: points 10 + 48 + 28 + 9 = 95, score 98.

    Passes: points 10 + 48 + 28 + 9 = 95, score 95.

    To correct: check the points and add them up again.

    检查：有分项得分的表，各项得分相加不等于总分。

    意义：总分就是各项得分之和。

    不通过：各项得分10、48、28、9，合计95，总分98。

    通过：各项得分10、48、28、9，合计95，总分95。
    """
    rows = sums_of(weighted, "points").merge(_scores(projects), on="file")
    return report(
        rows[misses(rows, rows["score"], settings)],
        anchor="score_at",
        related="places",
        problem="各项得分合计{sum}分，总分填报{score}分。",
        expected="{sum}分",
        actual="{score}分",
        right="sum",
    )

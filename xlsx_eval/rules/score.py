"""S4xx 得分与等次: the score the unit gives itself and the grade that follows from it."""

from __future__ import annotations

import pandas as pd

from xlsx_eval.forms import Form
from xlsx_eval.rules.findings import flagged, flags, places, report
from xlsx_eval.rules.indicators import unmet
from xlsx_eval.rules.registry import COMPLETENESS, MEASURES_2020, Corrects, rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.views import asks_for, misses, sums_of
from xlsx_eval.values.grades import grade_of, parse_grade

BANDS = "90分及以上为优，80分及以上为良，60分及以上为中，60分以下为差"


def _scores(projects: pd.DataFrame) -> pd.DataFrame:
    return projects[["file", "score", "score_text", "grade", "grade_text"]].assign(
        score_at=places(projects, "score_cell", "score_sheet"),
        grade_at=places(projects, "grade_cell", "grade_sheet"),
        band=projects["grade"].map(parse_grade, na_action="ignore"),
    )


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

    Fails: 九十多分. Passes: 98.
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

    Fails: 102. Passes: 100.
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
    advice=f"请按得分更正等次（{BANDS}）。",
    basis=MEASURES_2020,
    yields_to=("S402",),
    explained_by=("S406",),
)
def grade_differs_from_score(projects: pd.DataFrame) -> pd.DataFrame:
    """The grade is not the band of the score: ≥ 90 优, ≥ 80 良, ≥ 60 中, else 差.

    优秀, 良好, 合格 and 不合格 are the same four. A score out of range (S402) has no band.

    Fails: 85 and 优秀. Passes: 85 and 良好.
    """
    rows = _scores(projects).dropna(subset=["score", "band"])
    rows = rows.assign(right=rows["score"].map(grade_of))
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
    advice=f"请按得分填写等次（{BANDS}）。",
    basis=MEASURES_2020,
)
def grade_missing(projects: pd.DataFrame, forms: dict[str, Form]) -> pd.DataFrame:
    """A score without a grade, in a form that asks for one.

    Fails: 98 without grade. Passes: 98 and 优秀.
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
    after=("F101", "F106", "I304", "I305"),
)
def top_grade_despite_errors(
    projects: pd.DataFrame, marks: pd.DataFrame, findings: pd.DataFrame
) -> pd.DataFrame:
    """Grade 优 while the form has an F101, F106, I304 or I305 finding or an unmet target.

    Fails: 优秀 with more spent than received. Passes: 优秀 with every target met.
    """
    reasons = {
        "F101": "实际支出大于实际到位", "F106": "某来源支出大于到位",
        "I304": "成本指标与实际支出不一致", "I305": "成本超过目标值",
    }  # fmt: skip
    missed = unmet(marks)[["file", "actual_at"]].rename(columns={"actual_at": "at"})
    faults = pd.concat(
        [
            findings[["file", "at"]].assign(reason=findings["rule"].map(reasons)),
            missed.assign(reason="有指标未达到目标值"),
        ]
    )
    by_file = faults.groupby("file", sort=False).agg(
        at=("at", tuple), reasons=("reason", lambda each: "、".join(dict.fromkeys(each)))
    )
    rows = _scores(projects)
    rows = flagged(rows, rows["band"] == "优")
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
    yields_to=("S402",),
    corrects=Corrects("projects", "score", "score_cell"),
    yields_at=("W904",),
)
def points_do_not_sum(
    weighted: pd.DataFrame, projects: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Forms with points: they do not add up to the score.

    Fails: points 10 + 48 + 28 + 9 = 95, score 98. Passes: points 95, score 95.
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

"""I303, I307: what was achieved against the target."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pandas as pd

from xlsx_eval.rules.findings import once, report
from xlsx_eval.rules.registry import MEASURES_2020, rule, view
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.wordings import Better, better, is_growth, is_share, is_time
from xlsx_eval.values.quantities import Quantity, parse_quantity, satisfies
from xlsx_eval.values.text import compact, is_none_word
from xlsx_eval.values.units import sizes

_WITH_REASON = re.compile(
    r"(?P<reached>.+?)(?:[，。；;（(]|(?<![0-9]),|,(?![0-9]))"
    r"(?P<reason>.*(?:因|由于|受.{1,12}影响|导致|所致|推迟|延期|延后|顺延|跨年).*)",
    re.DOTALL,
)
_NO_REASON = re.compile(r"(?:无|没有|未)(?:偏差|原因|偏离)?.{0,2}")


@view
def compared(marks: pd.DataFrame) -> pd.DataFrame:
    """The indicators whose target and actual are quantities that compare.

    `target` and `actual` (`Quantity`), `better` (the side of the target that is surely the good
    one: more, less or ""), `excess` (actual / target - 1), `explained` (a reason is given, in a
    column of its own or behind the actual: `40公里，因暴雨延期`). A target called 定性 is left out.
    """
    columns = [
        "level2", "content", "nature", "target", "target_operator", "target_value",
        "target_upper", "target_unit", "actual", "actual_value", "actual_unit", "reason",
    ]  # fmt: skip
    rows = marks[marks["target_value"].notna() & marks["has_actual"]]
    found: dict[object, dict[str, object]] = {}
    for index, row in zip(rows.index, rows[columns].to_dict("records"), strict=True):
        if "定性" in _text(row["nature"]):
            continue
        target = Quantity(
            row["target_operator"],
            row["target_value"],
            None if pd.isna(row["target_upper"]) else row["target_upper"],
            _text(row["target_unit"]) or None,
        )
        actual, explained = _reached(row)
        if actual and (excess := _excess(actual, target)) is not None:
            found[index] = {
                "quantity": target,
                "reached_quantity": actual,
                "better": better(
                    (_text(row["content"]), _text(row["target"])),
                    compact(_text(row["level2"])),
                    target.operator,
                    target.value,
                    target.unit or "",
                ),
                "excess": excess,
                "explained": explained or _is_reason(_text(row["reason"])),
            }
    extra = pd.DataFrame.from_dict(found, orient="index", columns=_COMPARED, dtype="object")
    return rows.loc[list(found)].assign(**{name: extra[name] for name in _COMPARED})


_COMPARED = ["quantity", "reached_quantity", "better", "excess", "explained"]


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _reached(row: dict[Any, Any]) -> tuple[Quantity | None, bool]:
    """The actual as a quantity, and whether its text gives a reason."""
    if pd.notna(row["actual_value"]):
        return Quantity("=", row["actual_value"], None, _text(row["actual_unit"]) or None), False
    match = _WITH_REASON.fullmatch(_text(row["actual"]))
    reached = parse_quantity(match["reached"]) if match else None
    return (reached, True) if reached and reached.operator == "=" else (None, False)


def _excess(actual: Quantity, target: Quantity) -> Decimal | None:
    """By what share an actual lies above a target, None where they don't compare."""
    common = sizes(actual.unit, target.unit)
    if common is None:
        return None
    wanted = target.value * common[1]
    return actual.value * common[0] / wanted - 1 if wanted else Decimal(0)


def _is_reason(text: str) -> bool:
    return bool(text) and not is_none_word(text) and not _NO_REASON.fullmatch(compact(text))


def falls_short(actual: Quantity, target: Quantity, side: Better) -> bool:
    """Whether an actual surely lies on the wrong side of a target."""
    if not side or satisfies(actual, target) is not False:
        return False
    bound = Quantity(">=" if side == "more" else "<=", target.value, None, target.unit)
    if side == "less" and target.upper is not None:
        bound = Quantity("<=", target.upper, None, target.unit)
    return target.operator in {"<", ">"} or satisfies(actual, bound) is False


@rule(
    "I303",
    "target-not-met",
    "指标未达到目标值",
    "warning",
    advice="请核对目标值和实际完成值；确未完成的，请说明原因和改进措施。",
    basis=MEASURES_2020,
    yields_at=("I305", "I307", "I311"),
    explained_by=("I304",),
)
def target_not_met(compared: pd.DataFrame) -> pd.DataFrame:
    """Target and actual are both quantities in one unit, and the actual misses the target.

    A notice where a reason is given. Units that convert exactly (1年 and 12个月) are one unit. A
    bare target (5%, 12个月) says neither that more nor that less is better: it is missed only by
    less than 100 %, by a lower share of a whole (合格率), by fewer pieces of a 数量指标, by more
    complaints and the like, by a longer term, or by more cost.

    Why it matters: an unmet target has to be seen, explained and made good, and counts in
    the score.

    Fails: target ≥95%, actual 92%. Target ≤5天, actual 7天.

    Passes: target ≥95%, actual 98%. Target 12个月, actual 10个月.

    To correct: check both values; where the target was missed, say why and what is done about it.

    检查：目标值和实际完成值是同一单位的数量，实际完成值没有达到目标值；已说明原因的只作提示。

    意义：没有完成的目标应当如实反映、说明原因并加以改进，也关系到得分。

    不通过：目标值≥95%，实际完成值92%；目标值≤5天，实际完成值7天。

    通过：目标值≥95%，实际完成值98%；目标值12个月，实际完成值10个月。
    """
    missed = [
        falls_short(*each)
        for each in zip(
            compared["reached_quantity"], compared["quantity"], compared["better"], strict=True
        )
    ]
    rows = compared[pd.Series(missed, compared.index, dtype=bool)]
    return report(
        _with_severity(rows),
        anchor="actual_at",
        related="target_at",
        problem="{name}的目标值是“{wanted}”，实际完成值是“{reached}”，没有达到目标值{noted}。",
        expected="{wanted}",
        actual="{reached}",
        severity="severity",
    )


def _with_severity(rows: pd.DataFrame) -> pd.DataFrame:
    explained = rows["explained"].astype(bool)
    return once(
        rows.assign(
            severity=explained.map({True: "notice", False: ""}),
            noted=explained.map({True: "，已说明原因", False: ""}),
        ),
        "actual_at",
    )


@rule(
    "I307",
    "far-above-target",
    "实际完成值远高于目标值",
    "warning",
    advice="请核对两个数值和单位；确实大幅超出的，请说明原因，并检查目标值是否定得过低。",
    basis=MEASURES_2020,
    yields_at=("I311",),
)
def far_above_target(compared: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The actual lies more than 30 % (`far_above_target`) above a ≥ or = target.

    A notice where a reason is given. Left out are shares, which 100 % bounds, but for growth
    (增长率); terms; cost, and what is better the less there is of it; a target of 0.

    Why it matters: so large a deviation comes from a slip or from a target set too low, and the
    measures ask for an analysis of deviations.

    Fails: target ≥320公里, actual 640公里.

    Passes: target ≥320公里, actual 340公里. Satisfaction ≥60%, actual 95%.

    To correct: check values and units; explain the deviation, and see whether the target was
    too low.

    检查：实际完成值高出“≥”或“＝”目标值30%以上；以100%为上限的比率、时限、成本和越少越好的指标除外。

    意义：偏差过大多半是填错或目标定得过低，按规定应当分析偏差原因。

    不通过：目标值≥320公里，实际完成值640公里。

    通过：目标值≥320公里，实际完成值340公里；满意度目标值≥60%，实际完成值95%。
    """
    chosen = [
        excess > settings.far_above_target and _may_be_too_much(target, side, kind, words)
        for excess, target, side, kind, words in zip(
            compared["excess"], compared["quantity"], compared["better"],
            compared["level2"].fillna(""),
            compared["content"].fillna("") + compared["target"].fillna(""), strict=True,
        )
    ]  # fmt: skip
    rows = compared[pd.Series(chosen, compared.index, dtype=bool)]
    over = [f"{excess * 100:.2f}".rstrip("0").rstrip(".") for excess in rows["excess"]]
    return report(
        _with_severity(rows.assign(over=pd.Series(over, rows.index, dtype="object"))),
        anchor="actual_at",
        related="target_at",
        problem="{name}的目标值是“{wanted}”，实际完成值是“{reached}”，高出{over}%{noted}。",
        expected="{wanted}",
        actual="{reached}",
        severity="severity",
    )


def _may_be_too_much(target: Quantity, side: Better, kind: str, words: str) -> bool:
    """Whether far more than a target is out of the ordinary."""
    if target.operator not in {">=", ">", "="} or target.value <= 0 or side == "less":
        return False
    if "成本" in compact(kind):
        return False
    unit = target.unit or ""
    if is_share(unit):
        return is_growth(words)
    if is_time(unit):
        return target.operator != "=" and "时效" not in compact(kind) and side == "more"
    return True

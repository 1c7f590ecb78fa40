"""C0xx 全县: reports whose text was copied from another project's."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import pandas as pd

from xlsx_eval.rules.alike import alike
from xlsx_eval.rules.findings import flags, places, report
from xlsx_eval.rules.registry import rule
from xlsx_eval.rules.settings import Settings
from xlsx_eval.values.project_names import project_name, unit_key
from xlsx_eval.values.text import compact

LEAST_LEFT = 40  # characters without names and figures that it takes to compare a text

_FIGURES_AND_SIGNS = re.compile(r"[^\u3400-\u9fffA-Z]")
_PLACE = re.compile(r"[\u4e00-\u9fff]{1,4}?(?:县|镇|乡|街道|社区|村)")
_HEADING = 30


@rule(
    "C006",
    "narrative-copied",
    "文字与其他项目雷同",
    "warning",
    advice="请按本项目的实际情况撰写，不要套用其他项目的文字。",
    yields_at=("N707",),
)
def narrative_copied(
    narratives: pd.DataFrame,
    counting: pd.DataFrame,
    projects: pd.DataFrame,
    evaluators: pd.DataFrame,
    settings: Settings,
) -> pd.DataFrame:
    """Two projects share a section of the report, names and figures apart.

    Compared are the texts of the same section with 80 characters or more, without the names of the
    form's own project, unit, department, people and places, without figures and signs; shared is
    what is the same to 90 %. One finding a form names the first other project and how many there
    are.

    Why it matters: a text that fits every project says nothing about this one.

    Fails: two projects with the same （三）项目组织实施情况 but for names and amounts.

    Passes: two texts of one structure with contents of their own.

    To correct: write the section anew, about this project.

    检查：两个项目的同一部分文字（80字以上）去掉名称和数字后，九成以上相同。

    意义：放在哪个项目都适用的文字，说明不了本项目的情况。

    不通过：两个项目的“（三）项目组织实施情况”除名称和金额外相同。

    通过：两个项目的文字结构相同，内容各不相同。
    """
    columns = ["file", "section", "heading", "text", "sheet", "text_cell"]
    texts = narratives.dropna(subset=["text", "section"])[columns]
    texts = texts.assign(at=places(texts, "text_cell"))
    long = flags(texts["text"], lambda text: len(compact(text)) >= settings.copied_text)
    texts = texts[long].merge(counting[["file", "name", "order"]], on="file")
    names = _names(projects, evaluators)
    plain = [
        _plain(text, names.get(file))
        for text, file in zip(texts["text"], texts["file"], strict=True)
    ]
    texts = texts.assign(plain=plain)
    texts = texts[flags(texts["plain"], lambda text: len(text) >= LEAST_LEFT)]
    shared: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for _, section in texts.drop_duplicates(["file", "section"]).groupby("section"):
        rows = section.sort_values("order").to_dict("records")
        found = alike([row["plain"] for row in rows], float(settings.copied_likeness))
        for number, match in found.items():
            row = rows[number]
            shared[row["file"]].append(row | {"other": rows[match.other], "count": match.count})
    return report(
        pd.DataFrame([_of_form(rows) for rows in shared.values()]),
        anchor="at",
        otherwise="narrative",
        related="others_at",
        problem="{what}与项目“{name}”（文件“{other_file}”）{more}的文字雷同。",
        expected="反映本项目的实际情况",
        actual="与“{name}”雷同",
    )


def _of_form(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The sections that one form shares, as one finding on the first of them."""
    first = min(rows, key=lambda row: row["section"])
    files = Counter(row["other"]["file"] for row in rows)
    other_file = files.most_common(1)[0][0]
    other = next(row["other"] for row in rows if row["other"]["file"] == other_file)
    count = max(*(row["count"] for row in rows), len(files))
    heading = (
        "".join(first["heading"].split())[:_HEADING] if pd.notna(first["heading"]) else "文字部分"
    )
    return {
        "file": first["file"],
        "at": first["at"],
        "others_at": tuple(row["at"] for row in rows),
        "what": f"“{heading}”" + (f"等{len(rows)}个部分" if len(rows) > 1 else ""),
        "name": other["name"],
        "other_file": other_file,
        "more": f"等{count}个项目" if count > 1 else "",
    }


def _names(projects: pd.DataFrame, evaluators: pd.DataFrame) -> dict[str, re.Pattern[str]]:
    """File → the names in its form: of the project, the unit, the department, people, places."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in projects.to_dict("records"):
        names = found[row["file"]]
        for column in ("project_unit", "department"):
            if pd.notna(row[column]):
                names |= {row[column], unit_key(row[column]), *_PLACE.findall(row[column])}
        if pd.notna(row["project_name"]) and (named := project_name(row["project_name"])):
            names |= {row["project_name"], named.key, named.loose}
        if pd.notna(row["address"]):
            names |= {row["address"], *_PLACE.findall(row["address"])}
        names |= {row[column] for column in ("leader", "preparer") if pd.notna(row[column])}
    for file, name in zip(evaluators["file"], evaluators["name"], strict=True):
        if pd.notna(name):
            found[file].add(name)
    return {file: pattern for file, names in found.items() if (pattern := _any_of(names))}


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern for any of the names, the longest first."""
    plain = {_without_figures(name) for name in names}
    known = sorted((name for name in plain if len(name) > 1), key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, known))) if known else None


def _plain(text: str, names: re.Pattern[str] | None) -> str:
    plain = _without_figures(text)
    return names.sub("", plain) if names else plain


def _without_figures(text: str) -> str:
    return _FIGURES_AND_SIGNS.sub("", compact(text).upper())

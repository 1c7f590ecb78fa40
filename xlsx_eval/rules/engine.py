"""Rules run over a county's frames: parameters given by name, findings put together."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from xlsx_eval.errors import UsageError
from xlsx_eval.forms import known_forms
from xlsx_eval.frames import FINDINGS, SEVERITIES, TEXT, Frames
from xlsx_eval.rules.findings import COLUMNS, Place
from xlsx_eval.rules.registry import Rule, all_rules, selected_codes
from xlsx_eval.rules.settings import Settings
from xlsx_eval.rules.views import VIEWS


@dataclass
class _Run:
    """One run over the frames: views are made once, rules once, however many ask for them."""

    frames: Frames
    settings: Settings
    chosen: frozenset[str]
    made: dict[str, Any] = field(default_factory=dict)
    found: dict[str, pd.DataFrame] = field(default_factory=dict)

    def given(self, name: str) -> Any:
        if name in self.frames:
            return self.frames[name]
        if name == "settings":
            return self.settings
        if name == "forms":
            return known_forms(self.settings.forms)
        if name not in self.made:
            view = VIEWS[name]
            self.made[name] = view(
                **{asked: self.given(asked) for asked in inspect.signature(view).parameters}
            )
        return self.made[name]

    def findings_of(self, rule: Rule) -> pd.DataFrame:
        """A rule's findings, run after those it takes findings from."""
        if rule.code not in self.found:
            given = {name: self.given(name) for name in rule.parameters if name != "findings"}
            if "findings" in rule.parameters:
                given["findings"] = self._together(rule.after)
            found = rule.check(**given)
            if len(found):
                found = found[~found["file"].isin(self._explained(rule))]
            self.found[rule.code] = found
        return self.found[rule.code]

    def _together(self, codes: tuple[str, ...]) -> pd.DataFrame:
        known = all_rules()
        found = [self.findings_of(known[code]).assign(rule=code) for code in codes]
        filled = [each for each in found if len(each)]
        return pd.concat(filled) if filled else pd.DataFrame(columns=[*COLUMNS, "rule"])

    def _explained(self, rule: Rule) -> set[str]:
        """Files in which another finding, one that is shown, explains what this rule would say."""
        shown = tuple(code for code in rule.yields_to if code in self.chosen)
        return set(self._together(shown)["file"]) if shown else set()


def run_rules(frames: Frames, settings: Settings | None = None) -> pd.DataFrame:
    """Frames → findings, a row each, with the columns of `FINDINGS` and `name, problem, advice`.

    Findings come by file, then severity, then rule. Raises UsageError for an unknown selection.
    """
    settings = settings or Settings()
    chosen = selected_codes(settings.select, settings.ignore)
    unknown = set(frames.projects["form"]) - known_forms(settings.forms).keys()
    if unknown:
        raise UsageError(f"no form {', '.join(sorted(unknown))}; name its file in the settings")
    run = _Run(frames, settings, chosen)
    spots = _Spots.of(frames)
    records = [
        record
        for rule in all_rules().values()
        if rule.code in chosen and len(frames.projects)
        for record in _records(rule, run.findings_of(rule), spots, settings)
    ]
    findings = pd.DataFrame(records, columns=[*FINDINGS, "name", "problem", "advice"], dtype=TEXT)
    return _in_order(findings, frames)


@dataclass(frozen=True)
class _Spots:
    """Where each part of each form that was found begins, and what each project is called."""

    by_place: dict[tuple[str, str], Place]
    projects: dict[str, str]

    @classmethod
    def of(cls, frames: Frames) -> _Spots:
        places = frames.places
        by_place = {
            (file, place): Place(sheet, cell)
            for file, place, sheet, cell, found, required in zip(
                places["file"], places["place"], places["sheet"], places["cell"],
                places["found"], places["required"], strict=True,
            )
            if found or not required
        }  # fmt: skip
        names = frames.projects.dropna(subset=["project_name"])
        return cls(by_place, dict(zip(names["file"], names["project_name"], strict=True)))


def _records(
    rule: Rule, found: pd.DataFrame, spots: _Spots, settings: Settings
) -> list[dict[str, object]]:
    records: list[dict[str, object]] = []
    if found.empty:
        return records
    for row in found.itertuples(index=False):
        place = row.at or spots.by_place.get((row.file, row.otherwise))
        if place is None:
            continue  # the form has no such part, or it is missing: a finding of its own
        records.append(
            {
                "file": row.file,
                "project": spots.projects.get(row.file, ""),
                "rule": rule.code,
                "severity": settings.severities.get(rule.code) or row.severity or rule.severity,
                "sheet": place.sheet,
                "cell": place.cell,
                "related": ";".join(reference(each) for each in row.related if each != place),
                "message": row.problem + rule.advice,
                "expected": row.expected,
                "actual": row.actual,
                "name": rule.title,
                "problem": row.problem,
                "advice": rule.advice,
            }
        )
    return records


def reference(place: Place) -> str:
    """Place → `Sheet1!B13`, the sheet quoted where Excel would."""
    plain = place.sheet.replace("_", "a").isalnum() and not place.sheet[0].isdigit()
    sheet = place.sheet if plain else "'" + place.sheet.replace("'", "''") + "'"
    return f"{sheet}!{place.cell}"


def _in_order(findings: pd.DataFrame, frames: Frames) -> pd.DataFrame:
    files = {file: number for number, file in enumerate(frames.projects["file"])}
    order = pd.DataFrame(
        {
            "file": findings["file"].map(files),
            "severity": findings["severity"].map(SEVERITIES.index),
            "rule": findings["rule"],
        }
    )
    index = order.sort_values(["file", "severity", "rule"], kind="stable").index
    return findings.loc[index].reset_index(drop=True)

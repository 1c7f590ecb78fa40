"""Rules run over a county's frames: parameters given by name, findings put together."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from xlsx_eval.errors import UsageError
from xlsx_eval.forms import known_forms
from xlsx_eval.frames import FINDINGS, PREVIOUS, ROSTER, SEVERITIES, TEXT, Frames, table
from xlsx_eval.rules.findings import COLUMNS, Place, places
from xlsx_eval.rules.registry import VIEWS, Rule, Rulebook
from xlsx_eval.rules.settings import Settings, rulebook_of

SENTENCES = ("name", "problem", "advice", "basis")
"""What a finding says besides its columns, for whoever writes them out one by one."""


@dataclass
class _Run:
    """One run over the frames: views are made once, rules once, however many ask for them."""

    frames: Frames
    settings: Settings
    book: Rulebook
    chosen: frozenset[str]
    beside: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)
    raw: dict[Rule, pd.DataFrame] = field(default_factory=dict)
    unexplained: dict[Rule, pd.DataFrame] = field(default_factory=dict)
    found: dict[Rule, pd.DataFrame] = field(default_factory=dict)
    corrected: dict[str, _Run] = field(default_factory=dict)
    forms: dict[str, set[str]] = field(default_factory=dict)
    hidden: tuple[set[tuple[str, Place]], set[tuple[str, str]]] | None = None

    def given(self, name: str) -> Any:
        if name in self.frames:
            return self.frames[name]
        if name in self.beside:
            return self.beside[name]
        if name == "settings":
            return self.settings
        if name == "chosen":
            return self.chosen
        if name == "forms":
            return known_forms(self.settings.forms)
        if name not in self.made:
            view = VIEWS[name]
            self.made[name] = view(
                **{asked: self.given(asked) for asked in inspect.signature(view).parameters}
            )
        return self.made[name]

    def findings_of(self, rule: Rule) -> pd.DataFrame:
        """A rule's findings less those that other rules' findings explain."""
        if rule not in self.found:
            found = self._unexplained_of(rule)
            if len(found) and rule.yields_at:
                cells = self._cells_of(rule.yields_at)
                here = zip(found["file"], found["at"], strict=True)
                found = found[[each not in cells for each in here]]
            if len(found) and rule.hides is None:
                found = self._seen(found)
            self.found[rule] = found
        return self.found[rule]

    def _unexplained_of(self, rule: Rule) -> pd.DataFrame:
        """A rule's findings, whether or not another one says the same on their cell."""
        if rule not in self.unexplained:
            found = self._all_of(rule)
            if len(found):
                found = found[~found["file"].isin(self._files_of(rule.yields_to))]
            for code in rule.explained_by:
                if len(found) and code in self.chosen:
                    found = self._without_explained(rule, found, code)
            self.unexplained[rule] = found
        return self.unexplained[rule]

    def _seen(self, found: pd.DataFrame) -> pd.DataFrame:
        """The findings on what other rules do not say to be unknown."""
        if self.hidden is None:
            self.hidden = self._hidden()
        cells, parts = self.hidden
        return found[
            [
                (file, at) not in cells if isinstance(at, Place) else (file, part) not in parts
                for file, at, part in zip(
                    found["file"], found["at"], found["otherwise"], strict=True
                )
            ]
        ]

    def _hidden(self) -> tuple[set[tuple[str, Place]], set[tuple[str, str]]]:
        """The cells whose value, and the parts of which some value, is said to be unknown."""
        cells: set[tuple[str, Place]] = set()
        parts: set[tuple[str, str]] = set()
        for rule in self.book.rules:
            if rule.hides is None or rule.code not in self.chosen:
                continue
            for row in self.findings_of(rule).itertuples(index=False):
                if rule.hides == "cell":
                    cells |= {(row.file, at) for at in (row.at, *row.related)}
                else:
                    parts |= {(row.file, part) for part in row.otherwise.split()}
        return cells, parts

    def _all_of(self, rule: Rule) -> pd.DataFrame:
        """What a rule finds in the files of the forms it holds for, after those it takes."""
        if rule not in self.raw:
            given = {name: self.given(name) for name in rule.parameters if name != "findings"}
            if "findings" in rule.parameters:
                given["findings"] = self._together(rule.after)
            found = rule.check(**given)
            self.raw[rule] = found[found["file"].isin(self._files_under(rule))]
        return self.raw[rule]

    def _files_under(self, rule: Rule) -> set[str]:
        """The files for whose form and year a rule is the one in force."""
        if not self.forms:
            for form, files in self.frames.projects.groupby("form")["file"]:
                for each in self.book.in_force(str(form), self.settings.year).values():
                    self.forms.setdefault(_key(each), set()).update(files)
        return self.forms.get(_key(rule), set())

    def _together(self, codes: tuple[str, ...]) -> pd.DataFrame:
        found = [
            self.findings_of(each).assign(rule=each.code)
            for each in self.book.rules
            if each.code in codes
        ]
        filled = [each for each in found if len(each)]
        return pd.concat(filled) if filled else pd.DataFrame(columns=[*COLUMNS, "rule"])

    def _shown(self, codes: tuple[str, ...]) -> pd.DataFrame:
        """The findings of those rules that are chosen: what is not shown explains nothing."""
        return self._together(tuple(code for code in codes if code in self.chosen))

    def _files_of(self, codes: tuple[str, ...]) -> set[str]:
        return set(self._shown(codes)["file"]) if codes else set()

    def _cells_of(self, codes: tuple[str, ...]) -> set[tuple[str, Place]]:
        shown = self._shown(codes)
        return {
            (file, at)
            for file, at in zip(shown["file"], shown["at"], strict=True)
            if isinstance(at, Place)
        }

    def _without_explained(self, rule: Rule, found: pd.DataFrame, code: str) -> pd.DataFrame:
        """The findings that would still be there were those of another rule corrected."""
        corrections = self._corrections(code).dropna(subset=["right"])
        if corrections.empty or not found["file"].isin(corrections["file"]).any():
            return found
        if code not in self.corrected:
            self.corrected[code] = replace(
                self, frames=_corrected(self.frames, corrections, self.book.by_code()[code]),
                made={}, raw={}, unexplained={}, found={}, corrected={}, forms={}, hidden=None,
            )  # fmt: skip
        left = self.corrected[code]._all_of(rule)  # noqa: SLF001 - the same class
        still = set(zip(left["file"], left["at"], strict=True))
        known = set(corrections["file"])
        return found[
            [
                file not in known or (file, at) in still
                for file, at in zip(found["file"], found["at"], strict=True)
            ]
        ]

    def _corrections(self, code: str) -> pd.DataFrame:
        """What a rule would set right, also where another one speaks on the same cell."""
        found = [self._unexplained_of(each) for each in self.book.rules if each.code == code]
        filled = [each for each in found if len(each)]
        return pd.concat(filled) if filled else pd.DataFrame(columns=list(COLUMNS))


def _key(rule: Rule) -> str:
    return f"{rule.catalogue.name} {rule.code}"


def _corrected(frames: Frames, corrections: pd.DataFrame, rule: Rule) -> Frames:
    """The frames of the files that a rule speaks of, with the values it finds right put in."""
    files = set(corrections["file"])
    narrowed = {name: frame[frame["file"].isin(files)] for name, frame in frames.items()}
    for target in rule.corrects:
        frame = narrowed[target.frame]
        cells = corrections["at"]
        if target.related:
            cells = corrections["related"].map(lambda places: places[0] if places else None)
        right = {
            (file, at): value
            for file, at, value in zip(
                corrections["file"], cells, corrections["right"], strict=True
            )
        }
        sheet = target.cell.replace("_cell", "_sheet")
        at = places(frame, target.cell, sheet if sheet in frame else "sheet")
        values = [
            right.get((file, place), value)
            for file, place, value in zip(frame["file"], at, frame[target.column], strict=True)
        ]
        put = pd.Series(pd.array(values, dtype=frame[target.column].dtype), index=frame.index)
        narrowed[target.frame] = frame.assign(**{target.column: put})
    return Frames(**narrowed)


def run_rules(
    frames: Frames,
    settings: Settings | None = None,
    *,
    roster: pd.DataFrame | None = None,
    previous: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Frames → findings, a row each, with the columns of `FINDINGS` and of `SENTENCES`.

    `roster` lists the projects of which a report is due, `previous` what was reported last year.
    Findings come by file, then severity, then rule. Raises UsageError for an unknown selection.
    """
    settings = settings or Settings()
    book = rulebook_of(settings)
    chosen = book.selected(settings.select, settings.ignore)
    unknown = set(frames.projects["form"]) - known_forms(settings.forms).keys()
    if unknown:
        raise UsageError(f"no form {', '.join(sorted(unknown))}; name its file in the settings")
    beside = {
        "roster": table([], ROSTER) if roster is None else roster,
        "previous": table([], PREVIOUS) if previous is None else previous,
    }
    run = _Run(frames, settings, book, chosen, beside)
    spots = _Spots.of(frames)
    records = [
        record
        for rule in book.rules
        if rule.code in chosen and len(frames.projects)
        for record in _records(rule, run.findings_of(rule), spots, settings)
    ]
    findings = pd.DataFrame(records, columns=[*FINDINGS, *SENTENCES], dtype=TEXT)
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
                "basis": rule.basis.chinese,
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

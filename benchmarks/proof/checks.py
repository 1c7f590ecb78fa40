"""All checks of one workbook, each with a name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from proof import changes, comment_changes, opinions, sheet_changes
from proof.content import content, told_apart
from proof.marks import comments_missing, marks_missing, replies_lost, sheet_faults
from proof.package import STRICT, NotComparable, Package, place
from proof.targets import NOTHING_FOUND, SEVERITIES, Plan, commented, plan, relation_to
from xlsx_eval.annotation import annotate, strip
from xlsx_eval.errors import UnreadableWorkbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from proof.package import Relation, Sheet
    from xlsx_eval.annotation import Review

CHECKS = {
    "taken": "what openpyxl or calamine opens is not refused",
    "package": "the copy is a whole package: no part twice, each has a type and is referred to",
    "untouched": "parts that need no mark are byte-identical",
    "touched": "the others differ by our additions only",
    "values": "texts, values, formulas and cached values are what they were",
    "marks": "each cell shows the fill of its worst finding and keeps its other formats",
    "comments": "each comment names the findings; earlier ones are kept, and have their boxes",
    "sheet": "审核意见 is last, active, alone selected and lists every finding",
    "openpyxl": "openpyxl opens it as before and sees the same values and formats",
    "calamine": "calamine opens it as before and sees the same values",
    "replies": "what was typed into 单位说明 and 处理意见 comes back",
    "twice": "annotated again, by the same or another review, is annotated once",
    "stripped": "stripped it is the original in content",
    "clean": "without findings only the sheet is added",
}
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = {
    "worksheet": f"{_SPREADSHEET}.worksheet+xml",
    "styles": f"{_SPREADSHEET}.styles+xml",
    "sharedStrings": f"{_SPREADSHEET}.sharedStrings+xml",
    "comments": f"{_SPREADSHEET}.comments+xml",
    "vmlDrawing": "application/vnd.openxmlformats-officedocument.vmlDrawing",
}
MANY = 5  # problems told of a check


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, under the name of the check that saw it."""

    check: str
    text: str


@dataclass(slots=True)
class Outcome:
    """What came of a workbook: the kinds of cell marked, checks made, problems."""

    refused: str = ""
    kinds: Counter[str] = field(default_factory=Counter)
    made: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    same_bytes: bool = False

    def add(self, check: str, found: Callable[[], Iterable[str]]) -> None:
        """Make one check; an error in it is a problem too."""
        self.made.add(check)
        try:
            told = list(found())
        except NotComparable as fault:
            told = [f"can't be compared: {fault}"]
        self.problems += [Problem(check, text) for text in told[:MANY]]
        if len(told) > MANY:
            self.problems.append(Problem(check, f"… and {len(told) - MANY} more"))


def examine(workbook: bytes, *, others: bool = True) -> Outcome:
    """Annotate a workbook and check the copy; `others` asks openpyxl and calamine as well."""
    outcome = Outcome()
    try:
        original = Package(workbook)
        made = plan(original)
    except NotComparable:
        made = Plan((), NOTHING_FOUND)
    try:
        marked = annotate(workbook, made.review)
        copy = Package(marked)
    except UnreadableWorkbook as fault:
        outcome.refused = str(fault)
        outcome.add("taken", lambda: openable(workbook) if others else ())
        return outcome
    except NotComparable as fault:
        outcome.problems.append(Problem("package", str(fault)))
        return outcome
    if not made.targets and made.review is NOTHING_FOUND:
        outcome.problems.append(Problem("package", "annotated, and we can't read the original"))
        return outcome
    outcome.kinds.update(target.kind for target in made.targets)
    compare(original, copy, made, outcome)
    if others:
        ask_others(workbook, marked, made, outcome)
    round_trips(original, copy, made, outcome)
    return outcome


def openable(workbook: bytes) -> Iterator[str]:
    """Which programs open what was refused, and see sheets in it."""
    readers: tuple[Callable[[bytes], object], ...] = (
        opinions.openpyxl_facts,
        opinions.calamine_facts,
    )
    for reader in readers:
        try:
            facts = reader(workbook)
        except opinions.Unopened:
            continue
        if facts:
            yield f"refused, and {reader.__name__.partition('_')[0]} opens it"


def compare(old: Package, new: Package, made: Plan, outcome: Outcome) -> None:
    """A marked copy beside its original."""
    outcome.add("package", lambda: package_faults(old, new))
    outcome.add("untouched", lambda: untouched(old, new, made))
    outcome.add("touched", lambda: touched(old, new, made))
    outcome.add("values", lambda: values(old, new))
    outcome.add("marks", lambda: marks_missing(new, made, old))
    outcome.add("comments", lambda: comments_missing(new, made, old))
    outcome.add("sheet", lambda: sheet_faults(old, new, made.review))


def ask_others(workbook: bytes, copy: bytes, made: Plan, outcome: Outcome) -> None:
    try:
        facts = opinions.openpyxl_facts(workbook)
        looks = bool(Package(workbook).styles.items("fonts"))
        outcome.add(
            "openpyxl", lambda: opinions.openpyxl_differences(facts, copy, made, looks=looks)
        )
    except opinions.Unopened:
        pass
    try:
        seen = opinions.calamine_facts(workbook)
        outcome.add("calamine", lambda: opinions.calamine_differences(seen, copy))
    except opinions.Unopened:
        pass


def round_trips(old: Package, new: Package, made: Plan, outcome: Outcome) -> None:
    """Replies, annotating again, stripping, annotating without findings."""
    outcome.add("replies", lambda: replies_lost(new.content, made.review))

    def twice() -> Iterator[str]:
        again = annotate(new.content, made.review)
        outcome.same_bytes = again == new.content
        yield from content_differences(new, again)
        later = another_review(made.review)
        expected = Package(annotate(old.content, later))
        for text in content_differences(expected, annotate(new.content, later)):
            yield f"another review: {text}"

    def stripped() -> Iterator[str]:
        yield from content_differences(old, strip(new.content))
        for text in content_differences(old, strip(old.content)):
            yield f"never annotated: {text}"

    outcome.add("twice", lambda: told(twice))
    outcome.add("stripped", lambda: told(stripped))
    outcome.add("clean", lambda: told(lambda: clean(old)))


def another_review(review: Review) -> Review:
    """Every other finding, each of another severity: what a corrected workbook may get."""
    turned = dict(zip(SEVERITIES, SEVERITIES[1:] + SEVERITIES[:1], strict=True))
    marks = (replace(mark, severity=turned[mark.severity]) for mark in review.marks[::2])
    return replace(review, verdict="需核实", marks=tuple(marks))


def content_differences(old: Package, new: bytes) -> Iterator[str]:
    if new != old.content:
        yield from told_apart(content(old), content(Package(new)))


def told(check: Callable[[], Iterator[str]]) -> Iterator[str]:
    """A check in which the editor may refuse what it took before."""
    try:
        yield from check()
    except UnreadableWorkbook as fault:
        yield f"refused: {fault}"


def clean(old: Package) -> Iterator[str]:
    """Without findings: the sheet, and no other change."""
    new = Package(annotate(old.content, NOTHING_FOUND))
    nothing = Plan((), NOTHING_FOUND)
    yield from package_faults(old, new)
    yield from untouched(old, new, nothing)
    yield from touched(old, new, nothing)
    yield from sheet_faults(old, new, NOTHING_FOUND)


# ------------------------------------------------------------------------------------------- parts


def package_faults(old: Package, new: Package) -> Iterator[str]:
    """Names, types and relationships of the copy's parts."""
    twice = _twice(new) - _twice(old)
    if twice:
        yield f"there twice: {sorted(twice)}"
    strict = new.tree(new.workbook).tag.startswith(f"{{{STRICT}}}")
    yield from _added_parts(old, new, strict=strict)
    for part in ("", *new.names):
        before = _relations(old, part) if part in {"", *old.names} else []
        for each in _relations(new, part):
            if each in before:
                continue
            if each.part is not None and new.find(each.part) is None:
                yield f"{part}: {each.target} is not there"
            if ("purl.oclc.org" in each.type) != strict:
                yield f"{part}: a relationship of the type {each.type}"


def _twice(package: Package) -> set[str]:
    return {name for name, times in Counter(package.names).items() if times > 1}


def _added_parts(old: Package, new: Package, *, strict: bool) -> Iterator[str]:
    related = [each for part in ("", *new.names) for each in _relations(new, part)]
    referred = {each.part.casefold() for each in related if each.part}
    for name in new.names:
        if old.find(name) is not None:
            continue
        if new.type_of(name) is None:
            yield f"{name} has no content type"
        if name.endswith(".rels"):
            continue
        kinds = {each.kind for each in related if each.part and new.find(each.part) == name}
        for kind in kinds & TYPES.keys():
            if new.type_of(name) != TYPES[kind]:
                yield f"{name} is of the type {new.type_of(name)}"
        if name.replace("\\", "/").lstrip("/").casefold() not in referred:
            yield f"nothing refers to {name}"
        if name.endswith(".xml"):
            uri = str(new.tree(name).tag).partition("}")[0][1:]
            if ("purl.oclc.org" in uri) != strict:
                yield f"{name} has the namespace {uri}"


def _relations(package: Package, part: str) -> list[Relation]:
    if part.endswith(".rels"):
        return []
    return package.relations(part)


def _roles(package: Package, marked: set[str]) -> dict[str, tuple[str, Sheet | None]]:
    """Parts that may differ, by name: what they are, and of which sheet."""
    workbook = package.workbook
    found: dict[str, tuple[str, Sheet | None]] = {
        package.find("[Content_Types].xml") or "": ("types", None),
        workbook: ("workbook", None),
        _listing(package, workbook): ("relations", None),
        package.related(workbook, "styles") or "": ("styles", None),
        package.related(workbook, "sharedStrings") or "": ("strings", None),
    }
    for sheet in package.sheets:
        found[sheet.part] = ("sheet", sheet)
        if sheet.name in marked and sheet.kind == "worksheet":
            found[_listing(package, sheet.part)] = ("relations", sheet)
            found[package.related(sheet.part, "comments") or ""] = ("comments", sheet)
            wanted = relation_to(package.tree(sheet.part), "legacyDrawing")
            for relation in package.relations(sheet.part):
                if relation.id == wanted and relation.part:
                    found[package.find(relation.part) or ""] = ("drawing", sheet)
    return found


def _listing(package: Package, part: str) -> str:
    folder, _, name = part.replace("\\", "/").rpartition("/")
    return package.find(f"{folder}/_rels/{name}.rels") or ""


def untouched(old: Package, new: Package, made: Plan) -> Iterator[str]:
    may_differ = _roles(old, {name for name, _ in (*made.anchors, *made.related)})
    for name, data in old.parts.items():
        if name not in new.parts:
            yield f"{name} is gone"
        elif name not in may_differ and new.parts[name] != data:
            yield f"{name} differs"


def touched(old: Package, new: Package, made: Plan) -> Iterator[str]:
    """Differences in the parts that may differ, beyond our additions."""
    roles = _roles(old, {name for name, _ in (*made.anchors, *made.related)})
    for name, (role, sheet) in roles.items():
        if name not in old.parts or old.parts[name] == new.parts.get(name):
            continue
        if name not in new.parts:
            continue  # told as untouched
        for text in _changes(old, new, made, name, role, sheet):
            yield f"{name}: {text}"


def _changes(
    old: Package, new: Package, made: Plan, name: str, role: str, sheet: Sheet | None
) -> Iterator[str]:
    if role == "types":
        yield from changes.types_changes(old, new)
    elif role == "relations":
        yield from changes.relations_changes(*(_listed(package, name) for package in (old, new)))
    elif role == "drawing":
        yield from comment_changes.drawing_changes(old.parts[name], new.parts[name])
    elif role == "sheet" and sheet is not None:
        marked = {place(c) for n, c in (*made.anchors, *made.related) if n == sheet.name}
        yield from sheet_changes.sheet_changes(old.tree(name), new.tree(name), marked)
    elif role == "comments" and sheet is not None:
        mine = {c for n, c in made.anchors if n == sheet.name and (n, c) not in made.threaded}
        there = set(commented(old, sheet))
        yield from comment_changes.comments_changes(
            old.tree(name), new.tree(name), mine & there, mine - there
        )
    else:
        by_role = {
            "workbook": changes.workbook_changes,
            "styles": changes.styles_changes,
            "strings": changes.strings_changes,
        }
        yield from by_role[role](old.tree(name), new.tree(name))


def _listed(package: Package, listing: str) -> list[Relation]:
    folder, _, name = listing.replace("\\", "/").rpartition("/")
    return package.relations(f"{folder.removesuffix('_rels')}{name.removesuffix('.rels')}")


def values(old: Package, new: Package) -> Iterator[str]:
    """Values, formulas and types of the cells of the original's sheets, and their order."""
    names = [(sheet.name, sheet.state, sheet.number) for sheet in old.sheets]
    if [(sheet.name, sheet.state, sheet.number) for sheet in new.sheets][: len(names)] != names:
        yield f"sheets {names} → {[sheet.name for sheet in new.sheets]}"
    before, after = (
        {
            key: value[0]
            for key, value in content(package).items()
            if key[1:2] == ("cell",) and isinstance(value, tuple)
        }
        for package in (old, new)
    )
    ours = {sheet.name for sheet in new.sheets[len(old.sheets) :]}
    blank = {key for key in after if key not in before and not said(after[key])}
    kept = {k: v for k, v in after.items() if k not in blank and k[0] not in ours}
    # a blank cell of theirs may look as its row did and be left out on one side
    blank = {key for key in before if key not in kept and not said(before[key])}
    yield from told_apart({k: v for k, v in before.items() if k not in blank}, kept)


def said(value: object) -> bool:
    """Whether a cell's value is one, as opposed to a blank cell's."""
    if isinstance(value, tuple) and value and value[0] == "s":
        return True
    return bool(value[3] or value[1]) if isinstance(value, tuple) and len(value) == 4 else True

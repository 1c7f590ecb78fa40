"""Answers that follow their finding: what people typed beside it in earlier copies."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from xlsx_eval.annotation import Answer, Mark, Review
from xlsx_eval.annotation.review import position

_NUMBER = re.compile(r"\d[\d,.]*")
_VALUE = re.compile("(?<=[为是了明间])“[^”]*”")  # 填写为“…”, 起止时间“…”
_NAMED = re.compile("(?<![为是了明间])“([^”]+)”")
_RENAMED = "*"  # no sheet of Excel's is called so

Replies = tuple[Answer, ...]


def answered(review: Review, sent: Replies, ours: Replies, sheets: Collection[str]) -> Review:
    """The review with what people typed beside the same findings before.

    `sent` stands in what the unit sent, `ours` in our own copy of the run before, rows without a
    word included. The unit's newest word is in the first, also where it emptied the cell; the
    reviewer's is in the second. Answers to findings that are no longer made go into `earlier`.
    `sheets` are the workbook's: those of an answer that is not among them was renamed.
    """
    by_unit, by_us = (_match(review.marks, answers, sheets) for answers in (sent, ours))
    marks = tuple(
        replace(mark, reply=reply, decision=decision)
        for number, mark in enumerate(review.marks)
        for reply, decision in [_together(by_unit.get(number), by_us.get(number))]
    )
    left = [
        {_Said.of(answer): answer for answer in answers if answer not in kept}
        for answers, kept in ((sent, [*by_unit.values()]), (ours, [*by_us.values()]))
    ]
    return replace(review, marks=marks, earlier=tuple(_earlier(*left)))


def _together(sent: Answer | None, ours: Answer | None) -> tuple[str, str]:
    """The reply and the decision that count."""
    replies = [answer.reply for answer in (sent, ours) if answer]
    decisions = [answer.decision for answer in (ours, sent) if answer and answer.decision]
    return next(iter(replies), ""), next(iter(decisions), "")


def _earlier(sent: dict[_Said, Answer], ours: dict[_Said, Answer]) -> Iterable[Answer]:
    for key in dict.fromkeys((*ours, *sent)):
        reply, decision = _together(sent.get(key), ours.get(key))
        if reply or decision:
            yield replace(ours.get(key) or sent[key], reply=reply, decision=decision)


# ------------------------------------------------------------------------------------- matching


@dataclass(frozen=True, slots=True)
class _Said:
    """A finding as compared, or what a row of 审核意见 tells of one.

    People who edit a copy may have broken the problem's lines. `row` and `column` are 0 where the
    finding has no cell.
    """

    rule: str
    sheet: str
    row: int
    column: int
    problem: str

    @classmethod
    def of(cls, said: Mark | Answer) -> _Said:
        row, column = position(said.cell) or (0, 0)
        return cls(said.rule, said.sheet or "", row, column, "".join(said.problem.split()))

    @property
    def named(self) -> tuple[str, ...]:
        """What the problem names: “路面修补材料”."""
        return tuple(sorted(_NAMED.findall(self.problem)))


NEAR = 5  # rows that people insert or delete at once

Key = Callable[[_Said], Hashable]
Numbered = list[tuple[int, _Said]]
Pairs = list[tuple[int, int]]


def _match(
    marks: Sequence[Mark], answers: Sequence[Answer], sheets: Collection[str]
) -> dict[int, Answer]:
    """Number of the finding → the answer to it.

    The surest come first: the same problem, then the same but for its numbers, then the same cell
    with another problem. At last the only finding of a rule on a sheet takes the only answer left.
    Nothing is matched that names different things, or that could as well belong to another, or
    that went far while others of its rule stayed: a wrong answer would be worse than none.
    """
    findings, told = _renamed(marks, answers, sheets)
    told = _moved(findings, told)
    matched: dict[int, int] = {}
    stayed: set[Hashable] = set()
    for key, pairs in _WAYS:
        used = {*matched.values()}
        for group in _grouped(
            key,
            [(number, said) for number, said in enumerate(findings) if number not in matched],
            [(number, said) for number, said in enumerate(told) if number not in used],
        ):
            found = [
                (finding, answer)
                for finding, answer in pairs(*group)
                if _may_be_same(findings[finding], told[answer])
            ]
            stayed |= {
                _rule_and_sheet(findings[finding])
                for finding, answer in found
                if _place(findings[finding]) == _place(told[answer])
            }
            matched |= {
                finding: answer
                for finding, answer in found
                if _rule_and_sheet(findings[finding]) not in stayed
                or abs(findings[finding].row - told[answer].row) <= NEAR
            }
    return {finding: answers[answer] for finding, answer in matched.items()}


def _grouped(key: Key, findings: Numbered, told: Numbered) -> Iterable[tuple[Numbered, Numbered]]:
    """Findings and answers that have the key in common."""
    groups: dict[Hashable, tuple[Numbered, Numbered]] = defaultdict(lambda: ([], []))
    for which, numbered in enumerate((findings, told)):
        for each in numbered:
            groups[key(each[1])][which].append(each)
    return groups.values()


def _renamed(
    marks: Sequence[Mark], answers: Sequence[Answer], sheets: Collection[str]
) -> tuple[list[_Said], list[_Said]]:
    """Both as compared; sheets that are gone and sheets that are new count as one another."""
    findings, told = [*map(_Said.of, marks)], [*map(_Said.of, answers)]
    there = {"", *sheets, *(finding.sheet for finding in findings)}
    before = {"", *(answer.sheet for answer in told)}
    return (
        [each if each.sheet in before else replace(each, sheet=_RENAMED) for each in findings],
        [each if each.sheet in there else replace(each, sheet=_RENAMED) for each in told],
    )


def _moved(findings: list[_Said], told: list[_Said]) -> list[_Said]:
    """The answers in the rows where they belong now.

    Problems that stand on their own and name something tell how far the rows moved: the nearest
    above, or the nearest below where more answers then meet their problem.
    """
    known = _moves(findings, told)
    there = {(_same(each), each.row, each.column) for each in findings}
    groups: dict[tuple[Hashable, tuple[int, ...]], list[int]] = defaultdict(list)
    for number, said in enumerate(told):
        groups[_same(said), _candidates(said.row, known.get(said.sheet, []))].append(number)
    moved = list(told)
    for (same, candidates), numbers in groups.items():
        met = {
            by: sum((same, told[n].row + by, told[n].column) in there for n in numbers)
            for by in candidates
        }
        by = max(candidates, key=met.__getitem__)
        for number in numbers:
            if (row := told[number].row) and row + by > 0:
                moved[number] = replace(told[number], row=row + by)
    return moved


def _moves(findings: list[_Said], told: list[_Said]) -> dict[str, list[tuple[int, int]]]:
    """Sheet → rows before, in order, and by how much what stood there moved."""
    numbered = (
        [(n, said) for n, said in enumerate(each) if said.named and said.row]
        for each in (findings, told)
    )
    moves: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for now, then in _grouped(_same, *numbered):
        if len(now) == len(then) == 1:
            said = then[0][1]
            moves[said.sheet].append((said.row, now[0][1].row - said.row))
    return {sheet: sorted(known) for sheet, known in moves.items()}


def _candidates(row: int, known: list[tuple[int, int]]) -> tuple[int, ...]:
    """By how much a row may have moved: as the nearest known one above it, or below."""
    above = [move for at, move in known if at <= row][-1:] or [0]
    below = [move for at, move in known if at > row][:1]
    return tuple(dict.fromkeys((*above, *below)))


def _by_rows(findings: Numbered, told: Numbered) -> Pairs:
    """Equally many in the order of their rows, if two or more moved by as many; else by place."""
    if len(findings) != len(told):
        return _in_place(findings, told)
    findings, told = sorted(findings, key=_where), sorted(told, key=_where)
    both = [*zip(findings, told, strict=True)]
    moves = Counter(now.row - then.row for (_, now), (_, then) in both)
    del moves[0]
    pairs = [] if max(moves.values(), default=0) > 1 else _in_place(findings, told)
    left = (
        [number for number, _ in numbered if number not in {pair[which] for pair in pairs}]
        for which, numbered in enumerate((findings, told))
    )
    return [*pairs, *zip(*left, strict=True)]


def _in_place(findings: Numbered, told: Numbered) -> Pairs:
    """Those in the same cell, in turn."""
    waiting = list(told)
    pairs = []
    for number, finding in findings:
        if here := next((each for each in waiting if _place(each[1]) == _place(finding)), None):
            waiting.remove(here)
            pairs.append((number, here[0]))
    return pairs


def _only(findings: Numbered, told: Numbered) -> Pairs:
    """The only one of each."""
    return [(findings[0][0], told[0][0])] if len(findings) == len(told) == 1 else []


def _where(numbered: tuple[int, _Said]) -> tuple[int, int]:
    return numbered[1].row, numbered[1].column


def _may_be_same(finding: _Said, answer: _Said) -> bool:
    """Whether both name the same, as far as they name something."""
    return not (finding.named and answer.named) or finding.named == answer.named


def _rule_and_sheet(said: _Said) -> Hashable:
    return said.rule, said.sheet


def _place(said: _Said) -> Hashable:
    return said.rule, said.sheet, said.row, said.column


def _same(said: _Said) -> Hashable:
    return said.rule, said.sheet, said.problem


def _same_but_for_numbers(said: _Said) -> Hashable:
    problem = _NUMBER.sub("0", _VALUE.sub("“”", said.problem))
    return said.rule, said.sheet, problem, said.named


_WAYS: tuple[tuple[Key, Callable[[Numbered, Numbered], Pairs]], ...] = (
    (_same, _by_rows),
    (_same_but_for_numbers, _by_rows),
    (_place, _in_place),
    (_rule_and_sheet, _only),
)

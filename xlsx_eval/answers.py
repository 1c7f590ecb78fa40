"""Answers that follow their finding: what people typed beside it in earlier copies."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from xlsx_eval.annotation import Answer, Mark, Review

_NUMBER = re.compile(r"\d[\d,.]*")
_NAMED = re.compile("“([^”]+)”")

Replies = tuple[Answer, ...]
Said = Mark | Answer


def answered(review: Review, sent: Replies, ours: Replies) -> Review:
    """The review with what people typed beside the same findings before.

    `sent` stands in what the unit sent, `ours` in our own copy of the run before. The unit's newest
    word is in the first, the reviewer's in the second. Answers to findings that are no longer made
    go into `earlier`.
    """
    by_unit, by_us = _match(review.marks, sent), _match(review.marks, ours)
    marks = tuple(
        replace(mark, reply=reply, decision=decision)
        for number, mark in enumerate(review.marks)
        for reply, decision in [_together(by_unit.get(number), by_us.get(number))]
    )
    left = [
        {_place_and_problem(answer): answer for answer in answers if answer not in kept}
        for answers, kept in ((sent, [*by_unit.values()]), (ours, [*by_us.values()]))
    ]
    return replace(review, marks=marks, earlier=tuple(_earlier(*left)))


def _together(sent: Answer | None, ours: Answer | None) -> tuple[str, str]:
    """The reply and the decision that count."""
    replies = [answer.reply for answer in (sent, ours) if answer and answer.reply]
    decisions = [answer.decision for answer in (ours, sent) if answer and answer.decision]
    return next(iter(replies), ""), next(iter(decisions), "")


def _earlier(sent: dict[Hashable, Answer], ours: dict[Hashable, Answer]) -> Iterable[Answer]:
    for key in dict.fromkeys((*ours, *sent)):
        reply, decision = _together(sent.get(key), ours.get(key))
        if not (reply or decision):
            continue
        yield replace(ours.get(key) or sent[key], reply=reply, decision=decision)


# ------------------------------------------------------------------------------------- matching


def _match(marks: Sequence[Mark], answers: Sequence[Answer]) -> dict[int, Answer]:
    """Number of the finding → the answer to it.

    The surest come first: the same problem in the same cell, then the same problem in another
    cell (rows were inserted), then the same cell with another problem, then the same problem but
    for its numbers. At last the only finding of a rule on a sheet takes the only answer left,
    unless they name different things. What could as well belong to another is not matched.
    """
    matched: dict[int, Answer] = {}
    waiting = list(answers)
    for way in _WAYS:
        findings: dict[Hashable, list[int]] = defaultdict(list)
        for number, mark in enumerate(marks):
            if number not in matched:
                findings[way.key(mark)].append(number)
        for key, numbers in findings.items():
            found = [answer for answer in waiting if way.key(answer) == key]
            if not (way.in_turn or len(numbers) == len(found) == 1):
                continue
            for number, answer in zip(numbers, found, strict=False):
                if not way.names_count or _may_be_same(marks[number], answer):
                    matched[number] = answer
                    waiting.remove(answer)
    return matched


def _rule_and_sheet(said: Said) -> Hashable:
    return said.rule, said.sheet or ""


def _place(said: Said) -> Hashable:
    return _rule_and_sheet(said), said.cell or ""


def _place_and_problem(said: Said) -> Hashable:
    return _place(said), _problem(said)


def _moved(said: Said) -> Hashable:
    return _rule_and_sheet(said), _problem(said)


def _moved_and_changed(said: Said) -> Hashable:
    return _rule_and_sheet(said), _NUMBER.sub("0", _problem(said))


@dataclass(frozen=True, slots=True)
class _Way:
    """What finding and answer have in common.

    Several that have it in common are matched `in_turn`, or else not at all; with `names_count`
    they have to name the same, too.
    """

    key: Callable[[Said], Hashable]
    in_turn: bool = False
    names_count: bool = False


_WAYS = (
    _Way(_place_and_problem, in_turn=True),
    _Way(_moved),
    _Way(_place, in_turn=True),
    _Way(_moved_and_changed),
    _Way(_rule_and_sheet, names_count=True),
)


def _problem(said: Said) -> str:
    """The problem as compared: people who edit a copy may have broken its lines."""
    return "".join(said.problem.split())


def _may_be_same(mark: Mark, answer: Answer) -> bool:
    """Whether both problems name the same, as far as they name something: “路面修补材料”."""
    ours, theirs = (Counter(_NAMED.findall(said.problem)) for said in (mark, answer))
    return not (ours and theirs) or ours == theirs

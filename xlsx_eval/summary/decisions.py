"""What people typed beside the findings of an earlier county workbook, and to which it belongs."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsx_eval import look
from xlsx_eval.summary.stored_rows import StoredRows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xlsx_eval.summary.records import Problem

DECISION, REMARK = "审核决定", "备注"
RULE, TITLE, FILE, PLACE, MESSAGE = "规则", "问题", "文件", "位置", "问题与处理"

_NEEDED = (RULE, FILE, PLACE, DECISION, REMARK)
_HEAD_ROWS = 20

# what a damaged or a protected workbook shows as
_FAULTS = (
    zipfile.BadZipFile, zlib.error, SyntaxError, RuntimeError, OSError, EOFError, LookupError,
    ValueError,
)  # fmt: skip

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer typed beside one finding; `place` as people read it: `表!D13`."""

    file: str
    rule: str
    place: str
    message: str
    decision: str
    remark: str
    title: str = ""

    @property
    def key(self) -> _Key:
        return self.file, self.rule, self.place


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions beside each of the findings (by their order), and those beside none."""

    by_order: dict[int, Decision]
    left: tuple[Decision, ...]

    @classmethod
    def of(cls, decisions: Sequence[Decision], problems: Sequence[Problem]) -> Decisions:
        """By file, rule and cell; the same message first where a cell has several of a rule.

        A finding without a file is known by its message alone. What a copied sheet says again
        is said once.
        """
        waiting: dict[_Key, list[Decision]] = defaultdict(list)
        for decision in decisions:
            waiting[decision.key].append(decision)
        found: dict[int, Decision] = {}
        if waiting:
            for same in (True, False):
                for order, problem in enumerate(problems):
                    if order not in found and (match := _match(waiting, problem, same=same)):
                        found[order] = match
        used = set(found.values())
        left = dict.fromkeys(each for rest in waiting.values() for each in rest)
        return cls(found, tuple(each for each in left if each not in used))


def _match(waiting: dict[_Key, list[Decision]], problem: Problem, *, same: bool) -> Decision | None:
    file = look.plain(problem.file)
    candidates = waiting.get((file, problem.rule, place_of(problem)))
    if not candidates or not (same or file):
        return None
    message = look.plain(problem.message)
    for number, each in enumerate(candidates):
        if not same or each.message == message:
            return candidates.pop(number)
    return None


def place_of(problem: Problem) -> str:
    """Where a finding stands, as people read it; empty where it belongs to no file."""
    return look.plain(look.place(problem.sheet, problem.cell)) if problem.file else ""


def read_decisions(summary: bytes) -> tuple[Decision, ...]:
    """A county workbook → what people typed into 审核决定 and 备注, on whatever sheets and columns.

    What is no workbook, or one without findings, has none: the caller goes on without.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(summary)) as archive:
            book = StoredRows(archive)
            return tuple(found for sheet in book.sheets() for found in _read(book, sheet))
    except _FAULTS:
        return ()


def _read(book: StoredRows, sheet: str) -> Iterator[Decision]:
    columns: dict[str, str] | None = None
    typed: frozenset[str] = frozenset()
    for number, row in enumerate(book.rows(sheet)):
        if columns is None:
            if number >= _HEAD_ROWS:
                return
            columns = _columns(book.texts(row))
            typed = frozenset((columns[DECISION], columns[REMARK])) if columns else typed
        elif any(text.strip() for text in book.texts(row, typed).values()):
            found = _decision(book.texts(row), columns)
            if found.rule:
                yield found


def _columns(texts: Mapping[str, str]) -> dict[str, str] | None:
    """Where the columns stand, by their titles: people move columns and insert rows."""
    titles = {text: column for column, text in texts.items()}
    return titles if set(_NEEDED) <= titles.keys() else None


def _decision(texts: Mapping[str, str], columns: Mapping[str, str]) -> Decision:
    file, rule, place, message, decision, remark, title = (
        texts.get(columns.get(name, ""), "")
        for name in (FILE, RULE, PLACE, MESSAGE, DECISION, REMARK, TITLE)
    )
    return Decision(file, rule, place, message, _typed(decision), _typed(remark), title)


def _typed(text: str) -> str:
    """What was typed, as it was; blanks alone are nothing."""
    return text if text.strip() else ""

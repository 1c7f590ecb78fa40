"""What a workbook was like before it was marked, kept in a hidden name of the sheet 审核意见.

It lets the marks be taken off so that nothing is left. Where another program saved the workbook
since, numbers mean something else: the checksum tells, and the marks themselves say the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NAME = "_xlsx_eval_state"
_MOST_SELECTED = 20
_PART = re.compile(r"([a-zA-Z]+)=([\w.,-]*)")


@dataclass(frozen=True, slots=True)
class State:
    """What is needed to take the marks off.

    `tabs` are the active sheets of the windows, -1 where one names none; `selected` are numbers of
    sheets, `counts` those of the styles' lists, `checksum` is of what was added to these.
    """

    tabs: tuple[int, ...]
    selected: tuple[int, ...]
    counts: dict[str, int]
    checksum: int

    def formula(self) -> str:
        """As a text that a name can hold."""
        parts = {
            "tabs": ",".join(map(str, self.tabs)),
            "selected": ",".join(map(str, self.selected[:_MOST_SELECTED])),
            **self.counts,
            "crc": self.checksum,
        }
        return '"{}"'.format(" ".join(f"{key}={value}" for key, value in parts.items()))


def parse_state(formula: str) -> State | None:
    """None for what is no state of ours."""
    parts = dict(_PART.findall(formula))
    try:
        return State(
            _numbers(parts.pop("tabs")),
            _numbers(parts.pop("selected")),
            checksum=int(parts.pop("crc")),
            counts={key: int(value) for key, value in parts.items()},
        )
    except (KeyError, ValueError):
        return None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split(",") if each)

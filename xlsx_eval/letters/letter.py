"""What a letter says: its findings, and the sentences around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsx_eval import look

NO_UNIT = "（未填写项目单位）"
DATE_TO_FILL_IN = "　　　　年　　月　　日"


@dataclass(frozen=True, slots=True)
class Office:
    """Who writes: the bureau and the deadline (both may be blank), and the day of the letter."""

    title: str
    bureau: str
    deadline: str
    day: date


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the letter's table; `project` is shown as the unit typed it."""

    project: str
    mark: look.Mark
    place: str
    problem: str
    advice: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A unit's letter: how many projects it reported, and counts of what is in `items`."""

    unit: str
    projects: int
    faulty: int
    errors: int
    warnings: int
    missing: int
    items: tuple[Item, ...]

    def text(self, office: Office) -> str:
        """The paragraph below the salutation."""
        sentences = []
        if self.faulty:
            counts = [f"错误{self.errors}条"] if self.errors else []
            counts += [f"疑点{self.warnings}条"] if self.warnings else []
            sentences.append(
                f"你单位报送的{self.projects}份项目绩效自评表已审核，其中{self.faulty}份存在问题，"
                f"共{'、'.join(counts)}，详见下表。"
            )
        elif self.projects:
            sentences.append(f"你单位报送的{self.projects}份项目绩效自评表已审核。")
        if self.missing:
            also = "另有" if self.faulty else "你单位有"
            sentences.append(f"{also}{self.missing}个应报送的项目尚未收到自评表。")
        sentences.append(f"请{'；'.join(self._asked())}，于{_until(office.deadline)}反馈。")
        return "".join(sentences)

    def _asked(self) -> list[str]:
        asked = ["逐条更正“错误”"] if self.errors else []
        asked += ["逐条核实“疑点”，确有错误的予以更正，没有错误的说明原因"] if self.warnings else []
        asked += ["尽快补报“未报送”的项目"] if self.missing else []
        return [*asked, "将结果填入“整改情况”栏，连同自评表"]


def chinese_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _until(deadline: str) -> str:
    told = deadline or "整改期限"
    return told if told.endswith(("前", "内")) else f"{told}前"

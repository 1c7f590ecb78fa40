"""What a text says of the whole project's money: planned, received, spent, left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from xlsx_eval.values.prose.clauses import plain, sentences
from xlsx_eval.values.prose.figures import AMOUNT, AMOUNTS, Figure, amount_of, amounts_in

# A clause is read only where every word of it is known: 道路工程实际支出 or 县级到位 is somebody
# else's figure, 约200万元 none at all.
_YEAR = re.compile(r"(?<!\d)(\d{4})年")
_AT_YEAR_END = (
    r"(?:截[至止]到?)?(?:\d{4}年|本年度?|当年)?(?:12月(?:31日|末|底)?|年?度?[末底])(?:止|为止)?"
)
_NAMES_THE_PROJECT = re.compile(r"\d{4}年度?(?:项目|专项)")  # its budget's year, not the payment's
_WHOLE = rf"""
    (?:^[该本]?工程)?(?:{_AT_YEAR_END}|\d{{4}}年度?|当年|本年度?|全年|年度|今年
      |项目(?:资金|经费)?累计(?:完成)?|[该本此]?(?:项目|专项)(?:的|总)?|整个|总体|资金|经费|我[局单位中心办]{{1,2}}|[该本]单位
      |共计?|合计|总计|总共|[已均共]|全部|足额|及时|按时|实际|财政(?:拨款)?)*
"""
_SUM = r"(?:资金|经费)?(?:金额|总额|总?数|额|合计)?"
_LABELS = {
    "planned": rf"(?:年初)?(?:计划|预算)(?:安排|批复|下达|投入)?(?:财政|专项|项目)?{_SUM}"
    r"|(?:计划|预算|概算|核定)总投资额?|(?:计划|预算)投资额?"
    rf"|调整后?的?预算{_SUM}|(?:安排|批复|下达)(?:年初)?预算{_SUM}",
    "received": rf"(?:拨付|拨款)?(?:已|均|全部|足额|实际)*到[位账](?:财政)?{_SUM}",
    "spent": rf"(?:完成)?总?支出{_SUM}|(?:使用|执行){_SUM}|预算执行数"
    r"|(?:(?<=资金)|(?<=经费))(?:已|共|全部|累计)*支付(?:金额|总额)?"
    r"|(?<=[年度目共])发放各[类项][^\d,]{0,8}?(?:补贴|补助)(?:资金)?",
    "balance": rf"(?:年末)?尚?(?:结余|剩余|结转结余|结余结转){_SUM}",
}
_LINK = r"(?:共计?|合计|总计|总额|为|是|达到?|了|计|人民币)*"
_HEADS = {
    measure: re.compile(rf"{_WHOLE}(?P<label>{label}){_LINK}", re.VERBOSE)
    for measure, label in _LABELS.items()
}
_ONLY_WHOLE = re.compile(_WHOLE, re.VERBOSE)
_USED = re.compile(r"使用|执行")
_REALLY = re.compile(r"实际|执行数")
_SURELY_WHOLE = re.compile("项目|总支出|^资金")
_BARE = re.compile("(?:支出|到[位账])(?!总额|合计)")
_EARLY = re.compile(r"年初")
_CAME_AFTER = re.compile(r"(?:资金|经费)?(?:已|均|全部|足额|及时|按时|实际)*(?:拨付|下达)?到[位账]")
_FATE = re.compile(
    r"(?:资金)?(?:[已均将由按系为是待留]|全部|主要|结转|上缴|收回|缴回|交回|继续|未|尚).*"
)
_NOTHING_LEFT = re.compile(
    rf"{_WHOLE}(?:(?:没有|无)(?:任何)?(?:资金|经费)?(?:结余|剩余)(?:资金)?"
    r"|(?:资金|经费)?(?:结余|剩余)(?:资金)?[为是](?:0|零))",
    re.VERBOSE,
)
_ARRIVED = re.compile(
    r"(?:(?:\d{4}年|当年|本年度?|年度?)[内底末]?前?)?(?:资金|已|均|全部|足额|及时|按时)*到[位账]"
)
_OF_THE_YEAR = re.compile(r"全年|当年|本年|年度|(?:截[至止]到?)?年[末底]")
_GIVEN_BACK = re.compile(r"收回|缴|结转|统筹|盘活|交回")
_ASIDE = re.compile(
    rf"""{_WHOLE}(?:预算|资金|项目|支出)*(?:到位|执行|支出|使用|完成|拨付|结余)率(?:为|达到?|是|均)*\d+(?:\.\d+)?%
      |{_WHOLE}(?:拨付|下达)*到[位账]
      |(?:根据|按照|依据)[^第\d]{{0,12}}?(?:批复|文件|通知|方案)(?:精神|要求)?
      |{_WHOLE}(?:用完|用尽|使用完毕|使用完|支付完毕|支出完毕|拨付完毕)
      |(?:[一二三四五六]是)?(?:项目|专项|资金|经费|预算|成本|时效|数量|质量|效益|社会|经济|投入|产出|指标|使用|管理|安排
        |落实|到位|支出|执行|计划|收支|结余|情况|方面|说明|分析|完成|总体|主要|来源|拨付|[及和与、的])*
    """,
    re.VERBOSE,
)
_ANOTHER_BUDGET = re.compile(r"基本支出|三公|人员经费|公用经费")
_QUALIFIED = re.compile(
    r"\([^()]*(?:不含|未含|不包括|扣除|未付|应付|半年|季度|\d期|[一二三]期|标段|截[至止]|预计|暂)[^()]*\)"
)
_CHANGED = re.compile(
    r"追加|调增|调减|调整|核减|核增|压减|增加[^,。;\n]{0,10}资金|减少[^,。;\n]{0,8}资金"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A measure's amount as a clause gives it for the whole project.

    `measure` as in the funds; `head`: the words before the amount; `year` is the year its sentence
    names, `near` the last one before it in the paragraph.
    """

    measure: str
    figure: Figure
    clause: str
    head: str = ""
    year: int | None = None
    near: int | None = None

    @property
    def fiscal(self) -> bool:
        """Whether it is the money from the budget, which may not be all."""
        return "财政" in self.head

    @property
    def actual(self) -> bool:
        """Whether the clause says 实际."""
        return "实际" in self.clause

    @property
    def whole(self) -> bool:
        """Whether the words leave no doubt that all of the project's money is meant."""
        return self.actual or bool(_SURELY_WHOLE.search(self.head))

    @property
    def cumulative(self) -> bool:
        """Whether it may count from before the table's years."""
        return "累计" in self.head

    @property
    def invested(self) -> bool:
        """Whether it may be all that the project costs, over the years and from all hands."""
        return "投资" in self.head

    @property
    def around(self) -> int | None:
        """The year meant: the sentence's, or for 全年 the one named before."""
        return self.year or (self.near if _OF_THE_YEAR.match(self.clause) else None)


@dataclass(frozen=True, slots=True)
class Accounts:
    """What a text tells of the project's money, and the other amounts it names (万元).

    `arrived`: planned money of which the sentence goes on to say that all of it arrived, as money
    received; `parts`: those of the other amounts that break an amount down; `changed`: the plan was
    changed.
    """

    told: tuple[Told, ...] = ()
    others: tuple[Decimal, ...] = ()
    arrived: tuple[Told, ...] = ()
    parts: tuple[tuple[Decimal, ...], ...] = ()
    changed: bool = False


def read_accounts(text: str) -> Accounts:
    """The amounts that a text calls planned, received, spent or left for the whole project.

    Example: `项目计划安排资金680万元，其中县财政300万元。实际支出662.4万元。` tells planned 680 and
    spent 662.4; 300 is another amount.
    """
    if not any(sign in text for sign in "元万亿余"):
        return Accounts()
    plain_text = plain(text)
    read: list[_Sentence] = []
    told: list[Told] = []
    for paragraph in _QUALIFIED.sub("※", plain_text).split("\n"):
        near: int | None = None
        for clauses in sentences(paragraph):
            sentence = _Sentence(near=near)
            told.extend(sentence.read(clauses))
            read.append(sentence)
            near = sentence.year or near
    brackets = "".join(re.findall(r"\([^()]*\)", plain_text))
    others = [*amounts_in(brackets), *(amount for each in read for amount in each.others)]
    if _ANOTHER_BUDGET.search(plain_text):
        return Accounts((), (*others, *(each.figure.value for each in told)))
    changed = bool(_CHANGED.search(plain_text))
    return Accounts(
        tuple(each for each in told if not (changed and each.measure == "planned")),
        tuple(others),
        tuple(each for sentence in read for each in sentence.arrived),
        tuple(tuple(parts) for sentence in read for parts in sentence.parts),
        changed,
    )


@dataclass
class _Sentence:
    """A sentence as it is read clause by clause.

    `narrow`: what follows may be said of a part only. A breakdown (`left` of `whole` is still to be
    named) narrows it until its parts add up.
    """

    near: int | None = None
    narrow: bool = False
    left: Decimal | None = None
    year: int | None = None
    others: list[Decimal] = field(default_factory=list)
    arrived: list[Told] = field(default_factory=list)
    parts: list[list[Decimal]] = field(default_factory=list)

    def read(self, clauses: list[str]) -> Iterator[Told]:
        gives_back = any(_GIVEN_BACK.search(clause) for clause in clauses)
        last: Told | None = None
        for clause in clauses:
            amounts = list(AMOUNTS.finditer(clause))
            if years := _YEAR.findall(clause):
                self.year = int(years[-1])
            told = None if self.narrow else self._told(clause, amounts, gives_back=gives_back)
            if told and last is None and _BARE.match(clause):
                told = None  # of what, an earlier sentence may have said
            if told:
                last = told
                yield told
            elif amounts:
                self._part(clause, last.figure.value if last else None)
            elif clause == "其中":
                self._break_down(last.figure.value if last else None)
            elif not self.narrow and last and _ARRIVED.fullmatch(clause):
                self._arrive(last, clause)
            elif not _ASIDE.fullmatch(clause) and not _ONLY_WHOLE.fullmatch(clause):
                self.narrow, self.left = True, None

    def _told(self, clause: str, amounts: list[re.Match[str]], *, gives_back: bool) -> Told | None:
        if not amounts and _NOTHING_LEFT.fullmatch(clause) and not gives_back:
            nothing = Figure(Decimal(0), Decimal(0))
            return Told("balance", nothing, clause, clause, self.year, self.near)
        if len(amounts) != 1:
            return None
        (amount,) = amounts
        head, tail = clause[: amount.start()], clause[amount.end() :]
        figure, measure = amount_of(amount), _measure(head, tail)
        if figure is None or measure is None:
            return None
        year = None if _NAMES_THE_PROJECT.search(head) else self.year
        near = (self.year or self.near) if year is None else None
        return Told(measure, figure, clause, head, year, near)

    def _arrive(self, last: Told, clause: str) -> None:
        """Take a clause that says that the planned money told before it arrived."""
        if last.measure == "planned" and not last.invested:
            both = f"{last.clause}……{clause}"
            self.arrived.append(Told("received", last.figure, both, last.head, self.year))

    def _break_down(self, whole: Decimal | None) -> None:
        if not self.narrow:
            self.narrow, self.left = True, whole
            self.parts.append([])

    def _part(self, clause: str, whole: Decimal | None) -> None:
        """Take amounts that are not the project's: the sources of a total, or something else."""
        amounts = amounts_in(clause)
        self.others.extend(amounts)
        self._break_down(whole)
        if self.parts:
            self.parts[-1].extend(amounts)
        if self.left is not None:
            self.left -= sum(amounts)
            if self.left == 0:
                self.narrow, self.left = False, None


def _measure(head: str, tail: str) -> str | None:
    """The measure that a clause gives before and after its amount."""
    if tail and _ONLY_WHOLE.fullmatch(head) and _CAME_AFTER.fullmatch(tail):
        return "received"
    for measure, pattern in _HEADS.items():
        match = pattern.fullmatch(head)
        if not match or (tail and not (measure == "balance" and _FATE.fullmatch(tail))):
            continue
        if (
            measure == "spent"
            and _USED.match(match["label"])
            and not re.search("实际|执行数", head)
        ):
            continue  # 使用资金 may be a plan
        return "initial" if measure == "planned" and _EARLY.search(head) else measure
    return None


# ------------------------------------------------------------------------------------ carry-over

_CARRY_OVER = re.compile(
    r"(?:上一?年度?|以前年度|往年|去年|年初|(?<!\d)(?P<year>\d{4})年度?)(?:的|财政|专项|项目|未使用|未用完|剩余|资金)*"
    r"(?:结转结余|结余结转|结转|结余)(?:至?本年度?|到本年度?|使用|的|资金|经费|指标|收入|项目)*"
    rf"(?:为|共计?|计|合计)?{AMOUNT}"
)

_INCLUDED = re.compile("(?:(?<!不)(?<!未)含|包含|(?<!不)包括|其中|加上?|连同|动用|使用)[:,]?$")
_TAKEN_IN = re.compile(
    r"[,(]?(?:已|均|一并|全部|继续)*(?:纳入|计入|并入|统筹用于|用于)(?:本年|当年|本项目|项目)"
)
_TAKEN_AWAY = re.compile("收回|缴|交回|不含|不包括|未含|另外|此外|单独|结转下年")


@dataclass(frozen=True, slots=True)
class CarryOver:
    """An amount that a text says was carried over; `year` is the year it came from, if named.

    `used`: the text says that it is in what was received or used.
    """

    figure: Figure
    clause: str
    year: int | None
    used: bool = False


def carry_overs(text: str) -> list[CarryOver]:
    """The amounts a text says were carried over from the year before.

    Example: `支出206.2万元（含上年结转6.2万元）` tells 6.2; `结转下年6.2万元` tells nothing.
    """
    if "结" not in text:
        return []
    plain_text = plain(text)
    return [
        CarryOver(
            figure,
            match[0],
            int(match["year"]) if match["year"] else None,
            _is_used(plain_text, match),
        )
        for match in _CARRY_OVER.finditer(plain_text)
        if (figure := amount_of(match))
    ]


def _is_used(plain_text: str, match: re.Match[str]) -> bool:
    before = re.split(r"[。;!?\n]", plain_text[: match.start()])[-1]
    after = re.split(r"[。;!?\n]", plain_text[match.end() :])[0]
    if _TAKEN_AWAY.search(before) or _TAKEN_AWAY.search(after):
        return False
    return bool(_INCLUDED.search(before) or _TAKEN_IN.match(after))

"""What a text tells of the whole project's money: texts as units write them, names invented."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsx_eval.values.prose.accounts import carry_overs, read_accounts

ALL_ARRIVED = "计划安排资金680万元，其中中央财政200万元、省财政180万元、县财政300万元，已全部到位。"

TOLD = {
    # ------------------------------------------------------------------ the usual accounts
    f"{ALL_ARRIVED}实际支出662.4万元，结余17.6万元，为招标节约资金。": (
        "planned 680", "spent 662.4", "balance 17.6",
    ),
    "项目计划安排资金410万元，其中省财政260万元、市财政50万元、县财政100万元，实际到位410万元。": (
        "planned 410", "received 410",
    ),
    "计划安排资金300万元、实际到位300万元、实际支出280万元、结余20万元。": (
        "planned 300", "received 300", "spent 280", "balance 20",
    ),
    "2022 年财政项目资金拨付已到位 200 万元，支出 206.2 万元（含上年结转 6.2 万元）。": (
        "received 200 in 2022", "spent 206.2 in 2022",
    ),
    "本项目预算资金300万元，实际支出298.5万元，资金执行率99.5%，结余1.5万元由县财政收回。": (
        "planned 300", "spent 298.5", "balance 1.5",
    ),
    "1.资金计划安排。项目计划安排资金300万元。2.资金到位。实际到位300万元。": (
        "planned 300", "received 300",
    ),
    "一是资金到位情况：实际到位300万元；二是资金支出情况：实际支出280万元。": (
        "received 300", "spent 280",
    ),
    "截至2021年12月31日，项目实际到位资金200万元，到位率100%，实际支出200万元，无结余。": (
        "received 200 in 2021", "spent 200 in 2021", "balance 0 in 2021",
    ),
    "资金到位情况：实际到位资金2,000,000元，资金到位率100%。": ("received 200",),
    "实际支出：180万元；结余：20万元": ("spent 180", "balance 20"),
    "支出总额为６６２．４万元，预算执行率为97.41%。": ("spent 662.4",),
    "全年预算数125万元，执行数122.5万元，完成预算的98%。": ("planned 125", "spent 122.5"),
    "该项目资金计划安排1.2亿元，实际支出0.98亿元。": ("planned 12000", "spent 9800"),
    "项目资金105万元已全部到位。": ("received 105",),
    "我局项目经费实际到账105万元，全部支出105万元。": ("received 105", "spent 105"),
    "资金全部到位，项目实际支出资金共计662.4万元。": ("spent 662.4",),
    "结余资金17.6万元结转下年使用。": ("balance 17.6",),
    "年初预算安排200万元。": ("initial 200",),
    # ------------------------------------------------------------------------- other words
    "根据批复，项目计划总投资1200万元，其中：中央财政810万元，县财政390万元，资金全部到位。": (
        "planned 1200",
    ),
    "项目计划总投资三百二十万元，项目资金已支付贰佰捌拾万元整。": ("planned 320", "spent 280"),
    "2022年财政安排预算资金206.2万元，实际到位206.2万元，全年共支出204.1万元。": (
        "planned 206.2 in 2022", "received 206.2 in 2022", "spent 204.1 in 2022",
    ),
    "工程计划投资600.5万元，到位资金600.5万元。项目累计支出589.25万元，资金全部用完，结余为0。": (
        "planned 600.5", "received 600.5", "spent 589.25", "balance 0",
    ),
    "全年发放各类培训补贴153.8万元，结余4.8万元。": ("spent 153.8", "balance 4.8"),
    "支出三四百万元，到位几百万元，计划一百多万元，投入每百元。": (),
    # ------------------------------------------------- sources, items, parts of the project
    "县级配套资金计划安排80万元，实际到位30万元，支出30万元。": (),
    "其中县级财政安排80万元，实际到位30万元，支出30万元。": (),
    "计划安排资金200万元，其中省财政120万元、县财政80万元；实际到位150万元，县级配套到位30万元。": (
        "planned 200", "received 150",
    ),
    "计划安排资金200万元，其中省财政120万元，实际到位100万元，县财政80万元，实际到位50万元。": (
        "planned 200",
    ),
    "道路工程计划安排资金100万元，实际支出90万元；桥梁工程计划安排资金50万元，实际支出50万元。": (),
    "一是道路工程，计划安排资金100万元，实际支出90万元。": (),
    "第一批项目资金到位120万元，第二批到位80万元。": (),
    "实际支出300万元，其中：材料费150万元，人工费100万元，标志标线50万元。": ("spent 300",),
    "资金使用情况：路面材料150万元，人工100万元，合计支出250万元。": (),
    "材料费实际支出150万元。": (),
    "支出150万元用于路面修补，支出100万元用于标线。": (),
    "1.材料费。支出150万元。": (),
    "省级资金到位300万元，县级资金到位100万元，共计到位400万元。": (),
    "我局2021年财政拨款支出1200万元，其中基本支出800万元，项目支出400万元。": (),
    "项目支出300万元，基本支出100万元。": (),
    # ------------------------------------------------------------ other years, other sums
    "2020年投入150万元，实际支出150万元；2021年计划安排资金200万元，实际支出190万元。": (
        "planned 200 in 2021", "spent 190 in 2021",
    ),
    "2020年，计划安排资金150万元。实际支出140万元。": (
        "planned 150 in 2020", "spent 140 near 2020",
    ),
    "2020年度项目资金到位150万元。": ("received 150 near 2020",),
    "去年实际支出150万元，上年度到位160万元。": (),
    "2022年计划安排资金300万元，用于二期。": ("planned 300 in 2022",),
    "下一步计划安排资金300万元。": (),
    "累计到位资金500万元，累计支出480万元。": (),
    "截至2021年6月底，实际支出120万元。": (),
    "项目总投资1200万元，本年度安排300万元，实际支出280万元。": (),
    "项目总投资1.2亿元，已完成投资0.45亿元，占总投资的37.5%。": (),
    "合同金额198.5万元，支出198.5万元。": (),
    "已支付工程款180万元，应付未付20万元，质保金9万元。": (),
    "本项目实际支出180万元（不含质保金20万元）。": (),
    "本项目实际支出180万元（截至11月）。": (),
    "采购单价3.5万元，人均支出300元，每公里支出12万元。": (),
    "节约资金17.6万元，资金结余率2.6%。": (),
    "收回存量资金30万元，收回结余资金5万元。": (),
    "年中追加20.2万元，调整后预算220.2万元。": (),
    "计划安排资金200万元，年中追加20.2万元，实际到位220.2万元。": (),
    # --------------------------------------------------------------- figures that are none
    "实际支出约660万元，实际支出660余万元，支出近700万元，到位600多万元。": (),
    "实际支出660万元左右。": (),
    "实际支出200-300万元，支出20～30万元。": (),
    "实际支出不超过300万元，控制在300万元以内。": (),
    "计划、到位、支出分别为680万元、680万元、662.4万元。": (),
    "应到位200万元，未到位20万元。": (),
    "计划支出300万元，预算支出300万元。": (),
    "资金全部到位，没有挤占挪用，到位率100%。": (),
    "没有结余，结余资金已由财政收回。": (),
    "": (),
}  # fmt: skip


def said(text: str) -> tuple[str, ...]:
    return tuple(
        f"{told.measure} {told.figure.value.normalize():f}"
        + (f" in {told.year}" if told.year else f" near {told.near}" if told.near else "")
        for told in read_accounts(text).told
    )


@pytest.mark.parametrize(("text", "expected"), TOLD.items(), ids=[text[:24] for text in TOLD])
def test_told(text: str, expected: tuple[str, ...]) -> None:
    assert said(text) == expected


def test_what_is_not_the_projects_is_among_the_others() -> None:
    account = read_accounts("实际支出662.4万元（含上年结转6.2万元），另有质保金20万元。")

    assert [told.clause for told in account.told] == ["实际支出662.4万元"]
    assert account.others == (Decimal("6.2"), Decimal(20))


def test_the_budgets_money_and_what_is_called_actual_are_marked() -> None:
    planned, spent = read_accounts("财政预算安排资金200万元，实际支出190万元。").told

    assert (planned.fiscal, planned.actual) == (True, False)
    assert (spent.fiscal, spent.actual) == (False, True)


@pytest.mark.parametrize(
    ("text", "table", "agrees"),
    [
        ("实际支出662.4万元", "662.4", True),
        ("实际支出662.4万元", "662.43", True),  # rounded
        ("实际支出662.4万元", "662.49", True),  # cut off
        ("实际支出662万元", "662.4", True),
        ("实际支出663万元", "662.4", True),  # rounded up
        ("实际支出662.4万元", "626.4", False),
        ("实际支出200万元", "206.2", False),
        ("实际支出6624000元", "662.4", True),
        ("实际支出1.2亿元", "12034", True),
        ("实际支出1.2亿元", "13034", False),
        ("实际支出0.11亿元", "1170", False),  # nothing is cut off there
        ("实际支出二百零六万元", "206.2", True),
        ("实际支出二百零六点二万元", "206.4", False),
    ],
)
def test_agrees(text: str, table: str, *, agrees: bool) -> None:
    (told,) = read_accounts(text).told

    assert told.figure.agrees(Decimal(table), Decimal("0.01")) is agrees


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("支出206.2万元（含上年结转6.2万元）。", ["6.2"]),
        ("本年度我局食品监管资金上年结转结余资金2万元。", ["2"]),
        ("使用2020年结转资金6.2万元，结转下年3万元。", ["6.2 of 2020"]),
        ("年初结转项目资金62,000元。", ["6.2"]),
        ("上年度财政结转资金为6.2万元。", ["6.2"]),
        ("以前年度结余结转8万元，去年结余3万元。", ["8", "3"]),
        ("结余资金17.6万元结转下年使用。", []),
        ("无上年结转资金。", []),
        ("上年结转约6万元。", []),
        ("上年到位6.2万元。", []),
    ],
)
def test_carry_overs(text: str, expected: list[str]) -> None:
    found = [
        f"{each.figure.value.normalize():f}" + (f" of {each.year}" if each.year else "")
        for each in carry_overs(text)
    ]

    assert found == expected


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("支出206.2万元（含上年结转6.2万元）。", True),
        ("到位206.2万元，其中：上年结转6.2万元。", True),
        ("预算200万元，加上上年结转6.2万元，合计到位206.2万元。", True),
        ("上年结转资金12.7万元一并纳入本年度使用。", True),
        ("支出200万元（不含上年结转6.2万元）。", False),
        ("上年结转资金6.2万元已由财政收回。", False),
        ("上年结转资金6.2万元，另有质保金。", False),
    ],
)
def test_a_carry_over_is_used(text: str, *, used: bool) -> None:
    (carried,) = carry_overs(text)

    assert carried.used is used


def test_planned_money_that_arrived() -> None:
    account = read_accounts("2020年项目预算80万元，其中省级60万元、区级20万元，年内全部到位。")

    (arrived,) = account.arrived
    assert (arrived.measure, arrived.figure.value, arrived.around) == (
        "received", Decimal(80), 2020,
    )  # fmt: skip
    assert account.parts == ((Decimal(60), Decimal(20)),)


@given(st.text(alphabet="实际支出到位计划安排结余2021年.，。；（）万元亿0369%\n 其中", max_size=60))
def test_any_text_is_read(text: str) -> None:
    account = read_accounts(text)

    assert all(told.figure.step >= 0 and told.clause for told in account.told)


@given(st.decimals(min_value=1, max_value=99999, places=2))
def test_an_amount_is_told_as_it_stands(amount: Decimal) -> None:
    (told,) = read_accounts(f"项目实际支出{amount}万元。").told

    assert told.figure.value == amount

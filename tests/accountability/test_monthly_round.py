"""The month's round: only whole months, once, made up for; and the dry run says the same."""

from __future__ import annotations

import asyncio

import pytest

from actions.accountability.evaluation import Outcome
from actions.accountability.evidence import plain_evaluation
from actions.accountability.months import read_month
from actions.accountability.terms import rules_of
from actions.cases.kinds import CaseKind
from actions.cases.states import Verb
from tests.accountability.house import AVERAGE, House
from tests.cases.steps import submit, told

RULES = 5
MONTH, RUNNING = "last_in_the_month", "last_three_months_running"


async def test_not_before_the_days_of_grace_are_over(house: House) -> None:
    await house.month("2026-09")
    await house.month("2026-10")
    house.at("2026-11-03 23:59")
    await house.run()
    assert await house.proposed() == [(MONTH, "桥西", "2026-09")]
    house.at("2026-11-04 00:00")
    assert await house.run() == (RULES, 1)
    assert await house.proposed() == [(MONTH, "桥西", "2026-09"), (MONTH, "桥西", "2026-10")]


async def test_however_often_and_by_several_at_once_it_is_done_once(house: House) -> None:
    await house.month("2026-10")
    house.at("2026-11-04 08:00")
    made = await asyncio.gather(*(house.run() for _ in range(4)))
    assert sum(evaluated for evaluated, _ in made) == RULES
    assert sum(proposed for _, proposed in made) == 1
    assert await house.run() == (0, 0)
    assert [event["verb"] for event in await house.log()] == ["proposed"]
    assert len(await told(house.services, house.cast.inspect)) == 1


async def test_a_new_rule_begins_with_the_latest_month(house: House) -> None:
    for month in ("2026-07", "2026-08", "2026-09", "2026-10"):
        await house.month(month)
    house.at("2026-11-04 08:00")
    await house.run()
    assert {row.period for row in await house.evaluations()} == {read_month("2026-10")}
    # of the months running it knows all the same: the fourth counts anew
    assert await house.proposed() == [(MONTH, "桥西", "2026-10")]


async def test_after_a_standstill_every_month_is_made_up_for(house: House) -> None:
    await house.month("2026-07")
    house.at("2026-08-05 08:00")
    await house.run()
    for month in ("2026-08", "2026-09", "2026-10"):
        await house.month(month)
    house.at("2026-11-20 08:00")
    assert (await house.run())[0] == 3 * RULES
    assert await house.proposed() == [
        *((MONTH, "桥西", month) for month in ("2026-07", "2026-08", "2026-09", "2026-10")),
        (RUNNING, "桥西", "2026-09"),
    ]


async def test_what_has_not_been_added_up_yet_counts(house: House) -> None:
    await house.month("2026-10")
    await house.services.counters.add_up()
    await house.rated("2026-10", "YZ-QD", "0/200")
    house.at("2026-11-04 08:00")
    await house.run()
    assert await house.proposed() == [(MONTH, "桥东", "2026-10")]


async def test_other_ways_are_not_compared(house: House) -> None:
    """Officers of Qiaoxi asked two thousand satisfied citizens: that is another way."""
    await house.month("2026-10")
    await house.rated("2026-10", "YZ-QX", "2000/2000", way="invited_by_officer")
    house.at("2026-11-04 08:00")
    await house.run()
    view = await house.services.accountability.proposals.shown(
        house.cast.inspect.turn(), await house.number()
    )
    (month,) = view.evidence.months
    assert (month.n, month.came) == (200, (("sms", "invited", 200),))
    assert view.evidence.ways == ("invited",)


async def test_what_cannot_be_told_is_kept_and_proposes_nothing(house: House) -> None:
    await house.month("2026-10", QD=AVERAGE)
    house.at("2026-11-04 08:00")
    assert await house.run() == (RULES, 0)
    kept = next(row for row in await house.evaluations() if row.rule == MONTH)
    said = {each["label"]: each["outcome"] for each in kept.evidence["verdicts"]}
    assert said == {
        "桥西分局": "untold",
        "桥东分局": "untold",
        "清河县公安局": "not",
        "安平县公安局": "not",
    }
    assert kept.evidence["rule"]["ways"] == ["invited"]
    assert await told(house.services, house.cast.inspect) == []


async def test_an_installation_without_ratings(house: House) -> None:
    house.at("2026-11-04 08:00")
    assert await house.run() == (RULES, 0)


async def test_a_county_is_the_sum_of_what_is_below_it(house: House) -> None:
    await house.month("2026-10", QX="0/0")
    await house.rated("2026-10", "YZ-QX-MDL-HJ1", "50/100")
    await house.rated("2026-10", "YZ-QX-NZ", "60/100")
    house.at("2026-11-04 08:00")
    await house.run()
    view = await house.services.accountability.proposals.shown(
        house.cast.inspect.turn(), await house.number()
    )
    assert (view.unit_label, view.evidence.months[0].n) == ("桥西分局", 200)


async def test_the_notice_names_the_unit_and_what_is_proposed(house: House) -> None:
    await house.month("2026-10")
    house.at("2026-11-04 08:00")
    await house.run()
    number = await house.number()
    assert await told(house.services, house.cast.inspect) == [
        f"有新提议，等您决定：当月末位（2026-10）\n· 提议 {number} 桥西分局\n"
        "建议：由分管领导对责任人进行约谈\n这只是提议，采不采纳由您定。依据点下面看。"
    ]
    for other in (house.cast.centre, house.cast.sub, house.cast.chief, house.cast.head):
        assert await told(house.services, other) == []


async def test_at_night_the_notice_waits_for_the_morning(house: House) -> None:
    await house.month("2026-10")
    house.at("2026-11-04 00:27")
    await house.run()
    assert len(await told(house.services, house.cast.inspect, state="held")) == 1


async def test_a_sub_centre_decides_about_its_stations(house: House) -> None:
    await house.month("2026-10")  # counties only
    for unit in ("YZ-QX-MDL", "YZ-QX-NZ", "YZ-QD-WJM", "YZ-QD-SQT"):
        await house.rated("2026-10", unit, "100/200" if unit == "YZ-QX-MDL" else "196/200")
    house.at("2026-11-04 08:00")
    await house.run()
    assert ("last_station", "明德里所", "2026-10") in await house.proposed()
    assert "派出所末位" in (await told(house.services, house.cast.sub))[0]


# --- cases found substantiated --------------------------------------------------------------------


async def verified(house: House, finding: str, **given: str) -> str:
    """A case at Mingdeli station, looked into by LI; its number."""
    receipt = await submit(house.services, house.cast.chen, kind=CaseKind.COMPLAINT)
    act = house.services.cases.act
    await act(house.cast.li.turn(), receipt.number, Verb.ACCEPT)
    await act(house.cast.li.turn(), receipt.number, Verb.VERIFY, finding=finding, text="查过了")
    return receipt.number


async def test_cases_count_in_the_month_in_which_they_were_found_so(house: House) -> None:
    house.at("2026-09-30 15:00")
    for _ in range(3):
        await verified(house, "substantiated")
    await verified(house, "unsubstantiated")
    house.at("2026-10-01 00:01")
    for _ in range(3):
        await verified(house, "substantiated")
    house.at("2026-11-04 08:00")
    await house.run()
    rule = "notable_two_months_running"
    assert await house.proposed() == [(rule, "明德里所", "2026-10")]
    view = await house.services.accountability.proposals.shown(
        house.cast.centre.turn(), await house.number(rule)
    )
    assert [month.n for month in view.evidence.months] == [3, 3]


async def test_duplicates_and_what_was_found_otherwise_later_do_not_count(house: House) -> None:
    house.at("2026-09-30 15:00")
    for _ in range(3):
        await verified(house, "substantiated")
    house.at("2026-10-12 15:00")
    numbers = [await verified(house, "substantiated") for _ in range(3)]
    await house.found_so(numbers[0], "unsubstantiated")
    house.at("2026-11-04 08:00")
    await house.run()
    assert await house.proposed() == []


# --- the dry run ----------------------------------------------------------------------------------


async def test_the_dry_run_says_what_the_round_did(house: House) -> None:
    poor = {"2026-06": "YZ-QD", "2026-07": "YZ-QX", "2026-08": "YZ-QX", "2026-09": "YZ-QX"}
    for month, unit in poor.items():
        await house.month(month, unit)
    await house.month("2026-10", QD=AVERAGE)
    for month in ("2026-07", "2026-08", "2026-09", "2026-10", "2026-11"):
        house.at(f"{month}-05 08:00")
        await house.run()
    kept = {(row.rule, row.period): row.evidence for row in await house.evaluations()}
    made = await house.proposed()
    trial = house.services.accountability.trial
    months = [read_month(f"2026-{number:02}") for number in range(6, 11)]
    tried = await trial.run(months, rules_of(house.services.policy))
    for rule, by_month in tried.found:
        for found in by_month:
            then = kept[rule.name, found.month]
            assert plain_evaluation(found, tried.as_of)["verdicts"] == then["verdicts"]
    again = {
        (rule.name, each.label[:2], f"{found.month:%Y-%m}")
        for rule, by_month in tried.found
        for found in by_month
        for each in found.of(Outcome.PROPOSED)
    }
    assert again == set(made)
    assert (RUNNING, "桥西", "2026-09") in made


async def test_the_dry_run_leaves_no_trace(house: House) -> None:
    await house.month("2026-10")
    house.at("2026-11-04 08:00")
    tried = await house.services.accountability.trial.asked(house.cast.centre.turn(), "上个月")
    assert tried.months == (read_month("2026-10"),)
    assert await house.evaluations() == []
    assert await house.proposed() == []
    assert await told(house.services, house.cast.inspect) == []


@pytest.mark.parametrize(
    ("words", "first", "last", "rules"),
    [
        ("", "2026-05", "2026-10", RULES),
        ("今年", "2026-01", "2026-10", RULES),
        ("三季度 连续三个月末位", "2026-07", "2026-09", 1),
        ("last_station", "2026-05", "2026-10", 1),
        ("当月末位", "2026-05", "2026-10", 1),
    ],
)
async def test_a_period_and_a_rule_are_named(
    house: House, words: str, first: str, last: str, rules: int
) -> None:
    house.at("2026-11-20 08:00")
    tried = await house.services.accountability.trial.asked(house.cast.inspect.turn(), words)
    assert (tried.months[0], tried.months[-1]) == (read_month(first), read_month(last))
    assert len(tried.found) == rules

"""Many citizens, one matter: proposed to the staff, merged by them, one answer to all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from actions.bootstrap import Services
from actions.cases.case import CaseView
from actions.cases.states import State, Verb
from actions.errors import Refusal
from tests.cases.steps import case_row, events_of, refused, state_of, submit, told
from tests.cast import Cast, Someone, citizen

pytestmark = pytest.mark.usefixtures("frozen")

NOON = "中午十二点到两点户籍窗口一个人都没有，白跑一趟"


async def three(services: Services, cast: Cast) -> tuple[list[Someone], list[str]]:
    """CHEN, ZHOU and a third citizen find the same counter closed at noon."""
    citizens = [cast.chen, cast.zhou, await citizen(services, "openid-third")]
    words = [NOON, f"{NOON}！", f"我{NOON}，太气人了"]
    found = [await submit(services, c, what=w) for c, w in zip(citizens, words, strict=True)]
    return citizens, [receipt.number for receipt in found]


async def act(services: Services, who: Someone, number: str, verb: Verb, **given: Any) -> CaseView:
    return await services.cases.act(who.turn(), number, verb, **given)


async def test_one_answer_to_all_and_each_rates_it(services: Services, cast: Cast) -> None:
    citizens, (first, second, third) = await three(services, cast)
    assert {link.number for link in await services.cases.links(cast.li.turn(), third)} == {
        first,
        second,
    }
    await act(services, cast.li, first, Verb.ACCEPT)
    for number in (second, third):
        view = await act(services, cast.li, number, Verb.MERGE, into=first)
        assert (view.state, view.merged_into) == (State.MERGED, first)
    assert "并在一起办" in (await told(services, cast.zhou))[-1]

    await act(services, cast.li, first, Verb.ANSWER, text="中午安排了值班")
    for someone, number in zip(citizens, (first, second, third), strict=True):
        assert await state_of(services, number) is State.ANSWERED
        answer = [text for text in await told(services, someone) if "中午安排了值班" in text]
        assert len(answer) == 1
        assert number in answer[0]

    for someone, number, grade in zip(
        citizens, (first, second, third), ("satisfied", "basically", "unsatisfied"), strict=True
    ):
        view = await act(services, someone, number, Verb.RATE_RESULT, grade=grade)
        assert (view.state, view.result_grade) == (State.CLOSED, grade)


async def test_merged_into_what_is_answered_already_it_gets_that_answer(
    services: Services, cast: Cast
) -> None:
    _, (first, second, _) = await three(services, cast)
    await act(services, cast.li, first, Verb.ACCEPT)
    await act(services, cast.li, first, Verb.ANSWER, text="中午安排了值班")
    view = await act(services, cast.li, second, Verb.MERGE, into=first)
    assert view.state is State.ANSWERED
    assert "中午安排了值班" in (await told(services, cast.zhou))[-1]


async def test_merging_while_the_other_is_being_answered(services: Services, cast: Cast) -> None:
    """Whoever comes second: nobody is left without the answer."""
    _, (first, second, _) = await three(services, cast)
    await act(services, cast.li, first, Verb.ACCEPT)
    await asyncio.gather(
        act(services, cast.li, first, Verb.ANSWER, text="中午安排了值班"),
        act(services, cast.wang, second, Verb.MERGE, into=first),
    )
    assert await state_of(services, second) is State.ANSWERED


async def test_a_chain_of_merged_cases_gets_the_answer(services: Services, cast: Cast) -> None:
    _, (first, second, third) = await three(services, cast)
    await act(services, cast.li, third, Verb.MERGE, into=second)
    await act(services, cast.li, second, Verb.MERGE, into=first)
    await act(services, cast.li, first, Verb.ACCEPT)
    await act(services, cast.li, first, Verb.ANSWER, text="中午安排了值班")
    assert {await state_of(services, n) for n in (first, second, third)} == {State.ANSWERED}


async def test_withdrawn_by_one_it_goes_on_for_the_others(services: Services, cast: Cast) -> None:
    _, (first, second, third) = await three(services, cast)
    for number in (second, third):
        await act(services, cast.li, number, Verb.MERGE, into=first)
    await act(services, cast.chen, first, Verb.WITHDRAW)
    for number in (second, third):
        row = await case_row(services, number)
        assert (row.state, row.merged_into) == (State.DISPATCHED, None)
        assert row.due_at is not None
        assert (await told(services, cast.li, number))[-1].startswith("新件")
    await act(services, cast.li, second, Verb.ACCEPT)


async def test_a_merged_case_can_be_taken_out_again(services: Services, cast: Cast) -> None:
    _, (first, second, _) = await three(services, cast)
    await act(services, cast.li, second, Verb.MERGE, into=first)
    unit = (await case_row(services, first)).unit_id
    view = await act(services, cast.sub, second, Verb.DISPATCH, unit=unit, text="不是一件事")
    assert (view.state, view.merged_into) == (State.DISPATCHED, "")
    await act(services, cast.li, first, Verb.ACCEPT)
    await act(services, cast.li, first, Verb.ANSWER, text="中午安排了值班")
    assert await state_of(services, second) is State.DISPATCHED


async def test_the_citizen_of_a_merged_case_may_still_add_and_withdraw(
    services: Services, cast: Cast
) -> None:
    _, (first, second, _) = await three(services, cast)
    await act(services, cast.li, second, Verb.MERGE, into=first)
    await act(services, cast.zhou, second, Verb.ADD_FACTS, text="周五也是")
    await act(services, cast.zhou, second, Verb.WITHDRAW)
    await act(services, cast.li, first, Verb.ACCEPT)
    await act(services, cast.li, first, Verb.ANSWER, text="中午安排了值班")
    assert await state_of(services, second) is State.WITHDRAWN
    assert "answer" not in await events_of(services, second)


@pytest.mark.parametrize(
    ("into", "key"),
    [
        ("itself", "merge_not_there"),
        ("merged", "merge_not_there"),
        ("closed", "merge_closed"),
        ("withdrawn", "merge_closed"),
        ("of another station", "case_not_found"),
        ("nothing", "case_not_found"),
    ],
)
async def test_what_it_cannot_be_merged_into(
    services: Services, cast: Cast, into: str, key: str
) -> None:
    _, (first, second, third) = await three(services, cast)
    target = {"itself": first, "nothing": "Q26-9999"}.get(into, third)
    if into == "merged":
        await act(services, cast.li, third, Verb.MERGE, into=second)
    elif into == "withdrawn":
        third_citizen = await citizen(services, "openid-third")
        await act(services, third_citizen, third, Verb.WITHDRAW)
    elif into == "closed":
        await act(services, cast.li, third, Verb.ACCEPT)
        await act(services, cast.li, third, Verb.ANSWER, text="好了")
        third_citizen = await citizen(services, "openid-third")
        await act(services, third_citizen, third, Verb.RATE_RESULT, grade="satisfied")
    elif into == "of another station":
        nanzhan = await services.org.match_units("南站派出所")
        target = (await submit(services, cast.chen, unit_id=nanzhan[0].unit_id)).number
    no: Refusal = await refused(act(services, cast.li, first, Verb.MERGE, into=target))
    assert no.key == key
    assert await state_of(services, first) is State.DISPATCHED


async def test_links_are_decided_and_not_proposed_again(services: Services, cast: Cast) -> None:
    _, (first, second, third) = await three(services, cast)
    await services.cases.decide_link(cast.li.turn(), third, second, "dismissed")
    view = await services.cases.decide_link(cast.li.turn(), third, first, "linked")
    assert view.links == 0  # nothing is left to decide
    left = await services.cases.links(cast.li.turn(), third)
    assert [(link.number, link.state) for link in left] == [(first, "linked")]
    no = await refused(services.cases.links(cast.chen.turn(), first))
    assert no.key == "case_not_found"


async def test_after_reopening_it_stands_by_itself(services: Services, cast: Cast) -> None:
    _, (first, second, _) = await three(services, cast)
    await act(services, cast.li, second, Verb.MERGE, into=first)
    await act(services, cast.li, first, Verb.ACCEPT)
    await act(services, cast.li, first, Verb.ANSWER, text="中午安排了值班")
    await act(services, cast.zhou, second, Verb.RATE_RESULT, grade="satisfied")
    await act(services, cast.zhou, second, Verb.REOPEN, text="又关了")
    row = await case_row(services, second)
    assert (row.state, row.merged_into, row.rounds) == (State.DISPATCHED, None, 2)

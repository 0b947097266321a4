"""The life of a case through the service, with the people of the cast."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from actions.bootstrap import Services
from actions.cases.case import CaseDraft, CaseView, Receipt
from actions.cases.kinds import CaseKind, Reason
from actions.cases.states import State, Verb
from actions.errors import Refusal
from actions.store.tables import case_events, cases, deliveries, identities, officers
from actions.turn import Turn
from tests.cast import Cast, Someone

pytestmark = pytest.mark.usefixtures("frozen")

WHAT = "等了两个小时没人理"
PHONE = "13900000000"


async def submit(services: Services, citizen: Someone, **changes: object) -> Receipt:
    """An unsatisfied citizen's case about Mingdeli's second window."""
    code = await services.org.code("mdl-hj2-cspc")
    assert code is not None
    fields: dict[str, object] = {
        "kind": CaseKind.UNSATISFIED,
        "what": WHAT,
        "unit_id": code.unit_id,
        "phone": PHONE,
        "reason": Reason.SPEED,
    }
    return await services.cases.submit(citizen.turn(), CaseDraft(**{**fields, **changes}))  # type: ignore[arg-type]


async def told(services: Services, someone: Someone) -> list[str]:
    """The texts queued for this person, oldest first."""
    query = (
        select(deliveries.c.content_sealed)
        .join(identities, identities.c.id == deliveries.c.identity_id)
        .where(identities.c.conversation == someone.conversation)
        .order_by(deliveries.c.id)
    )
    async with services.engine.connect() as connection:
        sealed = (await connection.execute(query)).scalars().all()
    return [services.vault.open_json(content)["text"] for content in sealed]


async def refused(call: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await call  # type: ignore[misc]
    return caught.value


async def test_from_submission_to_the_rated_result(services: Services, cast: Cast) -> None:
    receipt = await submit(services, cast.chen)
    assert receipt.number == "Q26-0001"
    assert receipt.unit_label == "桥西分局明德里派出所 · 户籍 2 号窗口"

    (card,) = await told(services, cast.li)
    assert receipt.number in card
    assert WHAT in card
    assert "139****0000" in card
    assert PHONE not in card

    view = await services.cases.act(cast.li.turn(), receipt.number, Verb.ACCEPT)
    assert view.state is State.ACCEPTED
    assert view.phone == PHONE
    assert any("已接手" in line for line in await told(services, cast.chen))
    assert any("不用再管" in line for line in await told(services, cast.wang))

    words = "今天下午可以直接来取。"
    view = await services.cases.act(cast.li.turn(), receipt.number, Verb.ANSWER, text=words)
    assert view.state is State.ANSWERED
    assert "今天下午可以直接来取。" in (await told(services, cast.chen))[-1]

    view = await services.cases.act(
        cast.chen.turn(), receipt.number, Verb.RATE_RESULT, grade="satisfied"
    )
    assert view.state is State.CLOSED
    assert "满意" in (await told(services, cast.li))[-1]
    async with services.engine.connect() as connection:
        verbs = (
            (await connection.execute(select(case_events.c.verb).order_by(case_events.c.id)))
            .scalars()
            .all()
        )
    assert verbs == ["submit", "dispatch", "accept", "answer", "rate_result"]


async def test_the_same_message_twice_acts_once(services: Services, cast: Cast) -> None:
    turn = cast.chen.turn()
    draft = CaseDraft(CaseKind.COMPLAINT, WHAT)
    first = await services.cases.submit(turn, draft)
    assert await services.cases.submit(turn, draft) == first
    accept = cast.centre.turn()
    await services.cases.act(accept, first.number, Verb.ACCEPT)
    again = await services.cases.act(accept, first.number, Verb.ACCEPT)
    assert again.state is State.ACCEPTED
    assert len(await told(services, cast.chen)) == 1


async def test_two_officers_at_once_one_wins(services: Services, cast: Cast) -> None:
    receipt = await submit(services, cast.chen)
    results = await asyncio.gather(
        services.cases.act(cast.li.turn(), receipt.number, Verb.ACCEPT),
        services.cases.act(cast.wang.turn(), receipt.number, Verb.ACCEPT),
        return_exceptions=True,
    )
    won = [r for r in results if isinstance(r, CaseView)]
    lost = [r for r in results if isinstance(r, Refusal)]
    assert len(won) == len(lost) == 1
    assert lost[0].key == "case_taken"
    assert lost[0].params["who"] == won[0].accepted_by


@pytest.mark.parametrize("who", ["zhou", "liu", "other", "chief"])
async def test_it_does_not_exist_for_others(services: Services, cast: Cast, who: str) -> None:
    receipt = await submit(services, cast.chen)
    someone = getattr(cast, who)
    if who == "chief":  # sees the figures, and so the cases; has no part in them
        assert (await services.cases.find(someone.turn(), receipt.number)).may == []
    else:
        assert (
            await refused(services.cases.find(someone.turn(), receipt.number))
        ).key == "case_not_found"
    for call in (
        services.cases.act(someone.turn(), receipt.number, Verb.ACCEPT),
        services.cases.act(someone.turn(), receipt.number, Verb.ANSWER, text="x"),
        services.cases.act(someone.turn(), receipt.number, Verb.WITHDRAW),
        services.cases.find(someone.turn(), "Q26-9999"),
    ):
        assert (await refused(call)).key == "case_not_found"


async def test_the_officer_it_is_about_never_sees_it(services: Services, cast: Cast) -> None:
    async with services.engine.connect() as connection:
        query = select(officers.c.id).where(officers.c.badge == cast.li.badge)
        li = (await connection.execute(query)).scalar_one()
    receipt = await submit(services, cast.chen, officer_id=li)
    assert await told(services, cast.li) == []
    assert await told(services, cast.wang) == []  # who sits beside him neither
    assert len(await told(services, cast.sub)) == 1
    assert (await refused(services.cases.act(cast.li.turn(), receipt.number, Verb.ACCEPT))).key == (
        "case_not_found"
    )
    assert await services.cases.open_for_officer(cast.li.turn()) == []


async def test_a_case_without_a_unit_goes_to_the_centre(services: Services, cast: Cast) -> None:
    receipt = await submit(services, cast.chen, unit_id=None)
    assert receipt.unit_label == "云州市公安局"
    assert len(await told(services, cast.centre)) == 1
    assert await told(services, cast.li) == []


async def test_the_short_code_opens_the_case_from_anywhere(services: Services, cast: Cast) -> None:
    receipt = await submit(services, cast.chen)
    spelled = receipt.short_code[:3].lower() + "-" + receipt.short_code[3:]
    view = await services.cases.find(cast.zhou.turn(), spelled)
    assert view.number == receipt.number
    assert view.phone == "139****0000"
    assert [case.number for case in await services.cases.mine(cast.zhou.turn())] == [receipt.number]


async def test_guessing_ends(services: Services, cast: Cast) -> None:
    for _ in range(10):
        assert (await refused(services.cases.find(cast.zhou.turn(), "7K3M9X"))).key == (
            "case_not_found"
        )
    assert (await refused(services.cases.find(cast.zhou.turn(), "7K3M9X"))).key == (
        "too_many_guesses"
    )


@pytest.mark.parametrize(
    ("verb", "key"),
    [("accept", "case_over"), ("answer", "case_over"), ("urge", "case_over")],
)
async def test_nothing_moves_a_withdrawn_case(
    services: Services, cast: Cast, verb: str, key: str
) -> None:
    receipt = await submit(services, cast.chen)
    await services.cases.act(cast.chen.turn(), receipt.number, Verb.WITHDRAW)
    assert "撤回" in (await told(services, cast.li))[-1]
    call = {
        "accept": lambda: services.cases.act(cast.li.turn(), receipt.number, Verb.ACCEPT),
        "answer": lambda: services.cases.act(cast.li.turn(), receipt.number, Verb.ANSWER, text="x"),
        "urge": lambda: services.cases.act(cast.chen.turn(), receipt.number, Verb.URGE),
    }[verb]
    assert (await refused(call())).key == key


async def test_answering_wants_acceptance_first(services: Services, cast: Cast) -> None:
    receipt = await submit(services, cast.chen)
    assert (
        await refused(services.cases.act(cast.li.turn(), receipt.number, Verb.ANSWER, text="x"))
    ).key == ("accept_first")


async def test_facts_and_urging_reach_the_officer(services: Services, cast: Cast) -> None:
    receipt = await submit(services, cast.chen)
    await services.cases.act(cast.li.turn(), receipt.number, Verb.ACCEPT)
    await services.cases.act(cast.chen.turn(), receipt.number, Verb.ADD_FACTS, text="是上午的事")
    await services.cases.act(cast.chen.turn(), receipt.number, Verb.URGE)
    heard = await told(services, cast.li)
    assert "是上午的事" in heard[-2]
    assert "催办" in heard[-1]
    assert len(await told(services, cast.wang)) == 1  # the card, which now shows who took it


async def test_an_anonymous_case_keeps_no_phone(services: Services, cast: Cast) -> None:
    await submit(services, cast.chen, anonymous=True)
    async with services.engine.connect() as connection:
        assert (await connection.execute(select(cases.c.phone_sealed))).scalar_one() is None
    assert "匿名" in (await told(services, cast.li))[0]


async def test_a_leaver_is_cut_off_at_once(services: Services, cast: Cast) -> None:
    receipt = await submit(services, cast.chen)
    async with services.engine.begin() as connection:
        await connection.execute(
            update(officers).where(officers.c.badge == cast.li.badge).values(active=False)
        )
    assert (await refused(services.cases.act(cast.li.turn(), receipt.number, Verb.ACCEPT))).key == (
        "case_not_found"
    )


@pytest.mark.parametrize(
    "statement", ["UPDATE case_events SET verb = 'x'", "DELETE FROM case_events"]
)
async def test_events_are_append_only(services: Services, cast: Cast, statement: str) -> None:
    await submit(services, cast.chen)
    with pytest.raises(DBAPIError, match="never changed"):
        async with services.engine.begin() as connection:
            await connection.execute(text(statement))


async def test_numbers_have_no_gaps_under_load(services: Services, cast: Cast) -> None:
    receipts = await asyncio.gather(*(submit(services, cast.chen) for _ in range(30)))
    assert sorted(r.number for r in receipts) == [f"Q26-{n:04d}" for n in range(1, 31)]


async def test_a_failed_transaction_leaves_nothing(services: Services, cast: Cast) -> None:
    with pytest.raises(LookupError):
        await services.cases.submit(
            Turn("nobody", cast.chen.turn().inbox_id), CaseDraft(CaseKind.HELP, "x")
        )
    async with services.engine.connect() as connection:
        assert (await connection.execute(select(func.count()).select_from(cases))).scalar_one() == 0

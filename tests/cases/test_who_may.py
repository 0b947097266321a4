"""Who may act on a case, beyond its state: subjects, openers, followers, leavers, second tries."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from actions import clock
from actions.bootstrap import Services
from actions.cases.case import CaseDraft, Receipt
from actions.cases.kinds import CaseKind
from actions.cases.states import State, Verb
from actions.errors import Refusal
from actions.store.tables import attachments, cases, deliveries, identities, inbox, officers, units
from actions.turn import Turn
from tests.cast import Cast, Someone, gather_cast
from tests.installation import Servers, installation
from tests.policies import written


@pytest.fixture(scope="module")
async def services(databases: Servers) -> AsyncIterator[Services]:
    async with installation(databases) as wired:
        yield wired


@pytest.fixture(scope="module")
async def cast(services: Services) -> Cast:
    return await gather_cast(services)


async def submit(services: Services, someone: Someone, **changes: object) -> Receipt:
    """A case at Mingdeli station."""
    async with services.engine.connect() as connection:
        query = select(units.c.id).where(units.c.name == "明德里派出所")
        unit_id = (await connection.execute(query)).scalar_one()
    fields: dict[str, object] = {"kind": CaseKind.COMPLAINT, "what": "等太久", "unit_id": unit_id}
    return await services.cases.submit(someone.turn(), CaseDraft(**{**fields, **changes}))  # type: ignore[arg-type]


async def officer_id(services: Services, someone: Someone) -> int:
    async with services.engine.connect() as connection:
        query = select(officers.c.id).where(officers.c.badge == someone.badge)
        return int((await connection.execute(query)).scalar_one())


async def second_chat(services: Services, someone: Someone) -> Someone:
    """The same officer in WeChat."""
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, "wechat", f"openid-{someone.badge}")
    other = Someone(services, person.conversation, someone.badge)
    code = await services.people.make_binding_code(someone.badge)
    await services.people.bind(other.turn(), code)
    return other


async def heard(services: Services, someone: Someone, number: str) -> int:
    """How many notices about the case this chat got."""
    query = (
        select(func.count())
        .select_from(deliveries)
        .join(identities, identities.c.id == deliveries.c.identity_id)
        .join(cases, cases.c.id == deliveries.c.case_id)
        .where(identities.c.conversation == someone.conversation, cases.c.number == number)
    )
    async with services.engine.connect() as connection:
        return int((await connection.execute(query)).scalar_one())


async def refused(call: object) -> str:
    with pytest.raises(Refusal) as caught:
        await call  # type: ignore[misc]
    return caught.value.key


async def test_the_short_code_is_no_way_in_for_the_officer_it_is_about(
    services: Services, cast: Cast
) -> None:
    receipt = await submit(services, cast.chen, officer_id=await officer_id(services, cast.li))
    call = services.cases.find(cast.li.turn(), receipt.short_code)
    assert await refused(call) == "case_not_found"


@pytest.mark.parametrize("name", ["li", "centre"])
async def test_nobody_rates_their_own_work_by_short_code(
    services: Services, cast: Cast, name: str
) -> None:
    """A citizen showed the short code at the counter."""
    receipt = await submit(services, cast.chen)
    someone = getattr(cast, name)
    await services.cases.find(someone.turn(), receipt.short_code)
    await services.cases.act(cast.li.turn(), receipt.number, Verb.ACCEPT)
    await services.cases.act(cast.li.turn(), receipt.number, Verb.ANSWER, text="办好了")
    call = services.cases.act(someone.turn(), receipt.number, Verb.RATE_RESULT, grade="satisfied")
    assert await refused(call) == "verb_not_yours"
    assert await services.cases.mine(someone.turn()) == []


async def test_an_officer_of_another_county_may_follow_as_anybody(
    services: Services, cast: Cast
) -> None:
    receipt = await submit(services, cast.chen)
    view = await services.cases.find(cast.other.turn(), receipt.short_code)
    assert "withdraw" in view.may


async def test_an_officer_works_on_no_case_of_their_own(services: Services, cast: Cast) -> None:
    """WANG opened it from a second chat, as a citizen."""
    wechat = await second_chat(services, cast.wang)
    receipt = await submit(services, wechat)
    assert await heard(services, cast.wang, receipt.number) == 0
    assert await heard(services, cast.li, receipt.number) == 1
    call = services.cases.act(cast.wang.turn(), receipt.number, Verb.ACCEPT)
    assert await refused(call) == "case_not_found"
    assert receipt.number not in [
        case.number for case in await services.cases.open_for_officer(cast.wang.turn())
    ]


async def test_a_rating_confirmed_twice_leads_to_one_case(services: Services, cast: Cast) -> None:
    """The first turn was committed, its answer lost, and the citizen confirmed again."""
    code = await services.org.code("mdl-xf8x")
    assert code is not None
    rating = await services.ratings.rate(cast.chen.turn(), "unsatisfied", code_id=code.code_id)
    first = await submit(services, cast.chen, rating_id=rating.id)
    assert await submit(services, cast.chen, rating_id=rating.id) == first
    other_words = await submit(services, cast.chen, rating_id=rating.id, what="还有一件事")
    assert other_words.number != first.number


async def test_one_photo_hangs_on_one_case(services: Services, cast: Cast) -> None:
    photo = cast.chen.turn().inbox_id
    person = await services.people.whoami(cast.chen.turn())
    row = await _stored(services, photo, person.identity_id, cast.chen.conversation)
    first = await submit(services, cast.chen, attachments=[photo])
    await submit(services, cast.chen, attachments=[photo])
    stolen = await submit(services, cast.zhou, attachments=[photo])
    assert stolen.number
    async with services.engine.connect() as connection:
        query = select(cases.c.number).join(attachments, attachments.c.case_id == cases.c.id)
        held = (await connection.execute(query.where(attachments.c.inbox_id == row))).scalar_one()
    assert held == first.number
    view = await services.cases.find(cast.chen.turn(), first.number)
    assert view.attachments == 1


async def _stored(services: Services, photo: str, identity: object, conversation: str) -> object:
    moment, key = clock.now(), uuid.UUID(photo)
    async with services.engine.begin() as connection:
        await connection.execute(
            inbox.insert().values(
                id=key,
                channel="wechat",
                message_digest=key.bytes,
                identity_id=identity,
                conversation=conversation,
                message_sealed=b"",
                next_attempt_at=moment,
                received_at=moment,
                done_at=moment,
                state="done",
            )
        )
        await connection.execute(
            attachments.insert().values(
                inbox_id=key, channel="wechat", media_sealed=b"", created_at=moment
            )
        )
    return key


async def test_when_the_holder_has_left_the_unit_hears_of_it(
    services: Services, cast: Cast
) -> None:
    receipt = await submit(services, cast.chen)
    await services.cases.act(cast.li.turn(), receipt.number, Verb.ACCEPT)
    before = await heard(services, cast.wang, receipt.number)
    await _set_active(services, cast.li, False)
    await services.cases.act(cast.chen.turn(), receipt.number, Verb.URGE)
    await _set_active(services, cast.li, True)
    assert await heard(services, cast.wang, receipt.number) == before + 1


async def _set_active(services: Services, someone: Someone, active: bool) -> None:
    async with services.engine.begin() as connection:
        statement = update(officers).where(officers.c.badge == someone.badge)
        await connection.execute(statement.values(active=active))


async def test_what_a_verb_needs_must_be_given(services: Services, cast: Cast) -> None:
    receipt = await submit(services, cast.chen)
    await services.cases.act(cast.li.turn(), receipt.number, Verb.ACCEPT)
    with pytest.raises(ValueError, match="answer needs text"):
        await services.cases.act(cast.li.turn(), receipt.number, Verb.ANSWER, text="")
    with pytest.raises(ValueError, match="add_facts needs text"):
        await services.cases.act(cast.chen.turn(), receipt.number, Verb.ADD_FACTS, text="")
    nothing = ["0" * 32]
    await services.cases.act(
        cast.chen.turn(), receipt.number, Verb.ADD_FACTS, text="📎", attachments=nothing
    )
    await services.cases.act(cast.li.turn(), receipt.number, Verb.ANSWER, text="办好了")
    with pytest.raises(ValueError, match="excellent"):
        await services.cases.act(
            cast.chen.turn(), receipt.number, Verb.RATE_RESULT, grade="excellent"
        )


@pytest.mark.parametrize("verb", ["urge", "withdraw", "accept"])
async def test_a_retried_turn_gets_the_same_answer_and_tells_nobody_again(
    services: Services, cast: Cast, verb: str
) -> None:
    receipt = await submit(services, cast.chen)
    someone = cast.li if verb == "accept" else cast.chen
    turn: Turn = someone.turn()
    first = await services.cases.act(turn, receipt.number, Verb(verb))
    told = await heard(services, cast.li, receipt.number)
    assert await services.cases.act(turn, receipt.number, Verb(verb)) == first
    assert await heard(services, cast.li, receipt.number) == told


# --- what a policy leaves to a level ----------------------------------------------------------------


async def with_more_time_asked(services: Services, cast: Cast) -> str:
    number = (await submit(services, cast.chen)).number
    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
    longer = {"span": "1 working day", "text": "等街道回复"}
    await services.cases.act(cast.li.turn(), number, Verb.EXTEND, **longer)
    return number


async def test_what_the_centre_reviews_the_county_can_neither_pass_nor_send_back_nor_close(
    databases: Servers, tmp_path: Path
) -> None:
    changes = {"review": {"by": "centre", "kinds": ["complaint"]}, "extension.by": "sub_centre"}
    policy = written(tmp_path, changes=changes)
    async with installation(databases, policy=policy) as services:
        cast = await gather_cast(services)
        number = await with_more_time_asked(services, cast)
        act = services.cases.act
        assert await refused(act(cast.head.turn(), number, Verb.GRANT)) == "verb_not_yours"
        await services.cases.act(cast.sub.turn(), number, Verb.GRANT)
        await services.cases.act(cast.li.turn(), number, Verb.HAND_IN, text="加开了窗口")
        for verb in (Verb.REVIEW, Verb.SEND_BACK, Verb.CLOSE):
            no = act(cast.sub.turn(), number, verb, text="不行")
            assert await refused(no) == "verb_not_yours"
            view = await services.cases.find(cast.sub.turn(), number)
            assert verb not in view.may
        passed = await services.cases.act(cast.centre.turn(), number, Verb.REVIEW)
        assert passed.state is State.ANSWERED

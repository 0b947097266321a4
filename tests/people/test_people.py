"""Who someone is: meeting, binding, languages, leaving."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from actions.bootstrap import Services
from actions.errors import Refusal
from actions.people.people import BINDING_CODE_LIFE
from actions.people.roles import Role, covers
from actions.store.tables import binding_codes, identities, officers
from actions.turn import Turn
from tests.cast import Someone
from tests.conftest import FrozenClock
from tests.installation import Servers, installation

BADGE, NAME = "Y10101", "李甲"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
async def services(databases: Servers) -> AsyncIterator[Services]:
    async with installation(databases) as wired:
        yield wired


@pytest.fixture(autouse=True)
async def everybody_serves(services: Services) -> AsyncIterator[None]:
    yield
    await serves(services, True)


async def serves(services: Services, active: bool, badge: str = BADGE) -> None:
    async with services.engine.begin() as connection:
        statement = update(officers).where(officers.c.badge == badge)
        await connection.execute(statement.values(active=active))


async def somebody(services: Services) -> Someone:
    """A new chat that nobody is bound in."""
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, "telegram", f"chat-{next(_numbers)}")
    return Someone(services, person.conversation)


async def refused(call: object) -> str:
    with pytest.raises(Refusal) as caught:
        await call  # type: ignore[misc]
    return caught.value.key


# --- meeting --------------------------------------------------------------------------------------


async def test_the_same_sender_is_the_same_person(services: Services) -> None:
    async with services.engine.begin() as connection:
        first = await services.people.meet(connection, "wechat", "openid-1")
        again = await services.people.meet(connection, "wechat", "openid-1")
        elsewhere = await services.people.meet(connection, "telegram", "openid-1")
    assert first == again
    assert elsewhere.identity_id != first.identity_id
    assert first.language == "zh"
    assert first.officer is None


async def test_meeting_in_two_processes_at_once_makes_one_person(services: Services) -> None:
    async def meet() -> object:
        async with services.engine.begin() as connection:
            person = await services.people.meet(connection, "wechat", "openid-twice")
            await asyncio.sleep(0.01)
        return person.identity_id

    assert len(set(await asyncio.gather(*(meet() for _ in range(6))))) == 1


async def test_the_senders_id_does_not_lie_in_the_clear(services: Services) -> None:
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, "wechat", "openid-hidden")
        query = select(identities).where(identities.c.id == person.identity_id)
        row = (await connection.execute(query)).one()
    assert "openid-hidden" not in repr(row)
    assert services.vault.open(row.sender_sealed) == "openid-hidden"
    assert "openid" not in person.conversation


async def test_a_conversation_that_never_was_is_a_fault(services: Services) -> None:
    with pytest.raises(LookupError):
        await services.people.whoami(Turn("c_nobody", "0" * 32))


async def test_who_left_is_welcomed_back(services: Services) -> None:
    someone = await somebody(services)
    person = await services.people.whoami(someone.turn())
    await services.people.set_state(person.identity_id, "unsubscribed")
    person = await services.people.whoami(someone.turn())
    assert person.state == "unsubscribed"
    async with services.engine.begin() as connection:
        await services.people.welcome_back(connection, person)
    assert (await services.people.whoami(someone.turn())).state == "active"


async def test_the_language_is_remembered(services: Services) -> None:
    someone = await somebody(services)
    await services.people.set_language(someone.turn(), "en")
    assert (await services.people.whoami(someone.turn())).language == "en"


# --- binding --------------------------------------------------------------------------------------


async def test_a_code_binds_the_chat_to_its_officer(services: Services) -> None:
    someone = await somebody(services)
    code = await services.people.make_binding_code(BADGE)
    officer = await services.people.bind(someone.turn(), code)
    assert (officer.name, officer.role) == (NAME, Role.OFFICER)
    assert officer.called == "李警官"
    assert (await services.people.whoami(someone.turn())).officer == officer


async def test_however_the_code_is_typed(services: Services) -> None:
    code = await services.people.make_binding_code(BADGE)
    typed = f" {code[:4].lower()} - {code[4:]}".replace("0", "o").replace("1", "l")
    someone = await somebody(services)
    assert (await services.people.bind(someone.turn(), typed)).name == NAME


async def test_a_code_binds_one_chat(services: Services) -> None:
    code = await services.people.make_binding_code(BADGE)
    first, second = await somebody(services), await somebody(services)
    await services.people.bind(first.turn(), code)
    assert await refused(services.people.bind(second.turn(), code)) == "binding_code_wrong"
    assert (await services.people.whoami(second.turn())).officer is None


async def test_two_chats_at_once_with_one_code(services: Services) -> None:
    code = await services.people.make_binding_code(BADGE)
    chats = [await somebody(services) for _ in range(4)]
    results = await asyncio.gather(
        *(services.people.bind(chat.turn(), code) for chat in chats), return_exceptions=True
    )
    assert sum(isinstance(result, Refusal) for result in results) == 3


async def test_a_retried_turn_binds_again_the_same(services: Services) -> None:
    code = await services.people.make_binding_code(BADGE)
    someone = await somebody(services)
    turn = someone.turn()
    assert await services.people.bind(turn, code) == await services.people.bind(turn, code)


@pytest.mark.parametrize("code", ["7K3M9X2B", "", "7K3M", "怎么绑定", "' OR 1=1"])
async def test_a_wrong_code_is_refused(services: Services, code: str) -> None:
    someone = await somebody(services)
    assert await refused(services.people.bind(someone.turn(), code)) == "binding_code_wrong"


async def test_an_old_code_is_refused_in_the_same_words(
    services: Services, frozen: FrozenClock
) -> None:
    code = await services.people.make_binding_code(BADGE)
    someone = await somebody(services)
    frozen.moment += BINDING_CODE_LIFE + timedelta(seconds=1)
    assert await refused(services.people.bind(someone.turn(), code)) == "binding_code_wrong"


async def test_the_code_itself_is_kept_nowhere(services: Services) -> None:
    code = await services.people.make_binding_code(BADGE)
    async with services.engine.connect() as connection:
        rows = (await connection.execute(select(binding_codes))).all()
    assert code not in repr(rows)


@pytest.mark.parametrize("badge", ["Y00000", "", "y10101"])
async def test_an_unknown_badge_gets_no_code(services: Services, badge: str) -> None:
    assert await refused(services.people.make_binding_code(badge)) == "badge_unknown"


# --- leaving --------------------------------------------------------------------------------------


async def test_a_leaver_is_an_officer_no_more(services: Services) -> None:
    someone = await somebody(services)
    await services.people.bind(someone.turn(), await services.people.make_binding_code(BADGE))
    await serves(services, False)
    assert (await services.people.whoami(someone.turn())).officer is None
    assert await refused(services.people.make_binding_code(BADGE)) == "badge_unknown"


async def test_a_leavers_code_is_refused_and_not_used_up(services: Services) -> None:
    code = await services.people.make_binding_code(BADGE)
    someone = await somebody(services)
    await serves(services, False)
    assert await refused(services.people.bind(someone.turn(), code)) == "binding_code_wrong"
    await serves(services, True)
    assert (await services.people.whoami(someone.turn())).officer is None  # nothing was bound
    assert (await services.people.bind(someone.turn(), code)).name == NAME


async def test_identities_are_never_doubled(services: Services) -> None:
    async with services.engine.connect() as connection:
        query = (
            select(func.count())
            .select_from(identities)
            .group_by(identities.c.channel, identities.c.sender_digest)
        )
        assert set((await connection.execute(query)).scalars().all()) == {1}


# --- reach ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("post", "unit", "reaches"),
    [
        ("/1/", "/1/2/30/", True),
        ("/1/2/", "/1/2/", True),
        ("/1/2/", "/1/20/", False),  # not a prefix by digits alone
        ("/1/2/30/", "/1/2/", False),
        ("/1/2/", "/1/3/31/", False),
    ],
)
def test_a_post_reaches_its_unit_and_below(post: str, unit: str, reaches: bool) -> None:
    assert covers(post, unit) is reaches

"""In by a link from the chat, once; out after a shift, by a button, by leaving."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select, update

from actions.bootstrap import Services
from actions.errors import Refusal
from actions.people.sessions import Login
from actions.store.tables import identities, login_links, officers, sessions
from tests.cast import Cast
from tests.conftest import FrozenClock


async def entered(services: Services, cast: Cast) -> str:
    session = await services.sessions.open(await services.sessions.link(cast.sub.turn()))
    assert session is not None
    assert not session.wall
    return session.token


async def test_a_link_opens_one_session(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    link = await services.sessions.link(cast.sub.turn())
    session = await services.sessions.open(link)
    assert session is not None
    login = await services.sessions.who(session.token)
    assert isinstance(login, Login)
    assert login.conversation == cast.sub.conversation
    assert await services.sessions.open(link) is None


async def test_of_two_at_once_one_gets_in(services: Services, cast: Cast) -> None:
    link = await services.sessions.link(cast.sub.turn())
    opened = await asyncio.gather(*(services.sessions.open(link) for _ in range(4)))
    assert len([each for each in opened if each]) == 1


async def test_a_late_link_or_one_that_was_never_given(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    link = await services.sessions.link(cast.sub.turn())
    frozen.advance(minutes=10)
    assert await services.sessions.open(link) is None
    assert await services.sessions.open("x" * 43) is None


async def test_a_new_link_makes_the_old_one_void(services: Services, cast: Cast) -> None:
    old = await services.sessions.link(cast.sub.turn())
    new = await services.sessions.link(cast.sub.turn())
    assert await services.sessions.open(old) is None
    assert await services.sessions.open(new) is not None


async def test_citizens_get_none(services: Services, cast: Cast) -> None:
    with pytest.raises(Refusal, match="officers_only"):
        await services.sessions.link(cast.chen.turn())


async def test_a_session_ends_after_a_shift(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    session = await entered(services, cast)
    frozen.advance(hours=7, minutes=59)
    assert await services.sessions.who(session) is not None
    frozen.advance(minutes=2)
    assert await services.sessions.who(session) is None


async def test_by_the_button(services: Services, cast: Cast) -> None:
    session = await entered(services, cast)
    await services.sessions.end(session)
    await services.sessions.end("unknown")
    assert await services.sessions.who(session) is None


async def test_when_the_officer_leaves(services: Services, cast: Cast) -> None:
    session = await entered(services, cast)
    async with services.engine.begin() as connection:
        gone = update(officers).where(officers.c.badge == cast.sub.badge).values(active=False)
        await connection.execute(gone)
    assert await services.sessions.who(session) is None


async def test_when_the_chat_is_bound_to_another(services: Services, cast: Cast) -> None:
    session = await entered(services, cast)
    code = await services.people.make_binding_code(cast.liu.badge)
    await services.people.bind(cast.sub.turn(), code)
    assert await services.sessions.who(session) is None
    async with services.engine.begin() as connection:
        theirs = identities.c.conversation == cast.sub.conversation
        await connection.execute(update(identities).where(theirs).values(officer_id=None))
    assert await services.sessions.who(session) is None


async def test_the_database_tells_neither_link_nor_session(services: Services, cast: Cast) -> None:
    link = await services.sessions.link(cast.sub.turn())
    session = await services.sessions.open(link)
    assert session is not None
    async with services.engine.connect() as connection:
        kept = (await connection.execute(select(login_links.c.digest))).scalars().all()
        kept += (await connection.execute(select(sessions.c.digest))).scalars().all()
    assert link.encode() not in kept
    assert session.token.encode() not in kept
    assert services.sessions.proof(session.token) != services.sessions.proof(link)

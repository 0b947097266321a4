"""Meeting many at once gives what meeting one by one gives."""

from __future__ import annotations

import asyncio

from sqlalchemy import update

from actions.bootstrap import Services
from actions.people.meeting import Met, meet_all
from actions.store.tables import identities
from tests.conftest import FrozenClock

NUMBERS = [f"+861390000{n:04d}" for n in range(40)]


async def meets(services: Services, *senders: str) -> dict[str, Met]:
    async with services.engine.begin() as connection:
        return await meet_all(connection, services.vault, "sms", senders)


async def test_new_ones_are_made_and_known_ones_found(
    services: Services, frozen: FrozenClock
) -> None:
    async with services.engine.begin() as connection:
        known = await services.people.meet(connection, "sms", NUMBERS[0])
    met = await meets(services, *NUMBERS)
    assert met.keys() == set(NUMBERS)
    assert met[NUMBERS[0]].identity_id == known.identity_id
    assert {each.state for each in met.values()} == {"active"}
    async with services.engine.begin() as connection:
        for number in NUMBERS:
            person = await services.people.meet(connection, "sms", number)
            assert person.identity_id == met[number].identity_id
            assert person.conversation == f"c{person.identity_id.hex}"
    assert await meets(services, *NUMBERS) == met


async def test_language_and_state_are_as_they_stand(
    services: Services, frozen: FrozenClock
) -> None:
    await meets(services, *NUMBERS[:2])
    async with services.engine.begin() as connection:
        digest = services.vault.digest(f"sms:{NUMBERS[0]}")
        statement = update(identities).where(identities.c.sender_digest == digest)
        await connection.execute(statement.values(language="en", state="dead"))
    met = await meets(services, *NUMBERS[:2])
    assert (met[NUMBERS[0]].language, met[NUMBERS[0]].state) == ("en", "dead")
    assert (met[NUMBERS[1]].language, met[NUMBERS[1]].state) == ("zh", "active")


async def test_nobody(services: Services) -> None:
    assert await meets(services) == {}


async def test_several_at_once_meet_the_same_people(
    services: Services, frozen: FrozenClock
) -> None:
    found = await asyncio.gather(
        *(meets(services, *(NUMBERS if n % 2 else reversed(NUMBERS))) for n in range(4))
    )
    assert all(each == found[0] for each in found)

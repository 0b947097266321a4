"""The last way to a citizen: a text message to the number on the case.

It says that there is something to read and where, never what: the phone may be a family's.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.notices.notices import Notices
from actions.people.people import People
from actions.phones import text_number
from actions.privacy.vault import Vault
from actions.store.tables import cases, deliveries, identities

SMS = "sms"


class TakesOver(Protocol):
    async def take_over(self, connection: AsyncConnection, delivery: uuid.UUID) -> str:
        """What was done for a delivery that failed for good; '' for nothing."""


class Ways:
    """Several ways; the first that fits is gone."""

    def __init__(self, *ways: Callable[[AsyncConnection, uuid.UUID], Awaitable[str]]) -> None:
        self._ways = ways

    async def take_over(self, connection: AsyncConnection, delivery: uuid.UUID) -> str:
        for way in self._ways:
            done = await way(connection, delivery)
            if done:
                return done
        return ""


class Fallback:
    """`hotline` is told as the way for whoever has no other."""

    def __init__(self, vault: Vault, people: People, notices: Notices, hotline: str) -> None:
        self._vault = vault
        self._people = people
        self._notices = notices
        self._hotline = hotline

    async def take_over(self, connection: AsyncConnection, delivery: uuid.UUID) -> str:
        """Queues a text message in place of a notice that cannot be brought; says what was done.

        '' where the notice is not about a case, or not for who opened it and left a number.
        """
        row = await _of_citizen(connection, delivery)
        if row is None:
            return ""
        number = text_number(self._vault.open(row.phone_sealed))
        if number is None:
            return "no text message: the number takes none"
        person = await self._people.meet(connection, SMS, number)
        if person.state != "active":
            return f"no text message: the number is {person.state}"
        text = self._notices.wording.say(
            "sms_case_news", row.language, number=row.number, hotline=self._hotline
        )
        await self._notices.tell(
            connection,
            key=f"{delivery}:sms",
            identity_id=person.identity_id,
            topic="case",
            text=text,
            case_id=row.case_id,
        )
        return "told by text message"


async def _of_citizen(connection: AsyncConnection, delivery: uuid.UUID) -> Any:
    """The case (a row, or None) of a notice to who opened it in another channel, with a number on it."""
    query = (
        select(deliveries.c.case_id, cases.c.number, cases.c.phone_sealed, identities.c.language)
        .join(cases, cases.c.id == deliveries.c.case_id)
        .join(identities, identities.c.id == deliveries.c.identity_id)
        .where(
            deliveries.c.id == delivery,
            cases.c.identity_id == deliveries.c.identity_id,
            cases.c.phone_sealed.is_not(None),
            identities.c.channel != SMS,
        )
    )
    return (await connection.execute(query)).one_or_none()

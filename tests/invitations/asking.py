"""A counter whose feed reports services, and what its citizens send back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from actions import clock
from actions.bootstrap import Services
from actions.invitations.answers import Asked
from actions.invitations.feeds import Feed
from actions.invitations.intake import Fields, Taken
from actions.invitations.kinds import EventKind
from actions.invitations.verdict import Said
from actions.invitations.wrongs import Wrong
from actions.store.tables import (
    cases,
    deliveries,
    identities,
    invitations,
    ratings,
    service_events,
)
from actions.turn import Turn

COUNTER, STATION = "YZ-QX-MDL-HJ2", "YZ-QX-MDL"
CHEN, ZHOU = "13900000000", "13900000001"


@dataclass(slots=True)
class Counter:
    services: Services
    feed: Feed
    key: str
    made: int = 0

    @classmethod
    async def opened(cls, services: Services, name: str = "hall") -> Counter:
        key = await services.invitations.feeds.add(name, [kind.value for kind in EventKind])
        return cls(services, await services.invitations.feeds.named(name), key)

    def event(self, **fields: object) -> dict[str, object]:
        """A service of ten minutes ago at the counter; `fields` changes it, None takes away."""
        self.made += 1
        finished = clock.beijing(clock.now() - timedelta(minutes=10))
        event: dict[str, object] = {
            "number": f"N{self.made}",
            "kind": "counter",
            "unit": COUNTER,
            "phone": CHEN,
            "finished_at": f"{finished:%Y-%m-%d %H:%M}",
            "flags": [],
        }
        return {name: v for name, v in (event | fields).items() if v is not None}

    async def takes(self, *events: Fields | Wrong) -> Taken:
        given: Iterable[tuple[int, Fields | Wrong]] = enumerate(events)
        return await self.services.invitations.intake.take(self.feed, given)

    async def asks(self, **fields: object) -> Row[Any]:
        """Reports a service and sends what is due; the invitation."""
        event = self.event(**fields)
        await self.takes(event)
        await self.services.invitations.round()
        return await self.invitation(str(event["number"]))

    async def invitation(self, number: str) -> Row[Any]:
        query = (
            select(invitations)
            .join(service_events, service_events.c.id == invitations.c.event_id)
            .where(service_events.c.number == number)
        )
        return (await self._rows(query))[0]

    async def event_row(self, number: str) -> Row[Any]:
        query = select(service_events).where(service_events.c.number == number)
        return (await self._rows(query))[0]

    async def why_not(self, **fields: object) -> str | None:
        return (await self.asks(**fields)).why_not

    def code(self, row: Row[Any]) -> str:
        return self.services.vault.open(row.code_sealed)

    # --- the citizen ----------------------------------------------------------------------------

    async def conversation(self, phone: str = CHEN) -> str:
        """The SMS conversation of that number."""
        return await self.meets("sms", f"+86{phone}")

    async def meets(self, channel: str, sender: str) -> str:
        async with self.services.engine.begin() as connection:
            return (await self.services.people.meet(connection, channel, sender)).conversation

    async def replies(
        self,
        text: str,
        phone: str = CHEN,
        *,
        asked: Asked = Asked.NOTHING,
        message: str = "",
        conversation: str = "",
    ) -> Said | None:
        """An SMS comes back; `message` names it where it is handed over more than once. Another
        `conversation` is a chat in the official account.
        """
        channel = "wechat" if conversation else "sms"
        conversation = conversation or await self.conversation(phone)
        turn = Turn(conversation, message or str(clock.new_id()))
        return await self.services.invitations.answers.take(turn, channel, text, asked)

    # --- what stands ----------------------------------------------------------------------------

    async def ratings(self) -> list[Row[Any]]:
        return await self._rows(select(ratings).order_by(ratings.c.rated_at))

    async def cases(self) -> list[Row[Any]]:
        return await self._rows(select(cases).order_by(cases.c.created_at))

    async def matters(self) -> list[str]:
        """What the cases are about, in the citizen's words."""
        return [
            self.services.vault.open_json(row.matter_sealed)["what"] for row in await self.cases()
        ]

    async def messages(self) -> list[tuple[str, str]]:
        """Channel and words of every invitation and reminder that was queued."""
        query = (
            select(identities.c.channel, deliveries.c.content_sealed)
            .join(identities, identities.c.id == deliveries.c.identity_id)
            .where(deliveries.c.topic == "invitation")
            .order_by(deliveries.c.created_at)
        )
        opened = self.services.vault.open_json
        return [
            (row.channel, opened(row.content_sealed)["text"]) for row in await self._rows(query)
        ]

    async def _rows(self, query: Any) -> list[Row[Any]]:
        async with self.services.engine.connect() as connection:
            return list((await connection.execute(query)).all())

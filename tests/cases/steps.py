"""What the tests of cases do again and again: open one, look who was told, try and undo."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.bootstrap import Services
from actions.cases.case import CaseDraft, Receipt
from actions.cases.kinds import CaseKind
from actions.cases.states import State
from actions.errors import Refusal
from actions.store.tables import (
    attachments,
    case_events,
    cases,
    deliveries,
    identities,
    inbox,
    officers,
    posts,
    units,
)
from tests.cast import Someone

PHONE = "13900000000"
STATION = "明德里派出所"


@contextlib.asynccontextmanager
async def undone(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that never happened."""
    async with engine.connect() as connection:
        try:
            yield connection
        finally:
            await connection.rollback()


async def submit(services: Services, someone: Someone, **changes: Any) -> Receipt:
    """A complaint at Mingdeli station, of someone who can be called."""
    fields: dict[str, Any] = {"kind": CaseKind.COMPLAINT, "what": "等了两个小时", "phone": PHONE}
    if "unit_id" not in changes:
        fields["unit_id"] = await unit_id(services, STATION)
    return await services.cases.submit(someone.turn(), CaseDraft(**{**fields, **changes}))


async def refused(call: Awaitable[object]) -> Refusal:
    """The refusal that the call ends in."""
    with pytest.raises(Refusal) as caught:
        await call
    return caught.value


# --- ids ------------------------------------------------------------------------------------------


async def unit_id(services: Services, name: str) -> int:
    async with services.engine.connect() as connection:
        query = select(units.c.id).where(units.c.name == name).order_by(units.c.id)
        return int((await connection.execute(query)).scalars().first() or 0)


async def officer_id(services: Services, badge: str) -> int:
    async with services.engine.connect() as connection:
        query = select(officers.c.id).where(officers.c.badge == badge)
        return int((await connection.execute(query)).scalar_one())


async def give_post(services: Services, badge: str, unit: str, role: str) -> None:
    """One more post for an officer."""
    values = {
        "officer_id": await officer_id(services, badge),
        "unit_id": await unit_id(services, unit),
        "role": role,
    }
    async with services.engine.begin() as connection:
        await connection.execute(posts.insert().values(**values))


# --- what is there --------------------------------------------------------------------------------


async def case_row(services: Services, number: str) -> Any:
    async with services.engine.connect() as connection:
        return (await connection.execute(select(cases).where(cases.c.number == number))).one()


async def state_of(services: Services, number: str) -> State:
    return State((await case_row(services, number)).state)


async def events_of(services: Services, number: str) -> list[str]:
    """The verbs of the case's history, the oldest first."""
    query = (
        select(case_events.c.verb)
        .join(cases, cases.c.id == case_events.c.case_id)
        .where(cases.c.number == number)
        .order_by(case_events.c.id)
    )
    async with services.engine.connect() as connection:
        return list((await connection.execute(query)).scalars())


async def told(
    services: Services, someone: Someone, number: str = "", state: str = ""
) -> list[str]:
    """The texts for this person, the oldest first; of one case, or in one state of delivery."""
    query = (
        select(deliveries.c.content_sealed)
        .join(identities, identities.c.id == deliveries.c.identity_id)
        .where(identities.c.conversation == someone.conversation)
        .order_by(deliveries.c.created_at, deliveries.c.id)
    )
    if number:
        query = query.join(cases, cases.c.id == deliveries.c.case_id).where(
            cases.c.number == number
        )
    if state:
        query = query.where(deliveries.c.state == state)
    async with services.engine.connect() as connection:
        sealed = (await connection.execute(query)).scalars().all()
    return [services.vault.open_json(content)["text"] for content in sealed]


async def count(services: Services, table: Any, *where: Any) -> int:
    async with services.engine.connect() as connection:
        query = select(func.count()).select_from(table).where(*where)
        return int((await connection.execute(query)).scalar_one())


async def visit_code(services: Services, citizen: Someone, number: str) -> str:
    """The code of the latest visit record, as the citizen was told it."""
    found = [re.search(r"把 (\d{4}) 告诉", text) for text in await told(services, citizen, number)]
    return next(match[1] for match in reversed(found) if match)


async def photo(services: Services, someone: Someone) -> str:
    """A photo that this person has sent: its inbox id."""
    turn = someone.turn()
    key, moment = uuid.UUID(turn.inbox_id), clock.now()
    person = await services.people.whoami(turn)
    async with services.engine.begin() as connection:
        await connection.execute(
            inbox.insert().values(
                id=key,
                channel=person.channel,
                message_digest=key.bytes,
                identity_id=person.identity_id,
                conversation=turn.conversation,
                message_sealed=b"",
                next_attempt_at=moment,
                received_at=moment,
                done_at=moment,
                state="done",
            )
        )
        await connection.execute(
            attachments.insert().values(
                inbox_id=key, channel=person.channel, media_sealed=b"", created_at=moment
            )
        )
    return turn.inbox_id

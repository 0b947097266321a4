"""Finding the invitation that somebody answers, and who wants no more of them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, case, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.invitations.kinds import InvitationState
from actions.invitations.wording import SMS
from actions.people.people import Person
from actions.phones import normalise
from actions.privacy.vault import Vault
from actions.store.tables import (
    cases,
    contacts,
    identities,
    invitations,
    opt_outs,
    ratings,
    service_events,
)

REMEMBERED = timedelta(days=60)  # so long after it was sent, an invitation still explains a reply
_SENT = (InvitationState.SENT, InvitationState.ANSWERED, InvitationState.EXPIRED)


class OpenOnes:
    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def latest(
        self, connection: AsyncConnection, person: Person, message: uuid.UUID
    ) -> Row[Any] | None:
        """The one this message has answered already, else the newest that waits, else the newest;
        by ix_invitations_identity_id. Locked.
        """
        waits = invitations.c.state == InvitationState.SENT
        query = (
            _rows()
            .where(
                invitations.c.identity_id == person.identity_id,
                invitations.c.state.in_(_SENT),
                invitations.c.sent_at > clock.now() - REMEMBERED,
            )
            .order_by(
                case((invitations.c.answered_by == message, 0), (waits, 1), else_=2),
                invitations.c.sent_at.desc(),
            )
        )
        return await _first(connection, query)

    async def by_code(self, connection: AsyncConnection, code: str) -> Row[Any] | None:
        """Whoever has the message may answer it, from wherever. Locked."""
        digest = self._vault.digest(f"invitation:{code}")
        return await _first(connection, _rows().where(invitations.c.code_digest == digest))

    async def by_id(
        self, connection: AsyncConnection, person: Person, invitation: uuid.UUID
    ) -> Row[Any] | None:
        """The one whose choice this person was given. Locked."""
        query = _rows().where(
            invitations.c.id == invitation, invitations.c.identity_id == person.identity_id
        )
        return await _first(connection, query)

    async def case_number(self, connection: AsyncConnection, rating: uuid.UUID) -> str | None:
        """The case that grew out of the rating."""
        query = select(cases.c.number).where(cases.c.rating_id == rating)
        return (await connection.execute(query)).scalar_one_or_none()

    # --- who does not want to be asked ------------------------------------------------------------

    async def stop(self, connection: AsyncConnection, person: Person) -> None:
        """Nobody asks this number or account any more."""
        for digest in await self._digests(connection, person):
            statement = insert(opt_outs).values(
                person_digest=digest, channel=person.channel, at=clock.now()
            )
            await connection.execute(statement.on_conflict_do_nothing())

    async def resume(self, connection: AsyncConnection, person: Person) -> None:
        """They may be asked again."""
        digests = await self._digests(connection, person)
        await connection.execute(delete(opt_outs).where(opt_outs.c.person_digest.in_(digests)))

    async def _digests(self, connection: AsyncConnection, person: Person) -> list[bytes]:
        """What events call this person: an account, or the number behind an SMS. From a chat also
        the number of the event that we asked about there, and the one that they proved.
        """
        query = select(identities.c.sender_digest, identities.c.sender_sealed).where(
            identities.c.id == person.identity_id
        )
        row = (await connection.execute(query)).one()
        if person.channel == SMS:
            phone = normalise(self._vault.open(row.sender_sealed))
            return [self._vault.digest(f"phone:{phone}")] if phone else []
        asked = (
            select(service_events.c.phone_digest)
            .join(invitations, invitations.c.event_id == service_events.c.id)
            .where(
                invitations.c.identity_id == person.identity_id,
                service_events.c.phone_digest.is_not(None),
            )
        )
        proved = select(contacts.c.phone_digest).where(contacts.c.identity_id == person.identity_id)
        phones = (await connection.execute(asked.union(proved))).scalars()
        return [bytes(row.sender_digest), *(bytes(each) for each in phones)]


def is_over(row: Row[Any], now: datetime) -> bool:
    """Whether the time for an answer has passed."""
    return bool(row.state == InvitationState.EXPIRED or row.expires_at <= now)


def _rows() -> Select[Any]:
    event = service_events.c
    return (
        select(
            invitations,
            event.kind,
            event.unit_id,
            event.officer_id,
            event.phone_sealed,
            event.language.label("event_language"),
            ratings.c.id.label("rating_id"),
            ratings.c.grade,
            ratings.c.comment_sealed,
            ratings.c.inbox_id.label("rated_by"),
        )
        .join(service_events, event.id == invitations.c.event_id)
        .outerjoin(ratings, ratings.c.event_id == invitations.c.event_id)
    )


async def _first(connection: AsyncConnection, query: Select[Any]) -> Row[Any] | None:
    locked = query.limit(1).with_for_update(of=invitations)
    found: Row[Any] | None = (await connection.execute(locked)).one_or_none()
    return found

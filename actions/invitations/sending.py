"""Sending what is due, reminding once, and closing what nobody answered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.contacts.reading import conversation_of
from actions.invitations import wording
from actions.invitations.intake import ACCOUNT
from actions.invitations.kinds import EventKind, InvitationState, Reach, WhyNot
from actions.invitations.naming import delivery_key, new_invitation_code, sms_sender
from actions.invitations.rules import Rule, into_hours, moments_after
from actions.notices.notices import Notices
from actions.org.org import Org
from actions.people.people import People, Person
from actions.privacy.vault import Vault
from actions.ratings.rating import Grade
from actions.store.tables import (
    deliveries,
    identities,
    invitations,
    opt_outs,
    ratings,
    service_events,
)

AT_ONCE = 100  # in one transaction
MOST = 5000  # in one round, so that rounds stay short
TOPIC = "invitation"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a round did."""

    sent: int = 0
    dropped: int = 0
    reminded: int = 0
    expired: int = 0


class Sending:
    """May run at any time, in several workers at once; every message goes out once."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        people: People,
        org: Org,
        notices: Notices,
        rule: Rule | None,
        scale: Sequence[Grade],
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._org = org
        self._notices = notices
        self._rule = rule
        self._scale = scale

    async def run(self) -> Sent:
        """A round: closes, sends, reminds. Outside the policy's hours nothing goes out."""
        now = clock.now()
        expired = await self._close(now)
        rule = self._rule
        if rule is None or into_hours(now, rule.hours) != now:
            return Sent(expired=expired)
        sent = dropped = reminded = 0
        while sent + dropped < MOST:
            batch = await self._send_some(rule)
            sent, dropped = sent + batch.sent, dropped + batch.dropped
            if batch.sent + batch.dropped < AT_ONCE:
                break
        while reminded < MOST:
            looked_at, some = await self._remind_some()
            reminded += some
            if looked_at < AT_ONCE:
                break
        return Sent(sent, dropped, reminded, expired)

    # --- the first message ----------------------------------------------------------------------

    async def _send_some(self, rule: Rule) -> Sent:
        """The next that are due, the longest overdue first; by ix_invitations_due."""
        async with self._engine.begin() as connection:
            query = _rows().where(
                invitations.c.state == InvitationState.CHOSEN, invitations.c.due_at <= clock.now()
            )
            query = query.order_by(invitations.c.due_at).limit(AT_ONCE)
            rows = (
                await connection.execute(query.with_for_update(of=invitations, skip_locked=True))
            ).all()
            against = [await self._send(connection, row, rule) for row in rows]
        dropped = sum(why is not None for why in against)
        return Sent(len(rows) - dropped, dropped)

    async def _send(self, connection: AsyncConnection, row: Row[Any], rule: Rule) -> WhyNot | None:
        """Sends one, or says why not after all."""
        now = clock.now()
        why_not, person = await self._against(connection, row, now), None
        if why_not is None:
            person = await self._reader(connection, row, rule.by)
            why_not = None if person else WhyNot.NO_WAY
        if why_not is not None or person is None:
            await _note(connection, row.id, state=InvitationState.DROPPED, why_not=why_not)
            return why_not
        code = new_invitation_code()
        remind_at, expires_at = moments_after(now, rule)
        await self._tell(connection, row, person, code, again=False)
        await _note(
            connection,
            row.id,
            state=InvitationState.SENT,
            identity_id=person.identity_id,
            code_digest=self._vault.digest(f"invitation:{code}"),
            code_sealed=self._vault.seal(code),
            sent_at=now,
            remind_at=remind_at,
            expires_at=expires_at,
        )
        return None

    @staticmethod
    async def _against(connection: AsyncConnection, row: Row[Any], now: datetime) -> WhyNot | None:
        """What has happened since it was chosen."""
        if row.expires_at <= now:
            return WhyNot.TOO_LATE
        if row.rating_id is not None:
            return WhyNot.RATED_ALREADY
        people = [each for each in (row.phone_digest, row.account_digest) if each is not None]
        query = select(opt_outs.c.at).where(opt_outs.c.person_digest.in_(people)).limit(1)
        stopped = (await connection.execute(query)).one_or_none()
        return WhyNot.OPTED_OUT if stopped is not None else None

    async def _reader(self, connection: AsyncConnection, row: Row[Any], by: str) -> Person | None:
        """Whom it goes to: in the account that they follow, else where they proved that this number
        is theirs, else by SMS.
        """
        if by != "sms" and row.account_digest is not None:
            query = select(identities.c.conversation).where(
                identities.c.channel == ACCOUNT,
                identities.c.sender_digest == row.account_digest,
                identities.c.kind == "person",
                identities.c.state == "active",
            )
            conversation = (await connection.execute(query)).scalar_one_or_none()
            if conversation is not None:
                return await self._people.person(connection, conversation)
        if by != "sms" and row.phone_digest is not None:
            proved = await conversation_of(connection, row.phone_digest, clock.now())
            if proved is not None:
                return await self._people.person(connection, proved)
        if by == "account" or row.reach != Reach.MOBILE:
            return None
        sender = sms_sender(self._vault.open(row.phone_sealed))
        person = await self._people.meet(connection, wording.SMS, sender)
        return person if person.state == "active" else None

    # --- the reminder ---------------------------------------------------------------------------

    async def _remind_some(self) -> tuple[int, int]:
        """Those that wait for their one reminder, looked at and reminded; by ix_invitations_remind.
        Not where the first message could not be delivered.
        """
        reminded = 0
        async with self._engine.begin() as connection:
            now = clock.now()
            query = _rows().where(
                invitations.c.state == InvitationState.SENT,
                invitations.c.remind_at <= now,
                invitations.c.expires_at > now,
            )
            query = query.order_by(invitations.c.remind_at).limit(AT_ONCE)
            rows = (
                await connection.execute(query.with_for_update(of=invitations, skip_locked=True))
            ).all()
            for row in rows:
                values: dict[str, Any] = {"remind_at": None}
                if await self._may_remind(connection, row, now):
                    person = await self._person(connection, row.identity_id)
                    code = self._vault.open(row.code_sealed)
                    await self._tell(connection, row, person, code, again=True)
                    values["reminded_at"] = now
                    reminded += 1
                await _note(connection, row.id, **values)
        return len(rows), reminded

    async def _may_remind(self, connection: AsyncConnection, row: Row[Any], now: datetime) -> bool:
        query = select(deliveries.c.state).where(deliveries.c.key == delivery_key(row.id))
        failed = (await connection.execute(query)).scalar_one_or_none() == "failed"
        return not failed and await self._against(connection, row, now) is None

    async def _person(self, connection: AsyncConnection, identity_id: uuid.UUID) -> Person:
        query = select(identities.c.conversation).where(identities.c.id == identity_id)
        conversation = (await connection.execute(query)).scalar_one()
        return await self._people.person(connection, conversation)

    # --- both -----------------------------------------------------------------------------------

    async def _tell(
        self, connection: AsyncConnection, row: Row[Any], person: Person, code: str, *, again: bool
    ) -> None:
        say, kind = self._notices.wording, EventKind(row.kind)
        language = row.language if person.channel == wording.SMS else person.language
        text = wording.question(
            say,
            language,
            kind=kind,
            unit=await self._org.unit_label(row.unit_id, connection),
            finished_at=row.finished_at,
            code=code,
            channel=person.channel,
            again=again,
        )
        await self._notices.tell(
            connection,
            key=delivery_key(row.id, again=again),
            identity_id=person.identity_id,
            topic=TOPIC,
            text=text,
            offers=wording.offers(say, language, row.id, kind, self._scale, person.channel),
        )

    async def _close(self, now: datetime) -> int:
        """What nobody answered in time is over; by ix_invitations_expire."""
        statement = (
            update(invitations)
            .where(invitations.c.state == InvitationState.SENT, invitations.c.expires_at <= now)
            .values(state=InvitationState.EXPIRED, remind_at=None)
        )
        async with self._engine.begin() as connection:
            return (await connection.execute(statement)).rowcount


def _rows() -> Select[Any]:
    """Invitations with what their event says."""
    event = service_events.c
    return (
        select(
            invitations,
            event.kind,
            event.unit_id,
            event.phone_sealed,
            event.phone_digest,
            event.reach,
            event.account_digest,
            event.language,
            event.finished_at,
            ratings.c.id.label("rating_id"),
        )
        .join(service_events, event.id == invitations.c.event_id)
        .outerjoin(ratings, ratings.c.event_id == invitations.c.event_id)
    )


async def _note(connection: AsyncConnection, invitation: uuid.UUID, **values: Any) -> None:
    statement = update(invitations).where(invitations.c.id == invitation).values(**values)
    await connection.execute(statement)

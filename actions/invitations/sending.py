"""Sending what is due, reminding once, closing what nobody answered: a few statements a batch."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.invitations import sending_sql as sql
from actions.invitations import wording
from actions.invitations.kinds import EventKind, InvitationState, WhyNot
from actions.invitations.naming import delivery_key, new_invitation_code
from actions.invitations.readers import Reader, readers_of
from actions.invitations.rules import Rule, into_hours, moments_after
from actions.notices.notices import Notice, Notices
from actions.org.org import Org
from actions.privacy.vault import Vault
from actions.ratings.rating import Grade
from actions.store.tables import invitations

AT_ONCE = 500  # in one transaction
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
        org: Org,
        notices: Notices,
        rule: Rule | None,
        scale: Sequence[Grade],
        hotline: str,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._org = org
        self._notices = notices
        self._rule = rule
        self._scale = scale
        self._hotline = hotline

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
            now = clock.now()
            due = (invitations.c.state == InvitationState.CHOSEN, invitations.c.due_at <= now)
            rows = await _locked(connection, due, invitations.c.due_at)
            against = await _against(connection, rows, now)
            left = [row for row in rows if row.id not in against]
            readers = await readers_of(connection, self._vault, left, rule.by)
            against |= {row.id: WhyNot.NO_WAY for row in left if row.id not in readers}
            await _drop(connection, against)
            going = [row for row in rows if row.id in readers]
            codes = await self._codes(connection, len(going))
            await self._ask(connection, going, readers, list(codes), again=False)
            await self._note_sent(connection, going, readers, codes, rule)
        return Sent(len(going), len(against))

    async def _codes(self, connection: AsyncConnection, count: int) -> dict[str, bytes]:
        """So many new codes and their digests; none that any invitation has ever had."""
        found: dict[str, bytes] = {}
        while len(found) < count:
            code = new_invitation_code()
            found[code] = self._vault.digest(f"invitation:{code}")
            if len(found) == count:
                given = {"digests": list(found.values())}
                rows = (await connection.execute(sql.CODES_IN_USE, given)).scalars()
                used = {bytes(digest) for digest in rows}
                found = {code: digest for code, digest in found.items() if digest not in used}
        return found

    async def _note_sent(
        self,
        connection: AsyncConnection,
        rows: Sequence[Row[Any]],
        readers: Mapping[uuid.UUID, Reader],
        codes: Mapping[str, bytes],
        rule: Rule,
    ) -> None:
        if not rows:
            return
        now = clock.now()
        remind_at, expires_at = moments_after(now, rule)
        given = {
            "ids": [row.id for row in rows],
            "readers": [readers[row.id].identity_id for row in rows],
            "digests": list(codes.values()),
            "sealed": [self._vault.seal(code) for code in codes],
            "now": now,
            "remind_at": remind_at,
            "expires_at": expires_at,
        }
        await connection.execute(sql.SENT, given)

    # --- the reminder ---------------------------------------------------------------------------

    async def _remind_some(self) -> tuple[int, int]:
        """Those that wait for their one reminder, looked at and reminded; by ix_invitations_remind.
        Not where the first message could not be delivered.
        """
        async with self._engine.begin() as connection:
            now = clock.now()
            waits = invitations.c.state == InvitationState.SENT, invitations.c.expires_at > now
            due = (*waits, invitations.c.remind_at <= now)
            rows = await _locked(connection, due, invitations.c.remind_at)
            against = await _against(connection, rows, now)
            keys = {delivery_key(row.id): row.id for row in rows}
            lost = (await connection.execute(sql.LOST, {"keys": list(keys)})).scalars()
            not_these = against.keys() | {keys[key] for key in lost}
            going = [row for row in rows if row.id not in not_these]
            readers = {
                row.id: Reader(row.identity_id, row.reader_channel, row.reader_language)
                for row in going
            }
            codes = [self._vault.open(row.code_sealed) for row in going]
            await self._ask(connection, going, readers, codes, again=True)
            given = {"ids": [row.id for row in rows], "reminded": list(readers), "now": now}
            await connection.execute(sql.REMINDED, given)
        return len(rows), len(going)

    # --- both -----------------------------------------------------------------------------------

    async def _ask(
        self,
        connection: AsyncConnection,
        rows: Sequence[Row[Any]],
        readers: Mapping[uuid.UUID, Reader],
        codes: Sequence[str],
        *,
        again: bool,
    ) -> None:
        """Queues the question to each, with its code."""
        notices = [
            await self._question(connection, row, readers[row.id], code, again=again)
            for row, code in zip(rows, codes, strict=True)
        ]
        await self._notices.tell_all(connection, notices)

    async def _question(
        self, connection: AsyncConnection, row: Row[Any], reader: Reader, code: str, *, again: bool
    ) -> Notice:
        say, kind = self._notices.wording, EventKind(row.kind)
        language = row.language if reader.channel == wording.SMS else reader.language
        text = wording.question(
            say,
            language,
            kind=kind,
            unit=await self._org.unit_label(row.unit_id, connection),
            finished_at=row.finished_at,
            code=code,
            channel=reader.channel,
            again=again,
            hotline=self._hotline,
        )
        return Notice(
            key=delivery_key(row.id, again=again),
            identity_id=reader.identity_id,
            topic=TOPIC,
            text=text,
            offers=wording.offers(say, language, row.id, kind, self._scale, reader.channel),
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


async def _locked(
    connection: AsyncConnection, where: Sequence[ColumnElement[bool]], by: Column[datetime]
) -> Sequence[Row[Any]]:
    """The first of them that no other worker has, kept from the others, with all about them.

    Picked before anything is joined: the index gives them in order, however many are waiting.
    """
    query = select(invitations.c.id).where(*where).order_by(by, invitations.c.id).limit(AT_ONCE)
    picked = query.with_for_update(skip_locked=True).cte("picked")
    rows = sql.asked_about().join(picked, picked.c.id == invitations.c.id)
    found: Sequence[Row[Any]] = (
        await connection.execute(rows.order_by(by, invitations.c.id))
    ).all()
    return found


async def _against(
    connection: AsyncConnection, rows: Sequence[Row[Any]], now: datetime
) -> dict[uuid.UUID, WhyNot]:
    """What has happened since they were chosen, where something has."""
    people = {each for row in rows for each in (row.phone_digest, row.account_digest) if each}
    found = (await connection.execute(sql.OPTED_OUT, {"people": list(people)})).scalars()
    silent = {bytes(each) for each in found}
    against = {row.id: _reason(row, silent, now) for row in rows}
    return {invitation: why_not for invitation, why_not in against.items() if why_not is not None}


def _reason(row: Row[Any], silent: set[bytes], now: datetime) -> WhyNot | None:
    if row.expires_at <= now:
        return WhyNot.TOO_LATE
    if row.rating_id is not None:
        return WhyNot.RATED_ALREADY
    return None if silent.isdisjoint({row.phone_digest, row.account_digest}) else WhyNot.OPTED_OUT


async def _drop(connection: AsyncConnection, against: Mapping[uuid.UUID, WhyNot]) -> None:
    if against:
        given = {"ids": list(against), "reasons": [str(each) for each in against.values()]}
        await connection.execute(sql.DROPPED, given)

"""Deciding who is asked: every event once, in the order in which the services were finished."""

from __future__ import annotations

import secrets
import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.contacts.proof import LASTS
from actions.invitations import intake_sql
from actions.invitations.kinds import (
    ONE_EACH,
    EventKind,
    Excluded,
    InvitationState,
    Reach,
    WhyNot,
)
from actions.invitations.lots import drawn, period_of
from actions.invitations.rules import Candidate, Decision, Rule, decide
from actions.store.tables import invitation_draws

AT_ONCE = 5000  # events in one transaction
_SEED_BYTES = 16

# By ix_unplanned_events_finished_at.
_UNPLANNED = text("""
SELECT e.id, f.name AS feed, e.number, e.kind, e.reach, e.excluded, e.finished_at,
  coalesce(e.phone_digest, e.account_digest) AS person, e.phone_digest, e.account_digest,
  r.id IS NOT NULL AS rated, c.identity_id IS NOT NULL AS linked
FROM (SELECT event_id, finished_at FROM unplanned_events
      ORDER BY finished_at, event_id LIMIT :most) AS q
JOIN service_events AS e ON e.id = q.event_id JOIN feeds AS f ON f.id = e.feed_id
LEFT JOIN ratings AS r ON r.event_id = e.id
LEFT JOIN contacts AS c ON c.phone_digest = e.phone_digest AND c.proved_at > :proved_since
ORDER BY q.finished_at, q.event_id
""")

# By ix_service_events_phone_digest and ix_service_events_account_digest. Joined with the people, not
# compared with a list of them: a prepared statement would walk such a list for every event.
_CONTACTS = text("""
SELECT p.person, i.due_at FROM unnest(CAST(:people AS bytea[])) AS p (person)
JOIN service_events AS e ON e.phone_digest = p.person JOIN invitations AS i ON i.event_id = e.id
WHERE i.state = ANY(:states) AND i.due_at > :since
UNION ALL
SELECT p.person, i.due_at FROM unnest(CAST(:people AS bytea[])) AS p (person)
JOIN service_events AS e ON e.account_digest = p.person AND e.phone_digest IS NULL
JOIN invitations AS i ON i.event_id = e.id
WHERE i.state = ANY(:states) AND i.due_at > :since
""")

_SILENT = text("SELECT person_digest FROM opt_outs WHERE person_digest = ANY(:people)")
_COPY = (
    "COPY invitations (id, event_id, state, why_not, planned_at, due_at, remind_at, expires_at) "
    "FROM STDIN"
)
_PLANNED = text("DELETE FROM unplanned_events WHERE event_id = ANY(:events)")


class Planning:
    """May be called at any time, by several workers at once: they take turns."""

    def __init__(self, engine: AsyncEngine, rule: Rule | None) -> None:
        self._engine = engine
        self._rule = rule

    async def plan(self) -> dict[str, int]:
        """Decides on every event that has not been looked at; how many came out how."""
        counts: dict[str, int] = defaultdict(int)
        while True:
            async with self._engine.begin() as connection:
                await connection.execute(intake_sql.PATIENT)
                await connection.execute(intake_sql.LOCK)
                given = {"most": AT_ONCE, "proved_since": clock.now() - LASTS}
                rows = (await connection.execute(_UNPLANNED, given)).all()
                decisions = await self._decide(connection, rows)
                await _keep(connection, rows, decisions)
            for decision in decisions:
                counts[decision.why_not or decision.state] += 1
            if len(rows) < AT_ONCE:
                return dict(counts)

    async def _decide(
        self, connection: AsyncConnection, rows: Sequence[Row[Any]]
    ) -> list[Decision]:
        now, rule = clock.now(), self._rule
        if rule is None or not rows:
            return [Decision(InvitationState.LEFT_OUT, WhyNot.KIND) for _ in rows]
        people = list({row.person for row in rows if row.person is not None})
        contacts = await self._contacts(connection, people, now - rule.within)
        digests = {row.phone_digest for row in rows} | {row.account_digest for row in rows}
        silent = await _opted_out(connection, digests - {None})
        periods = [period_of(row.finished_at) for row in rows]
        seeds = await _seeds(connection, set(periods), now)
        decisions = []
        for row, period in zip(rows, periods, strict=True):
            person = contacts[row.person] if row.person is not None else []
            candidate = Candidate(
                kind=EventKind(row.kind),
                excluded=Excluded(row.excluded) if row.excluded else None,
                reach=Reach(row.reach),
                has_account=row.account_digest is not None or row.linked,
                finished_at=row.finished_at,
                opted_out=not silent.isdisjoint({row.phone_digest, row.account_digest}),
                drawn=drawn(rule.share, seeds[period], row.feed, row.number),
                contacts=person,
            )
            decision = decide(candidate, rule, now)
            if row.rated and decision.state is InvitationState.CHOSEN:
                decision = Decision(InvitationState.DROPPED, WhyNot.RATED_ALREADY)
            if decision.due_at is not None:
                person.append(decision.due_at)
            decisions.append(decision)
        return decisions

    @staticmethod
    async def _contacts(
        connection: AsyncConnection, people: Sequence[bytes], since: datetime
    ) -> dict[bytes, list[datetime]]:
        """When each person was or will be asked."""
        given = {"people": people, "states": [state.value for state in ONE_EACH], "since": since}
        found: dict[bytes, list[datetime]] = defaultdict(list)
        for row in (await connection.execute(_CONTACTS, given)).all():
            found[bytes(row.person)].append(row.due_at)
        return found


async def _keep(
    connection: AsyncConnection, rows: Sequence[Row[Any]], decisions: Sequence[Decision]
) -> None:
    """Writes an invitation for every event, also where nobody is asked."""
    now = clock.now()
    driver: Any = (await connection.get_raw_connection()).driver_connection
    async with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row, made in zip(rows, decisions, strict=True):
            moments = (now, made.due_at, made.remind_at, made.expires_at)
            await copy.write_row((clock.new_id(), row.id, made.state, made.why_not, *moments))
    events: list[uuid.UUID] = [row.id for row in rows]
    await connection.execute(_PLANNED, {"events": events})


async def _opted_out(connection: AsyncConnection, digests: set[Any]) -> set[bytes]:
    found = (await connection.execute(_SILENT, {"people": list(digests)})).scalars()
    return {bytes(each) for each in found}


async def _seeds(connection: AsyncConnection, periods: set[str], now: datetime) -> dict[str, str]:
    """The seed of each month; a month that has none yet gets one, for good."""
    for period in sorted(periods):
        values = {"period": period, "seed": secrets.token_hex(_SEED_BYTES), "drawn_at": now}
        await connection.execute(insert(invitation_draws).values(values).on_conflict_do_nothing())
    query = select(invitation_draws).where(invitation_draws.c.period.in_(periods))
    return {row.period: row.seed for row in (await connection.execute(query)).all()}

"""Sending what is due: each kind once for its period, to everyone whom the policy names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.bulletins import copies, rows
from actions.bulletins.content import Bulletin, NotSent
from actions.bulletins.copies import Reader
from actions.bulletins.drawings import reference_of
from actions.bulletins.gathering import Gathering, Subject
from actions.bulletins.kinds import BulletinKind, Due, latest_due
from actions.bulletins.labels import period_label
from actions.bulletins.service import LOOKED_BACK
from actions.bulletins.text import chat_text
from actions.cases.telling import within
from actions.notices.notices import Notices
from actions.org.org import Org, Unit
from actions.policy.bulletins import Plan, plans_of
from actions.policy.model import Policy
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import bulletin_rounds

TOPIC = "bulletin"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a round did: bulletins made, chats they went to, officers who have no chat."""

    bulletins: int = 0
    chats: int = 0
    no_chat: int = 0

    def __add__(self, other: Sent) -> Sent:
        return Sent(
            self.bulletins + other.bulletins,
            self.chats + other.chats,
            self.no_chat + other.no_chat,
        )


@dataclass(frozen=True, slots=True)
class _Made:
    seq: int
    bulletin: Bulletin
    readers: list[Reader]


class BulletinRounds:
    """`run` may be called at any time, however often, by several workers at once."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        org: Org,
        notices: Notices,
        gathering: Gathering,
        policy: Policy,
        *,
        files: bool,
    ) -> None:
        """`files`: whether there is an address from which files can be fetched."""
        self._engine = engine
        self._vault = vault
        self._org = org
        self._notices = notices
        self._gathering = gathering
        self._plans = plans_of(policy)
        self._quiet = policy.hours.quiet
        self._files = files

    async def run(self) -> Sent:
        """Makes and queues what is due and was not sent. In quiet hours it waits for the morning:
        that can only be something that was missed.

        A kind that is seen for the first time begins with its next period.
        """
        done = Sent()
        if self._quiet is not None and within(self._quiet):
            return done
        for plan in self._plans:
            due = latest_due(plan.timing, clock.now())
            if await self._is_open(plan, due):
                done += await self._send(plan, due)
        return done

    async def _is_open(self, plan: Plan, due: Due) -> bool:
        """Whether this period has not been sent."""
        table = bulletin_rounds
        query = select(table.c.first_day).where(table.c.kind == plan.timing.kind)
        async with self._engine.begin() as connection:
            last = (await connection.execute(query)).scalar_one_or_none()
            if last is None:
                await _close(connection, plan, due)
        return last is not None and last < due.span.first

    async def _send(self, plan: Plan, due: Due) -> Sent:
        """Makes all first, then keeps and queues them in one transaction: all of it or nothing."""
        async with reading(self._engine) as connection:
            readers = await copies.readers(connection, plan.roles)
        made = [
            await self._make(plan, due, unit, those)
            for unit, those in await self._by_unit(plan, readers)
        ]
        done = Sent()
        async with self._engine.begin() as connection:
            if not await _close(connection, plan, due):
                return done  # another worker was faster
            for each in made:
                done += await self._queue(connection, plan.timing.kind, each)
        return done

    async def _by_unit(self, plan: Plan, readers: list[Reader]) -> list[tuple[Unit, list[Reader]]]:
        """Who reads about which unit."""
        city = next(
            (each.id for each in (await self._org.tree()).units.values() if each.kind == "city"),
            None,
        )
        found: dict[int, list[Reader]] = defaultdict(list)
        for reader in readers:
            about = city if plan.whole_city and city is not None else reader.unit_id
            found[about].append(reader)
        return [(await self._org.unit(unit_id), those) for unit_id, those in found.items()]

    async def _make(self, plan: Plan, due: Due, unit: Unit, readers: list[Reader]) -> _Made:
        async with self._engine.begin() as connection:
            seq, number = await rows.next_number(connection)
        labels = period_label(plan.timing.kind, due.span)
        subject = Subject(number, plan.timing.kind, unit, due.span, *labels)
        return _Made(seq, await self._gathering.gather(subject), readers)

    async def _queue(self, connection: AsyncConnection, kind: BulletinKind, made: _Made) -> Sent:
        bulletin = made.bulletin
        kept = await rows.keep(connection, self._vault, bulletin, made.seq, kind=kind)
        not_sent = await self._not_sent(connection, bulletin)
        chats, no_chat = 0, 0
        for reader in made.readers:
            whom = reader.identity_id.hex if reader.identity_id else f"officer-{reader.officer_id}"
            key = f"bulletin:{kind}:{bulletin.span.first}:{whom}"
            if not await copies.note_copy(connection, key, kept, reader):
                continue
            if reader.identity_id is None:
                no_chat += 1
                continue
            chats += 1
            await self._notices.queue(
                connection,
                key=key,
                identity_id=reader.identity_id,
                topic=TOPIC,
                content=self._content(bulletin, reader.language, not_sent),
                can_wait=True,
            )
        return Sent(1, chats, no_chat)

    def _content(self, bulletin: Bulletin, language: str, not_sent: NotSent) -> dict[str, object]:
        say, known = self._notices.wording.say, "en" if language == "en" else "zh"
        offer = [
            say("bulletin_files", language),
            f'/bulletin_files{{"bulletin": "{bulletin.number}"}}',
        ]
        return {
            "text": chat_text(bulletin, say, "en" if known == "en" else "zh", not_sent),
            "offers": [offer] if self._files else [],
            "drawn": reference_of(bulletin, known),
        }

    async def _not_sent(self, connection: AsyncConnection, bulletin: Bulletin) -> NotSent:
        """What every morning's bulletin tells of the days before."""
        if bulletin.kind is not BulletinKind.DAILY:
            return NotSent()
        path = (await self._org.unit(bulletin.unit_id, connection)).path
        return await copies.not_sent(connection, path, clock.now() - LOOKED_BACK)


async def _close(connection: AsyncConnection, plan: Plan, due: Due) -> bool:
    """Notes that the period is sent; False when it was noted before."""
    table = bulletin_rounds
    statement = insert(table).values(
        kind=plan.timing.kind, first_day=due.span.first, done_at=clock.now()
    )
    given = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["kind"],
        set_={"first_day": given.first_day, "done_at": given.done_at},
        where=table.c.first_day < given.first_day,
    )
    found = await connection.execute(statement.returning(table.c.kind))
    return found.scalar_one_or_none() is not None

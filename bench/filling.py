"""A fresh database that holds the sample city and many open cases in it.

A few cases are opened and worked through the services, one for each station and state; the rest
are copies of them in SQL, with numbers, codes, signatures and moments of their own.
"""

from __future__ import annotations

import random
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.bootstrap import Services, bootstrap
from actions.cases.case import CaseDraft
from actions.cases.kinds import CaseKind
from actions.cases.states import Verb
from actions.org.csv_files import load_city
from actions.org.loading import load
from actions.settings import Settings, read
from actions.store.migrate import migrate
from actions.store.tables import identities, officers, posts, units
from actions.turn import Turn
from bot.stack.children import Children
from bot.stack.embedded import Postgres, free_port, redis_child
from bot.stack.stack import SAMPLE

WHAT = (
    "等了两个小时没人理",
    "中午窗口没有人",
    "让我跑了三趟还没办成",
    "态度很差，话也不说清楚",
    "报案以后一直没有消息",
)


@dataclass(frozen=True, slots=True)
class Town:
    """The wired services and their settings, a citizen, and who is who: badge → conversation."""

    services: Services
    environ: dict[str, str]
    chats: dict[str, str]
    citizen: str

    def turn(self, conversation: str) -> Turn:
        return Turn(conversation, str(clock.new_id()))

    async def stations(self) -> dict[int, list[str]]:
        """Each station and the conversations of those who handle its cases, the lead last."""
        query = (
            select(units.c.id, officers.c.badge)
            .join(posts, posts.c.unit_id == units.c.id)
            .join(officers, officers.c.id == posts.c.officer_id)
            .where(units.c.kind == "station")
            .order_by(units.c.id, posts.c.role, officers.c.badge)
        )
        found: dict[int, list[str]] = {}
        async with self.services.engine.connect() as connection:
            for unit_id, badge in (await connection.execute(query)).all():
                found.setdefault(unit_id, []).append(self.chats[badge])
        return found


@asynccontextmanager
async def town(policy: str, city: Path = SAMPLE) -> AsyncIterator[Town]:
    """PostgreSQL and Redis of their own in a temporary folder, the city loaded, all chats bound."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-bench-"))
    postgres, children, port = Postgres(folder / "postgres"), Children(folder / "logs"), free_port()
    environ = {
        "DATABASE_URL": postgres.start(),
        "REDIS_URL": f"redis://127.0.0.1:{port}/0",
        "DATA_KEYS": Fernet.generate_key().decode(),
        "HASH_KEY": secrets.token_urlsafe(32),
        "ACTIONS_SECRET": secrets.token_urlsafe(16),
        "NLU_SECRET": secrets.token_urlsafe(16),
        "POLICY": policy,
    }
    children.start(redis_child(port, folder / "redis"))
    try:
        migrate(environ["DATABASE_URL"])
        services = bootstrap(read(Settings, environ))
        await load(services.engine, services.vault, load_city(city))
        chats = await bound(services)
        yield Town(services, environ, chats, await met(services, "wechat", "openid"))
        await services.close()
    finally:
        children.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def met(services: Services, channel: str, sender: str, badge: str = "") -> str:
    """The conversation of this sender, bound to the officer with the badge, if one is given."""
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, channel, sender)
        if badge:
            query = select(officers.c.id).where(officers.c.badge == badge)
            officer = (await connection.execute(query)).scalar_one()
            await connection.execute(
                identities.update()
                .where(identities.c.id == person.identity_id)
                .values(officer_id=officer)
            )
    return person.conversation


async def bound(services: Services) -> dict[str, str]:
    """A chat for every officer: badge → conversation."""
    async with services.engine.connect() as connection:
        badges = list((await connection.execute(select(officers.c.badge))).scalars())
    return {badge: await met(services, "telegram", f"chat-{badge}", badge) for badge in badges}


# --- many cases -----------------------------------------------------------------------------------


async def fill(here: Town, how_many: int, *, taken: float = 0.6) -> None:
    """So many open cases over all stations; of `taken` an officer is the holder."""
    await _templates(here, taken)
    async with here.services.engine.begin() as connection:
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        for statement in _COPY.split(";"):
            await connection.execute(text(statement), {"many": how_many})
        await _jobs_done(connection)
    async with here.services.engine.execution_options(
        isolation_level="AUTOCOMMIT"
    ).connect() as connection:
        await connection.execute(text("SET statement_timeout = 0"))
        await connection.execute(text("VACUUM ANALYZE"))


async def _templates(here: Town, taken: float) -> None:
    """Five cases at each station, opened by a citizen and some of them accepted."""
    chance = random.Random(7)
    for unit_id, chats in (await here.stations()).items():
        for number, what in enumerate(WHAT):
            kind = CaseKind.UNSATISFIED if number % 2 else CaseKind.COMPLAINT
            draft = CaseDraft(kind, what, unit_id=unit_id, phone="13900000000")
            receipt = await here.services.cases.submit(here.turn(here.citizen), draft)
            if chance.random() < taken:
                turn = here.turn(chance.choice(chats))
                await here.services.cases.act(turn, receipt.number, Verb.ACCEPT)


async def _jobs_done(connection: AsyncConnection) -> None:
    """The notices of the templates are long gone."""
    await connection.execute(text("UPDATE procrastinate_jobs SET status = 'succeeded'"))
    await connection.execute(text("UPDATE deliveries SET state = 'sent', pieces_sent = 1"))


# A copy begins at a random moment of the next two days, so that nothing of it is due yet.
_COPY = """
CREATE TEMP TABLE copies ON COMMIT DROP AS
  SELECT t.id AS template, uuidv7() AS copy, n, random() * interval '2 days' AS later
  FROM generate_series(1, CAST(:many AS int)) AS n
  JOIN (SELECT id, row_number() OVER (ORDER BY number) AS place, count(*) OVER () AS places
        FROM cases) AS t ON t.place = n % t.places + 1;
CREATE TEMP TABLE runs ON COMMIT DROP AS
  SELECT d.id AS template, uuidv7() AS copy, c.copy AS case_id, c.later
  FROM deadlines AS d JOIN copies AS c ON c.template = d.case_id;
INSERT INTO cases (id, number, short_code_digest, short_code_sealed, kind, state, unit_id,
    identity_id, matter_sealed, phone_sealed, anonymous, phone_digest, signature, policy, escrow,
    accepted_by, answer_by, certain, due_at, created_at, updated_at)
  SELECT c.copy, 'Q25-' || lpad(n::text, greatest(4, length(n::text)), '0'),
    sha256(c.copy::text::bytea), short_code_sealed,
    kind, state, unit_id, identity_id, matter_sealed, phone_sealed, anonymous,
    sha256(n::text::bytea),
    ARRAY(SELECT (random() * 9e18)::bigint FROM unnest(signature) WHERE n > 0),
    policy, escrow, accepted_by, answer_by + later, certain, due_at + later, created_at + later,
    updated_at + later
  FROM cases JOIN copies AS c ON c.template = cases.id;
INSERT INTO case_events (case_id, at, verb, from_state, to_state, identity_id, officer_id,
    detail_sealed, inbox_id)
  SELECT c.copy, at + later, verb, from_state, to_state, identity_id, officer_id, detail_sealed,
    uuidv7()
  FROM case_events AS e JOIN copies AS c ON c.template = e.case_id ORDER BY e.id;
INSERT INTO deadlines (id, case_id, clock, rule, hours, started_at, pauses, due_at, certain,
    revision, stopped_at, met)
  SELECT r.copy, r.case_id, clock, rule, hours, started_at + later, pauses, due_at + later, certain,
    revision, stopped_at + later, met
  FROM deadlines AS d JOIN runs AS r ON r.template = d.id;
INSERT INTO alarms (deadline_id, revision, stage, kind, level, at)
  SELECT r.copy, revision, stage, kind, level, at + later
  FROM alarms AS a JOIN runs AS r ON r.template = a.deadline_id;
INSERT INTO callback_tasks (id, kind, case_id, role, attempts_at_most, next_at, due_at, created_at)
  SELECT uuidv7(), kind, c.copy, role, attempts_at_most, next_at, due_at + later, created_at + later
  FROM callback_tasks AS t JOIN copies AS c ON c.template = t.case_id;
INSERT INTO deliveries (id, key, identity_id, case_id, topic, card, content_sealed, state,
    created_at, pieces_sent)
  SELECT uuidv7(), key || ':' || n, d.identity_id, c.copy, topic, replace(card, old.number,
    new.number), content_sealed, 'sent', d.created_at + later, 1
  FROM deliveries AS d JOIN copies AS c ON c.template = d.case_id
  JOIN cases AS old ON old.id = c.template JOIN cases AS new ON new.id = c.copy
"""

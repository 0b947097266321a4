"""What the web chat keeps, and until when: an hourly round deletes the rest."""

from __future__ import annotations

from datetime import timedelta

import procrastinate
import structlog
from sqlalchemy import delete, or_, select, update

from actions import clock
from actions.bootstrap import Services
from actions.store.tables import identities, web_files, web_messages, web_visitors
from bot.web.mailbox import CHANNEL

FETCHED_WITHIN = timedelta(days=1)  # a case has its own copy of a file by then

log = structlog.get_logger()


async def forget_old(services: Services, keep_days: int) -> int:
    """Deletes conversations that were ended, or silent for `keep_days`; returns how many.

    Nothing is sent to such a visitor any more. What they handed in stays with the bureau.
    """
    now = clock.now()
    old = or_(
        web_visitors.c.ended_at < now - FETCHED_WITHIN,
        web_visitors.c.active_at < now - timedelta(days=keep_days),
    )
    async with services.engine.begin() as connection:
        query = select(web_visitors.c.digest).where(old).limit(1000).with_for_update()
        gone = list((await connection.execute(query)).scalars())
        unreachable = update(identities).where(
            identities.c.channel == CHANNEL, identities.c.sender_digest.in_(gone)
        )
        await connection.execute(unreachable.values(state="unsubscribed"))
        for table, column in (
            (web_messages, web_messages.c.visitor),
            (web_files, web_files.c.visitor),
            (web_visitors, web_visitors.c.digest),
        ):
            await connection.execute(delete(table).where(column.in_(gone)))
    return len(gone)


def add_round(queue: procrastinate.App, services: Services, keep_days: int) -> None:
    """Lets the queue do the round by itself, once an hour."""

    @queue.periodic(cron="41 * * * *")
    @queue.task(name="rounds_web", lock="rounds_web", queueing_lock="rounds_web")
    async def web_round(timestamp: int) -> None:
        forgotten = await forget_old(services, keep_days)
        if forgotten:
            log.info("web conversations forgotten", count=forgotten)

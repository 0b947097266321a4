"""The worker's rounds: deferred once a minute and once a day, whichever worker is there."""

from __future__ import annotations

import procrastinate
import structlog

from actions.bootstrap import Services

log = structlog.get_logger()


def add_rounds(queue: procrastinate.App, services: Services) -> None:
    """Lets the queue defer the rounds by itself. Rounds missed while no worker ran are not made up
    for: the next one does all that is due.
    """

    @queue.periodic(cron="* * * * *")
    @queue.task(name="rounds_minute", lock="rounds_minute", queueing_lock="rounds_minute")
    async def minute(timestamp: int) -> None:
        swept = await services.rounds.minute()
        for result in ("fired", "stale", "acted", "failed"):
            services.metrics.alarms.labels(result).inc(getattr(swept, result))
        if swept.fired or swept.acted:
            log.info(
                "alarms", fired=swept.fired, told=swept.told, acted=swept.acted, stale=swept.stale
            )

    @queue.periodic(cron="* * * * *")
    @queue.task(
        name="rounds_invitations", lock="rounds_invitations", queueing_lock="rounds_invitations"
    )
    async def invitations(timestamp: int) -> None:
        done = await services.invitations.round()
        if done.sent or done.dropped or done.reminded:
            log.info("invitations", sent=done.sent, dropped=done.dropped, reminded=done.reminded)

    @queue.periodic(cron="* * * * *")
    @queue.task(name="rounds_figures", lock="rounds_figures", queueing_lock="rounds_figures")
    async def figures(timestamp: int) -> None:
        await services.counters.add_up()

    @queue.periodic(cron="* * * * *")
    @queue.task(name="rounds_audit", lock="rounds_audit", queueing_lock="rounds_audit")
    async def audit(timestamp: int) -> None:
        linked = await services.trail.link()
        if linked:  # the head in the logs: what is cut off in the database stays known there
            log.info("audit trail linked", entries=linked, head=str(await services.trail.head()))

    @queue.periodic(cron="7 * * * *")
    @queue.task(name="rounds_retention", lock="rounds_retention", queueing_lock="rounds_retention")
    async def retention(timestamp: int) -> None:
        forgotten = await services.retention.run()
        if forgotten:
            log.info("personal data deleted by the rules", **forgotten)

    @queue.periodic(cron="41 * * * *")
    @queue.task(name="rounds_topics", lock="rounds_topics", queueing_lock="rounds_topics")
    async def topics(timestamp: int) -> None:
        found = await services.topics.round()
        if found:
            log.info("topics", reports=found)

    @queue.periodic(cron="* * * * *")
    @queue.task(name="rounds_bulletins", lock="rounds_bulletins", queueing_lock="rounds_bulletins")
    async def bulletins(timestamp: int) -> None:
        done = await services.bulletin_rounds.run()
        if done.bulletins:
            log.info("bulletins", made=done.bulletins, chats=done.chats, no_chat=done.no_chat)

    @queue.periodic(cron="17 * * * *")
    @queue.task(name="rounds_day", lock="rounds_day", queueing_lock="rounds_day")
    async def day(timestamp: int) -> None:
        changed = await services.rounds.day()
        if changed:
            log.info("due times reckoned again", changed=changed)

    @queue.periodic(cron="27 * * * *")
    @queue.task(name="rounds_proposals", lock="rounds_proposals", queueing_lock="rounds_proposals")
    async def unit_rules(timestamp: int) -> None:
        made = await services.accountability.monthly.run()
        if made.evaluated:
            log.info("unit rules", evaluated=made.evaluated, proposed=made.proposed, told=made.told)

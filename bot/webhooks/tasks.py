"""The worker's jobs for cases from elsewhere: opening what was handed over, sending results."""

from __future__ import annotations

import procrastinate
import structlog

from actions import jobs
from actions.errors import ConfigurationError
from actions.feeds.service import FromElsewhere
from bot.back_off import BackOff
from bot.channels.base import TransportError
from bot.webhooks.sender import Sender

log = structlog.get_logger()


def add_feed_tasks(
    queue: procrastinate.App, elsewhere: FromElsewhere, sender: Sender, back_off: BackOff
) -> None:
    """Tells the worker's queue how to do them."""

    @queue.task(name=jobs.OPEN_FED, retry=back_off)
    async def open_fed(feed_id: int) -> None:
        left = await _open(elsewhere, feed_id)
        if left:  # tried again; a record is given up after some attempts
            raise TransportError(f"{left} records wait", outage=True)

    @queue.periodic(cron="* * * * *")
    @queue.task(name="rounds_feeds", lock="rounds_feeds", queueing_lock="rounds_feeds")
    async def left_over(timestamp: int) -> None:
        """What a worker left that ended in the middle."""
        for feed_id in await elsewhere.openings.late():
            await _open(elsewhere, feed_id)

    @queue.task(name=jobs.FEED_RESULT, retry=back_off, pass_context=True)
    async def feed_result(context: procrastinate.JobContext, result_id: str) -> None:
        await sender.send(result_id, context.job.attempts)


async def _open(elsewhere: FromElsewhere, feed_id: int) -> int:
    """Does what waits of the feed; how much is left, all of it while its mapping is broken."""
    try:
        ran = await elsewhere.openings.run(feed_id)
    except ConfigurationError as error:
        log.error("a mapping is broken", feed=feed_id, why=str(error))
        return 1
    if ran.done or ran.left:
        log.info("cases from elsewhere", feed=feed_id, done=ran.done, left=ran.left)
    return ran.left

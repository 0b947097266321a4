"""The worker's jobs for cases from elsewhere: opening what was handed over, sending results."""

from __future__ import annotations

import procrastinate
import structlog

from actions import jobs
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
        ran = await elsewhere.openings.run(feed_id)
        log.info("cases from elsewhere", feed=feed_id, done=ran.done, left=ran.left)
        if ran.left:  # what failed is tried again; given up after some attempts
            raise TransportError(f"{ran.left} records wait", outage=True)

    @queue.task(name=jobs.FEED_RESULT, retry=back_off, pass_context=True)
    async def feed_result(context: procrastinate.JobContext, result_id: str) -> None:
        await sender.send(result_id, context.job.attempts)

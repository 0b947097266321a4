"""The worker: does the jobs that are rows, and frees those that a dead worker had begun."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import procrastinate
import psycopg
import structlog
from procrastinate.middleware import AsyncCallNext

from actions import jobs
from actions.watch.metrics import Metrics
from bot.app import Bot
from bot.back_off import BackOff
from bot.carrier import Carrier
from bot.delivery import Deliverer, add_tasks
from bot.drawings import drawings
from bot.periodic import add_rounds
from bot.voice.ivr import Ivr
from bot.voice.rounds import add_round as add_voice_round
from bot.watch import watched, worker_readiness
from bot.web.retention import add_round as add_web_round
from bot.webhooks.sender import Sender
from bot.webhooks.tasks import add_feed_tasks

CONCURRENCY = 16

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a worker looks, in seconds; tests hurry it."""

    poll: float = (
        0.25  # between looks for jobs that fall due or were behind another; new ones are announced
    )
    heartbeat: float = 2
    stalled_after: float = 8  # without a heartbeat a worker is taken for dead
    free_every: float = 1  # between looks for jobs of dead workers
    again_after: float = 1  # before it begins anew when it lost the database
    first_wait: float = 1  # before the second attempt; each further wait is twice as long


async def work(bot: Bot, pace: Pace | None = None, *, signals: bool = True, port: int = 0) -> None:
    """Works until cancelled (SIGINT, SIGTERM); running jobs get ten seconds to finish. What it is
    doing can be read on `port`; 0: nowhere.
    """
    pace = pace or Pace()
    queue = bot.services.queue
    pictures = drawings(bot.services, bot.settings.public_url)
    deliverer = Deliverer(bot.services, bot.channels, bot.choices, bot.fallback, pictures)
    back_off = BackOff(pace.first_wait)
    add_tasks(queue, deliverer, back_off)
    sender = Sender(bot.services.elsewhere.outbox)
    add_feed_tasks(queue, bot.services.elsewhere, sender, back_off)
    add_rounds(queue, bot.services)
    add_web_round(queue, bot.services, bot.settings.web_keep_days)
    voice = bot.settings.voice_config()
    vendor = Ivr(voice) if voice is not None else None
    if vendor is not None:
        add_voice_round(queue, bot.services.voice, vendor)
    ending = _cancelled_by_signals() if signals else contextlib.nullcontext()
    pool = bot.settings.database_pool  # half of it carries messages, the rest is for other jobs
    batches, others = pool // 2, min(CONCURRENCY, pool - pool // 2)
    carrier = Carrier(bot.services, deliverer, back_off, batches=batches, poll=pace.poll)
    try:
        works = Works(bot.services.metrics)
        with ending:
            async with (
                watched(bot, port, worker_readiness(bot, works.now)),
                deliverer.outages.watched(bot.services.engine),
            ):
                while True:
                    await _until_lost(queue, pace, others, works, carrier)
                    log.warning("worker begins anew")
                    await asyncio.sleep(pace.again_after)
    finally:
        await sender.close()
        if vendor is not None:
            await vendor.close()
        await bot.close()


async def _until_lost(
    queue: procrastinate.App, pace: Pace, concurrency: int, works: Works, carrier: Carrier
) -> None:
    """Works until it is cancelled, or cannot go on: its listening or its heartbeat lost the
    database, or another worker took it for dead.
    """
    try:
        async with queue.open_async():
            beside = [
                asyncio.create_task(_free_stalled(queue, pace)),
                asyncio.create_task(carrier.run()),
            ]
            try:
                log.info("worker ready")
                works.running = True
                await queue.run_worker_async(
                    queues=[jobs.OTHERS],
                    # A revision holds a connection while it is sent.
                    concurrency=concurrency,
                    wait=True,
                    fetch_job_polling_interval=pace.poll,
                    abort_job_polling_interval=60,
                    shutdown_graceful_timeout=10,
                    update_heartbeat_interval=pace.heartbeat,
                    stalled_worker_timeout=pace.stalled_after,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    worker_middleware=[works.around],
                )
            finally:
                works.running = False
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
    except (procrastinate.exceptions.ConnectorException, psycopg.Error, OSError) as error:
        log.warning("queue not reachable", error=type(error).__name__)


@contextlib.contextmanager
def _cancelled_by_signals() -> Iterator[None]:
    """SIGINT and SIGTERM cancel what is inside, which is a good end."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        yield
    except asyncio.CancelledError:
        log.info("worker ends")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


class Works:
    """Whether the loop takes jobs, and what came of each."""

    def __init__(self, metrics: Metrics) -> None:
        self.running = False
        self._metrics = metrics

    def now(self) -> bool:
        return self.running

    async def around(
        self, call_next: AsyncCallNext, context: procrastinate.JobContext, _: object
    ) -> Any:
        """Counts and times the job; its lines in the log carry the job's id."""
        with (
            structlog.contextvars.bound_contextvars(job=context.job.id),
            self._metrics.job(context.job.task_name),
        ):
            return await call_next()


async def _free_stalled(queue: procrastinate.App, pace: Pace) -> None:
    """Puts back the jobs of workers that died in the middle; deliveries are safe to do again."""
    while True:
        try:
            stalled = await queue.job_manager.get_stalled_jobs(
                seconds_since_heartbeat=pace.stalled_after
            )
        except (procrastinate.exceptions.ConnectorException, psycopg.Error) as error:
            log.warning("queue not reachable", error=type(error).__name__)
            stalled = []
        for job in stalled:
            try:
                await queue.job_manager.retry_job(job)
            except procrastinate.exceptions.ConnectorException:
                continue  # another worker was faster
            log.warning("job of a dead worker put back", job=job.id)
        await asyncio.sleep(pace.free_every)

"""The worker: does the jobs that are rows, and frees those that a dead worker had begun."""

from __future__ import annotations

import asyncio
import contextlib

import procrastinate
import structlog

from bot.app import Bot
from bot.delivery import Deliverer, add_tasks

CONCURRENCY = 16
STALLED_AFTER = 20  # seconds without a sign of life from its worker

log = structlog.get_logger()


async def work(bot: Bot) -> None:
    """Works until cancelled (SIGINT, SIGTERM); running jobs get ten seconds to finish."""
    queue = bot.services.queue
    add_tasks(queue, Deliverer(bot.services, bot.channels, bot.choices))
    async with queue.open_async():
        freeing = asyncio.create_task(_free_stalled(queue))
        try:
            log.info("worker ready")
            await queue.run_worker_async(
                concurrency=CONCURRENCY,
                wait=True,
                fetch_job_polling_interval=2,
                abort_job_polling_interval=60,
                shutdown_graceful_timeout=10,
                update_heartbeat_interval=5,
                stalled_worker_timeout=STALLED_AFTER,
                delete_jobs="successful",
                install_signal_handlers=True,
            )
        finally:
            freeing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await freeing
            await bot.close()


async def _free_stalled(queue: procrastinate.App) -> None:
    """Puts back the jobs of workers that died in the middle; deliveries are safe to do again."""
    while True:
        try:
            stalled = await queue.job_manager.get_stalled_jobs(
                seconds_since_heartbeat=STALLED_AFTER
            )
            for job in stalled:
                log.warning("job of a dead worker put back", job=job.id)
                await queue.job_manager.retry_job(job)
        except procrastinate.exceptions.ConnectorException as error:
            log.warning("queue not reachable", error=type(error).__name__)
        await asyncio.sleep(5)

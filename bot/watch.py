"""What gateway and worker show of themselves, each on a port of its own beside the public one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from actions.watch.endpoints import add_watch
from actions.watch.readiness import Readiness, checks

if TYPE_CHECKING:
    from bot.app import Bot


def gateway_readiness(bot: Bot) -> Readiness:
    """Without Rasa, actions or Redis a message is still stored, acknowledged and answered later."""
    found = checks(bot.services.engine, bot.services.vault, bot.services.redis)
    return Readiness(
        (found["database"], found["keys"]),
        (found["redis"], bot.health.rasa_missing, bot.health.actions_missing),
    )


def worker_readiness(bot: Bot, works: Callable[[], bool]) -> Readiness:
    """`works`: whether the loop that takes jobs is running."""
    found = checks(bot.services.engine, bot.services.vault, bot.services.redis)

    async def jobs() -> str:
        return "" if works() else "The worker takes no jobs yet; if that lasts, restart it."

    return Readiness((found["database"], found["keys"], jobs), (found["redis"],))


@asynccontextmanager
async def watched(bot: Bot, port: int, readiness: Readiness) -> AsyncIterator[None]:
    """Serves `/healthz`, `/readyz` and `/metrics` on `port` meanwhile; 0: nowhere.

    Raises OSError when somebody listens there already.
    """
    if not port:
        yield
        return
    app, services = web.Application(), bot.services
    token = bot.settings.metrics_token.get_secret_value()
    add_watch(app, readiness, services.metrics, services.backlog, token)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, bot.settings.watch_host, port).start()
        yield
    finally:
        await runner.cleanup()

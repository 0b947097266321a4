"""Keeping a bot connected beside the gateway: the webhook, or a loop that polls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.channels.telegram.config import TelegramConfig
from bot.channels.telegram.outcome import transport_error
from bot.channels.telegram.parse import ALLOWED_UPDATES

_POLL_SECONDS = 25
_LONGEST_PAUSE = 60.0
log = structlog.get_logger(__name__)

Pause = Callable[[float], Awaitable[None]]
Take = Callable[[Update], Awaitable[None]]


async def connect(bot: ExtBot[Any], config: TelegramConfig, pause: Pause = asyncio.sleep) -> str:
    """Tells Telegram how to reach us, for as long as it takes; returns the bot's username."""
    for seconds in _back_off():
        try:
            me = await bot.get_me()
            await _announce(bot, config)
        except TelegramError as error:
            log.warning("telegram: not reached", reason=transport_error("connect", error).message)
            await pause(seconds)
        else:
            log.info("telegram: connected", mode=config.mode)
            return me.username or ""
    raise AssertionError("the back-off never ends")


async def poll(bot: ExtBot[Any], take: Take, pause: Pause = asyncio.sleep) -> None:
    """Takes updates one by one, for ever. An update is confirmed to Telegram only after `take`
    returned; when it raised, the same update comes again.
    """
    offset: int | None = None
    waits = _back_off()
    while True:
        try:
            updates = await bot.get_updates(
                offset=offset, timeout=_POLL_SECONDS, allowed_updates=ALLOWED_UPDATES
            )
            for update in updates:
                await take(update)
                offset = update.update_id + 1
            waits = _back_off()
        except Exception as error:
            # Whatever it was, the loop must live; the text of an error may hold personal data.
            log.warning("telegram: poll failed", error=type(error).__name__)
            await pause(next(waits))


async def _announce(bot: ExtBot[Any], config: TelegramConfig) -> None:
    if config.mode == "polling":
        await bot.delete_webhook()  # the two exclude each other
        return
    await bot.set_webhook(
        config.webhook_url,
        secret_token=config.secret_token,
        allowed_updates=ALLOWED_UPDATES,
    )


def _back_off() -> Iterator[float]:
    seconds = 1.0
    while True:
        yield seconds
        seconds = min(seconds * 2, _LONGEST_PAUSE)

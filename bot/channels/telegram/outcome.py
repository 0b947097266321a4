"""python-telegram-bot's errors → TransportError."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest, RequestData

from bot.channels.base import TransportError
from bot.channels.within import MINUTE, SECONDS, within

_HOUR = 3600.0
_UNSAID = HTTPXRequest.DEFAULT_NONE


class TooFastError(TelegramError):
    """Telegram wants us to wait for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Too Many Requests")
        self.seconds = seconds


class Request(HTTPXRequest):
    """Raises TooFastError for a 429; the library's own RetryAfter warns whenever it is made. How
    long an answer may take is `within`'s to say.
    """

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = _UNSAID,
        write_timeout: Any = _UNSAID,
        connect_timeout: Any = _UNSAID,
        pool_timeout: Any = _UNSAID,
    ) -> tuple[int, bytes]:
        said = isinstance(read_timeout, int | float)
        seconds = read_timeout if said else self.read_timeout or SECONDS
        if request_data is not None and request_data.contains_files:
            seconds += MINUTE
        asking = super().do_request(
            url, method, request_data, None, write_timeout, connect_timeout, pool_timeout
        )
        try:
            status, payload = await within(seconds, asking)
        except TimeoutError:
            raise TimedOut from None
        if status == 429:
            raise TooFastError(_wait(payload))
        return status, payload


def _wait(payload: bytes) -> float:
    try:
        return float(json.loads(payload)["parameters"]["retry_after"])
    except (ValueError, TypeError, KeyError):
        return 1.0


def transport_error(call: str, error: TelegramError) -> TransportError:
    """What `error` means for trying again. The order matters: BadRequest is a NetworkError."""
    name = type(error).__name__
    match error:
        case TooFastError():
            return TransportError(f"{call}: too fast", code="429", retry_after=error.seconds)
        case Forbidden():  # blocked, deactivated, never started the bot, thrown out of the group
            return TransportError(f"{call}: {_words(error)}", gone=True, code="403")
        case BadRequest():  # no such chat, no such file, a message Telegram will not take
            words, gone = _words(error), "chat not found" in error.message.lower()
            return TransportError(f"{call}: {words}", permanent=True, gone=gone, code="400")
        case ChatMigrated():  # the group has another id now, and has to be bound again
            return TransportError(f"{call}: the group has moved", gone=True, code=name)
        case InvalidToken():
            words = f"{call}: the bot's token is refused"
            return TransportError(words, code="401", retry_after=_HOUR, outage=True)
        case TimedOut():
            return TransportError(f"{call}: timed out", code="timeout", outage=True, doubt=True)
        case _:  # NetworkError and what may come: the text may hold an address, so only the name
            doubt = not isinstance(error.__cause__, httpx.ConnectError)
            return TransportError(f"{call}: {name}", code="network", outage=True, doubt=doubt)


def is_unchanged(error: TelegramError) -> bool:
    """Whether a revision was refused because the message says that already."""
    return isinstance(error, BadRequest) and "not modified" in error.message.lower()


def _words(error: TelegramError) -> str:
    return error.message[:200]


async def calling[T](call: str, work: Callable[[], Awaitable[T]]) -> T:
    """What `work` returns. Raises TransportError, named by the `call`, for Telegram's errors."""
    try:
        return await work()
    except TelegramError as error:
        raise transport_error(call, error) from None

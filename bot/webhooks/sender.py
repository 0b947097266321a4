"""Sends one result: signed, without following where it is sent on, without reading the answer."""

from __future__ import annotations

import asyncio
import uuid

import aiohttp
import structlog

from actions import clock
from actions.feeds.outbox import Letter, Outbox
from actions.feeds.webhook import signatures
from bot.back_off import most_attempts
from bot.channels.base import TransportError

TIMEOUT = 10.0  # seconds for the whole of it
AT_ONCE = 4  # so that a slow other side holds up no message to a person
GONE = 410

log = structlog.get_logger()


class Sender:
    def __init__(self, outbox: Outbox, timeout: float = TIMEOUT) -> None:
        self._outbox = outbox
        self._timeout = timeout
        self._turnstile = asyncio.Semaphore(AT_ONCE)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, result_id: str, attempt: int) -> None:
        """Sends the result unless that was done. Raises TransportError while another attempt may
        help; it carries the same id then.
        """
        async with (
            self._turnstile,
            self._outbox.taken(uuid.UUID(result_id)) as (connection, letter),
        ):
            if letter is None:
                return
            if letter.stopped:
                await self._outbox.dropped(connection, letter)
                return
            error = _resting(letter) or await self._post(letter)
            if error is None:
                await self._outbox.sent(connection, letter, attempt + 1)
                return
            if error.gone:
                await self._outbox.stop(connection, letter, attempt + 1)
                return
            final = attempt + 1 >= most_attempts(error)
            if not _rests(error) or final:
                await self._outbox.failed(
                    connection, letter, attempt + 1, error.message, final=final
                )
        log.warning("result not taken", result=result_id, final=final, reason=error.message)
        if not final:
            raise error

    async def _post(self, letter: Letter) -> TransportError | None:
        """What went wrong; None when the other side has taken it: any 2xx."""
        body = letter.body.encode()
        stamp = int(clock.now().timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Huiyin",
            "Huiyin-Id": str(letter.id),
            "Huiyin-Timestamp": str(stamp),
            "Huiyin-Signature": signatures(letter.secrets, stamp, body),
        }
        try:
            async with self._open().post(
                letter.url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                status = answer.status
                answer.close()  # whatever it says, nobody reads it
        except TimeoutError:
            return TransportError(f"no answer within {self._timeout:g} s", outage=True)
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            return TransportError(f"not reached: {type(fault).__name__}", outage=True)
        if 200 <= status < 300:
            return None
        if status == GONE:
            return TransportError("410 Gone", gone=True, code=str(status))
        return TransportError(f"answered {status}", code=str(status), outage=True)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _resting(letter: Letter) -> TransportError | None:
    """It failed a moment ago: nobody waits for a time-out again and again."""
    seconds = letter.resting.total_seconds()
    if not seconds:
        return None
    return TransportError("the other side rests", retry_after=seconds)


def _rests(error: TransportError) -> bool:
    return error.retry_after is not None

"""Posting receipts and replies to the gateway, and posting them again."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import aiohttp

from bot.simulator.config import FakeSmsConfig
from bot.simulator.posted import Answer
from bot.simulator.sms.carrier import CHANNEL
from bot.simulator.transcript import Transcript


class Callbacks:
    """`good`: the field of the answer that is 0 when a callback was taken (code, result)."""

    def __init__(
        self,
        config: FakeSmsConfig,
        gateway_url: str,
        session: aiohttp.ClientSession,
        transcript: Transcript,
        good: str,
    ) -> None:
        self._config = config
        self._url = f"{gateway_url}/sms/{config.callback_secret}"
        self._session = session
        self._transcript = transcript
        self._good = good

    async def post(self, what: str, person: str, body: Any, deliveries: int = 1) -> list[Answer]:
        """Posts to `…/report` or `…/uplink` until it is taken; `deliveries` > 1: at once."""
        if deliveries > 1:
            posts = [self._once(what, person, body, n) for n in range(deliveries)]
            return list(await asyncio.gather(*posts))
        answers: list[Answer] = []
        for attempt in range(self._config.resends + 1):
            answers.append(await self._once(what, person, body, attempt))
            if answers[-1].outcome == "ok":
                break
            if attempt < self._config.resends:
                await asyncio.sleep(self._config.resend_after)
        return answers

    async def _once(self, what: str, person: str, body: Any, attempt: int) -> Answer:
        started = time.monotonic()
        outcome, status = await self._exchange(what, body)
        answer = Answer(outcome, status, round((time.monotonic() - started) * 1000))
        self._transcript.write_wire(
            CHANNEL,
            person,
            way="callback",
            what=what,
            outcome=answer.outcome,
            status=answer.status,
            milliseconds=answer.milliseconds,
            attempt=attempt,
            attempts=self._config.resends,
        )
        return answer

    async def _exchange(self, what: str, body: Any) -> tuple[str, int]:
        try:
            async with (
                asyncio.timeout(self._config.answer_within),
                self._session.post(f"{self._url}/{what}", json=body) as response,
            ):
                status, raw = response.status, await response.read()
        except TimeoutError:
            return "timeout", 0
        except aiohttp.ClientError:
            return "refused", 0
        if status != 200:
            return "status", status
        try:
            return ("ok" if json.loads(raw)[self._good] == 0 else "garbage"), status
        except (ValueError, KeyError, TypeError):
            return "garbage", status

"""Posting callbacks to the gateway, re-sending them, and taking in the passive reply."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.simulator.wechat import show
from bot.simulator.wechat.account import CHANNEL, Account, Follower
from bot.simulator.wechat.envelope import BadReplyError, Envelope
from bot.simulator.wechat.errors import PlatformError


@dataclass(frozen=True, slots=True)
class Answer:
    """What one posted callback came to. `fields` are the passive reply's, if there was one.

    outcome: passive, success, empty, or a failure: timeout, refused, status, garbage, forged,
    unencrypted.
    """

    outcome: str
    status: int
    milliseconds: int
    fields: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        words = str((self.fields or {}).get("Content") or "")
        return {
            "outcome": self.outcome,
            "status": self.status,
            "milliseconds": self.milliseconds,
            "text": words,
        }


RESENT = ("timeout", "refused", "status")


class Callbacks:
    """The platform's outgoing side. `session` lives as long as the simulator."""

    def __init__(self, account: Account, gateway_url: str, session: aiohttp.ClientSession) -> None:
        self._account = account
        self._envelope = Envelope(account.config)
        self._url = gateway_url + account.config.callback_path
        self._session = session

    async def verify(self) -> bool:
        """The URL check of the console: the gateway must return the echo, nothing else."""
        echo = str(time.monotonic_ns())
        query = self._envelope.verification(echo, self._account.clock.seconds())
        async with self._session.get(self._url, params=query) as response:
            return response.status == 200 and await response.text() == echo

    async def deliver(
        self, follower: Follower, fields: str, *, deliveries: int = 1, quiet: bool = False
    ) -> list[Answer]:
        """Posts a callback and shows the follower what comes of it.

        Without an answer it is sent again, `resends` times at most. `deliveries` > 1 posts the
        same callback that often at the same time, as happens when an answer is slow. The first
        passive reply is shown, once. `quiet`: no line on the phone if all fails.
        """
        if deliveries > 1:
            posts = [self._post(follower, fields, n, deliveries - 1) for n in range(deliveries)]
            answers = list(await asyncio.gather(*posts))
        else:
            answers = await self._until_answered(follower, fields)
        self._take_in(follower, answers, quiet=quiet)
        return answers

    async def _until_answered(self, follower: Follower, fields: str) -> list[Answer]:
        config = self._account.config
        answers: list[Answer] = []
        for attempt in range(config.resends + 1):
            started = time.monotonic()
            answers.append(await self._post(follower, fields, attempt, config.resends))
            if answers[-1].outcome not in RESENT:
                break
            if attempt < config.resends:
                await asyncio.sleep(max(0.0, started + config.resend_after - time.monotonic()))
        return answers

    async def _post(self, follower: Follower, fields: str, attempt: int, resends: int) -> Answer:
        letter = self._envelope.wrap(fields, follower.openid, self._account.clock.seconds())
        started = time.monotonic()
        status, body, outcome = 0, b"", ""
        try:
            async with (
                asyncio.timeout(self._account.config.answer_within),
                self._session.post(
                    self._url,
                    params=letter.query,
                    data=letter.body,
                    headers={"Content-Type": "text/xml"},
                ) as response,
            ):
                status, body = response.status, await response.read()
        except TimeoutError:
            outcome = "timeout"
        except aiohttp.ClientError:
            outcome = "refused"
        elapsed = round((time.monotonic() - started) * 1000)
        answer = self._judge(outcome, status, body, elapsed)
        self._note(follower, answer, attempt, resends)
        return answer

    def _judge(self, outcome: str, status: int, body: bytes, elapsed: int) -> Answer:
        if outcome:
            return Answer(outcome, status, elapsed)
        if status != 200:
            return Answer("status", status, elapsed)
        try:
            fields = self._envelope.open(body)
        except BadReplyError as error:
            return Answer(error.why, status, elapsed)
        if fields is None:
            return Answer("success" if body else "empty", status, elapsed)
        return Answer("passive", status, elapsed, fields)

    def _note(self, follower: Follower, answer: Answer, attempt: int, resends: int) -> None:
        self._account.transcript.write_wire(
            CHANNEL,
            follower.name,
            way="callback",
            what=self._account.config.mode,
            outcome=answer.outcome,
            status=answer.status,
            milliseconds=answer.milliseconds,
            attempt=attempt,
            attempts=resends,
        )

    def _take_in(self, follower: Follower, answers: list[Answer], *, quiet: bool) -> None:
        reply = next((a.fields for a in answers if a.fields), None)
        if reply is not None:
            try:
                self._show(follower, reply)
            except (PlatformError, KeyError, TypeError):
                show.show_trouble(self._account, follower)
        elif not quiet and all(a.outcome not in ("success", "empty") for a in answers):
            show.show_trouble(self._account, follower)

    def _show(self, follower: Follower, reply: dict[str, Any]) -> None:
        if not follower.subscribed:
            return  # an answer to "unsubscribe" goes nowhere
        if reply["ToUserName"] != follower.openid:
            raise PlatformError(40003)
        kind = reply["MsgType"]
        if kind == "text":
            show.show_text(self._account, follower, reply["Content"], "passive")
        elif kind in ("image", "voice", "video"):
            part = reply[kind.capitalize()]
            show.show_media(self._account, follower, kind, part["MediaId"], "passive")
        elif kind == "news":
            articles = reply["Articles"]["item"]
            rows = articles if isinstance(articles, list) else [articles]
            show.show_news(self._account, follower, rows[:8], "passive")
        elif kind != "transfer_customer_service":
            raise PlatformError(40008)

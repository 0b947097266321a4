"""Checking the app's address, posting callbacks to it, and posting them again."""

from __future__ import annotations

import asyncio
import secrets
import time

import aiohttp

from bot.simulator.posted import Answer
from bot.simulator.wecom.corp import CHANNEL, Corp, Member
from bot.simulator.wecom.envelope import Envelope, to_xml

RESENT = ("timeout", "refused", "status", "unverified")


class Callbacks:
    """The platform's outgoing side. `session` lives as long as the simulator.

    The address is checked before the first callback, as the console does when it is saved: an app
    whose address did not pass gets no callbacks and may send no interactive card.
    """

    def __init__(self, corp: Corp, gateway_url: str, session: aiohttp.ClientSession) -> None:
        self._corp = corp
        self._envelope = Envelope(corp.config)
        self._url = gateway_url + corp.config.callback_path
        self._session = session
        self._verified = False

    async def verified(self) -> bool:
        """Whether the address has passed the check, which is made now if it has not."""
        self._verified = self._verified or await self.verify()
        return self._verified

    async def verify(self) -> bool:
        """The URL check: the gateway must return the opened echo, nothing else, within a second."""
        echo, started = secrets.token_hex(12), time.monotonic()
        query = self._envelope.verification(echo, self._corp.clock.seconds())
        outcome, status = "ok", 0
        try:
            async with (
                asyncio.timeout(self._corp.config.verify_within),
                self._session.get(self._url, params=query) as response,
            ):
                status, body = response.status, await response.read()
            outcome = "ok" if (status, body) == (200, echo.encode()) else "garbage"
        except TimeoutError:
            outcome = "timeout"
        except aiohttp.ClientError:
            outcome = "refused"
        self._note("", "verify", Answer(outcome, status, _since(started)), 0)
        return outcome == "ok"

    async def deliver(
        self, member: Member, fields: dict[str, object], *, deliveries: int = 1
    ) -> list[Answer]:
        """Posts a callback; until it gets a 200 it is posted again, `resends` times at most.

        `deliveries` > 1 posts the same callback that often at the same time.
        """
        outside = {
            "ToUserName": self._corp.config.corp_id,
            "FromUserName": member.userid,
            "CreateTime": self._corp.clock.seconds(),
        }
        xml = to_xml({**outside, **fields, "AgentID": self._corp.config.agent_id})
        what = str(fields.get("Event") or fields["MsgType"])
        if deliveries > 1:
            posts = [self._post(member, xml, what, n) for n in range(deliveries)]
            return list(await asyncio.gather(*posts))
        return await self._until_taken(member, xml, what)

    async def _until_taken(self, member: Member, xml: str, what: str) -> list[Answer]:
        config = self._corp.config
        answers: list[Answer] = []
        for attempt in range(config.resends + 1):
            started = time.monotonic()
            answers.append(await self._post(member, xml, what, attempt))
            if answers[-1].outcome not in RESENT:
                break
            if attempt < config.resends:
                await asyncio.sleep(max(0.0, started + config.resend_after - time.monotonic()))
        return answers

    async def _post(self, member: Member, xml: str, what: str, attempt: int) -> Answer:
        started = time.monotonic()
        if await self.verified():
            outcome, status = await self._exchange(xml)
        else:
            outcome, status = "unverified", 0
        answer = Answer(outcome, status, _since(started))
        self._note(member.name, what, answer, attempt)
        return answer

    async def _exchange(self, xml: str) -> tuple[str, int]:
        letter = self._envelope.wrap(xml, self._corp.clock.seconds())
        headers = {"Content-Type": "text/xml"}
        try:
            async with (
                asyncio.timeout(self._corp.config.answer_within),
                self._session.post(
                    self._url, params=letter.query, data=letter.body, headers=headers
                ) as response,
            ):
                status, body = response.status, await response.read()
        except TimeoutError:
            return "timeout", 0
        except aiohttp.ClientError:
            return "refused", 0
        if status != 200:
            return "status", status
        return "garbage" if body else "empty", status

    def _note(self, person: str, what: str, answer: Answer, attempt: int) -> None:
        self._corp.transcript.write_wire(
            CHANNEL,
            person,
            way="callback",
            what=what,
            outcome=answer.outcome,
            status=answer.status,
            milliseconds=answer.milliseconds,
            attempt=attempt,
            attempts=self._corp.config.resends,
        )


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)

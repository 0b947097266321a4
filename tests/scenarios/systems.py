"""Systems of the police that report what was done, and the phones that are asked about it."""

from __future__ import annotations

from typing import Any

import aiohttp

from bot.simulator.driver import Handset
from tests.scenarios.story import Story


class System:
    """A feed with its key: it reports by the gateway's own API."""

    def __init__(self, story: Story, key: str) -> None:
        self._story = story
        self._key = key

    @classmethod
    async def connected(cls, story: Story, name: str, *kinds: str) -> System:
        """A new feed of that name that may report these kinds of services."""
        return cls(story, await story.services.invitations.feeds.add(name, list(kinds)))

    async def reports(self, *events: dict[str, Any]) -> dict[str, Any]:
        """What the gateway answers: how many were new, known, corrected, kept."""
        url = f"http://127.0.0.1:{self._story.stack.ports.gateway}/api/events"
        headers = {"Authorization": f"Bearer {self._key}"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, json={"events": events}, headers=headers) as answer,
        ):
            told: dict[str, Any] = await answer.json()
            assert answer.status == 200, told
            return told


def service(number: str, kind: str, unit: str, phone: str, finished_at: str) -> dict[str, Any]:
    """An event of somebody who may be asked; the moment in Beijing time: "2026-09-24 08:55"."""
    return {
        "number": number,
        "kind": kind,
        "unit": unit,
        "phone": phone,
        "finished_at": finished_at,
        "flags": [],
    }


async def with_number(story: Story, name: str, phone: str) -> Handset:
    """The phone of somebody who is known by their number only."""
    handset = story.driver.sms(name)
    await handset.has_number(f"86{phone}")
    return handset

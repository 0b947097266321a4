"""Yuxi from its first step: a counter reports a service, the message asks, the citizen answers 3.

The event comes by the gateway's own API; the SMS is handed to a gateway as its channel would.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from sqlalchemy import select

from actions import clock
from actions.store.tables import deliveries, ratings
from bot.app import build
from bot.message import Incoming, Kind, Outgoing
from tests.scenarios.phones import labels, number_in
from tests.scenarios.story import Story, telling

COUNTER, PHONE = "YZ-QX-MDL-HJ2", "13900000007"


@pytest.fixture(scope="module")
async def story() -> AsyncIterator[Story]:
    async with telling("yuxi", begins="2026-09-24 09:00") as stage:
        yield stage


async def reported(story: Story, *events: dict[str, object]) -> dict[str, object]:
    """What the gateway answers to a feed that reports these."""
    key = await story.services.invitations.feeds.add("hall", ["counter"])
    url = f"http://127.0.0.1:{story.stack.ports.gateway}/api/events"
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json={"events": events}, headers=headers) as answer,
    ):
        told: dict[str, object] = await answer.json()
        assert answer.status == 200, told
        return told


async def sms(story: Story, text: str, message: str) -> str:
    """What is answered to an SMS; `message` names it, however often the provider delivers it."""
    bot = build(story.stack.settings)
    incoming = Incoming("sms", f"+86{PHONE}", message, Kind.TEXT, clock.now(), text=text)
    said: list[Outgoing] = list(await bot.gateway.receive(incoming, wait=10) or [])
    await bot.gateway.settle()
    for channel in bot.channels.values():
        await channel.close()
    await bot.nlu.close()
    await bot.services.engine.dispose()
    await bot.services.redis.aclose()
    return "\n".join(each.text for each in said)


async def test_from_the_counter_to_the_inspector_s_call(story: Story) -> None:
    li, inspector = story.officer("李警官"), story.officer("彭督察")
    event: dict[str, object] = {
        "number": "H-0001",
        "kind": "counter",
        "unit": COUNTER,
        "phone": "139 0000 0007",
        "finished_at": "2026-09-24 08:55",
        "flags": [],
    }
    assert (await reported(story, event))["new"] == 1
    assert (await reported(story, event))["known"] == 1, "the same once more"

    # --- an hour after the service, 09:55, and not before
    await story.at("2026-09-24 09:54")
    assert (await story.services.invitations.round()).sent == 0
    await story.at("2026-09-24 09:56")
    assert (await story.services.invitations.round()).sent == 1
    asked = select(deliveries.c.content_sealed).where(deliveries.c.topic == "invitation")
    async with story.services.engine.connect() as connection:
        content = (await connection.execute(asked)).scalar_one()
    text = story.services.vault.open_json(content)["text"]
    assert text.startswith("您 9 月 24 日请桥西分局明德里派出所 · 户籍 2 号窗口办的事")

    # --- she answers 3, and the provider delivers it twice: one rating, one case
    await story.at("2026-09-24 10:00")
    said = await sms(story, "3 办身份证跑了三趟", "m1")
    assert said == await sms(story, "3 办身份证跑了三趟", "m1")
    card = await li.hears("新件", "不满意", "户籍 2 号窗口", "跑了三趟")
    number = number_in(card)
    assert number in said
    called = await inspector.hears(number, "等您回访")
    assert labels(called)[0] == "回访"
    async with story.services.engine.connect() as connection:
        [rating] = (await connection.execute(select(ratings))).all()
    assert (rating.grade, rating.way, rating.channel) == ("unsatisfied", "invited", "sms")

    # --- never again, and nobody asks her after the next service
    assert "不再请您评价" in await sms(story, "T", "m2")
    await story.at("2026-11-24 10:00")
    await reported(story, event | {"number": "H-0002", "finished_at": "2026-11-24 09:00"})
    await story.services.invitations.round()
    found = await story.services.invitations.funnel.follow(rating.rated_at, clock.now(), "feed")
    assert found["hall"].reasons() == {"opted_out": "under 5"}

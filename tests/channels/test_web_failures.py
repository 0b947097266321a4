"""Parts of the web chat die, are late or come back: nothing acknowledged is lost, nothing doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy import select, text

from actions.store.tables import deliveries
from bot.channels.web import WebConfig
from bot.web import bell
from bot.web.lines import Said
from tests.web_house import Browser, WebHouse

type Visit = Callable[..., Browser]
ID = "a1b2c3d4e5f607{:02d}"


async def shown(browser: Browser) -> list[str]:
    """What the page shows, in short: the sentences that the script of these tests says."""
    _, html = await browser.get("/chat")
    return [words for words in ("听到：在吗", "听到：还在吗") for _ in range(html.count(words))]


async def test_a_gateway_that_dies_before_the_answer_is_shown(
    house: WebHouse, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The turn is done, the line is not written: the browser sends again and sees it once."""
    browser = visit()
    await browser.get("/chat")
    add = type(house.channel.parts.mailbox).add

    async def dies(self: object, sender: str, said: Sequence[Said]) -> None:
        if not said[0].mine:
            raise OSError("dead")
        await add(self, sender, said)  # type: ignore[arg-type]

    fields = {"id": ID.format(1), "text": "在吗"}
    with monkeypatch.context() as patched:
        patched.setattr(type(house.channel.parts.mailbox), "add", dies)
        response = await browser.post("/chat/messages", json=fields)
        assert response.status == 503
    await browser.says(**fields)
    assert await shown(browser) == ["听到：在吗"]
    assert house.rasa.words == ["在吗"]


async def test_an_answer_that_comes_late_is_pushed_once(house: WebHouse, visit: Visit) -> None:
    object.__setattr__(house.channel.parts, "config", WebConfig(wait=0.05))
    goes_on = asyncio.Event()
    house.rasa.before = goes_on.wait  # type: ignore[assignment]
    browser = visit()
    await browser.get("/chat")
    fields = {"id": ID.format(1), "text": "在吗"}
    assert len(await browser.says(**fields)) == 1  # only what was said
    goes_on.set()
    await house.bot.gateway.settle()
    async with house.services.engine.connect() as connection:
        (delivery,) = (await connection.execute(select(deliveries.c.id))).scalars()
    for _ in range(2):  # the worker's job is done twice
        await house.deliverer.deliver(str(delivery), 0)
    await browser.says(**fields)  # and the browser sends again
    assert await shown(browser) == ["听到：在吗"]
    assert house.rasa.words == ["在吗"]


async def test_a_broken_turn_says_that_the_message_is_kept(house: WebHouse, visit: Visit) -> None:
    house.rasa.broken = True
    browser = visit()
    await browser.get("/chat")
    lines = await browser.says(id=ID.format(1), text="在吗")
    assert "存好" in lines[-1]["html"]


async def test_the_bell_is_hung_again(
    house: WebHouse, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bell, "RETRY", 0.01)
    browser = visit()
    await browser.get("/chat")
    await browser.says(id=ID.format(1), text="在吗")
    (sender,) = await house.senders()
    async with browser.session.get(f"{house.url}/chat/events?after={browser.after}") as stream:
        await stream.content.readuntil(b"\n\n")
        async with house.services.engine.begin() as connection:
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
                )
            )
        await house.pushes(sender, "断线后也到")
        while "断线后也到" not in (await stream.content.readuntil(b"\n\n")).decode():
            pass


async def test_without_redis_the_pages_open_and_words_are_taken(
    house: WebHouse, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is counted then, and no choice is offered; nothing else is lost."""
    browser = visit()
    await browser.get("/chat")

    async def gone(*_: object, **__: object) -> None:
        raise RedisConnectionError("gone")

    monkeypatch.setattr(type(house.services.redis), "execute_command", gone)
    monkeypatch.setattr("redis.asyncio.client.Pipeline.execute", gone)
    status, _ = await browser.get("/s/mdl-hj2-cspc")
    assert status == 200
    lines = await browser.says(id=ID.format(1), text="在吗")
    assert "在吗" in lines[0]["html"]

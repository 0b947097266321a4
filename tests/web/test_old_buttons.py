"""Buttons that are tapped again, by others, or that never were: by their token, as a phone sends it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from actions import logs
from actions.notices.notices import Offer
from bench.fuzzing.house import HOST, House, conversation_of, house
from bench.fuzzing.wire import Sending, Wire
from bot.channels.web.visitors import sender_of
from tests.conftest import Databases
from tests.installation import installation

GONE = "choice_gone"


@pytest.fixture(scope="module")
async def there(databases: Databases) -> AsyncIterator[House]:
    async with installation(databases) as services:
        environ = databases.settings(str(services.engine.url.database))
        async with house(environ) as running:
            yield running
    logs.configure("INFO", process="tests")


async def tapped(there: House, visitor: int, token: str, key: str) -> str:
    """What the visitor is answered to a tap on the button with this token."""
    cookie = f"{visitor:032x}"
    headers = {
        "Cookie": f"__Host-huiyin={cookie}",
        "Origin": "https://bot.example.org",
        "Content-Type": "application/json",
    }
    wire = Wire(HOST, there.gate)
    body = json.dumps({"id": key, "token": token}).encode()
    answer = await wire.send(Sending("POST", "/chat/messages", body, headers))
    await wire.close()
    assert answer.status == 200
    return "".join(line["html"] for line in json.loads(answer.text)["lines"])


async def offered(there: House, visitor: int) -> str:
    """The token of a button that was offered to the visitor."""
    conversation = await conversation_of(there.bot, "web", sender_of(f"{visitor:032x}"))
    offers = [Offer("满意", '/grade{"grade": "satisfied"}')]
    return (await there.bot.choices.offer(conversation, offers))[0].token


async def test_a_button_does_what_it_says_for_whom_it_was_offered(there: House) -> None:
    token = await offered(there, 1)
    assert "办：grade" in await tapped(there, 1, token, "0000000001")


async def test_anothers_button_is_no_button(there: House) -> None:
    token = await offered(there, 2)
    said = await tapped(there, 3, token, "0000000002")
    assert "办：grade" not in said
    assert there.bot.services.notices.wording.say(GONE, "zh") in said
    before = await there.rows()
    assert "办：grade" in await tapped(there, 2, token, "0000000003")  # whose it is still has it
    assert (await there.rows())["cases"] == before["cases"]


@pytest.mark.parametrize("token", ["x", "A" * 32, "0" * 12, "choice"])
async def test_a_guessed_button_is_no_button(there: House, token: str) -> None:
    await offered(there, 4)
    said = await tapped(there, 4, token, f"guess{len(token):05}{token[:4]}")
    assert there.bot.services.notices.wording.say(GONE, "zh") in said


async def test_the_same_tap_sent_again_is_one_turn(there: House) -> None:
    token = await offered(there, 5)
    first = await tapped(there, 5, token, "0000000009")
    before = await there.rows()
    assert "办：grade" in first
    assert (await tapped(there, 5, token, "0000000009")).count("办：grade") == 1
    assert (await there.rows())["inbox"] == before["inbox"]

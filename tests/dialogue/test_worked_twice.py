"""Every message worked twice, as when Rasa is killed after the effect: done once, and told alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.cases.states import Verb
from tests.cast import Cast, Someone
from tests.conftest import FrozenClock
from tests.dialogue.chat import Chat, Rasa
from tests.dialogue.conftest import ActionServer, Chats
from tests.dialogue.script import play
from tests.dialogue.test_after import REPLIES, asked
from tests.dialogue.test_follow_up import SCRIPTS as FOLLOWED
from tests.dialogue.test_officer import CASE
from tests.dialogue.test_work import SCRIPTS as WORKED

OFTEN = ("to another station, by button", "to another station, in one line", "a question")
CLOSED = "li: 接单 Q26-0001\nli: 回复 Q26-0001 已经道歉并补办\nchen: 不满意\n> 没解决的话点“重开”\n"


class Twice(Chat):
    """Forgets, after each turn, that Rasa has kept it, and has it again."""

    async def turn(self, message_id: str = "", **said: Any) -> list[str]:
        redis, key = self.services.redis, f"huiyin:tracker:{self.conversation}"
        before = await redis.get(key)
        message_id = self.new_message(message_id)
        first = await super().turn(message_id, **said)
        if before is None:
            await redis.delete(key)
        else:
            await redis.set(key, before)
        again = await super().turn(message_id, **said)
        assert again == first
        return again


@pytest.fixture
def chat(rasa: Rasa, actions: ActionServer, frozen: FrozenClock) -> Callable[[Someone], Chat]:
    def open_chat(someone: Someone) -> Chat:
        return Twice(rasa, someone.services, someone.conversation)

    return open_chat


@pytest.mark.parametrize("script", FOLLOWED)
async def test_following(chats: Chats, script: str) -> None:
    await play(chats, FOLLOWED[script])


@pytest.mark.parametrize("script", REPLIES)
async def test_replying(chats: Chats, cast: Cast, script: str) -> None:
    await asked(chats, cast)
    person = await cast.li.services.people.whoami(cast.li.turn())
    assert person.officer is not None
    await play(chats, REPLIES[script].replace("王警官", person.officer.called))


@pytest.mark.parametrize("script", OFTEN)
async def test_working(chats: Chats, script: str) -> None:
    await play(chats, WORKED[script])


@pytest.mark.parametrize(
    "said",
    [
        "chen: 重开 还是没人理我\nchen [重开]",
        "chen: 重开 Q26-0001 还是没人理我",
        "chen [重开]\nchen: 还是没人理我",
    ],
)
async def test_reopening(chats: Chats, cast: Cast, said: str) -> None:
    await play(chats, f"{CASE}{CLOSED}{said}\n> Q26-0001 已重开")
    events = await cast.li.services.cases.history(cast.li.turn(), "Q26-0001")
    assert [event.verb for event in events].count(Verb.REOPEN) == 1

"""A turn that broke off after its verb was done, and comes again: the officer hears that it is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.bootstrap import Services, install
from actions.cases.states import State, Verb
from actions.conversation.work import WorkOnCase
from actions.turn import Turn
from tests.cases.steps import state_of, submit, unit_id
from tests.cast import Cast
from tests.conversation.test_reply_wording import RESPONSES


@pytest.fixture(autouse=True)
def installed(services: Services) -> Iterator[None]:
    install(services)
    yield
    install(None)


def tracker(turn: Turn, text: str, intent: str, **entities: str) -> Tracker:
    message: dict[str, Any] = {
        "message_id": turn.inbox_id,
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
    }
    return Tracker(turn.conversation, {}, message, [], False, None, {}, "action_listen")


async def test_accepted_before_the_turn_broke_off(services: Services, cast: Cast) -> None:
    number = (await submit(services, cast.chen)).number
    turn = cast.li.turn()
    await services.cases.act(turn, number, Verb.ACCEPT)  # and then Rasa was killed
    said = CollectingDispatcher()
    again = tracker(turn, f"接单 {number}", "accept_case", case=number)
    await WorkOnCase().run(said, again, {"responses": RESPONSES})
    (message,) = said.messages
    assert message["text"].startswith(f"接单成功：{number}")


async def heard(turn: Turn, text: str, intent: str, **entities: str) -> list[str]:
    said = CollectingDispatcher()
    action = WorkOnCase()
    await action.run(said, tracker(turn, text, intent, **entities), {"responses": RESPONSES})
    return [message["text"] for message in said.messages]


async def test_the_next_case_is_not_accepted_instead(services: Services, cast: Cast) -> None:
    number = (await submit(services, cast.chen)).number
    turn = cast.li.turn()
    await services.cases.act(turn, number, Verb.ACCEPT)  # and then Rasa was killed
    other = (await submit(services, cast.zhou)).number
    (told,) = await heard(turn, "接单", "accept_case")
    assert told.startswith(f"接单成功：{number}")
    assert await state_of(services, other) == State.DISPATCHED


async def test_given_out_of_hand_before_the_turn_broke_off(services: Services, cast: Cast) -> None:
    number = (await submit(services, cast.chen)).number
    turn = cast.li.turn()
    unit = await unit_id(services, "南站派出所")
    entities = {"case": number, "words": "南站所 不是我们辖区"}
    await services.cases.act(turn, number, Verb.TRANSFER, unit=unit, text="不是我们辖区")
    said = f"转办 {number} 南站所 不是我们辖区"
    (told,) = await heard(turn, said, "transfer_case", **entities)
    assert told.startswith(f"{number} 已转给桥西分局南站派出所")
    (told,) = await heard(cast.li.turn(), said, "transfer_case", **entities)
    assert told.startswith("没查到这个编号")


async def test_accepted_by_another_message_is_refused(services: Services, cast: Cast) -> None:
    number = (await submit(services, cast.zhou)).number
    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
    said = CollectingDispatcher()
    again = tracker(cast.li.turn(), f"接单 {number}", "accept_case", case=number)
    await WorkOnCase().run(said, again, {"responses": RESPONSES})
    assert not any("接单成功" in message["text"] for message in said.messages)
    assert said.messages

"""A message whose effect is there and whose dialogue is lost: the person hears what was done."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest

from actions.bootstrap import Services
from actions.cases.case import CaseDraft
from actions.cases.kinds import CaseKind
from actions.cases.states import Verb
from actions.turn import Turn
from bot.choices import Choices, Intent
from bot.conversation import Conversation
from bot.inbox import Inbox
from bot.message import Kind, Outgoing
from bot.nlu import Reply
from tests.bot.test_gateway import StandInForRasa, words
from tests.installation import Servers, installation

DRAFT = CaseDraft(kind=CaseKind.COMPLAINT, what="等了两个小时")


@pytest.fixture(scope="module")
async def services(databases: Servers) -> AsyncIterator[Services]:
    async with installation(databases) as wired:
        yield wired


async def again(services: Services, sender: str, did: str, answer: str = "") -> list[Outgoing]:
    """What is said at the second attempt, after the first one did this; a tap whose choice is gone,
    or words to which the dialogue says `answer`.
    """
    store = Inbox(services, lease_seconds=0)
    more = {} if answer else {"kind": Kind.CHOICE, "token": "gone"}
    stored = await store.store(words("提交", sender, sender, **more), push=False)
    conversation = stored.person.conversation
    first = await store.claim(conversation)
    assert first is not None
    turn = Turn(conversation, str(first.id))
    if did == "submit":
        await services.cases.submit(turn, DRAFT)
    if did == "urge":
        before = Turn(conversation, str(uuid.uuid4()))
        receipt = await services.cases.submit(before, DRAFT)
        await services.cases.act(turn, receipt.number, Verb.URGE)
    if did == "rate":
        await services.ratings.rate(turn, "satisfied", unit_id=2)
    second = await store.claim(conversation)
    assert second is not None
    assert second.attempts == 2

    async def script(_: str | Intent) -> list[Reply]:
        return [Reply(answer, ())]

    rasa = StandInForRasa(script)
    return await Conversation(services, rasa, Choices(services.redis)).turn(second)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("did", "answer", "told"),
    [
        ("submit", "", ["您刚才那件已经交上去了，编号 Q"]),
        (
            "submit",
            "现在没有什么要确认。",
            ["您刚才那件已经交上去了，编号 Q", "现在没有什么要确认。"],
        ),
        ("urge", "", ["Q"]),
        ("rate", "", ["“满意”已经记下了。"]),
        ("rate", "谢谢，记下了：满意。", ["谢谢，记下了：满意。"]),
        ("rate", "您要评价哪个单位？", ["“满意”已经记下了。", "您要评价哪个单位？"]),
        ("nothing", "", ["这个按钮已经过期了"]),
        ("nothing", "您说。", ["您说。"]),
    ],
)
async def test_what_was_done_is_told(
    services: Services, did: str, answer: str, told: list[str]
) -> None:
    said = await again(services, f"openid-{did}-{len(answer)}", did, answer)
    assert len(said) == len(told)
    assert all(one.text.startswith(start) for one, start in zip(said, told, strict=True))

"""With Rasa away, or too late, a scan and a grade still count; everything else is kept and done later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.bootstrap import Services
from actions.store.tables import ratings
from bot import conversation
from bot.gateway import TurnGateway
from bot.message import Kind, Outgoing
from bot.nlu import Reply
from tests.bot.test_gateway import (
    Breakable,
    Gateways,
    StandInForRasa,
    echo,
    eventually,
    running,
    texts,
    words,
)
from tests.installation import Servers, installation

DESK = "mdl-hj2-cspc"


@pytest.fixture(scope="module")
async def services(databases: Servers) -> AsyncIterator[Services]:
    async with installation(databases) as wired:
        yield wired


@pytest.fixture
async def gateway(services: Services) -> AsyncIterator[Gateways]:
    made = Gateways(services)
    yield made
    for one in made.made:
        await one.settle()


async def grades(services: Services, sender: str) -> list[str]:
    """What this citizen has rated, in order."""
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, "wechat", sender)
        query = select(ratings.c.grade).where(ratings.c.identity_id == person.identity_id)
        return list((await connection.execute(query.order_by(ratings.c.rated_at))).scalars())


async def scanned(there: TurnGateway, sender: str) -> Outgoing:
    """The only answer to a scan of the desk's code."""
    scan = words("", f"{sender}-scan", sender, kind=Kind.SCAN, scene=DESK)
    answer = await there.receive(scan, wait=5)
    assert answer is not None
    (only,) = answer
    return only


def tap(asked: Outgoing, label: str) -> dict[str, str]:
    return {"token": next(c.token for c in asked.choices if c.label == label)}


async def test_a_scan_offers_the_grades_and_a_tap_counts(
    services: Services, gateway: Gateways
) -> None:
    there = gateway(StandInForRasa(Breakable()))
    asked = await scanned(there, "openid-1")
    assert "明德里派出所 · 户籍 2 号窗口" in asked.text
    assert [choice.label for choice in asked.choices] == ["满意", "基本满意", "不满意"]
    chosen = words("满意", "1-tap", "openid-1", kind=Kind.CHOICE, **tap(asked, "满意"))
    assert await there.receive(chosen, wait=5) == [Outgoing("谢谢，记下了：满意。")]
    assert await there.receive(chosen, wait=5) == [Outgoing("谢谢，记下了：满意。")]
    assert await grades(services, "openid-1") == ["satisfied"]


async def test_a_typed_digit_counts_too(services: Services, gateway: Gateways) -> None:
    there = gateway(StandInForRasa(Breakable()))
    await scanned(there, "openid-2")
    answer = await there.receive(words("2", "2-typed", "openid-2"), wait=5)
    assert answer == [Outgoing("谢谢，记下了：基本满意。")]
    assert await grades(services, "openid-2") == ["basically"]


async def test_what_was_wrong_is_asked_when_rasa_is_back(
    services: Services, gateway: Gateways
) -> None:
    script = Breakable()
    there = gateway(StandInForRasa(script))
    asked = await scanned(there, "openid-3")
    chosen = words("不满意", "3-tap", "openid-3", kind=Kind.CHOICE, **tap(asked, "不满意"))
    answer = await there.receive(chosen, wait=5)
    assert answer is not None
    assert "已经记下了" in answer[0].text
    assert await grades(services, "openid-3") == ["unsatisfied"]
    script.broken = False
    async with running(there):
        await eventually(lambda: asked_again(services))
    assert await grades(services, "openid-3") == ["unsatisfied"]


async def asked_again(services: Services) -> bool:
    return any(text.startswith("听到：") for text in await texts(services))


@pytest.mark.parametrize("said", ["我要投诉", "1"])
async def test_words_wait_for_the_dialogue(
    said: str, services: Services, gateway: Gateways
) -> None:
    there = gateway(StandInForRasa(Breakable()))
    sender = f"openid-words-{said}"
    answer = await there.receive(words(said, sender, sender), wait=5)
    assert answer == [Outgoing(services.notices.wording.say("kept", "zh"))]
    assert await grades(services, sender) == []


async def test_an_unknown_code_waits_for_the_dialogue(
    services: Services, gateway: Gateways
) -> None:
    there = gateway(StandInForRasa(Breakable()))
    scan = words("", "4-scan", "openid-4", kind=Kind.SCAN, scene="no-such-code")
    answer = await there.receive(scan, wait=5)
    assert answer == [Outgoing(services.notices.wording.say("kept", "zh"))]


async def test_with_rasa_well_nothing_is_answered_alone(
    services: Services, gateway: Gateways
) -> None:
    async def reply(_: object) -> list[Reply]:
        return [Reply("从对话来", ())]

    there = gateway(StandInForRasa(reply))
    assert (await scanned(there, "openid-5")).text == "从对话来"


async def test_a_scan_that_waited_too_long_is_not_kept_waiting_for_rasa(
    services: Services, gateway: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "LATE", timedelta(0))
    rasa = StandInForRasa(echo)
    there = gateway(rasa)
    asked = await scanned(there, "openid-6")
    assert [choice.label for choice in asked.choices] == ["满意", "基本满意", "不满意"]
    assert rasa.asked == []
    scan = words("", "6-other", "openid-6", kind=Kind.SCAN, scene="no-such-code")
    answer = await there.receive(scan, wait=5)
    assert answer is not None
    assert answer[0].text.startswith("听到：")

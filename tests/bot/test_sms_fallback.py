"""A notice that the account cannot bring goes by text message to the number on the case."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from typing import Any

import pytest

from actions.cases.states import Verb
from actions.org.csv_files import load_city
from actions.org.loading import load
from bot.channels.base import Sent, TransportError
from bot.fallback import Fallback
from bot.message import Incoming, Kind
from bot.receipts import Receipts
from tests.bot.delivering import Installation, ScriptedChannel
from tests.cases.steps import submit
from tests.cast import Someone, citizen, officer
from tests.conftest import SAMPLE

GONE = TransportError("user refuses", gone=True, code="43004")


class WithSms(Installation):
    """WeChat and text messages, both played by a script."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.texts = ScriptedChannel()
        super().__init__(environ)

    def make(self) -> Any:
        bot = super().make()
        services = bot.services
        fallback = Fallback(
            services.vault, services.people, services.notices, services.settings.hotline
        )
        channels: Any = {**bot.channels, "sms": self.texts}
        return dataclasses.replace(bot, channels=channels, fallback=fallback)


@pytest.fixture
async def here(environ: dict[str, str]) -> AsyncIterator[WithSms]:
    installation = WithSms(environ)
    services = installation.services
    await load(services.engine, services.vault, load_city(SAMPLE))
    yield installation
    await services.redis.flushdb()
    await installation.bot.close()


async def answered(here: WithSms, who: Someone, **changes: Any) -> str:
    """A case that has been answered; its number."""
    number = (await submit(here.services, who, **changes)).number
    li = await officer(here.services, "明德里派出所", "officer")
    await here.services.cases.act(li.turn(), number, Verb.ACCEPT)
    await here.services.cases.act(li.turn(), number, Verb.ANSWER, text="已整改，向您道歉")
    return number


async def settle(here: WithSms) -> list[Any]:
    """The citizen's notices, once nothing is on its way any more."""
    async with here.working():
        for _ in range(1000):
            rows = await here.rows()
            if all(row.state != "queued" for row in rows):
                return rows
            await _breath()
    raise AssertionError("something is still on its way")


async def _breath() -> None:
    import asyncio

    await asyncio.sleep(0.01)


async def test_who_left_the_account_is_told_that_there_is_news(here: WithSms) -> None:
    here.platform.script = [GONE]
    chen = await citizen(here.services, "openid-chen")
    number = await answered(here, chen, phone="13900000001")
    rows = await settle(here)
    texts = here.texts.sent
    assert texts
    assert {recipient for recipient, _ in texts} == {"+8613900000001"}
    hotline = here.services.settings.hotline
    assert texts[-1][1] == f"编号 {number} 有新消息。请在公众号回“进度”查看，或致电 {hotline}。"
    assert not any("道歉" in words or "等了两个小时" in words for _, words in texts)
    failed = [row for row in rows if row.state == "failed" and row.case_id]
    assert any(row.note == "43004 user refuses; told by text message" for row in failed), [
        row.note for row in failed
    ]


async def test_later_notices_go_by_text_as_well(here: WithSms) -> None:
    """Who is out of reach in the account is still told, because there is a number."""
    chen = await citizen(here.services, "openid-chen")
    async with here.services.engine.begin() as connection:
        person = await here.services.people.meet(connection, "wechat", "openid-chen")
    await here.services.people.set_state(person.identity_id, "unsubscribed")
    await answered(here, chen, phone="13900000001")
    await settle(here)
    assert here.texts.sent
    assert "openid-chen" not in {recipient for recipient, _ in here.platform.sent}


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"phone": "03101234567"}, "43004 user refuses; no text message: the number takes none"),
        ({"phone": ""}, "43004 user refuses"),
        ({"anonymous": True}, "43004 user refuses"),
    ],
)
async def test_where_there_is_no_number_that_takes_texts(
    here: WithSms, changes: dict[str, Any], note: str
) -> None:
    here.platform.script = [GONE]
    await answered(here, await citizen(here.services, "openid-chen"), **changes)
    rows = await settle(here)
    assert here.texts.sent == []
    assert note in [row.note for row in rows]


async def test_a_number_that_is_out_of_reach_is_not_tried_again(here: WithSms) -> None:
    here.platform.script = [GONE]
    async with here.services.engine.begin() as connection:
        texter = await here.services.people.meet(connection, "sms", "+8613900000001")
    await here.services.people.set_state(texter.identity_id, "unsubscribed")
    await answered(here, await citizen(here.services, "openid-chen"), phone="13900000001")
    rows = await settle(here)
    assert here.texts.sent == []
    assert "43004 user refuses; no text message: the number is unsubscribed" in [
        row.note for row in rows
    ]


async def test_a_template_that_the_platform_could_not_deliver(here: WithSms) -> None:
    """What is only reported later is told by text message then, once."""
    chen = await citizen(here.services, "openid-chen")
    here.platform.script = [Sent("template", platform_id="t-1")] * 9
    await answered(here, chen, phone="13900000001")
    rows = await settle(here)
    assert here.texts.sent == []
    before = [row for row in rows if row.platform_id == "t-1" and row.state == "sent"]
    assert before
    bot = here.bot
    receipts = Receipts(here.services.engine, here.services.vault, bot.fallback)
    moment = before[0].created_at
    told = Incoming(
        "wechat",
        "openid-chen",
        "r1",
        Kind.RECEIPT,
        moment,
        text="failed:user block",
        extra={"platform_id": "t-1"},
    )
    await receipts.note(told)
    await receipts.note(told)
    await settle(here)
    assert {recipient for recipient, _ in here.texts.sent} == {"+8613900000001"}
    assert len(here.texts.sent) == len([row for row in before if row.case_id])

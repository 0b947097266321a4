"""An SMS comes in by the gateway while Rasa is not there: what answers an invitation counts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from actions.notices.notices import Offer
from actions.settings import read
from actions.store.tables import deliveries
from bot.app import Bot, build
from bot.message import Incoming, Kind, Outgoing
from bot.settings import BotSettings
from tests.invitations.asking import CHEN, Counter
from tests.invitations.conftest import ASKING
from tests.policies import written


@pytest.fixture
async def deaf(
    environ: dict[str, str], services: object, tmp_path: Path, frozen: object
) -> AsyncIterator[Bot]:
    """A gateway whose Rasa does not answer."""
    policy = written(tmp_path, "default", {"invitations": ASKING})
    bot = build(read(BotSettings, {**environ, "POLICY": policy, "NLU_URL": "http://127.0.0.1:9"}))
    yield bot
    await bot.gateway.settle()
    await bot.close()


async def comes(
    bot: Bot, text: str, message: str, sender: str = f"+86{CHEN}", token: str = ""
) -> Sequence[Outgoing]:
    incoming = Incoming(
        channel="sms" if sender.startswith("+") else "wechat",
        sender=sender,
        message_id=message,
        kind=Kind.CHOICE if token else Kind.TEXT,
        sent_at=datetime(2026, 11, 20, 6, 5, tzinfo=UTC),
        text=text,
        token=token,
    )
    return await bot.gateway.receive(incoming, wait=10) or []


async def test_a_reply_counts_while_rasa_is_down(deaf: Bot) -> None:
    counter = await Counter.opened(deaf.services)
    await counter.asks()
    said = await comes(deaf, "3 等了两个小时", "m1")
    again = await comes(deaf, "3 等了两个小时", "m1")
    assert said == again
    assert said[0].text.startswith("抱歉，没办好。记下了，编号 Q26-0001")
    assert len(await counter.ratings()) == len(await counter.cases()) == 1


@pytest.mark.parametrize("text", ["X6PY86M 3", "X6PY86M ３", "3 X6PY86M", "x6py86m  3"])
async def test_a_code_and_a_digit_are_no_code_of_a_place(
    deaf: Bot, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Together they are as long as one, and may be one by their letters."""
    monkeypatch.setattr("actions.invitations.sending.new_invitation_code", lambda: "X6PY86M")
    counter = await Counter.opened(deaf.services)
    await counter.asks()
    said = await comes(deaf, text, "m1", "+8613900000009")
    assert "编号" in said[0].text
    assert [row.grade for row in await counter.ratings()] == ["unsatisfied"]


async def test_what_is_no_reply_waits_for_rasa(deaf: Bot) -> None:
    counter = await Counter.opened(deaf.services)
    await counter.asks()
    [kept] = await comes(deaf, "我想问问落户要什么材料", "m1")
    assert "收到并存好" in kept.text
    assert await counter.ratings() == []


async def test_digits_taps_and_words_after_an_invitation_in_the_account(deaf: Bot) -> None:
    counter = await Counter.opened(deaf.services)
    chat = await counter.meets("wechat", "openid-chen")
    row = await counter.asks(wechat="openid-chen")
    async with deaf.services.engine.connect() as connection:
        sealed = (await connection.execute(select(deliveries.c.content_sealed))).scalar_one()
    offers = [Offer(*pair) for pair in deaf.services.vault.open_json(sealed)["offers"]]
    assert [offer.label for offer in offers] == ["满意", "基本满意", "不满意", "以后别问了"]
    choices = await deaf.choices.offer(chat, offers)

    unclear = await comes(deaf, "？？", "m1", "openid-chen")
    assert [choice.label for choice in unclear[0].choices] == [each.label for each in offers]
    [said] = await comes(deaf, "2", "m2", "openid-chen")
    assert said.text == "谢谢，记下了：基本满意。"
    [late] = await comes(deaf, "", "m3", "openid-chen", token=choices[0].token)
    assert late.text.startswith("谢谢，这次已经评过了")
    [stop] = await comes(deaf, "", "m4", "openid-chen", token=choices[3].token)
    assert "不再请您评价" in stop.text
    assert [rating.event_id for rating in await counter.ratings()] == [row.event_id]


async def test_somebody_else_s_button_does_nothing(deaf: Bot) -> None:
    counter = await Counter.opened(deaf.services)
    await counter.meets("wechat", "openid-chen")
    row = await counter.asks(wechat="openid-chen")
    other = await counter.meets("wechat", "openid-zhou")
    payload = f'/invited{{"invitation": "{row.id.hex}", "grade": "satisfied"}}'
    [choice] = await deaf.choices.offer(other, [Offer("满意", payload)])
    [said] = await comes(deaf, "", "m1", "openid-zhou", token=choice.token)
    assert "按钮已经过期" in said.text
    assert await counter.ratings() == []

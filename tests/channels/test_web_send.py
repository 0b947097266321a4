"""What the worker sends to a browser, as a table: message in → row and page; and what is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from actions import clock
from actions.errors import Refusal
from actions.store.tables import identities, web_files, web_messages, web_visitors
from actions.turn import Turn
from bot.channels.base import TransportError
from bot.channels.web.channel import CLOSED, OPEN
from bot.message import Choice, Media, MediaKind, Outgoing
from bot.web.lines import Said
from bot.web.retention import forget_old
from tests.conftest import FrozenClock
from tests.web_house import WebHouse

VISITOR = "0" * 64
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
async def visitor(house: WebHouse) -> str:
    await house.channel.parts.mailbox.open(VISITOR, "zh")
    return VISITOR


async def drawn(house: WebHouse, after: int = 0) -> list[str]:
    """The lines of the visitor's page."""
    parts = house.channel.parts
    lines = await parts.mailbox.since(VISITOR, after) or []
    return [parts.pages.line(line, "zh", clock.now().date()) for line in lines]


SENT = [
    (Outgoing("Q26-0001 已接手"), "<p>Q26-0001 已接手</p>"),
    (Outgoing("a < b & c"), "<p>a &lt; b &amp; c</p>"),
    (Outgoing("哪个？", (Choice("这个", "t-1"),)), 'name="token" value="t-1">这个</button>'),
    (Outgoing("", image=PNG), '<img src="/chat/files/1" alt="图片"'),
    (Outgoing("看图", image=PNG), "<p>看图</p>"),
]


@pytest.mark.parametrize(("message", "shown"), SENT)
async def test_a_message_becomes_a_line(
    house: WebHouse, visitor: str, message: Outgoing, shown: str
) -> None:
    sent = await house.channel.send(visitor, message)
    assert (sent.via, sent.note) == ("page", CLOSED)
    assert shown in (await drawn(house))[0]


async def test_the_note_says_whether_a_page_was_open(house: WebHouse, visitor: str) -> None:
    await house.channel.parts.bell.here(visitor)
    assert (await house.channel.send(visitor, Outgoing("好"))).note == OPEN


async def test_a_picture_of_ours_can_be_opened(house: WebHouse, visitor: str) -> None:
    await house.channel.send(visitor, Outgoing("看图", image=PNG))
    assert await house.channel.parts.mailbox.shown(visitor, 1) == ("image/png", PNG)
    assert await house.channel.parts.mailbox.shown("1" * 64, 1) is None


async def test_a_revised_line_stays_in_its_place(house: WebHouse, visitor: str) -> None:
    sent = await house.channel.send(visitor, Outgoing("接吗？", (Choice("接", "t"),)))
    await house.channel.send(visitor, Outgoing("第二条"))
    await house.channel.revise(visitor, sent.platform_id, Outgoing("已接"))
    (revised,) = await drawn(house, after=2)
    assert 'id="m1" data-change="3"' in revised
    assert "已接" in revised
    assert "button" not in revised


async def test_what_cannot_be_sent_any_more(house: WebHouse, visitor: str) -> None:
    with pytest.raises(TransportError) as nobody:
        await house.channel.send("1" * 64, Outgoing("好"))
    assert nobody.value.gone
    with pytest.raises(TransportError) as gone:
        await house.channel.revise(visitor, "nothing", Outgoing("好"))
    assert (gone.value.permanent, gone.value.gone) == (True, False)
    with pytest.raises(TransportError) as lost:
        await house.channel.fetch(Media(MediaKind.IMAGE, "00000000-0000-0000-0000-000000000000"))
    assert lost.value.permanent
    await house.channel.parts.mailbox.end(visitor)
    with pytest.raises(TransportError) as ended:
        await house.channel.send(visitor, Outgoing("好"))
    assert ended.value.gone


async def test_everything_of_a_person_is_sealed(house: WebHouse, visitor: str) -> None:
    parts = house.channel.parts
    reference = await parts.mailbox.keep(visitor, "k", "image/png", PNG)
    await parts.mailbox.add(visitor, [Said("k", True, "我的电话", "image", file=reference)])
    async with house.services.engine.connect() as connection:
        message = (await connection.execute(select(web_messages))).one()
        file = (await connection.execute(select(web_files))).one()
        person = (await connection.execute(select(web_visitors))).one()
    assert "我的电话".encode() not in bytes(message.content_sealed)
    assert PNG not in bytes(file.content_sealed)
    assert visitor.encode() not in bytes(person.digest)


# --- how long -------------------------------------------------------------------------------------


async def count(house: WebHouse) -> list[int]:
    async with house.services.engine.connect() as connection:
        return [
            int((await connection.execute(select(func.count()).select_from(table))).scalar_one())
            for table in (web_visitors, web_messages, web_files)
        ]


async def test_a_silent_conversation_is_forgotten(
    house: WebHouse, visitor: str, frozen: FrozenClock
) -> None:
    await house.channel.send(visitor, Outgoing("看图", image=PNG))
    frozen.advance(days=29, hours=23)
    assert await forget_old(house.services, 30) == 0
    frozen.advance(hours=2)
    assert await forget_old(house.services, 30) == 1
    assert await count(house) == [0, 0, 0]
    async with house.services.engine.connect() as connection:
        state = (await connection.execute(select(identities.c.state))).scalar_one()
    assert state == "unsubscribed"  # nothing is sent there any more


async def test_files_of_an_ended_conversation_wait_for_their_case(
    house: WebHouse, visitor: str, frozen: FrozenClock
) -> None:
    reference = await house.channel.parts.mailbox.keep(visitor, "k", "image/png", PNG)
    await house.channel.parts.mailbox.end(visitor)
    assert await forget_old(house.services, 30) == 0
    assert await house.channel.fetch(Media(MediaKind.IMAGE, reference)) == ("image/png", PNG)
    frozen.moment += timedelta(days=1, minutes=1)
    assert await forget_old(house.services, 30) == 1
    assert await count(house) == [0, 0, 0]


# --- who may be here ------------------------------------------------------------------------------


async def test_no_officer_is_bound_in_a_browser(house: WebHouse, visitor: str) -> None:
    """Not even with a right code, which stays good for where it belongs."""
    people = house.services.people
    code = await people.make_binding_code("Y10101")
    async with house.services.engine.begin() as connection:
        here = await people.meet(connection, "web", visitor)
        there = await people.meet(connection, "telegram", "chat-1")
    with pytest.raises(Refusal) as refused:
        await people.bind(Turn(here.conversation, str(clock.new_id())), code)
    assert refused.value.key == "binding_not_here"
    with pytest.raises(Refusal) as same:
        await people.bind(Turn(here.conversation, str(clock.new_id())), "WRONG000")
    assert same.value.key == "binding_not_here"  # whether it is right is not told either
    assert await people.bind(Turn(there.conversation, str(clock.new_id())), code)

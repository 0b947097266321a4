"""A unit's group on Telegram: gateway, channel, deliveries and the fake platform together.

Only Rasa is played by a stand-in, which asks the real services who is tapping.

LI, WANG   officers, in the group.
CENTRE     who may bind the group.
PASSER     somebody in the group who is no officer and never started the bot.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from sqlalchemy import Row, select, text

from actions import clock
from actions.bootstrap import Services
from actions.notices.notices import Offer
from actions.store.tables import deliveries, identities, inbox
from actions.turn import Turn
from bot.channels.telegram import TelegramChannel, TelegramConfig
from bot.choices import Choices, Intent
from bot.conversation import Conversation
from bot.delivery import Deliverer
from bot.gateway import TurnGateway
from bot.inbox import Inbox
from bot.message import Choice, Outgoing
from bot.nlu import Reply, TurnFailedError
from bot.receipts import Receipts
from bot.simulator import SimulatorConfig, build_simulator
from bot.simulator.driver import Driver, GroupChat
from tests.cast import badge_of

LI, WANG, CENTRE, PASSER = "李警官", "王警官", "值班长", "路人"
CARD = "case:Q26-0001:new"
NEW, TAKEN = "Q26-0001 不满意 · 等太久", "Q26-0001 已由李警官接了"
OFFERS = [Offer("接单", '/accept{"number": "Q26-0001"}'), Offer("看详情", '/show{"long": true}')]
LONG = "经过：" + "等了俩小时没人理。" * 40


class Dialogue:
    """Says what an officer may hear, and refuses everybody else; by the person's own rights."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.asked: list[tuple[str, str | Intent]] = []
        self.broken = False

    async def turn(
        self, conversation: str, inbox_id: str, said: str | Intent, metadata: dict[str, Any]
    ) -> list[Reply]:
        if self.broken:
            raise TurnFailedError("503")
        self.asked.append((conversation, said))
        async with self._services.engine.connect() as connection:
            person = await self._services.people.person(connection, conversation)
        if person.officer is None:
            return [Reply("这是民警办案用的，您办不了。", ())]
        if said == "/bind_group":
            await self._services.people.bind_group(Turn(conversation, inbox_id))
            return [Reply("绑好了。", ())]
        if isinstance(said, Intent) and said.name == "show":
            return [Reply(LONG, (Offer("接单", OFFERS[0].payload),))]
        return [Reply("接单成功，18:00 前回电。", ())]


class Well:
    async def behind_turns(self) -> bool:
        return True


@dataclass
class Station:
    """The bound group of a unit, and everything behind it."""

    services: Services
    dialogue: Dialogue
    deliverer: Deliverer
    driver: Driver
    group: GroupChat
    gateway: TurnGateway

    async def identity(self, kind: str = "group") -> Row[Any]:
        query = select(identities).where(identities.c.kind == kind)
        async with self.services.engine.connect() as connection:
            return (await connection.execute(query)).one()

    async def conversation(self, name: str) -> str:
        sender = await self.driver.telegram(name).identity()
        async with self.services.engine.begin() as connection:
            return (await self.services.people.meet(connection, "telegram", sender)).conversation

    async def tell(self, key: str = "1") -> None:
        """Posts the card in the group."""
        async with self.services.engine.begin() as connection:
            await self.services.notices.tell(
                connection,
                key=key,
                identity_id=(await self.identity()).id,
                topic="case",
                text=NEW,
                offers=OFFERS,
                card=CARD,
            )
        await self.work()

    async def work(self) -> None:
        """Lets the turns under way end, then does what a worker would do."""
        await self.gateway.settle()
        tasks = text("DELETE FROM procrastinate_jobs RETURNING id, task_name, args")
        async with self.services.engine.begin() as connection:
            jobs = (await connection.execute(tasks)).all()
        for job in sorted(jobs, key=lambda each: int(each.id)):
            if job.task_name == "deliver":
                await self.deliverer.deliver(attempt=0, **job.args)
            else:
                await self.deliverer.revise(attempt=0, **job.args)

    async def sent(self) -> list[tuple[str, str | None]]:
        query = select(deliveries.c.state, deliveries.c.note).order_by(deliveries.c.created_at)
        async with self.services.engine.connect() as connection:
            return [(row.state, row.note) for row in (await connection.execute(query)).all()]


@pytest.fixture
async def station(services: Services) -> AsyncIterator[Station]:
    dialogue = Dialogue(services)
    async with AsyncExitStack() as stack:
        simulator_port, gateway_port = unused_port(), unused_port()
        config = SimulatorConfig(port=simulator_port)
        fake = f"http://127.0.0.1:{simulator_port}"
        simulator = TestServer(build_simulator(config), host="127.0.0.1", port=simulator_port)
        await simulator.start_server()
        stack.push_async_callback(simulator.close)
        channel = TelegramChannel(
            TelegramConfig(
                token=config.telegram.bot_token,
                secret_token=config.telegram.secret_token,
                base_url=f"{fake}/telegram/bot",
                base_file_url=f"{fake}/telegram/file/bot",
                public_url=f"http://127.0.0.1:{gateway_port}",
            )
        )
        choices = Choices(services.redis)
        gateway = TurnGateway(
            services,
            Inbox(services, lease_seconds=30),
            Conversation(services, dialogue, choices),  # type: ignore[arg-type]
            Well(),  # type: ignore[arg-type]
            Receipts(services.engine, services.vault),
        )
        app = web.Application()
        channel.add_routes(app, gateway)
        server = TestServer(app, host="127.0.0.1", port=gateway_port)
        await server.start_server()
        stack.push_async_callback(channel.close)
        stack.push_async_callback(server.close)
        stack.push_async_callback(gateway.settle)
        driver = await stack.enter_async_context(Driver(fake))
        async with asyncio.timeout(10):
            while not channel.username:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        group = await driver.group("明德里值班群", [LI, WANG, CENTRE, PASSER])
        deliverer = Deliverer(services, {"telegram": channel}, choices)
        yield await bound(Station(services, dialogue, deliverer, driver, group, gateway))


async def bound(station: Station) -> Station:
    """With the officers bound, and the group by a command of CENTRE's."""
    unit = "明德里派出所"
    badges = {
        LI: await badge_of(station.services, unit, "officer"),
        WANG: await badge_of(station.services, unit, "officer", 1),
        CENTRE: await badge_of(station.services, "云州市公安局", "centre"),
    }
    for name, badge in badges.items():
        await station.driver.telegram(name).starts()
        turn = Turn(await station.conversation(name), str(clock.new_id()))
        code = await station.services.people.make_binding_code(badge)
        await station.services.people.bind(turn, code)
    await station.group.text(CENTRE, "/bind_group@huiyin_demo_bot")
    await station.work()
    await station.driver.telegram(CENTRE).hears("绑好了。")
    station.dialogue.asked.clear()
    return station


async def test_the_card_is_posted_once_claimed_in_the_group_and_shows_who_took_it(
    station: Station,
) -> None:
    await station.tell()
    await station.group.tap(LI, "接单")
    assert station.dialogue.asked == [
        (await station.conversation(LI), Intent("accept", {"number": "Q26-0001"}))
    ]
    assert await station.group.alerts(LI) == ["接单成功，18:00 前回电。"]
    async with station.services.engine.begin() as connection:
        await station.services.notices.revise(connection, card=CARD, texts={"zh": TAKEN})
    await station.work()
    (card,) = await station.group.cards()
    assert (card.text, card.choices) == (TAKEN, [])
    assert (await station.sent())[-1] == ("sent", None)  # the alert said all: no private answer


async def test_who_is_no_officer_is_refused_politely_though_never_seen_before(
    station: Station,
) -> None:
    await station.tell()
    await station.group.tap(PASSER, "接单")
    assert await station.group.alerts(PASSER) == ["这是民警办案用的，您办不了。"]
    assert await station.group.alerts(LI) == []
    assert len(await station.group.cards()) == 1


async def test_a_long_answer_with_choices_comes_privately_as_well(station: Station) -> None:
    await station.tell()
    await station.group.tap(WANG, "看详情")
    (alert,) = await station.group.alerts(WANG)
    assert len(alert) <= 200
    assert alert.endswith("…")
    await station.work()
    private = await station.driver.telegram(WANG).hears(LONG)
    assert [choice.label for choice in private.choices] == ["接单"]
    await station.driver.telegram(WANG).taps("接单")
    await station.work()
    assert station.dialogue.asked[-1][1] == Intent("accept", {"number": "Q26-0001"})
    assert len(await station.group.cards()) == 1


async def test_who_never_started_the_bot_cannot_be_written_to_until_they_do(
    station: Station,
) -> None:
    """The alert was all that Telegram allows; the delivery says why, and a message revives."""
    await station.tell()
    station.dialogue.broken = True  # the answer is longer than an alert: kept, then told privately
    await station.group.tap(PASSER, "接单")
    (kept,) = await station.group.alerts(PASSER)
    assert kept == station.services.notices.wording.say("kept", "zh")
    conversation = await station.conversation(PASSER)
    async with station.services.engine.begin() as connection:
        person = await station.services.people.person(connection, conversation)
        await station.services.notices.tell(
            connection, key="x", identity_id=person.identity_id, topic="case", text="您好"
        )
    await station.work()
    state, note = (await station.sent())[-1]
    assert state == "failed"
    assert "can't initiate" in (note or "")
    assert await state_of(station, conversation) == "dead"
    await station.driver.telegram(PASSER).starts()
    assert await state_of(station, conversation) == "active"


async def state_of(station: Station, conversation: str) -> str:
    query = select(identities.c.state).where(identities.c.conversation == conversation)
    async with station.services.engine.connect() as connection:
        return str((await connection.execute(query)).scalar_one())


async def test_two_officers_at_once_are_each_answered(station: Station) -> None:
    await station.tell()
    await asyncio.gather(station.group.tap(LI, "接单"), station.group.tap(WANG, "接单"))
    asked = {conversation for conversation, _ in station.dialogue.asked}
    assert asked == {await station.conversation(LI), await station.conversation(WANG)}
    for name in (LI, WANG):
        assert len(await station.group.alerts(name)) == 1


async def test_the_same_tap_delivered_twice_acts_once(station: Station) -> None:
    await station.tell()
    await station.group.tap(LI, "接单", deliveries=2)
    assert len(station.dialogue.asked) == 1
    assert await station.group.alerts(LI) == ["接单成功，18:00 前回电。"]


async def test_a_button_of_yesterdays_card_still_asks_the_service(station: Station) -> None:
    """The phone of somebody whose screen is old; the service decides what to say."""
    await station.tell()
    (before,) = await station.group.cards()
    async with station.services.engine.begin() as connection:
        await station.services.notices.revise(connection, card=CARD, texts={"zh": TAKEN})
    old = {"member": WANG, "entry": before.seq, "key": before.choices[0].key}
    await station.group.does("tap", **old)
    await station.work()
    assert station.dialogue.asked[-1][1] == Intent("accept", {"number": "Q26-0001"})


async def test_the_groups_button_means_nothing_anywhere_else(station: Station) -> None:
    await station.tell()
    token = (await station.group.cards())[0].choices[0].key
    other = await station.driver.group("别的群", [LI])
    forged = Outgoing("?", (Choice("接单", token),))  # no notice stands behind it
    channel = station.deliverer.channels["telegram"]
    await channel.send(await other.identity(), forged)
    await other.tap(LI, "接单")
    await channel.send(await station.driver.telegram(LI).identity(), forged)
    await station.driver.telegram(LI).taps("接单")
    gone = station.services.notices.wording.say("choice_gone", "zh")
    assert await other.alerts(LI) == [gone]
    await station.work()
    await station.driver.telegram(LI).hears(gone)
    assert station.dialogue.asked == []


async def test_a_command_in_the_group_is_answered_privately_and_the_group_is_kept(
    station: Station,
) -> None:
    await station.group.text(LI, "/mine")
    await station.group.text(LI, "今天真忙")  # nobody asked the bot
    await station.work()
    assert [said for _, said in station.dialogue.asked] == ["/mine"]
    async with station.services.engine.connect() as connection:
        query = select(inbox.c.message_sealed).order_by(inbox.c.seq.desc()).limit(1)
        sealed = (await connection.execute(query)).scalar_one()
    assert station.services.vault.open_json(sealed)["chat"] == await station.group.identity()
    assert await station.group.cards() == []
    await station.driver.telegram(LI).hears("接单成功")


async def test_a_group_that_throws_the_bot_out_is_told_nothing_more(station: Station) -> None:
    await station.group.removes_bot(WANG)
    assert (await station.identity()).state == "unsubscribed"
    await station.tell()
    assert (await station.sent())[-1] == ("failed", "the person is unsubscribed")
    people = await everybody(station)
    other = await station.driver.group("陌生的群", [WANG])
    await other.removes_bot(WANG)
    assert await everybody(station) == people  # nobody remembers a group that is no unit's


async def everybody(station: Station) -> set[str]:
    async with station.services.engine.connect() as connection:
        return set((await connection.execute(select(identities.c.conversation))).scalars())


async def test_a_group_comes_back_when_it_is_bound_again(station: Station) -> None:
    await station.group.removes_bot(WANG)
    await station.group.adds_bot(WANG)
    assert (await station.identity()).state == "unsubscribed"
    await station.group.text(CENTRE, "/bind_group")
    await station.tell()
    assert len(await station.group.cards()) == 1


async def test_a_group_that_moved_has_to_be_bound_again(station: Station) -> None:
    await station.group.upgrades(LI)
    await station.tell()
    state, note = (await station.sent())[-1]
    assert (state, note) == ("failed", "ChatMigrated send: the group has moved")
    assert (await station.identity()).state == "dead"

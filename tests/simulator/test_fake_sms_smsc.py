"""The SMPP line against the fake SMSC: binds, parts, receipts, replies, broken lines."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sms_line import Heard, line_to

from bot.channels.base import TransportError
from bot.channels.sms.channel import SmsChannel
from bot.channels.sms.smpp import SmppLine
from bot.message import Kind, Outgoing
from bot.simulator.clock import Clock
from bot.simulator.config import FakeSmsConfig
from bot.simulator.sms.carrier import Carrier
from bot.simulator.sms.smsc import Smsc
from bot.simulator.transcript import Transcript
from bot.smpp.pdu import Command

NUMBER, DIGITS = "+8613900000001", "8613900000001"


class Line:
    """An SMSC, the channel as the worker has it, and as the gateway has it."""

    def __init__(self, smsc: Smsc, carrier: Carrier, stack: AsyncExitStack) -> None:
        self.smsc = smsc
        self.carrier = carrier
        self.heard = Heard()
        self.pauses: list[float] = []
        self._stack = stack

    def channel(self, **changes: Any) -> SmsChannel:
        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)
            await asyncio.sleep(0)

        channel = SmsChannel(line_to(self.smsc.port, **changes))
        assert isinstance(channel.provider, SmppLine)
        channel.provider._pause = pause
        self._stack.push_async_callback(channel.close)
        return channel

    async def listens(self, **changes: Any) -> None:
        """The gateway's side, bound when this returns."""
        app = web.Application()
        self.channel(**changes).add_routes(app, self.heard)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server()
        self._stack.push_async_callback(server.close)
        await until(lambda: bool(self.smsc.binds))

    def shown(self) -> list[str]:
        name = self.carrier.by_number(DIGITS).name
        return [
            entry.text
            for entry in self.carrier.transcript.entries("sms", name)
            if entry.direction == "received"
        ]


async def until(true: Callable[[], bool]) -> None:
    """Waits for what other tasks of this loop do; ten seconds at most."""
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.005)


@pytest.fixture
async def lines() -> AsyncIterator[Callable[..., Awaitable[Line]]]:
    async with AsyncExitStack() as stack:

        async def build(**changes: Any) -> Line:
            config = FakeSmsConfig(**{"smpp_port": 0, "through": "smpp", **changes})
            clock = Clock(lambda: datetime.now(UTC))
            carrier = Carrier(config, clock, Transcript(clock))
            carrier.phone("陈女士", DIGITS)
            smsc = Smsc(carrier)
            await smsc.open()
            stack.push_async_callback(smsc.close)
            return Line(smsc, carrier, stack)

        yield build


async def test_a_long_message_in_parts_each_with_a_receipt(lines: Any) -> None:
    line = await lines()
    await line.listens()
    text = "您的件已经办好。" * 20  # 160 + 【平安回音】 6 = 166 units: 3 parts of 67
    sent = await line.channel().send(NUMBER, Outgoing(text))
    await until(lambda: len(line.heard.received) == 3)
    assert line.shown() == [f"【平安回音】{text}"]
    assert [part.count for part in sent.parts] == [1, 1, 1]
    told = {m.extra["platform_id"]: m.text for m in line.heard.received}
    assert told == {part.platform_id: "success" for part in sent.parts}
    assert line.smsc.binds == [Command.BIND_RECEIVER, Command.BIND_TRANSMITTER]


async def test_parts_that_went_before_are_not_sent_again(lines: Any) -> None:
    line = await lines()
    text = "您的件已经办好。" * 20
    sent = await line.channel().send(NUMBER, Outgoing(text, skip=2))
    assert len(sent.parts) == 1
    assert line.shown() == []  # the phone still waits for the first two
    await line.channel().send(NUMBER, Outgoing(text))
    await until(lambda: len(line.shown()) == 1)  # same reference: they fit


async def test_throttled_half_way_says_what_went_and_when_to_go_on(lines: Any) -> None:
    line = await lines(smpp_per_second=2)
    with pytest.raises(TransportError) as error:
        await line.channel().send(NUMBER, Outgoing("您的件已经办好。" * 20))
    found = error.value
    assert (found.code, found.permanent, found.retry_after) == ("0x58", False, 2)
    assert (found.pieces, len(found.parts)) == (2, 2)


async def test_a_number_that_is_none_is_gone(lines: Any) -> None:
    line = await lines()
    with pytest.raises(TransportError) as error:
        await line.channel().send("+861", Outgoing("您好"))
    assert (error.value.gone, error.value.code) == (True, "0xb")


async def test_a_phone_that_is_off(lines: Any) -> None:
    line = await lines()
    await line.listens()
    line.carrier.phone("陈女士").on = False
    await line.channel().send(NUMBER, Outgoing("您好"))
    await until(lambda: bool(line.heard.received))
    assert line.heard.received[0].text == "failed: UNDELIV 001"


async def test_a_wrong_password_waits_for_a_person(lines: Any) -> None:
    line = await lines()
    with pytest.raises(TransportError) as error:
        await line.channel(password="wrong").send(NUMBER, Outgoing("您好"))
    assert (error.value.code, error.value.retry_after) == ("0xe", 60)


async def test_replies_come_whole(lines: Any) -> None:
    line = await lines()
    await line.listens()
    long = "不满意，等了两个小时没人理，" * 12  # 168 units: three parts
    for text in ("３", long, "T"):
        answers = await line.smsc.uplink("陈女士", text)
        assert {answer.outcome for answer in answers} == {"ok"}
    found = [(m.kind, m.sender, m.text) for m in line.heard.received]
    assert found == [(Kind.TEXT, NUMBER, text) for text in ("３", long, "T")]
    assert {m.extra["dest_code"] for m in line.heard.received} == {"1069000000000000"}
    assert len({m.message_id for m in line.heard.received}) == 3


async def test_a_reply_that_cannot_be_stored_stays_with_the_smsc(lines: Any) -> None:
    line = await lines()
    await line.listens()
    line.heard.failure = RuntimeError("no database")
    answers = await line.smsc.uplink("陈女士", "满意")
    assert [(answer.outcome, answer.status) for answer in answers] == [("status", 0x64)]


async def test_the_line_is_bound_again_after_it_broke(lines: Any) -> None:
    line = await lines()
    await line.listens()
    sender = line.channel()
    await sender.send(NUMBER, Outgoing("一"))
    await line.smsc.drop()
    await until(lambda: line.smsc.binds == [])
    await until(lambda: line.smsc.binds == [Command.BIND_RECEIVER])
    await line.smsc.uplink("陈女士", "满意")
    assert line.heard.received[-1].text == "满意"
    await until(lambda: sender.provider._sender.broken.is_set())
    await sender.send(NUMBER, Outgoing("二"))
    await until(lambda: len(line.shown()) == 2)
    assert line.pauses[0] == 1.0


async def test_pauses_grow_while_nobody_answers(lines: Any) -> None:
    line = await lines()
    await line.listens()
    await line.smsc.close()
    await until(lambda: len(line.pauses) >= 9)
    assert line.pauses[:9] == [1, 2, 4, 8, 16, 32, 60, 60, 60]


async def test_transceivers_where_the_smsc_wants_them(lines: Any) -> None:
    line = await lines()
    await line.listens(bind="transceiver")
    await line.channel(bind="transceiver").send(NUMBER, Outgoing("您好"))
    await until(lambda: bool(line.heard.received))  # the worker's bind passed the receipt on
    assert line.smsc.binds == [Command.BIND_TRANSCEIVER] * 2


async def test_a_hundred_replies_in_order(lines: Any) -> None:
    line = await lines()
    await line.listens()
    before = datetime.now(UTC) - timedelta(minutes=1)
    for number in range(100):
        line.carrier.phone(f"群众{number}", f"86139000{number + 10000}")
    for number in range(100):
        await line.smsc.uplink(f"群众{number}", f"{number}")
    assert [m.text for m in line.heard.received] == [f"{number}" for number in range(100)]
    assert all(m.sent_at > before for m in line.heard.received)

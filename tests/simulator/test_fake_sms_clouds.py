"""The fake clouds against the real channel: signatures, limits, receipts, replies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.channels.base import TransportError
from bot.channels.sms import CloudConfig, SmsChannel, SmsConfig
from bot.message import Incoming, Kind, Outgoing
from bot.simulator import FakeSmsConfig, SimulatorConfig, build_simulator
from bot.simulator.app import STAGE
from bot.simulator.driver import Driver
from bot.simulator.stage import Stage

PROVIDERS = ["tencent", "alibaba"]
NUMBER = "+8613900000001"
TEMPLATES = "T9=编号{number}有新消息，请致电{phone}。\nT1={text}"


class Listener:
    """The gateway's end."""

    def __init__(self) -> None:
        self.received: list[Incoming] = []

    async def receive(self, incoming: Incoming, *, wait: float) -> list[Outgoing]:
        self.received.append(incoming)
        return []

    async def push(self, incoming: Incoming, messages: Any) -> None:
        raise AssertionError("nothing is pushed")

    def told(self) -> list[str]:
        return [m.text for m in self.received if m.kind is Kind.RECEIPT]


class Scene:
    def __init__(self, stage: Stage, driver: Driver, phone: SmsChannel, heard: Listener) -> None:
        self.stage = stage
        self.driver = driver
        self.channel = phone
        self.heard = heard

    async def settled(self) -> None:
        """Waits for what the cloud does by itself: bringing, reporting."""
        while tasks := list(self.stage._tasks):
            for task in tasks:
                await task


@pytest.fixture
async def scene(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    async with AsyncExitStack() as stack:

        async def build(provider: str, wrong_key: str = "", **changes: Any) -> Scene:
            fake = replace(FakeSmsConfig(templates=TEMPLATES), **changes)
            fake = replace(fake, through=provider, resend_after=0.0)  # type: ignore[arg-type]
            port, gateway_port = unused_port(), unused_port()
            config = SimulatorConfig(
                port=port, gateway_url=f"http://127.0.0.1:{gateway_port}", sms=fake
            )
            app = build_simulator(config)
            await _serve(stack, app, port)
            phone = SmsChannel(
                SmsConfig(
                    provider=provider,  # type: ignore[arg-type]
                    sign=fake.sign,
                    cloud=CloudConfig(
                        key_id=fake.key_id,
                        key_secret=wrong_key or fake.key_secret,
                        base_url=f"http://127.0.0.1:{port}/sms/{provider}",
                        app_id=fake.app_id,
                        templates=f"{TEMPLATES}\nT404=没批过的话",
                    ),
                    callback_secret=fake.callback_secret,
                )
            )
            heard, gateway = Listener(), web.Application()
            phone.add_routes(gateway, heard)
            await _serve(stack, gateway, gateway_port)
            stack.push_async_callback(phone.close)
            driver = await stack.enter_async_context(Driver(f"http://127.0.0.1:{port}"))
            return Scene(app[STAGE], driver, phone, heard)

        yield build


async def _serve(stack: AsyncExitStack, app: web.Application, port: int) -> None:
    server = TestServer(app, host="127.0.0.1", port=port)
    await server.start_server()
    stack.push_async_callback(server.close)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_message_arrives_and_is_reported(scene: Any, provider: str) -> None:
    world = await scene(provider)
    citizen = world.driver.sms("陈女士")
    await citizen.has_number(NUMBER)
    sent = await world.channel.send(NUMBER, Outgoing("编号Q26-0017有新消息，请致电0000-12345。"))
    heard = await citizen.hears("Q26-0017")
    await world.settled()
    assert heard.text == "【平安回音】编号Q26-0017有新消息，请致电0000-12345。"
    assert world.heard.told() == ["success"]
    assert world.heard.received[0].extra["platform_id"] == sent.parts[0].platform_id
    assert (world.stage.carrier.balance, sent.parts[0].count) == (1_000_000 - 5, 1)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_phone_that_is_off_is_reported_as_such(scene: Any, provider: str) -> None:
    world = await scene(provider)
    citizen = world.driver.sms("陈女士")
    await citizen.has_number(NUMBER)
    await citizen.switches_off()
    await world.channel.send(NUMBER, Outgoing("您好"))
    await world.settled()
    assert world.heard.told() == ["failed: UNDELIV 用户关机"]
    assert await citizen.unheard() == []


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_wrong_key_is_found_out(scene: Any, provider: str) -> None:
    world = await scene(provider, wrong_key="not-the-key")
    with pytest.raises(TransportError) as error:
        await world.channel.send(NUMBER, Outgoing("您好"))
    assert error.value.code in ("AuthFailure.SignatureFailure", "SignatureDoesNotMatch")
    assert not error.value.permanent


@pytest.mark.parametrize(
    ("provider", "changes", "text", "code"),
    [
        ("tencent", {"per_hour": 0}, "您好", "LimitExceeded.PhoneNumberOneHourLimit"),
        ("alibaba", {"per_hour": 0}, "您好", "isv.BUSINESS_LIMIT_CONTROL"),
        ("tencent", {"per_day": 0}, "您好", "LimitExceeded.PhoneNumberDailyLimit"),
        ("alibaba", {"per_day": 0}, "您好", "isv.DAY_LIMIT_CONTROL"),
        ("tencent", {"balance": 0}, "您好", "FailedOperation.InsufficientBalanceInSmsPackage"),
        ("alibaba", {"balance": 0}, "您好", "isv.AMOUNT_NOT_ENOUGH"),
        ("tencent", {}, "没批过的话", "FailedOperation.TemplateIncorrectOrUnapproved"),
        ("alibaba", {}, "没批过的话", "isv.SMS_TEMPLATE_ILLEGAL"),
    ],
)
async def test_what_the_clouds_refuse(
    scene: Any, provider: str, changes: dict[str, Any], text: str, code: str
) -> None:
    world = await scene(provider, **changes)
    with pytest.raises(TransportError) as error:
        await world.channel.send(NUMBER, Outgoing(text))
    assert error.value.code == code


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_reply_comes_as_it_was_written(scene: Any, provider: str) -> None:
    world = await scene(provider)
    citizen = world.driver.sms("陈女士")
    await citizen.has_number(NUMBER)
    answers = await citizen.says("３ 等了两个小时")
    assert [answer.outcome for answer in answers] == ["ok"]
    (message,) = world.heard.received
    assert (message.sender, message.text) == (NUMBER, "３ 等了两个小时")


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_reply_delivered_three_times_has_one_id(scene: Any, provider: str) -> None:
    world = await scene(provider)
    await world.driver.sms("陈女士").says("1", deliveries=3)
    assert len({message.message_id for message in world.heard.received}) == 1
    assert len(world.heard.received) == 3

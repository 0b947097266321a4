"""The fake WeCom with our own channel behind it, on one clock that only moves when told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.channels.wecom import WeComChannel, WeComConfig
from bot.message import Incoming, Outgoing
from bot.simulator import FakeWeComConfig, SimulatorConfig, build_simulator
from bot.simulator.app import STAGE
from bot.simulator.driver import Driver, WeComMember
from bot.simulator.stage import Stage

FROZEN = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)  # a Friday, 14:05 in Beijing


@dataclass
class Recorder:
    """A gateway that stores what it receives; `failures` of the next messages are not stored."""

    received: list[Incoming] = field(default_factory=list)
    failures: int = 0

    async def receive(self, incoming: Incoming, *, wait: float) -> Sequence[Outgoing] | None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("no database")
        self.received.append(incoming)
        return None

    async def push(self, incoming: Incoming, messages: Sequence[Outgoing]) -> None:
        raise AssertionError("nothing is answered passively")


@dataclass
class WeComWorld:
    """Everything that runs in a test; `li` is an officer with the app."""

    url: str
    stage: Stage
    gateway: Recorder
    channel: WeComChannel
    driver: Driver
    session: aiohttp.ClientSession

    @property
    def li(self) -> WeComMember:
        return self.driver.wecom("李警官")

    async def userid(self, name: str = "李警官") -> str:
        """As our side knows it: in lower case."""
        return (await self.driver.wecom(name).identity()).lower()

    async def token(self) -> str:
        config = self.stage.config.wecom
        query = {"corpid": config.corp_id, "corpsecret": config.secret}
        return str((await self.call("gettoken", token=None, **query))["access_token"])

    async def call(
        self, call: str, body: Any = None, *, token: str | None = "", **query: str
    ) -> dict[str, Any]:
        """A call of WeCom's API; `token` "" takes a good one, None sends none."""
        if token is not None:
            query["access_token"] = token or await self.token()
        method, url = "GET" if body is None else "POST", f"{self.url}/wecom/cgi-bin/{call}"
        async with self.session.request(method, url, params=query, json=body) as response:
            assert response.status == 200
            return dict(await response.json())

    async def send(self, touser: str, kind: str = "text", **content: Any) -> dict[str, Any]:
        content = content or {"content": "您好"}
        agent = self.stage.config.wecom.agent_id
        body = {"touser": touser, "msgtype": kind, "agentid": agent, kind: content}
        return await self.call("message/send", body)


@asynccontextmanager
async def wecom_world(
    gateway_token: str | None = None, **settings: Any
) -> AsyncIterator[WeComWorld]:
    """`settings` are the fake's. With `gateway_token` our side has been told another Token."""
    fake = replace(FakeWeComConfig(resend_after=0.0), **settings)
    port = unused_port()
    async with AsyncExitStack() as stack:
        app = web.Application()
        server = TestServer(app, host="127.0.0.1")
        gateway, moments = Recorder(), [lambda: FROZEN.timestamp()]
        channel = WeComChannel(
            WeComConfig(
                corp_id=fake.corp_id,
                agent_id=fake.agent_id,
                secret=fake.secret,
                token=gateway_token or fake.token,
                aes_keys=(fake.aes_key,),
                base_url=f"http://127.0.0.1:{port}/wecom",
            ),
            clock=lambda: moments[-1](),
        )
        channel.add_routes(app, gateway)
        await server.start_server()
        stack.push_async_callback(server.close)
        stack.push_async_callback(channel.close)
        config = SimulatorConfig(
            port=port, gateway_url=str(server.make_url("")).rstrip("/"), wecom=fake
        )
        simulated = build_simulator(config, lambda: FROZEN)
        stage = simulated[STAGE]
        moments.append(lambda: stage.clock.now().timestamp())
        simulator = TestServer(simulated, host="127.0.0.1", port=port)
        await simulator.start_server()
        stack.push_async_callback(simulator.close)
        url = str(simulator.make_url("")).rstrip("/")
        driver = await stack.enter_async_context(Driver(url))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield WeComWorld(url, stage, gateway, channel, driver, session)

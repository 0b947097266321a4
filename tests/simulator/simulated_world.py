"""What a test of the simulator has around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from stub_gateway import StubGateway

from bot.simulator import SimulatorConfig
from bot.simulator.driver import Driver
from bot.simulator.stage import Stage


@dataclass
class World:
    """Everything that runs in a test, and a session to call the platforms with."""

    url: str
    config: SimulatorConfig
    stage: Stage
    gateway: StubGateway
    gateway_url: str
    driver: Driver
    session: aiohttp.ClientSession

    async def token(self) -> str:
        body = {
            "grant_type": "client_credential",
            "appid": self.config.wechat.app_id,
            "secret": self.config.wechat.app_secret,
        }
        return str((await self.call("/cgi-bin/stable_token", body, token=None))["access_token"])

    async def call(
        self, path: str, body: Any = None, *, token: str | None = "", **query: str
    ) -> dict[str, Any]:
        """A call of WeChat's API; `token` "" takes a good one, None sends none."""
        if token is not None:
            query["access_token"] = token or await self.token()
        method = "GET" if body is None else "POST"
        url = f"{self.url}/wechat{path}"
        async with self.session.request(method, url, params=query, json=body) as response:
            assert response.status == 200
            return dict(await response.json())

    async def send(self, openid: str, words: str = "您好") -> int:
        """errcode of a customer message."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": words}}
        return int((await self.call("/cgi-bin/message/custom/send", body))["errcode"])

    async def bot(self, method: str, *, token: str = "", **params: Any) -> dict[str, Any]:
        """A call of the Bot API."""
        token = token or self.config.telegram.bot_token
        url = f"{self.url}/telegram/bot{token}/{method}"
        async with self.session.post(url, json=params) as response:
            body = dict(await response.json())
            assert body["ok"] is (response.status == 200)
            return body


Build = Callable[..., Awaitable[World]]

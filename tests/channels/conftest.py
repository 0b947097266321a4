"""Fixtures of the channel tests: a channel, a stub of its platform, a stub of the gateway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from channel_stubs import Clock, StubGateway
from telegram_platform import SECRET, TelegramPlatform
from telegram_platform import TOKEN as BOT_TOKEN
from wechat_platform import APP_ID, KEY_NEW, KEY_OLD, TOKEN, WeChatPlatform
from wecom_platform import SETTINGS as WECOM
from wecom_platform import WeComPlatform

from bot.channels.telegram import TelegramChannel, TelegramConfig
from bot.channels.wechat import WeChatChannel, WeChatConfig
from bot.channels.wecom import WeComChannel, WeComConfig
from tests.web_house import Browser, WebHouse, web_house, with_city


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gateway() -> StubGateway:
    return StubGateway()


@pytest.fixture
async def wechat_platform() -> AsyncIterator[WeChatPlatform]:
    platform = WeChatPlatform()
    platform.url = await platform.start()
    yield platform
    await platform.stop()


@pytest.fixture
async def make_wechat(
    wechat_platform: WeChatPlatform, clock: Clock
) -> AsyncIterator[Callable[..., WeChatChannel]]:
    """Makes channels of the stub's account; `tokens` and settings can be given."""
    async with AsyncExitStack() as stack:

        def make(tokens: Any = None, **settings: Any) -> WeChatChannel:
            config = WeChatConfig(
                **{
                    "app_id": APP_ID,
                    "app_secret": "app-secret",
                    "token": TOKEN,
                    "aes_keys": (KEY_NEW, KEY_OLD),
                    "base_url": wechat_platform.url,
                    **settings,
                }
            )
            channel = WeChatChannel(config, tokens, clock)
            stack.push_async_callback(channel.close)
            return channel

        yield make


@pytest.fixture
async def wecom_platform() -> AsyncIterator[WeComPlatform]:
    platform = WeComPlatform()
    platform.url = await platform.start()
    yield platform
    await platform.stop()


@pytest.fixture
async def make_wecom(
    wecom_platform: WeComPlatform, clock: Clock
) -> AsyncIterator[Callable[..., WeComChannel]]:
    """Makes channels of the stub's app; `tokens`, `pacer` and settings can be given."""
    async with AsyncExitStack() as stack:

        def make(tokens: Any = None, pacer: Any = None, **settings: Any) -> WeComChannel:
            config = WeComConfig(**{**WECOM, "base_url": wecom_platform.url, **settings})
            channel = WeComChannel(config, tokens, pacer, clock)
            stack.push_async_callback(channel.close)
            return channel

        yield make


@pytest.fixture
async def serve(gateway: StubGateway) -> AsyncIterator[Callable[..., Any]]:
    """Serves channels as the gateway does, on a random port; gives a client."""
    async with AsyncExitStack() as stack:

        async def start(*channels: Any) -> TestClient[Any, Any]:
            app = web.Application()
            for channel in channels:
                channel.add_routes(app, gateway)
            return await stack.enter_async_context(TestClient(TestServer(app)))

        yield start


@pytest.fixture
async def telegram_platform() -> AsyncIterator[TelegramPlatform]:
    platform = TelegramPlatform()
    platform.url = await platform.start()
    yield platform
    await platform.stop()


@pytest.fixture
async def make_telegram(
    telegram_platform: TelegramPlatform, clock: Clock
) -> AsyncIterator[Callable[..., TelegramChannel]]:
    """Makes channels of the stub's bot. Their pauses are noted in `pauses` and take no time."""
    async with AsyncExitStack() as stack:

        def make(**settings: Any) -> TelegramChannel:
            config = TelegramConfig(
                **{
                    "token": BOT_TOKEN,
                    "secret_token": SECRET,
                    "base_url": telegram_platform.url + "/bot",
                    "base_file_url": telegram_platform.url + "/file/bot",
                    "public_url": "https://bot.example.org",
                    **settings,
                }
            )
            pauses: list[float] = []

            async def pause(seconds: float) -> None:
                pauses.append(seconds)
                await asyncio.sleep(0)

            channel = TelegramChannel(config, clock, pause)
            channel.pauses = pauses
            stack.push_async_callback(channel.close)
            return channel

        yield make


@pytest.fixture
async def house(environ: dict[str, str]) -> AsyncIterator[WebHouse]:
    """A gateway with the web chat over the sample city."""
    await with_city(environ)
    async with web_house(environ) as running:
        yield running


@pytest.fixture
async def visit(house: WebHouse) -> AsyncIterator[Callable[..., Browser]]:
    """Opens browsers of visitors."""
    async with AsyncExitStack() as stack:

        def opened(**headers: str) -> Browser:
            browser = Browser(house, **headers)
            stack.push_async_callback(browser.session.close)
            return browser

        yield opened

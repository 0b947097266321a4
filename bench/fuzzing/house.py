"""The real gateway and action server in this process, over a real PostgreSQL and Redis.

Only Rasa is played: it says back what it is told, so that every answer carries a person's words.
"""

from __future__ import annotations

import base64
import dataclasses
import io
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from actions import logs
from actions.feeds.case_feeds import Tells
from actions.feeds.sources import Source
from actions.invitations.kinds import EventKind
from actions.notices.notices import Offer
from actions.server import create_app as create_actions
from actions.settings import read
from actions.store.tables import metadata, officers
from bench.filling import bound, met
from bot.app import Bot, build, create_app
from bot.choices import Intent
from bot.conversation import Conversation
from bot.gateway import TurnGateway
from bot.inbox import Inbox
from bot.nlu import Reply
from bot.receipts import Receipts
from bot.settings import BotSettings
from bot.stack.embedded import free_port

HOST = "127.0.0.1"


@dataclasses.dataclass
class Keys:
    """What the platforms share with us."""

    token: str = "fuzz-token"
    aes: str = dataclasses.field(
        default_factory=lambda: base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    )
    secret: str = dataclasses.field(default_factory=lambda: secrets.token_urlsafe(24))
    events: str = ""
    cases: str = ""

    def settings(self, provider: str) -> dict[str, str]:
        return {
            "WECHAT_APP_ID": "wxfuzz",
            "WECHAT_APP_SECRET": self.secret,
            "WECHAT_TOKEN": self.token,
            "WECHAT_AES_KEYS": self.aes,
            "WECHAT_BASE_URL": "http://127.0.0.1:1",
            "WECOM_CORP_ID": "wwfuzz",
            "WECOM_AGENT_ID": "1000002",
            "WECOM_SECRET": self.secret,
            "WECOM_TOKEN": self.token,
            "WECOM_AES_KEYS": self.aes,
            "WECOM_BASE_URL": "http://127.0.0.1:1",
            "TELEGRAM_TOKEN": "1:fuzz",
            "TELEGRAM_SECRET": self.secret,
            "TELEGRAM_BASE_URL": "http://127.0.0.1:1/bot",
            "TELEGRAM_BASE_FILE_URL": "http://127.0.0.1:1/file/bot",
            "PUBLIC_URL": "https://bot.example.org",
            "PROXY_HOPS": "1",
            "SMS_PROVIDER": provider,
            "SMS_SIGN": "平安回音",
            "SMS_KEY_ID": "key",
            "SMS_KEY_SECRET": self.secret,
            "SMS_APP_ID": "1400000000",
            "SMS_TEMPLATES": "T1={text}",
            "SMS_CALLBACK_SECRET": self.secret,
            "SMS_BASE_URL": "http://127.0.0.1:1",
            "VOICE_URL": "http://127.0.0.1:1",
            "VOICE_KEY_ID": "key",
            "VOICE_KEY_SECRET": self.secret,
            "VOICE_SHOW_NUMBER": "0000",
            "VOICE_TEMPLATE": "T",
            "VOICE_CALLBACK_SECRET": self.secret,
        }


class Said:
    """Rasa's part."""

    async def turn(
        self, conversation: str, inbox_id: str, said: str | Intent, metadata: Mapping[str, Any]
    ) -> list[Reply]:
        if isinstance(said, Intent):
            grades = [Offer(each, f'/grade{{"grade": "{each}"}}') for each in ("满意", "不满意")]
            return [Reply(f"办：{said.name} {said.entities}", tuple(grades))]
        return [Reply(f"听到：{said}", ())]

    async def healthy(self) -> bool:
        return True

    async def close(self) -> None:
        """Nothing is open."""


class Quiet(TurnGateway):
    """Sweeps nothing: what was left over is found at the end."""

    async def run(self, _: web.Application) -> AsyncIterator[None]:
        yield
        await self.settle()


class Heard(io.StringIO):
    """What the servers log."""

    def taken(self) -> str:
        """What was logged since the last look."""
        found = self.getvalue()
        self.seek(0)
        self.truncate()
        return found


@dataclasses.dataclass
class House:
    """`gate` and `inside`: the ports of gateway and action server; `routes`: the gateway's, as method
    and path."""

    bot: Bot
    keys: Keys
    gate: int
    inside: int
    heard: Heard
    chats: dict[str, str]
    environ: Mapping[str, str]
    routes: list[tuple[str, str]]

    @property
    def engine(self) -> AsyncEngine:
        return self.bot.services.engine

    async def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        query = " UNION ALL ".join(
            f"SELECT '{name}', count(*) FROM {name}" for name in metadata.tables
        )
        async with self.engine.connect() as connection:
            found = (await connection.execute(text(query))).all()
        return {row[0]: int(row[1]) for row in found}

    async def count(self, query: str) -> int:
        async with self.engine.connect() as connection:
            return int((await connection.execute(text(query))).scalar_one())


@asynccontextmanager
async def house(environ: Mapping[str, str], provider: str = "tencent") -> AsyncIterator[House]:
    """Both servers, officers' chats bound, two feeds with keys; logs go into `heard`. The database
    holds the city already."""
    keys, heard = Keys(), Heard()
    shown, sys.stderr = sys.stderr, heard
    logs.configure("INFO", process="fuzz")
    settings = read(BotSettings, {**environ, **keys.settings(provider)})
    made = build(settings)
    said: Any = Said()
    bot = dataclasses.replace(made, nlu=said, gateway=_gateway(made, said))
    await _with_feeds(bot, keys)
    chats = await bound(bot.services)
    gateway = create_app(bot)
    routes = [(r.method, r.resource.canonical) for r in gateway.router.routes() if r.resource]
    runners = [
        web.AppRunner(gateway, access_log=None),
        web.AppRunner(create_actions(settings, bot.services), access_log=None),
    ]
    ports = [await _served(runner) for runner in runners]
    try:
        yield House(bot, keys, ports[0], ports[1], heard, chats, environ, routes)
    finally:
        for runner in reversed(runners):
            await runner.cleanup()
        await made.nlu.close()
        sys.stderr = shown
        logs.configure("WARNING", process="bench")


def _gateway(made: Bot, said: Any) -> TurnGateway:
    services = made.services
    return Quiet(
        services,
        Inbox(services, lease_seconds=30),
        Conversation(services, said, made.choices, "https://bot.example.org"),
        made.health,
        Receipts(services.engine, services.vault),
    )


async def _with_feeds(bot: Bot, keys: Keys) -> None:
    invitations, elsewhere = bot.services.invitations, bot.services.elsewhere
    keys.events = await invitations.feeds.add("hall", [kind.value for kind in EventKind])
    told = await elsewhere.feeds.add("hotline", Source("12345"), "12345", Tells("us"), "")
    keys.cases = told.key


async def _served(runner: web.AppRunner) -> int:
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, HOST, port).start()
    return port


async def conversation_of(bot: Bot, channel: str, sender: str, badge: str = "") -> str:
    """The conversation of this sender, bound to the officer with the badge, if one is given."""
    return await met(bot.services, channel, sender, badge)


async def badges(bot: Bot) -> list[str]:
    async with bot.services.engine.connect() as connection:
        query = select(officers.c.badge).order_by(officers.c.badge)
        return list((await connection.execute(query)).scalars())

"""A gateway with the web chat: real database, Redis, inbox and channel; Rasa is played by a script."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from aiohttp import ClientSession, CookieJar, web
from sqlalchemy import select

from actions.bootstrap import Services, bootstrap
from actions.notices.notices import Offer
from actions.org.csv_files import load_city
from actions.org.loading import load
from actions.settings import Settings, read
from actions.store.tables import identities
from bot.app import Bot, build, create_app
from bot.channels.web import WebChannel
from bot.choices import Intent
from bot.conversation import Conversation
from bot.delivery import Deliverer
from bot.gateway import TurnGateway
from bot.inbox import Inbox
from bot.message import Outgoing
from bot.nlu import Reply, TurnFailedError
from bot.receipts import Receipts
from bot.settings import BotSettings
from bot.stack.embedded import free_port
from bot.stack.stack import SAMPLE

DESK = "mdl-hj2-cspc"
DESK_LABEL = "桥西分局明德里派出所 · 户籍 2 号窗口"
type Said = str | Intent
ZH = {
    "grade": "您在评价：{label}。这次办得怎么样？",
    "satisfied": "谢谢，记下了：满意。想夸谁，直接回一句就行。",
    "unsatisfied": "抱歉，没办好。主要是哪方面？",
    "reason": "明白了。用一句话说说经过？不想说就跳过。",
}


class ScriptedRasa:
    """Plays a small part of the dialogue; remembers what it was asked. `broken`: turns fail."""

    def __init__(self) -> None:
        self.asked: list[Said] = []
        self.broken = False
        self.before: Callable[[], Awaitable[None]] | None = None
        self.answers: Callable[[Said], list[Reply]] = converse

    async def turn(
        self, conversation: str, inbox_id: str, said: Said, metadata: dict[str, Any]
    ) -> list[Reply]:
        if self.before is not None:
            await self.before()
        if self.broken:
            raise TurnFailedError("broken by the test")
        self.asked.append(said)
        return self.answers(said)

    async def close(self) -> None:
        """Nothing is open."""

    @property
    def words(self) -> list[str]:
        """What was asked, in short."""
        return [said if isinstance(said, str) else said.name for said in self.asked]


def converse(said: Said) -> list[Reply]:
    if isinstance(said, str):
        return [Reply(f"听到：{said}", ())]
    match said.name:
        case "scan":
            offers = [
                Offer(label, f'/grade{{"grade": "{grade}"}}')
                for label, grade in (
                    ("满意", "satisfied"),
                    ("基本满意", "basically"),
                    ("不满意", "unsatisfied"),
                )
            ]
            return [Reply(ZH["grade"].format(label=DESK_LABEL), tuple(offers))]
        case "grade" if said.entities["grade"] == "unsatisfied":
            reasons = ("态度", "太慢", "没办成", "没讲清", "办错了", "别的")
            offers = [Offer(label, f'/reason{{"reason": "{label}"}}') for label in reasons]
            return [Reply(ZH["unsatisfied"], tuple(offers))]
        case "grade":
            return [Reply(ZH["satisfied"], ())]
        case "reason":
            return [Reply(ZH["reason"], (Offer("跳过", "/skip"),))]
    return [Reply(f"办：{said.name}", ())]


class PassiveGateway(TurnGateway):
    """Takes nothing up by itself: no test leaves anything behind, and none ends in a look."""

    async def run(self, _: web.Application) -> AsyncIterator[None]:
        yield
        await self.settle()


class Well:
    """Everything behind a turn is well."""

    async def behind_turns(self) -> bool:
        return True


@dataclasses.dataclass
class WebHouse:
    """The running gateway. `url` has no trailing slash."""

    url: str
    bot: Bot
    rasa: ScriptedRasa
    app: web.Application

    @property
    def services(self) -> Services:
        return self.bot.services

    @property
    def channel(self) -> WebChannel:
        channel = self.bot.channels["web"]
        assert isinstance(channel, WebChannel)
        return channel

    @property
    def deliverer(self) -> Deliverer:
        return Deliverer(self.services, self.bot.channels, self.bot.choices)

    async def pushes(self, sender: str, text: str, **more: Any) -> None:
        """What the worker does with a notice, in a process of its own."""
        elsewhere = build(self.bot.settings)
        channel = elsewhere.channels["web"]
        await channel.send(sender, Outgoing(text, **more))
        await elsewhere.close()

    async def senders(self) -> list[str]:
        """The visitors who have spoken, oldest first."""
        query = select(identities.c.sender_sealed).where(identities.c.channel == "web")
        async with self.services.engine.connect() as connection:
            rows = (await connection.execute(query.order_by(identities.c.created_at))).scalars()
            return [self.services.vault.open(row) for row in rows]


@contextlib.asynccontextmanager
async def web_house(environ: dict[str, str]) -> AsyncIterator[WebHouse]:
    """Serves the gateway over this installation, on a free port of this machine."""
    settings = read(BotSettings, environ)
    made = build(settings)
    rasa = ScriptedRasa()
    gateway = PassiveGateway(
        made.services,
        Inbox(made.services, lease_seconds=30),
        Conversation(made.services, rasa, made.choices),  # type: ignore[arg-type]
        Well(),  # type: ignore[arg-type]
        Receipts(made.services.engine, made.services.vault),
    )
    bot = dataclasses.replace(made, gateway=gateway, nlu=rasa)  # type: ignore[arg-type]
    app = create_app(bot)
    # As it is served, not as aiohttp's test server does: that one cancels what a page leaves behind.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=10)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield WebHouse(f"http://127.0.0.1:{port}", bot, rasa, app)
    finally:
        await bot.services.redis.flushdb()
        await runner.cleanup()
        await made.nlu.close()


async def with_city(environ: dict[str, str]) -> None:
    """Loads the sample city."""
    services = bootstrap(read(Settings, environ))
    await load(services.engine, services.vault, load_city(SAMPLE))
    await services.close()


class Browser:
    """A browser without a script of its own: keeps cookies, sends what our page would send."""

    def __init__(self, house: WebHouse, **headers: str) -> None:
        self.house = house
        jar = CookieJar(unsafe=True)
        self.session = ClientSession(
            cookie_jar=jar, headers={"Accept-Language": "zh-CN", **headers}
        )
        self.after = 0

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.session.get(f"{self.house.url}{path}", headers=headers) as response:
            return response.status, await response.text()

    async def post(self, path: str, **sending: Any) -> Any:
        """The response; its JSON is in `body`."""
        headers = {"Origin": self.house.url, **sending.pop("headers", {})}
        response = await self.session.post(f"{self.house.url}{path}", headers=headers, **sending)
        await response.read()
        return response

    async def says(self, **fields: Any) -> list[dict[str, Any]]:
        """Posts as the script does and gives the new lines."""
        response = await self.post("/chat/messages", json={"after": self.after, **fields})
        assert response.status == 200, await response.text()
        lines: list[dict[str, Any]] = (await response.json())["lines"]
        self.after = max([self.after, *(line["change"] for line in lines)])
        return lines

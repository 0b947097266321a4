"""The one place where the gateway and the worker are wired."""

from __future__ import annotations

import resource
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import uvloop
from aiohttp import web

from actions.bootstrap import Services, bootstrap
from actions.memory import settle
from actions.watch.endpoints import add_live, counting
from bot.again import send_again
from bot.bulletins.routes import add_bulletins
from bot.channels.base import Channel
from bot.channels.registry import build_channels
from bot.channels.web.behind import WebConfig
from bot.choices import Choices
from bot.conversation import Conversation
from bot.fallback import SMS, Fallback, TakesOver, Ways
from bot.gateway import LEASE, TurnGateway
from bot.headers import on_every_answer
from bot.health import Health
from bot.inbox import Inbox
from bot.inflow import Inflow
from bot.nlu import Nlu
from bot.pacing import RedisPacer
from bot.patience import in_time
from bot.receipts import Receipts
from bot.settings import BotSettings
from bot.tokens import RedisTokens
from bot.voice.ivr import Ivr
from bot.voice.rounds import add_callbacks
from bot.watch import gateway_readiness, watched
from bot.web.desk import add_desk
from bot.web.intake import add_intake
from bot.web.wall import add_wall
from bot.web.wiring import web_parts

BACKLOG = 4096  # connections that wait to be accepted; beyond it they are begun anew after a second


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything on this side."""

    settings: BotSettings
    services: Services
    channels: dict[str, Channel]
    choices: Choices
    nlu: Nlu
    health: Health
    gateway: TurnGateway
    fallback: TakesOver | None = None

    async def close(self) -> None:
        for channel in self.channels.values():
            await channel.close()
        await self.nlu.close()
        await self.services.close()


def build(settings: BotSettings) -> Bot:
    """Wires gateway, channels and services; nothing is connected until it is used."""
    services = bootstrap(settings)
    nlu = Nlu(settings.nlu_url, settings.nlu_secret.get_secret_value(), settings.turn_timeout)
    choices = Choices(services.redis)
    health = Health(nlu, settings.actions_url)
    configs = settings.channel_configs()
    fallback = _ways(services, settings.hotline, sms=SMS in configs)
    gateway = TurnGateway(
        services,
        Inbox(services, lease_seconds=LEASE),
        Conversation(services, nlu, choices, settings.public_url),
        health,
        Receipts(services.engine, services.vault, fallback),
        inflow=Inflow(services.redis, services.vault, settings.messages_a_minute),
    )
    tokens = RedisTokens(services.redis, services.vault)
    channels = build_channels(configs, tokens, RedisPacer(services.redis, services.vault))
    if settings.web_chat == "on":
        parts = web_parts(settings, services, channels.get("wechat"), tokens)
        channels |= build_channels({"web": parts})
    return Bot(settings, services, channels, choices, nlu, health, gateway, fallback)


def _ways(services: Services, hotline: str, *, sms: bool) -> Ways:
    """What is done for what could not be brought: said in the chat, or sent as a text message."""
    if not sms:
        return Ways(services.contacts.not_sent)
    news = Fallback(services.vault, services.people, services.notices, hotline)
    return Ways(
        services.contacts.not_sent, services.invitations.second_way.take_over, news.take_over
    )


def create_app(bot: Bot) -> web.Application:
    """The gateway's public application: each channel's endpoints, and health."""
    metrics = bot.services.metrics
    around = [counting(metrics), send_again, in_time]
    app = web.Application(client_max_size=64 * 1024, middlewares=around)
    add_live(app)
    add_intake(app, bot.services)
    config = WebConfig(bot.settings.public_url, proxy_hops=bot.settings.proxy_hops)
    add_wall(app, bot.services, add_desk(app, bot.services, config))
    add_bulletins(app, bot.services, config)
    voice = bot.settings.voice_config()
    if voice is not None:
        add_callbacks(app, bot.services.voice, Ivr(voice), voice.callback_secret)
    app.on_response_prepare.append(on_every_answer)
    app.cleanup_ctx.append(bot.gateway.run)
    metrics.passed_over(lambda: _passed_over(bot.channels))
    for channel in bot.channels.values():
        channel.add_routes(app, bot.gateway)

    async def close(_: web.Application) -> None:
        await bot.close()

    app.on_cleanup.append(close)
    return app


def _passed_over(channels: Mapping[str, Channel]) -> dict[str, int]:
    """What the channels dropped, of those that drop anything by themselves."""
    counted = {name: getattr(channel, "passed_over", None) for name, channel in channels.items()}
    return {name: number for name, number in counted.items() if number is not None}


def serve(bot: Bot) -> None:
    """Serves the gateway until SIGINT or SIGTERM."""
    app = create_app(bot)
    app.on_startup.append(settle)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # each open connection is a file

    async def watch(_: web.Application) -> AsyncIterator[None]:
        async with watched(bot, bot.settings.gateway_watch_port, gateway_readiness(bot)):
            yield

    app.cleanup_ctx.append(watch)
    web.run_app(
        app,
        host=bot.settings.gateway_host,
        port=bot.settings.gateway_port,
        print=None,
        access_log=None,
        loop=uvloop.new_event_loop(),
        shutdown_timeout=10,
        backlog=BACKLOG,
    )

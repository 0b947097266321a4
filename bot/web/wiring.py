"""Puts the web chat together from settings and services."""

from __future__ import annotations

from actions.bootstrap import Services
from bot.channels.base import Channel
from bot.channels.tokens import TokenStore
from bot.channels.web import WebConfig, WebParts
from bot.channels.wechat import WeChatChannel
from bot.settings import BotSettings
from bot.web.account import NoAccount, WeChatAccount
from bot.web.bell import PostgresBell
from bot.web.guard import RedisGuard
from bot.web.lines import Grade
from bot.web.mailbox import PostgresMailbox
from bot.web.pages import Pages
from bot.web.places import OrgPlaces


def web_parts(
    settings: BotSettings, services: Services, wechat: Channel | None, kept: TokenStore
) -> WebParts:
    """What the web channel is built of. Nothing is connected until it is used."""
    say = services.notices.wording.say
    grades = [
        Grade(str(grade), {each: say(f"grade_{grade}", each) for each in ("zh", "en")})
        for grade in services.policy.scale
    ]
    return WebParts(
        config=WebConfig(
            settings.public_url.rstrip("/"), settings.web_keep_days, settings.proxy_hops
        ),
        mailbox=PostgresMailbox(services),
        bell=PostgresBell(services),
        guard=RedisGuard(services.redis, services.vault),
        places=OrgPlaces(services.org, settings.wechat_app_id),
        account=(WeChatAccount(wechat, kept) if isinstance(wechat, WeChatChannel) else NoAccount()),
        pages=Pages(say, grades, settings.hotline, settings.web_keep_days),
    )

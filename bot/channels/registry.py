"""The channels there are: a folder each, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.base import Channel
from bot.channels.console import ConsoleChannel
from bot.channels.pacing import Pacer
from bot.channels.sms import SmsChannel
from bot.channels.telegram import TelegramChannel
from bot.channels.tokens import TokenStore
from bot.channels.web import WebChannel
from bot.channels.wechat import WeChatChannel
from bot.channels.wecom import WeComChannel

# From a channel's settings, and what processes share: access tokens, and the pace of messages.
_CHANNELS: dict[str, Callable[[Any, TokenStore | None, Pacer | None], Channel]] = {
    "wechat": lambda config, tokens, _: WeChatChannel(config, tokens),
    "wecom": WeComChannel,
    "sms": lambda config, *_: SmsChannel(config),
    "telegram": lambda config, _, pacer: TelegramChannel(config, pacer=pacer),
    "web": lambda parts, *_: WebChannel(parts),
    "console": lambda *_: ConsoleChannel(),
}


def build_channels(
    configs: Mapping[str, object], tokens: TokenStore | None = None, pacer: Pacer | None = None
) -> dict[str, Channel]:
    """The channels that `configs` names, by name, in its order; each from its own settings.

    Raises ValueError for a name without a channel.
    """
    unknown = sorted(configs.keys() - _CHANNELS.keys())
    if unknown:
        raise ValueError(f"There is no channel named {', '.join(unknown)}.")
    return {name: _CHANNELS[name](config, tokens, pacer) for name, config in configs.items()}

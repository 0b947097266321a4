"""The channels there are: a folder each, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.base import Channel
from bot.channels.console import ConsoleChannel
from bot.channels.telegram import TelegramChannel
from bot.channels.wechat import WeChatChannel
from bot.channels.wechat.tokens import TokenStore

# From a channel's settings and the store in which processes share access tokens.
_CHANNELS: dict[str, Callable[[Any, TokenStore | None], Channel]] = {
    "wechat": WeChatChannel,
    "telegram": lambda config, _: TelegramChannel(config),
    "console": lambda _, __: ConsoleChannel(),
}


def build_channels(
    configs: Mapping[str, object], tokens: TokenStore | None = None
) -> dict[str, Channel]:
    """The channels that `configs` names, by name, in its order; each from its own settings.

    Raises ValueError for a name without a channel.
    """
    unknown = sorted(configs.keys() - _CHANNELS.keys())
    if unknown:
        raise ValueError(f"There is no channel named {', '.join(unknown)}.")
    return {name: _CHANNELS[name](config, tokens) for name, config in configs.items()}

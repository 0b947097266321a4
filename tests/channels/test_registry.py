"""One line per channel."""

import pytest
from telegram_platform import TOKEN as BOT_TOKEN
from wechat_platform import APP_ID, KEY_NEW, TOKEN

from bot.channels.registry import build_channels
from bot.channels.telegram import TelegramConfig
from bot.channels.wechat import WeChatConfig


async def test_channels_are_built_by_name():
    configs = {
        "telegram": TelegramConfig(BOT_TOKEN, mode="polling"),
        "wechat": WeChatConfig(APP_ID, "secret", TOKEN, (KEY_NEW,)),
        "console": None,
    }
    channels = build_channels(configs)
    assert [(name, channel.name) for name, channel in channels.items()] == [
        (name, name) for name in configs
    ]
    for channel in channels.values():
        await channel.close()


def test_an_unknown_channel_is_refused():
    with pytest.raises(ValueError, match="no channel named fax, pigeon"):
        build_channels({"pigeon": None, "fax": None})

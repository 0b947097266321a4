"""One line per channel."""

import pytest
from telegram_platform import TOKEN as BOT_TOKEN
from wechat_platform import APP_ID, KEY_NEW, TOKEN
from wecom_platform import SETTINGS as WECOM

from bot.channels.base import TransportError
from bot.channels.registry import build_channels
from bot.channels.telegram import TelegramConfig
from bot.channels.wechat import WeChatConfig
from bot.channels.wecom import WeComConfig
from bot.message import Outgoing


async def test_channels_are_built_by_name():
    configs = {
        "telegram": TelegramConfig(BOT_TOKEN, mode="polling"),
        "wechat": WeChatConfig(APP_ID, "secret", TOKEN, (KEY_NEW,)),
        "wecom": WeComConfig(**WECOM),
        "console": None,
    }
    channels = build_channels(configs)
    assert [(name, channel.name) for name, channel in channels.items()] == [
        (name, name) for name in configs
    ]
    for channel in channels.values():
        await channel.close()


async def test_processes_share_the_pace():
    class Full:
        async def wait_seconds(self, key, count, limits):
            return 7.0

    channel = build_channels({"wecom": WeComConfig(**WECOM)}, pacer=Full())["wecom"]
    with pytest.raises(TransportError) as caught:
        await channel.send("jingguan", Outgoing("好"))
    assert caught.value.retry_after == 7
    await channel.close()


def test_an_unknown_channel_is_refused():
    with pytest.raises(ValueError, match="no channel named fax, pigeon"):
        build_channels({"pigeon": None, "fax": None})

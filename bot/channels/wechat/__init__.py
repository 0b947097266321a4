"""WeChat official account (公众号 / 服务号)."""

from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.config import WeChatConfig

__all__ = ["WeChatChannel", "WeChatConfig"]

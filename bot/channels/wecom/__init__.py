"""WeCom (企业微信): an app of the bureau's own, for its officers."""

from bot.channels.wecom.channel import WeComChannel
from bot.channels.wecom.config import WeComConfig

__all__ = ["WeComChannel", "WeComConfig"]

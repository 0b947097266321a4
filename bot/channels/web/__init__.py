"""The web chat: any browser, no registration."""

from bot.channels.web.behind import WebConfig, WebParts
from bot.channels.web.channel import WebChannel

__all__ = ["WebChannel", "WebConfig", "WebParts"]

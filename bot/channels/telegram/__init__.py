"""Telegram."""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.config import TelegramConfig

__all__ = ["TelegramChannel", "TelegramConfig"]

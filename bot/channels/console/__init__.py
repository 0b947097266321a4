"""A terminal, for people who want to try the bot without a platform."""

from bot.channels.console.console import ConsoleChannel, run_console

__all__ = ["ConsoleChannel", "run_console"]

"""The entry page: what a citizen tells on the phone, typed while listening."""

from bot.web.desk.routes import add_desk

__all__ = ["add_desk"]

"""The wall screen: figures of a unit, hung up for weeks, kept fresh by themselves."""

from bot.web.wall.routes import add_wall

__all__ = ["add_wall"]

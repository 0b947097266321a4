"""The intake API: other systems report what they did for whom."""

from bot.web.intake.routes import add_intake

__all__ = ["add_intake"]

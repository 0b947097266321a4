"""The elements of a callback's XML, as WeChat and WeCom write them: each holds one text."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.message import Incoming, Kind, Media, MediaKind
from bot.text import clean

TOKEN = re.compile(r"[A-Za-z0-9_-]{1,32}")  # a choice of ours, named by the phone


class MalformedError(Exception):
    """Signed, but not a message we can read. The text is free of personal data."""


class Fields:
    """The elements of a message; each is one text, never a list or a nested element."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data

    def text(self, name: str) -> str:
        """The element's text, '' when it is missing or empty. Raises MalformedError otherwise."""
        value = self._data.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise MalformedError(f"<{name}> is there twice or holds elements")
        return clean(value)

    def needed(self, name: str) -> str:
        value = self.text(name)
        if not value or len(value) > 256:
            raise MalformedError(f"<{name}> is missing or too long")
        return value

    def time(self, name: str) -> datetime:
        """Seconds since 1970 as a moment, UTC."""
        seconds = self.needed(name)
        if not re.fullmatch(r"[0-9]{1,10}", seconds):
            raise MalformedError(f"<{name}> is not a time")
        return datetime.fromtimestamp(int(seconds), UTC)

    def degrees(self, name: str, most: float) -> float:
        try:
            value = float(self.needed(name))
        except ValueError:
            raise MalformedError(f"<{name}> is not a number") from None
        if not math.isfinite(value) or abs(value) > most:
            raise MalformedError(f"<{name}> is not a place on earth")
        return value

    def first(self, *path: str) -> Fields:
        """The nested element at `path`; of several of the same name the first."""
        data: Any = self._data
        for name in path:
            data = data.get(name) if isinstance(data, dict) else None
            data = data[0] if isinstance(data, list) and data else data
        return Fields(data if isinstance(data, dict) else {})


def location(fields: Fields, base: Incoming) -> Incoming:
    """A place that was sent. Raises MalformedError for one that is not on earth."""
    media = Media(
        MediaKind.LOCATION,
        caption=fields.text("Label"),
        latitude=fields.degrees("Location_X", 90),
        longitude=fields.degrees("Location_Y", 180),
    )
    return replace(base, kind=Kind.MEDIA, media=media)


def link(fields: Fields, base: Incoming) -> Incoming:
    """A page that was passed on, as its title, description and address say it."""
    lines = [fields.text(name) for name in ("Title", "Description", "Url")]
    media = Media(MediaKind.LINK, caption="\n".join(filter(None, lines)))
    return replace(base, kind=Kind.MEDIA, media=media)


def event_id(*parts: str) -> str:
    """An id for an event, which has none of the platform's: a digest of what tells it from others,
    so that two events within one second differ and nobody's id is left in it.
    """
    return "e-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def type_name(text: str) -> str:
    """The platform's name of a message's type, safe to log."""
    return re.sub(r"[^a-z_/]", "", text)[:64]

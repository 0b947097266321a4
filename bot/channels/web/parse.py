"""What a browser posts → messages."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.message import Incoming, Kind, Media, MediaKind
from bot.text import clean

NAME = "web"
TEXT_LIMIT = 4000  # characters
SCENE = re.compile(r"[A-Za-z0-9-]{3,64}")
_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,32}")
_MENU = ("rate", "complain", "mine", "help", "hotline")


class UnreadableError(ValueError):
    """The browser posted something that our pages never post; the text says what, in English."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted. `scene`: the page stands for a code that has not been told of yet.

    `grade` is tapped on that page before anything was said, `text` may come with it.
    """

    id: str
    scene: str = ""
    grade: str = ""
    text: str = ""
    token: str = ""
    menu: str = ""
    place: tuple[float, float] | None = None
    after: int = 0


def read(fields: Mapping[str, object]) -> Posted:
    """Raises UnreadableError."""
    given = {name: str(value) for name, value in fields.items() if isinstance(value, str | int)}
    if not _ID.fullmatch(given.get("id", "")):
        raise UnreadableError("id must be 8 to 40 letters, digits and hyphens")
    posted = Posted(
        id=given["id"],
        scene=_fitting(SCENE, given.get("scene", "")),
        grade=_fitting(_TOKEN, given.get("grade", "")),
        text=clean(given.get("text", "")).strip(),
        token=_fitting(_TOKEN, given.get("token", "")),
        menu=given.get("menu", ""),
        place=_place(fields),
        after=_number(given.get("after", "")),
    )
    if len(posted.text) > TEXT_LIMIT:
        raise UnreadableError(f"text has more than {TEXT_LIMIT} characters")
    if posted.menu and posted.menu not in _MENU:
        raise UnreadableError("there is no such menu entry")
    if not (posted.text or posted.token or posted.menu or posted.place or posted.grade):
        raise UnreadableError("nothing was said")
    return posted


def message(posted: Posted, sender: str, now: datetime) -> Incoming | None:
    """The message itself; None when only a grade was tapped."""
    base = Incoming(NAME, sender, message_id(sender, posted.id), Kind.TEXT, now)
    if posted.place:
        media = Media(MediaKind.LOCATION, "", "", *posted.place)
        return replace(base, kind=Kind.MEDIA, media=media)
    if posted.menu:
        return replace(base, kind=Kind.MENU, token=posted.menu)
    if posted.token:
        return replace(base, kind=Kind.CHOICE, token=posted.token)
    return replace(base, text=posted.text) if posted.text else None


def scan(posted: Posted, sender: str, now: datetime) -> Incoming:
    """The scan that led to the page, told before what is said there."""
    key = message_id(sender, f"{posted.id}:scan")
    return Incoming(NAME, sender, key, Kind.SCAN, now, scene=posted.scene)


def attachment(
    sender: str, key: str, kind: MediaKind, reference: str, caption: str, now: datetime
) -> Incoming:
    """A photo or voice note whose bytes are kept under `reference`."""
    media = Media(kind, reference, clean(caption).strip()[:TEXT_LIMIT])
    return Incoming(NAME, sender, message_id(sender, key), Kind.MEDIA, now, media=media)


def message_id(sender: str, key: str) -> str:
    """Unique over all visitors: a browser makes its own ids."""
    return f"{sender}:{key}"


def read_id(text: str) -> str:
    """A browser's id of what it sends. Raises UnreadableError."""
    return _required(_ID, text, "id")


def _fitting(pattern: re.Pattern[str], text: str) -> str:
    """The text, or empty when our pages never send such a one."""
    return text if pattern.fullmatch(text) else ""


def _required(pattern: re.Pattern[str], text: str, name: str) -> str:
    if not pattern.fullmatch(text):
        raise UnreadableError(f"{name} cannot be read")
    return text


def _place(fields: Mapping[str, object]) -> tuple[float, float] | None:
    latitude, longitude = fields.get("latitude"), fields.get("longitude")
    if latitude is None or longitude is None:
        return None
    try:
        found = float(str(latitude)), float(str(longitude))
    except ValueError as error:
        raise UnreadableError("a place is two numbers") from error
    if not all(map(math.isfinite, found)) or abs(found[0]) > 90 or abs(found[1]) > 180:
        raise UnreadableError("there is no such place")
    return found


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,9}", text) else 0

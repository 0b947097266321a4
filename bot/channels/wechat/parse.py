"""A callback's XML → Incoming. What a message or an event means for us stands in two tables."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from xml.parsers.expat import ExpatError

from wechatpy import parse_message

from bot.message import Incoming, Kind, Media, MediaKind
from bot.text import clean

NAME = "wechat"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,32}")


class MalformedError(Exception):
    """Signed, but not a message we can read. The text is free of personal data."""


class _Fields:
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

    def degrees(self, name: str, most: float) -> float:
        try:
            value = float(self.needed(name))
        except ValueError:
            raise MalformedError(f"<{name}> is not a number") from None
        if not math.isfinite(value) or abs(value) > most:
            raise MalformedError(f"<{name}> is not a place on earth")
        return value

    def first(self, *path: str) -> _Fields:
        """The nested element at `path`; of several of the same name the first."""
        data: Any = self._data
        for name in path:
            data = data.get(name) if isinstance(data, dict) else None
            data = data[0] if isinstance(data, list) and data else data
        return _Fields(data if isinstance(data, dict) else {})


def parse(xml: str) -> Incoming:
    """The message in `xml`; unknown types come out as Kind.IGNORED. Raises MalformedError.

    `extra["account"]` is the account it was sent to, `extra["type"]` the platform's name of it.
    """
    fields = _read(xml)
    kind, event = fields.needed("MsgType").lower(), fields.text("Event").lower()
    if kind == "event" and not event:
        raise MalformedError("<Event> is missing")
    name = f"event/{event}" if kind == "event" else kind
    base = Incoming(
        channel=NAME,
        sender=fields.needed("FromUserName"),
        message_id=_message_id(fields, event),
        kind=Kind.IGNORED,
        sent_at=_time(fields.needed("CreateTime")),
        extra={
            "account": fields.needed("ToUserName"),
            "type": re.sub(r"[^a-z0-9_/]", "", name)[:64],
        },
    )
    read = _EVENTS.get(event) if kind == "event" else _MESSAGES.get(kind)
    return read(fields, base) if read else base


def _read(xml: str) -> _Fields:
    try:
        message = parse_message(xml)
        data = message._data
    except (KeyError, AttributeError, TypeError, ValueError, ExpatError) as error:
        raise MalformedError(f"not a message: {type(error).__name__}") from None
    if not isinstance(data, dict):
        raise MalformedError("not a message: no elements")
    return _Fields(data)


def _message_id(fields: _Fields, event: str) -> str:
    """The platform's id of a message; for an event, which has none, a digest of sender, time,
    event and key: two events within one second differ, and no openid is left in the id.
    """
    if not event and fields.text("MsgId"):
        return fields.text("MsgId")[:64]
    parts = [fields.text(name) for name in ("FromUserName", "CreateTime", "EventKey")]
    return "e-" + hashlib.sha256("\0".join([*parts, event]).encode()).hexdigest()[:40]


def _time(seconds: str) -> datetime:
    if not re.fullmatch(r"[0-9]{1,10}", seconds):
        raise MalformedError("<CreateTime> is not a time")
    return datetime.fromtimestamp(int(seconds), UTC)


def _text(fields: _Fields, base: Incoming) -> Incoming:
    text, token = fields.text("Content"), fields.text("bizmsgmenuid")
    if _TOKEN.fullmatch(token):  # named by the phone: the gateway looks up whether it was offered
        return replace(base, kind=Kind.CHOICE, text=text, token=token)
    return replace(base, kind=Kind.TEXT, text=text) if text else base


def _voice(fields: _Fields, base: Incoming) -> Incoming:
    media, words = Media(MediaKind.VOICE, fields.text("MediaId")), fields.text("Recognition")
    return replace(base, kind=Kind.TEXT if words else Kind.MEDIA, text=words, media=media)


def _attached(kind: MediaKind) -> Callable[[_Fields, Incoming], Incoming]:
    def read(fields: _Fields, base: Incoming) -> Incoming:
        media = Media(kind, fields.text("MediaId"), fields.text("Title"))
        return replace(base, kind=Kind.MEDIA, media=media)

    return read


def _location(fields: _Fields, base: Incoming) -> Incoming:
    media = Media(
        MediaKind.LOCATION,
        caption=fields.text("Label"),
        latitude=fields.degrees("Location_X", 90),
        longitude=fields.degrees("Location_Y", 180),
    )
    return replace(base, kind=Kind.MEDIA, media=media)


def _link(fields: _Fields, base: Incoming) -> Incoming:
    lines = [fields.text(name) for name in ("Title", "Description", "Url")]
    media = Media(MediaKind.LINK, caption="\n".join(filter(None, lines)))
    return replace(base, kind=Kind.MEDIA, media=media)


def _scan(fields: _Fields, base: Incoming) -> Incoming:
    """The scene of the scanned code; some phones send none: then it is a plain arrival."""
    scene = fields.text("EventKey")
    return replace(base, kind=Kind.SCAN if scene else Kind.FOLLOW, scene=scene)


def _menu(fields: _Fields, base: Incoming) -> Incoming:
    return replace(base, kind=Kind.MENU, token=fields.needed("EventKey"))


def _follow(_: _Fields, base: Incoming) -> Incoming:
    return replace(base, kind=Kind.FOLLOW)


def _unfollow(_: _Fields, base: Incoming) -> Incoming:
    return replace(base, kind=Kind.UNFOLLOW)


def _template_receipt(fields: _Fields, base: Incoming) -> Incoming:
    return _receipt(base, fields.needed("MsgID"), fields.text("Status"))


def _notice_receipt(fields: _Fields, base: Incoming) -> Incoming:
    item = fields.first("SubscribeMsgSentEvent", "List")
    return _receipt(base, item.needed("MsgID"), item.text("ErrorStatus"))


def _receipt(base: Incoming, platform_id: str, status: str) -> Incoming:
    extra = {**base.extra, "platform_id": platform_id, "status": status}
    message_id = f"r-{platform_id}"[:64]
    return replace(base, kind=Kind.RECEIPT, message_id=message_id, text=status, extra=extra)


_Reader = Callable[[_Fields, Incoming], Incoming]

_MESSAGES: dict[str, _Reader] = {
    "text": _text,
    "image": _attached(MediaKind.IMAGE),
    "voice": _voice,
    "video": _attached(MediaKind.VIDEO),
    "shortvideo": _attached(MediaKind.VIDEO),
    "file": _attached(MediaKind.FILE),
    "location": _location,
    "link": _link,
}

# wechatpy tells a subscription by a code of ours (subscribe_scan, prefix removed) from the others.
_EVENTS: dict[str, _Reader] = {
    "subscribe": _follow,
    "subscribe_scan": _scan,
    "subscribe_scan_product": _follow,
    "scan": _scan,
    "unsubscribe": _unfollow,
    "click": _menu,
    "templatesendjobfinish": _template_receipt,
    "subscribe_msg_sent_event": _notice_receipt,
}

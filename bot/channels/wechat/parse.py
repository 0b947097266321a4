"""A callback's XML → Incoming. What a message or an event means for us stands in two tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from xml.parsers.expat import ExpatError

from wechatpy import parse_message

from bot.channels.elements import TOKEN, Fields, MalformedError, event_id, link, location, type_name
from bot.message import Incoming, Kind, Media, MediaKind

NAME = "wechat"


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
        sent_at=fields.time("CreateTime"),
        extra={"account": fields.needed("ToUserName"), "type": type_name(name)},
    )
    read = _EVENTS.get(event) if kind == "event" else _MESSAGES.get(kind)
    return read(fields, base) if read else base


def _read(xml: str) -> Fields:
    try:
        message = parse_message(xml)
        data = message._data
    except (KeyError, AttributeError, TypeError, ValueError, ExpatError) as error:
        raise MalformedError(f"not a message: {type(error).__name__}") from None
    if not isinstance(data, dict):
        raise MalformedError("not a message: no elements")
    return Fields(data)


def _message_id(fields: Fields, event: str) -> str:
    """The platform's id of a message; for an event a digest of sender, time, key and event."""
    if not event and fields.text("MsgId"):
        return fields.text("MsgId")[:64]
    parts = [fields.text(name) for name in ("FromUserName", "CreateTime", "EventKey")]
    return event_id(*parts, event)


def _text(fields: Fields, base: Incoming) -> Incoming:
    text, token = fields.text("Content"), fields.text("bizmsgmenuid")
    if TOKEN.fullmatch(token):  # named by the phone: the gateway looks up whether it was offered
        return replace(base, kind=Kind.CHOICE, text=text, token=token)
    return replace(base, kind=Kind.TEXT, text=text) if text else base


def _voice(fields: Fields, base: Incoming) -> Incoming:
    media, words = Media(MediaKind.VOICE, fields.text("MediaId")), fields.text("Recognition")
    return replace(base, kind=Kind.TEXT if words else Kind.MEDIA, text=words, media=media)


def _attached(kind: MediaKind) -> Callable[[Fields, Incoming], Incoming]:
    def read(fields: Fields, base: Incoming) -> Incoming:
        media = Media(kind, fields.text("MediaId"), fields.text("Title"))
        return replace(base, kind=Kind.MEDIA, media=media)

    return read


def _scan(fields: Fields, base: Incoming) -> Incoming:
    """The scene of the scanned code; some phones send none: then it is a plain arrival."""
    scene = fields.text("EventKey")
    return replace(base, kind=Kind.SCAN if scene else Kind.FOLLOW, scene=scene)


def _menu(fields: Fields, base: Incoming) -> Incoming:
    return replace(base, kind=Kind.MENU, token=fields.needed("EventKey"))


def _follow(_: Fields, base: Incoming) -> Incoming:
    return replace(base, kind=Kind.FOLLOW)


def _unfollow(_: Fields, base: Incoming) -> Incoming:
    return replace(base, kind=Kind.UNFOLLOW)


def _template_receipt(fields: Fields, base: Incoming) -> Incoming:
    return _receipt(base, fields.needed("MsgID"), fields.text("Status"))


def _notice_receipt(fields: Fields, base: Incoming) -> Incoming:
    item = fields.first("SubscribeMsgSentEvent", "List")
    return _receipt(base, item.needed("MsgID"), item.text("ErrorStatus"))


def _receipt(base: Incoming, platform_id: str, status: str) -> Incoming:
    extra = {**base.extra, "platform_id": platform_id, "status": status}
    message_id = f"r-{platform_id}"[:64]
    return replace(base, kind=Kind.RECEIPT, message_id=message_id, text=status, extra=extra)


_Reader = Callable[[Fields, Incoming], Incoming]

_MESSAGES: dict[str, _Reader] = {
    "text": _text,
    "image": _attached(MediaKind.IMAGE),
    "voice": _voice,
    "video": _attached(MediaKind.VIDEO),
    "shortvideo": _attached(MediaKind.VIDEO),
    "file": _attached(MediaKind.FILE),
    "location": location,
    "link": link,
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

"""A callback's XML → Incoming. What a message or an event means for us stands in two tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from xml.parsers.expat import ExpatError

import xmltodict

from bot.channels.elements import TOKEN, Fields, MalformedError, event_id, link, location, type_name
from bot.message import Incoming, Kind, Media, MediaKind

NAME = "wecom"
# A member's id; nothing in it can name several members, or all of them, when we write back.
_USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
_LEFT = ("2", "5")  # a member's status: disabled, has left


def parse(xml: str) -> Incoming:
    """The message in `xml`; unknown types come out as Kind.IGNORED. Raises MalformedError.

    The sender is in lower case: WeCom takes an id in any case and returns it in lower case.
    `extra` has `account` (the corp id), `agent` (the app's id, or empty), `type` (the platform's
    name of it), and for a tap on a card `task_id` and `response_code`, which may change the card
    once within 72 hours.
    """
    fields = _read(xml)
    kind, event = fields.needed("MsgType").lower(), fields.text("Event").lower()
    if kind == "event" and not event:
        raise MalformedError("<Event> is missing")
    base = Incoming(
        channel=NAME,
        sender=_userid(fields.needed("FromUserName")),
        message_id=_message_id(fields, event),
        kind=Kind.IGNORED,
        sent_at=fields.time("CreateTime"),
        extra={
            "account": fields.needed("ToUserName"),
            "agent": fields.text("AgentID")[:32],
            "type": type_name(f"event/{event}" if kind == "event" else kind),
        },
    )
    read = _EVENTS.get(event) if kind == "event" else _MESSAGES.get(kind)
    return read(fields, base) if read else base


def _read(xml: str) -> Fields:
    try:
        data = xmltodict.parse(xml)["xml"]
    except (KeyError, TypeError, ValueError, ExpatError) as error:
        raise MalformedError(f"not a message: {type(error).__name__}") from None
    if not isinstance(data, dict):
        raise MalformedError("not a message: no elements")
    return Fields(data)


def _userid(text: str) -> str:
    if not _USERID.fullmatch(text):
        raise MalformedError("the sender is not one member")
    return text.lower()


def _message_id(fields: Fields, event: str) -> str:
    """The platform's id of a message; for an event a digest of all that may tell two apart."""
    if not event and fields.text("MsgId"):
        return fields.text("MsgId")[:64]
    names = ("CreateTime", "EventKey", "TaskId", "ChangeType", "UserID")
    parts = [fields.text(name) for name in names]
    return event_id(fields.text("FromUserName").lower(), *parts, event)


def _text(fields: Fields, base: Incoming) -> Incoming:
    text = fields.text("Content")
    return replace(base, kind=Kind.TEXT, text=text) if text else base


def _attached(kind: MediaKind) -> Callable[[Fields, Incoming], Incoming]:
    def read(fields: Fields, base: Incoming) -> Incoming:
        media = Media(kind, fields.text("MediaId"))
        return replace(base, kind=Kind.MEDIA, media=media)

    return read


def _card(fields: Fields, base: Incoming) -> Incoming:
    """A tapped button; a key that is no token of ours is none of our cards."""
    token = fields.text("EventKey")
    if not TOKEN.fullmatch(token):
        return base
    extra = {
        **base.extra,
        "task_id": fields.text("TaskId")[:128],
        "response_code": fields.text("ResponseCode")[:512],
    }
    return replace(base, kind=Kind.CHOICE, token=token, extra=extra)


def _menu(fields: Fields, base: Incoming) -> Incoming:
    return replace(base, kind=Kind.MENU, token=fields.needed("EventKey"))


def _follow(_: Fields, base: Incoming) -> Incoming:
    return replace(base, kind=Kind.FOLLOW)


def _unfollow(_: Fields, base: Incoming) -> Incoming:
    return replace(base, kind=Kind.UNFOLLOW)


def _contact(fields: Fields, base: Incoming) -> Incoming:
    """The address book says that a member left or was disabled: that member is gone for us too."""
    change = fields.text("ChangeType")
    left = change == "delete_user" or (change == "update_user" and fields.text("Status") in _LEFT)
    if not left:
        return base
    return replace(base, kind=Kind.UNFOLLOW, sender=_userid(fields.needed("UserID")))


_Reader = Callable[[Fields, Incoming], Incoming]

_MESSAGES: dict[str, _Reader] = {
    "text": _text,
    "image": _attached(MediaKind.IMAGE),
    "voice": _attached(MediaKind.VOICE),
    "video": _attached(MediaKind.VIDEO),
    "location": location,
    "link": link,
}

# Opening the app (enter_agent) says nothing, and where somebody is (LOCATION) is not our business.
_EVENTS: dict[str, _Reader] = {
    "subscribe": _follow,
    "unsubscribe": _unfollow,
    "click": _menu,
    "template_card_event": _card,
    "change_contact": _contact,
}

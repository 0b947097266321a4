"""An update → Incoming."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.message import Incoming, Kind, Media, MediaKind
from bot.text import clean

NAME = "telegram"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_START = re.compile(r"/start(?:@\w+)?(?:\s+(\S+))?\s*", re.IGNORECASE)


def parse(update: Update, username: str, now: datetime) -> Incoming:
    """What the update says. Updates that nobody is to be answered for are Kind.IGNORED.

    `username` is the bot's, without @, '' while it is not known yet; in a group only messages that
    are addressed to the bot are read. The sender is the person, so that an answer goes to the
    person and never to a group; only where a group threw the bot out it is the group. `now` stands
    in where an update carries no time.
    """
    base = Incoming(NAME, "", str(update.update_id), Kind.IGNORED, now, extra={"type": "other"})
    if update.message:
        return _message(update.message, username, _named(base, "message"))
    if update.callback_query:
        return _tap(update.callback_query, _named(base, "callback_query"))
    if update.my_chat_member:
        return _membership(update.my_chat_member, _named(base, "my_chat_member"))
    if update.edited_message:  # it was acted on when it came; acting again would answer twice
        return _named(base, "edited_message")
    return base


def _named(base: Incoming, name: str) -> Incoming:
    return replace(base, extra={"type": name})


def _message(message: Message, username: str, base: Incoming) -> Incoming:
    if message.migrate_to_chat_id:  # the group has to be bound again: its id is another one now
        return _named(base, "migrate_to_chat_id")
    person = message.from_user
    if person is None or person.is_bot:
        return base
    base = replace(
        base,
        sender=str(person.id),
        sent_at=message.date,
        chat=_group(message.chat),
        extra={**base.extra, "language": person.language_code or ""},
    )
    if message.chat.type == ChatType.PRIVATE:
        return _content(message, clean(message.text or ""), base)
    said = _addressed(message, username)
    return base if said is None else _content(message, said, base)


def _addressed(message: Message, username: str) -> str | None:
    """The text of a group's message without the bot's name, None when it is not for the bot."""
    text = clean(message.text or message.caption or "")
    command = re.match(r"(/\w+)(?:@(\w+))?", text)
    if command and (command[2] or username).lower() == username.lower():
        return command[1] + text[command.end() :]
    mention = re.compile(rf"@{re.escape(username)}\b\s*", re.IGNORECASE)
    if username and not command and mention.search(text):
        return mention.sub("", text).strip()
    answered = message.reply_to_message
    author = answered.from_user.username if answered and answered.from_user else None
    is_for_us = bool(username and author) and str(author).lower() == username.lower()
    return text if is_for_us and not command else None


def _content(message: Message, text: str, base: Incoming) -> Incoming:
    media = _media(message)
    if media:
        return replace(base, kind=Kind.MEDIA, media=media)
    if message.contact:
        return replace(base, kind=Kind.TEXT, text=message.contact.phone_number)
    start = _START.fullmatch(text)
    if start:
        scene = start[1] or ""
        return replace(base, kind=Kind.SCAN if scene else Kind.FOLLOW, scene=scene)
    return replace(base, kind=Kind.TEXT, text=text) if text.strip() else base


def _media(message: Message) -> Media | None:
    if message.venue:  # also carries a location
        return _place(message, f"{message.venue.title}\n{message.venue.address}")
    if message.location:
        return _place(message, "")
    for kind, read in _FILES:
        found = read(message)
        if found:
            return Media(kind, found.file_id, _caption(message, found))
    return None


def _caption(message: Message, found: Any) -> str:
    name = getattr(found, "file_name", None) if message.document else None
    return clean("\n".join(filter(None, [name, message.caption])))


def _place(message: Message, caption: str) -> Media | None:
    place = message.location or (message.venue and message.venue.location)
    if not place:
        return None
    return Media(MediaKind.LOCATION, "", clean(caption), place.latitude, place.longitude)


def _tap(query: CallbackQuery, base: Incoming) -> Incoming:
    token = query.data or ""
    if query.from_user.is_bot or not _TOKEN.fullmatch(token):
        return base
    extra = {**base.extra, "language": query.from_user.language_code or "", "query": query.id}
    return replace(
        base,
        kind=Kind.CHOICE,
        sender=str(query.from_user.id),
        token=token,
        text=_label(query, token),
        chat=_group(query.message.chat) if query.message else "",
        extra=extra,
    )


def _label(query: CallbackQuery, token: str) -> str:
    """What stood on the tapped button; '' when Telegram no longer shows us the message."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    buttons = [button for row in markup.inline_keyboard for button in row] if markup else []
    return next((button.text for button in buttons if button.callback_data == token), "")


def _membership(change: ChatMemberUpdated, base: Incoming) -> Incoming:
    """Only leaving counts: who starts the bot says so by a message, a group by being bound."""
    status, group = change.new_chat_member.status, _group(change.chat)
    if status != ChatMemberStatus.BANNED and not (group and status == ChatMemberStatus.LEFT):
        return base
    if not group and change.chat.type != ChatType.PRIVATE:
        return base
    sender = group or str(change.from_user.id)
    return replace(base, kind=Kind.UNFOLLOW, sender=sender, sent_at=change.date, chat=group)


def _group(chat: Chat) -> str:
    """The id of a group chat, '' for any other kind of chat."""
    return str(chat.id) if chat.type in (ChatType.GROUP, ChatType.SUPERGROUP) else ""


def _image_document(message: Message) -> Any:
    document = message.document
    is_image = document and (document.mime_type or "").startswith("image/")
    return document if is_image and not message.animation else None


_FILES: tuple[tuple[MediaKind, Callable[[Message], Any]], ...] = (
    (MediaKind.IMAGE, lambda m: max(m.photo, key=lambda size: size.width, default=None)),
    (MediaKind.VOICE, lambda m: m.voice or m.audio),
    (MediaKind.VIDEO, lambda m: m.video or m.video_note or m.animation),
    (MediaKind.IMAGE, _image_document),
    (MediaKind.FILE, lambda m: m.document),
)

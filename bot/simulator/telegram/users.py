"""What a person does in Telegram, turned into updates."""

from __future__ import annotations

import secrets
from typing import Any

from bot.simulator.shelf import Item
from bot.simulator.telegram.bot import CHANNEL, Bot, Chat, Query
from bot.simulator.telegram.formatting import find_commands
from bot.simulator.telegram.updates import Updates
from bot.simulator.transcript import Choice, Entry


class Users:
    """Every method does one thing on the phone of `name`.

    It returns when the update was taken by the bot, or not taken at the first attempt.
    """

    def __init__(self, bot: Bot, updates: Updates) -> None:
        self._bot = bot
        self._updates = updates

    async def start(self, name: str, payload: str = "") -> None:
        """Presses Start, perhaps through a link `t.me/bot?start=payload`."""
        await self.say(name, f"/start {payload}".strip())

    async def say(self, name: str, text: str, deliveries: int = 1) -> None:
        entities = find_commands(text)
        body = {"text": text} | ({"entities": entities} if entities else {})
        await self._message(name, body, deliveries, text=text)

    async def press(self, name: str, entry: Entry, choice: Choice, deliveries: int = 1) -> None:
        """An inline button: a callback query. A reply keyboard's button says its words."""
        if choice.kind == "reply":
            await self.say(name, choice.label, deliveries)
            return
        chat = self._bot.person(name)
        pressed = self._bot.transcript.add(
            CHANNEL, name, "sent", kind="press", text=choice.label, state="sending"
        )
        query = callback_query(self._bot, chat, chat, entry, choice)
        await self._updates.push(chat, "callback_query", query, pressed, deliveries)

    async def send_photo(self, name: str, data: bytes, content_type: str, caption: str) -> None:
        item = self._bot.shelf.put(data, content_type, "photo.jpg")
        body: dict[str, Any] = {"photo": photo_sizes(item)}
        if caption:
            body["caption"] = caption
        await self._message(name, body, kind="image", media=item.key, text=caption)

    async def send_document(self, name: str, data: bytes, content_type: str, title: str) -> None:
        item = self._bot.shelf.put(data, content_type, title)
        await self._message(
            name, {"document": document(item)}, kind="file", media=item.key, text=title
        )

    async def send_voice(self, name: str, data: bytes) -> None:
        item = self._bot.shelf.put(data, "audio/ogg", "voice.oga")
        body = {"voice": _file(item) | {"duration": 3, "mime_type": item.content_type}}
        await self._message(name, body, kind="voice", media=item.key)

    async def send_location(self, name: str, latitude: float, longitude: float) -> None:
        body = {"location": {"latitude": latitude, "longitude": longitude}}
        await self._message(name, body, kind="location", text=f"{latitude:.5f}, {longitude:.5f}")

    async def block(self, name: str) -> None:
        await self._change_membership(name, "member", "kicked")

    async def unblock(self, name: str) -> None:
        await self._change_membership(name, "kicked", "member")

    async def _message(
        self, name: str, body: dict[str, Any], deliveries: int = 1, **shown: Any
    ) -> None:
        chat = self._bot.person(name)
        chat.started, chat.blocked = True, False
        message = {
            "message_id": chat.next_id(),
            "from": sender(chat),
            "chat": chat.shape(),
            "date": self._bot.clock.seconds(),
            **body,
        }
        chat.keep(message)
        entry = self._bot.transcript.add(
            CHANNEL, name, "sent", state="sending", message_id=str(message["message_id"]), **shown
        )
        await self._updates.push(chat, "message", message, entry, deliveries)

    async def _change_membership(self, name: str, before: str, after: str) -> None:
        chat = self._bot.person(name)
        chat.blocked = after == "kicked"
        self._bot.transcript.add(CHANNEL, name, "sent", kind="block", text=after)
        change = membership_change(self._bot, chat, chat, before, after)
        await self._updates.push(chat, "my_chat_member", change)


def sender(person: Chat) -> dict[str, Any]:
    """Who wrote, by the private chat with them."""
    return {"id": person.id, "is_bot": False, "first_name": person.name, "language_code": "zh-hans"}


def callback_query(
    bot: Bot, chat: Chat, person: Chat, entry: Entry, choice: Choice
) -> dict[str, Any]:
    """The person's tap on a message of the chat; the bot may answer it once."""
    query: dict[str, Any] = {
        "id": str(secrets.randbits(62)),
        "from": sender(person),
        "message": chat.messages[int(entry.message_id)],
        "chat_instance": str(chat.id * 7919),
        "data": choice.key,
    }
    bot.open_queries[query["id"]] = Query(chat, person.name)
    return query


def membership_change(
    bot: Bot, chat: Chat, person: Chat, before: str, after: str
) -> dict[str, Any]:
    """The person changed what the bot is in the chat: member, left or kicked."""

    def member(status: str) -> dict[str, Any]:
        extra = {"until_date": 0} if status == "kicked" else {}
        return {"user": bot.me(), "status": status, **extra}

    return {
        "chat": chat.shape(),
        "from": sender(person),
        "date": bot.clock.seconds(),
        "old_chat_member": member(before),
        "new_chat_member": member(after),
    }


def _file(item: Item) -> dict[str, Any]:
    return {
        "file_id": item.key,
        "file_unique_id": item.key[:16],
        "file_size": len(item.data),
    }


def photo_sizes(item: Item) -> list[dict[str, Any]]:
    """One size; the pixels are not looked at."""
    return [{**_file(item), "width": 800, "height": 600}]


def document(item: Item) -> dict[str, Any]:
    return {**_file(item), "file_name": item.name, "mime_type": item.content_type}

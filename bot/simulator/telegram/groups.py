"""What people do in a group of Telegram, turned into updates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.simulator.telegram.bot import CHANNEL, Bot, Chat
from bot.simulator.telegram.formatting import find_commands, find_mentions
from bot.simulator.telegram.updates import Updates
from bot.simulator.telegram.users import callback_query, membership_change, sender
from bot.simulator.transcript import Choice, Entry


class Groups:
    """Every method does one thing in the group called `title`, by one of its members.

    It returns when the update was taken by the bot, or not taken at the first attempt. Raises
    ValueError for somebody who is no member. The bot is in privacy mode: of what is said it gets
    only commands, its name, and answers to what it said.
    """

    def __init__(self, bot: Bot, updates: Updates) -> None:
        self._bot = bot
        self._updates = updates

    async def make(self, title: str, members: Sequence[str]) -> Chat:
        """The group with these members, and the bot, which the first of them added."""
        chat = self._bot.group(title)
        chat.members += [name for name in members if name not in chat.members]
        self._bot.transcript.announce("groups", {"groups": self._bot.groups()})
        if not chat.members:
            chat.started = True
        if not chat.started:
            await self._change_bot(chat, chat.members[0], "left", "member")
        return chat

    async def say(
        self, title: str, member: str, text: str, *, answering: bool = False, deliveries: int = 1
    ) -> None:
        """`answering`: as a reply to what the bot said last."""
        chat, person = self._who(title, member)
        entities = sorted(find_commands(text) + find_mentions(text), key=lambda e: int(e["offset"]))
        message: dict[str, Any] = {
            "message_id": chat.next_id(),
            "from": sender(person),
            "chat": chat.shape(),
            "date": self._bot.clock.seconds(),
            "text": text,
        }
        message |= {"entities": entities} if entities else {}
        answered = self._last_of_the_bot(chat) if answering else None
        message |= {"reply_to_message": answered} if answered else {}
        chat.keep(message)
        heard = chat.started and (answered is not None or self._is_for_the_bot(text))
        entry = self._bot.transcript.add(
            CHANNEL,
            title,
            "sent",
            text=text,
            member=member,
            message_id=str(message["message_id"]),
            state="sending" if heard else "delivered",
        )
        if heard:
            await self._updates.push(chat, "message", message, entry, deliveries)

    async def press(
        self, title: str, member: str, entry: Entry, choice: Choice, deliveries: int = 1
    ) -> None:
        """An inline button under a message of the bot; everybody in the group may."""
        chat, person = self._who(title, member)
        pressed = self._bot.transcript.add(
            CHANNEL,
            title,
            "sent",
            kind="press",
            text=choice.label,
            member=member,
            state="sending",
        )
        query = callback_query(self._bot, chat, person, entry, choice)
        await self._updates.push(chat, "callback_query", query, pressed, deliveries, lane=person.id)

    async def add_bot(self, title: str, member: str) -> None:
        chat, _ = self._who(title, member)
        await self._change_bot(chat, member, "left", "member")

    async def remove_bot(self, title: str, member: str) -> None:
        chat, _ = self._who(title, member)
        await self._change_bot(chat, member, "member", "kicked")

    async def upgrade(self, title: str, member: str) -> None:
        """The group becomes a supergroup, with another id; both chats say so."""
        old, person = self._who(title, member)
        new = self._bot.upgrade(old)
        for chat, news in (
            (old, {"migrate_to_chat_id": new.id}),
            (new, {"migrate_from_chat_id": old.id}),
        ):
            message = {
                "message_id": chat.next_id(),
                "from": sender(person),
                "chat": chat.shape(),
                "date": self._bot.clock.seconds(),
                **news,
            }
            await self._updates.push(chat, "message", message)

    async def _change_bot(self, chat: Chat, member: str, before: str, after: str) -> None:
        chat.started = after == "member"
        person = self._bot.person(member)
        self._bot.transcript.add(
            CHANNEL, chat.name, "notice", kind="membership", text=after, member=member
        )
        change = membership_change(self._bot, chat, person, before, after)
        await self._updates.push(chat, "my_chat_member", change)

    def _who(self, title: str, member: str) -> tuple[Chat, Chat]:
        chat = self._bot.group(title)
        if member not in chat.members:
            raise ValueError(f"{member} is not in {title}")
        return chat, self._bot.person(member)

    def _is_for_the_bot(self, text: str) -> bool:
        name = re.escape(self._bot.config.username)
        command = re.match(r"/\w+(?:@(\w+))?", text)
        if command:
            return re.fullmatch(name, command[1] or self._bot.config.username, re.I) is not None
        return re.search(rf"(?<!\w)@{name}\b", text, re.I) is not None

    def _last_of_the_bot(self, chat: Chat) -> dict[str, Any] | None:
        said = reversed(chat.messages.values())
        return next((message for message in said if message["from"]["is_bot"]), None)

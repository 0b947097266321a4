"""The bot: its chats, messages, files and set-up."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.simulator.clock import Clock
from bot.simulator.config import FakeTelegramConfig
from bot.simulator.people import People, new_chat_id, new_group_id, new_supergroup_id
from bot.simulator.shelf import Shelf
from bot.simulator.telegram.errors import ApiError, bad_request, too_many
from bot.simulator.transcript import Transcript

CHANNEL = "telegram"
KEPT = 400


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the person's) or a group. `messages` by message id.

    `started`: the bot may write there, in a group because it is a member. `members` are the names
    of a group's people, `moved_to` is the id of the supergroup that it has become.
    """

    id: int
    name: str
    kind: str = "private"
    started: bool = False
    blocked: bool = False
    last_id: int = 0
    members: list[str] = field(default_factory=list)
    moved_to: int = 0
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    sent_at: deque[datetime] = field(default_factory=lambda: deque(maxlen=64))

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def keep(self, message: dict[str, Any]) -> None:
        self.messages[message["message_id"]] = message
        while len(self.messages) > KEPT:
            del self.messages[next(iter(self.messages))]

    @property
    def is_private(self) -> bool:
        return self.kind == "private"

    def shape(self) -> dict[str, Any]:
        if self.is_private:
            return {"id": self.id, "type": "private", "first_name": self.name}
        return {"id": self.id, "type": self.kind, "title": self.name}


@dataclass(frozen=True, slots=True)
class Query:
    """A tap that waits for its answer: in which chat, and by whom."""

    chat: Chat
    member: str


@dataclass(slots=True)
class Webhook:
    """Where updates go; an empty url means that the bot polls."""

    url: str = ""
    secret_token: str = ""
    allowed_updates: list[str] = field(default_factory=list)
    max_connections: int = 40
    last_error: str = ""
    last_error_at: int = 0


class Bot:
    """Shared by the API, the updates and the phones."""

    def __init__(
        self, config: FakeTelegramConfig, clock: Clock, transcript: Transcript, shelf: Shelf
    ) -> None:
        self._sent_at: deque[datetime] = deque(maxlen=256)
        self.config = config
        self.clock = clock
        self.transcript = transcript
        self.shelf = shelf
        self.people = People()
        self.webhook = Webhook(config.webhook_url, config.secret_token)
        self.commands: list[dict[str, str]] = []
        self.open_queries: dict[str, Query] = {}
        self._chats: dict[int, Chat] = {}

    def person(self, name: str) -> Chat:
        """The private chat with the person of that name; a new phone on first use."""
        return self._chat(name, "private")

    def group(self, name: str) -> Chat:
        """The group of that name; an empty one, without the bot, on first use."""
        return self._chat(name, "group")

    def upgrade(self, group: Chat) -> Chat:
        """Makes a supergroup of it: another id; the old one leads nowhere from now on."""
        new = Chat(
            new_supergroup_id(), group.name, "supergroup", group.started, members=group.members
        )
        group.moved_to = new.id
        self.restore(new)
        return new

    def addressee(self, chat_id: str) -> Chat:
        """Who a message goes to. Raises 400 (nobody, moved), 403 (blocked, never started, out)."""
        try:
            chat = self._chats.get(int(chat_id))
        except ValueError:
            chat = None
        if chat is None:
            raise bad_request("chat not found")
        if chat.moved_to:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise ApiError(400, words, migrate_to_chat_id=chat.moved_to)
        if not chat.is_private and not chat.started:
            raise ApiError(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if not chat.started:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def count_message(self, chat: Chat) -> None:
        """Raises 429 when the chat gets too many: 20 a minute in a group, 1 a second alone; or when
        all together do: 30 a second.
        """
        now = self.clock.now()
        _require(self._sent_at, now, self.config.per_second, timedelta(seconds=1))
        if not chat.is_private:
            _require(chat.sent_at, now, self.config.group_per_minute, timedelta(minutes=1))
        elif self.config.private_per_second:
            _require(chat.sent_at, now, 1, timedelta(seconds=1))
        chat.sent_at.append(now)
        self._sent_at.append(now)

    def chats(self) -> list[Chat]:
        return list(self._chats.values())

    def groups(self) -> list[dict[str, Any]]:
        """The groups as the page lists them."""
        return [
            {"name": chat.name, "members": chat.members}
            for chat in self._chats.values()
            if not chat.is_private and not chat.moved_to
        ]

    def restore(self, chat: Chat) -> None:
        """Takes up a chat of an earlier run."""
        self._chats[chat.id] = chat
        self.people.give(chat.name, str(chat.id))

    def me(self) -> dict[str, Any]:
        return {
            "id": int(self.config.bot_token.split(":")[0]),
            "is_bot": True,
            "first_name": self.config.name,
            "username": self.config.username,
        }

    def _chat(self, name: str, kind: str) -> Chat:
        known = self.people.identity(name)
        if known is None:
            chat = Chat(new_chat_id() if kind == "private" else new_group_id(), name, kind)
            self.restore(chat)
            return chat
        return self._chats[int(known)]


def _require(sent_at: deque[datetime], now: datetime, limit: int, span: timedelta) -> None:
    """Raises 429 when `limit` messages have gone out within `span`. The clock may have been put back."""
    recent = [moment for moment in sent_at if now - span < moment <= now]
    if len(recent) >= limit:
        wait = recent[-limit] + span - now
        raise too_many(max(1, round(wait.total_seconds())))

"""A group of Telegram that a driver acts in."""

from __future__ import annotations

from bot.simulator.persons import Person
from bot.simulator.transcript import Entry


class GroupChat(Person):
    """A group, seen by all its members alike; `hears` waits for what the bot says in it.

    What a member does raises RefusedError for somebody who is no member.
    """

    channel = "telegram"

    async def text(self, member: str, words: str, *, deliveries: int = 1) -> None:
        """The bot gets it only when it is a command or carries the bot's name."""
        await self.does("say", member=member, text=words, deliveries=deliveries)

    async def answer(self, member: str, words: str) -> None:
        """As a reply to what the bot said last."""
        await self.does("say", member=member, text=words, answering=True)

    async def tap(self, member: str, label: str, *, deliveries: int = 1, wait: bool = True) -> None:
        """Taps the choice of that name in the newest message that has it."""
        await self.does("tap", member=member, label=label, deliveries=deliveries, wait=wait)

    async def history(self) -> list[Entry]:
        """Everything in the group, oldest first; a card that was revised as it reads now."""
        return await self.transcript()

    async def cards(self) -> list[Entry]:
        """What the bot said to all, oldest first."""
        return [
            entry
            for entry in await self.history()
            if entry.direction == "received" and not entry.member and entry.state != "deleted"
        ]

    async def alerts(self, member: str) -> list[str]:
        """What popped up for that member alone after taps, oldest first."""
        return [
            entry.text
            for entry in await self.history()
            if entry.kind in ("alert", "toast") and entry.member == member
        ]

    async def adds_bot(self, member: str) -> None:
        await self.does("add_bot", member=member)

    async def removes_bot(self, member: str) -> None:
        await self.does("remove_bot", member=member)

    async def upgrades(self, member: str) -> None:
        """It becomes a supergroup; its id changes."""
        await self.does("upgrade", member=member)

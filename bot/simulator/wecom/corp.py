"""The company and its app: members, tokens, cards, media."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.simulator.clock import Clock
from bot.simulator.config import FakeWeComConfig
from bot.simulator.people import People, new_userid
from bot.simulator.shelf import Item, Shelf
from bot.simulator.transcript import Transcript
from bot.simulator.wecom.cards import Cards
from bot.simulator.wecom.errors import RefusedError
from bot.simulator.wecom.tokens import Tokens

CHANNEL = "wecom"
MEDIA_LIFETIME = timedelta(days=3)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(slots=True)
class Member:
    """A person of the company; `employed`: the app may write to them.

    `dropped` counts the messages that were beyond the member's limits: accepted, never shown.
    """

    userid: str
    name: str
    employed: bool = True
    dropped: int = 0
    got: deque[datetime] = field(default_factory=deque)


class Corp:
    """Shared by the API, the callbacks and the phones. Ids are compared without regard to case."""

    def __init__(
        self, config: FakeWeComConfig, clock: Clock, transcript: Transcript, shelf: Shelf
    ) -> None:
        self.config = config
        self.clock = clock
        self.transcript = transcript
        self.shelf = shelf
        self.people = People()
        self.tokens = Tokens(clock)
        self.cards = Cards(clock)
        self._members: dict[str, Member] = {}

    def person(self, name: str) -> Member:
        """The member of that name; a new phone if nobody has it yet."""
        userid = self.people.identity(name)
        if userid is None:
            userid = new_userid()
            self.people.give(name, userid)
        return self._members.setdefault(userid.lower(), Member(userid, name))

    def member(self, userid: str) -> Member | None:
        """Whom the app may write to under that id; None: nobody."""
        member = self._members.get(userid.lower())
        return member if member and member.employed else None

    def members(self) -> list[Member]:
        return list(self._members.values())

    def admits(self, member: Member) -> bool:
        """Counts a message to the member; False: too many, it is dropped without a word."""
        now = self.clock.now()
        while member.got and member.got[0] <= now - HOUR:
            member.got.popleft()
        in_minute = sum(1 for moment in member.got if moment > now - MINUTE)
        if in_minute >= self.config.per_minute or len(member.got) >= self.config.per_hour:
            member.dropped += 1
            return False
        member.got.append(now)
        return True

    def media(self, key: object) -> Item:
        """A temporary media file of the last three days. Raises 41006, 40007."""
        if not key:
            raise RefusedError(41006)
        item = self.shelf.get(str(key))
        if item is None or item.at + MEDIA_LIFETIME <= self.clock.now():
            raise RefusedError(40007)
        return item

"""The official account itself: followers, tokens, codes, media, the fixed menu."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from bot.simulator.clock import Clock
from bot.simulator.config import FakeWeChatConfig
from bot.simulator.people import People, new_openid
from bot.simulator.shelf import Item, Shelf
from bot.simulator.transcript import Transcript
from bot.simulator.wechat.errors import PlatformError
from bot.simulator.wechat.tickets import Tickets
from bot.simulator.wechat.tokens import Tokens
from bot.simulator.wechat.windows import Windows

MEDIA_LIFETIME = timedelta(days=3)
CHANNEL = "wechat"
FIXED_MENU = [
    {"type": "click", "name": "评价", "key": "rate"},
    {"type": "click", "name": "投诉", "key": "complain"},
    {"type": "click", "name": "我的", "key": "mine"},
]


@dataclass(slots=True)
class Follower:
    """A person as the account knows them. `notices`: notices still allowed, by template."""

    openid: str
    name: str
    subscribed: bool = False
    since: datetime | None = None
    scene: str = ""
    windows: Windows = field(default_factory=Windows)
    notices: Counter[str] = field(default_factory=Counter)


class Account:
    """Shared by the API, the callbacks and the phones."""

    def __init__(
        self, config: FakeWeChatConfig, clock: Clock, transcript: Transcript, shelf: Shelf
    ) -> None:
        self.config = config
        self.clock = clock
        self.transcript = transcript
        self.shelf = shelf
        self.people = People()
        self.tokens = Tokens(clock)
        self.tickets = Tickets(clock)
        self.base_url = ""
        self.menu: list[dict[str, Any]] = list(FIXED_MENU)
        self._followers: dict[str, Follower] = {}
        self._calls: Counter[tuple[str, str]] = Counter()

    def person(self, name: str) -> Follower:
        """The person of that name; a new phone if nobody has it yet."""
        openid = self.people.identity(name)
        if openid is None:
            openid = new_openid()
            self.people.give(name, openid)
        return self._followers.setdefault(openid, Follower(openid, name))

    def addressee(self, openid: object) -> Follower:
        """Who a message goes to. Raises 40003 (nobody's id) or 43004 (not following)."""
        follower = self._followers.get(str(openid))
        if follower is None:
            raise PlatformError(40003)
        if not follower.subscribed:
            raise PlatformError(43004)
        return follower

    def known(self, openid: object) -> Follower:
        """Like `addressee`, following or not."""
        follower = self._followers.get(str(openid))
        if follower is None:
            raise PlatformError(40003)
        return follower

    def followers(self) -> list[Follower]:
        return list(self._followers.values())

    def media(self, key: object) -> Item:
        """A temporary media file of the last three days. Raises 41006, 40007."""
        if not key:
            raise PlatformError(41006)
        item = self.shelf.get(str(key))
        if item is None or item.at + MEDIA_LIFETIME <= self.clock.now():
            raise PlatformError(40007)
        return item

    def media_url(self, key: str) -> str:
        """Where a picture can be seen without a token (PicUrl)."""
        return f"{self.base_url}/control/media/{quote(key)}"

    def count_call(self, path: str) -> None:
        """Counts one API call. Raises 45009 beyond the day's, 45011 beyond the minute's."""
        now = self.clock.now()
        for limits, span, code in (
            (self.config.daily_calls, now.strftime("%Y-%m-%d"), 45009),
            (self.config.calls_per_minute, now.strftime("%Y-%m-%d %H:%M"), 45011),
        ):
            if path not in limits:
                continue
            self._calls[path, span] += 1
            if self._calls[path, span] > limits[path]:
                raise PlatformError(code)

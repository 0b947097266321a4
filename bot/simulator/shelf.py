"""Pictures, voices and files that passed through the platforms."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from bot.simulator.clock import Clock

KEPT = 300


@dataclass(frozen=True, slots=True)
class Item:
    """A stored file, under a key that cannot be guessed."""

    key: str
    content_type: str
    data: bytes
    at: datetime
    name: str = ""


class Shelf:
    """The newest files; older ones fall off the end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._items: OrderedDict[str, Item] = OrderedDict()

    def put(self, data: bytes, content_type: str, name: str = "") -> Item:
        item = Item(secrets.token_urlsafe(36), content_type, data, self._clock.now(), name)
        self._items[item.key] = item
        while len(self._items) > KEPT:
            self._items.popitem(last=False)
        return item

    def get(self, key: str) -> Item | None:
        return self._items.get(key)

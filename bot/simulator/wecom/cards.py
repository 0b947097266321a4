"""Interactive cards that were sent, and the codes that may change each of them once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.simulator.clock import Clock
from bot.simulator.wecom.errors import RefusedError

CODE_LIFETIME = timedelta(hours=72)


@dataclass(slots=True)
class Card:
    """A card on the phones of `names`; their transcripts know it by the `task_id` it was sent with."""

    task_id: str
    names: list[str]


@dataclass(slots=True)
class _Code:
    card: Card
    at: datetime
    used: bool = False


class Cards:
    """Remembers the task ids that were used, and the codes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._cards: dict[str, Card] = {}
        self._codes: dict[str, _Code] = {}

    def add(self, task_id: str, names: list[str]) -> Card:
        """A new card. Raises 40058 for a task id that another card has or had."""
        self._claim(task_id)
        card = self._cards[task_id] = Card(task_id, names)
        return card

    def replace(self, card: Card, task_id: str) -> None:
        """Another card of that task id takes the card's place. Raises 40058 like `add`."""
        if task_id not in ("", card.task_id):
            self._claim(task_id)
            self._cards[task_id] = card

    def on(self, task_id: str, name: str) -> Card:
        """The card of that task id on the phone of `name`."""
        return self._cards.setdefault(task_id, Card(task_id, [name]))

    def give_code(self, card: Card) -> str:
        """A code that changes the card once, within 72 hours."""
        code = secrets.token_urlsafe(48)
        self._codes[code] = _Code(card, self._clock.now())
        return code

    def usable(self, code: object) -> Card:
        """The card that the code may change. Raises 40058: unknown, used, or too old."""
        found = self._codes.get(str(code))
        if found is None or found.used or found.at + CODE_LIFETIME <= self._clock.now():
            raise RefusedError(40058, "response_code")
        return found.card

    def use(self, code: object) -> None:
        self._codes[str(code)].used = True

    def dump(self) -> dict[str, Any]:
        names = {task_id: card.names for task_id, card in self._cards.items()}
        codes = [
            [code, found.card.task_id, found.at.isoformat()]
            for code, found in self._codes.items()
            if not found.used
        ]
        return {"cards": names, "codes": codes}

    def load(self, dumped: dict[str, Any]) -> None:
        for task_id, names in dumped["cards"].items():
            self._cards[task_id] = Card(task_id, list(names))
        for code, task_id, at in dumped["codes"]:
            self._codes[code] = _Code(self._cards[task_id], datetime.fromisoformat(at))

    def _claim(self, task_id: str) -> None:
        if task_id in self._cards:
            raise RefusedError(40058, "task_id was used before")

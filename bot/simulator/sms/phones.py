"""What people do on their phones with text messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.simulator.posted import Answer
from bot.simulator.sms.carrier import Carrier

type Uplink = Callable[[str, str, int], Awaitable[list[Answer]]]


class Phones:
    """What is written goes where our number is looked after: `carrier.config.through`."""

    def __init__(self, carrier: Carrier, uplinks: Mapping[str, Uplink]) -> None:
        self._carrier = carrier
        self._uplinks = uplinks

    async def say(self, name: str, text: str, deliveries: int = 1) -> list[Answer]:
        """`deliveries` > 1: what is written reaches us that often."""
        return await self._uplinks[self._carrier.config.through](name, text, deliveries)

    def has(self, name: str, number: str) -> None:
        """Gives the phone this number: digits of E.164."""
        self._carrier.phone(name, number)

    def switch(self, name: str, *, on: bool) -> None:
        self._carrier.phone(name).on = on

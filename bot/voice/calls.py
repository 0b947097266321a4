"""What a vendor of calls must be able to do, and what it reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from actions.callbacks.voice import Due


@dataclass(frozen=True, slots=True)
class VoiceConfig:
    """A vendor: where it is, our key there, the number that people see, the approved template."""

    url: str
    key_id: str
    key_secret: str
    show_number: str
    template: str
    callback_secret: str


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a call of ours: `id` is ours, `keys` what was pressed, in order."""

    id: str
    answered: bool
    keys: str = ""


class VoiceCalls(Protocol):
    """A vendor. Errors are `bot.channels.base.TransportError`."""

    name: str

    async def place(self, call: Due) -> str:
        """Has the number called and the question asked; the vendor's id of the call."""
        ...

    def reports(self, headers: Mapping[str, str], raw: bytes) -> list[Report]:
        """What a callback says. Raises PermissionError unless the vendor signed it just now,
        ValueError for what cannot be read."""
        ...

    async def close(self) -> None: ...

"""The driver's own log: what people did on their phones, and what they then saw."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Said:
    """One thing that one person did. Times are of time.monotonic, in seconds.

    `taken`: whether the platform got its acknowledgement; None where it goes on trying by itself
    until it does (Telegram). `seen`: when anything came back to the phone; `answered`: when more
    came than the word that the message is kept. `wanted`: whether an answer was waited for.
    """

    channel: str
    person: str
    verb: str
    text: str
    posted: float
    taken: bool | None = None
    seen: float | None = None
    answered: float | None = None
    answer: str = ""

    def silence(self, ended: float) -> float:
        """How long the person saw nothing at all."""
        return (self.seen if self.seen is not None else ended) - self.posted


@dataclass(slots=True)
class Log:
    """All that was said, in order. `gave_up`: dialogues that did not come to their end."""

    said: list[Said] = field(default_factory=list)
    finished: int = 0
    gave_up: int = 0
    ended: float = 0.0

    def of(self, channel: str, person: str) -> list[Said]:
        return [one for one in self.said if (one.channel, one.person) == (channel, person)]

    @property
    def people(self) -> list[tuple[str, str]]:
        return list(dict.fromkeys((one.channel, one.person) for one in self.said))
